//! A call of a module, with everything that was found out about it.

use std::cell::OnceCell;
use std::sync::Arc;

use super::module::Module;
use crate::observed::{Address, Key, Place, Value};
use crate::syntax::Name;

/// A module as it is called in one place. What it is asked for is evaluated once and kept.
pub(crate) struct Frame {
    /// Its number; the root module is 0.
    pub(crate) number: usize,
    pub(crate) module: Arc<Module>,
    /// Who calls it: the number of the frame, and of the call in its module.
    pub(crate) caller: Option<Caller>,
    /// `module.vpc`, empty for the root module.
    pub(crate) path: Name,
    /// How many modules call each other down to this one.
    pub(crate) depth: usize,
    pub(crate) variables: Vec<OnceCell<Value>>,
    pub(crate) locals: Vec<OnceCell<Value>>,
    pub(crate) outputs: Vec<OnceCell<Value>>,
    pub(crate) calls: Vec<OnceCell<usize>>,
    pub(crate) resources: Vec<OnceCell<Expanded>>,
}

/// Where a module is called.
pub(crate) struct Caller {
    pub(crate) frame: usize,
    pub(crate) name: Name,
    /// Where the call stands.
    pub(crate) place: Place,
}

/// The instances of a block.
pub(crate) struct Expanded {
    /// What a reference to the block stands for: the instance, a list or a map of them.
    pub(crate) value: Value,
    pub(crate) instances: Vec<One>,
}

/// One instance, before its arguments are evaluated.
pub(crate) struct One {
    pub(crate) address: Address,
    pub(crate) key: Key,
    /// `each.key` and `each.value`, or `count.index`.
    pub(crate) each: Each,
    pub(crate) place: Place,
}

/// What an instance is one of.
pub(crate) enum Each {
    Nothing,
    Count(Value),
    Entry { key: Value, value: Value },
}

impl Frame {
    pub(crate) fn new(
        number: usize,
        module: Arc<Module>,
        path: Name,
        depth: usize,
        caller: Option<Caller>,
    ) -> Self {
        fn cells<T>(count: usize) -> Vec<OnceCell<T>> {
            std::iter::repeat_with(OnceCell::new).take(count).collect()
        }
        Self {
            number,
            caller,
            path,
            depth,
            variables: cells(module.variables.len()),
            locals: cells(module.locals.len()),
            outputs: cells(module.outputs.len()),
            calls: cells(module.calls.len()),
            resources: cells(module.resources.len()),
            module,
        }
    }
}

/// What names mean besides those of the module: a `for`, `each`, the iterator of a `dynamic` block.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'s> {
    pub(crate) name: &'s str,
    pub(crate) bound: Bound<'s>,
    pub(crate) outer: Option<&'s Binding<'s>>,
}

#[derive(Clone, Copy)]
pub(crate) enum Bound<'s> {
    Value(&'s Value),
    /// `name.key` and `name.value`
    Iterator {
        key: &'s Value,
        value: &'s Value,
    },
    /// `count.index`
    Count(&'s Value),
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct At<'s> {
    pub(crate) frame: &'s Frame,
    pub(crate) file: &'s Name,
    pub(crate) names: Option<&'s Binding<'s>>,
    /// The row that is being worked on: maps that are made here come from it.
    pub(crate) row: Option<&'s Place>,
}

impl<'s> At<'s> {
    /// Outside of any `for`.
    pub(crate) fn top(frame: &'s Frame, file: &'s Name) -> Self {
        Self { frame, file, names: None, row: None }
    }

    /// With one more name.
    pub(crate) fn with<'t>(&self, binding: &'t Binding<'t>) -> At<'t>
    where
        's: 't,
    {
        At { frame: self.frame, file: self.file, names: Some(binding), row: self.row }
    }
}

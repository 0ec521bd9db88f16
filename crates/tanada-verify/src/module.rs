//! Directories of a tree as Terraform modules, parsed once and only when something refers to them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use crate::ReadError;

/// The `.tf` files of one directory.
pub(crate) struct Module {
    /// The directory, relative to the tree, without a trailing slash.
    pub(crate) directory: String,
    files: Vec<ParsedFile>,
}

struct ParsedFile {
    path: String,
    text: String,
    body: Body,
}

/// An expression and the file in which it stands.
#[derive(Clone, Copy)]
pub(crate) struct Located<'a> {
    pub(crate) expression: &'a Expression,
    file: &'a ParsedFile,
}

/// A block and the file in which it stands.
#[derive(Clone, Copy)]
pub(crate) struct LocatedBlock<'a> {
    block: &'a Block,
    file: &'a ParsedFile,
}

/// All modules of a tree.
pub(crate) struct Modules<'a> {
    files: &'a BTreeMap<String, String>,
    parsed: RefCell<BTreeMap<String, Rc<Module>>>,
}

impl<'a> Modules<'a> {
    pub(crate) fn new(files: &'a BTreeMap<String, String>) -> Self {
        Self { files, parsed: RefCell::default() }
    }

    /// The module in a directory.
    pub(crate) fn get(&self, directory: &str) -> Result<Rc<Module>, ReadError> {
        if let Some(module) = self.parsed.borrow().get(directory) {
            return Ok(Rc::clone(module));
        }
        let module = Rc::new(Module::parse(directory, self.files)?);
        self.parsed.borrow_mut().insert(directory.to_owned(), Rc::clone(&module));
        Ok(module)
    }

    /// Directories that hold a `.tf` file and match `prefix/*` with the given number of further levels.
    pub(crate) fn directories(&self, prefix: &str, levels: usize) -> Vec<String> {
        let mut found: Vec<String> = self
            .files
            .range(format!("{prefix}/")..)
            .map_while(|(path, _)| path.strip_prefix(prefix).map(|rest| (path, rest)))
            .filter(|(path, rest)| path.ends_with(".tf") && rest.matches('/').count() == levels + 1)
            .filter_map(|(path, _)| path.rsplit_once('/').map(|(directory, _)| directory.to_owned()))
            .collect();
        found.dedup();
        found
    }
}

impl Module {
    fn parse(directory: &str, files: &BTreeMap<String, String>) -> Result<Self, ReadError> {
        let prefix = format!("{directory}/");
        let mut parsed = Vec::new();
        for (path, text) in files.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix)) {
            let name = path.strip_prefix(&prefix).unwrap_or_default();
            if name.contains('/') || !name.ends_with(".tf") {
                continue;
            }
            let body = hcl_edit::parser::parse_body(text).map_err(|error| ReadError {
                path: path.clone(),
                line: error.location().line(),
                message: error.message().to_owned(),
            })?;
            parsed.push(ParsedFile { path: path.clone(), text: text.clone(), body });
        }
        if parsed.is_empty() {
            return Err(ReadError::file(directory, "there is no module here"));
        }
        Ok(Self { directory: directory.to_owned(), files: parsed })
    }

    /// The block `kind "label"`.
    pub(crate) fn block(&self, kind: &'static str, label: &str) -> Option<LocatedBlock<'_>> {
        let is_it = |block: &Block| {
            block.ident.as_str() == kind && matches!(block.labels.as_slice(), [own] if own.as_str() == label)
        };
        self.blocks(kind).find(|located| is_it(located.block))
    }

    /// Every block of a kind.
    pub(crate) fn blocks(&self, kind: &'static str) -> impl Iterator<Item = LocatedBlock<'_>> {
        self.files
            .iter()
            .flat_map(move |file| file.body.get_blocks(kind).map(move |block| LocatedBlock { block, file }))
    }

    /// An attribute of the module's `locals`.
    pub(crate) fn local(&self, name: &str) -> Option<Located<'_>> {
        self.blocks("locals").find_map(|block| block.attribute(name))
    }

    /// The directory that a module call leads to.
    pub(crate) fn called(&self, name: &str) -> Result<String, ReadError> {
        let missing =
            || ReadError::file(&self.directory, format!("no `module \"{name}\"` with a `source` here"));
        let source =
            self.block("module", name).and_then(|block| block.attribute("source")).ok_or_else(missing)?;
        let text = source.expression.as_str().ok_or_else(|| source.error("a `source` is a text"))?;
        join(&self.directory, text).ok_or_else(|| source.error(format!("`{text}` leads out of the tree")))
    }
}

impl<'a> LocatedBlock<'a> {
    /// An attribute of the block.
    pub(crate) fn attribute(self, name: &str) -> Option<Located<'a>> {
        let attribute = self.block.body.get_attribute(name)?;
        Some(Located { expression: &attribute.value, file: self.file })
    }

    /// A block inside it.
    pub(crate) fn child(self, kind: &str) -> Option<Self> {
        let block = self
            .block
            .body
            .iter()
            .filter_map(|item| item.as_block())
            .find(|block| block.ident.as_str() == kind)?;
        Some(LocatedBlock { block, file: self.file })
    }
}

impl<'a> Located<'a> {
    /// A part of this expression.
    pub(crate) fn part(self, expression: &'a Expression) -> Self {
        Self { expression, file: self.file }
    }

    /// An error at this expression.
    pub(crate) fn error(self, message: impl Into<String>) -> ReadError {
        let start = self.expression.span().map_or(0, |Range { start, .. }| start);
        let before = self.file.text.get(..start).unwrap_or_default();
        ReadError {
            path: self.file.path.clone(),
            line: before.matches('\n').count() + 1,
            message: message.into(),
        }
    }
}

/// `directory` followed by a relative `path`; `None` when that leaves the tree.
fn join(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

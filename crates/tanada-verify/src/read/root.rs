//! One root, evaluated: frames, limits, and the walk over everything that is declared.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::added;
use super::frame::{At, Caller, Frame};
use super::module::{Call, Module};
use crate::ReadError;
use crate::observed::{Address, Data, Instance, Map, Place, Root, Value};
use crate::syntax::Name;

/// How deep values may refer to each other, counted in expressions.
const DEEPEST: usize = 100;

/// How many modules may call each other in a row.
const DEEPEST_MODULES: usize = 8;

/// How many expressions and elements a root may take; the largest real ones take some ten thousand.
const BUDGET: usize = 5_000_000;

/// Where an instance was declared: frame, block and position.
type Location = (usize, usize, usize);

/// The evaluation of one root.
pub(crate) struct Evaluation<'r> {
    reader: &'r Reader<'r>,
    frames: RefCell<Vec<Rc<Frame>>>,
    located: RefCell<BTreeMap<Address, Location>>,
    depth: Cell<usize>,
    budget: Cell<usize>,
    nothing: Name,
    id: Name,
}

impl<'r> Evaluation<'r> {
    pub(super) fn new(reader: &'r Reader<'r>, module: Arc<Module>) -> Self {
        let root = Frame::new(0, module, "".into(), 0, None);
        Self {
            reader,
            frames: RefCell::new(vec![Rc::new(root)]),
            located: RefCell::default(),
            depth: Cell::new(0),
            budget: Cell::new(BUDGET),
            nothing: "".into(),
            id: "id".into(),
        }
    }

    /// The frame of a number that was given out.
    pub(super) fn frame(&self, number: usize) -> Rc<Frame> {
        let frames = self.frames.borrow();
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers of frames are indexes, and frames are never removed"
        )]
        Rc::clone(&frames[number])
    }

    /// The frame of a module that is called.
    pub(super) fn called(&self, frame: &Frame, name: &str) -> Result<Rc<Frame>, Uncalled> {
        let (number, call) =
            frame.module.calls.get(name).ok_or_else(|| Uncalled::Missing(name.to_owned()))?;
        let Some(cell) = frame.calls.get(number) else { return Err(Uncalled::Missing(name.to_owned())) };
        if let Some(known) = cell.get() {
            return Ok(self.frame(*known));
        }
        let Call { directory, place, .. } = call;
        let at = |message: String| Uncalled::Wrong(ReadError::at(place.file(), place.line(), message));
        if frame.depth == DEEPEST_MODULES {
            return Err(at(format!("more than {DEEPEST_MODULES} modules call each other")));
        }
        let module = self.reader.module(directory).map_err(|errors| {
            errors
                .into_iter()
                .next()
                .map_or_else(|| at(format!("`{directory}` cannot be read")), Uncalled::Wrong)
        })?;
        let unknown = call.arguments.iter().find(|(name, _)| module.variables.get(name).is_none());
        if let Some((argument, expr)) = unknown {
            let message = format!("`{directory}` has no variable `{argument}`");
            return Err(Uncalled::Wrong(ReadError::at(place.file(), expr.line, message)));
        }
        let dot = if frame.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}module.{name}", frame.path);
        let caller = Caller { frame: frame.number, name: name.into(), place: place.clone() };
        let number = self.frames.borrow().len();
        let called = Rc::new(Frame::new(number, module, path.into(), frame.depth + 1, Some(caller)));
        self.frames.borrow_mut().push(Rc::clone(&called));
        let _ = cell.set(number);
        Ok(called)
    }

    /// Keeps where an instance was declared.
    pub(super) fn remember(&self, address: &Address, location: Location) {
        self.located.borrow_mut().insert(address.clone(), location);
    }

    pub(super) fn recall(&self, address: &Address) -> Option<Location> {
        self.located.borrow().get(address).copied()
    }

    /// The empty name, shared.
    pub(super) fn nothing(&self) -> Name {
        self.nothing.clone()
    }

    /// The name of an attribute.
    pub(super) fn share(&self, name: &str) -> Name {
        if name == "id" { self.id.clone() } else { name.into() }
    }

    /// One expression further in.
    pub(super) fn step(&self, at: At<'_>, line: u32) -> Result<(), ReadError> {
        if self.depth.get() == DEEPEST {
            return Err(self.error(at, line, "references go round in a circle, or far too deep"));
        }
        self.spend(at, line, 1)?;
        self.depth.set(self.depth.get() + 1);
        Ok(())
    }

    /// Out again.
    pub(super) fn step_out(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Counts work.
    pub(super) fn spend(&self, at: At<'_>, line: u32, work: usize) -> Result<(), ReadError> {
        match self.budget.get().checked_sub(work) {
            Some(rest) => {
                self.budget.set(rest);
                Ok(())
            }
            None => Err(self.error(at, line, "this root is too large to be evaluated")),
        }
    }

    /// Counts all elements of a value, however often they are shared.
    pub(super) fn spend_all(&self, at: At<'_>, line: u32, value: &Value) -> Result<(), ReadError> {
        if weigh(value, &self.budget) {
            Ok(())
        } else {
            Err(self.error(at, line, "this root is too large to be evaluated"))
        }
    }

    #[expect(clippy::unused_self, reason = "called where everything else is a method, too")]
    pub(super) fn error(&self, at: At<'_>, line: u32, message: impl Into<String>) -> ReadError {
        ReadError::at(&**at.file, line, message)
    }

    /// Everything that the root holds, and everything that is wrong with it.
    pub(super) fn root(&self, directory: &str) -> (Root, Vec<ReadError>) {
        let frame = self.frame(0);
        let module = &frame.module;
        let mut errors = Vec::new();
        let mut root = Root {
            directory: directory.into(),
            backend: None,
            providers: BTreeMap::new(),
            variables: module.variables.iter().map(|(name, _)| name.clone()).collect(),
            instances: BTreeMap::new(),
            data: BTreeMap::new(),
            outputs: Map::default(),
            moved: Vec::new(),
            removed: Vec::new(),
            imports: Vec::new(),
            unread: Vec::new(),
            added: added::texts(&module.added),
        };
        self.settings(&frame, &mut root, &mut errors);
        self.gather(&frame, &mut root, &mut errors);
        for (name, located) in module.outputs.iter() {
            match self.value(At::top(&frame, &located.file), &located.expr) {
                Ok(value) => drop(root.outputs.insert(name.clone(), value)),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            self.weigh(&root, &mut errors);
        }
        errors.extend(module.unread.iter().cloned());
        let (unread, errors) = added::unread(&module.added, errors);
        root.unread = unread;
        root.unread.sort();
        (root, errors)
    }

    /// The instances of a module and of those that it calls.
    fn gather(&self, frame: &Frame, root: &mut Root, errors: &mut Vec<ReadError>) {
        for (number, resource) in frame.module.resources.iter().enumerate() {
            let provider = self.provider(frame, &resource.provider, &resource.place);
            let expanded =
                provider.and_then(|provider| Ok((provider, self.expanded(frame, number, resource)?)));
            let (provider, expanded) = match expanded {
                Ok(found) => found,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            for one in &expanded.instances {
                match self.attributes(frame, resource, one) {
                    Err(error) => errors.push(error),
                    Ok(attributes) => {
                        let instance = Instance {
                            address: one.address.clone(),
                            module: frame.path.clone(),
                            type_name: resource.type_name.clone(),
                            name: resource.name.clone(),
                            key: one.key.clone(),
                            provider: provider.clone(),
                            attributes,
                            place: one.place.clone(),
                            block: resource.place.clone(),
                        };
                        let all = if resource.managed { &mut root.instances } else { &mut root.data };
                        all.insert(one.address.clone(), instance);
                    }
                }
            }
        }
        for (name, call) in frame.module.calls.iter() {
            let mut wrong = Vec::new();
            self.gather_call(frame, name, call, root, &mut wrong);
            // What people call is theirs: that it is not understood is said of the call.
            match wrong.first() {
                Some(first) if frame.module.is_added(call.place.file()) => {
                    errors.push(ReadError::at(call.place.file(), call.place.line(), first.to_string()));
                }
                Some(_) | None => errors.extend(wrong),
            }
        }
    }

    /// The instances of a module that is called.
    fn gather_call(
        &self,
        frame: &Frame,
        name: &str,
        call: &Call,
        root: &mut Root,
        errors: &mut Vec<ReadError>,
    ) {
        let called = self.called(frame, name).map_err(|error| error.at(&call.place));
        match called {
            Ok(called) => {
                let module = &called.module;
                let declares =
                    [module.moved.is_empty(), module.removed.is_empty(), module.imports.is_empty()];
                if declares.contains(&false) || module.backend.is_some() || !module.providers.is_empty() {
                    let message =
                        "only a root may have `moved`, `removed`, `import`, `provider` and `backend`";
                    errors.push(ReadError::file(module.directory.clone(), message));
                }
                // Also those that nothing uses: Terraform refuses the call without them.
                let at = At::top(&called, call.place.shared_file());
                let variables = module.variables.iter();
                errors.extend(
                    variables.filter_map(|(name, _)| self.variable(at, name, call.place.line()).err()),
                );
                self.gather(&called, root, errors);
            }
            Err(error) => errors.push(error),
        }
    }

    /// Fails when values share so much that whoever walks over them would never come back.
    fn weigh(&self, root: &Root, errors: &mut Vec<ReadError>) {
        let instances =
            root.instances.values().chain(root.data.values()).map(|one| (&one.attributes, &one.place));
        let providers = root.providers.values().map(|one| (&one.settings, &one.place));
        for (map, place) in instances.chain(providers) {
            let heavy = map.iter().any(|(_, value)| !weigh(value, &self.budget));
            if heavy {
                errors.push(ReadError::at(
                    place.file(),
                    place.line(),
                    "this root is too large to be evaluated",
                ));
                return;
            }
        }
        if root.outputs.iter().any(|(_, value)| !weigh(value, &self.budget)) {
            errors.push(ReadError::file(&*root.directory, "this root is too large to be evaluated"));
        }
    }
}

/// Takes the size of a value from the budget; `false` when it is not enough.
fn weigh(value: &Value, budget: &Cell<usize>) -> bool {
    let Some(rest) = budget.get().checked_sub(1) else { return false };
    budget.set(rest);
    match &value.data {
        Data::List(items) | Data::Set(items) => items.iter().all(|item| weigh(item, budget)),
        Data::Map(map) => map.iter().all(|(_, item)| weigh(item, budget)),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Reference(_) | Data::Unknown => {
            true
        }
    }
}

/// Why a called module has no frame.
pub(super) enum Uncalled {
    Missing(String),
    Wrong(ReadError),
}

impl Uncalled {
    /// The error; what is missing is missing at a line.
    pub(super) fn or_at(self, at: At<'_>, line: u32) -> ReadError {
        self.at(&Place::new(at.file.clone(), line))
    }

    fn at(self, place: &Place) -> ReadError {
        match self {
            Self::Missing(name) => {
                ReadError::at(place.file(), place.line(), format!("there is no module `{name}` here"))
            }
            Self::Wrong(error) => error,
        }
    }
}

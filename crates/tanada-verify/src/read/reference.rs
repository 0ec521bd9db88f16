//! What names stand for, and steps into values.

use std::sync::Arc;

use super::evaluate::Evaluated;
use super::frame::{At, Bound, Frame};
use super::root::Evaluation;
use crate::ReadError;
use crate::observed::{Data, Key, Map, Place, Reference, Target, Value};
use crate::syntax::Step;

impl Evaluation<'_> {
    /// The value of a reference.
    pub(super) fn reference(&self, at: At<'_>, name: &str, steps: &[Step], line: u32) -> Evaluated {
        let mut binding = at.names;
        while let Some(own) = binding {
            if own.name == name {
                return self.bound(at, own.bound, name, steps, line);
            }
            binding = own.outer;
        }
        let wrong = |message: &str| Err(self.error(at, line, message));
        if let ("local" | "var" | "module", Some(Step::Name(first))) = (name, steps.first())
            && at.frame.module.is_opaque(name, first)
        {
            return Ok(self.unknown(at, line));
        }
        match (name, steps) {
            ("local", [Step::Name(name), rest @ ..]) => {
                let value = self.local(at, name, line)?;
                self.walk(at, value, rest, line)
            }
            ("var", [Step::Name(name), rest @ ..]) => {
                let value = self.variable(at, name, line)?;
                self.walk(at, value, rest, line)
            }
            ("module", [Step::Name(call), Step::Name(output), rest @ ..]) => {
                let frame = self.called(at.frame, call).map_err(|error| error.or_at(at, line))?;
                let value = self.output(at, &frame, output, line)?;
                self.walk(at, &value, rest, line)
            }
            ("module", [Step::Name(call)]) => {
                let frame = self.called(at.frame, call).map_err(|error| error.or_at(at, line))?;
                let mut all = Map::default();
                for (name, _) in frame.module.outputs.iter() {
                    all.insert(name.clone(), self.output(at, &frame, name, line)?);
                }
                Ok(Value { data: Data::Map(Arc::new(all)), place: Place::new(at.file.clone(), line) })
            }
            ("data", [Step::Name(type_name), Step::Name(name), rest @ ..]) => {
                self.instances(at, false, type_name, name, rest, line)
            }
            ("local" | "var" | "module" | "data" | "each" | "count" | "self" | "path" | "terraform", _) => {
                wrong(&format!("a reference to `{name}` that is not read here"))
            }
            (type_name, [Step::Name(name), rest @ ..]) => {
                self.instances(at, true, type_name, name, rest, line)
            }
            (other, _) => wrong(&format!("nothing here has the name `{other}`")),
        }
    }

    /// What nobody knows before apply.
    #[expect(clippy::unused_self, reason = "called where everything else is a method, too")]
    pub(super) fn unknown(&self, at: At<'_>, line: u32) -> Value {
        Value { data: Data::Unknown, place: Place::new(at.file.clone(), line) }
    }

    fn bound(&self, at: At<'_>, bound: Bound<'_>, name: &str, steps: &[Step], line: u32) -> Evaluated {
        let part = match steps.first() {
            Some(Step::Name(part)) => Some(&**part),
            Some(Step::Index(_) | Step::Splat) | None => None,
        };
        let rest = steps.get(1..).unwrap_or_default();
        match (bound, part) {
            (Bound::Value(value), _) => self.walk(at, value, steps, line),
            (Bound::Iterator { key, value: _ }, Some("key")) => self.walk(at, key, rest, line),
            (Bound::Iterator { key: _, value }, Some("value")) => self.walk(at, value, rest, line),
            (Bound::Count(index), Some("index")) => self.walk(at, index, rest, line),
            (Bound::Iterator { .. }, _) => {
                Err(self.error(at, line, format!("`{name}` has `key` and `value`")))
            }
            (Bound::Count(_), _) => Err(self.error(at, line, format!("`{name}` has `index`"))),
        }
    }

    fn local<'f>(&self, at: At<'f>, name: &str, line: u32) -> Result<&'f Value, ReadError> {
        let frame: &'f Frame = at.frame;
        let found = frame.module.locals.get(name);
        let (number, located) =
            found.ok_or_else(|| self.error(at, line, format!("there is no local value `{name}`")))?;
        let missing = || self.error(at, line, format!("there is no local value `{name}`"));
        let cell = frame.locals.get(number).ok_or_else(missing)?;
        if let Some(value) = cell.get() {
            return Ok(value);
        }
        let value = self.value(At::top(frame, &located.file), &located.expr)?;
        Ok(cell.get_or_init(|| value))
    }

    /// The value of a variable, converted to its type.
    pub(super) fn variable<'f>(&self, at: At<'f>, name: &str, line: u32) -> Result<&'f Value, ReadError> {
        let frame: &'f Frame = at.frame;
        let missing = || self.error(at, line, format!("there is no variable `{name}`"));
        let (number, variable) = frame.module.variables.get(name).ok_or_else(missing)?;
        let cell = frame.variables.get(number).ok_or_else(missing)?;
        if let Some(value) = cell.get() {
            return Ok(value);
        }
        let given = match &frame.caller {
            None => match &variable.default {
                Some(default) => Value { data: default.clone(), place: Place::new(at.file.clone(), line) },
                None => {
                    let target = Target::Variable(name.into());
                    let reference = Reference { target, attribute: "".into() };
                    Value {
                        data: Data::Reference(reference.into()),
                        place: Place::new(at.file.clone(), line),
                    }
                }
            },
            Some(caller) => {
                let outer = self.frame(caller.frame);
                let call = outer.module.calls.get(&caller.name);
                let argument = call.and_then(|(_, call)| call.arguments.get(name));
                match (argument, &variable.default) {
                    (Some((_, expr)), _) => self.value(At::top(&outer, caller.place.shared_file()), expr)?,
                    (None, Some(default)) => Value { data: default.clone(), place: caller.place.clone() },
                    (None, None) => {
                        let (file, line) = (caller.place.file(), caller.place.line());
                        return Err(ReadError::at(file, line, format!("`{name}` is missing here")));
                    }
                }
            }
        };
        self.spend_all(at, line, &given)?;
        let converted = variable.of.convert(&given);
        let value = converted.map_err(|(place, message)| {
            ReadError::at(place.file(), place.line(), format!("`{name}`: {message}"))
        })?;
        Ok(cell.get_or_init(|| value))
    }

    /// An output of a called module.
    fn output(&self, at: At<'_>, frame: &Frame, name: &str, line: u32) -> Evaluated {
        let missing = || self.error(at, line, format!("`{}` has no output `{name}`", frame.module.directory));
        let (number, located) = frame.module.outputs.get(name).ok_or_else(missing)?;
        let shared = frame.module.constants.get(number).filter(|_| frame.module.is_constant());
        if let Some(value) = shared.and_then(|cell| cell.get()) {
            return Ok(value.clone());
        }
        let cell = frame.outputs.get(number).ok_or_else(missing)?;
        if let Some(value) = cell.get() {
            return Ok(value.clone());
        }
        let value = self.value(At::top(frame, &located.file), &located.expr)?;
        if let Some(shared) = shared
            && value.is_known()
        {
            // Another thread may have been faster, with the same value.
            let _ = shared.set(value.clone());
        }
        Ok(cell.get_or_init(|| value).clone())
    }

    /// The value that steps lead to.
    pub(super) fn walk(&self, at: At<'_>, value: &Value, steps: &[Step], line: u32) -> Evaluated {
        let mut value = value;
        for (index, step) in steps.iter().enumerate() {
            let rest = steps.get(index + 1..).unwrap_or_default();
            if let Step::Splat = step {
                return self.splat(at, value, rest, line);
            }
            if let Data::Reference(reference) = &value.data {
                let next = self.step_in(at, value, reference, step, line)?;
                return self.walk(at, &next, rest, line);
            }
            if let Data::Unknown = value.data {
                return Ok(value.clone());
            }
            value = match step {
                Step::Name(name) => value.get(name).ok_or_else(|| self.no_such(at, value, name, line))?,
                Step::Index(expr) => {
                    let key = self.value(at, expr)?;
                    match (&key.data, &value.data) {
                        (Data::Text(name), Data::Map(map)) => {
                            map.get(name).ok_or_else(|| self.no_such(at, value, name, line))?
                        }
                        (Data::Number(number), Data::List(items)) => usize::try_from(*number)
                            .ok()
                            .and_then(|number| items.get(number))
                            .ok_or_else(|| self.no_such(at, value, &number.to_string(), line))?,
                        (Data::Reference(_) | Data::Unknown, _) => {
                            return Ok(Value { data: Data::Unknown, place: key.place });
                        }
                        _ => return Err(self.error(at, line, "this has no such part")),
                    }
                }
                Step::Splat => return self.splat(at, value, rest, line),
            };
        }
        Ok(value.clone())
    }

    fn no_such(&self, at: At<'_>, value: &Value, name: &str, line: u32) -> ReadError {
        match &value.data {
            Data::Null => self.error(at, line, format!("null has no `{name}`")),
            Data::Map(_) | Data::List(_) => {
                self.error(at, line, format!("there is no `{name}` in what {} says", value.place))
            }
            Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::Set(_)
            | Data::Reference(_)
            | Data::Unknown => self.error(at, line, format!("this has no part `{name}`")),
        }
    }

    fn splat(&self, at: At<'_>, value: &Value, rest: &[Step], line: u32) -> Evaluated {
        let items: Vec<Value> = match &value.data {
            Data::List(items) | Data::Set(items) => {
                items.iter().map(|item| self.walk(at, item, rest, line)).collect::<Result<_, _>>()?
            }
            Data::Null => Vec::new(),
            Data::Reference(reference) if reference.attribute.is_empty() => {
                vec![self.walk(at, value, rest, line)?]
            }
            Data::Reference(_) | Data::Unknown => {
                return Ok(Value { data: Data::Unknown, place: value.place.clone() });
            }
            Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Map(_) => {
                vec![self.walk(at, value, rest, line)?]
            }
        };
        Ok(Value { data: Data::List(items.into()), place: value.place.clone() })
    }

    /// A step into an instance, or further into an attribute that is known only after apply.
    fn step_in(
        &self,
        at: At<'_>,
        value: &Value,
        reference: &Arc<Reference>,
        step: &Step,
        line: u32,
    ) -> Evaluated {
        let further = |attribute: String| {
            let reference = Reference { target: reference.target.clone(), attribute: attribute.into() };
            Ok(Value { data: Data::Reference(reference.into()), place: value.place.clone() })
        };
        let whole = reference.attribute.is_empty() && !matches!(reference.target, Target::Variable(_));
        match step {
            Step::Name(name) if whole => self.attribute(at, reference, name, line),
            Step::Name(name) if reference.attribute.is_empty() => further(name.to_string()),
            Step::Name(name) => further(format!("{}.{name}", reference.attribute)),
            Step::Index(expr) => {
                let key = match self.value(at, expr)?.data {
                    Data::Text(name) => Key::Name(name).to_string(),
                    Data::Number(number) => format!("[{number}]"),
                    Data::Reference(_) | Data::Unknown => {
                        return Ok(Value { data: Data::Unknown, place: value.place.clone() });
                    }
                    Data::Null | Data::Bool(_) | Data::List(_) | Data::Set(_) | Data::Map(_) => {
                        return Err(self.error(at, line, "a key is a text or a number"));
                    }
                };
                if whole {
                    return Err(self.error(at, line, "this has neither `count` nor `for_each`"));
                }
                further(format!("{}{key}", reference.attribute))
            }
            Step::Splat => Ok(Value { data: Data::Unknown, place: value.place.clone() }),
        }
    }
}

//! Where the states lie.

use serde_json::Value;

use super::{Answers, Book, Case, Step};
use crate::emit::state_key;
use crate::plan::BackendPlan;

/// `backend.hcl`.
pub(super) fn shared(case: Case<'_>) -> Option<Answers> {
    let BackendPlan { kind: _, key: _, suffix: _, settings } = case.plan.backend.as_ref()?;
    let mut book = Book::new(case.backend_line());
    for (name, value) in settings {
        let written = case.document.backend.iter().flat_map(|backend| &backend.settings);
        let written = written.filter(|(own, _)| own.value == *name).map(|(own, _)| own.span);
        let steps: Vec<Step> = written
            .map(|span| Step::input(span, name.as_str(), "passed on to every root's `terraform init`"))
            .collect();
        add(&mut book, name, value, &steps);
    }
    Some(book.finish())
}

fn add(book: &mut Book, path: &str, value: &Value, steps: &[Step]) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| add(book, &format!("{path}.{key}"), value, steps))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| add(book, &format!("{path}.{i}"), value, steps));
        }
        Value::String(text) => book.add(path, text, steps.to_vec()),
        Value::Null | Value::Bool(_) | Value::Number(_) => book.add(path, value, steps.to_vec()),
    }
}

/// `backend.tf` of a root.
pub(super) fn own(book: &mut Book, case: Case<'_>, birth: &str, what: Step) {
    let Some(BackendPlan { kind: _, key, suffix, settings: _ }) = &case.plan.backend else { return };
    let rule = Step::rule("the name that the root was born with: a rename never moves a state");
    let steps = case.backend_line().into_iter().chain([what, rule]);
    book.add(format!("backend.{key}"), state_key(birth, suffix), steps);
}

impl Case<'_> {
    fn backend_line(self) -> Vec<Step> {
        let backend = self.design.backend.as_ref();
        let line = |one: &tanada_model::design::Backend| {
            Step::input(one.span, format!("backend \"{}\"", one.kind), "where the states lie")
        };
        backend.map(line).into_iter().collect()
    }
}

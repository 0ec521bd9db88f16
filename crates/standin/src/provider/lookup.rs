//! What data sources answer.

use std::fmt;

use rmpv::Value;

use crate::cloud::{Cloud, Made, Place, invent};
use crate::protocol::Diagnostic;
use crate::provider::Lookups;
use crate::provider::configuration::Configuration;
use crate::schema::Block;
use crate::value::{self, Object};

/// Answers a data source: from what was applied, or with something invented.
///
/// # Errors
///
/// The question is one that cannot be answered here, or nothing or more than one thing fits it.
pub(crate) fn look_up(
    type_name: &str,
    block: &Block,
    mut question: Object,
    configuration: &Configuration,
    cloud: &Cloud,
    lookups: Lookups,
) -> Result<Object, Diagnostic> {
    let place = configuration.place();
    if type_name == "aws_region" {
        let asked = question.get("region").filter(|region| !region.is_nil()).cloned();
        let region = asked.unwrap_or_else(|| configuration.region());
        for name in ["id", "name", "region"] {
            question.insert(name.to_owned(), region.clone());
        }
        return Ok(complete(block, question, &place, type_name));
    }
    let filters = filters(&question)?;
    let fits = |made: &&Made| place.sees(&made.place) && filters.iter().all(|filter| filter.fits(made));
    let mut found = cloud.all(type_name).filter(fits);
    match (found.next(), found.next(), lookups) {
        (Some(_), Some(_), _) => Err(refusal("fits more than one")),
        (Some(made), None, _) => Ok(told(block, question, made)),
        (None, _, Lookups::Applied) => {
            let asked: Vec<String> = filters.iter().map(ToString::to_string).collect();
            Err(refusal(&format!("fits nothing in {place}: {}", asked.join(", "))))
        }
        (None, _, Lookups::Invented) => {
            question.insert("id".to_owned(), invented_id(type_name, &filters, &place));
            Ok(complete(block, question, &place, type_name))
        }
    }
}

/// One `filter` block: the value of a name must be one of these.
struct Filter {
    name: String,
    values: Vec<String>,
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.values.join(" or "))
    }
}

impl Filter {
    fn fits(&self, made: &Made) -> bool {
        let value = match self.name.strip_prefix("tag:") {
            Some(tag) => made.tag(tag),
            None if self.name == "state" => Some("available"),
            None => made.text(&self.name.replace('-', "_")),
        };
        value.is_some_and(|value| self.values.iter().any(|one| one == value))
    }
}

fn filters(question: &Object) -> Result<Vec<Filter>, Diagnostic> {
    let blocks = question.get("filter").and_then(Value::as_array).into_iter().flatten();
    let mut filters = Vec::new();
    for block in blocks.cloned().filter_map(value::object) {
        let name = block.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !name.starts_with("tag:") && !matches!(name.as_str(), "state" | "transit-gateway-id") {
            return Err(refusal(&format!("has the name {name:?}, which the stand-in does not know")));
        }
        let values = value::texts(block.get("values")).map(str::to_owned).collect();
        filters.push(Filter { name, values });
    }
    if filters.is_empty() { Err(refusal("is missing: everything would fit")) } else { Ok(filters) }
}

fn refusal(reason: &str) -> Diagnostic {
    Diagnostic::error("filter", "Invalid look-up", reason)
}

/// The answer about something that was applied.
fn told(block: &Block, mut question: Object, made: &Made) -> Object {
    for name in block.attributes.keys() {
        if let Some(value) = made.object.get(name) {
            question.insert(name.clone(), value.clone());
        }
    }
    complete(block, question, &made.place, "")
}

/// Invents what is still unset.
fn complete(block: &Block, mut answer: Object, place: &Place, type_name: &str) -> Object {
    for (name, attribute) in block.attributes.iter().filter(|(_, attribute)| attribute.mode.is_computed()) {
        if answer.get(name).is_none_or(Value::is_nil) {
            answer.insert(name.clone(), invent(name, &attribute.r#type, type_name, "looked-up", place));
        }
    }
    answer
}

/// An id that follows from the question, so that every root that asks gets the same.
fn invented_id(type_name: &str, filters: &[Filter], place: &Place) -> Value {
    let named = filters.iter().filter(|filter| filter.name != "state").flat_map(|filter| &filter.values);
    let named = named.map(String::as_str).collect::<Vec<_>>().join("+");
    Value::from(format!("{type_name}/{}/{named}", place.region))
}

use std::collections::BTreeMap;

use tanada_model::net::Block;

use crate::rules::{Facts, Said, rule};
use crate::{Data, Place, Value};

rule!(
    "literal-twice",
    Note,
    "An address is written once, and whoever needs it refers to that place. Two copies are changed apart one day.",
    "this project's own invariant"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let mut written: BTreeMap<Block, BTreeMap<&Place, ()>> = BTreeMap::new();
    for root in facts.observed.roots.values() {
        for instance in root.instances.values() {
            for (_, value) in instance.attributes.iter() {
                literals(value, &mut written);
            }
        }
    }
    for (block, places) in written.into_iter().filter(|(block, _)| block.prefix_len() > 0) {
        let mut places = places.into_keys();
        let (Some(first), Some(second)) = (places.next(), places.next()) else { continue };
        let times = places.len() + 2;
        let finding = Said::new(second, format!("`{block}` is written {times} times"));
        said.push(finding.and(first, "here too").help("refer to one of the places"));
    }
}

fn literals<'v>(value: &'v Value, written: &mut BTreeMap<Block, BTreeMap<&'v Place, ()>>) {
    match &value.data {
        Data::Text(text) => {
            if let Some(block) = text.contains('/').then(|| text.parse().ok()).flatten() {
                written.entry(block).or_default().insert(&value.place, ());
            }
        }
        Data::List(items) | Data::Set(items) => items.iter().for_each(|item| literals(item, written)),
        Data::Map(map) => map.iter().for_each(|(_, value)| literals(value, written)),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Reference(_) | Data::Unknown => {}
    }
}

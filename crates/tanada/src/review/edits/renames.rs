//! Names inside of a statement that are others now.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body};

/// What has another name, as the new text says with `renamed_from` and the like.
pub(super) fn inside(old: &Body, new: &Body) -> Vec<String> {
    let before = letters(old);
    let zones = letters(new).into_iter().filter(|(letter, was)| before.get(letter) != Some(was));
    let mut renames: Vec<String> =
        zones.map(|(letter, was)| format!("zone `{was}` is called `{letter}`")).collect();
    for block in new.iter().filter_map(|structure| structure.as_block()) {
        let kind = block.ident.as_str();
        let label = label(block);
        if let Some(same) = find(old, kind, label) {
            renames.extend(inside(&same.body, &block.body));
            continue;
        }
        let was = block.body.get_attribute("renamed_from").and_then(|it| it.value.as_str());
        if let (Some(was), Some(label)) = (was, label)
            && let Some(before) = find(old, kind, Some(was))
        {
            renames.push(format!("`{kind} \"{was}\"` is called `{kind} \"{label}\"`"));
            renames.extend(inside(&before.body, &block.body));
        }
    }
    renames
}

fn label(block: &Block) -> Option<&str> {
    block.labels.first().map(|label| label.as_str())
}

fn find<'b>(body: &'b Body, kind: &str, name: Option<&str>) -> Option<&'b Block> {
    let blocks = body.iter().filter_map(|structure| structure.as_block());
    blocks.into_iter().find(|block| block.ident.as_str() == kind && label(block) == name)
}

/// `zones_renamed_from` of a region.
fn letters(body: &Body) -> BTreeMap<String, String> {
    let Some(attribute) = body.get_attribute("zones_renamed_from") else { return BTreeMap::new() };
    let Expression::Object(object) = &attribute.value else { return BTreeMap::new() };
    let entry = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
        let key = match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            ObjectKey::Expression(expression) => expression.as_str()?.to_owned(),
        };
        Some((key, value.expr().as_str()?.to_owned()))
    };
    object.iter().filter_map(entry).collect()
}

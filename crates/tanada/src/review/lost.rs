//! What is replaced or destroyed, in words.

use std::collections::BTreeMap;

use tanada_verify::Value;
use tanada_verify::changes::{Action, Changes, Forces, ResourceChange};

use super::danger::{Danger, DangerKind, danger};
use super::follow;
use super::guard::Loss;
use super::renamed::suspected;
use super::view::{View, key_of, text, views, words_of};
use crate::revision::Difference;

/// What is replaced or destroyed in a root, in one line.
pub(super) fn loss(view: &View<'_>, loss: &Loss<'_>) -> Danger {
    let replaced = loss.resources.iter().any(|change| change.action == Action::Replace);
    let kind = if replaced { DangerKind::Replaced } else { DangerKind::Destroyed };
    let forcing = loss.resources.iter().flat_map(|change| change.forcing().map(move |it| (change, it)));
    let forcing: Vec<_> = forcing.collect();
    // What names the VPC itself says more than what says how it is cut.
    let of_vpc = forcing.iter().find(|(change, _)| &*change.type_name == "aws_vpc");
    let root = of_vpc
        .or_else(|| forcing.iter().find(|(_, it)| !it.known_after_apply && it.follows.is_none()))
        .or_else(|| forcing.iter().find(|(_, it)| it.follows.is_some()))
        .or(forcing.first());
    let why = root.map(|(change, attribute)| {
        if let Some(elsewhere) = &attribute.follows {
            return format!("it follows: {}", follow::words(elsewhere));
        }
        let source = match attribute.forces {
            Some(Forces::Known { provider, source }) => {
                format!("{} {}, {source}", provider.name, provider.version)
            }
            Some(Forces::Unread) | None => "not read in the provider, so taken to replace".to_owned(),
        };
        format!("`{}.{}` forces it ({source})", change.type_name, attribute.name)
    });
    let mut danger = danger(kind, loss.name.clone(), loss_words(view, loss));
    danger.why = why.unwrap_or_default();
    danger
}

/// A loss in the words of a review.
pub fn describe(lost: &Loss<'_>, changes: &Changes, difference: &Difference) -> Danger {
    let views = views(changes, &difference.old, &difference.new);
    let view = views.iter().find(|view| &*view.changes.directory == lost.directory);
    view.map_or_else(
        || danger(DangerKind::Destroyed, lost.name.clone(), format!("`{}` loses something", lost.name)),
        |view| suspected(loss(view, lost), lost, &views),
    )
}

/// A danger and why, in one line.
pub fn tell_loss(danger: &Danger) -> String {
    if danger.why.is_empty() { danger.words.clone() } else { format!("{}; {}", danger.words, danger.why) }
}

fn loss_words(view: &View<'_>, loss: &Loss<'_>) -> String {
    let name = &loss.name;
    let lost = view.changes.resources.iter().filter(|change| change.action.is_destructive()).count();
    let cidr = |change: &ResourceChange| {
        let (old, new) = (text(view.before(change), "cidr_block"), text(view.after(change), "cidr_block"));
        (old.unwrap_or("?").to_owned(), new.unwrap_or("?").to_owned())
    };
    if let Some(vpc) = view.one("aws_vpc", &[Action::Replace]) {
        let (old, new) = cidr(vpc);
        let what = if old == new { old } else { format!("{old} → {new}") };
        return format!("`{name}` is replaced as a whole: {what}, {lost} resources");
    }
    if let Some(vpc) = view.one("aws_vpc", &[Action::Destroy]) {
        return format!("`{name}` is destroyed: {}, {lost} resources", cidr(vpc).0);
    }
    if view.one("aws_ec2_transit_gateway", &[Action::Replace, Action::Destroy]).is_some() {
        return format!("`{name}`: the gateway is replaced or destroyed, and with it every attachment");
    }
    let mut parts = Vec::new();
    let mut by_type: BTreeMap<(&str, Action), Vec<&ResourceChange>> = BTreeMap::new();
    for change in &loss.resources {
        by_type.entry((&change.type_name, change.action)).or_default().push(change);
    }
    for ((type_name, action), changes) in &by_type {
        parts.push(part_words(view, type_name, *action, changes));
    }
    // Tables of subnets that are replaced follow them.
    if parts.len() > 1 && by_type.keys().any(|(name, _)| *name == "aws_subnet") {
        parts.retain(|part| !part.contains("route table association"));
    }
    format!("`{name}`: {}", parts.join("; "))
}

fn part_words(view: &View<'_>, type_name: &str, action: Action, changes: &[&ResourceChange]) -> String {
    let done = if action == Action::Replace { "replaced" } else { "destroyed" };
    let count = changes.len();
    let what = match type_name {
        "aws_subnet" => {
            let first = changes.first().map(|change| subnet_words(view, change)).unwrap_or_default();
            return format!("{count} subnet{} {done} ({first}{})", plural(count), more(count));
        }
        "aws_ec2_transit_gateway_vpc_attachment" if action == Action::Destroy => {
            return "it is detached from the Transit Gateway".to_owned();
        }
        "aws_ec2_transit_gateway_vpc_attachment" => "attachment",
        // Whoever takes an acceptance back deletes what was accepted.
        "aws_ec2_transit_gateway_vpc_attachment_accepter" if action == Action::Destroy => {
            return "its acceptance by the gateway's owner goes, which deletes the attachment".to_owned();
        }
        "aws_ec2_transit_gateway_vpc_attachment_accepter" => "accepted attachment",
        "aws_ec2_transit_gateway_route_table_association"
            if changes.iter().all(|change| change.follows().is_some()) =>
        {
            return "it joins its segment anew; traffic stops while it does".to_owned();
        }
        "aws_ec2_transit_gateway_route_table_association" => {
            let segments = changes.first().map(|change| segment_words(change)).unwrap_or_default();
            let then = if action == Action::Replace {
                "traffic stops while it changes"
            } else {
                "nothing leads it any more"
            };
            return format!("it leaves its segment{segments}; {then}");
        }
        "aws_ec2_transit_gateway_route_table" => "segment",
        "aws_route_table_association" => "route table association",
        "aws_vpc_ipv4_cidr_block_association" => "further block",
        other => other,
    };
    let names: Vec<&str> = changes.iter().take(3).map(|change| key_of(change.address.as_str())).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.contains('.')).collect();
    let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    format!("{count} {what}{} {done}{names}", plural(count))
}

fn subnet_words(view: &View<'_>, change: &ResourceChange) -> String {
    let name = key_of(change.address.as_str());
    let value = |attribute: &str| {
        let (old, new) = (text(view.before(change), attribute), text(view.after(change), attribute));
        (old != new).then(|| format!(" {} → {}", old.unwrap_or("?"), new.unwrap_or("?")))
    };
    let what = (change.action == Action::Replace)
        .then(|| value("cidr_block").or_else(|| value("availability_zone_id")))
        .flatten();
    let cidr = || text(view.before(change), "cidr_block").map(|cidr| format!(" {cidr}"));
    format!("{name}{}", what.or_else(cidr).unwrap_or_default())
}

/// `: production → shared`, from the keys of what is looked up.
fn segment_words(change: &ResourceChange) -> String {
    let table = change.attributes.iter().find(|it| &*it.name == "transit_gateway_route_table_id");
    let segment = |value: &Option<Value>| {
        let words = words_of(value.as_ref());
        words.split_once("[\"").and_then(|(_, rest)| Some(rest.split_once("\"]")?.0.to_owned()))
    };
    let both = table.and_then(|it| Some((segment(&it.old)?, segment(&it.new)?)));
    both.map(|(old, new)| format!(": {old} → {new}")).unwrap_or_default()
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn more(count: usize) -> String {
    if count > 1 { format!(", and {} more", count - 1) } else { String::new() }
}

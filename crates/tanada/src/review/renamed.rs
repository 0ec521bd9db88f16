//! What is lost under one name and may have come under another, because nobody said that it is the same.

use std::collections::BTreeSet;

use tanada_verify::changes::{Action, ResourceChange, RootFate};

use super::danger::Danger;
use super::guard::Loss;
use super::view::{View, key_of, text};

/// A danger that says so when exactly one new thing is alike: a rename keeps what runs.
pub(super) fn suspected(mut danger: Danger, lost: &Loss<'_>, views: &[View<'_>]) -> Danger {
    let view = views.iter().find(|view| &*view.changes.directory == lost.directory);
    let hint = view.and_then(|view| whole(view, views).or_else(|| segment(view)).or_else(|| tier(view)));
    if let Some(hint) = hint {
        let and = if danger.why.is_empty() { "" } else { "; " };
        danger.why.push_str(&format!("{and}{hint}"));
    }
    danger
}

/// A VPC or gateway that goes as a whole, and one that comes.
fn whole(view: &View<'_>, views: &[View<'_>]) -> Option<String> {
    let (kind, directory) = (kind(view)?, &*view.changes.directory);
    let gone = view.one(kind, &[Action::Destroy])?;
    let is_alike = |other: &&View<'_>| {
        let argument = if kind == "aws_vpc" { "cidr_block" } else { "amazon_side_asn" };
        let (was, is) = (text(view.before(gone), argument), other.one(kind, &[Action::Create]));
        let is = is.and_then(|change| text(other.after(change), argument));
        let size =
            |cidr: Option<&str>| cidr.and_then(|it| it.split_once('/')).map(|(_, size)| size.to_owned());
        let fits = if kind == "aws_vpc" { size(was) == size(is) } else { true };
        other.changes.fate == RootFate::New
            && fits
            && subnets(other, Action::Create) == subnets(view, Action::Destroy)
    };
    let new: Vec<&View<'_>> = views
        .iter()
        .filter(is_alike)
        .filter(|other| one_name_differs(directory, &other.changes.directory))
        .collect();
    let [new] = new.as_slice() else { return None };
    let (old, now) = differing(directory, &new.changes.directory)?;
    Some(looks(&old, &new.id(), &now))
}

/// What stands for the whole of a root.
fn kind(view: &View<'_>) -> Option<&'static str> {
    let kinds = ["aws_vpc", "aws_ec2_transit_gateway"];
    kinds.into_iter().find(|kind| view.one(kind, &[Action::Destroy]).is_some())
}

/// Names of the subnets with an action.
fn subnets(view: &View<'_>, action: Action) -> BTreeSet<String> {
    let own = view.of("aws_subnet").filter(|change| change.action == action);
    own.map(|change| key_of(change.address.as_str()).to_owned()).collect()
}

fn one_name_differs(old: &str, new: &str) -> bool {
    differing(old, new).is_some()
}

/// The parts of two folders that differ, when it is one.
fn differing(old: &str, new: &str) -> Option<(String, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('/').collect(), new.split('/').collect());
    let mut parts = old.iter().zip(&new).filter(|(old, new)| old != new);
    let (was, is) = parts.next()?;
    let same = old.len() == new.len() && old.first() == new.first() && parts.next().is_none();
    same.then(|| ((*was).to_owned(), (*is).to_owned()))
}

/// A segment of a gateway.
fn segment(view: &View<'_>) -> Option<String> {
    const TABLE: &str = "aws_ec2_transit_gateway_route_table";
    let (old, new) = (only(view, TABLE, Action::Destroy)?, only(view, TABLE, Action::Create)?);
    Some(looks(&old, &format!("segment.{new}"), &new))
}

/// The one instance of a type with an action, by its key.
fn only(view: &View<'_>, type_name: &str, action: Action) -> Option<String> {
    let mut all = view.of(type_name).filter(|change| change.action == action);
    let one = all.next()?;
    all.next().is_none().then(|| key_of(one.address.as_str()).to_owned())
}

/// A tier: its subnets stand in the same zones and have the same sizes.
fn tier(view: &View<'_>) -> Option<String> {
    let old = shape(view, Action::Destroy, View::before)?;
    let new = shape(view, Action::Create, View::after)?;
    (old.1 == new.1).then(|| looks(&old.0, &format!("tier.{}", new.0), &new.0))
}

/// The one tier with subnets of an action: its name, and the zones and sizes of its subnets.
fn shape<'a>(
    view: &View<'a>,
    action: Action,
    side: impl Fn(&View<'a>, &ResourceChange) -> Option<&'a tanada_verify::Instance>,
) -> Option<(String, BTreeSet<(String, String)>)> {
    let mut names = BTreeSet::new();
    let mut shape = BTreeSet::new();
    for change in view.of("aws_subnet").filter(|change| change.action == action) {
        let (tier, zone) = key_of(change.address.as_str()).split_once('-')?;
        let size = text(side(view, change), "cidr_block")?.split_once('/')?.1.to_owned();
        names.insert(tier.to_owned());
        shape.insert((zone.to_owned(), size));
    }
    let mut names = names.into_iter();
    let name = names.next()?;
    names.next().is_none().then_some((name, shape))
}

fn looks(old: &str, new: &str, now: &str) -> String {
    format!(
        "it looks like a rename: `{new}` is alike, and `renamed_from = \"{old}\"` in `{now}` keeps what runs"
    )
}

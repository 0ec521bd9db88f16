//! What may not be replaced or destroyed unless somebody named it, and the record of who was named.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::lock::{Acceptance, Leaving, Lock};
use tanada_verify::Address;
use tanada_verify::changes::{
    Action, AttributeChange, Changes, Elsewhere, ResourceChange, RootChanges, RootFate,
};

use super::view::{id, key_of, words_of};
use crate::disk::manifest::Digest;

/// Types whose replacement or destruction takes a network down: VPCs, subnets, attachments, associations, and what a
/// gateway is made of. Sorted.
pub const GUARDED: [&str; 9] = [
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_vpc_attachment_accepter",
    "aws_route_table_association",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_ipv4_cidr_block_association",
];

/// What is lost in one root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss<'a> {
    /// The name by which it is accepted: `web-production`, `hub.tokyo`.
    pub name: String,
    /// Its folder.
    pub directory: &'a str,
    /// The resources that are replaced or destroyed.
    pub resources: Vec<&'a ResourceChange>,
    /// What they were and will be.
    pub transition: Acceptance,
    /// The same under the names of today, where something of it was renamed: an agreement that came after the rename knows
    /// no other.
    pub under_new_names: Option<Acceptance>,
    /// The loss of another root from which all of it follows. Whoever agrees to that agrees to this.
    pub follows: Option<Box<Loss<'a>>>,
}

impl Loss<'_> {
    /// Whether a VPC as a whole is replaced because its addresses are others.
    pub fn is_move(&self) -> bool {
        self.resources.iter().any(|change| {
            let by_range = || change.forcing().any(|attribute| &*attribute.name == "cidr_block");
            &*change.type_name == "aws_vpc" && change.action == Action::Replace && by_range()
        })
    }
}

/// What a change replaces or destroys that may not be, unless somebody agrees.
pub fn losses(changes: &Changes) -> Vec<Loss<'_>> {
    let own: Vec<Loss<'_>> = changes.roots.iter().filter_map(own_loss).collect();
    let follow = |loss: &Loss<'_>| {
        let mut first = None;
        for change in &loss.resources {
            first = first.or(Some(change.follows()?));
        }
        let Elsewhere { directory, address, action: _ } = first?;
        let is_cause = |other: &&Loss<'_>| {
            *other.directory == **directory && other.resources.iter().any(|it| it.address == *address)
        };
        own.iter().find(is_cause).cloned().map(Box::new)
    };
    own.iter().map(|loss| Loss { follows: follow(loss), ..loss.clone() }).collect()
}

fn own_loss(root: &RootChanges) -> Option<Loss<'_>> {
    let resources: Vec<&ResourceChange> = root.resources.iter().filter(|change| is_loss(change)).collect();
    (!resources.is_empty()).then(|| Loss {
        name: id(&root.directory),
        directory: &root.directory,
        transition: transition(&resources, |change| change.moved_from.clone()),
        under_new_names: resources
            .iter()
            .any(|change| change.moved_from.is_some())
            .then(|| transition(&resources, |_| None)),
        resources,
        follows: None,
    })
}

/// Whether a change loses what may not be lost unasked.
pub fn is_loss(change: &ResourceChange) -> bool {
    change.action.is_destructive() && is_guarded(&change.type_name)
}

/// Whether what is of a type may not be lost unasked.
pub fn is_guarded(type_name: &str) -> bool {
    GUARDED.binary_search(&type_name).is_ok()
}

/// Roots that are gone from the tree while their states hold something, with the number of resources.
pub fn abandoned(changes: &Changes) -> impl Iterator<Item = (&str, usize)> {
    changes.roots.iter().filter_map(|root| match root.fate {
        RootFate::Gone { left } if left > 0 => Some((&*root.directory, left)),
        RootFate::New | RootFate::Stays | RootFate::Gone { left: _ } => None,
    })
}

/// Whether a lock says that exactly this was agreed to.
pub fn is_accepted(loss: &Loss<'_>, lock: &Lock) -> bool {
    let leaves = lock.leaving.iter().any(|(vpc, how)| vpc.id() == loss.name && *how == Leaving::Destroyed);
    let follows = loss.follows.as_ref().is_some_and(|cause| is_accepted(cause, lock));
    let agreed = lock.accepted.get(&loss.name);
    let is_this =
        |agreed: &Acceptance| *agreed == loss.transition || Some(agreed) == loss.under_new_names.as_ref();
    leaves || follows || agreed.is_some_and(is_this)
}

/// Names that a person typed behind `--accept` and `--destroy`.
#[derive(Clone, Debug, Default)]
pub struct Named<'a> {
    /// The names.
    pub names: BTreeSet<&'a str>,
    /// The layout of each VPC, by the VPC's id.
    pub layouts: BTreeMap<String, String>,
    /// The zone letters that each layout has, or had.
    pub zones: BTreeMap<String, Vec<String>>,
    /// The pools in which the first block of each VPC stands, from the inside, by the VPC's id.
    pub pools: BTreeMap<String, Vec<String>>,
}

impl Named<'_> {
    /// Whether everything that is lost in a root was named.
    pub fn cover(&self, loss: &Loss<'_>) -> bool {
        let inside = format!("{}/", loss.name);
        self.names.contains(loss.name.as_str())
            || self.names.iter().any(|name| name.starts_with(&inside))
            || loss.resources.iter().all(|change| self.covers_by_layout(&loss.name, change))
            || (loss.is_move()
                && self.pools_of(loss).any(|pool| self.names.contains(&*format!("pool.{pool}"))))
    }

    /// The pools in which a VPC stands, from the inside.
    pub fn pools_of(&self, loss: &Loss<'_>) -> impl Iterator<Item = &str> {
        self.pools.get(&loss.name).into_iter().flatten().map(String::as_str)
    }

    /// `layout.service.private` and `layout.service.zones.a` name subnets of many VPCs at once.
    fn covers_by_layout(&self, vpc: &str, change: &ResourceChange) -> bool {
        let Some(layout) = self.layouts.get(vpc) else { return false };
        if !matches!(&*change.type_name, "aws_subnet" | "aws_route_table_association") {
            return false;
        }
        let zones = self.zones.get(layout).into_iter().flatten();
        parts(key_of(change.address.as_str()), zones.map(String::as_str)).any(|(tier, zone)| {
            self.names.contains(format!("layout.{layout}.{tier}").as_str())
                || self.names.contains(format!("layout.{layout}.zones.{zone}").as_str())
        })
    }
}

/// Tier and zone of a subnet's key, `TIER-ZONE[-PART][-blockN]`. Names may hold hyphens, too, so the zones that there
/// are decide where the tier ends; two subnets of one layout never have one name.
fn parts<'k>(key: &'k str, zones: impl Iterator<Item = &'k str>) -> impl Iterator<Item = (&'k str, &'k str)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let of_block = |end: &str| end.strip_prefix("block").is_some_and(digits);
    let cut = |key: &'k str, is_end: &dyn Fn(&str) -> bool| {
        key.rsplit_once('-').filter(|(_, end)| is_end(end)).map_or(key, |(stem, _)| stem)
    };
    let first = cut(key, &of_block);
    let stems = BTreeSet::from([key, first, cut(key, &digits), cut(first, &digits)]);
    zones.flat_map(move |zone| {
        let tier = |stem: &&'k str| Some((stem.strip_suffix(zone)?.strip_suffix('-')?, zone));
        stems.iter().filter_map(tier).collect::<Vec<_>>()
    })
}

/// What was and what will be, each in a few digits. What follows from something else that is replaced is left out: the
/// same decision is the same transition, whatever hangs on it.
/// `old` is the address under which a resource is meant, when that is another one than today's.
fn transition(resources: &[&ResourceChange], old: impl Fn(&ResourceChange) -> Option<Address>) -> Acceptance {
    let (mut before, mut after) = (String::new(), String::new());
    let of_itself = resources.iter().any(|change| change.follows().is_none());
    let counts = resources.iter().filter(|change| !of_itself || change.follows().is_none());
    let address = |change: &ResourceChange| old(change).unwrap_or_else(|| change.address.clone());
    let mut meant: Vec<(Address, &ResourceChange)> =
        counts.map(|change| (address(change), *change)).collect();
    meant.sort_by(|a, b| a.0.cmp(&b.0));
    for (address, change) in meant {
        before.push_str(&format!("{address}\n"));
        after.push_str(&format!(
            "{address} {}\n",
            if change.action == Action::Replace { "anew" } else { "gone" }
        ));
        let follows = |it: &&AttributeChange| it.known_after_apply || (of_itself && it.follows.is_some());
        for attribute in change.forcing().filter(|attribute| !follows(attribute)) {
            before.push_str(&format!("{}={}\n", attribute.name, words_of(attribute.old.as_ref())));
            after.push_str(&format!("{}={}\n", attribute.name, words_of(attribute.new.as_ref())));
        }
    }
    Acceptance { before: short(&before), after: short(&after) }
}

/// The first digits of a digest: enough to tell transitions of one name apart, short enough for a line.
fn short(text: &str) -> String {
    Digest::of(text.as_bytes()).to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subnets_key_is_of_one_tier_and_one_zone() {
        let zones = ["a", "az-2", "block7"];
        let of = |key| parts(key, zones.into_iter()).collect::<Vec<_>>();
        assert_eq!(of("private-a"), [("private", "a")]);
        assert_eq!(of("private-app-a-2"), [("private-app", "a")], "not of `private`");
        assert_eq!(of("data-az-2-block3"), [("data", "az-2")]);
        assert_eq!(of("data-az-2-2-block13"), [("data", "az-2")]);
        assert_eq!(of("data-block7"), [("data", "block7")]);
        assert_eq!(of("data-b"), []);
    }

    #[test]
    fn the_guarded_types_are_sorted_and_known() {
        assert!(GUARDED.is_sorted());
        for name in GUARDED {
            assert!(tanada_verify::effects::facts(name).is_some(), "{name}");
        }
    }
}

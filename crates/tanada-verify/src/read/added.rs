//! Files that people add to a root beside those that every root has.
//!
//! They may hold any Terraform. What of it is not understood is no error: it is named in [`Root::unread`](crate::Root), and
//! what refers to it is unknown. What every root has must be understood completely.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ReadError;
use crate::observed::{Place, Unread};
use crate::syntax::{Block, Body, Name};

/// Names of the Terraform files that roots have of themselves, and that must be understood completely. All others were
/// added by people.
pub const ROOT_FILES: [&str; 8] = [
    "addresses.tf",
    "addresses_templates.tf",
    "backend.tf",
    "main.tf",
    "outputs.tf",
    "providers.tf",
    "removed.tf",
    "variables.tf",
];

/// Beginnings of the types that decide who reaches whom, or what is guarded: not understanding one matters.
const DECIDING: [&str; 11] = [
    "aws_default_network_acl",
    "aws_default_route_table",
    "aws_ec2_transit_gateway",
    "aws_internet_gateway",
    "aws_main_route_table_association",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_route",
    "aws_subnet",
    "aws_vpc",
    "aws_vpn_gateway_route_propagation",
];

/// Beginnings of types that begin like one of those and decide nothing: names, security groups, and what endpoints of
/// services have besides themselves.
const HARMLESS: [&str; 8] = [
    "aws_nat_gateway_eip_association",
    "aws_route53",
    "aws_vpc_dhcp_options",
    "aws_vpc_endpoint_",
    "aws_vpc_ipam",
    "aws_vpc_network_performance",
    "aws_vpc_security_group_",
    "aws_vpclattice",
];

/// Whether a file in the folder of a root was added to it.
pub(crate) fn is_added(directory: &str, name: &str) -> bool {
    (directory.starts_with("hub/") || directory.starts_with("teams/")) && !ROOT_FILES.contains(&name)
}

/// A block of an added file.
pub(crate) struct Added {
    file: Name,
    /// First and last line.
    lines: (u32, u32),
    /// `resource "aws_route" "own"`
    what: String,
    /// What it is referred to by: `aws_route.own`, `module.own`.
    names: Vec<String>,
    text: Arc<str>,
    decides: bool,
}

/// The blocks of an added file; without `body`, all of it, since it could not be parsed.
pub(crate) fn blocks(file: &Name, text: &str, body: Option<&Body>) -> Vec<Added> {
    let all: Vec<&str> = text.lines().collect();
    let last = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let Some(body) = body else {
        let (what, names) = ("this file".to_owned(), Vec::new());
        return vec![Added {
            file: file.clone(),
            lines: (0, last),
            what,
            names,
            text: text.into(),
            decides: true,
        }];
    };
    let starts: Vec<u32> = body.blocks.iter().map(|block| block.line).collect();
    let ends = starts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([last]);
    let added = body.blocks.iter().zip(ends).map(|(block, end)| {
        let lines = all.get(block.line.saturating_sub(1) as usize..end as usize).unwrap_or_default();
        let labels: String = block.labels.iter().map(|label| format!(" \"{label}\"")).collect();
        Added {
            file: file.clone(),
            lines: (block.line, end),
            what: format!("{}{labels}", block.kind),
            names: names(block),
            text: lines.join("\n").trim_end().into(),
            decides: is_deciding(block),
        }
    });
    added.collect()
}

/// How blocks are written, by their first lines; those of one first line together.
pub(crate) fn texts(added: &[Added]) -> BTreeMap<String, Arc<str>> {
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in added {
        texts.entry(one.what.clone()).or_default().push(&one.text);
    }
    texts.into_iter().map(|(what, texts)| (what, texts.join("\n").into())).collect()
}

fn names(block: &Block) -> Vec<String> {
    match (&*block.kind, block.labels.as_slice()) {
        ("resource", [type_name, name]) => vec![format!("{type_name}.{name}")],
        ("data", [type_name, name]) => vec![format!("data.{type_name}.{name}")],
        ("module", [name]) => vec![format!("module.{name}")],
        ("variable", [name]) => vec![format!("var.{name}")],
        ("locals", []) => block.body.attributes.iter().map(|own| format!("local.{}", own.name)).collect(),
        _ => Vec::new(),
    }
}

fn is_deciding(block: &Block) -> bool {
    match (&*block.kind, block.labels.as_slice()) {
        ("resource", [type_name, _]) => decides(type_name),
        _ => false,
    }
}

/// Whether things of a type may decide who reaches whom, or what is guarded.
pub(crate) fn decides(type_name: &str) -> bool {
    let begins = |all: &[&str]| all.iter().any(|start| type_name.starts_with(start));
    begins(&DECIDING) && !begins(&HARMLESS)
}

/// Takes from `errors` those that are about added blocks: what is not understood, each block once.
pub(crate) fn unread(added: &[Added], errors: Vec<ReadError>) -> (Vec<Unread>, Vec<ReadError>) {
    let mut found: Vec<Unread> = Vec::new();
    let mut others = Vec::new();
    for error in errors {
        let line = u32::try_from(error.line).unwrap_or(u32::MAX);
        let own = |one: &&Added| *one.file == *error.path && (one.lines.0..=one.lines.1).contains(&line);
        let Some(Added { file, lines, what, names: _, text, decides }) = added.iter().find(own) else {
            others.push(error);
            continue;
        };
        let place = Place::new(file.clone(), lines.0.max(1));
        if !found.iter().any(|one| one.place == place) {
            let (what, why) = (what.clone(), error.message);
            found.push(Unread { place, what, why, text: text.clone(), decides: *decides });
        }
    }
    (found, others)
}

/// What the blocks in which the errors lie are referred to by.
pub(crate) fn opaque<'a>(added: &'a [Added], errors: &'a [ReadError]) -> impl Iterator<Item = String> + 'a {
    let is_in = |one: &Added, error: &ReadError| {
        let line = u32::try_from(error.line).unwrap_or(u32::MAX);
        *one.file == *error.path && (one.lines.0..=one.lines.1).contains(&line)
    };
    let hit = added.iter().filter(move |one| errors.iter().any(|error| is_in(one, error)));
    hit.flat_map(|one| one.names.iter().cloned())
}

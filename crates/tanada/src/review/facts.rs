//! Ranges, rules and routes that come and go.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tanada_verify::changes::{Action, ResourceChange, RootFate};
use tanada_verify::{Instance, Value};

use super::names::Names;
use super::view::{View, key, key_of, text, words};

/// A range that comes, grows, moves or goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RangeChange {
    /// `appears`, `grows`, `moves`, `retires`, `is renamed`, `is forgotten`, `is free again`, and how far a move is.
    pub what: &'static str,
    /// Whose it is.
    pub of: String,
    /// Before; empty when there was none.
    pub before: Vec<String>,
    /// Now; empty when there is none.
    pub after: Vec<String>,
    /// Anything else, such as the number of subnets.
    pub note: String,
}

/// A rule or route that is the same in several places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// Whether it comes or goes.
    pub comes: bool,
    /// What it says.
    pub row: String,
    /// Where, each as `web-production private`.
    pub places: Vec<String>,
}

/// Somebody to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// `@m3/web`, or the team's name when the input names nobody.
    pub owner: String,
    /// What of theirs is touched.
    pub touched: Vec<String>,
}

/// Rows by what they say, with their places.
#[derive(Debug, Default)]
pub(super) struct Rows(BTreeMap<(String, bool), BTreeSet<String>>);

impl Rows {
    fn add(&mut self, comes: bool, row: String, place: String) {
        self.0.entry((row, comes)).or_default().insert(place);
    }

    /// The rows in the order of their texts; of one text what goes before what comes.
    pub(super) fn into_list(self) -> Vec<RowChange> {
        let row = |((row, comes), places): ((String, bool), BTreeSet<String>)| RowChange {
            comes,
            row,
            places: places.into_iter().collect(),
        };
        self.0.into_iter().map(row).collect()
    }
}

/// The ranges of a VPC that come and go.
pub(super) fn ranges(view: &View<'_>) -> Option<RangeChange> {
    if let RootFate::Gone { left: _ } = view.changes.fate {
        return None;
    }
    let blocks = |root: Option<&tanada_verify::Root>| -> Vec<String> {
        let Some(root) = root else { return Vec::new() };
        let first = root.of_type("aws_vpc");
        let further = root.of_type("aws_vpc_ipv4_cidr_block_association");
        first.chain(further).filter_map(|it| Some(text(Some(it), "cidr_block")?.to_owned())).collect()
    };
    let (before, after) = (blocks(view.old), blocks(view.new));
    let made = view.of("aws_subnet").filter(|change| change.action == Action::Create).count();
    let lost = view.of("aws_subnet").filter(|change| change.action.is_destructive()).count();
    let vpc = view.of("aws_vpc").next().map(|change| change.action);
    let note = |count: usize, what: &str| {
        if count == 0 {
            String::new()
        } else {
            format!("{count} subnet{} {what}", if count == 1 { "" } else { "s" })
        }
    };
    let (what, note) = match vpc {
        Some(Action::Create | Action::Import) => ("appears", note(made, "")),
        Some(Action::Destroy) => ("retires", String::new()),
        Some(Action::Forget) => ("is forgotten", "it keeps running outside Terraform".to_owned()),
        Some(Action::Replace) => ("moves", note(lost, "made anew")),
        Some(Action::Update | Action::Move) | None => {
            if before == after && made == 0 && lost == 0 {
                return None;
            }
            let shorter = after.len() < before.len() && after.iter().all(|block| before.contains(block));
            let replaced = view.of("aws_subnet").any(|change| change.action == Action::Replace);
            if shorter && made == 0 && !replaced {
                ("shrinks", note(lost, "destroyed"))
            } else if lost > 0 {
                ("is cut anew", note(lost, "replaced or destroyed"))
            } else {
                ("grows", note(made, "added"))
            }
        }
    };
    let note = note.trim_end().to_owned();
    Some(RangeChange { what, of: view.id(), before, after, note })
}

/// A rule of a network ACL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rule {
    pub(super) egress: bool,
    pub(super) action: String,
    pub(super) protocol: String,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) cidr: String,
    pub(super) number: i64,
}

impl Rule {
    fn read(value: &Value, egress: bool) -> Option<Self> {
        let text = |name: &str| value.get(name).map(words);
        let number = |name: &str| value.get(name).and_then(Value::number);
        Some(Self {
            egress,
            action: text("action")?,
            protocol: text("protocol")?,
            from: number("from_port").unwrap_or(0),
            to: number("to_port").unwrap_or(0),
            cidr: text("cidr_block").or_else(|| text("ipv6_cidr_block")).unwrap_or_default(),
            number: number("rule_no")?,
        })
    }

    /// `in tcp/443 from web-production private (10.0.0.0/21)`; a deny says so.
    pub(super) fn words(&self, names: &Names<'_>) -> String {
        let Self { egress, action, protocol, from, to, cidr, number: _ } = self;
        let protocol = match protocol.as_str() {
            "-1" | "all" => "everything",
            "6" => "tcp",
            "17" => "udp",
            "1" => "icmp",
            other => other,
        };
        let ports = match (protocol, from == to) {
            ("tcp" | "udp", true) => format!("/{from}"),
            ("tcp" | "udp", false) => format!("/{from}-{to}"),
            _ => String::new(),
        };
        let (direction, preposition) = if *egress { ("out", "to") } else { ("in", "from") };
        let deny = if action == "allow" { "" } else { "deny " };
        format!("{deny}{direction} {protocol}{ports} {preposition} {}", names.of(cidr))
    }

    pub(super) fn is_allow(&self) -> bool {
        self.action == "allow"
    }
}

/// The rules of an ACL.
pub(super) fn rules_of(acl: Option<&Instance>) -> BTreeSet<Rule> {
    let Some(acl) = acl else { return BTreeSet::new() };
    let of = |name: &str, egress| {
        let rows = acl.attributes.get(name).map(Value::items).unwrap_or_default();
        rows.iter().filter_map(move |row| Rule::read(row, egress)).collect::<Vec<_>>()
    };
    of("ingress", false).into_iter().chain(of("egress", true)).collect()
}

/// Rules of ACLs that stay.
pub(super) fn rules(view: &View<'_>, names: &Names<'_>, rows: &mut Rows) {
    if view.is_whole() {
        return;
    }
    for change in view.of("aws_network_acl") {
        let (before, after) = (rules_of(view.before(change)), rules_of(view.after(change)));
        let place = format!("{} {}", view.id(), key_of(change.address.as_str()));
        // A row that only gets another number still lets the same pass.
        let without = |rules: &BTreeSet<Rule>| -> BTreeSet<Rule> {
            rules.iter().map(|rule| Rule { number: 0, ..rule.clone() }).collect()
        };
        let (before, after) = (without(&before), without(&after));
        for rule in before.difference(&after) {
            rows.add(false, rule.words(names), place.clone());
        }
        for rule in after.difference(&before) {
            rows.add(true, rule.words(names), place.clone());
        }
    }
}

/// Routes of VPCs that stay, and of segments.
pub(super) fn routes(view: &View<'_>, names: &Names<'_>, rows: &mut Rows) {
    let whole = view.is_whole();
    for change in view.changes.resources.iter() {
        let (gone, come) = (view.before(change), view.after(change));
        match (&*change.type_name, change.action) {
            (_, Action::Move | Action::Forget | Action::Import) => {}
            ("aws_route", _) if !whole => {
                let table = key_of(change.address.as_str());
                let tier = table
                    .split('/')
                    .next()
                    .and_then(|it| it.rsplit_once('-'))
                    .map_or(table, |(tier, _)| tier);
                let place = format!("{} {tier}", view.id());
                for (comes, route) in [(false, gone), (true, come)] {
                    if let Some(row) = route.and_then(|route| route_words(route, names)) {
                        rows.add(comes, row, place.clone());
                    }
                }
            }
            ("aws_ec2_transit_gateway_route", _) => {
                for (comes, route) in [(false, gone), (true, come)] {
                    if let Some(row) = route.and_then(|route| transit_words(route, names)) {
                        rows.add(comes, row, view.id());
                    }
                }
            }
            ("aws_ec2_transit_gateway_route_table_propagation", Action::Create) if !whole => {
                rows.add(true, learns(change), view.id());
            }
            ("aws_ec2_transit_gateway_route_table_propagation", Action::Destroy) if !whole => {
                rows.add(false, learns(change), view.id());
            }
            _ => {}
        }
    }
    // What goes and comes the same way was only made anew.
    let both: Vec<String> = rows
        .0
        .keys()
        .filter(|(row, comes)| {
            *comes && { rows.0.get(&(row.clone(), false)) == rows.0.get(&(row.clone(), true)) }
        })
        .map(|(row, _)| row.clone())
        .collect();
    for row in both {
        rows.0.remove(&(row.clone(), true));
        rows.0.remove(&(row, false));
    }
}

/// Which segment learns the routes of which attachment.
pub(super) fn learns(change: &ResourceChange) -> String {
    let key = key_of(change.address.as_str());
    match key.split_once('/') {
        Some((segment, site)) => format!("segment {segment} learns the routes of {site}"),
        // Whose blocks is said by the place, so that many VPCs are one row.
        None => format!("segment {key} learns its blocks"),
    }
}

/// `10.0.0.0/8 by transit`
pub(super) fn route_words(route: &Instance, names: &Names<'_>) -> Option<String> {
    let to = names.of(text(Some(route), "destination_cidr_block")?);
    Some(format!("{to} by {}", target(route)))
}

/// Where a route of a VPC leads.
pub(super) fn target(route: &Instance) -> &'static str {
    let has = |name: &str| route.attributes.get(name).is_some();
    match (has("transit_gateway_id"), has("nat_gateway_id"), has("gateway_id")) {
        (true, _, _) => "transit",
        (_, true, _) => "NAT",
        (_, _, true) => "the internet gateway",
        (false, false, false) => "another way",
    }
}

/// `segment production: 0.0.0.0/0 to inspection`
fn transit_words(route: &Instance, names: &Names<'_>) -> Option<String> {
    let cidr = names.of(text(Some(route), "destination_cidr_block")?);
    let segment = key(route).split('/').next().unwrap_or_default();
    let is_blackhole = route.attributes.get("blackhole").and_then(Value::boolean) == Some(true);
    let end = if is_blackhole { "is dropped" } else { "has a static route" };
    Some(format!("segment {segment}: {cidr} {end}"))
}

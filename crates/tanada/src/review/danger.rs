//! What a reviewer must not miss.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tanada_model::net::Block;
use tanada_verify::Value;
use tanada_verify::changes::{Action, Changes, ResourceChange, RootFate};

use super::facts::{Rule, learns, route_words, rules_of, target};
use super::follow;
use super::guard::Loss;
use super::names::Names;
use super::view::{View, key_of, text, views, words_of};
use crate::revision::Difference;

/// Something that a reviewer must not miss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Danger {
    /// What it is.
    pub kind: DangerKind,
    /// Whom it concerns: a VPC's id, `hub.NAME`, a path.
    pub subject: String,
    /// What happens, in one line.
    pub words: String,
    /// Why, in one line; may be empty.
    pub why: String,
    /// Indexes of the causes it follows from.
    pub causes: Vec<usize>,
    /// Whether the lock says that somebody agreed to exactly this.
    pub accepted: bool,
}

/// Kinds of danger, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DangerKind {
    /// The new input has an error: its tree is not what it says.
    Input,
    /// A file of the tree is not what a run wrote.
    HandEdit,
    /// Something that runs is replaced.
    Replaced,
    /// Something that runs is destroyed.
    Destroyed,
    /// A root is gone while its state holds something.
    Abandoned,
    /// A promise of the lock is not kept.
    Promise,
    /// A root works in another account.
    Account,
    /// A route to everywhere appears.
    DefaultRoute,
    /// A rule lets more pass than it did.
    Widened,
    /// Something that people added may decide who reaches whom, changes, and is not followed: what it opens cannot be said.
    Unfollowed,
    /// Somebody loses a way.
    RouteLost,
    /// Public addresses are given back.
    PublicAddress,
    /// A rule of AWS or of the estate is not kept, and was before.
    Finding,
    /// Something that people added changes and is not understood.
    Unread,
    /// The tree does not follow from the input: no run was made after the last edit.
    Stale,
}

impl DangerKind {
    /// The word in front of it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Input => "error",
            Self::HandEdit => "edited by hand",
            Self::Replaced => "replaced",
            Self::Destroyed => "destroyed",
            Self::Abandoned => "abandoned",
            Self::Promise => "lock",
            Self::Account => "account",
            Self::DefaultRoute => "default route",
            Self::Widened => "widened",
            Self::Unfollowed => "not followed",
            Self::RouteLost => "route lost",
            Self::PublicAddress => "public address",
            Self::Finding => "rule",
            Self::Unread => "not understood",
            Self::Stale => "stale",
        }
    }
}

pub(super) fn danger(kind: DangerKind, subject: impl Into<String>, words: String) -> Danger {
    Danger { kind, subject: subject.into(), words, why: String::new(), causes: Vec::new(), accepted: false }
}

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
        use tanada_verify::changes::Forces;
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
        |view| loss(view, lost),
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
        "aws_ec2_transit_gateway_vpc_attachment_accepter" => "accepted attachment",
        "aws_ec2_transit_gateway_route_table_association"
            if changes.iter().all(|change| change.follows().is_some()) =>
        {
            return "it joins its segment anew".to_owned();
        }
        "aws_ec2_transit_gateway_route_table_association" => {
            let segments = changes.first().map(|change| segment_words(change)).unwrap_or_default();
            return format!("it leaves its segment{segments}");
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

/// Everything else that is dangerous in a root.
pub(super) fn others(view: &View<'_>, names: &Names) -> Vec<Danger> {
    let mut found = Vec::new();
    let id = view.id();
    if let RootFate::Gone { left } = view.changes.fate
        && left > 0
    {
        let directory = &view.changes.directory;
        let words = format!(
            "`{directory}` is gone, and its state holds {left} resources that nobody will plan again"
        );
        found.push(danger(DangerKind::Abandoned, id.clone(), words));
    }
    for account in &view.changes.accounts {
        let (old, new) = (words_of(account.old.as_ref()), words_of(account.new.as_ref()));
        let provider = &account.provider;
        let words = format!(
            "`{id}`: provider `{provider}` works in another account: {old} → {new}; what it made stays behind"
        );
        found.push(danger(DangerKind::Account, id.clone(), words));
    }
    found.extend(default_routes(view));
    found.extend(widened(view, names));
    found.extend(lost_routes(view, names));
    found.extend(public_addresses(view));
    found
}

fn is_everywhere(route: Option<&tanada_verify::Instance>) -> bool {
    text(route, "destination_cidr_block") == Some("0.0.0.0/0")
}

/// Routes to everywhere in a VPC that stays, and in segments.
fn default_routes(view: &View<'_>) -> Option<Danger> {
    let whole = view.is_whole();
    let mut places: BTreeSet<String> = BTreeSet::new();
    for change in &view.changes.resources {
        let come = view.after(change);
        let before = view.before(change);
        let same_way = || before.map(target) == come.map(target);
        let is_new = !is_everywhere(before) || !same_way();
        let key = key_of(change.address.as_str());
        if !is_everywhere(come) || !is_new || was_led_out(view, key, come) {
            continue;
        }
        match &*change.type_name {
            "aws_ec2_transit_gateway_route" => {
                places.insert(format!("segment {}", key.split('/').next().unwrap_or_default()));
            }
            "aws_route" if !whole => {
                let tier =
                    key.split('/').next().and_then(|table| table.rsplit_once('-')).map_or(key, |it| it.0);
                let by = come.map(target).unwrap_or_default();
                places.insert(format!("{tier} by {by}"));
            }
            _ => {}
        }
    }
    let places: Vec<String> = places.into_iter().collect();
    let id = view.id();
    (!places.is_empty()).then(|| {
        let words = format!("`{id}`: 0.0.0.0/0 leads out anew: {}", places.join(", "));
        danger(DangerKind::DefaultRoute, id, words)
    })
}

/// Whether the tier had this way out before, in another zone.
fn was_led_out(view: &View<'_>, key: &str, come: Option<&tanada_verify::Instance>) -> bool {
    let tier = |key: &str| key.split('/').next().and_then(|it| it.rsplit_once('-')).map(|it| it.0.to_owned());
    let mut before = view.old.into_iter().flat_map(|root| root.of_type("aws_route"));
    before.any(|route| {
        let own = route.key.name().and_then(tier);
        is_everywhere(Some(route))
            && own.is_some()
            && own == tier(key)
            && Some(target(route)) == come.map(target)
    })
}

/// Rules that take the place of narrower ones, and such as let everybody in.
fn widened(view: &View<'_>, names: &Names) -> Vec<Danger> {
    let mut found = Vec::new();
    if view.is_whole() {
        return found;
    }
    for change in view.of("aws_network_acl").filter(|change| change.action == Action::Update) {
        let (before, after) = (rules_of(view.before(change)), rules_of(view.after(change)));
        for rule in after.iter().filter(|rule| rule.is_allow() && !before.iter().any(|old| old.covers(rule)))
        {
            let old = before.iter().find(|old| !after.contains(old) && rule.covers(old) && old.is_allow());
            let open = rule.cidr == "0.0.0.0/0" && !rule.egress;
            if (old.is_none() && !open) || old.is_some_and(|old| only_adds_peers(old, rule, names)) {
                continue;
            }
            let (id, tier) = (view.id(), key_of(change.address.as_str()));
            let was = old.map(|old| format!(", which was {}", old.words(names))).unwrap_or_default();
            let words = format!("`{id}` {tier} lets more pass: {}{was}", rule.words(names));
            found.push(danger(DangerKind::Widened, id, words));
        }
    }
    found.truncate(3);
    found
}

/// Whether a rule reaches further only because a VPC has come beside the one that it was for: rules of neighbours are one
/// row of the range that is made of both.
fn only_adds_peers(old: &Rule, new: &Rule, names: &Names) -> bool {
    let ports = |rule: &Rule| (rule.protocol.clone(), rule.from, rule.to);
    ports(old) == ports(new) && new.cidr.parse::<Block>().is_ok_and(|block| names.has_grown_full(block))
}

impl Rule {
    /// Whether it speaks of everything that another one does.
    fn covers(&self, other: &Self) -> bool {
        let all = |rule: &Self| matches!(rule.protocol.as_str(), "-1" | "all");
        let protocol = all(self) || self.protocol == other.protocol;
        let ports = all(self) || (self.from <= other.from && other.to <= self.to);
        let block = |rule: &Self| rule.cidr.parse::<Block>().ok();
        let cidr = match (block(self), block(other)) {
            (Some(own), Some(other)) => own.contains(other),
            (None, _) | (_, None) => self.cidr == other.cidr,
        };
        self.egress == other.egress && self.action == other.action && protocol && ports && cidr
    }
}

/// Routes that go and that no other one replaces, in what stays.
fn lost_routes(view: &View<'_>, names: &Names) -> Option<Danger> {
    if view.is_whole() {
        return None;
    }
    let mut lost: BTreeSet<String> = BTreeSet::new();
    for change in &view.changes.resources {
        let is_gone = change.action == Action::Destroy;
        match &*change.type_name {
            "aws_route" if is_gone => {
                let Some(route) = view.before(change) else { continue };
                let key = key_of(change.address.as_str());
                let table = key.split('/').next().unwrap_or(key);
                if !is_still_led(view, table, route) {
                    let tier = table.rsplit_once('-').map_or(table, |it| it.0);
                    lost.insert(format!("{tier} to {}", route_words(route, names).unwrap_or_default()));
                }
            }
            "aws_ec2_transit_gateway_route_table_propagation" if is_gone => {
                lost.insert(format!("no longer: {}", learns(change)));
            }
            "aws_ec2_transit_gateway_route" if is_gone => {
                lost.insert(format!("segment route {}", key_of(change.address.as_str())));
            }
            _ => {}
        }
    }
    let id = view.id();
    let words: Vec<&str> = lost.iter().map(String::as_str).take(3).collect();
    let more = lost.len().saturating_sub(words.len());
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    (!lost.is_empty()).then(|| {
        danger(DangerKind::RouteLost, id.clone(), format!("`{id}` loses: {}{more}", words.join("; ")))
    })
}

/// Whether another route of the same table leads to where a lost one did.
fn is_still_led(view: &View<'_>, table: &str, lost: &tanada_verify::Instance) -> bool {
    let block = |route: &tanada_verify::Instance| {
        text(Some(route), "destination_cidr_block").and_then(|cidr| cidr.parse::<Block>().ok())
    };
    let way = target(lost);
    let Some(lost) = block(lost) else { return false };
    let routes = view.new.into_iter().flat_map(|root| root.of_type("aws_route"));
    let mut same_table = routes.filter(|route| {
        route.key.name().is_some_and(|key| key.strip_prefix(table).is_some_and(|rest| rest.starts_with('/')))
    });
    // A default route is another way, unless it leads to the same gateway.
    same_table.any(|route| {
        let is_narrow = |own: Block| own.prefix_len() > 0 || target(route) == way;
        block(route).is_some_and(|own| is_narrow(own) && own.contains(lost))
    })
}

/// Public addresses that others may have in their allow lists.
fn public_addresses(view: &View<'_>) -> Option<Danger> {
    let lost = view.of("aws_eip").filter(|change| change.action.is_destructive()).count();
    let id = view.id();
    (lost > 0).then(|| {
        let words = format!("`{id}` gives back {lost} public address{}", if lost == 1 { "" } else { "es" });
        danger(DangerKind::PublicAddress, id, words)
    })
}

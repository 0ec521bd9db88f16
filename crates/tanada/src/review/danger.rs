//! What a reviewer must not miss.

use std::collections::BTreeSet;

use serde::Serialize;
use tanada_model::net::Block;
use tanada_verify::changes::{Action, RootFate};

use super::facts::{Rule, learns, route_words, rules_of, target};
use super::names::Names;
use super::view::{View, key_of, text, words_of};

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

/// Everything else that is dangerous in a root.
pub(super) fn others(view: &View<'_>, names: &Names<'_>) -> Vec<Danger> {
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
fn widened(view: &View<'_>, names: &Names<'_>) -> Vec<Danger> {
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
fn only_adds_peers(old: &Rule, new: &Rule, names: &Names<'_>) -> bool {
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
fn lost_routes(view: &View<'_>, names: &Names<'_>) -> Option<Danger> {
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

//! Rows of network ACLs.

use tanada_model::design::{Action, Id as _, Intent, IntentId, Rule};

use super::{Book, Step, VpcCase, lock};
use crate::derive::{Origin, Speaker, said_of};
use crate::plan::{AclPlan, AclRule};

pub(super) fn add(book: &mut Book, vpc: VpcCase<'_>) {
    let said = said_of(vpc.case.design, vpc.case.allocation, vpc.id);
    for (i, AclPlan { tier, ingress, egress }) in vpc.root.acls.iter().enumerate() {
        let said = said.get(i).map(Vec::as_slice).unwrap_or_default();
        book.add(format!("acls.{tier}.tier"), tier, vpc.tier_line(tier, "has an ACL of its own"));
        for (side, rules) in [("ingress", ingress), ("egress", egress)] {
            for rule in rules {
                add_row(book, vpc, &format!("acls.{tier}.{side}"), tier, said, rule);
            }
        }
    }
}

fn add_row(book: &mut Book, vpc: VpcCase<'_>, prefix: &str, tier: &str, said: &[Origin], rule: &AclRule) {
    let AclRule { number, action, protocol, ports, block, cidr, why } = rule;
    let own = |name: &str| vpc.root.aggregates.get(name).copied();
    let mut steps: Vec<Step> =
        speakers(said, rule).into_iter().flat_map(|one| origin(vpc, tier, one)).collect();
    if steps.is_empty() {
        steps = guard(vpc, tier);
    }
    let why = why.text();
    if why.ends_with(", return") {
        steps.push(Step::rule(
            "ACLs keep no state: this row lets the answers through, ports 1024-65535 of the side that asked",
        ));
    }
    steps.extend(vpc.case.cidr(cidr, &own));
    let action = match action {
        Action::Allow => "allow",
        Action::Deny => "deny",
    };
    let protocol = match protocol {
        None => "-1",
        Some(tanada_model::design::Protocol::Tcp) => "tcp",
        Some(tanada_model::design::Protocol::Udp) => "udp",
        Some(tanada_model::design::Protocol::Icmp) => "icmp",
    };
    let every = if ["tcp", "udp"].contains(&protocol) { (0, u16::MAX) } else { (0, 0) };
    let (from, to) = ports.unwrap_or(every);
    let at = |attribute: &str| format!("{prefix}.{number}.{attribute}");
    let ordered = steps.iter().cloned().chain([Step::rule(order(*number, block.prefix_len()))]);
    book.add(at("number"), number, ordered.collect::<Vec<_>>());
    book.add(at("action"), action, steps.clone());
    book.add(at("protocol"), protocol, steps.clone());
    book.add(at("from"), from, steps.clone());
    book.add(at("to"), to, steps.clone());
    book.add(at("cidr"), block, steps.clone());
    book.add(at("why"), why, steps);
}

/// How a number is made.
fn order(number: u32, len: u8) -> String {
    let host_bits = 32_u32.saturating_sub(u32::from(len));
    let offset = number.saturating_sub(1000 * host_bits);
    let kind = match offset {
        0..300 => "denies",
        300..400 => "denies of wider peers",
        400..500 => "the standard",
        500..800 => "intents, by a hash that a younger one cannot move",
        _ => "what keeps the internet from being the estate",
    };
    format!(
        "{number} = 1000 × {host_bits} host bits of the peer + {offset}, a place for {kind}: narrower peers decide first"
    )
}

/// Who said what stands in a row: those of its name that speak about its addresses, else whoever speaks about them.
fn speakers<'a>(said: &'a [Origin], rule: &AclRule) -> Vec<&'a Origin> {
    let why = rule.why.text();
    let name = why.strip_suffix(", return").unwrap_or(&why);
    let about = |one: &&Origin| {
        (one.internet && rule.block.is_everything()) || one.peers.iter().any(|peer| peer.overlaps(rule.block))
    };
    let named: Vec<&Origin> = said.iter().filter(|one| one.name == name).filter(about).collect();
    if !named.is_empty() {
        return named;
    }
    let mentioned = said.iter().filter(|one| name.contains(one.name.as_str())).filter(about);
    mentioned.collect()
}

fn origin(vpc: VpcCase<'_>, tier: &str, origin: &Origin) -> Vec<Step> {
    let Origin { name, peers: _, peers_text, internet: _, speaker } = origin;
    match speaker {
        Speaker::Intent(birth) => {
            let Some(id) = intent(vpc, *birth, name) else { return Vec::new() };
            let Intent { entity, from: _, to: _, ports: _ } = &vpc.case.design.intents[id];
            let why = entity.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
            let words = format!("allow \"{}\"", entity.name);
            let mut steps = vec![Step::input(entity.span, words, format!("intent `{}`{why}", entity.name))];
            steps.extend(
                vpc.tier_line(tier, &format!("is one end of it; here the other end is {peers_text}")),
            );
            steps.push(lock::intent(&entity.name, "its age: a younger intent never moves its rows"));
            steps
        }
        Speaker::Rule => {
            let rules = vpc.rules(tier).into_iter().filter(|rule| rule.entity.name == *name);
            let line = |Rule { entity, action, from: _, to: _, ports: _ }: &Rule| {
                let kind = match action {
                    Action::Allow => "allow",
                    Action::Deny => "deny",
                };
                let what = format!("the layout's `{}`, for peers {peers_text}", entity.name);
                Step::input(entity.span, format!("{kind} \"{}\"", entity.name), what)
            };
            rules.map(line).collect()
        }
        Speaker::Standard => {
            vpc.tier_line(tier, &format!("has the standard of its kind: {name} (peer: {peers_text})"))
        }
    }
}

fn intent(vpc: VpcCase<'_>, birth: u32, name: &str) -> Option<IntentId> {
    let births = &vpc.case.allocation.intent_births;
    let of_birth = vpc.case.design.intents.ids().find(|id| births.get(id.index()) == Some(&birth));
    of_birth.or_else(|| vpc.case.design.intents.id(name))
}

/// What the internet is not.
fn guard(vpc: VpcCase<'_>, tier: &str) -> Vec<Step> {
    let mut steps = vpc.tier_line(tier, "has rows about 0.0.0.0/0");
    steps.push(Step::rule(
        "the internet is not the estate: before a row about 0.0.0.0/0, the estate's own ranges are closed",
    ));
    steps
}

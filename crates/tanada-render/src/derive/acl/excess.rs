//! What wider rows let through, in words: for the finding, and for the page of the VPC when it is accepted.

use std::collections::BTreeMap;

use tanada_model::acl::{Interval, Packets, protocol};
use tanada_model::diagnostic::{Diagnostic, acceptance};
use tanada_model::net::{Block, BlockSet};

use super::super::addresses::site_blocks;
use super::super::codes::ACL_EXCESS;
use super::super::facts::{Facts, TierFacts, VpcFacts};
use super::statement::Opens;
use super::widen::Wide;
use tanada_model::quotas::ACL_RULES;

/// What passes in one direction of an ACL although nobody said so.
pub(super) struct Excess<'a> {
    /// Names of the statements whose rows are wider, each once, sorted.
    names: Vec<&'a str>,
    /// Protocols and ports, whose addresses they are, and the addresses.
    parts: BTreeMap<(String, String), BlockSet>,
}

impl<'a> Excess<'a> {
    /// From the packets.
    pub(super) fn new(facts: &Facts<'_>, wide: &[Wide<'a>], packets: &Packets) -> Self {
        let mut names: Vec<&str> = wide.iter().flat_map(|wide| &wide.of).map(|row| &**row.name).collect();
        names.sort_unstable();
        names.dedup();
        let mut parts: BTreeMap<(String, String), Vec<Block>> = BTreeMap::new();
        for cell in packets.cells() {
            let [addresses, protocols, ports] = cell.0;
            let services = services(protocols, ports);
            for block in addresses.blocks() {
                for (whose, part) in whose(facts, block) {
                    parts.entry((services.clone(), whose)).or_default().push(part);
                }
            }
        }
        let parts = parts.into_iter().map(|(key, blocks)| (key, blocks.into_iter().collect())).collect();
        Self { names, parts }
    }

    /// Whether somebody decided to live with it, and why.
    pub(super) fn accepted<'d>(
        facts: &Facts<'d>,
        vpc: &VpcFacts<'_>,
        tier: &TierFacts<'_>,
    ) -> Option<&'d str> {
        let reference = vpc.reference(facts.design);
        let objects = [format!("{reference}.{}", tier.name), reference];
        let accepts = facts.design.accepts.iter().filter(|accept| accept.code.value == ACL_EXCESS.name);
        let named = |on: &str| objects.iter().any(|object| object == on);
        let mut accepts = accepts.filter(|a| a.on.is_empty() || a.on.iter().any(|on| named(&on.value)));
        accepts.next().map(|accept| accept.why.as_str())
    }

    /// Rows of the page: from, to, ports, why.
    pub(super) fn flows(&self, tier: &str, side: Opens, why: &str) -> Vec<[String; 4]> {
        let reason = format!("excess of wider rows for {}; accepted: {why}", self.names.join(", "));
        let flow = |((services, whose), blocks): (&(String, String), &BlockSet)| {
            let peer = format!("{blocks} ({whose})");
            let (services, reason) = (services.clone(), reason.clone());
            match side {
                Opens::Inward => [peer, tier.to_owned(), services, reason],
                Opens::Outward => [tier.to_owned(), peer, services, reason],
            }
        };
        self.parts.iter().map(flow).collect()
    }

    /// The finding, when nobody accepted it. `needed`: rows without any that is wider.
    pub(super) fn finding(
        &self,
        facts: &Facts<'_>,
        vpc: &VpcFacts<'_>,
        tier: &TierFacts<'_>,
        side: Opens,
        needed: usize,
    ) -> Diagnostic {
        let design = facts.design;
        let reference = vpc.reference(design);
        let (direction, passes, peer) = match side {
            Opens::Inward => ("ingress", "lets in", "from"),
            Opens::Outward => ("egress", "lets out", "to"),
        };
        let message = format!(
            "the ACL of tier `{}` of `{reference}` needs {needed} {direction} rules; AWS takes {} beside the last one, \
             enough only for rows that are wider than what was said",
            tier.name,
            ACL_RULES.of(design).saturating_sub(1),
        );
        let mut diagnostic = Diagnostic::new(ACL_EXCESS, message).at(vpc.vpc.entity.span, "");
        let mut intents = self.names.iter().filter_map(|name| design.intents.id(name));
        if let Some(intent) = intents.next() {
            diagnostic = diagnostic.at(design.intents[intent].entity.span, "");
        }
        for ((services, whose), blocks) in &self.parts {
            diagnostic = diagnostic.help(format!("{passes} {services} {peer} {blocks} ({whose})"));
        }
        let accept = acceptance(&ACL_EXCESS, &format!("{reference}.{}", tier.name));
        let accept = format!("write {accept} when that may pass");
        let diagnostic = diagnostic.help(format!("wider than said: `{}`", self.names.join("`, `")));
        raise(diagnostic.help(accept), needed)
    }
}

/// Adds how to raise the quota, where AWS does so.
pub(super) fn raise(diagnostic: Diagnostic, needed: usize) -> Diagnostic {
    match ACL_RULES.most.filter(|_| ACL_RULES.can_be(needed + 1)) {
        Some(most) => diagnostic
            .help(format!("if AWS raised yours (it goes up to {most}), {}", ACL_RULES.raised(needed + 1))),
        None => diagnostic,
    }
}

/// Protocols and ports as a person writes them.
fn services(protocols: Interval, ports: Interval) -> String {
    let whole = (ports.first(), ports.last()) == (0, u32::from(u16::MAX));
    let name = if (protocols.first(), protocols.last()) == (0, u32::from(u8::MAX)) {
        "all".to_owned()
    } else if protocols == Interval::one(protocol::TCP.into()) {
        "tcp".to_owned()
    } else if protocols == Interval::one(protocol::UDP.into()) {
        "udp".to_owned()
    } else if protocols == Interval::one(protocol::ICMP.into()) {
        "icmp".to_owned()
    } else {
        format!("protocols {}", range(protocols))
    };
    if whole { name } else { format!("{name}/{}", range(ports)) }
}

fn range(numbers: Interval) -> String {
    let (first, last) = (numbers.first(), numbers.last());
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// Whose the addresses of a block are: a VPC's, a site's, reserved, retired, free (in a root, nobody's), or outside.
fn whose(facts: &Facts<'_>, block: Block) -> Vec<(String, Block)> {
    let design = facts.design;
    let mut found: Vec<(String, Block)> = Vec::new();
    let mut left = BlockSet::from_iter([block]);
    let mut take = |whose: &dyn Fn() -> String, theirs: Block| {
        if !left.overlaps(theirs) {
            return;
        }
        let theirs: BlockSet = [theirs].into_iter().collect();
        let rest = left.minus(&theirs);
        found.extend((&left.minus(&rest)).into_iter().map(|part| (whose(), part)));
        left = rest;
    };
    for vpc in &facts.vpcs {
        vpc.blocks.iter().for_each(|&own| take(&|| vpc.reference(design), own));
    }
    for (id, reserved) in design.reserved.iter() {
        take(&|| format!("reserved.{}", design.reserved.name(id)), reserved.range.value);
    }
    for (id, site) in design.sites.iter() {
        let named = site_blocks(site).filter(|block| !block.is_everything());
        named.for_each(|own| take(&|| format!("site.{}", design.sites.name(id)), own));
    }
    for retired in &facts.allocation.retired {
        take(&|| format!("retired, of {}", retired.holder), retired.block);
    }
    for &root in &facts.roots {
        take(&|| "free".to_owned(), root);
    }
    found.extend((&left).into_iter().map(|part| ("outside the estate".to_owned(), part)));
    found
}

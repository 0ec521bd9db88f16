//! Sites that have one range and are learnt by one route table.
//!
//! Of two static routes with one destination a table has one, and it prefers a static one to an announced one, so one of the
//! sites could not be reached. A range inside of another site's is no conflict: the longest prefix decides.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{HubId, Id as _, SegmentId, SiteId, SiteRange};
use tanada_model::diagnostic::{Diagnostic, Span};
use tanada_model::net::Block;

use super::codes::ROUTE_CONFLICT;
use super::facts::Facts;
use super::segments::Segments;

/// Complains once of every two sites and range.
pub(super) fn check(facts: &Facts<'_>, segments: &Segments, diagnostics: &mut Vec<Diagnostic>) {
    let mut said: BTreeSet<(SiteId, SiteId, Block)> = BTreeSet::new();
    for (segment, hubs) in segments.on.iter().enumerate() {
        for &hub in hubs {
            for ((one, other), block) in conflicts(facts, segments, SegmentId::new(segment), hub) {
                if said.insert((one, other, block)) {
                    diagnostics.push(conflict(facts, SegmentId::new(segment), hub, [one, other], block));
                }
            }
        }
    }
}

/// Two sites and what both have, in one table. Where a person wrote a route to it, that one holds.
fn conflicts(
    facts: &Facts<'_>,
    segments: &Segments,
    segment: SegmentId,
    hub: HubId,
) -> Vec<((SiteId, SiteId), Block)> {
    let table = &segments.tables[segment.index()];
    let is_here = |site: &&SiteId| facts.design.sites[**site].links.iter().any(|link| link.hub == hub);
    let mut owners: BTreeMap<Block, SiteId> = BTreeMap::new();
    let mut found = Vec::new();
    for &site in table.sites.iter().filter(is_here) {
        for block in facts.site_ranges(site) {
            let first = *owners.entry(block).or_insert(site);
            if first != site && !table.written.contains_key(&block) {
                found.push(((first, site), block));
            }
        }
    }
    found
}

fn conflict(
    facts: &Facts<'_>,
    segment: SegmentId,
    hub: HubId,
    sites: [SiteId; 2],
    block: Block,
) -> Diagnostic {
    let design = facts.design;
    let [one, other] = sites.map(|site| design.sites.name(site));
    let message = format!(
        "`site.{one}` and `site.{other}` both have {block}, and segment `{}` learns both on hub `{}`",
        design.segments.name(segment),
        design.hubs.name(hub),
    );
    let [first, again] = sites.map(|site| place(facts, site, block));
    Diagnostic::new(ROUTE_CONFLICT, message)
        .at(again, "again")
        .at(first, "first")
        .help("one network with two ways in is one `site` with two `link`s")
        .help(format!(
            "else write for each what lies only there, or say which one is meant: `route \"NAME\" {{ to = [site.{one}], via = site.{one} }}`"
        ))
}

/// Where a site says that it has a range: the range, or the site when it names something that has it.
fn place(facts: &Facts<'_>, site: SiteId, block: Block) -> Span {
    let site = &facts.design.sites[site];
    let written = site.ranges.iter().find_map(|range| match range {
        SiteRange::Block(own) if own.value == block => Some(own.span),
        SiteRange::Block(_) | SiteRange::Reserved(_) | SiteRange::Pool(_) | SiteRange::Internet => None,
    });
    written.unwrap_or(site.entity.span)
}

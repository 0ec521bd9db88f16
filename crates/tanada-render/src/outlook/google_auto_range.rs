use std::collections::BTreeMap;

use tanada_model::design::PoolPlace;
use tanada_model::diagnostic::{Code, Diagnostic, Severity, Span};
use tanada_model::net::Block;

use super::{Ahead, some_of};

pub(super) const CODE: Code = Code {
    name: "google-auto-range",
    severity: Severity::Note,
    explanation: "Google gives a network in auto mode a range of 10.128.0.0/9 in every region. An estate that is connected \
                  to sites, and has VPCs there, cannot be connected to such a network, and every project begins with one \
                  (`default`).",
};

/// Ranges of auto mode networks: Google Cloud, VPC networks, auto mode IPv4 subnet ranges.
const RANGE: &str = "10.128.0.0/9";

/// Who is connected to nothing but itself meets nobody's range.
pub(super) fn look(ahead: &mut Ahead<'_>) {
    let (design, allocation) = (ahead.design, ahead.allocation);
    let Ok(range) = RANGE.parse::<Block>() else { return };
    if design.sites.ids().next().is_none() || design.accepted(CODE.name, RANGE) {
        return;
    }
    let roots: Vec<(String, Block, Span)> = design
        .pools
        .iter()
        .filter_map(|(id, pool)| match &pool.place {
            PoolPlace::Root(root) => Some((ahead.pool(id), root.value, pool.entity.span)),
            PoolPlace::Inner { size: _, parent: _ } => None,
        })
        .collect();
    let mut inside: BTreeMap<String, (Span, Vec<String>)> = BTreeMap::new();
    for own in &allocation.vpcs {
        let vpc = &design.vpcs[own.vpc];
        for block in own.blocks.iter().map(|own| own.block).filter(|block| range.overlaps(*block)) {
            let root = roots.iter().find(|(_, root, _)| root.contains(block));
            let (object, span) = root
                .map_or_else(|| (ahead.vpc(vpc), vpc.entity.span), |(name, _, span)| (name.clone(), *span));
            inside.entry(object).or_insert((span, Vec::new())).1.push(vpc.id.clone());
        }
    }
    for (object, (span, mut vpcs)) in inside {
        vpcs.dedup();
        let who = match vpcs.as_slice() {
            [one] => format!("`{one}` lies"),
            several => format!("{} of `{object}` lie", some_of(several)),
        };
        let message = format!("{who} in {RANGE}, which Google's networks in auto mode take for themselves");
        let finding = Diagnostic::new(CODE, message).at(span, "");
        let help = "make networks at Google in custom mode, or reserve the range in the pool";
        ahead.raise(finding.help(help), &object);
    }
}

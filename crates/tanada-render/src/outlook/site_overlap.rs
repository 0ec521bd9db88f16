use tanada_model::design::{Id as _, PoolPlace, SiteRange};
use tanada_model::diagnostic::{Code, Diagnostic, Severity};
use tanada_model::net::Block;

use super::Ahead;

pub(super) const CODE: Code = Code {
    name: "site-overlap",
    severity: Severity::Warning,
    explanation: "A VPC lies in a range that the input says to lie at a site. The longer prefix wins: whoever has the address \
                  at the site cannot be reached from here any more. A range that holds a whole root, as a data centre's /8 \
                  does, says where everything else is; what is reserved has a finding of its own (`reserved-overlap`).",
};

pub(super) fn look(ahead: &mut Ahead<'_>) {
    let (design, allocation) = (ahead.design, ahead.allocation);
    let roots: Vec<Block> = design
        .pools
        .values()
        .filter_map(|pool| match &pool.place {
            PoolPlace::Root(range) => Some(range.value),
            PoolPlace::Inner { size: _, parent: _ } => None,
        })
        .collect();
    let at_site = |range: &SiteRange| -> Vec<Block> {
        match range {
            SiteRange::Block(block) => vec![block.value],
            SiteRange::Pool(pool) => allocation.pools[pool.index()].extents.clone(),
            SiteRange::Reserved(_) | SiteRange::Internet => Vec::new(),
        }
    };
    let ranges: Vec<(&str, Block)> = design
        .sites
        .values()
        .flat_map(|site| site.ranges.iter().flat_map(at_site).map(|block| (site.entity.name.as_str(), block)))
        .collect();
    for own in &allocation.vpcs {
        let vpc = &design.vpcs[own.vpc];
        for block in own.blocks.iter().map(|own| own.block) {
            let everything_else =
                |range: Block| roots.iter().any(|root| root.contains(block) && range.contains(*root));
            let meets = |(_, range): &&(&str, Block)| range.overlaps(block) && !everything_else(*range);
            if let Some((site, range)) = ranges.iter().find(meets) {
                let message =
                    format!("`{}` (`{block}`) lies in `{range}`, which is at `site.{site}`", vpc.id);
                let finding = Diagnostic::new(CODE, message).at(vpc.entity.span, "");
                let object = ahead.vpc(vpc);
                ahead.raise(
                    finding.help("give it another range, or say more closely what lies at the site"),
                    &object,
                );
            }
        }
    }
}

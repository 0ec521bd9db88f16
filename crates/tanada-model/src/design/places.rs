//! A design without its places, to compare what two inputs mean.

use super::{Design, Entity, Intent, Layout, Placement, PoolPlace, Rule, SiteRange, Spanned, VpcBlock};
use crate::diagnostic::{FileId, Span};

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

impl Design {
    /// The same design with every place of the source forgotten: equal for two inputs that mean the same.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        self.backend.iter_mut().for_each(|backend| backend.span = NOWHERE);
        self.flow_log_bucket.iter_mut().for_each(forget);
        self.quotas.values_mut().for_each(forget);
        for accept in &mut self.accepts {
            forget(&mut accept.code);
            accept.on.iter_mut().for_each(forget);
        }
        self.severities.values_mut().for_each(|weight| weight.span = NOWHERE);
        self.accounts.values_mut().for_each(|account| entity(&mut account.entity));
        for pool in self.pools.values_mut() {
            entity(&mut pool.entity);
            match &mut pool.place {
                PoolPlace::Root(range) => forget(range),
                PoolPlace::Inner { size, parent: _ } => forget(size),
            }
        }
        for reserved in self.reserved.values_mut() {
            entity(&mut reserved.entity);
            forget(&mut reserved.range);
        }
        self.forget_network();
        self.layouts.values_mut().for_each(layout);
        self.environments.values_mut().for_each(|environment| entity(&mut environment.entity));
        self.teams.values_mut().for_each(|team| entity(&mut team.entity));
        for vpc in self.vpcs.values_mut() {
            entity(&mut vpc.entity);
            placement(&mut vpc.placement);
            vpc.headroom_written.iter_mut().for_each(|span| *span = NOWHERE);
            vpc.blocks.iter_mut().for_each(block);
        }
        self.intents.values_mut().for_each(intent);
        self
    }

    fn forget_network(&mut self) {
        for region in self.regions.values_mut() {
            entity(&mut region.entity);
            region.zones.values_mut().for_each(forget);
            region.zones_renamed_from.values_mut().for_each(forget);
        }
        for hub in self.hubs.values_mut() {
            entity(&mut hub.entity);
            forget(&mut hub.asn);
        }
        for site in self.sites.values_mut() {
            entity(&mut site.entity);
            site.links.iter_mut().for_each(|link| entity(&mut link.entity));
            for range in &mut site.ranges {
                match range {
                    SiteRange::Block(block) => forget(block),
                    SiteRange::Reserved(_) | SiteRange::Pool(_) | SiteRange::Internet => {}
                }
            }
        }
        for segment in self.segments.values_mut() {
            entity(&mut segment.entity);
            segment.routes.iter_mut().for_each(|route| entity(&mut route.entity));
        }
    }
}

fn forget<T>(spanned: &mut Spanned<T>) {
    spanned.span = NOWHERE;
}

fn entity(entity: &mut Entity) {
    entity.span = NOWHERE;
    entity.renamed_from.iter_mut().for_each(forget);
}

fn placement(placement: &mut Placement) {
    match placement {
        Placement::Pinned(range) => forget(range),
        Placement::Pool { pool: _, size } => forget(size),
    }
}

fn block(block: &mut VpcBlock) {
    entity(&mut block.entity);
    placement(&mut block.placement);
    block.headroom_written.iter_mut().for_each(|span| *span = NOWHERE);
}

fn layout(layout: &mut Layout) {
    entity(&mut layout.entity);
    layout.zones.iter_mut().for_each(|zone| zone.span = NOWHERE);
    layout.rules.iter_mut().for_each(rule);
    for tier in &mut layout.tiers {
        entity(&mut tier.entity);
        forget(&mut tier.size);
        tier.rules.iter_mut().for_each(rule);
    }
}

fn rule(rule: &mut Rule) {
    entity(&mut rule.entity);
    rule.from.iter_mut().chain(&mut rule.to).for_each(forget);
}

fn intent(intent: &mut Intent) {
    entity(&mut intent.entity);
    intent.from.iter_mut().chain(&mut intent.to).for_each(forget);
}

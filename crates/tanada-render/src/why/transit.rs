//! The attachment.

use tanada_model::document::place;

use super::{Book, Step, VpcCase, routes};
use crate::plan::TransitPlan;

pub(super) fn add(book: &mut Book, vpc: VpcCase<'_>) {
    let (Some(plan), Some(attachment)) = (&vpc.root.transit, vpc.vpc.attachment) else { return };
    let TransitPlan { hub, tier, segment, propagate_to, routes, accept, appliance_mode } = plan;
    let design = vpc.case.design;
    let gateways = vpc.case.plan.hub_addresses.iter();
    let gateway = gateways.filter(|one| one.name == *hub).map(|one| one.gateway.clone()).next();
    let of_hub: Vec<Step> = vpc
        .inherited("hub", |all| place(&all.hub))
        .into_iter()
        .chain([vpc.case.hub(attachment.hub)])
        .collect();
    let named = Step::rule("VPCs find the gateway by its Name tag, which `addresses/hub-…` holds");
    book.add("transit.gateway", gateway.unwrap_or_default(), of_hub.iter().cloned().chain([named]));
    book.add("transit.tier", tier, vpc.tier_line(tier, "carries the attachment (`attach`)"));
    book.add("transit.segment", segment, vpc.segment_steps());
    if propagate_to.is_empty() {
        let rule = Step::rule("no segment reaches this one: nobody learns the VPC's blocks");
        book.add("transit.propagate_to", "[]", vpc.segment_steps().into_iter().chain([rule]));
    }
    for learner in propagate_to {
        let mut steps = vpc.segment_steps();
        steps.extend(design.segments.id(learner).map(|id| vpc.case.segment(id)));
        steps.push(Step::rule(format!(
            "`reaches` is symmetric: `{learner}` and `{segment}` learn each other's routes"
        )));
        book.add(format!("transit.propagate_to.{learner}"), learner, steps);
    }
    if *accept {
        let account = vpc.inherited("account", |all| place(&all.account));
        let rule = Step::rule("the gateway belongs to another account, which has to accept the attachment");
        book.add("transit.accept", true, of_hub.iter().cloned().chain(account).chain([rule]));
    }
    if *appliance_mode {
        let inspects = vpc.statement().and_then(|vpc| place(&vpc.inspects));
        let line = inspects.map(|span| Step::input(span, "inspects", "a firewall stands inside"));
        let rule = Step::rule("both directions of a flow must pass the firewall of one zone");
        book.add("transit.appliance_mode", true, line.into_iter().chain([rule]));
    }
    let own = |name: &str| vpc.root.aggregates.get(name).copied();
    routes::add_static(book, vpc.case, "transit.routes", routes, &own);
}

impl VpcCase<'_> {
    /// The segment that the VPC is in.
    pub(super) fn segment_steps(self) -> Vec<Step> {
        let segment = self.vpc.attachment.map(|attachment| self.case.segment(attachment.segment));
        self.inherited("segment", |all| place(&all.segment)).into_iter().chain(segment).collect()
    }
}

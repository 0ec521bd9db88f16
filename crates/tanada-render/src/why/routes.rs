//! Rows of the routes' table, and static routes of segments.

use tanada_model::design::{Id as _, RouteTarget, SegmentId, SegmentRoute, WayOut};
use tanada_model::net::Block;

use super::{Book, Case, Step, VpcCase};
use crate::plan::{RoutePlan, RouteVia, StaticRoute};

pub(super) fn add(book: &mut Book, vpc: VpcCase<'_>) {
    let own = |name: &str| vpc.root.aggregates.get(name).copied();
    for row in &vpc.root.routes {
        let RoutePlan { tier, to, via, cidr } = row;
        let (target, words) = match via {
            RouteVia::Transit => ("transit", "to the Transit Gateway"),
            RouteVia::Internet => {
                ("internet", "to the internet gateway, since the tier is open to the internet")
            }
            RouteVia::Nat => ("nat", "to NAT: the tier goes out, and its segment has no `default`"),
        };
        let mut steps = vpc.tier_line(tier, words);
        if *via == RouteVia::Transit {
            steps.extend(vpc.segment_steps());
        }
        steps.extend(vpc.case.cidr(cidr, &own));
        steps.push(Step::rule(format!("`{to}`: what the segment reaches, a whole root as one route")));
        let at = |attribute: &str| format!("routes.{tier}/{to}.{attribute}");
        book.add(at("tier"), tier, steps.clone());
        book.add(at("to"), to, steps.clone());
        book.add(at("target"), target, steps.clone());
        let value = vpc.case.value(cidr, &own);
        book.add(at("cidr"), value.unwrap_or_default(), steps);
    }
}

/// Static routes of segments that lead to an attachment.
pub(super) fn add_static(
    book: &mut Book,
    case: Case<'_>,
    prefix: &str,
    routes: &[StaticRoute],
    own: &dyn Fn(&str) -> Option<Block>,
) {
    for StaticRoute { segment, to, cidr } in routes {
        let mut steps =
            case.design.segments.id(segment).map(|id| case.segment_routes(id, to)).unwrap_or_default();
        steps.extend(case.cidr(cidr, own));
        let at = |attribute: &str| format!("{prefix}.{segment}/{to}.{attribute}");
        book.add(at("segment"), segment, steps.clone());
        book.add(at("to"), to, steps.clone());
        book.add(at("cidr"), case.value(cidr, own).unwrap_or_default(), steps);
    }
}

impl Case<'_> {
    /// A segment, and the written route of it that a row's name begins with, if one does.
    fn segment_routes(self, id: SegmentId, to: &str) -> Vec<Step> {
        let mut steps = vec![self.segment(id)];
        let segment = &self.design.segments[id];
        for SegmentRoute { entity, to: targets, via } in &segment.routes {
            if to.strip_prefix(entity.name.as_str()).is_some_and(|rest| rest.starts_with('.')) {
                let what = format!("route `{}` of the segment", entity.name);
                steps.push(Step::input(entity.span, format!("\"{}\"", entity.name), what));
                steps.extend(targets.iter().flat_map(|target| self.target(*target)));
                steps.push(self.way_out(*via));
            }
        }
        if let (Some(default), "internet") = (segment.default, to) {
            steps.push(Step::rule("the segment's `default`: where 0.0.0.0/0 leads"));
            steps.push(self.way_out(default));
        }
        for &site in &segment.reaches_sites {
            let entity = &self.design.sites[site].entity;
            let what = format!("site `{}`, which the segment reaches", entity.name);
            steps.push(Step::input(entity.span, format!("site \"{}\"", entity.name), what));
        }
        steps
    }

    fn target(self, target: RouteTarget) -> Vec<Step> {
        match target {
            RouteTarget::Pool(id) => self.pool(id, 0),
            RouteTarget::Reserved(id) => {
                self.shared(&crate::plan::Shared::Reserved(self.design.reserved.name(id).to_owned()))
            }
            RouteTarget::Site(id) => vec![self.way_out(WayOut::Site(id))],
            RouteTarget::Vpc(id) => vec![self.way_out(WayOut::Vpc(id))],
            RouteTarget::Private => vec![Step::rule("the three private ranges of RFC 1918")],
        }
    }

    /// The line of a way out.
    pub(super) fn way_out(self, out: WayOut) -> Step {
        match out {
            WayOut::Vpc(id) => self
                .vpc(&self.design.vpcs[id].id)
                .map_or_else(|| Step::rule(format!("VPC number {}", id.index())), VpcCase::line),
            WayOut::Site(id) => {
                let entity = &self.design.sites[id].entity;
                let what = format!("site `{}`", entity.name);
                Step::input(entity.span, format!("site \"{}\"", entity.name), what)
            }
        }
    }
}

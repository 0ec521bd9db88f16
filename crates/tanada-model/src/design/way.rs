//! Whether two attachments can reach each other at all, as far as the segments alone say it.

use super::{Design, HubId, SegmentId, SiteId, VpcId, WayOut};

/// Something attached to a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attached {
    /// A VPC in a segment of a gateway.
    Vpc(HubId, SegmentId),
    /// A site.
    Site(SiteId),
}

impl Design {
    /// A VPC's attachment; `None` when it has none.
    pub fn attached(&self, vpc: VpcId) -> Option<Attached> {
        self.vpcs[vpc].attachment.map(|attachment| Attached::Vpc(attachment.hub, attachment.segment))
    }

    /// Whether packets find from `a` to `b` and back: over exchanged routes, or over a way out (`default`, `via`) whose
    /// own table knows the other. Generous where it depends on addresses: what it refuses can never work.
    pub fn way_between(&self, a: Attached, b: Attached) -> bool {
        let hubs = |end: Attached| match end {
            Attached::Vpc(hub, _) => vec![hub],
            Attached::Site(site) => self.sites[site].links.iter().map(|link| link.hub).collect(),
        };
        hubs(a).iter().any(|hub| hubs(b).contains(hub)) && self.finds(a, b) && self.finds(b, a)
    }

    /// The segment that an attachment is associated with.
    pub fn segment_of(&self, end: Attached) -> SegmentId {
        match end {
            Attached::Vpc(_, segment) => segment,
            Attached::Site(site) => self.sites[site].segment,
        }
    }

    fn finds(&self, from: Attached, to: Attached) -> bool {
        let own = self.segment_of(from);
        let target = self.segment_of(to);
        let through = |out: WayOut| {
            let is_target = matches!((out, to), (WayOut::Site(out), Attached::Site(to)) if out == to);
            let next = self.segment_of_way_out(out);
            is_target || next.is_some_and(|next| self.learns(next, to) && !self.drops(own, target))
        };
        self.learns(own, to) || self.ways_out(own).any(through)
    }

    /// Whether the table of `segment` holds routes to `end`.
    fn learns(&self, segment: SegmentId, end: Attached) -> bool {
        let other = self.segment_of(end);
        let by_name =
            matches!(end, Attached::Site(site) if self.segments[segment].reaches_sites.contains(&site));
        let back = self.segments[other].reaches_sites.iter().any(|site| self.sites[*site].segment == segment);
        let needs_back = self.ways_out(other).any(|out| self.segment_of_way_out(out) == Some(segment));
        self.segments[segment].reaches.contains(&other) || by_name || back || needs_back
    }

    fn ways_out(&self, segment: SegmentId) -> impl Iterator<Item = WayOut> {
        let segment = &self.segments[segment];
        segment.default.into_iter().chain(segment.routes.iter().map(|route| route.via))
    }

    fn segment_of_way_out(&self, out: WayOut) -> Option<SegmentId> {
        match out {
            WayOut::Vpc(vpc) => self.vpcs[vpc].attachment.map(|attachment| attachment.segment),
            WayOut::Site(site) => Some(self.sites[site].segment),
        }
    }

    /// Whether the table of `segment` has blackholes for the members of `other`: as written, else as derived.
    fn drops(&self, segment: SegmentId, other: SegmentId) -> bool {
        let own = &self.segments[segment];
        if let Some(drops) = &own.drops {
            return drops.contains(&other);
        }
        let inspected = match own.default {
            None => true,
            Some(WayOut::Vpc(vpc)) => self.vpcs[vpc].inspects,
            Some(WayOut::Site(_)) => false,
        };
        let uses = self.ways_out(segment).any(|out| self.segment_of_way_out(out) == Some(other));
        !inspected && !own.reaches.contains(&other) && (segment == other || !uses)
    }
}

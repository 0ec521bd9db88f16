//! Route tables of the gateway, worked out a second time from what the language says of segments.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Id, SegmentId, SiteId, VpcId, WayOut};
use tanada_model::lock::Lock;
use tanada_model::net::BlockSet;
use tanada_render::derive::derive;
use tanada_render::plan::Cidr;

use crate::estate::{allocated, fixture};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Member {
    Vpc(VpcId),
    Site(SiteId),
}

struct Language<'a>(&'a Design);

impl Language<'_> {
    fn segment_of(&self, out: WayOut) -> SegmentId {
        match out {
            WayOut::Vpc(vpc) => self.0.vpcs[vpc].attachment.unwrap().segment,
            WayOut::Site(site) => self.0.sites[site].segment,
        }
    }

    fn members(&self, segment: SegmentId) -> BTreeSet<Member> {
        let vpcs =
            self.0.vpcs.iter().filter(|(_, vpc)| vpc.attachment.is_some_and(|at| at.segment == segment));
        let sites = self.0.sites.iter().filter(|(_, site)| site.segment == segment);
        vpcs.map(|(id, _)| Member::Vpc(id)).chain(sites.map(|(id, _)| Member::Site(id))).collect()
    }

    fn ways(&self, segment: SegmentId) -> Vec<WayOut> {
        let segment = &self.0.segments[segment];
        segment.default.into_iter().chain(segment.routes.iter().map(|route| route.via)).collect()
    }

    /// Members of every segment that it reaches or that reaches it, and the way back of every way out that leads here.
    fn learnt(&self, table: SegmentId) -> BTreeSet<Member> {
        let mut learnt = BTreeSet::new();
        for other in self.0.segments.ids() {
            let (own, theirs) = (&self.0.segments[table], &self.0.segments[other]);
            let reaches = own.reaches.contains(&other) || theirs.reaches.contains(&table);
            let back = other != table && self.ways(other).iter().any(|out| self.segment_of(*out) == table);
            let by_site = theirs.reaches_sites.iter().any(|site| self.0.sites[*site].segment == table);
            if reaches || back || by_site {
                learnt.extend(self.members(other));
            }
            if other == table {
                learnt.extend(own.reaches_sites.iter().map(|site| Member::Site(*site)));
            }
        }
        learnt
    }

    fn drops(&self, table: SegmentId) -> Vec<SegmentId> {
        let segment = &self.0.segments[table];
        if let Some(drops) = &segment.drops {
            return drops.clone();
        }
        let Some(default) = segment.default else { return Vec::new() };
        if matches!(default, WayOut::Vpc(vpc) if self.0.vpcs[vpc].inspects) {
            return Vec::new();
        }
        let learnt = self.learnt(table);
        let ways: Vec<SegmentId> = self.ways(table).into_iter().map(|out| self.segment_of(out)).collect();
        let vpcs = |segment| self.members(segment).iter().filter(|m| matches!(m, Member::Vpc(_))).count();
        let dropped = |other: &SegmentId| {
            let members = self.members(*other);
            !members.is_empty()
                && !members.is_subset(&learnt)
                && !ways.contains(other)
                && (*other != table || vpcs(table) > 1)
        };
        self.0.segments.ids().filter(dropped).collect()
    }
}

#[test]
fn of_the_four_estates() {
    for name in ["m3", "lza-finance-tax", "aws-asea-pbmm", "modernisation-platform"] {
        let (design, allocation, _) = allocated(&fixture(name), &Lock::default());
        let plan = derive(&design, &allocation).0.unwrap();
        let language = Language(&design);
        let mut learnt: BTreeMap<&str, BTreeSet<Member>> = BTreeMap::new();
        for vpc in &plan.vpcs {
            let Some(transit) = &vpc.transit else { continue };
            let id = design.vpcs.id(&vpc.id).unwrap();
            assert_eq!(transit.segment, design.segments.name(design.vpcs[id].attachment.unwrap().segment));
            for table in &transit.propagate_to {
                learnt.entry(table).or_default().insert(Member::Vpc(id));
            }
        }
        // A site is known where it propagates or where static routes lead to its ranges.
        for attachment in plan.hubs.iter().flat_map(|hub| &hub.attachments) {
            let owns = |(id, _): &(SiteId, _)| {
                let site = design.sites.name(*id);
                attachment.name == site || attachment.name.starts_with(&format!("{site}-"))
            };
            let (site, _) =
                design.sites.iter().filter(owns).max_by_key(|(id, _)| design.sites.name(*id).len()).unwrap();
            let routed = attachment.routes.iter().filter(|route| route.cidr != Cidr::Everywhere);
            for table in attachment.propagate_to.iter().chain(routed.map(|route| &route.segment)) {
                learnt.entry(table).or_default().insert(Member::Site(site));
            }
        }
        for segment in &plan.hubs[0].segments {
            let id = design.segments.id(&segment.name).unwrap();
            let own = learnt.remove(segment.name.as_str()).unwrap_or_default();
            assert_eq!(own, language.learnt(id), "{name}: {}", segment.name);
            let blocks: BlockSet = language
                .drops(id)
                .into_iter()
                .flat_map(|other| language.members(other))
                .filter_map(|member| if let Member::Vpc(vpc) = member { Some(vpc) } else { None })
                .flat_map(|vpc| allocation.vpcs[vpc.index()].blocks.iter().map(|block| block.block))
                .collect();
            assert_eq!(segment.blackholes.len(), blocks.blocks().len(), "{name}: {}", segment.name);
        }
        assert!(learnt.is_empty(), "{name}: {learnt:?}");
    }
}

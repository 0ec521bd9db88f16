//! Route tables of gateways against the segments of the input: for every address where packets are led.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, HubId, RouteTarget, SegmentId, SiteId, VpcId, WayOut};
use tanada_model::net::{Block, BlockSet};

use super::places::{Places, everywhere, private};
use crate::Place;
use crate::network::{AttachmentKind, Network};
use crate::reach::RangeMap;

/// What a table decides about an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Led {
    /// No route.
    Nowhere,
    /// A blackhole.
    Dropped,
    /// To an attachment.
    To(usize),
}

/// Addresses that a table leads elsewhere than the input says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Astray {
    /// Index of the table.
    pub(super) table: usize,
    /// Which addresses.
    pub(super) addresses: (u32, u32),
    /// Where the input says they are led.
    pub(super) declared: Led,
    /// Where they are led.
    pub(super) found: Led,
    /// What leads them there; the table, when nothing does.
    pub(super) place: Place,
}

/// What of a network stands for what of a design.
struct Match<'a> {
    places: &'a Places<'a>,
    design: &'a Design,
    network: &'a Network,
    /// Attachments of sites by name: `site-link`.
    sites: BTreeMap<&'a str, usize>,
}

/// What the input says of every segment on every hub.
pub(super) fn declared_tables(places: &Places<'_>) -> super::routes::Tables {
    let matched = Match::new(places);
    let mut tables = super::routes::Tables::new();
    for segment in places.design.segments.ids() {
        for hub in places.design.hubs.ids() {
            let declared = RangeMap::longest_prefix(matched.declared(segment, hub), Led::Nowhere);
            tables.insert((segment, hub), declared);
        }
    }
    tables
}

/// Every table that leads elsewhere, and associations with another table than the input says.
pub(super) fn compare(places: &Places<'_>) -> (Vec<Astray>, Vec<(Place, String)>) {
    let network = places.network;
    let matched = Match::new(places);
    let mut astray = Vec::new();
    for (index, table) in network.transit_tables.iter().enumerate() {
        let Some(segment) = places.design.segments.id(&table.segment) else { continue };
        let Some(hub) = matched.hub_of(index) else { continue };
        astray.extend(matched.table(index, segment, hub));
    }
    (astray, matched.associations())
}

impl<'a> Match<'a> {
    fn new(places: &'a Places<'a>) -> Self {
        let network = places.network;
        let sites =
            network.attachments.iter().enumerate().filter_map(|(at, attachment)| match attachment.kind {
                AttachmentKind::Site { .. } => Some((attachment.name.as_str(), at)),
                AttachmentKind::Vpc { .. } => None,
            });
        Self { places, design: places.design, network, sites: sites.collect() }
    }

    /// The hub whose gateway a table is on: by the folder that it stands in.
    fn hub_of(&self, table: usize) -> Option<HubId> {
        let file = self.network.transit_tables[table].place.file();
        let name = file.strip_prefix("hub/")?.split('/').next()?;
        self.design.hubs.id(name)
    }

    fn vpc(&self, vpc: VpcId, hub: HubId) -> Option<usize> {
        let attachment = self.design.vpcs[vpc].attachment?;
        use tanada_model::design::Id as _;
        let at = self.places.vpcs[vpc.index()]?;
        (attachment.hub == hub).then_some(self.network.vpcs[at].attachment).flatten()
    }

    /// Attachments of a site on a hub.
    fn site(&self, site: SiteId, hub: HubId) -> Vec<usize> {
        let name = self.design.sites.name(site);
        let links = self.design.sites[site].links.iter().filter(|link| link.hub == hub);
        let own = links.filter_map(|link| self.sites.get(format!("{name}-{}", link.entity.name).as_str()));
        own.copied().collect()
    }

    fn way_out(&self, out: WayOut, hub: HubId) -> Option<usize> {
        match out {
            WayOut::Vpc(vpc) => self.vpc(vpc, hub),
            WayOut::Site(site) => self.site(site, hub).first().copied(),
        }
    }

    fn segment_of(&self, out: WayOut) -> Option<SegmentId> {
        match out {
            WayOut::Vpc(vpc) => self.design.vpcs[vpc].attachment.map(|attachment| attachment.segment),
            WayOut::Site(site) => Some(self.design.sites[site].segment),
        }
    }

    /// Where packets of a segment may be led on their way out.
    fn ways_out(&self, segment: SegmentId) -> Vec<WayOut> {
        let segment = &self.design.segments[segment];
        segment.default.into_iter().chain(segment.routes.iter().map(|route| route.via)).collect()
    }

    /// Segments whose members a segment knows: it reaches them or they reach it, or one is the other's way out; itself, when
    /// it holds its own way out beside others.
    fn knows(&self, segment: SegmentId) -> BTreeSet<SegmentId> {
        let design = self.design;
        let mut known: BTreeSet<SegmentId> = design.segments[segment].reaches.iter().copied().collect();
        for (id, other) in design.segments.iter() {
            let named = other.reaches_sites.iter().any(|site| design.sites[*site].segment == segment);
            let mut back = self.ways_out(id).into_iter().filter(|out| self.segment_of(*out) == Some(segment));
            let others = |out: &WayOut| {
                let mut members = design.vpcs.iter().filter(|(_, vpc)| {
                    vpc.attachment.as_ref().is_some_and(|attachment| attachment.segment == segment)
                });
                members.any(|(vpc, _)| *out != WayOut::Vpc(vpc))
            };
            if other.reaches.contains(&segment) || named || back.any(|out| id != segment || others(&out)) {
                known.insert(id);
            }
        }
        known
    }

    fn sites_known(&self, segment: SegmentId, known: &BTreeSet<SegmentId>) -> Vec<SiteId> {
        let named = &self.design.segments[segment].reaches_sites;
        let all = self.design.sites.iter();
        all.filter(|(id, site)| named.contains(id) || known.contains(&site.segment))
            .map(|(id, _)| id)
            .collect()
    }

    /// What the input says of one table: static routes before learnt ones.
    fn declared(&self, segment: SegmentId, hub: HubId) -> Vec<(Block, Led)> {
        let design = self.design;
        let own = &design.segments[segment];
        let known = self.knows(segment);
        let sites = self.sites_known(segment, &known);
        let mut fixed: Vec<(Block, Led)> = Vec::new();
        let to = |out: WayOut| self.way_out(out, hub).map_or(Led::Nowhere, Led::To);
        fixed.extend(own.default.map(|out| (everywhere(), to(out))));
        for route in &own.routes {
            let blocks = route.to.iter().flat_map(|target| self.target(*target));
            fixed.extend(blocks.map(|block| (block, to(route.via))));
        }
        let mut learnt: Vec<(Block, Led)> = Vec::new();
        for site in &sites {
            let (links, ranges) = (self.site(*site, hub), self.places.site(*site));
            // With several links, and without known ranges, the attachments announce what they lead to.
            let list = if links.len() == 1 { &mut fixed } else { &mut learnt };
            if let Some(link) = links.first() {
                list.extend(ranges.into_iter().map(|block| (block, Led::To(*link))));
            }
        }
        let members = design.vpcs.ids().filter(|vpc| {
            design.vpcs[*vpc].attachment.is_some_and(|at| at.hub == hub && known.contains(&at.segment))
        });
        for vpc in members {
            if let Some(attachment) = self.vpc(vpc, hub) {
                learnt.extend(self.places.vpc(vpc).into_iter().map(|block| (block, Led::To(attachment))));
            }
        }
        let drops = self.dropped(segment, &known);
        let holes = self.blackholes(&drops, &sites, hub);
        let holes = holes.blocks().iter().filter(|block| fixed.iter().all(|(own, _)| own != *block));
        let holes: Vec<(Block, Led)> = holes.map(|block| (*block, Led::Dropped)).collect();
        fixed.into_iter().chain(holes).chain(learnt).collect()
    }

    fn target(&self, target: RouteTarget) -> Vec<Block> {
        use tanada_model::design::Endpoint;
        let end = match target {
            RouteTarget::Pool(id) => Endpoint::Pool(id),
            RouteTarget::Reserved(id) => Endpoint::Reserved(id),
            RouteTarget::Site(id) => Endpoint::Site(id),
            RouteTarget::Vpc(id) => Endpoint::Vpc(id),
            RouteTarget::Private => return private().to_vec(),
        };
        self.places.end(&end).0
    }

    /// Segments that a table drops: as written, else those that it neither knows nor uses, unless a firewall decides.
    fn dropped(&self, segment: SegmentId, known: &BTreeSet<SegmentId>) -> Vec<SegmentId> {
        let own = &self.design.segments[segment];
        if let Some(drops) = &own.drops {
            return drops.clone();
        }
        let inspected = match own.default {
            None => true,
            Some(WayOut::Vpc(vpc)) => self.design.vpcs[vpc].inspects,
            Some(WayOut::Site(_)) => false,
        };
        if inspected {
            return Vec::new();
        }
        let used: Vec<SegmentId> =
            self.ways_out(segment).into_iter().filter_map(|out| self.segment_of(out)).collect();
        let members = |id: SegmentId| {
            self.design.vpcs.values().filter(|vpc| vpc.attachment.is_some_and(|at| at.segment == id)).count()
        };
        let own_members = members(segment);
        let other =
            |id: &SegmentId| !known.contains(id) && !used.contains(id) && (*id != segment || own_members > 1);
        self.design.segments.ids().filter(other).collect()
    }

    fn blackholes(&self, drops: &[SegmentId], sites: &[SiteId], hub: HubId) -> BlockSet {
        let design = self.design;
        let vpcs = design.vpcs.ids().filter(|vpc| {
            design.vpcs[*vpc].attachment.is_some_and(|at| at.hub == hub && drops.contains(&at.segment))
        });
        let others =
            design.sites.iter().filter(|(id, site)| drops.contains(&site.segment) && !sites.contains(id));
        let ranges = others.flat_map(|(id, _)| self.places.site(id)).filter(|block| !block.is_everything());
        vpcs.flat_map(|vpc| self.places.vpc(vpc)).chain(ranges).collect()
    }

    fn table(&self, index: usize, segment: SegmentId, hub: HubId) -> Vec<Astray> {
        let table = &self.network.transit_tables[index];
        let declared = RangeMap::longest_prefix(self.declared(segment, hub), Led::Nowhere);
        let mut fixed: Vec<(Block, Led)> = Vec::new();
        let mut places: Vec<(Block, &Place)> = Vec::new();
        for route in &table.routes {
            fixed.push((route.to, route.attachment.map_or(Led::Dropped, Led::To)));
            places.push((route.to, &route.place));
        }
        for (attachment, place) in &table.propagations {
            for block in self.network.blocks_of(*attachment) {
                fixed.push((block, Led::To(*attachment)));
                places.push((block, place));
            }
        }
        let numbers = places.iter().zip(1_usize..).map(|((block, _), number)| (*block, number)).collect();
        let (found, by) =
            (RangeMap::longest_prefix(fixed, Led::Nowhere), RangeMap::longest_prefix(numbers, 0_usize));
        let both =
            declared.with(&found, |declared, found| (declared, found)).with(&by, |pair, by| (pair, by));
        let mut astray = Vec::new();
        for (first, last, ((declared, found), by)) in both.iter() {
            if declared == found || self.same_site(declared, found) {
                continue;
            }
            let decided = by.checked_sub(1).and_then(|at| places.get(at)).map(|(_, place)| *place);
            // What should have been learnt is missing, whatever wider route takes its place.
            let unlearnt = |led: Led| match led {
                Led::To(attachment) => {
                    !table.propagations.iter().any(|(other, _)| *other == attachment)
                        && !table.routes.iter().any(|route| route.attachment == Some(attachment))
                }
                Led::Nowhere | Led::Dropped => false,
            };
            let decided = decided.filter(|_| !unlearnt(declared));
            let place = decided.cloned().unwrap_or_else(|| self.missing(index, declared));
            astray.push(Astray { table: index, addresses: (first, last), declared, found, place });
        }
        astray
    }

    /// Two links of one site are equally right.
    fn same_site(&self, one: Led, two: Led) -> bool {
        let (Led::To(one), Led::To(two)) = (one, two) else { return false };
        self.design.sites.ids().any(|site| {
            self.design.hubs.ids().any(|hub| {
                let links = self.site(site, hub);
                links.contains(&one) && links.contains(&two)
            })
        })
    }

    /// Where a route should have been written: in the list of what the attachment tells, else at the table.
    fn missing(&self, table: usize, declared: Led) -> Place {
        match declared {
            Led::To(attachment) => {
                let told = self.network.transit_tables.iter().flat_map(|table| &table.propagations);
                let own = told.filter(|(other, _)| *other == attachment).map(|(_, place)| place);
                own.min().unwrap_or(&self.network.attachments[attachment].place).clone()
            }
            Led::Nowhere | Led::Dropped => self.network.transit_tables[table].place.clone(),
        }
    }

    /// Attachments in another segment than the input says.
    fn associations(&self) -> Vec<(Place, String)> {
        let mut wrong = Vec::new();
        let mut check = |attachment: usize, declared: SegmentId| {
            let own = &self.network.attachments[attachment];
            let declared = self.design.segments.name(declared);
            match &own.table {
                Some((table, place)) => {
                    let found = &self.network.transit_tables[*table].segment;
                    if found != declared {
                        let text =
                            format!("`{}` is in segment `{found}`; the input says `{declared}`", own.name);
                        wrong.push((place.clone(), text));
                    }
                }
                None => wrong.push((
                    own.place.clone(),
                    format!("`{}` is in no segment; the input says `{declared}`", own.name),
                )),
            }
        };
        for (id, vpc) in self.design.vpcs.iter() {
            if let Some(attachment) = vpc.attachment
                && let Some(index) = self.vpc(id, attachment.hub)
            {
                check(index, attachment.segment);
            }
        }
        for (id, site) in self.design.sites.iter() {
            for hub in self.design.hubs.ids() {
                for index in self.site(id, hub) {
                    check(index, site.segment);
                }
            }
        }
        wrong
    }
}

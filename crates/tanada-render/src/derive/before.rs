//! What things were called before, as keys in a state still have it.

use std::collections::BTreeMap;

use tanada_model::design::{Design, Entity, Id, Table, Vpc};
use tanada_model::net::Block;

use super::facts::{Facts, everywhere};
use crate::plan::{Cidr, Shared};

/// Old names by the names of today. Empty when nothing says that it was renamed.
#[derive(Default)]
pub(super) struct Before {
    accounts: Names,
    pools: Names,
    reserved: Names,
    segments: Names,
    /// Of a segment: `segment/route`.
    routes: Names,
    sites: Names,
    /// Attachments of sites: `site-link`.
    attachments: Names,
    /// By VPC's id.
    vpcs: Names,
    /// By VPC's id and tier.
    tiers: BTreeMap<(String, String), String>,
    /// By VPC's id and letter.
    zones: BTreeMap<(String, String), String>,
    /// Blocks by the thing that holds them.
    blocks: BTreeMap<Shared, Block>,
}

type Names = BTreeMap<String, String>;

impl Before {
    pub(super) fn new(facts: &Facts<'_>) -> Self {
        let design = facts.design;
        let vpcs = design.vpcs.values().filter_map(|vpc| Some((vpc.id.clone(), old_id(design, vpc)?)));
        let tiers = facts.allocation.renamed_tiers.iter();
        let mut before = Self {
            accounts: renamed(&design.accounts, |account| &account.entity),
            pools: renamed(&design.pools, |pool| &pool.entity),
            reserved: renamed(&design.reserved, |reserved| &reserved.entity),
            segments: renamed(&design.segments, |segment| &segment.entity),
            sites: renamed(&design.sites, |site| &site.entity),
            vpcs: vpcs.collect(),
            tiers: tiers
                .map(|(vpc, old, new)| ((design.vpcs[*vpc].id.clone(), new.clone()), old.clone()))
                .collect(),
            zones: zones(design),
            ..Self::default()
        };
        before.routes = before.routes_of(design);
        before.attachments = before.attachments_of(design);
        if !before.is_empty() {
            before.blocks = facts.owners.by_thing();
        }
        before
    }

    /// Whether nothing was renamed.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            accounts,
            pools,
            reserved,
            segments,
            routes,
            sites,
            attachments,
            vpcs,
            tiers,
            zones,
            blocks: _,
        } = self;
        let names = [accounts, pools, reserved, segments, routes, sites, attachments, vpcs];
        names.into_iter().all(BTreeMap::is_empty) && tiers.is_empty() && zones.is_empty()
    }

    fn routes_of(&self, design: &Design) -> Names {
        let mut routes = Names::new();
        for segment in design.segments.values() {
            let is_there = |name: &str| segment.routes.iter().any(|route| route.entity.name == name);
            for route in &segment.routes {
                if let Some(old) = old_name(&route.entity, is_there) {
                    routes.insert(format!("{}/{}", segment.entity.name, route.entity.name), old.to_owned());
                }
            }
        }
        routes
    }

    fn attachments_of(&self, design: &Design) -> Names {
        let mut attachments = Names::new();
        for (id, site) in design.sites.iter() {
            let name = design.sites.name(id);
            let is_there = |name: &str| site.links.iter().any(|link| link.entity.name == name);
            for link in &site.links {
                let new = &link.entity.name;
                let old_link = old_name(&link.entity, is_there).unwrap_or(new);
                let old = format!("{}-{old_link}", of(&self.sites, name));
                attachments.insert(format!("{name}-{new}"), old);
            }
        }
        attachments.retain(|new, old| new != old);
        attachments
    }

    pub(super) fn account<'n>(&'n self, name: &'n str) -> &'n str {
        of(&self.accounts, name)
    }

    pub(super) fn attachment<'n>(&'n self, name: &'n str) -> &'n str {
        of(&self.attachments, name)
    }

    pub(super) fn pool<'n>(&'n self, name: &'n str) -> &'n str {
        of(&self.pools, name)
    }

    pub(super) fn segment<'n>(&'n self, name: &'n str) -> &'n str {
        of(&self.segments, name)
    }

    pub(super) fn tier<'n>(&'n self, vpc: &str, name: &'n str) -> &'n str {
        self.tiers.get(&(vpc.to_owned(), name.to_owned())).map_or(name, String::as_str)
    }

    pub(super) fn zone<'n>(&'n self, vpc: &str, letter: &'n str) -> &'n str {
        self.zones.get(&(vpc.to_owned(), letter.to_owned())).map_or(letter, String::as_str)
    }

    /// A thing under its old name.
    pub(super) fn shared(&self, thing: &Shared) -> Shared {
        let name = |names: &Names, name: &str| of(names, name).to_owned();
        match thing {
            Shared::Root(pool) => Shared::Root(name(&self.pools, pool)),
            Shared::Pool(pool, i) => Shared::Pool(name(&self.pools, pool), *i),
            Shared::Reserved(reserved) => Shared::Reserved(name(&self.reserved, reserved)),
            Shared::Site(site, i) => Shared::Site(name(&self.sites, site), *i),
            Shared::Private(i) => Shared::Private(*i),
            Shared::Block(vpc, i) => Shared::Block(name(&self.vpcs, vpc), *i),
            Shared::Tier(vpc, tier, i) => {
                Shared::Tier(name(&self.vpcs, vpc), self.tier(vpc, tier).to_owned(), *i)
            }
            Shared::Aggregate(aggregate) => Shared::Aggregate(aggregate.clone()),
        }
    }

    /// What a row that leads to `cidr` was called: the name of the thing that is there, behind that of a written route.
    pub(super) fn row(
        &self,
        facts: &Facts<'_>,
        segment: Option<&str>,
        to: &str,
        cidr: &Cidr,
        aggregates: &BTreeMap<String, Block>,
    ) -> String {
        let block = match cidr {
            Cidr::Literal(block) => Some(*block),
            Cidr::Everywhere => Some(everywhere()),
            Cidr::Shared(thing) => self.blocks.get(thing).copied(),
            Cidr::Aggregate(name) => aggregates.get(name).copied(),
        };
        let Some(block) = block else { return to.to_owned() };
        let label = facts.owners.label(block);
        let Some(route) = to.strip_suffix(label.as_str()) else { return to.to_owned() };
        let label = facts.owners.old_label(block, self);
        match (route.strip_suffix('.'), segment) {
            (Some(route), Some(segment)) => {
                let old = self.routes.get(&format!("{segment}/{route}")).map_or(route, String::as_str);
                format!("{old}.{label}")
            }
            (Some(_), None) | (None, _) => format!("{route}{label}"),
        }
    }
}

/// The old name, else the one of today.
fn of<'n>(names: &'n Names, name: &'n str) -> &'n str {
    names.get(name).map_or(name, String::as_str)
}

/// What a thing was called, unless something else has that name today.
fn old_name(entity: &Entity, is_there: impl Fn(&str) -> bool) -> Option<&str> {
    entity.renamed_from.as_ref().map(|old| old.value.as_str()).filter(|old| !is_there(old))
}

fn renamed<I: Id, T>(table: &Table<I, T>, entity: impl Fn(&T) -> &Entity) -> Names {
    let old = |value| old_name(entity(value), |name| table.id(name).is_some());
    let both = table.names().zip(table.values());
    both.filter_map(|(name, value)| Some((name.to_owned(), old(value)?.to_owned()))).collect()
}

/// The id of a VPC before it, its team, or its environment got another name.
fn old_id(design: &Design, vpc: &Vpc) -> Option<String> {
    let team = &design.teams[vpc.team].entity;
    let old_team = team.renamed_from.as_ref().map_or(team.name.as_str(), |old| old.value.as_str());
    let old_label = design.old_label(vpc).unwrap_or(vpc.entity.name.as_str());
    let old = format!("{old_team}-{old_label}");
    (old != vpc.id && design.vpcs.id(&old).is_none()).then_some(old)
}

/// Old letters of zones, by VPC.
fn zones(design: &Design) -> BTreeMap<(String, String), String> {
    let mut zones = BTreeMap::new();
    for vpc in design.vpcs.values() {
        let region = &design.regions[vpc.region];
        for letter in region.zones_renamed_from.keys() {
            if let Some(old) = region.old_letter(letter) {
                zones.insert((vpc.id.clone(), letter.clone()), old.to_owned());
            }
        }
    }
    zones
}

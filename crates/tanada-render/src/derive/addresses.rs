//! Which place holds each block's literal, and how everybody else writes it.
//!
//! A block belongs to the largest thing that has it: root, pool, reservation, site, RFC 1918, VPC block, tier, in this
//! order. Whoever comes first holds the literal; an equal block elsewhere refers to it. What no thing has (a sum of
//! blocks) becomes an aggregate with a name that holds no address, so that it survives a change of ranges.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use tanada_model::design::{Design, Id, Peer, PoolPlace, RouteTarget, Site, SiteRange};
use tanada_model::net::{Block, Position};

use super::before::Before;
use super::facts::{Facts, private};
use super::names::in_a_name;
use crate::plan::{Cidr, Shared};

/// The thing that holds each block's literal.
#[derive(Default)]
pub(super) struct Owners {
    /// Asked for every row of every ACL and route table, and never walked: see `order`.
    of: BTreeMap<Block, Arc<Shared>>,
    /// The blocks of `of`, sorted.
    order: Vec<Block>,
    /// Extents of every pool with its name and their number, largest block last of equals in `Block` order.
    pools: Vec<(Block, String, usize)>,
    /// [`Owners::birth_label`] of every block that somebody has.
    birth_labels: BTreeMap<Block, Arc<str>>,
    /// VPCs' names at birth, by id.
    births: BTreeMap<String, String>,
    /// VPCs' blocks, by id.
    vpcs: BTreeMap<String, Vec<Block>>,
    /// Whether something refers to the ranges of RFC 1918.
    pub(super) private: bool,
}

impl Owners {
    /// Gives every named block its owner.
    pub(super) fn new(facts: &Facts<'_>) -> Self {
        let Facts { design, allocation: _, owners: _, before: _, vpcs, roots: _, estate: _ } = facts;
        let mut owners = Self { private: private_is_named(design), ..Self::default() };
        owners.add_pools(facts);
        for (id, reserved) in design.reserved.iter() {
            owners.add(reserved.range.value, Shared::Reserved(design.reserved.name(id).to_owned()));
        }
        for (id, site) in design.sites.iter() {
            for (i, block) in site_blocks(site).enumerate() {
                owners.add(block, Shared::Site(design.sites.name(id).to_owned(), i));
            }
        }
        if owners.private {
            for (i, block) in private().into_iter().enumerate() {
                owners.add(block, Shared::Private(i));
            }
        }
        owners.births = vpcs.iter().map(|vpc| (vpc.vpc.id.clone(), vpc.allocation.birth.clone())).collect();
        owners.vpcs = vpcs.iter().map(|vpc| (vpc.vpc.id.clone(), vpc.blocks.clone())).collect();
        for vpc in vpcs {
            for (i, &block) in vpc.blocks.iter().enumerate() {
                owners.add(block, Shared::Block(vpc.vpc.id.clone(), i));
            }
        }
        for vpc in vpcs {
            for tier in vpc.tiers.iter().filter(|tier| !tier.tier.attach) {
                for (i, &block) in tier.ranges.iter().enumerate() {
                    owners.add(block, Shared::Tier(vpc.vpc.id.clone(), tier.name.to_owned(), i));
                }
            }
        }
        owners.order.sort_unstable();
        let label = |&block: &Block| (block, owners.make_birth_label(block).into());
        let labels: Vec<(Block, Arc<str>)> = owners.order.par_iter().map(label).collect();
        owners.birth_labels = labels.into_iter().collect();
        owners
    }

    fn add_pools(&mut self, facts: &Facts<'_>) {
        let design = facts.design;
        for (id, pool) in design.pools.iter() {
            if let PoolPlace::Root(range) = &pool.place {
                self.add(range.value, Shared::Root(design.pools.name(id).to_owned()));
            }
        }
        for (id, pool) in design.pools.iter() {
            let name = design.pools.name(id);
            for (i, &extent) in facts.allocation.pools[id.index()].extents.iter().enumerate() {
                self.pools.push((extent, name.to_owned(), i));
                match pool.place {
                    PoolPlace::Root(_) => {}
                    PoolPlace::Inner { size: _, parent: _ } => {
                        self.add(extent, Shared::Pool(name.to_owned(), i));
                    }
                }
            }
        }
        self.pools.sort();
    }

    fn add(&mut self, block: Block, shared: Shared) {
        if !block.is_everything() {
            self.of.entry(block).or_insert_with(|| {
                self.order.push(block);
                Arc::new(shared)
            });
        }
    }

    /// The thing that holds this block's literal.
    pub(super) fn get(&self, block: Block) -> Option<&Arc<Shared>> {
        self.of.get(&block)
    }

    /// How a thing itself writes its block: the literal when it is the owner, else a reference to who is.
    pub(super) fn define(&self, thing: &Shared, block: Block) -> Cidr {
        match self.get(block) {
            Some(owner) if **owner != *thing => Cidr::Shared(Arc::clone(owner)),
            Some(_) | None if block.is_everything() => Cidr::Everywhere,
            Some(_) | None => Cidr::Literal(block),
        }
    }

    /// How a row of a root writes a block that is its own: a subnet.
    pub(super) fn own(&self, block: Block) -> Cidr {
        self.get(block).map_or(Cidr::Literal(block), |owner| Cidr::Shared(Arc::clone(owner)))
    }

    /// How a row of a root writes a block of others. A sum is named and noted in `aggregates`.
    pub(super) fn refer(&self, block: Block, aggregates: &mut BTreeMap<String, Block>) -> Cidr {
        if block.is_everything() {
            return Cidr::Everywhere;
        }
        if let Some(owner) = self.get(block) {
            return Cidr::Shared(Arc::clone(owner));
        }
        let name = self.aggregate_name(block);
        aggregates.insert(name.clone(), block);
        Cidr::Aggregate(name)
    }

    /// A name for a block, without any address in it: as references are written in the input, where it can be.
    pub(super) fn label(&self, block: Block) -> String {
        if block.is_everything() {
            return "internet".to_owned();
        }
        self.get(block).map_or_else(|| self.aggregate_name(block), |owner| label_of(owner, block))
    }

    /// [`Owners::label`] as it was before what was renamed.
    pub(super) fn old_label(&self, block: Block, before: &Before) -> String {
        if block.is_everything() {
            return "internet".to_owned();
        }
        match self.get(block) {
            Some(owner) => label_of(&before.shared(owner), block),
            None => self.aggregate_name_by(block, |pool| before.pool(pool), |owner| before.shared(owner)),
        }
    }

    /// Every block by the thing that holds it.
    pub(super) fn by_thing(&self) -> BTreeMap<Shared, Block> {
        self.of.iter().map(|(block, thing)| (Shared::clone(thing), *block)).collect()
    }

    /// [`Owners::label`] with every VPC under the name that it was born with, and every tier as its place in the VPC:
    /// what survives the rename of either, and a change of ranges, too.
    pub(super) fn birth_label(&self, block: Block) -> Arc<str> {
        let known = self.birth_labels.get(&block).map(Arc::clone);
        known.unwrap_or_else(|| self.make_birth_label(block).into())
    }

    fn make_birth_label(&self, block: Block) -> String {
        let born = |vpc: &String| self.births.get(vpc).unwrap_or(vpc).clone();
        match self.get(block).map(|owner| &**owner) {
            Some(Shared::Block(vpc, i)) => format!("{}.{i}", born(vpc)),
            Some(Shared::Tier(vpc, _, _)) => {
                let place = |place| format!("{}.{place}", born(vpc));
                self.place_in(vpc, block).map_or_else(|| self.label(block), place)
            }
            Some(
                Shared::Root(_)
                | Shared::Pool(..)
                | Shared::Reserved(_)
                | Shared::Site(..)
                | Shared::Private(_)
                | Shared::Aggregate(_),
            )
            | None => self.label(block),
        }
    }

    /// `0.22_5`: the sixth /22 of the VPC's first block.
    fn place_in(&self, vpc: &str, block: Block) -> Option<String> {
        self.vpcs.get(vpc)?.iter().enumerate().find_map(|(i, &within)| {
            let Position { len, index } = Position::of(block, within)?;
            Some(format!("{i}.{len}_{index}"))
        })
    }

    /// `production_18_3`: the fourth /18 of the smallest pool that holds the block. Outside every pool: the first thing
    /// in it, and the prefix length.
    fn aggregate_name(&self, block: Block) -> String {
        self.aggregate_name_by(block, |pool| pool, Shared::clone)
    }

    /// [`Owners::aggregate_name`] with other names of pools and things.
    fn aggregate_name_by<'n>(
        &'n self,
        block: Block,
        pool: impl Fn(&'n str) -> &'n str,
        thing: impl Fn(&Shared) -> Shared,
    ) -> String {
        let holders = self.pools.iter().filter(|(extent, _, _)| extent.contains(block));
        if let Some((extent, name, i)) = holders.max_by_key(|(extent, _, _)| extent.prefix_len())
            && let Some(Position { len, index }) = Position::of(block, *extent)
        {
            let extent = if *i == 0 { String::new() } else { format!("_x{i}") };
            return format!("{}{extent}_{len}_{index}", pool(name));
        }
        let after = self.order.get(self.order.partition_point(|own| *own < block)..).unwrap_or_default();
        let first =
            after.iter().find(|own| block.contains(**own)).and_then(|own| Some((own, self.get(*own)?)));
        let stem =
            first.map_or_else(|| "sum".to_owned(), |(own, owner)| identifier(&label_of(&thing(owner), *own)));
        format!("{stem}_{}", block.prefix_len())
    }
}

/// Blocks that a person wrote as ranges of a site, in order: what `module.estate.sites.<name>` holds.
pub(super) fn site_blocks(site: &Site) -> impl Iterator<Item = Block> {
    site.ranges.iter().filter_map(|range| match range {
        SiteRange::Block(block) => Some(block.value),
        SiteRange::Reserved(_) | SiteRange::Pool(_) | SiteRange::Internet => None,
    })
}

/// A thing as the input would write it. A range of a site stands for itself: a person wrote it, in no certain order.
fn label_of(shared: &Shared, block: Block) -> String {
    match shared {
        Shared::Root(name) | Shared::Pool(name, 0) => format!("pool.{name}"),
        Shared::Pool(name, i) => format!("pool.{name}.{i}"),
        Shared::Reserved(name) => format!("reserved.{name}"),
        Shared::Site(name, _) => format!("site.{name}.{}", in_a_name(block)),
        Shared::Private(i) => format!("private.{i}"),
        Shared::Block(vpc, 0) => vpc.clone(),
        Shared::Block(vpc, i) => format!("{vpc}.{i}"),
        Shared::Tier(vpc, tier, i) => format!("{vpc}.{tier}.{i}"),
        Shared::Aggregate(name) => name.clone(),
    }
}

/// A text with every character that an identifier of HCL may not have replaced by `_`.
fn identifier(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// Whether a rule or route of the design names `private`.
fn private_is_named(design: &Design) -> bool {
    let rules = design
        .layouts
        .values()
        .flat_map(|layout| layout.rules.iter().chain(layout.tiers.iter().flat_map(|tier| &tier.rules)));
    let of_rules = rules.flat_map(|rule| rule.from.iter().chain(&rule.to));
    let of_intents = design.intents.values().flat_map(|intent| intent.from.iter().chain(&intent.to));
    let routes = || design.segments.values().flat_map(|segment| &segment.routes);
    of_rules.chain(of_intents).any(|peer| peer.value == Peer::Private)
        || routes().any(|route| route.to.contains(&RouteTarget::Private))
}

/// Names of aggregates that more than one root needs, so that they move to `addresses/aggregates`.
pub(super) fn shared_aggregates<'a>(
    roots: impl Iterator<Item = &'a BTreeMap<String, Block>>,
) -> BTreeMap<String, Block> {
    let mut seen = BTreeSet::new();
    let mut shared = BTreeMap::new();
    for aggregates in roots {
        for (name, &block) in aggregates {
            if !seen.insert(name.as_str()) {
                shared.insert(name.clone(), block);
            }
        }
    }
    shared
}

/// Lets a root refer to the shared aggregates instead of its own.
pub(super) fn use_shared<'a>(shared: &BTreeMap<String, Block>, cidrs: impl Iterator<Item = &'a mut Cidr>) {
    for cidr in cidrs {
        match cidr {
            Cidr::Aggregate(name) if shared.contains_key(name) => {
                *cidr = Cidr::Shared(Shared::Aggregate(name.clone()).into());
            }
            Cidr::Aggregate(_) | Cidr::Literal(_) | Cidr::Everywhere | Cidr::Shared(_) => {}
        }
    }
}

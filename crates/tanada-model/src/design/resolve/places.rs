//! Pools, reservations, regions, hubs, sites.

use std::collections::BTreeMap;

use super::codes::*;
use super::entity;
use super::names::{Context, each_pool};
use crate::design::{Hub, HubId, Link, LinkKind, Pool, PoolPlace, Region, Reserved, Site, SiteRange};
use crate::diagnostic::{Diagnostic, Spanned};
use crate::document::{
    LinkStatement, OUT_OF_RANGE, Operand, PoolStatement, RegionStatement, Setting, SiteStatement, written,
};
use crate::net::Block;

impl Context<'_, '_> {
    pub(super) fn pools(&mut self) -> Vec<(String, Pool)> {
        let mut statements = Vec::new();
        each_pool(&self.document.pools, &mut |pool, parent| statements.push((pool, parent)));
        let mut pools: BTreeMap<String, Pool> = BTreeMap::new();
        for (statement, parent) in statements {
            let name = &statement.header.name;
            if let Some(first) = pools.get(&name.value) {
                let message = format!("`pool {:?}` is written twice", name.value);
                let first = first.entity.span;
                self.push(
                    Diagnostic::new(crate::document::DUPLICATE, message)
                        .at(name.span, "again")
                        .at(first, "first")
                        .help("names of pools are global, those of inner pools, too"),
                );
                continue;
            }
            if let Some(place) = self.pool_place(statement, parent) {
                pools.insert(name.value.clone(), Pool { entity: entity(&statement.header), place });
            }
        }
        self.overlaps(&pools);
        pools.into_iter().collect()
    }

    fn pool_place(&mut self, pool: &PoolStatement, parent: Option<&PoolStatement>) -> Option<PoolPlace> {
        let name = &pool.header.name;
        let (range, size) = (written(&pool.range), written(&pool.size));
        if let (Some(range), Some(size)) = (range, size) {
            let message = format!("`pool.{}` has `range` and `size`", name.value);
            self.push(
                Diagnostic::new(CONFLICTING_ATTRIBUTES, message)
                    .at(size.span, "")
                    .at(range.span, "")
                    .help("a pool at top level has a `range`, a pool inside another a `size`"),
            );
            return None;
        }
        match parent {
            None => self.root_pool(pool, range, size),
            Some(parent) => self.inner_pool(pool, parent, range, size),
        }
    }

    fn root_pool(
        &mut self,
        pool: &PoolStatement,
        range: Option<Spanned<&Block>>,
        size: Option<Spanned<&u8>>,
    ) -> Option<PoolPlace> {
        let name = &pool.header.name;
        let Some(range) = range else {
            // A wrong `range` was complained about when it was read.
            if pool.range.is_some() || size.is_some() || !self.document.faults.may_hide(name.span) {
                let help = "a pool at top level has a `range` such as \"10.0.0.0/8\"; only one inside another has a `size`";
                self.push(
                    Diagnostic::new(MISSING_CHOICE, format!("`pool.{}` has no `range`", name.value))
                        .at(size.map_or(name.span, |size| size.span), "")
                        .help(help),
                );
            }
            return None;
        };
        if !(8..=28).contains(&range.value.prefix_len()) {
            let message = format!("a root is a block of /8 to /28, not /{}", range.value.prefix_len());
            self.push(Diagnostic::new(OUT_OF_RANGE, message).at(range.span, ""));
        }
        Some(PoolPlace::Root(Spanned { value: *range.value, span: range.span }))
    }

    fn inner_pool(
        &mut self,
        pool: &PoolStatement,
        outer: &PoolStatement,
        range: Option<Spanned<&Block>>,
        size: Option<Spanned<&u8>>,
    ) -> Option<PoolPlace> {
        let name = &pool.header.name;
        if let Some(range) = range {
            self.push(
                Diagnostic::new(
                    CONFLICTING_ATTRIBUTES,
                    format!("the inner pool `{}` has a `range`", name.value),
                )
                .at(range.span, "")
                .help("write `size = …`; its place in the outer pool is found and kept in the lock"),
            );
            return None;
        }
        let Some(size) = size else {
            if !self.document.faults.may_hide(name.span) {
                self.push(
                    Diagnostic::new(MISSING_CHOICE, format!("the inner pool `{}` has no `size`", name.value))
                        .at(name.span, "")
                        .help("add `size = …`, a prefix length from 8 to 28"),
                );
            }
            return None;
        };
        let room = written(&outer.range)
            .map(|range| (range.value.prefix_len(), range.span))
            .or(written(&outer.size).map(|size| (*size.value, size.span)));
        if let Some((len, span)) = room
            && *size.value < len
        {
            let outer = &outer.header.name.value;
            let message = format!("`pool.{}` (/{}) is larger than `pool.{outer}`", name.value, size.value);
            self.push(
                Diagnostic::new(POOL_TOO_SMALL, message)
                    .at(size.span, "larger")
                    .at(span, format!("a /{len}"))
                    .help(format!("write a `size` of {len} or more")),
            );
        }
        let parent = self.names.pools.id(&outer.header.name.value)?;
        Some(PoolPlace::Inner { size: Spanned { value: *size.value, span: size.span }, parent })
    }

    fn overlaps(&mut self, pools: &BTreeMap<String, Pool>) {
        let root = |pool: &Pool| match &pool.place {
            PoolPlace::Root(range) => Some((range.value, range.span)),
            PoolPlace::Inner { size: _, parent: _ } => None,
        };
        let mut roots: Vec<_> = pools
            .iter()
            .filter_map(|(name, pool)| root(pool).map(|(block, span)| (block, name, span)))
            .collect();
        roots.sort();
        // Sorted by first address, larger first: whoever overlaps is held by the last one that reaches so far.
        let mut open: Option<&(Block, &String, crate::diagnostic::Span)> = None;
        for root in &roots {
            match open {
                Some(outer) if outer.0.overlaps(root.0) => {
                    let message = format!(
                        "`pool.{}` ({}) and `pool.{}` ({}) overlap",
                        root.1, root.0, outer.1, outer.0
                    );
                    self.push(
                        Diagnostic::new(OVERLAPPING_RANGES, message)
                            .at(root.2, "")
                            .at(outer.2, "")
                            .help("make one of them a pool inside the other, with a `size`"),
                    );
                }
                Some(_) | None => open = Some(root),
            }
        }
    }

    pub(super) fn reserved(&mut self) -> Vec<(String, Reserved)> {
        let mut reserved: BTreeMap<String, Reserved> = BTreeMap::new();
        for statement in &self.document.reserved {
            let name = &statement.header.name;
            if let Some(first) = reserved.get(&name.value) {
                let message = format!("`reserved {:?}` is written twice", name.value);
                let first = first.entity.span;
                self.push(
                    Diagnostic::new(crate::document::DUPLICATE, message)
                        .at(name.span, "again")
                        .at(first, "first")
                        .help("names of reservations are global, those inside pools, too"),
                );
            } else if let Some(range) = &statement.range {
                let row = Reserved { entity: entity(&statement.header), range: *range };
                reserved.insert(name.value.clone(), row);
            }
        }
        reserved.into_iter().collect()
    }

    pub(super) fn regions(&mut self) -> Vec<(String, Region)> {
        let mut regions = Vec::new();
        for RegionStatement { header, zones, zones_renamed_from, cloud } in &self.document.regions {
            if let Some(cloud) = written(cloud) {
                match cloud.value.as_str() {
                    "aws" => {}
                    "google" => self.push(
                        Diagnostic::new(NOT_SUPPORTED_YET, "networks in Google Cloud are not supported yet")
                            .at(cloud.span, "")
                            .help("say what lies there as a `site` with a link of kind \"attachment\""),
                    ),
                    other => self.push(
                        Diagnostic::new(WRONG_VALUE, format!("there is no cloud `{other}`"))
                            .at(cloud.span, "")
                            .help("write \"aws\", or leave it out"),
                    ),
                }
            }
            let mut ids: BTreeMap<String, Spanned<String>> = BTreeMap::new();
            for (letter, id) in written(zones).map(|zones| zones.value.as_slice()).unwrap_or_default() {
                let Some(value) = &id.value else { continue };
                self.zone(letter, value, id.span, &ids);
                self.zone_of(&header.name, value, id.span);
                ids.insert(letter.value.clone(), Spanned { value: value.clone(), span: id.span });
            }
            let mut olds: BTreeMap<String, Spanned<String>> = BTreeMap::new();
            for (letter, old) in written(zones_renamed_from).map_or(&[][..], |all| all.value.as_slice()) {
                let Some(value) = &old.value else { continue };
                self.zone_letter(value, old.span);
                olds.insert(letter.value.clone(), Spanned { value: value.clone(), span: old.span });
            }
            let region = Region { entity: entity(header), zones: ids, zones_renamed_from: olds };
            regions.push((header.name.value.clone(), region));
        }
        regions
    }

    fn zone_letter(&mut self, letter: &str, span: crate::diagnostic::Span) {
        if !(letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase())) {
            self.push(
                Diagnostic::new(WRONG_VALUE, format!("`{letter}` is not a zone letter"))
                    .at(span, "")
                    .help("write one lower-case letter; subnets are called after it"),
            );
        }
    }

    fn zone(
        &mut self,
        letter: &Spanned<String>,
        id: &str,
        span: crate::diagnostic::Span,
        others: &BTreeMap<String, Spanned<String>>,
    ) {
        self.zone_letter(&letter.value, letter.span);
        if !is_zone_id(id) {
            let is_name =
                id.ends_with(|c: char| c.is_ascii_lowercase()) && id.contains(|c: char| c.is_ascii_digit());
            let what = if is_name { "the name of a zone, not its id" } else { "not the id of a zone" };
            self.push(
                Diagnostic::new(ZONE_NAME, format!("`{id}` is {what}"))
                    .at(span, "")
                    .help("write an id such as \"apne1-az4\"; `aws ec2 describe-availability-zones` lists ZoneName and ZoneId"),
            );
        }
        if let Some((other, first)) = others.iter().find(|(_, other)| other.value == id) {
            self.push(
                Diagnostic::new(WRONG_VALUE, format!("the zones `{other}` and `{}` are one", letter.value))
                    .at(span, "again")
                    .at(first.span, "first")
                    .help("give every letter a zone of its own"),
            );
        }
    }

    pub(super) fn hubs(&mut self) -> Vec<(String, Hub)> {
        let mut hubs = Vec::new();
        for statement in &self.document.hubs {
            let region = written(&statement.region).and_then(|r| self.find(&self.names.regions, r));
            let account = written(&statement.account).and_then(|r| self.find(&self.names.accounts, r));
            let asn = written(&statement.asn);
            if let Some(asn) = asn
                && !(matches!(*asn.value, 64512..=65534 | 4_200_000_000..=4_294_967_294))
            {
                self.push(
                    Diagnostic::new(OUT_OF_RANGE, format!("{} is not a private AS number", asn.value))
                        .at(asn.span, "")
                        .help("write one of 64512 to 65534 or 4200000000 to 4294967294"),
                );
            }
            if let (Some(region), Some(asn)) = (region, asn) {
                let asn = Spanned { value: *asn.value, span: asn.span };
                let hub = Hub { entity: entity(&statement.header), region, asn, account };
                hubs.push((hub.entity.name.clone(), hub));
            }
        }
        hubs
    }

    /// The hub that is written, else the only one.
    pub(super) fn hub_or_only(
        &mut self,
        setting: &Setting<crate::document::Reference>,
        place: crate::diagnostic::Span,
        what: &str,
    ) -> Option<HubId> {
        let names = self.names;
        if let Some(reference) = written(setting) {
            return self.find(&names.hubs, reference);
        }
        let only = names.hubs.only();
        if only.is_none() && !self.document.partial {
            let list = names.hubs.list();
            let help = if list.is_empty() {
                "add a `hub`".to_owned()
            } else {
                format!("write `hub = …`; there are {list}")
            };
            self.push(
                Diagnostic::new(MISSING_CHOICE, format!("{what} does not say its hub"))
                    .at(place, "")
                    .help(help),
            );
        }
        only
    }

    pub(super) fn sites(&mut self) -> Vec<(String, Site)> {
        let names = self.names;
        let mut sites = Vec::new();
        for SiteStatement { header, ranges, segment, links } in &self.document.sites {
            let segment = match written(segment) {
                Some(reference) => self.find(&names.segments, reference),
                None => names.segments.id(&header.name.value),
            };
            let ranges = ranges.iter().filter_map(|range| self.site_range(range)).collect();
            let mut links: Vec<Link> = links.iter().filter_map(|link| self.link(link)).collect();
            links.sort_by(|a, b| a.entity.name.cmp(&b.entity.name));
            if let Some(segment) = segment {
                let site = Site { entity: entity(header), ranges, segment, links };
                sites.push((header.name.value.clone(), site));
            }
        }
        sites
    }

    fn site_range(&mut self, range: &Spanned<Operand<Block>>) -> Option<SiteRange> {
        let names = self.names;
        let reference = match &range.value {
            Operand::Literal(block) => {
                return Some(SiteRange::Block(Spanned { value: *block, span: range.span }));
            }
            Operand::Reference(reference) => Spanned { value: reference, span: range.span },
        };
        match reference.value.0.first().map(String::as_str) {
            Some("reserved") => self.find(&names.reserved, reference).map(SiteRange::Reserved),
            Some("pool") => self.find(&names.pools, reference).map(SiteRange::Pool),
            _ if reference.value.0.len() == 1 => Some(SiteRange::Internet),
            _ => {
                self.malformed(reference, "internet");
                None
            }
        }
    }

    fn link(&mut self, link: &LinkStatement) -> Option<Link> {
        let LinkStatement { header, kind, asn, hub, id } = link;
        let hub = self.hub_or_only(hub, header.name.span, &format!("the link `{}`", header.name.value));
        let kind = written(kind)?;
        match kind.value.as_str() {
            "attachment" => {}
            "direct-connect" | "vpn" | "google-ha-vpn" | "peering" | "vpc" => self.push(
                Diagnostic::new(NOT_SUPPORTED_YET, format!("links of kind `{}` are not supported yet", kind.value))
                    .at(kind.span, "")
                    .help("attach it by other means and write `kind = \"attachment\"`, with its `id` if it is known"),
            ),
            other => self.push(
                Diagnostic::new(WRONG_VALUE, format!("there is no kind of link `{other}`"))
                    .at(kind.span, "")
                    .help("write \"attachment\": an attachment that exists"),
            ),
        }
        let id = written(id);
        if let Some(id) = id
            && !is_attachment_id(id.value)
        {
            self.push(
                Diagnostic::new(INVALID_TEXT, format!("`{}` is not the id of an attachment", id.value.escape_default()))
                    .at(id.span, "")
                    .help("write an id such as \"tgw-attach-0123456789abcdef0\", or leave it out: then it is a variable"),
            );
        }
        let asn = written(asn);
        if let Some(asn) = asn
            && *asn.value == 0
        {
            self.push(Diagnostic::new(OUT_OF_RANGE, "an AS number is at least 1").at(asn.span, ""));
        }
        Some(Link {
            entity: entity(header),
            kind: LinkKind::Attachment { id: id.map(|id| id.value.clone()) },
            hub: hub?,
            asn: asn.map(|asn| *asn.value),
        })
    }
}

/// `apne1-az4`, and local zones such as `usw2-lax1-az1`.
pub(super) fn is_zone_id(id: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    id.rsplit_once("-az").is_some_and(|(region, zone)| number(zone) && region.split('-').all(part))
}

fn is_attachment_id(id: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    id.strip_prefix("tgw-attach-").is_some_and(|rest| matches!(rest.len(), 8 | 17) && hex(rest))
}

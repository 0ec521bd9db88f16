//! Segments: route tables of the gateways.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::MALFORMED_REFERENCE;
use super::entity;
use super::names::Context;
use crate::design::{Entity, RouteTarget, Segment, SegmentId, SegmentRoute, SiteId, VpcId, WayOut};
use crate::diagnostic::{Diagnostic, Spanned};
use crate::document::{Reference, SegmentStatement, written};

impl Context<'_, '_> {
    pub(super) fn segments(&mut self) -> Vec<(String, Segment)> {
        let mut segments: BTreeMap<String, Segment> = BTreeMap::new();
        let mut pairs: BTreeSet<(SegmentId, SegmentId)> = BTreeSet::new();
        for statement in &self.document.segments {
            let name = statement.header.name.value.clone();
            let Some(id) = self.names.segments.id(&name) else { continue };
            let segment = self.segment(statement, id, &mut pairs);
            segments.insert(name, segment);
        }
        for site in &self.document.sites {
            let name = site.header.name.value.clone();
            if written(&site.segment).is_none() && !segments.contains_key(&name) {
                let entity = Entity { why: None, ..entity(&site.header) };
                segments.insert(name, Segment { entity, ..nothing() });
            }
        }
        for (name, segment) in &mut segments {
            let Some(id) = self.names.segments.id(name) else { continue };
            segment.reaches = pairs
                .range((id, min())..)
                .take_while(|(own, _)| *own == id)
                .map(|(_, other)| *other)
                .collect();
        }
        segments.into_iter().collect()
    }

    fn segment(
        &mut self,
        statement: &SegmentStatement,
        id: SegmentId,
        pairs: &mut BTreeSet<(SegmentId, SegmentId)>,
    ) -> Segment {
        let names = self.names;
        let SegmentStatement { header, reaches, default, drops, routes } = statement;
        let mut sites: BTreeSet<SiteId> = BTreeSet::new();
        for reference in reaches {
            let reference = Spanned { value: &reference.value, span: reference.span };
            if reference.value.0.first().is_some_and(|kind| kind == "site") {
                sites.extend(self.find(&names.sites, reference));
            } else if let Some(other) = self.find(&names.segments, reference) {
                pairs.extend([(id, other), (other, id)]);
            }
        }
        let default = written(default).and_then(|reference| self.way_out(reference));
        let drops = written(drops).map(|list| {
            let find = |reference: &Spanned<Reference>| {
                self.find(&names.segments, Spanned { value: &reference.value, span: reference.span })
            };
            let drops: BTreeSet<SegmentId> = list.value.iter().filter_map(find).collect();
            drops.into_iter().collect()
        });
        let mut rows = Vec::new();
        for route in routes {
            let to = route.to.iter().filter_map(|target| self.route_target(target)).collect::<BTreeSet<_>>();
            let via = written(&route.via).and_then(|via| self.way_out(via));
            if let Some(via) = via {
                rows.push(SegmentRoute { entity: entity(&route.header), to: to.into_iter().collect(), via });
            }
        }
        rows.sort_by(|a, b| a.entity.name.cmp(&b.entity.name));
        Segment {
            entity: entity(header),
            reaches_sites: sites.into_iter().collect(),
            default,
            routes: rows,
            drops,
            ..nothing()
        }
    }

    fn way_out(&mut self, reference: Spanned<&Reference>) -> Option<WayOut> {
        if reference.value.0.first().is_some_and(|kind| kind == "site") {
            return self.find(&self.names.sites, reference).map(WayOut::Site);
        }
        self.vpc_reference(reference).map(WayOut::Vpc)
    }

    /// `team.T.V`, a VPC and nothing else.
    pub(super) fn vpc_reference(&mut self, reference: Spanned<&Reference>) -> Option<VpcId> {
        let names = self.names;
        let [_, team, label] = reference.value.0.as_slice() else {
            let message = format!("`{}` is not a VPC", reference.value);
            self.push(
                Diagnostic::new(MALFORMED_REFERENCE, message)
                    .at(reference.span, "")
                    .help("write `team.TEAM.VPC`; a standard VPC is called after its environment"),
            );
            return None;
        };
        if names.teams.id(team).is_none() {
            self.unknown("team", team, names.teams.names(), reference.span);
            return None;
        }
        let labels = names.labels.get(team.as_str());
        let found = labels.and_then(|labels| labels.get(label.as_str())).copied();
        if found.is_none() {
            let known: Vec<&str> = labels.into_iter().flatten().map(|(label, _)| *label).collect();
            self.unknown(&format!("team.{team}"), label, known.into_iter(), reference.span);
        }
        found
    }

    fn route_target(&mut self, target: &Spanned<Reference>) -> Option<RouteTarget> {
        let names = self.names;
        let reference = Spanned { value: &target.value, span: target.span };
        match reference.value.0.first().map(String::as_str) {
            Some("pool") => self.find(&names.pools, reference).map(RouteTarget::Pool),
            Some("reserved") => self.find(&names.reserved, reference).map(RouteTarget::Reserved),
            Some("site") => self.find(&names.sites, reference).map(RouteTarget::Site),
            Some("team") => self.vpc_reference(reference).map(RouteTarget::Vpc),
            _ if reference.value.0.len() == 1 => Some(RouteTarget::Private),
            _ => {
                self.malformed(reference, "private");
                None
            }
        }
    }
}

fn min() -> SegmentId {
    crate::design::Id::new(0)
}

/// A segment that reaches nobody.
fn nothing() -> Segment {
    let span = crate::diagnostic::Span::new(crate::diagnostic::FileId(0), 0..0);
    Segment {
        entity: Entity { name: String::new(), why: None, renamed_from: None, span },
        reaches: Vec::new(),
        reaches_sites: Vec::new(),
        default: None,
        routes: Vec::new(),
        drops: None,
    }
}

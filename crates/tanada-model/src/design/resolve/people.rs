//! Environments, teams and their VPCs: who inherits what from whom.

use std::collections::BTreeMap;

use super::codes::*;
use super::entity;
use super::names::{Context, Seat};
use super::once::TAG_VALUE;
use crate::design::{
    AccountId, Attachment, Entity, Environment, Id, LayoutId, NamePart, NamePattern, RegionId, Team, Vpc,
};
use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::document::{Inherited, Reference, Setting, written};

/// Who said a value: the VPC itself, its team, its environment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Vpc,
    Team,
    Environment,
}

impl Context<'_, '_> {
    pub(super) fn vpcs(&mut self, pattern: &NamePattern) -> Vec<(String, Vpc)> {
        let names = self.names;
        names.seats.iter().filter_map(|seat| Some((seat.id(), self.vpc(seat, pattern)?))).collect()
    }

    fn vpc(&mut self, seat: &Seat<'_>, pattern: &NamePattern) -> Option<Vpc> {
        let names = self.names;
        let layout = self.layout_id(seat);
        let attachment = self.attachment(seat);
        let region = self.region(seat, attachment.flatten());
        let account = self.account(seat);
        let (headroom, headroom_written) = self.headroom(seat);
        let placement = self.placement(seat);
        let tags = self.tags(seat);
        let blocks = self.blocks(seat, layout, headroom);
        let inspects =
            seat.vpc.and_then(|vpc| written(&vpc.inspects)).is_some_and(|inspects| *inspects.value);
        let (region, layout) = (region?, layout?);
        let name = self.name(seat, region, pattern);
        Some(Vpc {
            entity: Entity { name: seat.label.to_owned(), ..self.vpc_entity(seat) },
            id: seat.id(),
            name,
            team: names.teams.id(&seat.team.header.name.value)?,
            environment: names.environments.id(&seat.environment.header.name.value)?,
            placement: placement?,
            headroom,
            headroom_written,
            layout,
            attachment: attachment?,
            region,
            account: account?,
            tags,
            inspects,
            blocks: blocks?,
        })
    }

    /// A VPC without a block of its own stands where its team stands, and is not renamed with it. One without a reason of
    /// its own is there for the team's.
    fn vpc_entity(&self, seat: &Seat<'_>) -> Entity {
        match seat.vpc {
            Some(vpc) => {
                let own = entity(&vpc.header);
                Entity { why: own.why.or_else(|| seat.team.header.why.clone()), ..own }
            }
            None => Entity { renamed_from: None, ..entity(&seat.team.header) },
        }
    }

    fn layout_id(&mut self, seat: &Seat<'_>) -> Option<LayoutId> {
        let (_, layout) = nearest(seat, |own| &own.layout);
        if let Some(reference) = layout.and_then(written_value) {
            return self.find(&self.names.layouts, reference);
        }
        if layout.is_some() {
            self.needs(seat, "layout", "layout.…");
        }
        None
    }

    pub(super) fn needs(&mut self, seat: &Seat<'_>, attribute: &str, example: &str) {
        let environment = &seat.environment.header.name;
        let faults = &self.document.faults;
        if faults.may_hide(environment.span) || faults.may_hide(seat.team.header.name.span) {
            return;
        }
        let vpc = format!("team.{}.{}", seat.team.header.name.value, seat.label);
        let message = format!(
            "`{vpc}` has no `{attribute}`, and inherits none from `environment.{}`",
            environment.value
        );
        self.push(
            Diagnostic::new(MISSING_CHOICE, message)
                .at(environment.span, "")
                .help(format!("write `{attribute} = {example}` here, on the team or on the VPC")),
        );
    }

    /// Gateway and segment. The outer `None`: something was wrong.
    fn attachment(&mut self, seat: &Seat<'_>) -> Option<Option<Attachment>> {
        let names = self.names;
        let (hub_level, hub) = nearest(seat, |own| &own.hub);
        let (segment_level, segment) = nearest(seat, |own| &own.segment);
        let (hub_value, segment_value) = (hub.and_then(written_value), segment.and_then(written_value));
        match (hub, hub_value, segment, segment_value) {
            (None, _, None, _) => Some(None),
            (_, None, _, None) => Some(None),
            // Taking one away takes the attachment away, unless the other is written nearer.
            (Some(_), None, Some(_), Some(_)) if hub_level < segment_level => Some(None),
            (Some(_), Some(_), Some(_), None) if segment_level < hub_level => Some(None),
            (hub_setting, _, _, Some(segment)) if hub_setting.is_none_or(|hub| hub.value.is_some()) => {
                let what = format!("the VPC `{}` of team `{}`", seat.label, seat.team.header.name.value);
                let none = None;
                let hub = self.hub_or_only(
                    hub_setting.map_or(&none, |_| self_setting(seat, hub_level)),
                    segment.span,
                    &what,
                );
                let segment = self.find(&names.segments, segment);
                Some(Some(Attachment { hub: hub?, segment: segment? }))
            }
            (hub, _, segment, _) => {
                let (has, lacks) = if hub_value.is_some() { ("hub", "segment") } else { ("segment", "hub") };
                let message = format!(
                    "the VPC `{}` of team `{}` has a `{has}` and no `{lacks}`",
                    seat.label, seat.team.header.name.value
                );
                let place = [hub, segment]
                    .into_iter()
                    .flatten()
                    .find(|s| s.value.is_some())
                    .map_or(seat.header().name.span, |s| s.span);
                self.push(
                    Diagnostic::new(HUB_AND_SEGMENT, message)
                        .at(place, format!("the {has}"))
                        .help(format!("write `{lacks} = {lacks}.…`, or `hub = null` to leave it unattached")),
                );
                None
            }
        }
    }

    fn region(&mut self, seat: &Seat<'_>, attachment: Option<Attachment>) -> Option<RegionId> {
        let names = self.names;
        if let Some(reference) = nearest(seat, |own| &own.region).1.and_then(written_value) {
            return self.find(&names.regions, reference);
        }
        let by_hub = attachment.and_then(|attachment| {
            let hub = names.hubs.names().nth(attachment.hub.index())?;
            let hub = self.document.hubs.iter().find(|statement| statement.header.name.value == hub)?;
            names.regions.id(written(&hub.region)?.value.0.get(1)?)
        });
        let found = by_hub.or(names.regions.only());
        // An attached VPC without a region has a hub without one: that was said.
        if found.is_none() && attachment.is_none() {
            self.needs(seat, "region", "region.…");
        }
        found
    }

    /// The outer `None`: a reference to nobody.
    fn account(&mut self, seat: &Seat<'_>) -> Option<Option<AccountId>> {
        match nearest(seat, |own| &own.account).1.and_then(written_value) {
            Some(reference) => self.find(&self.names.accounts, reference).map(Some),
            None => Some(None),
        }
    }

    fn tags(&mut self, seat: &Seat<'_>) -> BTreeMap<String, String> {
        let mut tags = BTreeMap::new();
        let own = seat.vpc.map(|vpc| &vpc.inherited);
        for inherited in
            [Some(&seat.environment.inherited), Some(&seat.team.inherited), own].into_iter().flatten()
        {
            self.merge_tags(&inherited.tags, &mut tags);
        }
        tags
    }

    fn name(&mut self, seat: &Seat<'_>, region: RegionId, pattern: &NamePattern) -> String {
        if let Some(name) = seat.vpc.and_then(|vpc| written(&vpc.name)) {
            if name.value.is_empty() {
                self.push(Diagnostic::new(INVALID_TEXT, "a name is not empty").at(name.span, ""));
            }
            self.check_tag_text(name.value, name.span, "a Name tag", TAG_VALUE);
            return name.value.clone();
        }
        let region = self.names.regions.names().nth(region.index()).unwrap_or_default();
        let part = |part: &NamePart| match part {
            NamePart::Text(text) => text.clone(),
            NamePart::Team => seat.team.header.name.value.clone(),
            NamePart::Vpc => seat.label.to_owned(),
            NamePart::Environment => seat.environment.header.name.value.clone(),
            NamePart::Region => region.to_owned(),
            NamePart::Range => "{range}".to_owned(),
        };
        pattern.0.iter().map(part).collect()
    }

    pub(super) fn environments(&mut self, vpcs: &[(String, Vpc)]) -> Vec<(String, Environment)> {
        let names = self.names;
        let mut environments = Vec::new();
        for statement in &self.document.environments {
            // References that no VPC inherits are looked up here, so that a mistake shows before the first VPC.
            let id = names.environments.id(&statement.header.name.value);
            let pool = written(&statement.inherited.pool).map(|pool| pool.value.0.get(1));
            let pool = pool.flatten().and_then(|name| names.pools.id(name));
            if !names.seats.iter().any(|seat| std::ptr::eq(seat.environment, statement)) {
                self.lonely(&statement.inherited);
            }
            let mut own: Vec<_> = vpcs
                .iter()
                .filter(|(_, vpc)| Some(vpc.environment) == id)
                .filter_map(|(name, _)| names.vpcs.id(name))
                .collect();
            own.sort_unstable();
            let optional = written(&statement.optional).is_some_and(|optional| *optional.value);
            let environment = Environment { entity: entity(&statement.header), pool, optional, vpcs: own };
            environments.push((statement.header.name.value.clone(), environment));
        }
        environments
    }

    /// Looks up what an environment (or team) without VPCs says.
    fn lonely(&mut self, inherited: &Inherited) {
        let names = self.names;
        let Inherited { pool, size: _, headroom: _, layout, hub, segment, region, account, tags } = inherited;
        written(pool).map(|reference| self.find(&names.pools, reference));
        written(layout).map(|reference| self.find(&names.layouts, reference));
        written(hub).map(|reference| self.find(&names.hubs, reference));
        written(segment).map(|reference| self.find(&names.segments, reference));
        written(region).map(|reference| self.find(&names.regions, reference));
        written(account).map(|reference| self.find(&names.accounts, reference));
        self.merge_tags(tags, &mut BTreeMap::new());
    }

    pub(super) fn teams(&mut self) -> Vec<(String, Team)> {
        let names = self.names;
        let mut teams = Vec::new();
        for statement in &self.document.teams {
            let name = statement.header.name.value.as_str();
            let vpcs = names.labels.get(name);
            if vpcs.is_none() {
                self.lonely(&statement.inherited);
            }
            let mut vpcs: Vec<_> = vpcs.into_iter().flat_map(BTreeMap::values).copied().collect();
            vpcs.sort_unstable();
            let owner = written(&statement.owner);
            if let Some(owner) = owner {
                self.check_tag_text(owner.value, owner.span, "a tag's value", TAG_VALUE);
            }
            let owner = owner.map(|owner| owner.value.clone());
            teams.push((name.to_owned(), Team { entity: entity(&statement.header), owner, vpcs }));
        }
        teams
    }
}

/// What the nearest of VPC, team and environment says; `null` there hides what is farther.
pub(super) fn nearest<'s, T>(
    seat: &Seat<'s>,
    get: impl Fn(&'s Inherited) -> &'s Setting<T>,
) -> (Level, Option<&'s Spanned<Option<T>>>) {
    let own = seat.vpc.and_then(|vpc| get(&vpc.inherited).as_ref());
    let team = get(&seat.team.inherited).as_ref();
    match (own, team) {
        (Some(own), _) => (Level::Vpc, Some(own)),
        (None, Some(team)) => (Level::Team, Some(team)),
        (None, None) => (Level::Environment, get(&seat.environment.inherited).as_ref()),
    }
}

/// The layout that a VPC's first block has, by name.
pub(super) fn layout_of<'d>(seat: &Seat<'d>) -> Option<&'d str> {
    let (_, layout) = nearest(seat, |own| &own.layout);
    layout.and_then(written_value).and_then(|layout| layout.value.0.get(1)).map(String::as_str)
}

pub(super) fn written_value<T>(setting: &Spanned<Option<T>>) -> Option<Spanned<&T>> {
    setting.value.as_ref().map(|value| Spanned { value, span: setting.span })
}

/// The `hub` that the level says.
fn self_setting<'s>(seat: &Seat<'s>, level: Level) -> &'s Setting<Reference> {
    match (level, seat.vpc) {
        (Level::Vpc, Some(vpc)) => &vpc.inherited.hub,
        (Level::Team, _) => &seat.team.inherited.hub,
        (Level::Vpc, None) | (Level::Environment, _) => &seat.environment.inherited.hub,
    }
}

pub(super) fn place<T>(setting: &Setting<T>, name: &'static str) -> Option<(Span, &'static str)> {
    written(setting).map(|written| (written.span, name))
}

//! Places in the input.

use tanada_model::design::{EnvironmentId, HubId, RegionId, SegmentId};
use tanada_model::diagnostic::Span;
use tanada_model::document::{
    AccountStatement, EnvironmentStatement, HubStatement, Inherited, TeamStatement, Texts, VpcStatement,
    place, written,
};

use super::{Case, Step, VpcCase};

impl<'a> Case<'a> {
    /// The line of an environment.
    pub(super) fn environment(self, id: EnvironmentId) -> Step {
        let entity = &self.design.environments[id].entity;
        let words = format!("environment \"{}\"", entity.name);
        Step::input(entity.span, words, format!("environment `{}`: what its VPCs inherit", entity.name))
    }

    /// The line of a segment: its own block, or the site that it was made for.
    pub(super) fn segment(self, id: SegmentId) -> Step {
        let entity = &self.design.segments[id].entity;
        let name = self.design.segments.name(id);
        Step::input(entity.span, format!("\"{}\"", entity.name), format!("segment `{name}`"))
    }

    /// The line of a hub.
    pub(super) fn hub(self, id: HubId) -> Step {
        let entity = &self.design.hubs[id].entity;
        Step::input(entity.span, format!("hub \"{}\"", entity.name), format!("hub `{}`", entity.name))
    }

    /// The line of a region.
    pub(super) fn region(self, id: RegionId) -> Step {
        let entity = &self.design.regions[id].entity;
        Step::input(entity.span, format!("region \"{}\"", entity.name), format!("region `{}`", entity.name))
    }

    /// The statement of an account.
    fn account(self, name: &str) -> Option<&'a AccountStatement> {
        self.document.accounts.iter().find(|account| account.header.name.value == name)
    }

    /// The statement of a hub.
    pub(super) fn hub_statement(self, name: &str) -> Option<&'a HubStatement> {
        self.document.hubs.iter().find(|hub| hub.header.name.value == name)
    }

    /// The lines of an account: its own, and its id's or role's.
    pub(super) fn account_steps(self, name: &str) -> Vec<Step> {
        let Some(AccountStatement { header, id, role }) = self.account(name) else { return Vec::new() };
        let words = format!("account \"{name}\"");
        let mut steps = vec![Step::input(header.name.span, words, format!("account `{name}`"))];
        steps.extend(place(id).map(|span| Step::input(span, "id", "its id")));
        steps.extend(
            place(role).map(|span| Step::input(span, "role", "the role that Terraform assumes there")),
        );
        steps
    }

    /// Where a tag of the whole estate stands.
    pub(super) fn estate_tag(self, key: &str) -> Option<Step> {
        let written = written(&self.document.tags)?;
        tag_in(written.value, key).map(|span| Step::input(span, key, "a tag of the whole estate"))
    }
}

fn tag_in(texts: &Texts, key: &str) -> Option<Span> {
    texts.iter().find(|(name, _)| name.value == key).map(|(name, _)| name.span)
}

impl<'a> VpcCase<'a> {
    pub(super) fn team_statement(self) -> Option<&'a TeamStatement> {
        let name = self.case.design.teams.name(self.vpc.team);
        self.case.document.teams.iter().find(|team| team.header.name.value == name)
    }

    pub(super) fn statement(self) -> Option<&'a VpcStatement> {
        let label = &self.vpc.entity.name;
        self.team_statement()?.vpcs.iter().find(|vpc| vpc.header.name.value == *label)
    }

    pub(super) fn environment_statement(self) -> Option<&'a EnvironmentStatement> {
        let name = self.case.design.environments.name(self.vpc.environment);
        self.case.document.environments.iter().find(|one| one.header.name.value == name)
    }

    /// The line that says that the VPC exists.
    pub(super) fn line(self) -> Step {
        let (team, label) = (self.case.design.teams.name(self.vpc.team), &self.vpc.entity.name);
        let environment = self.case.design.environments.name(self.vpc.environment);
        let what = format!("team `{team}` has the VPC `{label}` in environment `{environment}`");
        let words = match self.statement() {
            Some(_) => format!("vpc \"{label}\""),
            None => format!("team \"{team}\""),
        };
        Step::input(self.vpc.entity.span, words, what)
    }

    /// Where an attribute that VPCs inherit stands for this one: on itself, its team, or its environment.
    pub(super) fn inherited(self, name: &str, find: impl Fn(&Inherited) -> Option<Span>) -> Option<Step> {
        let own = self.statement().and_then(|vpc| find(&vpc.inherited));
        let team = || self.team_statement().and_then(|team| find(&team.inherited));
        let environment = || self.environment_statement().and_then(|one| find(&one.inherited));
        let (span, of) = own
            .map(|span| (span, "the VPC itself"))
            .or_else(|| team().map(|span| (span, "its team")))
            .or_else(|| environment().map(|span| (span, "its environment")))?;
        Some(Step::input(span, name, format!("`{name}` of {of}")))
    }

    /// Where a tag stands.
    pub(super) fn tag(self, key: &str) -> Vec<Step> {
        let design = self.case.design;
        match key {
            "Team" => vec![Step::rule("tag `Team`: the team's label")],
            "ManagedBy" => vec![Step::rule("tag `ManagedBy`: on everything that is emitted")],
            "Environment" => vec![self.case.environment(self.vpc.environment)],
            "Segment" if self.vpc.attachment.is_some() => {
                let at = self.vpc.attachment.map(|at| self.case.segment(at.segment));
                self.inherited("segment", |all| place(&all.segment)).into_iter().chain(at).collect()
            }
            "Owner" if design.teams[self.vpc.team].owner.is_some() => {
                let owner = self.team_statement().and_then(|team| place(&team.owner));
                owner
                    .map(|span| Step::input(span, "owner", "tag `Owner`: the team's owner"))
                    .into_iter()
                    .collect()
            }
            key => {
                let find = |all: &Inherited| written(&all.tags).and_then(|tags| tag_in(tags.value, key));
                self.inherited(key, find).or_else(|| self.case.estate_tag(key)).into_iter().collect()
            }
        }
    }
}

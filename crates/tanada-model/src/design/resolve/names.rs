//! Who is called what: the names of the input, and how a reference finds one.

use std::collections::BTreeMap;

use super::codes::{MALFORMED_REFERENCE, UNKNOWN_REFERENCE};
use crate::design::{
    AccountId, EnvironmentId, HubId, Id, LayoutId, PoolId, RegionId, ReservedId, SegmentId, SiteId, TeamId,
    VpcId,
};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::document::{
    Document, EnvironmentStatement, Header, PoolStatement, Reference, TeamStatement, VpcStatement, written,
};

/// Names of one kind, sorted: the ids that the table of the same names will have.
#[derive(Debug)]
pub(super) struct Index<I> {
    /// The word that a reference to it begins with.
    pub(super) kind: &'static str,
    names: Vec<String>,
    id: std::marker::PhantomData<I>,
}

impl<I: Id> Index<I> {
    fn new(kind: &'static str, names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort();
        names.dedup();
        Self { kind, names, id: std::marker::PhantomData }
    }

    pub(super) fn id(&self, name: &str) -> Option<I> {
        self.names.binary_search_by(|own| own.as_str().cmp(name)).ok().map(I::new)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.names.iter().map(String::as_str)
    }

    pub(super) fn name(&self, id: I) -> Option<&str> {
        self.names.get(id.index()).map(String::as_str)
    }

    /// The id when there is exactly one.
    pub(super) fn only(&self) -> Option<I> {
        (self.names.len() == 1).then(|| I::new(0))
    }

    /// `` `region.a`, `region.b` ``, for a help.
    pub(super) fn list(&self) -> String {
        let forms: Vec<String> = self.names().take(8).map(|name| format!("`{}.{name}`", self.kind)).collect();
        forms.join(", ")
    }
}

/// A VPC that will be: its label and what says so.
pub(super) struct Seat<'d> {
    pub(super) team: &'d TeamStatement,
    /// Its block; `None` for a standard VPC that needs no words.
    pub(super) vpc: Option<&'d VpcStatement>,
    pub(super) label: &'d str,
    pub(super) environment: &'d EnvironmentStatement,
}

impl Seat<'_> {
    pub(super) fn id(&self) -> String {
        format!("{}-{}", self.team.header.name.value, self.label)
    }

    /// The header that names it.
    pub(super) fn header(&self) -> &Header {
        self.vpc.map_or(&self.team.header, |vpc| &vpc.header)
    }
}

/// Every name of the input.
pub(super) struct Names<'d> {
    pub(super) accounts: Index<AccountId>,
    pub(super) pools: Index<PoolId>,
    pub(super) reserved: Index<ReservedId>,
    pub(super) regions: Index<RegionId>,
    pub(super) hubs: Index<HubId>,
    pub(super) sites: Index<SiteId>,
    pub(super) segments: Index<SegmentId>,
    pub(super) layouts: Index<LayoutId>,
    pub(super) environments: Index<EnvironmentId>,
    pub(super) teams: Index<TeamId>,
    pub(super) vpcs: Index<VpcId>,
    pub(super) seats: Vec<Seat<'d>>,
    /// Index into `seats` by [`VpcId`].
    by_vpc: Vec<usize>,
    /// Labels of each team's VPCs.
    pub(super) labels: BTreeMap<&'d str, BTreeMap<&'d str, VpcId>>,
}

impl<'d> Names<'d> {
    pub(super) fn new(document: &'d Document, seats: Vec<Seat<'d>>) -> Self {
        let names = |headers: Vec<&Header>| {
            headers.into_iter().map(|header| header.name.value.clone()).collect::<Vec<_>>()
        };
        let mut pools = Vec::new();
        each_pool(&document.pools, &mut |pool, _| pools.push(pool.header.name.value.clone()));
        let mut segments = names(document.segments.iter().map(|s| &s.header).collect());
        segments.extend(
            document
                .sites
                .iter()
                .filter(|site| written(&site.segment).is_none())
                .map(|site| site.header.name.value.clone()),
        );
        let vpcs: Index<VpcId> = Index::new("vpc", seats.iter().map(Seat::id));
        let mut labels: BTreeMap<&str, BTreeMap<&str, VpcId>> = BTreeMap::new();
        let mut by_vpc = vec![0; vpcs.names.len()];
        for (i, seat) in seats.iter().enumerate() {
            if let Some(id) = vpcs.id(&seat.id()) {
                by_vpc[id.index()] = i;
                labels.entry(&seat.team.header.name.value).or_default().insert(seat.label, id);
            }
        }
        Self {
            accounts: Index::new("account", names(document.accounts.iter().map(|s| &s.header).collect())),
            pools: Index::new("pool", pools),
            reserved: Index::new("reserved", names(document.reserved.iter().map(|s| &s.header).collect())),
            regions: Index::new("region", names(document.regions.iter().map(|s| &s.header).collect())),
            hubs: Index::new("hub", names(document.hubs.iter().map(|s| &s.header).collect())),
            sites: Index::new("site", names(document.sites.iter().map(|s| &s.header).collect())),
            segments: Index::new("segment", segments),
            layouts: Index::new("layout", names(document.layouts.iter().map(|s| &s.header).collect())),
            environments: Index::new(
                "environment",
                names(document.environments.iter().map(|s| &s.header).collect()),
            ),
            teams: Index::new("team", names(document.teams.iter().map(|s| &s.header).collect())),
            vpcs,
            seats,
            by_vpc,
            labels,
        }
    }

    /// A VPC as references name it.
    pub(super) fn seat_name(&self, vpc: &crate::design::Vpc) -> String {
        format!("team.{}.{}", self.teams.name(vpc.team).unwrap_or_default(), vpc.entity.name)
    }

    /// What is to become this VPC.
    pub(super) fn seat(&self, vpc: VpcId) -> Option<&Seat<'d>> {
        self.seats.get(*self.by_vpc.get(vpc.index())?)
    }
}

/// Walks pools and the pools in them; the second argument is the parent.
pub(super) fn each_pool<'d>(
    pools: &'d [PoolStatement],
    visit: &mut dyn FnMut(&'d PoolStatement, Option<&'d PoolStatement>),
) {
    fn walk<'d>(
        pools: &'d [PoolStatement],
        parent: Option<&'d PoolStatement>,
        visit: &mut dyn FnMut(&'d PoolStatement, Option<&'d PoolStatement>),
    ) {
        for pool in pools {
            visit(pool, parent);
            walk(&pool.pools, Some(pool), visit);
        }
    }
    walk(pools, None, visit);
}

/// What the parts of the resolver share.
pub(super) struct Context<'a, 'd> {
    pub(super) document: &'d Document,
    pub(super) names: &'a Names<'d>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Context<'_, '_> {
    /// The entity that `kind.name` refers to.
    pub(super) fn find<I: Id>(&mut self, index: &Index<I>, reference: Spanned<&Reference>) -> Option<I> {
        let [_, name] = reference.value.0.as_slice() else {
            self.malformed(reference, &format!("{}.NAME", index.kind));
            return None;
        };
        let found = index.id(name);
        if found.is_none() {
            self.unknown(index.kind, name, index.names(), reference.span);
        }
        found
    }

    pub(super) fn malformed(&mut self, reference: Spanned<&Reference>, form: &str) {
        let message = format!("`{}` is not of the form `{form}`", reference.value);
        self.diagnostics.push(Diagnostic::new(MALFORMED_REFERENCE, message).at(reference.span, ""));
    }

    /// Complains of a name that nobody has. Not when a file could not be read: it may stand there.
    pub(super) fn unknown<'n>(
        &mut self,
        prefix: &str,
        name: &str,
        names: impl Iterator<Item = &'n str> + Clone,
        span: Span,
    ) {
        if self.document.partial {
            return;
        }
        let mut diagnostic =
            Diagnostic::new(UNKNOWN_REFERENCE, format!("there is no `{prefix}.{name}`")).at(span, "");
        if let Some(meant) = did_you_mean(name, names.clone()) {
            diagnostic = diagnostic.help(format!("did you mean `{prefix}.{meant}`?"));
        } else {
            let list: Vec<String> = names.take(8).map(|name| format!("`{prefix}.{name}`")).collect();
            diagnostic = diagnostic.help(if list.is_empty() {
                format!("the input has no {prefix} at all")
            } else {
                format!("there are {}", list.join(", "))
            });
        }
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

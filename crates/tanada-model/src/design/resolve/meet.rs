//! Names that would meet in one file name, module address or Name tag.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::codes::NAMES_MEET;
use super::names::{Context, each_pool};
use crate::design::Vpc;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::{Header, LayoutStatement, TierStatement, written};

/// What a name becomes where neither case nor `-` and `_` make a difference: file systems, HCL's identifiers.
fn folded(mut name: String) -> String {
    name.make_ascii_lowercase();
    if name.contains('_') { name.replace('_', "-") } else { name }
}

/// Names in one space, each with what it stands for.
struct Space {
    what: &'static str,
    /// Asked by name, never walked.
    taken: BTreeMap<String, (String, Span)>,
    findings: Vec<Diagnostic>,
}

impl Space {
    fn new(what: &'static str) -> Self {
        Self { what, taken: BTreeMap::new(), findings: Vec::new() }
    }

    /// Takes the name `emitted` for what is shown as `shown`. Things that are shown alike are duplicates, which others
    /// complain about.
    fn take(&mut self, emitted: String, shown: String, span: Span) {
        let (key, (other, first)) = match self.taken.entry(folded(emitted)) {
            Entry::Vacant(free) => {
                free.insert((shown, span));
                return;
            }
            Entry::Occupied(taken) => (taken.key().clone(), taken.get().clone()),
        };
        if other != shown {
            let message = format!("`{shown}` and `{other}` meet: both become the {} `{key}`", self.what);
            self.findings.push(
                Diagnostic::new(NAMES_MEET, message)
                    .at(span, "")
                    .at(first, "")
                    .help("rename one of them; upper and lower case, `-` and `_` count as equal"),
            );
        }
    }
}

impl Context<'_, '_> {
    /// Every two names that would meet.
    pub(super) fn meetings(&mut self, vpcs: &[(String, Vpc)]) {
        let spaces = [self.folders(), self.attachments(), self.name_tags(vpcs)];
        for space in spaces.into_iter().chain(self.kinds()) {
            self.diagnostics.extend(space.findings);
        }
    }

    /// Names of one kind, and tiers of one layout.
    fn kinds(&self) -> Vec<Space> {
        let document = self.document;
        let mut pools = Vec::new();
        each_pool(&document.pools, &mut |pool, _| pools.push(&pool.header));
        let mut segments: Vec<&Header> = document.segments.iter().map(|s| &s.header).collect();
        let own =
            document.sites.iter().filter(|site| written(&site.segment).is_none()).map(|site| &site.header);
        segments.extend(
            own.filter(|own| !document.segments.iter().any(|s| s.header.name.value == own.name.value)),
        );
        let kinds: [(&str, Vec<&Header>); 9] = [
            ("account", document.accounts.iter().map(|s| &s.header).collect()),
            ("region", document.regions.iter().map(|s| &s.header).collect()),
            ("hub", document.hubs.iter().map(|s| &s.header).collect()),
            ("pool", pools),
            ("reserved", document.reserved.iter().map(|s| &s.header).collect()),
            ("site", document.sites.iter().map(|s| &s.header).collect()),
            ("segment", segments),
            ("layout", document.layouts.iter().map(|s| &s.header).collect()),
            ("environment", document.environments.iter().map(|s| &s.header).collect()),
        ];
        let mut spaces = Vec::new();
        for (kind, headers) in kinds {
            let mut space = Space::new("name");
            for header in headers {
                space.take(
                    header.name.value.clone(),
                    format!("{kind}.{}", header.name.value),
                    header.name.span,
                );
            }
            spaces.push(space);
        }
        for layout in &document.layouts {
            let mut space = Space::new("name");
            for tier in &layout.tiers {
                let name = &tier.header.name;
                space.take(
                    name.value.clone(),
                    format!("layout.{}.{}", layout.header.name.value, name.value),
                    name.span,
                );
            }
            spaces.push(space);
        }
        spaces
    }

    /// Folders: of `addresses/`, and of teams.
    fn folders(&self) -> Space {
        let mut space = Space::new("folder");
        for team in &self.document.teams {
            let name = &team.header.name;
            space.take(format!("teams/{}", name.value), format!("team.{}", name.value), name.span);
        }
        let document = self.document;
        let fixed = [
            ("region", document.regions.iter().map(|s| &s.header.name).collect::<Vec<_>>()),
            ("hub", document.hubs.iter().map(|s| &s.header.name).collect()),
            ("account", document.accounts.iter().map(|s| &s.header.name).collect()),
        ];
        for (kind, names) in fixed {
            for name in names {
                let shown = format!("{kind}.{}", name.value);
                space.take(format!("addresses/{kind}-{}", name.value), shown, name.span);
            }
        }
        for seat in &self.names.seats {
            let shown = format!("team.{}.{}", seat.team.header.name.value, seat.label);
            space.take(format!("addresses/{}", seat.id()), shown, seat.header().name.span);
        }
        // The kinds above are also compared among themselves: once is enough.
        let kind = |finding: &Diagnostic| {
            ["region.", "hub.", "account."]
                .iter()
                .filter(|kind| finding.message.contains(&format!("`{kind}")))
                .count()
        };
        let twice = |finding: &Diagnostic| kind(finding) == 1 && !finding.message.contains("`team.");
        space.findings.retain(|finding| !twice(finding));
        space
    }

    /// Attachments of sites: `site-link`.
    fn attachments(&self) -> Space {
        let mut space = Space::new("attachment");
        for site in &self.document.sites {
            for link in &site.links {
                let (site, link) = (&site.header.name.value, &link.header.name);
                space.take(
                    format!("{site}-{}", link.value),
                    format!("site.{site}.{}", link.value),
                    link.span,
                );
            }
        }
        space
    }

    /// Name tags of VPCs and of their subnets. A pattern with `{range}` makes names of its own.
    fn name_tags(&self, vpcs: &[(String, Vpc)]) -> Space {
        let mut space = Space::new("Name tag");
        for (_, vpc) in vpcs.iter().filter(|(_, vpc)| !vpc.name.contains("{range}")) {
            let shown = self.names.seat_name(vpc);
            space.take(vpc.name.clone(), shown, vpc.entity.span);
        }
        let mut tags = Space::new("Name tag");
        let close = close_names(vpcs);
        let layouts = self.document.layouts.iter();
        let layouts: BTreeMap<&str, (&LayoutStatement, bool)> = layouts
            .map(|layout| (layout.header.name.value.as_str(), (layout, subnets_meet(layout))))
            .collect();
        for (_, vpc) in vpcs.iter().filter(|(_, vpc)| !vpc.name.contains("{range}")) {
            let layout = self.names.layouts.name(vpc.layout).and_then(|name| layouts.get(name));
            let Some(&(layout, meet)) = layout else { continue };
            if !meet && !close.contains(&folded(vpc.name.clone())) {
                continue;
            }
            let shown = self.names.seat_name(vpc);
            for subnet in subnet_names(layout) {
                tags.take(format!("{}-{subnet}", vpc.name), format!("{shown} {subnet}"), vpc.entity.span);
            }
        }
        // VPCs that share a name share all of their subnets' names: the first finding says it.
        if space.findings.is_empty() {
            space.findings = tags.findings;
        }
        space
    }
}

/// Names of the subnets that a layout makes: `tier-zone`.
fn subnet_names(layout: &LayoutStatement) -> impl Iterator<Item = String> {
    let of_tier = |tier: &TierStatement| {
        let name = tier.header.name.value.clone();
        layout.zones.iter().map(move |zone| format!("{name}-{}", zone.value))
    };
    layout.tiers.iter().flat_map(of_tier)
}

/// Whether two subnets of one layout have one name.
fn subnets_meet(layout: &LayoutStatement) -> bool {
    let mut names = BTreeSet::new();
    !subnet_names(layout).all(|name| names.insert(folded(name)))
}

/// Folded names of VPCs of which one goes on with `-` where another one ends. Only subnets of these can meet those of
/// another VPC, and there are ten times as many subnets as VPCs.
fn close_names(vpcs: &[(String, Vpc)]) -> BTreeSet<String> {
    let all: BTreeSet<String> = vpcs.iter().map(|(_, vpc)| folded(vpc.name.clone())).collect();
    let mut close = BTreeSet::new();
    for name in &all {
        for start in name.match_indices('-').filter_map(|(end, _)| all.get(name.split_at(end).0)) {
            close.extend([start.clone(), name.clone()]);
        }
    }
    close
}

//! Names of before: what `renamed_from` says of things that there are together.

use std::collections::BTreeMap;

use super::codes::INVALID_RENAME;
use super::names::{Context, each_pool};
use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::document::{Header, RegionStatement, Setting, Texts, written};

/// A name of today and the one before.
struct Named<'a> {
    name: &'a str,
    span: Span,
    old: Option<Spanned<&'a str>>,
}

/// Things of one kind whose names are told apart, and how their old names are written.
struct Scope<'a> {
    all: Vec<Named<'a>>,
    /// What is deleted where there was no rename.
    statement: &'static str,
}

impl<'a> Scope<'a> {
    fn of(headers: impl IntoIterator<Item = &'a Header>) -> Self {
        let named = |Header { name, why: _, renamed_from }: &'a Header| Named {
            name: &name.value,
            span: name.span,
            old: renamed_from.as_ref().map(|old| Spanned { value: old.value.as_str(), span: old.span }),
        };
        Self { all: headers.into_iter().map(named).collect(), statement: "`renamed_from`" }
    }

    /// Zones of a region, by letter.
    fn of_zones(region: &'a RegionStatement) -> Self {
        let RegionStatement { header: _, zones, zones_renamed_from, cloud: _ } = region;
        let old = |letter: &str| {
            let (_, old) = texts(zones_renamed_from).iter().find(|(new, _)| new.value == letter)?;
            Some(Spanned { value: old.value.as_deref()?, span: old.span })
        };
        let zones = texts(zones).iter().filter(|(_, id)| id.value.is_some());
        let named = |letter: &'a Spanned<String>| Named {
            name: &letter.value,
            span: letter.span,
            old: old(&letter.value),
        };
        Self {
            all: zones.map(|(letter, _)| named(letter)).collect(),
            statement: "the entry of `zones_renamed_from`",
        }
    }
}

/// The entries of a map; none when it is not written.
fn texts(map: &Setting<Texts>) -> &[(Spanned<String>, Spanned<Option<String>>)] {
    written(map).map_or(&[], |map| map.value.as_slice())
}

impl Context<'_, '_> {
    /// Every `renamed_from` that cannot be true.
    pub(super) fn renames(&mut self) {
        let document = self.document;
        let mut pools = Vec::new();
        each_pool(&document.pools, &mut |pool, _| pools.push(&pool.header));
        let mut scopes = vec![
            Scope::of(pools),
            Scope::of(document.teams.iter().map(|s| &s.header)),
            Scope::of(document.environments.iter().map(|s| &s.header)),
            Scope::of(document.layouts.iter().map(|s| &s.header)),
            Scope::of(document.hubs.iter().map(|s| &s.header)),
            Scope::of(document.segments.iter().map(|s| &s.header)),
            Scope::of(document.sites.iter().map(|s| &s.header)),
            Scope::of(document.accounts.iter().map(|s| &s.header)),
            Scope::of(document.reserved.iter().map(|s| &s.header)),
        ];
        scopes.extend(document.sites.iter().map(|site| Scope::of(site.links.iter().map(|s| &s.header))));
        scopes.extend(
            document.segments.iter().map(|segment| Scope::of(segment.routes.iter().map(|s| &s.header))),
        );
        scopes
            .extend(document.layouts.iter().map(|layout| Scope::of(layout.tiers.iter().map(|s| &s.header))));
        scopes.extend(document.regions.iter().map(Scope::of_zones));
        for team in &document.teams {
            scopes.push(Scope::of(team.vpcs.iter().map(|s| &s.header)));
            scopes.extend(team.vpcs.iter().map(|vpc| Scope::of(vpc.blocks.iter().map(|s| &s.header))));
        }
        for scope in &scopes {
            self.renames_among(scope);
            self.swaps(scope);
        }
        for region in &document.regions {
            self.renamed_zones(region);
        }
    }

    fn renames_among(&mut self, Scope { all, statement }: &Scope<'_>) {
        let mut olds: BTreeMap<&str, Span> = BTreeMap::new();
        for Named { name, span: _, old } in all {
            let Some(old) = old else { continue };
            let diagnostic = |message: String| Diagnostic::new(INVALID_RENAME, message).at(old.span, "");
            if old.value == *name {
                self.push(
                    diagnostic(format!("`{name}` is called that still")).help(format!("delete {statement}")),
                );
            } else if let Some(first) = olds.insert(old.value, old.span) {
                let message = format!("two things cannot both have been called `{}`", old.value);
                self.push(diagnostic(message).at(first, "first").help("keep the one that was renamed"));
            } else if let Some(still) =
                all.iter().find(|other| other.name == old.value && other.old.is_none())
            {
                let message = format!("`{}` was not renamed: it is still there", old.value);
                let help = format!("delete {statement}, or the statement of the old name");
                self.push(diagnostic(message).at(still.span, "still there").help(help));
            }
        }
    }

    /// Names that go round. Which of them the lock means by a name could not be told from the second run, where all are
    /// as they should be.
    fn swaps(&mut self, Scope { all, statement: _ }: &Scope<'_>) {
        let old = |name: &str| all.iter().find(|own| own.name == name)?.old.as_ref();
        for Named { name, span: _, old: first } in all {
            let Some(first) = first.as_ref().filter(|first| first.value != *name) else { continue };
            let mut round = vec![*name];
            let mut last = first;
            while !round.contains(&last.value) {
                round.push(last.value);
                let Some(next) = old(last.value) else { break };
                last = next;
            }
            // Each round is told once, by the least of its names.
            let is_round = last.value == *name && round.iter().all(|other| name <= other);
            let (true, Some(second)) = (is_round, old(first.value)) else { continue };
            let mut names: Vec<String> = round.iter().map(|name| format!("`{name}`")).collect();
            let end = names.pop().unwrap_or_default();
            let message =
                format!("{} and {end} cannot change names with each other in one step", names.join(", "));
            self.push(
                Diagnostic::new(INVALID_RENAME, message).at(first.span, "").at(second.span, "").help(format!(
                    "one after the other, by a name that nobody has: `{name}` first; run `tanada generate` and apply after each"
                )),
            );
        }
    }

    /// Old letters of zones that there are not.
    fn renamed_zones(&mut self, region: &RegionStatement) {
        let RegionStatement { header, zones, zones_renamed_from, cloud: _ } = region;
        let is_zone =
            |letter: &str| texts(zones).iter().any(|(own, id)| own.value == letter && id.value.is_some());
        for (letter, old) in texts(zones_renamed_from) {
            let Some(old) = &old.value else { continue };
            if is_zone(&letter.value) {
                continue;
            }
            let message = format!(
                "`region.{}` has no zone `{}` that could have been called `{old}`",
                header.name.value, letter.value
            );
            let help = if is_zone(old) {
                format!("the letter of today comes first: `{old} = \"{}\"`", letter.value)
            } else {
                "write the letter of today and the one before: `zones_renamed_from = { b = \"a\" }`"
                    .to_owned()
            };
            self.push(Diagnostic::new(INVALID_RENAME, message).at(letter.span, "").help(help));
        }
    }
}

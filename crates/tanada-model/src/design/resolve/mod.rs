//! Document to design: every reference found, every default filled in, every inherited value decided, and whatever the
//! input alone can tell to be wrong.

mod blocks;
mod codes;
mod layouts;
mod meet;
mod names;
mod once;
mod people;
mod places;
mod renames;
mod rules;
mod seats;
mod segments;
mod severities;
mod ways;
mod whole;
mod zones;

use crate::design::{Design, Entity, Table};
use crate::diagnostic::{Diagnostic, Span, did_you_mean, tidy};
use crate::document::{Document, Header};

pub use codes::*;
use names::{Context, Names};

/// Resolves a document: references, defaults, inheritance. `None` when there is an error: a design is always whole.
pub fn resolve(document: &Document) -> (Option<Design>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let seats = seats::seats(document, &mut diagnostics);
    let names = Names::new(document, seats);
    let mut context = Context { document, names: &names, diagnostics: &mut diagnostics };
    let design = context.design();
    // Who is missing may stand in a file that could not be read: no finding follows from that.
    if let Some(design) = design.as_ref().filter(|_| !document.partial) {
        whole::check(design, &mut diagnostics);
    }
    let design = design.filter(|_| diagnostics.is_empty());
    (design, tidy(diagnostics))
}

impl Context<'_, '_> {
    /// Everything, in the order in which statements are explained. `None` when something could not be made.
    fn design(&mut self) -> Option<Design> {
        let names = self.name_pattern();
        let tags = self.estate_tags();
        let backend = self.backend();
        let flow_log_bucket = self.log_bucket();
        let quotas = self.quotas();
        let accepts = self.accepts();
        let severities = self.severities();
        let accounts = self.accounts();
        let pools = self.pools();
        let reserved = self.reserved();
        let regions = self.regions();
        let hubs = self.hubs();
        let sites = self.sites();
        let segments = self.segments();
        let layouts = self.layouts();
        let vpcs = self.vpcs(&names);
        self.meetings(&vpcs);
        self.renames();
        let environments = self.environments(&vpcs);
        let teams = self.teams();
        let intents = self.intents();
        let design = Design {
            names,
            tags,
            backend,
            flow_log_bucket,
            quotas,
            accepts,
            severities,
            accounts: Table::new(accounts),
            pools: Table::new(pools),
            reserved: Table::new(reserved),
            regions: Table::new(regions),
            hubs: Table::new(hubs),
            sites: Table::new(sites),
            segments: Table::new(segments),
            layouts: Table::new(layouts),
            environments: Table::new(environments),
            teams: Table::new(teams),
            vpcs: Table::new(vpcs),
            intents: Table::new(intents),
        };
        self.whole(&design).then_some(design)
    }

    /// Whether every name has its row, so that every id holds.
    fn whole(&self, design: &Design) -> bool {
        let names = self.names;
        names.accounts.names().eq(design.accounts.names())
            && names.pools.names().eq(design.pools.names())
            && names.reserved.names().eq(design.reserved.names())
            && names.regions.names().eq(design.regions.names())
            && names.hubs.names().eq(design.hubs.names())
            && names.sites.names().eq(design.sites.names())
            && names.segments.names().eq(design.segments.names())
            && names.layouts.names().eq(design.layouts.names())
            && names.environments.names().eq(design.environments.names())
            && names.teams.names().eq(design.teams.names())
            && names.vpcs.names().eq(design.vpcs.names())
    }
}

/// A finding as an estate may speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCode<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether `accept` can say that it is a choice.
    pub is_choice: bool,
    /// Whether `severity` can change its weight.
    pub is_weighable: bool,
}

/// Acceptances and weights that would mean nothing: of findings that nothing raises, and of those that cannot be otherwise.
/// `known` are the codes of every part.
pub fn unknown_codes<'a>(
    design: &Design,
    known: impl Iterator<Item = KnownCode<'a>> + Clone,
) -> Vec<Diagnostic> {
    let find = |name: &str| known.clone().find(|code| code.name == name);
    let unknown = |name: &str, span: Span| {
        let diagnostic = Diagnostic::new(UNKNOWN_CODE, format!("there is no finding `{name}`")).at(span, "");
        match did_you_mean(name, known.clone().map(|code| code.name)) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help("write the code as it is printed: `error[the-code]`"),
        }
    };
    let mut found = Vec::new();
    for accept in &design.accepts {
        let (name, span) = (accept.code.value.as_str(), accept.code.span);
        match find(name) {
            None => found.push(unknown(name, span)),
            Some(code) if !code.is_choice => found.push(
                Diagnostic::new(NOT_A_CHOICE, format!("`{name}` is nothing that can be accepted"))
                    .at(span, "")
                    .help(format!(
                        "delete it; the help of the finding, and `tanada explain {name}`, say what to do"
                    )),
            ),
            Some(_) => {}
        }
    }
    for (name, weight) in &design.severities {
        match find(name) {
            None => found.push(unknown(name, weight.span)),
            Some(code) if !code.is_weighable => found.push(
                Diagnostic::new(WEIGHT_FIXED, format!("`{name}` weighs the same everywhere"))
                    .at(weight.span, "")
                    .help("delete it; only what does not stop a run can weigh more or less"),
            ),
            Some(_) => {}
        }
    }
    found
}

/// Name and reason of a statement.
fn entity(header: &Header) -> Entity {
    let Header { name, why, renamed_from } = header;
    Entity { name: name.value.clone(), why: why.clone(), renamed_from: renamed_from.clone(), span: name.span }
}

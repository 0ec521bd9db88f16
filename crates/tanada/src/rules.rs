//! Rules over the emitted tree, as findings beside those of the input.

use std::collections::BTreeMap;

use tanada_model::design::Design;
use tanada_model::diagnostic::{Diagnostic, FileId, Place, Severity, Span, acceptance};
use tanada_verify::network::{Network, NetworkError, NetworkErrorKind};
use tanada_verify::rules::{Facts, Finding, Quotas, check};
use tanada_verify::verify::{NOT_UNDERSTOOD, place_sites};
use tanada_verify::{Files, Observed, ReadError, Unread, read};

use crate::codes;
use crate::estate::Estate;
use crate::report::Findings;
use crate::witness::code;

/// Adds what the rules say of a tree, and what in it is not understood or not followed; except what the estate accepts.
/// `shown` is the tree's name before its files.
///
/// # Errors
/// When the tree is not one that can be read.
pub fn apply(
    estate: &Estate,
    files: &dyn Files,
    shown: &str,
    findings: &mut Findings,
) -> Result<(), Vec<ReadError>> {
    let observed: Observed = read(files)?;
    let (mut network, errors) = Network::observe(&observed);
    let Estate { design, new_lock, lock: _, allocation: _ } = estate;
    place_sites(&mut network, design, new_lock);
    let raised = design.quotas.iter().map(|(name, raised)| (name.as_str(), raised.value));
    let quotas = Quotas::raised(raised);
    let mut found = check(&Facts { observed: &observed, network: &network, quotas: &quotas });
    found.extend(besides(&network, errors, &found));
    let mut pages = Pages { files, shown, known: BTreeMap::new() };
    let objects = Objects::new(design);
    let list = found
        .into_iter()
        .filter(|finding| !objects.accept(finding))
        .map(|finding| pages.diagnostic(finding, &objects, findings))
        .collect();
    findings.extend(list);
    Ok(())
}

/// What rules do not see: blocks that are not understood, each kind once, things that are not followed, and contradictions
/// at whose place no rule says more.
fn besides(network: &Network, errors: Vec<NetworkError>, found: &[Finding]) -> Vec<Finding> {
    let mut kinds: BTreeMap<(&str, &str), Vec<&Unread>> = BTreeMap::new();
    for unread in &network.unread {
        kinds.entry((&unread.what, &unread.why)).or_default().push(unread);
    }
    let plain = |code, message, place: &tanada_verify::Place| Finding {
        code,
        message,
        places: vec![(place.clone(), String::new())],
        help: Vec::new(),
    };
    let mut all = Vec::new();
    for ((what, why), blocks) in kinds {
        let more = match blocks.len() {
            1 => String::new(),
            2 => "; and in 1 more root".to_owned(),
            count => format!("; and in {} more roots", count - 1),
        };
        let message = format!("`{what}` is not understood, and nothing is said of what it does: {why}{more}");
        all.extend(blocks.first().map(|first| plain(NOT_UNDERSTOOD, message, &first.place)));
    }
    for NetworkError { place, kind, message } in errors {
        let code = code(kind);
        let help = match kind {
            NetworkErrorKind::Contradiction => Vec::new(),
            NetworkErrorKind::Unfollowed => {
                vec!["what `verify`, `reach` and `matrix` say does not hold for certain beside it".to_owned()]
            }
        };
        let told = found.iter().any(|finding| finding.places.iter().any(|(known, _)| *known == place));
        if !(told && kind == NetworkErrorKind::Contradiction) {
            all.push(Finding { help, ..plain(code, message, &place) });
        }
    }
    all
}

/// What in a tree is whose, as references are written.
struct Objects<'a> {
    design: &'a Design,
    /// By folder.
    names: BTreeMap<String, String>,
}

impl<'a> Objects<'a> {
    fn new(design: &'a Design) -> Self {
        let mut names = BTreeMap::new();
        for (id, vpc) in design.vpcs.iter() {
            let (team, label) = (design.teams.name(vpc.team), &vpc.entity.name);
            let reference = format!("team.{team}.{label}");
            names.insert(format!("teams/{team}/{label}"), reference.clone());
            names.insert(format!("addresses/{}", design.vpcs.name(id)), reference);
        }
        for hub in design.hubs.names() {
            names.insert(format!("hub/{hub}"), format!("hub.{hub}"));
        }
        Self { design, names }
    }

    /// The object that a file of the tree belongs to.
    fn of(&self, file: &str) -> Option<&str> {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.names.get(folder).map(String::as_str)
    }

    fn accept(&self, finding: &Finding) -> bool {
        let objects = finding.places.iter().filter_map(|(place, _)| self.of(place.file()));
        let mut objects = objects.chain([""]);
        objects.any(|object| self.design.accepted(finding.code.name, object))
    }
}

/// Texts of the tree, read as findings need them.
struct Pages<'a> {
    files: &'a dyn Files,
    shown: &'a str,
    known: BTreeMap<String, Option<FileId>>,
}

impl Pages<'_> {
    fn diagnostic(&mut self, finding: Finding, objects: &Objects<'_>, findings: &mut Findings) -> Diagnostic {
        let Finding { code, message, places, help } = finding;
        let mut diagnostic = Diagnostic::new(code, message);
        let first = places.first().and_then(|(place, _)| objects.of(place.file())).map(str::to_owned);
        for (place, words) in places {
            let at = self.place(&place, findings);
            diagnostic = diagnostic.at(at, words);
        }
        diagnostic = help.into_iter().fold(diagnostic, Diagnostic::help);
        let asks = code.severity > Severity::Note && codes::is_choice(code.name);
        match first.filter(|_| asks) {
            Some(object) => diagnostic.help(format!("or write {}", acceptance(&code, &object))),
            None => diagnostic,
        }
    }

    /// The line, without what indents it.
    fn place(&mut self, place: &tanada_verify::Place, findings: &mut Findings) -> Place {
        let path = format!("{}/{}", self.shown, place.file());
        let id = *self.known.entry(place.file().to_owned()).or_insert_with(|| {
            let text = self.files.text(place.file()).ok().flatten()?;
            Some(findings.sources.add(path.clone(), &*text))
        });
        let span = id.and_then(|id| {
            let text = &findings.sources.file(id)?.text;
            let line = usize::try_from(place.line()).ok()?.checked_sub(1)?;
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let line = text.get(start..)?.lines().next()?;
            let indent = line.len() - line.trim_start().len();
            Some(Span::new(id, start + indent..start + line.trim_end().len()))
        });
        span.map_or(Place::Path(path), Place::Span)
    }
}

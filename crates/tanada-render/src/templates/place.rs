//! Which file a template makes.

use std::collections::BTreeMap;

use tanada_model::diagnostic::Diagnostic;

use super::codes::TEMPLATE_PATH;
use super::{CALLS, TemplateFile, line_span};

/// What a template makes a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Vpc,
    Hub,
    Team,
    Estate,
}

/// A template that makes files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: Kind,
    /// Path of the template.
    pub(super) template: String,
    /// Path of the file, below the folder that it is for.
    pub(super) name: String,
}

/// Files that tanada writes into a root, and whether a template may take their place. The others hold the estate's
/// values: what guards and judges read.
const OWN: [(&str, bool); 9] = [
    ("README.md", true),
    ("addresses.tf", false),
    (CALLS, false),
    ("backend.tf", false),
    ("main.tf", false),
    ("outputs.tf", true),
    ("providers.tf", true),
    ("removed.tf", false),
    ("variables.tf", false),
];

/// What tanada writes at the top of the tree.
const TOP: [&str; 6] = ["addresses", "backend.hcl", "hub", "index.md", "modules", "teams"];

/// The templates that make files; those whose name starts with `_` are for others to include.
pub(super) fn targets(files: &[TemplateFile], diagnostics: &mut Vec<Diagnostic>) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let mut makers: BTreeMap<(Kind, String), &str> = BTreeMap::new();
    for file in files {
        if file.path.rsplit('/').next().is_some_and(|name| name.starts_with('_')) {
            continue;
        }
        match target(&file.path) {
            Ok(target) => {
                let key = (target.kind, target.name.to_lowercase());
                if let Some(other) = makers.insert(key, &file.path) {
                    let message = format!("`{other}` and `{}` make the same file", file.path);
                    diagnostics.push(wrong(file, message, "rename one of them"));
                }
                targets.push(target);
            }
            Err((message, help)) => diagnostics.push(wrong(file, message, &help)),
        }
    }
    targets
}

fn wrong(file: &TemplateFile, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(TEMPLATE_PATH, message).at(line_span(file, 1), "").help(help)
}

fn target(path: &str) -> Result<Target, (String, String)> {
    let wrong = |what: &str, help: &str| Err((format!("template `{path}` {what}"), help.to_owned()));
    let Some((folder, rest)) = path.split_once('/') else {
        return wrong(
            "lies in no folder that says what it is for",
            "move it to `vpc/`, `hub/`, `team/` or `estate/`, or let its name start with `_` when others include it",
        );
    };
    let kind = match folder {
        "vpc" => Kind::Vpc,
        "hub" => Kind::Hub,
        "team" => Kind::Team,
        "estate" => Kind::Estate,
        _ => {
            return wrong(
                "lies in a folder that means nothing",
                "folders are `vpc/`, `hub/`, `team/` and `estate/`",
            );
        }
    };
    let Some(name) = rest.strip_suffix(".tera") else {
        return wrong("does not end in `.tera`", "a file without values is a template, too: add `.tera`");
    };
    let (name, replaces) = match name.strip_suffix(".replace") {
        Some(name) => (name, true),
        None => (name, false),
    };
    if name.is_empty()
        || name.split('/').any(|part| part.is_empty() || part.starts_with('.') && part != ".github")
    {
        return wrong("makes a hidden file, or one without a name", "name the file that it makes");
    }
    if name.contains(".tfstate") || name.split('/').any(|part| part.starts_with(".terraform")) {
        return wrong("makes a file that belongs to Terraform", "name it otherwise");
    }
    if kind == Kind::Team && name.contains('/') {
        return wrong("makes a folder among those of the team's VPCs", "make a file without a folder");
    }
    match (own(kind, name), replaces) {
        (None, false) | (Some(true), true) => {
            Ok(Target { kind, template: path.to_owned(), name: name.to_owned() })
        }
        (None, true) => wrong("takes the place of no file of tanada", "leave `.replace` out of its name"),
        (Some(true), false) => wrong(
            "makes a file that tanada writes itself",
            "let its name end in `.replace.tera` to take its place, or name it otherwise",
        ),
        (Some(false), _) => wrong(
            "makes a file that holds the estate's values",
            "name it otherwise; Terraform reads every `*.tf` of a root",
        ),
    }
}

/// Whether tanada makes such a file itself, and if so, whether a template may take its place.
fn own(kind: Kind, name: &str) -> Option<bool> {
    match kind {
        Kind::Vpc | Kind::Hub => {
            OWN.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, may)| *may)
        }
        Kind::Team => None,
        Kind::Estate => {
            let first = name.split('/').next().unwrap_or_default();
            let taken = TOP.iter().any(|own| own.eq_ignore_ascii_case(first));
            taken.then(|| name.eq_ignore_ascii_case("index.md"))
        }
    }
}

/// Whether a file in a root's folder is none that tanada writes itself.
pub fn is_added(name: &str) -> bool {
    OWN.iter().all(|(own, _)| !own.eq_ignore_ascii_case(name))
}

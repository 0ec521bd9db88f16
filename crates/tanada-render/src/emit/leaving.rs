//! Roots whose VPC the input has no more. Terraform must still reach what their states hold.

use std::collections::BTreeSet;

use hcl_edit::structure::Body as ReadBody;
use tanada_model::diagnostic::{Code, Diagnostic, Place, Severity};

use crate::hcl::{Block, Body, Expr, Ident, Key, Object, Reference};
use crate::ident;
use crate::plan::{LeavingRoot, Plan};

use super::{File, document};

/// A leaving root's provider needs what the input has no more.
pub(super) const NEEDED_BY_LEAVING: Code = Code {
    name: "needed-by-leaving-root",
    severity: Severity::Error,
    explanation: "A root on its way out still works in a region or account that the input has no more. Terraform could \
                  not read the root's provider, and so neither destroy nor forget its network.",
};

/// The files of a root as they lie on disk; `None` where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldRoot {
    /// `providers.tf`
    pub providers: Option<String>,
    /// `addresses.tf`
    pub addresses: Option<String>,
    /// `backend.tf`
    pub backend: Option<String>,
    /// `variables.tf`
    pub variables: Option<String>,
    /// `removed.tf`, which an earlier run made of `added`.
    pub removed: Option<String>,
    /// Every other `.tf` that a run has written there: what templates made.
    pub added: Vec<String>,
}

/// Every file of a root on its way out.
///
/// Provider, backend and variables stay as they are, and of `addresses.tf` what the providers refer to. `main.tf` holds
/// nothing, so that the next apply destroys the network, or a `removed` block, so that the next apply forgets it.
/// What this returns, read back as an [`OldRoot`], gives the same files again.
pub fn leaving(root: &LeavingRoot, old: &OldRoot) -> Vec<(String, String)> {
    let LeavingRoot { id: _, directory, birth: _, keeps_network: _ } = root;
    let OldRoot { providers, addresses, backend, variables, removed, added } = old;
    let needed = match (providers, addresses) {
        (Some(providers), Some(addresses)) => Some(needed(addresses, providers)),
        (None, _) | (_, None) => None,
    };
    let removed = if root.keeps_network { removed.clone().or_else(|| forget(added)) } else { None };
    let kept: [(&str, Option<String>); 5] = [
        ("providers.tf", providers.clone()),
        ("addresses.tf", needed),
        ("backend.tf", backend.clone()),
        ("variables.tf", variables.clone()),
        ("removed.tf", removed),
    ];
    let own = [("main.tf", main(root)), ("README.md", crate::pages::leaving(root))];
    let kept = kept.into_iter().filter_map(|(name, text)| Some((name, text?)));
    own.into_iter()
        .chain(kept)
        .map(|(name, text)| (format!("{directory}/{name}"), text))
        .collect::<Vec<File>>()
}

/// Complaints about leaving roots that call modules of `addresses/` which the plan does not make any more. `files` are
/// those of [`leaving`].
pub fn missing(plan: &Plan, files: &[File]) -> Vec<Diagnostic> {
    let regions = plan.regions.iter().map(|region| format!("region-{}", region.name));
    let accounts = plan.accounts.iter().map(|account| format!("account-{}", account.name));
    let hubs = plan.hub_addresses.iter().map(|hub| format!("hub-{}", hub.name));
    let made: BTreeSet<String> = regions.chain(accounts).chain(hubs).chain(["estate".to_owned()]).collect();
    let mut found = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with("/addresses.tf")) {
        let directory = path.trim_end_matches("/addresses.tf");
        for (_, source) in calls(text).unwrap_or_default() {
            let module = source.rsplit('/').next().unwrap_or_default();
            if made.contains(module) {
                continue;
            }
            let what = module.replacen('-', " ", 1);
            found.push(
                Diagnostic::new(
                    NEEDED_BY_LEAVING,
                    format!("`{directory}` is leaving and still works in {what}"),
                )
                .at(Place::Path(path.clone()), "")
                .help(format!("keep the {what} in the input until the root is released (`tanada release`)")),
            );
        }
    }
    found
}

fn main(root: &LeavingRoot) -> String {
    let text = if root.keeps_network {
        format!(
            "{} leaves: the next apply takes its network out of the state and touches nothing of it.",
            root.id
        )
    } else {
        format!("{} leaves: the next apply destroys its network.", root.id)
    };
    // The module that named the provider's version is gone.
    let aws = Object::new().entry(Key::text("source"), "hashicorp/aws").entry(Key::text("version"), "~> 6.0");
    let required = Body::new().attribute(ident!("aws"), aws);
    let settings = Body::new().block(Block::new(ident!("required_providers")).body(required));
    let body = document().comment(text).block(Block::new(ident!("terraform")).body(settings));
    if !root.keeps_network {
        return body.to_string();
    }
    body.blank().block(removal(Reference::path(ident!("module"), [ident!("vpc")]))).to_string()
}

/// `removed` blocks for what templates added to a root whose network stays: without them the next apply would destroy
/// it, since the files are gone.
fn forget(added: &[String]) -> Option<String> {
    let bodies: Vec<ReadBody> = added.iter().filter_map(|text| text.parse().ok()).collect();
    let blocks = bodies.iter().flat_map(ReadBody::blocks);
    let address = |block: &hcl_edit::structure::Block| {
        let mut labels = block.labels.iter().map(|label| Ident::new(label.as_str().to_owned()).ok());
        match block.ident.as_str() {
            "resource" => Some(Reference::path(labels.next()??, [labels.next()??])),
            "module" => Some(Reference::path(ident!("module"), [labels.next()??])),
            _ => None,
        }
    };
    let mut addresses = blocks.filter_map(address).peekable();
    addresses.peek()?;
    let head = document().comment("What templates had added to the network stays, too.");
    let body = addresses
        .enumerate()
        .fold(head, |body, (at, address)| super::scope::after_gap(body, at).block(removal(address)));
    Some(body.to_string())
}

/// `removed { from = … destroy = false }`.
fn removal(from: Reference<'_>) -> Block<'_> {
    let lifecycle = Body::new().attribute(ident!("destroy"), false);
    let removed = Body::new()
        .attribute(ident!("from"), from)
        .blank()
        .block(Block::new(ident!("lifecycle")).body(lifecycle));
    Block::new(ident!("removed")).body(removed)
}

/// What of `addresses` the text `providers` refers to; all of it when it does not read as such a file.
fn needed(addresses: &str, providers: &str) -> String {
    let Some(calls) = calls(addresses) else { return addresses.to_owned() };
    let head = document().comment("Constants only: these modules make nothing.");
    let kept = calls.into_iter().filter(|(name, _)| refers_to(providers, name));
    let body = kept.enumerate().fold(head, |body, (at, (name, source))| {
        let call = Body::new().attribute(ident!("source"), Expr::from(source));
        super::scope::after_gap(body, at).block(Block::new(ident!("module")).label(name).body(call))
    });
    body.to_string()
}

/// Names and sources of the modules that a file calls.
fn calls(text: &str) -> Option<Vec<(Ident<'_>, String)>> {
    let body: ReadBody = text.parse().ok()?;
    let call = |block: &hcl_edit::structure::Block| {
        let name = Ident::new(block.labels.first()?.as_str().to_owned()).ok()?;
        let source = block.body.get_attribute("source")?.value.as_str()?;
        Some((name, source.to_owned()))
    };
    body.blocks().map(call).collect()
}

/// Whether `text` holds `module.<name>` as a whole.
fn refers_to(text: &str, name: &Ident<'_>) -> bool {
    let reference = format!("module.{name}.");
    text.contains(&reference)
}

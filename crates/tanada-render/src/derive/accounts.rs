//! Providers, accounts, tags, and where Terraform keeps its states.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{AccountId, Backend, Design, HubId};
use tanada_model::diagnostic::Diagnostic;

use super::codes::BACKEND_WITHOUT_KEY;
use super::facts::{Facts, VpcFacts};
use crate::plan::{AccountAddresses, AccountUse, BackendPlan, ProviderPlan};

/// The attribute that tells states apart, and what follows the birth name in it, by type of backend
/// (Terraform's documentation of each backend, read 2026-11-23).
const KEYS: &[(&str, &str, &str)] = &[
    ("azurerm", "key", ".tfstate"),
    ("consul", "path", ""),
    ("cos", "key", ".tfstate"),
    ("gcs", "prefix", ""),
    ("local", "path", ".tfstate"),
    ("oci", "key", ".tfstate"),
    ("oss", "key", ".tfstate"),
    ("s3", "key", ".tfstate"),
];

/// The backend of all roots.
pub(super) fn backend(design: &Design, diagnostics: &mut Vec<Diagnostic>) -> Option<BackendPlan> {
    let Backend { kind, settings, span } = design.backend.as_ref()?;
    if let Some((_, key, suffix)) = KEYS.iter().find(|(known, _, _)| known == kind) {
        return Some(BackendPlan {
            kind: kind.clone(),
            key: (*key).to_owned(),
            suffix: (*suffix).to_owned(),
            settings: settings.clone(),
        });
    }
    let known: Vec<String> = KEYS.iter().map(|(known, _, _)| format!("`{known}`")).collect();
    let message = format!("backend `{kind}` has no attribute that tells the states of many roots apart");
    let help = format!("use one of {}", known.join(", "));
    diagnostics.push(Diagnostic::new(BACKEND_WITHOUT_KEY, message).at(*span, "").help(help));
    None
}

/// How a root names an account.
fn account_use(design: &Design, id: AccountId) -> AccountUse {
    let account = &design.accounts[id];
    AccountUse {
        name: design.accounts.name(id).to_owned(),
        known: account.id.is_some(),
        role: account.role.clone(),
    }
}

/// Accounts whose id is known.
pub(super) fn accounts(design: &Design) -> Vec<AccountAddresses> {
    let known = design.accounts.iter().filter_map(|(id, account)| {
        let name = design.accounts.name(id).to_owned();
        Some(AccountAddresses { name, id: account.id.clone()?, why: account.entity.why.clone() })
    });
    known.collect()
}

/// Tags of everything in a VPC's root. The derived ones are written last: by them the judge finds its way.
fn vpc_tags(design: &Design, vpc: &VpcFacts<'_>) -> BTreeMap<String, String> {
    let mut tags = design.tags.clone();
    tags.extend(vpc.vpc.tags.clone());
    let segment = vpc.vpc.attachment.map(|attachment| design.segments.name(attachment.segment));
    let derived = [
        ("Team", Some(design.teams.name(vpc.vpc.team))),
        ("Environment", Some(design.environments.name(vpc.vpc.environment))),
        ("Segment", segment),
        ("Owner", design.teams[vpc.vpc.team].owner.as_deref()),
        ("ManagedBy", Some("tanada")),
    ];
    tags.extend(derived.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned()))));
    tags
}

/// Providers of a VPC's root: its own, and the gateway's where that belongs to another account. A VPC for which no
/// account is written lives in its gateway's.
pub(super) fn vpc_providers(design: &Design, vpc: &VpcFacts<'_>) -> (ProviderPlan, Option<ProviderPlan>) {
    let tags = vpc_tags(design, vpc);
    let provider = |region, account: Option<AccountId>, tags| ProviderPlan {
        region: design.regions.name(region).to_owned(),
        account: account.map(|id| account_use(design, id)),
        tags,
    };
    let hub = vpc.vpc.attachment.map(|attachment| &design.hubs[attachment.hub]);
    let other = hub.filter(|hub| vpc.vpc.account.is_some() && hub.account != vpc.vpc.account);
    let other = other.map(|hub| provider(hub.region, hub.account, tags.clone()));
    (provider(vpc.vpc.region, vpc.vpc.account, tags), other)
}

/// The provider of a hub's root.
pub(super) fn hub_provider(design: &Design, hub: HubId) -> ProviderPlan {
    let mut tags = design.tags.clone();
    tags.insert("ManagedBy".to_owned(), "tanada".to_owned());
    let hub = &design.hubs[hub];
    ProviderPlan {
        region: design.regions.name(hub.region).to_owned(),
        account: hub.account.map(|id| account_use(design, id)),
        tags,
    }
}

/// Accounts, other than a gateway's own, that attach VPCs to it.
pub(super) fn share_with(facts: &Facts<'_>, hub: HubId) -> Vec<AccountUse> {
    let design = facts.design;
    let attached = design.vpcs.values().filter(|vpc| vpc.attachment.is_some_and(|a| a.hub == hub));
    let others: BTreeSet<AccountId> =
        attached.filter_map(|vpc| vpc.account).filter(|&id| design.hubs[hub].account != Some(id)).collect();
    others.into_iter().map(|id| account_use(design, id)).collect()
}

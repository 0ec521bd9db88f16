//! README.md of a tree that stands for itself: what it is, what its owner has now, what follows nobody any more.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{BACKEND, Scope};
use crate::emit::{state_key, way_up};
use crate::pages::render;
use crate::plan::{HubRoot, Plan, VpcRoot};

/// What the page tells.
pub(super) struct Facts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) scope: Scope<'a>,
    pub(super) hubs: Vec<&'a HubRoot>,
    pub(super) vpcs: Vec<&'a VpcRoot>,
    /// Folders of the modules that came along.
    pub(super) modules: Vec<&'a String>,
    pub(super) files: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Page<'a> {
    title: String,
    whole: bool,
    /// Where Terraform keeps the states; none: beside each root.
    backend: Option<&'a str>,
    roots: Vec<Root<'a>>,
    /// What came along and was derived from others.
    followed: Vec<Followed>,
    /// Ids on tanada's command line.
    ids: Vec<&'a str>,
    /// What the input needs in their place.
    reserved: String,
}

#[derive(Serialize)]
struct Root<'a> {
    folder: String,
    makes: String,
    state: String,
    init: String,
    why: Option<&'a str>,
}

#[derive(Serialize)]
struct Followed {
    folder: String,
    what: String,
    values: String,
}

pub(super) fn page(facts: &Facts<'_>) -> String {
    let Facts { plan, scope, hubs, vpcs, modules, files: _ } = facts;
    let title = match scope {
        Scope::Team(team) => format!("The networks of team {team}"),
        Scope::All => "The networks of all teams".to_owned(),
    };
    let hub = |hub: &&'_ HubRoot| format!("Transit Gateway {}", hub.gateway);
    let of_hubs = hubs.iter().map(|it| root(plan, format!("hub/{}", it.name), hub(it), &it.birth, None));
    let of_vpcs =
        vpcs.iter().map(|it| root(plan, it.directory.clone(), vpc(it), &it.birth, it.why.as_deref()));
    render(
        "ejected.md",
        &Page {
            title,
            whole: *scope == Scope::All,
            backend: plan.backend.as_ref().map(|backend| backend.kind.as_str()),
            roots: of_hubs.chain(of_vpcs).collect(),
            followed: modules.iter().filter_map(|folder| followed(facts, folder)).collect(),
            ids: vpcs.iter().map(|vpc| vpc.id.as_str()).collect(),
            reserved: vpcs.iter().map(|vpc| reserved(vpc)).collect::<Vec<_>>().join("\n"),
        },
    )
}

fn vpc(vpc: &VpcRoot) -> String {
    let blocks: Vec<String> = vpc.page.blocks.iter().map(ToString::to_string).collect();
    format!("VPC {}, {}", vpc.name, blocks.join(", "))
}

fn root<'a>(plan: &Plan, folder: String, makes: String, birth: &str, why: Option<&'a str>) -> Root<'a> {
    let (state, init) = match &plan.backend {
        Some(backend) => (
            state_key(birth, &backend.suffix),
            format!("terraform init -backend-config={}{BACKEND}", way_up(&folder)),
        ),
        None => (format!("{folder}/terraform.tfstate"), "terraform init".to_owned()),
    };
    Root { folder, makes, state, init, why }
}

/// A module whose values were derived from what others have; none for the constant modules and the VPCs' own.
fn followed(facts: &Facts<'_>, folder: &str) -> Option<Followed> {
    let name = folder.strip_prefix("addresses/")?;
    if facts.vpcs.iter().any(|vpc| vpc.id == name) {
        return None;
    }
    let plan = facts.plan;
    let named = |prefix: &str| name.strip_prefix(prefix);
    let what = if name == "estate" {
        "ranges of the company, of sites and of reservations".to_owned()
    } else if name == "aggregates" {
        "sums of networks of several teams".to_owned()
    } else if let Some(vpc) = plan.vpcs.iter().find(|vpc| vpc.id == name) {
        format!("{}, of team {}", vpc.name, vpc.team)
    } else if let Some(hub) = named("hub-") {
        format!("Name tag of the Transit Gateway {hub}")
    } else if let Some(region) = named("region-") {
        format!("zones of {region}")
    } else {
        format!("id of the account {}", named("account-").unwrap_or(name))
    };
    let text = facts.files.get(&format!("{folder}/main.tf")).map(String::as_str).unwrap_or_default();
    Some(Followed { folder: folder.to_owned(), what, values: literals(text).join(", ") })
}

/// The texts that outputs hold, descriptions aside.
fn literals(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    let values = lines.filter(|line| {
        !["#", "description", "output", "source", "module"].iter().any(|word| line.starts_with(word))
    });
    values.filter_map(|line| line.split('"').nth(1)).collect()
}

/// What keeps the addresses of a VPC from being handed out, and lets routes and rules name them.
fn reserved(vpc: &VpcRoot) -> String {
    let block = |(i, range): (usize, &tanada_model::net::Block)| {
        let name = if i == 0 { vpc.id.clone() } else { format!("{}-{}", vpc.id, i + 1) };
        format!(
            "reserved \"{name}\" {{\n  range = \"{range}\"\n  why   = \"Team {} runs this VPC itself.\"\n}}\n",
            vpc.team
        )
    };
    vpc.page.blocks.iter().enumerate().map(block).collect::<Vec<_>>().join("\n")
}

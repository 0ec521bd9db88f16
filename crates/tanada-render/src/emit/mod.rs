//! Prints a plan as files. Nothing is decided here: every value is written as the plan says.
//!
//! ```text
//! addresses/estate, region-*, hub-*, account-*, <vpc id>   modules without resources: where shared values stand
//! modules/vpc, modules/hub                                 constant text
//! hub/<name>, teams/<team>/<label>                         root modules, each with its page
//! backend.hcl, index.md
//! ```

mod addresses;
mod backend;
mod hub;
mod leaving;
mod modules;
mod provider;
mod scope;
mod vpc;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;
use tanada_model::diagnostic::Code;
use tanada_model::net;

use crate::hcl::{Block, Body, Expr, Ident, Object, Reference};
use crate::ident;
use crate::pages;
use crate::plan::{KeyedResource, Moved, Plan, VpcRoot};
use crate::tree::Tree;

pub use leaving::{OldRoot, leaving, missing};
pub use modules::MODULES;

pub(crate) use backend::state_key;
pub(crate) use scope::partition;

/// Every code that emission can raise.
pub const CODES: &[Code] = &[leaving::NEEDED_BY_LEAVING];

/// The first line of every file that is written.
pub(crate) const HEAD: &str = "Written by tanada; change `network/`, not this file.";

/// A path in the tree, and the file's text.
type File = (String, String);

/// Prints every file of the tree but those of leaving roots, which need what lies on disk: see [`leaving`].
///
/// The result depends on the plan alone.
pub fn emit(plan: &Plan) -> Tree {
    Tree { files: units(plan).flatten_iter().collect::<Vec<File>>().into_iter().collect() }
}

/// The files of [`emit`], printed one unit (a root, or what is shared) at a time on whichever thread is free, so that a
/// caller need not hold them all.
pub fn units(plan: &Plan) -> impl ParallelIterator<Item = Vec<File>> {
    units_in(plan, |_| true)
}

/// The files of [`emit`], as by [`units`]; what a VPC was printed from is given back as soon as it is printed, so that the
/// texts of a large tree take the memory that its plan had.
pub fn into_units(mut plan: Plan) -> impl ParallelIterator<Item = Vec<File>> {
    let vpcs = std::mem::take(&mut plan.vpcs);
    let plan = Arc::new(plan);
    let shared = shared_units(Arc::clone(&plan), |_| true);
    shared.chain(vpcs.into_par_iter().map(move |root| of_vpc(&root, &plan, |_| true)))
}

/// The files of [`emit`] in some folders (`""` is the tree itself), and what all share; roots and addresses of VPCs in other
/// folders are not printed.
pub fn units_in<'p>(
    plan: &'p Plan,
    is_wanted: impl Fn(&str) -> bool + Copy + Send + Sync + 'p,
) -> impl ParallelIterator<Item = Vec<File>> + 'p {
    let vpcs = plan.vpcs.par_iter().map(move |root| of_vpc(root, plan, is_wanted));
    shared_units(plan, is_wanted).chain(vpcs)
}

/// What VPCs share, and the hubs.
fn shared_units<'p>(
    plan: impl Deref<Target = Plan> + Clone + Send + Sync + 'p,
    is_wanted: impl Fn(&str) -> bool + Copy + Send + Sync + 'p,
) -> impl ParallelIterator<Item = Vec<File>> + 'p {
    let shared: [fn(&Plan) -> Vec<File>; 3] = [
        |_| modules::files(),
        addresses::shared,
        |plan| backend::shared(plan.backend.as_ref()).into_iter().collect(),
    ];
    let (of_shared, of_index) = (plan.clone(), plan.clone());
    let shared = shared.into_par_iter().map(move |files| files(&of_shared));
    let index = is_wanted("").then_some(()).into_par_iter();
    let index = index.map(move |()| vec![("index.md".to_owned(), pages::index(&of_index))]);
    let hubs = (0..plan.hubs.len()).into_par_iter().filter_map(move |at| {
        let hub = plan.hubs.get(at).filter(|hub| is_wanted(&format!("hub/{}", hub.name)))?;
        Some(hub::files(hub, &plan))
    });
    shared.chain(index).chain(hubs)
}

/// The files of a VPC: its addresses, and its root.
fn of_vpc(root: &VpcRoot, plan: &Plan, is_wanted: impl Fn(&str) -> bool) -> Vec<File> {
    let mut files = Vec::new();
    if is_wanted(&addresses::folder_of_vpc(root)) {
        files.push(addresses::of_vpc(root));
    }
    if is_wanted(&root.directory) {
        files.extend(vpc::files(root, plan));
    }
    files
}

/// The files of the root in a folder, for those who need to know what it calls.
pub(crate) fn root_files(plan: &Plan, directory: &str) -> Vec<File> {
    let vpc = plan.vpcs.iter().find(|root| root.directory == directory);
    let hub = || plan.hubs.iter().find(|root| directory.strip_prefix("hub/") == Some(root.name.as_str()));
    match vpc {
        Some(root) => vpc::files(root, plan),
        None => hub().map(|root| hub::files(root, plan)).unwrap_or_default(),
    }
}

/// Calls of modules below `addresses/`, by name and folder, for templates that refer to them.
pub(crate) fn calls(directory: &str, modules: &[(String, String)]) -> String {
    let up = way_up(directory) + "addresses/";
    let head = document().comment("Constants only: what templates of this root refer to.");
    let calls = modules.iter().enumerate();
    let body = calls.fold(head, |body, (at, (name, folder))| {
        let call = Body::new().attribute(ident!("source"), Expr::from(format!("{up}{folder}")));
        scope::after_gap(body, at).block(Block::new(ident!("module")).label(Ident::of_label(name)).body(call))
    });
    body.to_string()
}

/// The start of a file: who wrote it.
fn document<'a>() -> Body<'a> {
    Body::new().comment(HEAD)
}

/// The way from a folder of the tree up to its top: `../../../` for `teams/web/production`.
pub(crate) fn way_up(directory: &str) -> String {
    "../".repeat(directory.split('/').count())
}

/// A `moved` block of an instance inside a root's module.
fn moved<'a>(Moved { resource, from, to }: &'a Moved, module: Ident<'static>) -> Block<'a> {
    let (kind, name) = match resource {
        KeyedResource::Subnet => (ident!("aws_subnet"), ident!("this")),
        KeyedResource::RouteTable => (ident!("aws_route_table"), ident!("this")),
        KeyedResource::RouteTableAssociation => (ident!("aws_route_table_association"), ident!("this")),
        KeyedResource::Route => (ident!("aws_route"), ident!("this")),
        KeyedResource::NetworkAcl => (ident!("aws_network_acl"), ident!("this")),
        KeyedResource::Eip => (ident!("aws_eip"), ident!("nat")),
        KeyedResource::NatGateway => (ident!("aws_nat_gateway"), ident!("this")),
        KeyedResource::Propagation => {
            (ident!("aws_ec2_transit_gateway_route_table_propagation"), ident!("this"))
        }
        KeyedResource::TransitRoute => (ident!("aws_ec2_transit_gateway_route"), ident!("this")),
        KeyedResource::Segment => (ident!("aws_ec2_transit_gateway_route_table"), ident!("this")),
        KeyedResource::Association => {
            (ident!("aws_ec2_transit_gateway_route_table_association"), ident!("this"))
        }
        KeyedResource::StaticRoute => (ident!("aws_ec2_transit_gateway_route"), ident!("static")),
        KeyedResource::Blackhole => (ident!("aws_ec2_transit_gateway_route"), ident!("blackhole")),
        KeyedResource::Principal => (ident!("aws_ram_principal_association"), ident!("this")),
    };
    let resource = Reference::path(ident!("module"), [module, kind, name]);
    let body = Body::new()
        .attribute(ident!("from"), resource.clone().key(from.as_str()))
        .attribute(ident!("to"), resource.key(to.as_str()));
    Block::new(ident!("moved")).body(body)
}

/// `locals.aggregates`: sums of others' blocks, each with an empty line before it, so that none aligns another.
fn aggregates<'a>(body: Body<'a>, aggregates: &'a BTreeMap<String, net::Block>) -> Body<'a> {
    if aggregates.is_empty() {
        return body;
    }
    let object = aggregates
        .iter()
        .fold(Object::new(), |object, (name, block)| object.gap().entry(Ident::of_label(name), *block));
    let locals = Body::new()
        .comment("Sums of other networks' blocks that no other root needs.")
        .attribute(ident!("aggregates"), object);
    body.block(Block::new(ident!("locals")).body(locals)).blank()
}

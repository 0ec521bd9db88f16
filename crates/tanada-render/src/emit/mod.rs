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

use rayon::prelude::*;
use tanada_model::net;

use crate::hcl::{Block, Body, Ident, Key, Object};
use crate::ident;
use crate::pages;
use crate::plan::Plan;
use crate::tree::Tree;

pub use leaving::{OldRoot, leaving};
pub use modules::MODULES;

pub(crate) use backend::state_key;

/// The first line of every file that is written.
const HEAD: &str = "Written by tanada; change `network/`, not this file.";

/// A path in the tree, and the file's text.
type File = (String, String);

/// Prints every file of the tree but those of leaving roots, which need what lies on disk: see [`leaving`].
///
/// The result depends on the plan alone.
pub fn emit(plan: &Plan) -> Tree {
    let mut files = modules::files();
    files.extend(addresses::files(plan));
    files.extend(backend::shared(plan.backend.as_ref()));
    files.push(("index.md".to_owned(), pages::index(plan)));
    let hubs = plan.hubs.par_iter().flat_map_iter(|hub| hub::files(hub, plan));
    let vpcs = plan.vpcs.par_iter().flat_map_iter(|vpc| vpc::files(vpc, plan));
    files.par_extend(hubs.chain(vpcs));
    Tree { files: files.into_iter().collect() }
}

/// The start of a file: who wrote it.
fn document<'a>() -> Body<'a> {
    Body::new().comment(HEAD)
}

/// The way from a folder of the tree up to its top: `../../../` for `teams/web/production`.
pub(crate) fn way_up(directory: &str) -> String {
    "../".repeat(directory.split('/').count())
}

/// `locals.aggregates`: sums of others' blocks, each with an empty line before it, so that none aligns another.
fn aggregates<'a>(body: Body<'a>, aggregates: &'a BTreeMap<String, net::Block>) -> Body<'a> {
    if aggregates.is_empty() {
        return body;
    }
    let object = aggregates.iter().fold(Object::new(), |object, (name, block)| {
        object.gap().entry(Key::Ident(Ident::of_label(name)), *block)
    });
    let locals = Body::new()
        .comment("Sums of other networks' blocks that no other root needs.")
        .attribute(ident!("aggregates"), object);
    body.block(Block::new(ident!("locals")).body(locals)).blank()
}

use crate::hcl::{Block, Body, Expr, Ident};
use crate::ident;
use crate::plan::BackendPlan;

use super::{File, HEAD, document};

/// Name of the file with the settings that all roots share.
const SHARED: &str = "backend.hcl";

/// `backend.hcl`: handed to `terraform init`, so that bucket, region and lock of the states stand once.
pub(super) fn shared(backend: Option<&BackendPlan>) -> Option<File> {
    let BackendPlan { kind: _, key: _, suffix: _, settings } = backend?;
    let head = Body::new()
        .comment(HEAD)
        .comment("terraform init -backend-config=../../../backend.hcl (../../backend.hcl for a hub)");
    let body = settings
        .iter()
        .fold(head, |body, (name, value)| body.attribute(Ident::of_label(name), Expr::from(value)));
    Some((SHARED.to_owned(), body.to_string()))
}

/// `backend.tf`: the type of the backend, and what tells this root's state from the others'.
pub(super) fn own(backend: &BackendPlan, birth: &str) -> String {
    let BackendPlan { kind, key, suffix, settings: _ } = backend;
    let state = Body::new().attribute(Ident::of_label(key), Expr::from(state_key(birth, suffix)));
    let backend = Block::new(ident!("backend")).label(Ident::of_label(kind)).body(state);
    document().block(Block::new(ident!("terraform")).body(Body::new().block(backend))).to_string()
}

/// What tells the state of a root from the others'.
pub(crate) fn state_key(birth: &str, suffix: &str) -> String {
    format!("{birth}{suffix}")
}

//! `tanada schema`.

use anyhow::Result;
use tanada_model::schema::schema;

use super::plan::write_json;
use crate::report::Answer;
use crate::streams::Streams;

/// Prints the JSON Schema of the input's JSON form, for editors
///
/// What HCL says in `team "web" {}`, JSON says in `"team": {"web": {}}`. That names exist and fit together only
/// `tanada check` can say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, streams: &mut Streams) -> Result<Answer> {
    write_json(&schema(), streams)?;
    Ok(Answer::Yes)
}

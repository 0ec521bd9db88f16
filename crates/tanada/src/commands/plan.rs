//! What the commands that show the plan have in common.

use std::path::PathBuf;

use anyhow::Result;

use super::Format;
use crate::disk::place::{Place, shown};
use crate::estate::{Asked, Estate};
use crate::report::{Answer, Findings};
use crate::streams::Streams;

/// The estate whose plan is shown.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct PlanArgs {
    /// Directory of the input, `*.hcl` and `*.hcl.json`; the lock lies beside it
    #[arg(value_name = "DIR", default_value = "network")]
    pub(super) dir: PathBuf,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// The plan as the next `generate` would make it; says so when the lock does not have all of it yet. `Err` holds the
/// exit status when there is none, and why has been said.
pub(super) fn load(dir: &std::path::Path, streams: &mut Streams) -> Result<Result<Estate, Answer>> {
    let place = Place::new(dir, None)?;
    let mut findings = Findings::default();
    let estate = Estate::load(&place, &Asked::default(), None, &mut findings)?;
    let Some(estate) = estate else {
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        streams.tell(findings.summary());
        return Ok(Err(findings.answer()));
    };
    if estate.lock.lock != estate.new_lock {
        let lock = shown(&place.lock);
        streams.tell(format_args!("`{lock}` does not hold all of this yet; `tanada generate` writes it"));
    }
    Ok(Ok(estate))
}

/// Writes a value as JSON.
pub(super) fn write_json(value: &impl serde::Serialize, streams: &mut Streams) -> Result<()> {
    serde_json::to_writer_pretty(&mut streams.out, value)?;
    std::io::Write::write_all(&mut streams.out, b"\n")?;
    Ok(())
}

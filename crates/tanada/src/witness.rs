//! What the generated tree builds, for the commands that ask the witness.

use std::path::Path;

use anyhow::Result;
use tanada_verify::network::{Network, NetworkError};
use tanada_verify::{Place, ReadError, read};

use crate::disk::place::shown;
use crate::disk::tree::read_terraform;
use crate::stop::Stop;

/// How many errors are said of a tree that cannot be read.
const SHOWN: usize = 5;

/// The network that a tree builds, with what is wrong in it.
///
/// # Errors
/// When the tree cannot be read, or is none.
pub fn network(out: &Path) -> Result<(Network, Vec<NetworkError>)> {
    let name = shown(out);
    if !out.is_dir() {
        return Err(Stop::new(format!("there is no directory `{name}`"))
            .help("`tanada generate` writes it; `--out` names another one")
            .into());
    }
    let observed = read(&read_terraform(out)?).map_err(|errors| {
        let stop = Stop::new(format!("cannot read the tree `{name}`"));
        let shown = errors.iter().take(SHOWN).map(ReadError::to_string);
        let more = errors.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| format!("and {more} more"));
        shown.chain(more).fold(stop, Stop::help)
    })?;
    Ok(Network::observe(&observed))
}

/// A place of the tree as a person can open it.
pub fn located(out: &Path, place: &Place) -> String {
    let path = shown(&out.join(place.file()));
    if place.line() == 0 { path } else { format!("{path}:{}", place.line()) }
}

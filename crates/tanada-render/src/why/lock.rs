//! Lines of the lock.

use tanada_model::lock::VpcName;
use tanada_model::net::Position;

use super::{Source, Step};

/// The line (from 1) of a lock's text that a [`Source::Lock`] means, and its text.
pub fn lock_line<'t>(text: &'t str, section: &str, words: &[String]) -> Option<(usize, &'t str)> {
    let lines = text.lines().enumerate().skip_while(|(_, line)| !line.starts_with(section));
    let mut lines = lines.map(|(at, line)| (at + 1, line.trim()));
    lines.find(|(_, line)| words.iter().all(|word| line.contains(word.as_str())))
}

fn step(section: String, words: Vec<String>, what: impl Into<String>) -> Step {
    Step { what: what.into(), source: Source::Lock(section, words) }
}

/// The claim of an inner pool.
pub(super) fn pool(parent: &str, at: Position, name: &str, what: impl Into<String>) -> Step {
    let words = vec![format!("at = \"{}\"", place(at)), format!("pool = \"{name}\"")];
    step(format!("pool \"{parent}\""), words, what)
}

/// The claim of a block of a VPC.
pub(super) fn block(pool: &str, at: Position, vpc: &VpcName, what: impl Into<String>) -> Step {
    let words = vec![format!("at = \"{}\"", place(at)), format!("vpc = \"{vpc}\"")];
    step(format!("pool \"{pool}\""), words, what)
}

/// The place of a tier in blocks of one size.
pub(super) fn tier(layout: &str, block: u8, tier: &str, what: impl Into<String>) -> Step {
    let words = vec![format!("block = {block},"), format!("tier = \"{tier}\"")];
    step(format!("layout \"{layout}\""), words, what)
}

/// The index of a zone.
pub(super) fn zone(layout: &str, zone: &str, what: impl Into<String>) -> Step {
    step(format!("layout \"{layout}\""), vec![format!("zone = \"{zone}\"")], what)
}

/// The age of an intent.
pub(super) fn intent(name: &str, what: impl Into<String>) -> Step {
    step("intents = [".to_owned(), vec![format!("\"{name}\"")], what)
}

/// A VPC that is leaving.
pub(super) fn leaving(directory: &str, what: impl Into<String>) -> Step {
    let name = directory.trim_start_matches("teams/");
    step("leaving = [".to_owned(), vec![format!("vpc = \"{name}\"")], what)
}

/// `/19#245`.
pub(super) fn place(Position { len, index }: Position) -> String {
    format!("/{len}#{index}")
}

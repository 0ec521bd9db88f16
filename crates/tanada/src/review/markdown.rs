use std::io::{self, Write};

use super::text::{cause_lines, grouped, heading, lines, listed, range_line, reach_lines, row_words, tail};
use super::{Danger, QuotaChange, Review};
use crate::report::counted;

/// The first line of every review in Markdown: a bot finds the comment by it and replaces it.
pub const MARKER: &str = "<!-- tanada diff -->";

/// Rows of a section that are shown unfolded: as many as let the whole stay in one screen.
const SHOWN: [usize; 3] = [5, 3, 2];

/// The lines of a screen.
const SCREEN: usize = 40;

/// Dangers that are shown unfolded.
const DANGERS: usize = 10;

/// The largest text in bytes: GitHub refuses comments of more than 65,536 characters.
const MOST_BYTES: usize = 60_000;

/// Writes a review for a pull request: what is lost first, resources folded.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_markdown(review: &Review, out: &mut impl Write) -> io::Result<()> {
    if review.is_empty() {
        return Ok(());
    }
    let (mut text, mut folded) = (String::new(), String::new());
    for shown in SHOWN {
        (text, folded) = body(review, shown);
        // Each fold is a line of its own behind an empty one.
        if text.lines().count() + 2 * folded.matches("<details>").count() <= SCREEN {
            break;
        }
    }
    text.push_str(&folded);
    out.write_all(text.as_bytes())
}

/// What is seen at once, and what is folded.
fn body(review: &Review, shown: usize) -> (String, String) {
    let mut text = head(review);
    let rows = [
        ("What was edited", cause_lines(review)),
        ("Reach", reach_lines(review)),
        ("Ranges", review.ranges.iter().map(range_line).collect()),
        ("Rules", review.rules.iter().map(row_words).collect()),
        ("Routes", review.routes.iter().map(row_words).collect()),
        ("Quotas", review.quotas.iter().map(QuotaChange::words).collect()),
    ];
    let mut folded = String::new();
    for (title, rows) in rows {
        section(&mut text, &mut folded, (title, shown), &rows);
    }
    if !review.owners.is_empty() {
        let owners: Vec<String> = review
            .owners
            .iter()
            .map(|owner| format!("{} ({})", owner.owner, listed(&owner.touched, 3)))
            .collect();
        text.push_str(&format!("\n**Ask** {}\n", listed(&owners, 8)));
    }
    let mut resources = String::new();
    for root in &review.changes.roots {
        resources.push_str(&format!("# {}\n", heading(root)));
        for line in lines(&root.resources) {
            resources.push_str(&format!("{line}\n"));
        }
    }
    let count = review.changes.all().count();
    if count > 0 {
        let title = format!("{} in {}", counted(count, "resource"), counted(review.totals().roots, "root"));
        fold(&mut folded, &title, &format!("```diff\n{}```\n", fenced(&resources)));
    }
    (text, folded)
}

fn head(review: &Review) -> String {
    let totals = review.totals();
    let mut text = format!("{MARKER}\n### Network: {}\n", totals.words());
    let dangers = grouped(&review.dangers);
    for danger in dangers.iter().take(DANGERS) {
        text.push_str(&format!("{}\n", danger_line(danger, review)));
    }
    if let more @ 1.. = dangers.len().saturating_sub(DANGERS) {
        text.push_str(&format!("- … and {more} more; `tanada diff` on the command line tells all\n"));
    }
    text
}

fn danger_line(danger: &Danger, review: &Review) -> String {
    let accepted = if danger.accepted { " (accepted)" } else { "" };
    format!("- **{}{accepted}**: {}{}", danger.kind.word(), danger.words, tail(danger, review))
}

fn section(text: &mut String, folded: &mut String, (title, most): (&str, usize), rows: &[String]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("\n**{title}**\n"));
    let shown = if rows.len() <= most + 1 { rows.len() } else { most };
    for row in rows.iter().take(shown) {
        text.push_str(&format!("- {}\n", item(row)));
    }
    if rows.len() > shown {
        text.push_str(&format!("- … and {} more\n", rows.len() - shown));
        let all: String = rows.iter().map(|row| format!("- {}\n", item(row))).collect();
        fold(folded, &format!("{title}: all {}", rows.len()), &all);
    }
}

/// `+` and `-` at the start of an item would begin a list of its own.
fn item(row: &str) -> String {
    match row.split_at_checked(2) {
        Some(("+ ", rest)) => format!("`+` {rest}"),
        Some(("- ", rest)) => format!("`-` {rest}"),
        Some(_) | None => row.to_owned(),
    }
}

fn fold(folded: &mut String, title: &str, inner: &str) {
    let room = MOST_BYTES.saturating_sub(folded.len());
    let mut inner = inner.to_owned();
    if inner.len() > room {
        let end = inner.match_indices('\n').map(|(at, _)| at + 1).take_while(|at| *at <= room).last();
        inner.truncate(end.unwrap_or(0));
        if inner.contains("```diff") {
            inner.push_str("```\n");
        }
        inner.push_str("\n… cut; `tanada diff` on the command line tells all\n");
    }
    folded.push_str(&format!("\n<details><summary>{title}</summary>\n\n{inner}\n</details>\n"));
}

/// No line may end the fence.
fn fenced(text: &str) -> String {
    text.replace("```", "'''")
}

use std::io::{self, Write};

use tanada_model::diagnostic::Style;
use tanada_verify::changes::{Action, ResourceChange, RootChanges};

use super::follow;
use super::view::{id, words_of};
use super::{Cause, Danger, DangerKind, QuotaChange, RangeChange, Review, RowChange};
use crate::report::counted;

/// The most rows of a section that are shown to a person at once.
const MOST_ROWS: usize = 20;

/// Writes a review for the terminal: what is lost first, resources last.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_text(review: &Review, out: &mut impl Write, style: Style) -> io::Result<()> {
    if review.is_empty() {
        return Ok(());
    }
    let paint = Paint(style);
    let totals = review.totals();
    writeln!(out, "{} → {}: {}", review.base, review.head, totals.words())?;
    for danger in &grouped(&review.dangers) {
        writeln!(out, "{}", danger_line(danger, review, paint))?;
    }
    section(out, paint, "What was edited", cause_lines(review).into_iter())?;
    section(out, paint, "Ranges", review.ranges.iter().map(range_line))?;
    section(out, paint, "Reach", reach_lines(review).iter().map(|line| paint.line(line)))?;
    section(out, paint, "Rules", review.rules.iter().map(|row| row_line(row, paint)))?;
    section(out, paint, "Routes", review.routes.iter().map(|row| row_line(row, paint)))?;
    section(out, paint, "Quotas", review.quotas.iter().map(QuotaChange::words))?;
    section(
        out,
        paint,
        "Ask",
        review.owners.iter().map(|owner| format!("{}: {}", owner.owner, listed(&owner.touched, 6))),
    )?;
    if !review.changes.is_empty() {
        writeln!(out, "\n{}", paint.bold("Resources"))?;
    }
    for root in &review.changes.roots {
        writeln!(out, "  {}", heading(root))?;
        for line in lines(&root.resources) {
            writeln!(out, "    {}", paint.line(&line))?;
        }
    }
    Ok(())
}

fn section(
    out: &mut impl Write,
    paint: Paint,
    title: &str,
    rows: impl ExactSizeIterator<Item = String>,
) -> io::Result<()> {
    let count = rows.len();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.bold(title))?;
    for row in rows.take(MOST_ROWS) {
        writeln!(out, "  {row}")?;
    }
    if count > MOST_ROWS {
        writeln!(out, "  … and {} more", count - MOST_ROWS)?;
    }
    Ok(())
}

fn danger_line(danger: &Danger, review: &Review, paint: Paint) -> String {
    let word = danger.kind.word();
    let mark =
        if danger.accepted { format!("  {word}, accepted:") } else { paint.red(&format!("! {word}:")) };
    format!("{mark} {}{}", danger.words, tail(danger, review))
}

/// Why, and by which line.
pub(super) fn tail(danger: &Danger, review: &Review) -> String {
    let mut tail = String::new();
    if !danger.why.is_empty() {
        tail.push_str(&format!("; {}", danger.why));
    }
    let places: Vec<&str> = danger
        .causes
        .iter()
        .filter_map(|at| review.causes.get(*at))
        .map(|cause| cause.place.as_str())
        .filter(|place| !place.is_empty())
        .take(3)
        .collect();
    if !places.is_empty() {
        tail.push_str(&format!("; by {}", places.join(", ")));
    }
    tail
}

/// Dangers of which several say the same of several VPCs, as one.
pub(super) fn grouped(dangers: &[Danger]) -> Vec<Danger> {
    let without = |danger: &Danger| (danger.words.replace(&danger.subject, "…"), danger.why.clone());
    let mut groups: Vec<(Danger, Vec<String>)> = Vec::new();
    for danger in dangers {
        let same = groups.iter_mut().find(|(first, _)| {
            (first.kind, first.accepted) == (danger.kind, danger.accepted)
                && without(first) == without(danger)
        });
        match same {
            Some((first, subjects)) => {
                subjects.push(danger.subject.clone());
                for cause in &danger.causes {
                    if !first.causes.contains(cause) {
                        first.causes.push(*cause);
                    }
                }
            }
            None => groups.push((danger.clone(), vec![danger.subject.clone()])),
        }
    }
    let one = |(mut danger, subjects): (Danger, Vec<String>)| {
        if subjects.len() > 1 {
            let names: Vec<String> = subjects.iter().map(|name| format!("`{name}`")).collect();
            let own = format!("`{}`", danger.subject);
            danger.words =
                danger.words.replacen(&own, &format!("{} × {}", subjects.len(), listed(&names, 3)), 1);
        }
        danger
    };
    let mut wide = 0;
    let all = groups.into_iter().map(one).filter(|danger| {
        // One edit of a standard widens the ACLs of everybody: the first few tell it.
        wide += usize::from(danger.kind == DangerKind::Widened);
        danger.kind != DangerKind::Widened || wide <= WIDENED
    });
    let mut all: Vec<Danger> = all.collect();
    if let Some(last) = all.iter_mut().rev().find(|danger| danger.kind == DangerKind::Widened)
        && wide > WIDENED
    {
        last.words.push_str(&format!(" (and {} more like this)", wide - WIDENED));
    }
    all
}

/// Rules that let more pass, each told by itself.
const WIDENED: usize = 4;

/// `+ web-production.private → payments-production.private: tcp/443`
pub(super) fn reach_lines(review: &Review) -> Vec<String> {
    let line = |row: &super::ReachChange| format!("{} {}", if row.opens { "+" } else { "-" }, row.words());
    review.reach.iter().map(line).collect()
}

pub(super) fn cause_lines(review: &Review) -> Vec<String> {
    // Edits that only together mean something are followed by what they do together.
    let together = review.causes.iter().any(|cause| cause.place.is_empty());
    review.causes.iter().map(|cause| cause_line(cause, together)).collect()
}

fn cause_line(cause: &Cause, together: bool) -> String {
    let roots: Vec<String> = cause.resources.keys().map(|directory| id(directory)).collect();
    let count: usize = cause.resources.values().map(std::collections::BTreeSet::len).sum();
    let effect = match count {
        0 if together => String::new(),
        0 => " — no resource".to_owned(),
        _ => format!(" — {} in {}", counted(count, "resource"), listed(&roots, 4)),
    };
    let place = if cause.place.is_empty() { String::new() } else { format!("{} ", cause.place) };
    format!("{place}{}{effect}", cause.words)
}

pub(super) fn range_line(range: &RangeChange) -> String {
    let RangeChange { what, of, before, after, note } = range;
    let list = |blocks: &[String]| blocks.join(", ");
    let blocks = match (before.as_slice(), after.as_slice()) {
        ([], []) => String::new(),
        ([], after) => format!(" {}", list(after)),
        (before, []) => format!(" {}", list(before)),
        (before, after) if before == after => format!(" {}", list(before)),
        (before, after) => format!(" {} → {}", list(before), list(after)),
    };
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    format!("{of} {what}:{blocks}{note}").replace(": (", " (")
}

fn row_line(row: &RowChange, paint: Paint) -> String {
    paint.line(&row_words(row))
}

pub(super) fn row_words(row: &RowChange) -> String {
    let sign = if row.comes { "+" } else { "-" };
    let places = match row.places.len() {
        0..=3 => listed(&row.places, 3),
        count => format!("{count} places: {}", listed(&row.places, 2)),
    };
    format!("{sign} {} [{places}]", row.row)
}

/// The first of some names, and how many more there are.
pub(super) fn listed(names: &[String], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// `teams/shop/live (was teams/store/live)`, `teams/shop/live (follows from hub.tokyo)`
pub(super) fn heading(root: &RootChanges) -> String {
    let was = root.was.as_ref().map(|was| format!(" (was {was})")).unwrap_or_default();
    let follows = follow::source(root).map(|source| format!(" (follows from {source})")).unwrap_or_default();
    format!("{}{was}{follows}", root.directory)
}

/// Resources as lines: `-/+ module.vpc.aws_vpc.this (cidr_block forces it: 10.0.0.0/16 → 10.1.0.0/16)`.
pub(super) fn lines(resources: &[ResourceChange]) -> Vec<String> {
    resources.iter().map(line).collect()
}

fn line(change: &ResourceChange) -> String {
    let sign = match change.action {
        Action::Create => "+",
        Action::Import => "<",
        Action::Update => "~",
        Action::Move => ">",
        Action::Forget => ".",
        Action::Replace => "-/+",
        Action::Destroy => "-",
    };
    let mut line = format!("{sign} {}", change.address);
    if let Some(from) = &change.moved_from {
        line.push_str(&format!(" (was {from})"));
    }
    let forcing: Vec<String> = change
        .forcing()
        .map(|it| {
            let new = match &it.follows {
                Some(elsewhere) => return format!("{}: {}", it.name, follow::words(elsewhere)),
                None if it.known_after_apply => "known after apply".to_owned(),
                None => words_of(it.new.as_ref()),
            };
            format!("{}: {} → {new}", it.name, words_of(it.old.as_ref()))
        })
        .collect();
    if !forcing.is_empty() {
        line.push_str(&format!(" forced by {}", forcing.join("; ")));
    } else if change.action == Action::Update {
        let names: Vec<&str> = change.attributes.iter().map(|it| &*it.name).collect();
        line.push_str(&format!(" ({})", names.join(", ")));
    }
    line
}

/// Colours, where they are welcome; nothing is said by colour alone.
#[derive(Clone, Copy)]
pub(super) struct Paint(Style);

/// Paint of a style.
pub(super) fn paint(style: Style) -> Paint {
    Paint(style)
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        match self.0 {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// By its sign.
    fn line(self, line: &str) -> String {
        match line.split(' ').next() {
            Some("-" | "-/+") => self.with("31", line),
            Some("+" | "<") => self.with("32", line),
            Some("~" | ">") => self.with("33", line),
            _ => line.to_owned(),
        }
    }
}

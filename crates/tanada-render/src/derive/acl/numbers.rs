//! Numbers of rows: 1000 for each host bit of the peer, so the narrower statement is read first; inside such a band
//! deny before allow. A row starts at a slot that is computed from what it says and takes the next free one when that
//! is taken. Rows of intents are seated in the order of their births, so a younger intent moves no row of an older one
//! (except where it opens again a port that a `deny` closed: that changes the older rows themselves).

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use tanada_model::design::Action;

use super::super::addresses::Owners;
use super::rows::{Part, Row};
use super::statement::Voice;
use super::widen::Wide;

/// The largest number that AWS takes.
const LAST: u32 = 32766;

/// A stretch of a band, and the slot in it at which a row starts.
struct Seat {
    first: u32,
    last: u32,
    start: u32,
}

impl Seat {
    fn hashed(first: u32, last: u32, hash: u64) -> Self {
        let slots = u64::from(last - first + 1);
        Self { first, last, start: first + u32::try_from(hash % slots).unwrap_or(0) }
    }
}

/// Gives every row its number; `None` when there are more rows than numbers, which is far beyond every quota.
pub(super) fn number<'a>(mut rows: Vec<Row<'a>>, owners: &Owners) -> Option<Vec<(u32, Row<'a>)>> {
    rows.sort_by(|a, b| {
        let key = |row: &Row<'a>| (row.voice, row.part, row.action, row.name);
        // Labels cost a look-up, so only those of equals are asked for.
        let labels = || match a.block == b.block {
            true => Ordering::Equal,
            false => owners.birth_label(a.block).cmp(&owners.birth_label(b.block)),
        };
        key(a).cmp(&key(b)).then_with(labels).then_with(|| a.service.cmp(&b.service))
    });
    // Sorted, and small: an ACL has some tens of rows.
    let mut taken: Vec<u32> = Vec::with_capacity(rows.len());
    let mut numbered = Vec::with_capacity(rows.len());
    for row in rows {
        let band = 1000 * (32 - u32::from(row.block.prefix_len()));
        let Seat { first, last, start } = seat(&row, owners, LAST.saturating_sub(band).min(999));
        let free = |slot| taken.binary_search(&(band + slot)).err().map(|at| (at, band + slot));
        let (at, number) = (start..=last).chain(first..start).find_map(free)?;
        taken.insert(at, number);
        numbered.push((number, row));
    }
    numbered.sort_by_key(|(number, _)| *number);
    Some(numbered)
}

/// Gives wide rows the numbers that the kept ones leave, so that these keep theirs. Sorted; each wide row with its
/// place among `wide`.
pub(super) fn number_wide<'a>(
    kept: &[(u32, Row<'a>)],
    wide: &[Wide<'a>],
    owners: &Owners,
) -> Option<Vec<(u32, usize)>> {
    let mut taken: BTreeSet<u32> = kept.iter().map(|(number, _)| *number).collect();
    let mut numbered = Vec::with_capacity(wide.len());
    for (at, Wide { row, of: _ }) in wide.iter().enumerate() {
        let band = 1000 * (32 - u32::from(row.block.prefix_len()));
        let Seat { first, last, start } = seat(row, owners, LAST.saturating_sub(band).min(999));
        let number =
            (start..=last).chain(first..start).map(|slot| band + slot).find(|n| !taken.contains(n))?;
        taken.insert(number);
        numbered.push((number, at));
    }
    Some(numbered)
}

/// Where a row sits in its band. `end`: the band's last slot.
fn seat(row: &Row<'_>, owners: &Owners, end: u32) -> Seat {
    let Row { block, action, service, voice, part, internet: _, name } = row;
    let hash = || {
        let part = match part {
            Part::Opening => "opening",
            Part::Answer => "answer",
            Part::Copy => "copy",
            Part::Guard => "guard",
        };
        let label = owners.birth_label(*block);
        fnv(&[name, &label, service, &part])
    };
    match (part, action, voice) {
        (Part::Guard, _, _) => Seat::hashed(900, 999.min(end), hash()),
        (Part::Copy, Action::Deny, _) => Seat::hashed(300, 399, hash()),
        (Part::Copy, Action::Allow, _) => Seat::hashed(800, 899.min(end), hash()),
        (Part::Opening | Part::Answer, Action::Deny, _) => Seat::hashed(100, 299, hash()),
        (Part::Opening | Part::Answer, Action::Allow, Voice::Standard(offset)) => {
            let answer = if *part == Part::Answer { 5 } else { 0 };
            Seat { first: 400, last: 499, start: 400 + 10 * (offset % 8) + answer }
        }
        (Part::Opening | Part::Answer, Action::Allow, Voice::Rule) => Seat::hashed(400, 499, hash()),
        (Part::Opening | Part::Answer, Action::Allow, Voice::Intent(_)) => {
            Seat::hashed(500, 799.min(end), hash())
        }
    }
}

/// FNV-1a over texts, each ended by a zero byte. Its values stand in committed files, so it never changes.
fn fnv(texts: &[&dyn fmt::Display]) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for text in texts {
        // Nothing that is written here can fail.
        let _ = write!(hash, "{text}\0");
    }
    hash.0
}

/// A hash that is written to as a text, so that no text is made.
struct Fnv(u64);

impl fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 = text.bytes().fold(self.0, step);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vector of FNV-1a 64: "foobar", without the zero byte that ends a text here.
        let bytes = b"foobar".iter();
        let plain = bytes
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
        assert_eq!(plain, 0x8594_4171_f739_67e8);
        assert_eq!(fnv(&[&"foobar"]), plain.wrapping_mul(0x0000_0100_0000_01b3));
    }
}

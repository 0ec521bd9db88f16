//! `generated/.tanada`: which files the program wrote, and the digest of each.
//!
//! One line a file, `path sha256`, sorted by path. Git merges it line by line (`merge=union`), so after a merge a path
//! can stand there twice, or between conflict markers; both mean "two branches changed this file, and git made
//! something of it that nobody wrote", which is regenerated without asking.
//!
//! While a run writes, `.tanada.journal` of the same form stands beside it and lists what is being written. Where a
//! run was killed the next one finds it, and knows the files of both as its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::conflict::Marker;
use super::tree::{PathError, check_path};

/// Name of the manifest in the output directory.
pub const MANIFEST_NAME: &str = ".tanada";

/// Name of the journal in the output directory.
pub const JOURNAL_NAME: &str = ".tanada.journal";

/// SHA-256 of a file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// 64 lower-case hexadecimal digits.
    fn digits(self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (to, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *to = [byte >> 4, byte & 15].map(|n| DIGITS.get(usize::from(n)).copied().unwrap_or(b'0'));
        }
        text
    }

    /// From 64 lower-case hexadecimal digits.
    fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut digest = [0; 32];
        if pairs.len() != digest.len() || !rest.is_empty() {
            return None;
        }
        for (to, [high, low]) in digest.iter_mut().zip(pairs) {
            *to = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(digest))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The digests of one path, sorted, each once. More than one only after a merge, so the first has a place of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Digests {
    first: Digest,
    others: Vec<Digest>,
}

impl Digests {
    fn iter(&self) -> impl Iterator<Item = Digest> {
        [self.first].into_iter().chain(self.others.iter().copied())
    }

    fn insert(&mut self, digest: Digest) {
        let all: BTreeSet<Digest> = self.iter().chain([digest]).collect();
        let mut all = all.into_iter();
        if let Some(first) = all.next() {
            *self = Self { first, others: all.collect() };
        }
    }
}

/// What is known of the files that were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Digests by path.
    entries: BTreeMap<Arc<str>, Digests>,
    /// Paths that stand between conflict markers.
    in_conflict: BTreeSet<String>,
}

/// Why a text is not a [`Manifest`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// A line without a path or a digest.
    #[error("line {line} is not a path and its SHA-256")]
    Line {
        /// From 1.
        line: usize,
    },
    /// A path that no run can have written.
    #[error("line {line}: {error}")]
    Path {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        error: PathError,
    },
}

impl Manifest {
    /// Reads the text of a manifest or a journal.
    ///
    /// # Errors
    /// [`ManifestError`] at the first line that no run and no merge can have written. Nothing is guessed: what the
    /// manifest lists may be removed.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let mut manifest = Self::default();
        let mut conflict = false;
        for (number, line) in (1..).zip(text.lines()) {
            match Marker::of(line) {
                Some(Marker::Start) => conflict = true,
                Some(Marker::End) => conflict = false,
                Some(Marker::Base | Marker::Middle) => {}
                None => manifest.add_line(number, line, conflict)?,
            }
        }
        Ok(manifest)
    }

    fn add_line(&mut self, line: usize, text: &str, conflict: bool) -> Result<(), ManifestError> {
        // A path may hold spaces, a digest cannot.
        let parts = text.rsplit_once(' ').and_then(|(path, digest)| Some((path, Digest::parse(digest)?)));
        let (path, digest) = parts.ok_or(ManifestError::Line { line })?;
        check_path(path).map_err(|error| ManifestError::Path { line, error })?;
        if conflict {
            self.in_conflict.insert(path.to_owned());
        }
        self.add(path, digest);
        Ok(())
    }

    /// Adds a digest of a path to those that it has.
    pub fn add(&mut self, path: &str, digest: Digest) {
        let entry = self.entries.entry(path.into());
        entry
            .and_modify(|digests| digests.insert(digest))
            .or_insert(Digests { first: digest, others: Vec::new() });
    }

    /// The paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(AsRef::as_ref)
    }

    /// Whether a run wrote, or was about to write, these bytes at this path.
    pub fn lists(&self, path: &str, digest: Digest) -> bool {
        self.entries.get(path).is_some_and(|digests| digests.iter().any(|own| own == digest))
    }

    /// Whether git merged two versions of the file, so that its bytes are nobody's.
    pub fn was_merged(&self, path: &str) -> bool {
        self.in_conflict.contains(path)
            || self.entries.get(path).is_some_and(|digests| !digests.others.is_empty())
    }

    /// Whether git made this of manifests of two branches, and it says of exactly the files of `wanted` what a run would:
    /// the digest of a file that both branches changed cannot be merged, so it may be missing.
    pub fn is_merge_for(&self, wanted: &Self) -> bool {
        let covers = |(path, digests): (&Arc<str>, &Digests)| {
            self.was_merged(path) || digests.iter().all(|digest| self.lists(path, digest))
        };
        self.in_conflict.is_empty()
            && self.entries.keys().eq(wanted.entries.keys())
            && wanted.entries.iter().all(covers)
    }

    /// All entries of both; merges are forgotten, since a journal has none.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        for (path, digests) in &other.entries {
            for digest in digests.iter() {
                self.add(path, digest);
            }
        }
        self
    }
}

/// Of paths that stand there once each.
impl FromIterator<(Arc<str>, Digest)> for Manifest {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Digest)>>(files: I) -> Self {
        let entry = |(path, digest)| (path, Digests { first: digest, others: Vec::new() });
        Self { entries: files.into_iter().map(entry).collect(), in_conflict: BTreeSet::new() }
    }
}

impl Manifest {
    /// The text, one line an entry.
    pub fn text(&self) -> String {
        let size =
            self.entries.iter().map(|(path, digests)| digests.iter().count() * (path.len() + 66)).sum();
        let mut text = String::with_capacity(size);
        for (path, digests) in &self.entries {
            for digest in digests.iter() {
                text += path;
                text += " ";
                text += str::from_utf8(&digest.digits()).unwrap_or_default();
                text += "\n";
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        Digest::of(text.as_bytes())
    }

    #[test]
    fn digest_is_sha256_of_the_bytes() {
        // FIPS 180-2, appendix B.1.
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc").to_string(), text);
        assert_eq!(Digest::parse(text), Some(digest("abc")));
        for wrong in ["", "ba78", &text.to_uppercase(), &format!("{text}0"), &text.replace('b', "g")] {
            assert_eq!(Digest::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn text_and_back() {
        let mut manifest = Manifest::default();
        manifest.add("teams/web/main.tf", digest("b"));
        manifest.add("index.md", digest("a"));
        manifest.add("a name with spaces.md", digest("c"));
        let text = manifest.text();
        assert!(text.starts_with("a name with spaces.md "), "sorted: {text}");
        assert_eq!(Manifest::parse(&text), Ok(manifest));
    }

    #[test]
    fn two_digests_or_markers_are_a_merge() {
        let (a, b) = (digest("a"), digest("b"));
        let text = format!(
            "alone {a}\n<<<<<<< HEAD\nboth {a}\nours {a}\n||||||| base\n=======\nboth {b}\n>>>>>>> main\nunion {a}\nunion {b}\n"
        );
        let manifest = Manifest::parse(&text).unwrap();
        assert!(manifest.lists("both", a) && manifest.lists("both", b));
        let merged: Vec<_> = manifest.paths().filter(|path| manifest.was_merged(path)).collect();
        assert_eq!(merged, ["both", "ours", "union"]);
    }

    #[test]
    fn a_union_of_two_branches_is_told_from_a_change() {
        let [a, b, c] = ["a", "b", "c"].map(digest);
        let wanted = Manifest::from_iter([("both".into(), c), ("one".into(), a)]);
        let is = |text: &str| Manifest::parse(text).unwrap().is_merge_for(&wanted);
        assert!(is(&format!("both {a}\nboth {b}\none {a}\n")));
        assert!(is(&format!("one {a}\nboth {b}\nboth {a}\n")), "the order of a union is git's");
        assert!(!is(&format!("both {a}\none {a}\n")), "nobody else changed it");
        assert!(!is(&format!("both {a}\nboth {b}\none {b}\n")));
        assert!(!is(&format!("both {a}\nboth {b}\n")), "a file that it does not know");
        assert!(!is(&format!("both {a}\nboth {b}\none {a}\ngone {a}\n")));
        let marks = format!("<<<<<<< HEAD\nboth {a}\n=======\nboth {b}\n>>>>>>> main\none {a}\n");
        assert!(!is(&marks), "marks have to go");
    }

    #[test]
    fn refuses_what_nobody_wrote() {
        let d = digest("a");
        for line in ["x", "x y", &format!("{d}"), "", &format!("x {d} "), &format!(" {}", "0".repeat(63))] {
            let text = format!("ok {d}\n{line}\n");
            assert_eq!(Manifest::parse(&text), Err(ManifestError::Line { line: 2 }), "{line}");
        }
        for path in ["../x", "/etc/passwd", "a/../../b", ".", "a//b", "", "x/.terraform/y", ".tanada", "a\tb"]
        {
            let error = Manifest::parse(&format!("{path} {d}\n"));
            assert!(matches!(error, Err(ManifestError::Path { line: 1, .. })), "{path}: {error:?}");
        }
    }
}

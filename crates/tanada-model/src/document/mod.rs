//! What stands in the input: blocks and attributes as typed values, each with its place, nothing resolved yet.
//!
//! HCL and JSON are read into one form (`raw`), which the [`grammar`] is held against; what passes becomes the
//! typed statements of a [`Document`].

mod codes;
mod faults;
mod fields;
pub mod grammar;
mod guard;
mod hcl;
mod json;
mod raw;
mod read;
mod statement;
mod values;

use crate::diagnostic::{Diagnostic, Sources, tidy};
use crate::net::Block;

pub use codes::*;
pub use faults::Faults;
pub(crate) use guard::too_deep;
pub use statement::*;

/// Longest text of one file that is read, in bytes: 8 MiB. An estate of 3,000 VPCs is written in less than one, and the
/// parser takes about fifty times a file's size.
pub const MAX_FILE: usize = 8 << 20;

/// Reads `*.hcl` and `*.hcl.json` texts as one document, with every problem found.
///
/// A file that does not parse contributes its syntax error and nothing else; the others are still read.
pub fn parse(sources: &Sources) -> (Document, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut body = raw::Body::default();
    let mut partial = false;
    for (id, file) in sources.iter() {
        if let Err(diagnostic) = guard::check(id, file) {
            diagnostics.push(diagnostic);
            partial = true;
            continue;
        }
        let read = if file.path.ends_with(".json") {
            json::parse(id, &file.text, &mut diagnostics)
        } else {
            hcl::parse(id, &file.text, &mut diagnostics)
        };
        let Some(raw::Body { attributes, blocks }) = read else {
            partial = true;
            continue;
        };
        body.attributes.extend(attributes);
        body.blocks.extend(blocks);
    }
    let mut faults = Faults::new(&body, partial);
    let document = read::document(body, &mut diagnostics);
    faults.note(&diagnostics);
    let document = Document { partial, faults, ..document };
    (document, tidy(diagnostics))
}

impl Document {
    /// Replaces the range of a root pool, wherever it is written. `false` when there is no root pool of this name.
    pub fn set_range(&mut self, pool: &str, range: Block) -> bool {
        let found = self.pools.iter_mut().filter(|statement| statement.header.name.value == pool);
        let mut set = false;
        for written in found.filter_map(|statement| statement.range.as_mut()) {
            written.value = Some(range);
            set = true;
        }
        set
    }
}

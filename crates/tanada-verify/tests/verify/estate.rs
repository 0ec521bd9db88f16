//! Input, lock and tree of a fixture.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tanada_model::design::{Design, resolve};
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::{self, Lock};
use tanada_verify::network::Network;
use tanada_verify::read;
use tanada_verify::verify::{Report, verify};

/// An estate whose tree can be changed.
#[derive(Clone)]
pub(crate) struct Estate {
    pub(crate) design: Design,
    pub(crate) lock: Lock,
    pub(crate) files: BTreeMap<String, String>,
}

impl Estate {
    pub(crate) fn fixture(name: &str) -> Self {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures")).join(name);
        let mut sources = Sources::default();
        let mut inputs: Vec<_> =
            fs::read_dir(root.join("network")).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        for path in inputs.iter().filter(|path| path.extension().is_some_and(|end| end == "hcl")) {
            sources.add(path.display().to_string(), fs::read_to_string(path).unwrap());
        }
        let (document, _) = parse(&sources);
        let (design, found) = resolve(&document);
        let lock = lock::parse(&fs::read_to_string(root.join("network.lock.hcl")).unwrap()).unwrap();
        let design = design.unwrap_or_else(|| panic!("{name}: {found:?}"));
        Self { design, lock, files: crate::support::generated(name) }
    }

    pub(crate) fn verify(&self) -> Report {
        let observed = read(&self.files).unwrap_or_else(|errors| panic!("{errors:?}"));
        let (network, errors) = Network::observe(&observed);
        verify(network, errors, &self.design, &self.lock)
    }
}

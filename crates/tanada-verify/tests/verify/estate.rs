//! Input, lock and tree of a fixture.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tanada_model::design::{Design, resolve};
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::{self, Lock};
use tanada_verify::network::{Network, NetworkError};
use tanada_verify::verify::{Report, verify};
use tanada_verify::{Observed, read, read_root};

/// An estate whose tree can be changed.
#[derive(Clone)]
pub(crate) struct Estate {
    pub(crate) design: Design,
    pub(crate) lock: Lock,
    pub(crate) files: BTreeMap<String, String>,
    observed: Observed,
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
        let files = crate::support::generated(name);
        let observed = read(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
        Self { design, lock, files, observed }
    }

    /// What the tree says.
    pub(crate) fn observed(&self) -> &Observed {
        &self.observed
    }

    /// The network of the tree.
    pub(crate) fn network(&self) -> Network {
        Network::observe(&self.observed).0
    }

    /// Reads again what a changed file is part of: its root, or everything. `None`: it is no Terraform any more.
    pub(crate) fn changed(&self, file: &str) -> Option<(Network, Vec<NetworkError>)> {
        self.observed_with(file).map(|observed| Network::observe(&observed))
    }

    fn observed_with(&self, file: &str) -> Option<Observed> {
        if file.starts_with("addresses/") {
            return read(&self.files).ok();
        }
        let directory = file.rsplit_once('/')?.0;
        let root = read_root(&self.files, directory).ok()?;
        let mut observed = self.observed.clone();
        observed.roots.insert(directory.into(), root);
        Some(observed)
    }

    /// The report on the tree after a file was changed; `None`: it is no Terraform any more.
    pub(crate) fn verify_changed(&self, file: &str) -> Option<Report> {
        let (network, errors) = self.changed(file)?;
        Some(verify(network, errors, &self.design, &self.lock))
    }

    pub(crate) fn verify(&self) -> Report {
        let (network, errors) = Network::observe(&self.observed);
        verify(network, errors, &self.design, &self.lock)
    }
}

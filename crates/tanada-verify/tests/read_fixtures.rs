//! Every fixture is read completely.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use tanada_verify::{Observed, read};

use support::{FIXTURES, generated};

fn observed(name: &str) -> Observed {
    read(&generated(name)).unwrap_or_else(|errors| {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{name}:\n{}", errors.join("\n"))
    })
}

#[test]
fn every_fixture_is_understood() {
    for name in FIXTURES {
        let observed = observed(name);
        let instances: usize = observed.roots.values().map(|root| root.instances.len()).sum();
        println!("{name}: {} roots, {instances} instances", observed.roots.len());
        assert!(instances > 20 * observed.roots.len(), "{name}: {instances}");
    }
}

//! Networks of the fixtures' trees.

use tanada_verify::network::{Network, Part};
use tanada_verify::reach::reach;
use tanada_verify::read;

use crate::support::{FIXTURES, generated};

#[test]
fn every_fixture_is_a_network_without_contradictions() {
    for name in FIXTURES {
        let observed = read(&generated(name)).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let (network, errors) = Network::observe(&observed);
        assert_eq!(errors, [], "{name}");
        let reached = reach(&network);
        println!(
            "{name}: {} VPCs, {} subnets, {} pieces, {} classes, {} links",
            network.vpcs.len(),
            network.subnets.len(),
            reached.pieces().len(),
            reached.classes(),
            (0..).take(reached.classes()).map(|class| reached.links(class).len()).sum::<usize>(),
        );
        assert!(
            network.subnets.iter().all(|subnet| subnet.acl.is_some() && subnet.table.is_some()),
            "{name}"
        );
    }
}

#[test]
fn parts_of_roots_make_the_network_that_whole_roots_make() {
    for name in FIXTURES {
        let observed = read(&generated(name)).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let whole = Network::observe(&observed);
        // Whatever order they come in, and although little of a root is kept.
        let parts: Vec<Part> = observed.roots.values().rev().cloned().map(Part::of).collect();
        assert_eq!(Network::joined(&parts.iter().collect::<Vec<_>>()), whole, "{name}");
        let kept: usize = parts.iter().map(|part| part.root().instances.len()).sum();
        let all: usize = observed.roots.values().map(|root| root.instances.len()).sum();
        assert!(kept * 2 < all, "{name}: {kept} of {all} instances are kept");
    }
}

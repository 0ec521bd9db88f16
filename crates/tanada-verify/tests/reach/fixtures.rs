//! Networks of the fixtures' trees.

use tanada_verify::network::Network;
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

//! Trees as they are generated.

use crate::estate::Estate;
use crate::support::FIXTURES;

#[test]
fn nothing_is_wrong_with_any_fixture() {
    for name in FIXTURES {
        let report = Estate::fixture(name).verify();
        for one in report.inherent.iter().take(3) {
            let ends = |ends: &[tanada_verify::reach::End]| {
                ends.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            };
            println!(
                "{name}: {} -> {}: {} from {}",
                ends(&one.from),
                ends(&one.to),
                one.services,
                one.clients
            );
        }
        assert_eq!(report.findings, [], "{name}");
        assert!(report.pairs > 100, "{name}");
    }
}

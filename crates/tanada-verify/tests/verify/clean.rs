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

#[test]
fn the_report_does_not_depend_on_how_many_cores_there_are() {
    let mut estate = Estate::fixture("m3");
    let file = "teams/platform/shared/main.tf";
    let text = estate.files.get_mut(file).unwrap();
    *text = text.replace("to = 65535, cidr = module", "to = 65000, cidr = module");
    let reports = [1, 2, 7].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| estate.verify_changed(file)).unwrap()
    });
    assert!(reports[0].findings.len() > 3, "{:?}", reports[0].findings);
    assert!(reports.iter().all(|report| *report == reports[0]));
}

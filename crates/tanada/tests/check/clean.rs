//! Of the estates in `fixtures/` the program says nothing that asks for an answer: whatever there is to say of them they
//! accept, with a reason. Notes may stand, and these do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Home;

#[test]
fn the_fixtures_are_clean() {
    let notes: [(&str, &[(&str, usize)]); 4] = [
        ("m3", &[]),
        ("modernisation-platform", &[("google-auto-range", 1), ("routes-add-up", 2)]),
        ("lza-finance-tax", &[]),
        ("aws-asea-pbmm", &[("google-auto-range", 1)]),
    ];
    for (fixture, notes) in notes {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(fixture);
        let home = Home::new([]);
        for entry in fs::read_dir(from.join("network")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, home.path("network").join(path.file_name().unwrap())).unwrap();
        }
        fs::copy(from.join("network.lock.hcl"), home.path("network.lock.hcl")).unwrap();
        let said = home.run(&["check", "--format", "json"]);
        assert_eq!(said.status, Some(0), "{fixture}: {}{}", said.out, said.err);
        let all: Vec<Value> = serde_json::from_str(&said.out).unwrap();
        let mut found: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for finding in &all {
            let word = |name: &str| finding[name].as_str().unwrap();
            *found.entry((word("severity"), word("code"))).or_default() += 1;
        }
        let wanted = notes.iter().map(|(code, count)| (("note", *code), *count)).collect();
        assert_eq!(found, wanted, "{fixture}");
    }
}

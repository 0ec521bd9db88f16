//! Any bytes as a file of a root that calls the constant modules: read or refused, with a place, and soon.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use tanada_verify::{read_plan, read_root};

/// The constant modules, as they are emitted.
const MODULES: [(&str, &str); 7] = [
    ("modules/vpc/main.tf", include_str!("../../templates/modules/vpc/main.tf")),
    ("modules/vpc/subnets.tf", include_str!("../../templates/modules/vpc/subnets.tf")),
    ("modules/vpc/routes.tf", include_str!("../../templates/modules/vpc/routes.tf")),
    ("modules/vpc/acls.tf", include_str!("../../templates/modules/vpc/acls.tf")),
    ("modules/vpc/transit.tf", include_str!("../../templates/modules/vpc/transit.tf")),
    ("modules/vpc/variables.tf", include_str!("../../templates/modules/vpc/variables.tf")),
    ("modules/vpc/outputs.tf", include_str!("../../templates/modules/vpc/outputs.tf")),
];

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut files: BTreeMap<String, String> =
        MODULES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.insert("teams/web/production/main.tf".to_owned(), text.to_owned());
    files.insert("addresses/web-production/main.tf".to_owned(), text.to_owned());
    match read_root(&files, "teams/web/production") {
        Ok(root) => {
            // What was read is walked over by whoever compares it.
            assert_eq!(root, root.clone());
        }
        Err(errors) => assert!(errors.iter().all(|error| !error.message.is_empty()), "{errors:?}"),
    }
    let _ = read_plan(text, "plan.json");
});

//! A plan with everything in it, emitted: canonical, readable, and accepted by real Terraform as far as it goes offline.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hcl_edit::structure::Body;
use support::golden::{assert_golden, write};
use support::sample::{EVIL, plan};
use support::terraform::{assert_canonical, terraform};
use tanada_render::emit::{MODULES, OldRoot, emit, leaving};
use tanada_render::plan::LeavingRoot;
use tanada_render::tree::Tree;

fn terraform_files(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let files = tree.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    files.filter(|(path, _)| path.ends_with(".tf") || path.ends_with(".hcl"))
}

#[test]
fn the_sample_is_the_golden_tree() {
    assert_golden(&emit(&plan()), &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/sample"));
}

#[test]
fn every_file_is_canonical() {
    let directory = tempfile::tempdir().unwrap();
    write(&emit(&plan()), directory.path());
    assert_canonical(directory.path());
}

#[test]
fn every_file_parses_and_ends_in_one_newline() {
    for (path, text) in terraform_files(&emit(&plan())) {
        if let Err(error) = text.parse::<Body>() {
            panic!("{path}: {error}");
        }
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
    }
}

#[test]
fn an_address_stands_once_in_the_tree() {
    let tree = emit(&plan());
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    // The modules' own tests have examples.
    let own = |path: &str| !path.contains("/tests/");
    for (path, text) in terraform_files(&tree).filter(|(path, _)| own(path)) {
        for word in text.split('"') {
            if word.parse::<tanada_model::net::Block>().is_ok_and(|block| !block.is_everything()) {
                places.entry(word).or_default().push(path);
            }
        }
    }
    assert!(places.len() > 30, "the sample has more addresses than {}", places.len());
    places.retain(|_, files| files.len() > 1);
    assert_eq!(places, BTreeMap::new());
}

#[test]
fn a_root_calls_the_modules_it_names_and_no_other() {
    let tree = emit(&plan());
    let roots: BTreeSet<&str> =
        tree.files.keys().filter_map(|path| path.strip_suffix("/addresses.tf")).collect();
    assert_eq!(roots.len(), 4);
    for root in roots {
        let addresses: Body = tree.files[&format!("{root}/addresses.tf")].parse().unwrap();
        let called: BTreeSet<String> =
            addresses.blocks().map(|block| block.labels[0].as_str().to_owned()).collect();
        let mut named = BTreeSet::new();
        for file in ["main.tf", "providers.tf"] {
            let text = &tree.files[&format!("{root}/{file}")];
            let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            for line in code {
                for rest in line.split("module.").skip(1) {
                    named.insert(rest.split('.').next().unwrap().to_owned());
                }
            }
        }
        named.remove("vpc");
        assert_eq!(called, named, "{root}");
        for block in addresses.blocks() {
            let source = block.body.get_attribute("source").unwrap().value.as_str().unwrap();
            let module = source.trim_start_matches("../");
            assert!(tree.files.contains_key(&format!("{module}/main.tf")), "{root} calls {source}");
        }
    }
}

#[test]
fn terraform_finds_every_module() {
    let directory = tempfile::tempdir().unwrap();
    let tree = emit(&plan());
    write(&tree, directory.path());
    for root in tree.files.keys().filter_map(|path| path.strip_suffix("/addresses.tf")) {
        let Some(output) = terraform(&directory.path().join(root), &["get"]) else { return };
        assert!(output.status.success(), "{root}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let first = emit(&plan());
    for _ in 0..20 {
        assert_eq!(first, emit(&plan()));
    }
}

#[test]
fn every_constant_module_file_is_registered() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    let mut found = BTreeSet::new();
    let mut folders = vec![templates.join("modules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(&templates).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(found, MODULES.iter().map(|(path, _)| (*path).to_owned()).collect());
}

#[test]
fn every_resource_type_is_documented() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/emitted-terraform.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut types = BTreeSet::new();
    for (_, text) in terraform_files(&emit(&plan())) {
        let body: Body = text.parse().unwrap();
        let kinds = body.blocks().filter(|block| matches!(block.ident.as_str(), "resource" | "data"));
        types.extend(kinds.map(|block| block.labels[0].as_str().to_owned()));
    }
    assert!(types.len() > 20);
    let missing: Vec<_> = types.iter().filter(|kind| !page.contains(&format!("`{kind}`"))).collect();
    assert!(missing.is_empty(), "docs/emitted-terraform.md does not list {missing:?}");
}

#[test]
fn a_reason_stays_text() {
    let tree = emit(&plan());
    for (path, text) in terraform_files(&tree) {
        let body: Body = text.parse().unwrap();
        let resources = body.blocks().filter(|block| block.ident.as_str() == "resource");
        assert!(path.starts_with("modules/") || resources.count() == 0, "{path}");
    }
    assert!(EVIL.contains("<b>") && EVIL.contains('\u{202e}') && EVIL.contains('\r'));
    for (path, text) in &tree.files {
        assert!(!text.contains('\u{202e}') && !text.contains('\r'), "{path}");
    }
    for (path, text) in tree.files.iter().filter(|(path, _)| path.ends_with(".md")) {
        assert!(!text.contains("<b>"), "{path}");
        let fences = text.lines().filter(|line| line.trim_start().starts_with("```")).count();
        assert_eq!(fences % 2, 0, "{path}");
    }
}

#[test]
fn a_table_in_markdown_has_as_many_cells_in_each_row() {
    for (path, text) in emit(&plan()).files.iter().filter(|(path, _)| path.ends_with(".md")) {
        let mut cells = None;
        for line in text.lines() {
            let count = line.starts_with('|').then(|| line.replace("\\|", "").matches('|').count());
            if let (Some(expected), Some(found)) = (cells, count) {
                assert_eq!(expected, found, "{path}: {line}");
            }
            cells = count;
        }
    }
}

fn old(tree: &Tree, directory: &str) -> OldRoot {
    let text = |name: &str| tree.files.get(&format!("{directory}/{name}")).cloned();
    OldRoot {
        providers: text("providers.tf"),
        addresses: text("addresses.tf"),
        backend: text("backend.tf"),
        variables: text("variables.tf"),
        ..OldRoot::default()
    }
}

#[test]
fn a_leaving_root_keeps_what_its_providers_need() {
    let tree = emit(&plan());
    let directory = "teams/payments/production";
    for keeps_network in [true, false] {
        let root = LeavingRoot {
            id: "payments-production".to_owned(),
            directory: directory.to_owned(),
            birth: "teams/pay/production".to_owned(),
            keeps_network,
        };
        let before = old(&tree, directory);
        let files = Tree { files: leaving(&root, &before).into_iter().collect() };
        let text = |name: &str| files.files[&format!("{directory}/{name}")].as_str();
        assert_eq!(text("main.tf").contains("removed {"), keeps_network);
        assert_eq!(Some(text("providers.tf")), before.providers.as_deref());
        assert_eq!(Some(text("backend.tf")), before.backend.as_deref());
        let addresses: Body = text("addresses.tf").parse().unwrap();
        let called: Vec<&str> = addresses.blocks().map(|block| block.labels[0].as_str()).collect();
        assert_eq!(called, ["account_m3_payments", "region_ap_northeast_1"]);
        let again = leaving(&root, &old(&files, directory));
        assert_eq!(files, Tree { files: again.into_iter().collect() });

        let disk = tempfile::tempdir().unwrap();
        write(&tree, disk.path());
        write(&files, disk.path());
        assert_canonical(disk.path());
    }
}

#[test]
fn a_leaving_root_of_unreadable_files_is_left_as_it_is() {
    let root = LeavingRoot {
        id: "a-b".to_owned(),
        directory: "teams/a/b".to_owned(),
        birth: "teams/a/b".to_owned(),
        keeps_network: false,
    };
    let addresses = "<<<<<<< HEAD\n".to_owned();
    let old =
        OldRoot { providers: Some(String::new()), addresses: Some(addresses.clone()), ..OldRoot::default() };
    let files: BTreeMap<String, String> = leaving(&root, &old).into_iter().collect();
    assert_eq!(files["teams/a/b/addresses.tf"], addresses);
    assert!(!files.contains_key("teams/a/b/backend.tf"));
}

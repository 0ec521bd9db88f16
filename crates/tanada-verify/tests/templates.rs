//! The constant modules keep to the written subset of Terraform, and the page that says which it is names what is read.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use support::{FIXTURES, generated};
use tanada_verify::read;

fn top() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The modules as they are now, in place of those that a fixture was generated with.
fn with_templates(mut tree: BTreeMap<String, String>) -> BTreeMap<String, String> {
    tree.retain(|path, _| !path.starts_with("modules/"));
    for module in fs::read_dir(top().join("templates/modules")).unwrap() {
        let module = module.unwrap();
        for file in fs::read_dir(module.path()).unwrap() {
            let file = file.unwrap();
            // Tests of a module are not part of it.
            if file.path().is_dir() {
                continue;
            }
            let path = format!(
                "modules/{}/{}",
                module.file_name().to_str().unwrap(),
                file.file_name().to_str().unwrap()
            );
            tree.insert(path, fs::read_to_string(file.path()).unwrap());
        }
    }
    tree
}

#[test]
fn every_template_is_evaluated_completely() {
    let mut seen = BTreeSet::new();
    for name in FIXTURES {
        let observed = read(&with_templates(generated(name))).unwrap();
        let all = observed.roots.values().flat_map(|root| root.instances.values().chain(root.data.values()));
        seen.extend(all.map(|instance| format!("{} {}", instance.type_name, instance.name)));
    }
    // Each block of each template makes something in some fixture, so all of its arguments were evaluated.
    let mut blocks = BTreeSet::new();
    for (path, text) in with_templates(BTreeMap::new()) {
        let lines = text.lines().filter(|line| line.starts_with("resource ") || line.starts_with("data "));
        for line in lines.filter(|_| path.ends_with(".tf")) {
            let mut quoted = line.split('"');
            let (type_name, name) = (quoted.nth(1).unwrap(), quoted.nth(1).unwrap());
            blocks.insert(format!("{type_name} {name}"));
        }
    }
    assert!(blocks.len() > 20, "{blocks:?}");
    assert_eq!(blocks, seen);
}

#[test]
fn the_page_names_every_function() {
    let page = fs::read_to_string(top().join("docs/emitted-terraform.md")).unwrap();
    let line = page.lines().find(|line| line.contains("functions: ")).unwrap();
    let written: BTreeSet<&str> =
        line.split("functions: ").nth(1).unwrap().split('`').skip(1).step_by(2).collect();
    let functions = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/read/functions")).unwrap();
    let files: Vec<String> =
        functions.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
    let read = files.iter().filter_map(|name| name.strip_suffix(".rs")).filter(|name| *name != "mod");
    assert_eq!(written, read.collect());
}

/// The text of the one block of a resource type in the module of VPCs.
fn resource(type_name: &str) -> String {
    let tree = with_templates(BTreeMap::new());
    let text: Vec<&str> = tree
        .iter()
        .filter(|(path, _)| path.starts_with("modules/vpc/") && path.ends_with(".tf"))
        .map(|(_, text)| text.as_str())
        .collect();
    let (_, rest) =
        text.iter().find_map(|text| text.split_once(&format!("\nresource \"{type_name}\" "))).unwrap();
    rest.split_once("\n}\n").map_or(rest, |(block, _)| block).to_owned()
}

/// AWS refuses what names an attachment, or a gateway that the VPC is not attached to yet, so Terraform has to be told by
/// a reference, and of the acceptance, which nothing refers to, by `depends_on`.
#[test]
fn what_needs_the_attachment_waits_for_it() {
    let waiting = [
        ("aws_route", "transit_gateway_vpc_attachment.this[0].transit_gateway_id"),
        ("aws_ec2_transit_gateway_route", "transit_gateway_vpc_attachment.this[0].id"),
        ("aws_ec2_transit_gateway_route_table_association", "transit_gateway_vpc_attachment.this[0].id"),
        ("aws_ec2_transit_gateway_route_table_propagation", "transit_gateway_vpc_attachment.this[0].id"),
    ];
    for (type_name, reference) in waiting {
        let block = resource(type_name);
        assert!(block.contains(reference), "{block}");
        let accepted = "depends_on = [aws_ec2_transit_gateway_vpc_attachment_accepter.this]";
        assert!(block.contains(accepted), "{block}");
    }
    let further = "depends_on = [aws_vpc_ipv4_cidr_block_association.this]";
    assert!(resource("aws_subnet").contains(further));
}

/// A subnet that is made before the old one goes has the old one's addresses, which AWS refuses; and whatever a subnet
/// depends on passes that on to it.
#[test]
fn nothing_is_made_before_it_is_destroyed() {
    for (path, text) in with_templates(BTreeMap::new()) {
        assert!(!text.contains("create_before_destroy"), "{path}");
    }
}

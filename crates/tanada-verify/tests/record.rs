//! The witness reads what stands there, follows references, and names the line of what it does not understand.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use tanada_model::lock::{Recorded, RecordedSubnet, RecordedVpc};
use tanada_verify::record;

const ESTATE: &str = r#"
output "pools" {
  value = {
    # cidrsubnet(m3, 2, 0)
    production = ["192.0.2.0/25"]
  }
}
"#;
const ADDRESSES: &str = r#"
module "estate" {
  source = "../estate"
}

output "blocks" {
  value = [module.estate.pools.production[0], "198.51.100.0/26"]
}

output "tiers" {
  value = {
    private = ["192.0.2.0/26"]
  }
}
"#;
const CALLS: &str = r#"
module "web_production" {
  source = "../../../addresses/web-production"
}
"#;
const BACKEND: &str = r#"
terraform {
  backend "s3" {
    key = "teams/www/production.tfstate"
  }
}
"#;
const MAIN: &str = r#"
module "vpc" {
  source = "../../../modules/vpc"
  blocks = module.web_production.blocks

  subnets = [
    { name = "private-a", tier = "private", zone = "a", cidr = module.web_production.tiers.private[0] },
    { name = "more-a", tier = "more", zone = "a", cidr = "198.51.100.0/28" },
  ]
}
"#;

fn tree() -> BTreeMap<String, String> {
    [
        ("addresses/estate/main.tf", ESTATE),
        ("addresses/web-production/main.tf", ADDRESSES),
        ("modules/vpc/main.tf", "resource \"aws_vpc\" \"this\" {}\n"),
        ("teams/web/production/addresses.tf", CALLS),
        ("teams/web/production/backend.tf", BACKEND),
        ("teams/web/production/main.tf", MAIN),
        ("teams/web/production/README.md", "not { Terraform"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into()
}

fn error(change: impl FnOnce(&mut BTreeMap<String, String>)) -> String {
    let mut files = tree();
    change(&mut files);
    record(&files).unwrap_err().to_string()
}

fn edit(
    path: &'static str,
    from: &'static str,
    to: &'static str,
) -> impl FnOnce(&mut BTreeMap<String, String>) {
    move |files| {
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from));
        *text = text.replace(from, to);
    }
}

#[test]
fn what_stands_there() {
    let subnet = |name: &str, tier: &str, cidr: &str| RecordedSubnet {
        name: name.to_owned(),
        tier: tier.to_owned(),
        zone: "a".to_owned(),
        cidr: cidr.parse().unwrap(),
    };
    let expected = Recorded {
        hubs: BTreeMap::new(),
        leaving: BTreeMap::new(),
        pools: BTreeMap::from([("production".to_owned(), vec!["192.0.2.0/25".parse().unwrap()])]),
        vpcs: vec![RecordedVpc {
            id: "web-production".to_owned(),
            birth: "teams/www/production".to_owned(),
            blocks: vec!["192.0.2.0/25".parse().unwrap(), "198.51.100.0/26".parse().unwrap()],
            subnets: vec![
                subnet("private-a", "private", "192.0.2.0/26"),
                subnet("more-a", "more", "198.51.100.0/28"),
            ],
        }],
    };
    assert_eq!(record(&tree()), Ok(expected));
}

#[test]
fn a_root_on_its_way_out_has_no_vpc() {
    let mut files = tree();
    files.insert("teams/web/production/main.tf".to_owned(), String::new());
    assert_eq!(record(&files).unwrap().vpcs, []);
}

#[test]
fn local_state_is_born_in_its_folder() {
    let mut files = tree();
    files.remove("teams/web/production/backend.tf");
    assert_eq!(record(&files).unwrap().vpcs[0].birth, "teams/web/production");
}

#[test]
fn what_it_does_not_understand() {
    const MAIN_TF: &str = "teams/web/production/main.tf";
    assert_eq!(error(BTreeMap::clear), "addresses/estate: there is no module here");
    assert_eq!(
        error(edit(MAIN_TF, "198.51.100.0/28", "198.51.100.1/28")),
        "teams/web/production/main.tf:8: `198.51.100.1/28` has host bits set; the block is `198.51.100.0/28`"
    );
    assert_eq!(
        error(edit(MAIN_TF, "\"198.51.100.0/28\"", "cidrsubnet(local.x, 4, 0)")),
        "teams/web/production/main.tf:8: the function `cidrsubnet` is not read"
    );
    assert_eq!(
        error(edit(MAIN_TF, "tiers.private[0]", "tiers.private[1]")),
        "teams/web/production/main.tf:7: there is no `1` in what addresses/web-production/main.tf:12 says"
    );
    assert_eq!(
        error(edit("teams/web/production/addresses.tf", "../../../addresses", "../../../../addresses")),
        "teams/web/production/addresses.tf:3: `../../../../addresses/web-production` leads out of the tree"
    );
    assert_eq!(
        error(edit("addresses/web-production/main.tf", "\"198.51.100.0/26\"", "local.more")),
        "addresses/web-production/main.tf:7: there is no local value `more`"
    );
    assert_eq!(
        error(edit("addresses/estate/main.tf", "[\"192.0.2.0/25\"]", "module.estate.pools.production")),
        "addresses/estate/main.tf:5: there is no module `estate` here"
    );
    let circle =
        "module.web_production.blocks\n}\nmodule \"web_production\" {\nsource = \"../web-production\"";
    assert!(
        error(edit(
            "addresses/web-production/main.tf",
            "[module.estate.pools.production[0], \"198.51.100.0/26\"]",
            circle
        ))
        .contains("more than 8 modules call each other")
    );
    assert!(
        error(edit(MAIN_TF, "subnets = [", "subnets = ][")).starts_with("teams/web/production/main.tf:6: ")
    );
}

//! The stand-in under real Terraform: what it plans, what it refuses, and how it keeps accounts apart.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

use std::thread;

use standin::{Action, Counts, Failure, Judge, Lookups, Workspace, judge_or_skip};

const VERSIONS: &str = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
"#;

/// A root in which everything depends on one range.
const NETWORK: &str = r#"
variable "range" {
  type = string
}

provider "aws" {
  region = "ap-northeast-1"

  default_tags {
    tags = { Team = "web", Owner = "nobody" }
  }
}

resource "aws_vpc" "this" {
  cidr_block = var.range
  tags       = { Name = "web", Owner = "@web" }
}

resource "aws_subnet" "this" {
  for_each = { a = 0, c = 1 }

  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.range, 4, each.value)
}

resource "aws_network_acl" "this" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in aws_subnet.this : subnet.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = var.range
  }
}

resource "aws_eip" "nat" {
  count  = 2
  domain = "vpc"
}

output "elastic_addresses" {
  value = aws_eip.nat[*].id
}
"#;

fn judge(lookups: Lookups) -> Option<Judge> {
    judge_or_skip(lookups).unwrap()
}

/// A tree of roots, each of one file.
fn tree(roots: &[(&str, &str)]) -> Vec<(String, String)> {
    let files = roots.iter().flat_map(|(root, text)| {
        let backend = format!("terraform {{\n  backend \"s3\" {{\n    key = \"{root}.tfstate\"\n  }}\n}}\n");
        [("main.tf", (*text).to_owned()), ("versions.tf", VERSIONS.to_owned()), ("backend.tf", backend)]
            .map(|(name, text)| (format!("{root}/{name}"), text))
    });
    files.collect()
}

fn refusal(judge: &Judge, root: &str) -> String {
    let workspace = Workspace::from_files(tree(&[("root", root)])).unwrap();
    let refused = workspace.root(judge, "root").plan().expect_err("Terraform must refuse it");
    assert!(matches!(refused, Failure::Refused { .. }), "{refused}");
    // Terraform breaks lines and draws a border.
    refused.output().replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_network_is_planned_applied_kept_and_replaced() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let workspace = Workspace::from_files(tree(&[("root", NETWORK)])).unwrap();
    let root = workspace.root(&judge, "root").variable("range", "10.1.0.0/16");
    root.validate().unwrap();

    let first = root.apply().unwrap();
    assert_eq!(first.counts(), Counts { add: 6, ..Counts::default() });
    let subnets: Vec<_> =
        first.of_type("aws_subnet").map(|(_, it)| (it.key.as_deref(), &it.values["cidr_block"])).collect();
    assert_eq!(subnets, [(Some("a"), &"10.1.0.0/20".into()), (Some("c"), &"10.1.16.0/20".into())]);
    let tags = serde_json::json!({ "Name": "web", "Owner": "@web", "Team": "web" });
    assert_eq!(first.resources["aws_vpc.this"].values["tags_all"], tags);
    assert_eq!(first.resources["aws_vpc.this"].values["region"], "ap-northeast-1");

    assert_eq!(root.plan().unwrap().changed().count(), 0, "nothing changes by itself");

    let moved = workspace.root(&judge, "root").variable("range", "10.2.0.0/16").plan().unwrap();
    assert_eq!(moved.counts(), Counts { add: 4, destroy: 4, ..Counts::default() });
    let why = &moved.changes["aws_vpc.this"];
    assert_eq!(why.action, Action::Replace);
    assert!(why.replacing.iter().eq(["cidr_block"]));
    assert_eq!(moved.changes["aws_eip.nat[0]"].action, Action::Keep);

    let retagged = NETWORK.replace(r#"Team = "web""#, r#"Team = "shop""#);
    workspace.replace_files(tree(&[("root", &retagged)])).unwrap();
    let retagged = root.plan().unwrap();
    assert_eq!(retagged.counts(), Counts { change: 6, ..Counts::default() });
    assert!(retagged.changed().all(|(_, change)| change.attributes().into_iter().eq(["tags_all"])));
}

#[test]
fn equal_resources_get_ids_of_their_own() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let workspace = Workspace::from_files(tree(&[("root", NETWORK)])).unwrap();
    let root = workspace.root(&judge, "root").variable("range", "10.1.0.0/16");
    root.apply().unwrap();
    let kept = root.plan().unwrap();
    assert_ne!(kept.resources["aws_eip.nat[0]"].values["id"], kept.resources["aws_eip.nat[1]"].values["id"]);
}

#[test]
fn terraform_and_the_schema_refuse_what_is_wrong() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let cases = [
        (
            r#"resource "aws_vpc" "this" { cidr = "10.0.0.0/16" }"#,
            "An argument named \"cidr\" is not expected here",
        ),
        (r#"resource "aws_subnet" "this" {}"#, "The argument \"vpc_id\" is required"),
        (r#"resource "aws_vpx" "this" {}"#, "does not support resource type \"aws_vpx\""),
        (r#"resource "aws_eip" "this" { domain = "everywhere" }"#, "must be one of vpc, standard"),
        (
            r#"resource "aws_vpc" "this" { cidr_block = "10.0.0.1/16" }"#,
            "has host bits; the block is 10.0.0.0/16",
        ),
        (
            r#"resource "aws_vpc" "this" { cidr_block = "10.0.0.0/8" }"#,
            "its prefix length must lie between 16..=28",
        ),
        (r#"resource "aws_vpc" "this" { enable_dns_support = "perhaps" }"#, "a bool is required"),
        (
            r#"resource "aws_eip" "this" { tags = { Name = aws_vpc.that.id } }"#,
            "Reference to undeclared resource",
        ),
        (
            r#"resource "aws_route_table_association" "this" { route_table_id = "rtb-1" }"#,
            "subnet_id, gateway_id, of which exactly one must be given",
        ),
    ];
    // A rule whose two numbers are equal passes Terraform's own checks.
    let twice = NETWORK.replace(
        "  ingress {\n",
        "  ingress {\n    rule_no    = 100\n    action     = \"deny\"\n    protocol   = \"tcp\"\n    from_port  = 1\n    to_port    = 2\n    cidr_block = var.range\n  }\n\n  ingress {\n",
    );
    let twice = twice.replace("type = string", "default = \"10.0.0.0/16\"");
    let cases = cases.into_iter().chain([(twice.as_str(), "rule 100 stands twice")]);
    for (root, expected) in cases {
        let told = refusal(&judge, root);
        assert!(told.contains(expected), "{root}\n{told}");
    }
}

#[test]
fn a_change_whose_effect_nobody_knows_is_refused() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let gateway = |support: &str| {
        let text = format!(
            "provider \"aws\" {{\n  region = \"eu-west-1\"\n}}\n\nresource \"aws_ec2_transit_gateway\" \"this\" {{\n  security_group_referencing_support = \"{support}\"\n}}\n"
        );
        tree(&[("root", &text)])
    };
    let workspace = Workspace::from_files(gateway("enable")).unwrap();
    let root = workspace.root(&judge, "root");
    root.apply().unwrap();
    workspace.replace_files(gateway("disable")).unwrap();
    let refused = root.plan().expect_err("nobody knows");
    assert!(refused.output().contains("Unknown effect of a change"), "{refused}");
}

/// The gateway of an account, and a root that looks for it there.
fn hub_and_team(looking_in: &str) -> Vec<(String, String)> {
    let provider = |account: &str| {
        format!(
            "provider \"aws\" {{\n  region = \"eu-west-1\"\n\n  assume_role {{\n    role_arn = \"arn:aws:iam::{account}:role/x\"\n  }}\n}}\n"
        )
    };
    let hub = provider("111111111111")
        + "resource \"aws_ec2_transit_gateway\" \"this\" {\n  tags = { Name = \"hub\" }\n}\n";
    let team = provider(looking_in)
        + r#"
data "aws_ec2_transit_gateway" "this" {
  filter {
    name   = "tag:Name"
    values = ["hub"]
  }

  filter {
    name   = "state"
    values = ["available"]
  }
}

resource "aws_ec2_transit_gateway_route_table" "this" {
  transit_gateway_id = data.aws_ec2_transit_gateway.this.id
}
"#;
    tree(&[("hub", &hub), ("team", &team)])
}

#[test]
fn a_look_up_finds_what_was_applied_in_its_account() {
    let Some(judge) = judge(Lookups::Applied) else { return };
    let workspace = Workspace::from_files(hub_and_team("111111111111")).unwrap();
    let (hub, team) = (workspace.root(&judge, "hub"), workspace.root(&judge, "team"));

    let early = team.plan().expect_err("there is no gateway yet");
    assert!(early.output().contains("fits nothing in account 111111111111 and region eu-west-1"), "{early}");

    hub.apply().unwrap();
    let gateway = hub.plan().unwrap().resources["aws_ec2_transit_gateway.this"].values["id"].clone();
    let found = &team.plan().unwrap().resources["aws_ec2_transit_gateway_route_table.this"];
    assert_eq!(found.values["transit_gateway_id"], gateway);

    workspace.replace_files(hub_and_team("222222222222")).unwrap();
    let elsewhere = team.plan().expect_err("it is another account's");
    assert!(elsewhere.output().contains("fits nothing in account 222222222222"), "{elsewhere}");
}

#[test]
fn a_root_that_looks_can_be_planned_before_what_it_looks_for() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let workspace = Workspace::from_files(hub_and_team("111111111111")).unwrap();
    let team = workspace.root(&judge, "team");
    let first = team.apply().unwrap();
    assert_eq!(first.counts().add, 1);
    assert_eq!(team.plan().unwrap().changed().count(), 0, "what is invented stays");
}

#[test]
fn a_renamed_root_finds_its_state_by_the_key_of_its_backend() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let workspace = Workspace::from_files(tree(&[("before", NETWORK)])).unwrap();
    workspace.root(&judge, "before").variable("range", "10.1.0.0/16").apply().unwrap();

    let renamed = tree(&[("before", NETWORK)])
        .into_iter()
        .map(|(path, text)| (path.replace("before/", "after/"), text));
    workspace.replace_files(renamed).unwrap();
    let after = workspace.root(&judge, "after").variable("range", "10.1.0.0/16");
    assert_eq!(after.plan().unwrap().counts(), Counts::default());

    workspace.replace_files(tree(&[("after", NETWORK)])).unwrap();
    assert_eq!(after.plan().unwrap().counts().add, 6, "another key is another state");
}

#[test]
fn roots_share_one_stand_in_at_the_same_time() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let workspace = Workspace::from_files(tree(&[("a", NETWORK), ("b", NETWORK)])).unwrap();
    thread::scope(|scope| {
        for (root, range) in [("a", "10.1.0.0/16"), ("b", "10.2.0.0/16")] {
            let root = workspace.root(&judge, root).variable("range", range);
            scope.spawn(move || {
                root.apply().unwrap();
                let kept = root.plan().unwrap();
                assert_eq!(kept.counts(), Counts::default());
                assert_eq!(kept.resources["aws_vpc.this"].values["cidr_block"], range);
            });
        }
    });
}

#[test]
fn a_tree_cannot_lead_out_of_its_workspace() {
    for path in ["../x.tf", "/x.tf", "a/../../x.tf"] {
        assert!(matches!(Workspace::from_files([(path, "")]), Err(Failure::Form { .. })), "{path}");
    }
}

#[test]
fn a_copied_tree_leaves_behind_what_terraform_wrote() {
    let Some(judge) = judge(Lookups::Invented) else { return };
    let mut files = tree(&[("root", NETWORK)]);
    files.push(("root/providers.tf".to_owned(), String::new()));
    let workspace = Workspace::from_files(files).unwrap();
    workspace.root(&judge, "root").variable("range", "10.1.0.0/16").apply().unwrap();

    let copy = Workspace::from_directory(workspace.path()).unwrap();
    assert_eq!(copy.roots().unwrap(), ["root"]);
    let names = std::fs::read_dir(copy.path().join("root")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["main.tf", "providers.tf", "versions.tf"]);
}

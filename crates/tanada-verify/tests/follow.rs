//! What a hub does to roots that find something in it by Name, on the smallest trees that can show it. Whether Terraform
//! plans the same is asked where Terraform is (`judge::differences`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;

use tanada_verify::changes::{Action, Changes, ResourceChange, compare, lookups_hold};
use tanada_verify::read;

const HUB: &str = r#"
provider "aws" {
  region = "ap-northeast-1"
}
resource "aws_ec2_transit_gateway" "this" {
  description = "x"
  tags        = { Name = "tokyo" }
}
"#;

const VPC: &str = r#"
provider "aws" {
  region = "ap-northeast-1"
}
provider "aws" {
  alias  = "hub"
  region = "ap-northeast-1"
}
data "aws_ec2_transit_gateway" "this" {
  provider = aws.hub
  filter {
    name   = "tag:Name"
    values = ["tokyo"]
  }
}
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  transit_gateway_id = data.aws_ec2_transit_gateway.this.id
  vpc_id             = aws_vpc.this.id
  subnet_ids         = []
}
resource "aws_route" "this" {
  route_table_id     = "rtb-1"
  transit_gateway_id = aws_ec2_transit_gateway_vpc_attachment.this.transit_gateway_id
}
"#;

/// A resource of the VPC, what is done, and by which resource of the hub.
type Followed = (String, Action, Option<(String, Action)>);

/// What happens when a hub is written as `to`, and whether lookups hold.
fn change(from: &str, to: &str, vpcs: [&str; 2]) -> (Changes, bool) {
    let tree = |hub: &str, vpc: &str| {
        let files = [("hub/tokyo/main.tf", hub), ("teams/web/live/main.tf", vpc)];
        let files: BTreeMap<String, String> =
            files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        read(&files).unwrap_or_else(|errors| panic!("{errors:?}"))
    };
    let (old, new) = (tree(from, vpcs[0]), tree(to, vpcs[1]));
    (compare(&old, &new), lookups_hold(&old, &new))
}

/// What becomes of the VPC's resources.
fn followed(changes: &Changes) -> Vec<Followed> {
    let own = changes.all().filter(|(root, _)| root.directory.starts_with("teams/"));
    let cause = |change: &ResourceChange| {
        change.follows().map(|it| (format!("{}/{}", it.directory, it.address), it.action))
    };
    own.map(|(_, change)| (change.address.to_string(), change.action, cause(change))).collect()
}

fn expect(cause: &str, action: Action) -> Vec<Followed> {
    let cause = Some((format!("hub/tokyo/{cause}"), action));
    vec![
        ("aws_ec2_transit_gateway_vpc_attachment.this".to_owned(), Action::Replace, cause.clone()),
        ("aws_route.this".to_owned(), Action::Update, cause),
    ]
}

#[test]
fn what_is_made_anew_is_found_anew() {
    let replaced = HUB.replace("description", "multicast_support = \"enable\"\n  description");
    let (changes, hold) = change(HUB, &replaced, [VPC, VPC]);
    assert_eq!(followed(&changes), expect("aws_ec2_transit_gateway.this", Action::Replace));
    assert!(!hold);
    let relabelled = HUB.replace("\"this\"", "\"other\"");
    let (changes, hold) = change(HUB, &relabelled, [VPC, VPC]);
    assert_eq!(followed(&changes), expect("aws_ec2_transit_gateway.this", Action::Destroy));
    assert!(!hold);
}

#[test]
fn what_keeps_its_name_is_the_same() {
    let moved = format!(
        "{}moved {{\n  from = aws_ec2_transit_gateway.this\n  to = aws_ec2_transit_gateway.other\n}}\n",
        HUB.replace("\"this\"", "\"other\"")
    );
    let elsewhere =
        HUB.replace("\"this\"", "\"other\"").replace("description", "region = \"eu-west-1\"\n  description");
    let second = elsewhere.split_once("}\n").unwrap().1;
    let told = [HUB.replace("\"x\"", "\"y\""), moved, format!("{HUB}{second}")];
    for hub in &told {
        let (changes, hold) = change(HUB, hub, [VPC, VPC]);
        assert!(!changes.is_empty(), "{hub}");
        assert_eq!(followed(&changes), [], "{hub}");
        assert!(hold, "{hub}");
    }
}

#[test]
fn a_name_that_is_anothers_leads_there() {
    let other = HUB.replace("\"this\"", "\"other\"");
    let other = other.split_once("}\n").unwrap().1;
    let before = format!("{HUB}{}", other.replace("\"tokyo\"", "\"osaka\""));
    let swapped = format!("{}{other}", HUB.replace("\"tokyo\"", "\"osaka\""));
    let (changes, hold) = change(&before, &swapped, [VPC, VPC]);
    assert_eq!(followed(&changes), expect("aws_ec2_transit_gateway.other", Action::Update));
    assert!(!hold);
    // Two of one Name: nobody knows which is found.
    let (changes, hold) = change(HUB, &format!("{HUB}{other}"), [VPC, VPC]);
    assert_eq!(followed(&changes).len(), 2);
    assert!(!hold);
}

#[test]
fn what_the_own_text_does_is_no_consequence() {
    let replaced = HUB.replace("description", "multicast_support = \"enable\"\n  description");
    let other = VPC.replace("10.0.0.0/16", "10.1.0.0/16");
    let (changes, _) = change(HUB, &replaced, [VPC, &other]);
    let told = followed(&changes);
    let own: Vec<&str> = told.iter().filter(|it| it.2.is_none()).map(|it| it.0.as_str()).collect();
    // The route holds the gateway's id, which the attachment was only asked for.
    assert_eq!(own, ["aws_ec2_transit_gateway_vpc_attachment.this", "aws_vpc.this"]);
    // Asking for something else is an edit of the VPC's.
    let asks = VPC.replace("[\"tokyo\"]", "[\"osaka\"]");
    let osaka = HUB.replace("\"tokyo\"", "\"osaka\"");
    let (changes, _) = change(HUB, &osaka, [VPC, &asks]);
    assert_eq!(followed(&changes), [], "the same gateway by its new name");
    let anew = replaced.replace("\"tokyo\"", "\"osaka\"");
    let (changes, _) = change(HUB, &anew, [VPC, &asks]);
    assert!(followed(&changes).iter().all(|it| it.2.is_none()), "{:?}", followed(&changes));
}

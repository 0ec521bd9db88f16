//! What a small tree says, and where each value was decided.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;

use tanada_verify::{Data, Key, Root, Value, read_root};

const MODULE: &str = r#"
variable "name" {
  type = string
}
variable "rows" {
  description = "Rows."
  type = list(object({
    name  = string
    port  = optional(number, 443)
    zones = set(string)
    note  = optional(string)
  }))
}
variable "on" {
  type    = bool
  default = false
}
variable "unused" {
  type    = number
  default = 1
}
locals {
  by_name = { for row in var.rows : row.name => row }
  pairs = merge([
    for row in var.rows : {
      for zone in row.zones : "${row.name}/${zone}" => { zone = zone, name = row.name } if zone != "x"
    }
  ]...)
}
data "aws_region" "this" {}
resource "aws_vpc" "this" {
  count      = var.on ? 1 : 0
  cidr_block = "192.0.2.0/24"
}
resource "aws_subnet" "this" {
  for_each = local.by_name

  vpc_id = var.on ? aws_vpc.this[0].id : null
  port   = each.value.port
  note   = each.value.note
  zones  = each.value.zones
  place  = "${data.aws_region.this.region}-${each.key}"
  tags   = { Name = "${var.name}-${each.key}", Literal = "$${x} \"q\" \u00e9" }

  dynamic "rule" {
    for_each = each.value.zones
    content {
      zone   = rule.value
      port   = each.value.port == 443 ? -1 : null
      parent = rule.key
    }
  }
}
resource "aws_route" "this" {
  for_each  = local.pairs
  subnet_id = aws_subnet.this[each.value.name].id
  port      = aws_subnet.this[each.value.name].port
  made_of   = "to ${aws_subnet.this[each.value.name].id}"
  all       = [for subnet in aws_subnet.this : subnet.arn]
  splat     = aws_vpc.this[*].id
}
output "ids" {
  value = { for key, subnet in aws_subnet.this : key => subnet.id }
}
"#;
const MAIN: &str = r#"
module "net" {
  source = "../../modules/net"
  name   = var.name
  on     = "true"
  rows = [
    { name = "a", zones = ["z", "x", "y"], note = null },

    { name = "b", port = "80", zones = [], extra = 1 },
  ]
}
variable "name" {
  type = string
}
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Team = "web" }
  }
}
terraform {
  backend "s3" {
    key = "hub/x.tfstate"
  }
}
moved {
  from = module.net.aws_subnet.this["old"]
  to   = module.net.aws_subnet.this["a"]
}
removed {
  from = module.gone
  lifecycle {
    destroy = false
  }
}
import {
  to = module.net.aws_vpc.this[0]
  id = "vpc-1"
}
output "net" {
  value = module.net
}
"#;

fn tree() -> BTreeMap<String, String> {
    [("hub/x/main.tf", MAIN), ("modules/net/main.tf", MODULE)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into()
}

fn root() -> Root {
    read_root(&tree(), "hub/x").unwrap()
}

/// A value in short, with the line of the root that decided it.
fn short(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::Bool(boolean) => boolean.to_string(),
        Data::Number(number) => number.to_string(),
        Data::Text(text) => format!("{text:?}"),
        Data::List(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        Data::Set(items) => format!("set [{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        Data::Map(map) => {
            let entries = map.iter().map(|(name, value)| format!("{name} = {}", short(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Data::Reference(reference) => format!("{:?}.{}", reference.target, reference.attribute)
            .replace("Resource(Address(\"module.net.", "")
            .replace("\"))", "")
            .replace('\\', ""),
        Data::Unknown => "unknown".to_owned(),
    }
}

fn attributes(root: &Root, address: &str) -> String {
    let instance = &root.instances[address];
    instance.attributes.iter().map(|(name, value)| format!("{name} = {}\n", short(value))).collect()
}

#[test]
fn values_are_what_terraform_makes_of_them() {
    let root = root();
    let addresses: Vec<_> = root.instances.keys().map(|address| address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "module.net.aws_route.this[\"a/y\"]",
            "module.net.aws_route.this[\"a/z\"]",
            "module.net.aws_subnet.this[\"a\"]",
            "module.net.aws_subnet.this[\"b\"]",
            "module.net.aws_vpc.this[0]",
        ]
    );
    assert_eq!(
        attributes(&root, "module.net.aws_subnet.this[\"a\"]"),
        r#"place = "eu-west-1-a"
port = 443
rule = [{parent = "x", port = -1, zone = "x"}, {parent = "y", port = -1, zone = "y"}, {parent = "z", port = -1, zone = "z"}]
tags = {Literal = "${x} \"q\" é", Name = unknown}
vpc_id = aws_vpc.this[0].id
zones = set ["x", "y", "z"]
"#
    );
    assert_eq!(
        attributes(&root, "module.net.aws_subnet.this[\"b\"]"),
        "place = \"eu-west-1-b\"\nport = 80\nrule = []\ntags = {Literal = \"${x} \\\"q\\\" é\", Name = unknown}\nvpc_id = aws_vpc.this[0].id\nzones = set []\n"
    );
    assert_eq!(
        attributes(&root, "module.net.aws_route.this[\"a/z\"]"),
        "all = [aws_subnet.this[\"a\"].arn, aws_subnet.this[\"b\"].arn]\nmade_of = unknown\nport = 443\nsplat = [aws_vpc.this[0].id]\nsubnet_id = aws_subnet.this[\"a\"].id\n"
    );
    assert_eq!(
        short(root.outputs.get("net").unwrap()),
        "{ids = {a = aws_subnet.this[\"a\"].id, b = aws_subnet.this[\"b\"].id}}"
    );
    assert_eq!(root.data.len(), 1);
}

#[test]
fn what_is_no_value_is_read_too() {
    let root = root();
    assert_eq!(
        root.backend.as_ref().unwrap().settings.get("key").and_then(Value::text),
        Some("hub/x.tfstate")
    );
    assert_eq!(root.moved[0].from.as_str(), "module.net.aws_subnet.this[\"old\"]");
    assert_eq!((root.removed[0].from.as_str(), root.removed[0].destroy), ("module.gone", false));
    assert_eq!(
        (root.imports[0].to.as_str(), root.imports[0].id.text()),
        ("module.net.aws_vpc.this[0]", Some("vpc-1"))
    );
    assert_eq!(root.variables, ["name".into()]);
    let subnet = &root.instances["module.net.aws_subnet.this[\"a\"]"];
    assert_eq!((&*subnet.type_name, &*subnet.provider, &*subnet.module), ("aws_subnet", "aws", "module.net"));
    assert_eq!(subnet.key, Key::Name("a".into()));
    assert_eq!(root.tag(subnet, "Team").and_then(Value::text), Some("web"));
    let route = &root.instances["module.net.aws_route.this[\"a/z\"]"];
    assert_eq!(root.referred(&route.attributes.get("subnet_id").unwrap().clone(), "id"), Some(subnet));
}

#[test]
fn places_lead_to_the_row_that_decided() {
    let root = root();
    let place = |address: &str| root.instances[address].place.to_string();
    assert_eq!(place("module.net.aws_subnet.this[\"a\"]"), "hub/x/main.tf:7");
    assert_eq!(place("module.net.aws_subnet.this[\"b\"]"), "hub/x/main.tf:9");
    assert_eq!(place("module.net.aws_route.this[\"a/z\"]"), "hub/x/main.tf:7");
    assert_eq!(place("module.net.aws_vpc.this[0]"), "hub/x/main.tf:5");
    let subnet = &root.instances["module.net.aws_subnet.this[\"b\"]"];
    assert_eq!(subnet.attributes.get("port").unwrap().place.to_string(), "hub/x/main.tf:9");
    assert_eq!(subnet.block.to_string(), "modules/net/main.tf:35");
}

const MAIN_TF: &str = "hub/x/main.tf";
const NET_TF: &str = "modules/net/main.tf";

/// The errors of the tree with a change of one file.
fn error(path: &str, from: &str, to: &str) -> String {
    let mut files = tree();
    let text = files.get_mut(path).unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replace(from, to);
    let errors = read_root(&files, "hub/x").unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn values_that_do_not_fit_name_their_line() {
    let (main, net) = (MAIN_TF, NET_TF);
    assert_eq!(error(main, "name = \"b\"", "name = \"a\""), "hub/x/main.tf:9: there are two rows `a`");
    assert_eq!(
        error(main, "port = \"80\"", "port = \"http\""),
        "hub/x/main.tf:9: `rows`: this is no whole number"
    );
    assert_eq!(error(main, "zones = [], ", ""), "hub/x/main.tf:9: `rows`: `zones` is missing here");
    assert_eq!(
        error(main, "  on     =", "  unused = \"x\"\n  on     ="),
        "hub/x/main.tf:5: `unused`: this is no whole number"
    );
    assert_eq!(error(main, "on     =", "off    ="), "hub/x/main.tf:5: `modules/net` has no variable `off`");
    assert_eq!(error(main, "  name   = var.name\n", ""), "hub/x/main.tf:2: `name` is missing here");
    assert_eq!(
        error(main, "on     = \"true\"", "on     = var.name"),
        "modules/net/main.tf:32: a `count` is 0 or 1, and known"
    );
    assert_eq!(
        error(net, "merge([", "concat(["),
        "modules/net/main.tf:24: the function `concat` is not read"
    );
    assert_eq!(
        error(net, "each.value.port\n", "each.value.prt\n"),
        "modules/net/main.tf:39: there is no `prt` in what hub/x/main.tf:7 says\nmodules/net/main.tf:39: there is no `prt` in what hub/x/main.tf:9 says"
    );
    assert_eq!(
        error(net, "local.by_name", "local.by_nme"),
        "modules/net/main.tf:36: there is no local value `by_nme`"
    );
    assert_eq!(
        error(net, "by_name = {", "by_name = local.by_name\n b = {"),
        "modules/net/main.tf:23: references go round in a circle, or far too deep"
    );
}

#[test]
fn what_is_not_understood_names_its_line() {
    let (main, net) = (MAIN_TF, NET_TF);
    assert_eq!(
        error(net, "type    = bool", "type    = any"),
        "modules/net/main.tf:15: `any` is a type that is not read"
    );
    assert_eq!(
        error(net, "data \"aws_region\"", "ephemeral \"aws_region\""),
        "modules/net/main.tf:30: a block `ephemeral \"aws_region\" \"this\"` is not read"
    );
    assert_eq!(
        error(net, "resource \"aws_vpc\"", "resource \"google_vpc\""),
        "modules/net/main.tf:31: the provider `google` is not known; trees of `aws` are read"
    );
    assert_eq!(
        error(main, "provider \"aws\"", "provider \"google\""),
        "hub/x/main.tf:15: the provider `google` is not known; trees of `aws` are read"
    );
    assert_eq!(
        error(main, "  on     =", "<<<<<<< ours\n  on     ="),
        "hub/x/main.tf:5: git left the marks of a merge conflict here"
    );
    assert_eq!(
        error(main, "../../modules/net", "terraform-aws-modules/vpc/aws"),
        "hub/x/main.tf:3: `terraform-aws-modules/vpc/aws` is no module of this tree"
    );
    assert_eq!(error(main, "../../modules/net", "../../modules/nat"), "modules/nat: there is no module here");
    assert_eq!(
        error(main, "\"true\"", "\"tr\nue\""),
        "hub/x/main.tf:5: a text has no closing quote on its line"
    );
    assert_eq!(
        error(main, "\"true\"", "1.5"),
        "hub/x/main.tf:5: only whole numbers of at most 64 bits are read"
    );
    assert_eq!(error(main, "\"true\"", "<<EOT\nx\nEOT"), "hub/x/main.tf:5: a heredoc is not read");
}

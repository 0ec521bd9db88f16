//! What people add to a root beside what it has: followed, or named at its line.

use tanada_verify::network::{Network, Target, Traffic};
use tanada_verify::verify::Report;

use crate::estate::Estate;

const WEB: &str = "teams/web/production/own.tf";
const HUB: &str = "hub/tokyo/own.tf";
const VPC: &str = "vpc_id = module.vpc.vpc_id";
const TABLE: &str = "route_table_id = module.vpc.route_table_ids[\"private-a\"]";

fn with(fixture: &str, file: &str, text: &str) -> (Report, Network) {
    let mut estate = Estate::fixture(fixture);
    estate.files.insert(file.to_owned(), text.to_owned());
    let report = estate.verify_changed(file).unwrap();
    (report, estate.changed(file).unwrap().0)
}

/// What is said at lines of the file: code, line and message.
fn said(report: &Report, file: &str) -> Vec<String> {
    let own = report.findings.iter().filter_map(|finding| {
        let place = finding.place.as_ref().filter(|place| place.file() == file)?;
        Some(format!("{} {}: {}", finding.code.name, place.line(), finding.message))
    });
    own.collect()
}

/// The one thing that is said of an estate with this text added to a root.
fn one(file: &str, text: &str) -> String {
    let (report, _) = with("m3", file, text);
    let all: Vec<String> =
        report.findings.iter().map(|finding| format!("{}: {}", finding.code.name, finding.message)).collect();
    let own = said(&report, file);
    assert!(all.len() == 1 && own.len() == 1, "{text}\n{all:#?}");
    own.into_iter().next().unwrap()
}

fn silent(file: &str, text: &str) {
    let (report, _) = with("m3", file, text);
    assert_eq!(report.findings, [], "{text}");
}

fn resource(type_name: &str, body: &str) -> String {
    format!("# Ours.\nresource \"{type_name}\" \"own\" {{\n  {body}\n}}\n")
}

#[test]
fn routes_are_followed_wherever_they_stand() {
    let alone = format!("{TABLE}\n  destination_cidr_block = \"10.31.0.0/21\"\n  nat_gateway_id = \"nat\"");
    assert_eq!(
        one(WEB, &resource("aws_route", &alone)),
        "tree-contradicts 2: route `aws_route.own` leads to no NAT gateway of this root"
    );
    let alone = format!(
        "{TABLE}\n  destination_cidr_block = \"10.31.0.0/21\"\n  transit_gateway_id = data.aws_ec2_transit_gateway.own.id"
    );
    let found = "data \"aws_ec2_transit_gateway\" \"own\" {}\n";
    let (report, network) = with("m3", WEB, &(resource("aws_route", &alone) + found));
    assert_eq!(report.findings, [], "the gateway leads it where the wider route did");
    let routes = network.route_tables.iter().flat_map(|table| &table.routes);
    assert_eq!(routes.filter(|route| route.place.file() == WEB).count(), 1);

    // A table of one's own, with what it leads elsewhere.
    let inside = format!(
        "{VPC}\n  route {{\n    cidr_block = \"0.0.0.0/0\"\n    gateway_id = aws_internet_gateway.own.id\n  }}\n  route {{\n    cidr_block = \"10.0.0.0/8\"\n    vpc_peering_connection_id = \"pcx-1\"\n  }}"
    );
    let gateway = resource("aws_internet_gateway", VPC);
    let (report, network) = with("m3", WEB, &(resource("aws_route_table", &inside) + &gateway));
    assert_eq!(
        said(&report, WEB),
        [
            "tree-unfollowed 8: route `aws_route_table.own.route[1]` leads elsewhere, by `vpc_peering_connection_id`; that is not followed"
        ]
    );
    let own = network.route_tables.iter().find(|table| table.name == "own").unwrap();
    assert_eq!(own.routes.iter().map(|route| route.target).collect::<Vec<_>>(), [Target::Internet]);

    let both = format!("{VPC}\n  route {{\n    cidr_block = \"0.0.0.0/0\"\n    gateway_id = \"local\"\n  }}");
    let beside = "route_table_id = aws_route_table.own.id\n  destination_cidr_block = \"192.0.2.0/24\"\n  gateway_id = aws_internet_gateway.own.id";
    assert_eq!(
        one(WEB, &(resource("aws_route", beside) + &resource("aws_route_table", &both) + &gateway)),
        "tree-contradicts 2: a route stands beside `aws_route_table.own`, whose own routes take it away at the next apply"
    );
}

#[test]
fn routes_that_are_not_followed_are_named() {
    let route = |body: &str| one(WEB, &resource("aws_route", &format!("{TABLE}\n  {body}")));
    for (body, words) in [
        (
            "destination_cidr_block = \"10.200.0.0/16\"\n  vpc_peering_connection_id = \"pcx-1\"",
            "leads elsewhere, by `vpc_peering_connection_id`",
        ),
        (
            "destination_cidr_block = \"10.200.0.0/16\"\n  network_interface_id = aws_network_interface.own.id",
            "leads elsewhere, by `network_interface_id`",
        ),
        (
            "destination_cidr_block = \"10.200.0.0/16\"\n  gateway_id = aws_vpn_gateway.own.id",
            "leads to no internet gateway of this root",
        ),
        (
            "destination_prefix_list_id = \"pl-1\"\n  nat_gateway_id = \"nat-1\"",
            "has its destination in `destination_prefix_list_id`",
        ),
        (
            "destination_ipv6_cidr_block = \"::/0\"\n  gateway_id = \"igw-1\"",
            "has its destination in `destination_ipv6_cidr_block`",
        ),
    ] {
        let body = body.to_owned();
        let helper = if body.contains("aws_network_interface.") {
            "}\nresource \"aws_network_interface\" \"own\" {\n  subnet_id = \"subnet-1\""
        } else if body.contains("aws_vpn_gateway.") {
            "}\nresource \"aws_vpn_gateway\" \"own\" {"
        } else {
            ""
        };
        let expected = format!("tree-unfollowed 2: route `aws_route.own` {words}; that is not followed");
        assert_eq!(route(&format!("{body}\n{helper}")), expected);
    }
    let elsewhere =
        "route_table_id = \"rtb-1\"\n  destination_cidr_block = \"10.0.0.0/8\"\n  nat_gateway_id = \"nat-1\"";
    assert_eq!(
        one(WEB, &resource("aws_route", elsewhere)),
        "tree-contradicts 3: `route_table_id` of `aws_route.own` leads to nothing in this root"
    );
    assert_eq!(
        one(HUB, &resource("aws_route", elsewhere)),
        "tree-unfollowed 2: `aws_route.own` stands in a root without a VPC; that is not followed"
    );
}

const RULE: &str = "network_acl_id = aws_network_acl.own.id\n  rule_number = 90\n  rule_action = \"allow\"\n  egress = true\n  protocol = \"tcp\"\n  from_port = 22\n  to_port = 23\n  cidr_block = \"10.0.0.0/8\"";

#[test]
fn rules_of_acls_are_followed_wherever_they_stand() {
    let acl = format!("resource \"aws_network_acl\" \"own\" {{\n  {VPC}\n}}\n");
    let (report, network) = with("m3", WEB, &(acl.clone() + &resource("aws_network_acl_rule", RULE)));
    assert_eq!(report.findings, []);
    let own = network.acls.iter().find(|acl| acl.name == "own").unwrap();
    assert!(own.ingress.is_empty());
    let [row] = own.egress.as_ref() else { panic!("{own:?}") };
    assert_eq!((row.number, row.allows, row.traffic), (90, true, Traffic::Tcp(22, 23)));
    assert_eq!((row.peer.to_string().as_str(), row.place.line()), ("10.0.0.0/8", 5));

    let bound = "network_acl_id = aws_network_acl.own.id\n  subnet_id = module.vpc.subnet_ids[\"private\"][\"private-a\"]";
    let (report, network) = with("m3", WEB, &(acl.clone() + &resource("aws_network_acl_association", bound)));
    let said = said(&report, WEB);
    assert!(said.contains(&"tree-contradicts 5: subnet `private-a` has two ACLs".to_owned()), "{said:?}");
    let subnet =
        network.subnets.iter().find(|subnet| subnet.acl.is_some_and(|at| network.acls[at].name == "own"));
    assert_eq!(subnet.unwrap().name, "private-a");

    let inside = acl.replace("\n}", "\n  egress {\n    rule_no = 80\n    action = \"deny\"\n    protocol = \"-1\"\n    from_port = 0\n    to_port = 0\n    cidr_block = \"0.0.0.0/0\"\n  }\n}");
    assert_eq!(
        one(WEB, &(inside + &resource("aws_network_acl_rule", RULE))),
        "tree-contradicts 13: a rule stands beside ACL `own`, whose own rules take it away at the next apply"
    );
    for (from, to, words) in [
        (
            "cidr_block = \"10.0.0.0/8\"",
            "ipv6_cidr_block = \"::/0\"",
            "tree-unfollowed 5: a rule has an IPv6 peer; that is not followed",
        ),
        (
            "\"tcp\"",
            "\"50\"",
            "tree-unfollowed 5: a rule has a protocol that is none of tcp, udp, icmp and all; that is not followed",
        ),
        (
            "true",
            "var.out",
            "tree-unfollowed 9: `egress` of `aws_network_acl_rule.own` is not known; that is not followed",
        ),
        ("= 90", "= 0", "tree-contradicts 5: a rule has no number from 1 to 32766"),
        (
            "aws_network_acl.own.id",
            "\"acl-1\"",
            "tree-contradicts 6: `network_acl_id` of `aws_network_acl_rule.own` leads to nothing in this root",
        ),
    ] {
        let variable = if to == "var.out" { "variable \"out\" {\n  type = bool\n}\n" } else { "" };
        let rule = resource("aws_network_acl_rule", &RULE.replace(from, to));
        assert_eq!(one(WEB, &(acl.clone() + &rule + variable)), words);
    }
}

#[test]
fn what_decides_and_is_not_followed_is_named() {
    let peering = resource("aws_vpc_peering_connection", &format!("{VPC}\n  peer_vpc_id = \"vpc-1\""));
    assert_eq!(
        one(WEB, &peering),
        "tree-unfollowed 2: `aws_vpc_peering_connection.own` may decide who reaches whom; that is not followed"
    );
    let learns =
        resource("aws_vpn_gateway_route_propagation", &format!("{TABLE}\n  vpn_gateway_id = \"vgw-1\""));
    assert_eq!(
        one(WEB, &learns),
        "tree-unfollowed 2: `aws_vpn_gateway_route_propagation.own` may decide who reaches whom; that is not followed"
    );
    let second = resource("aws_vpc", "cidr_block = \"10.200.0.0/16\"");
    let (report, network) = with("m3", WEB, &second);
    assert_eq!(
        said(&report, WEB),
        ["tree-unfollowed 2: `aws_vpc.own` is a second VPC in its root; that is not followed"]
    );
    assert!(network.vpcs.iter().all(|vpc| vpc.blocks[0].0.to_string() != "10.200.0.0/16"));
    let foreign =
        "vpc_id = \"vpc-1\"\n  cidr_block = \"10.200.0.0/24\"\n  availability_zone_id = \"apne1-az4\"";
    assert_eq!(
        one(WEB, &resource("aws_subnet", foreign)),
        "tree-unfollowed 2: `aws_subnet.own` belongs to another VPC than that of its root; that is not followed"
    );
    let main = resource("aws_main_route_table_association", &format!("{VPC}\n  {TABLE}"));
    silent(WEB, &main);
    let default = "default_network_acl_id = \"acl-1\"";
    silent(WEB, &resource("aws_default_network_acl", default));
    assert_eq!(
        one(WEB, &resource("aws_default_network_acl", &format!("{default}\n  subnet_ids = [\"subnet-1\"]"))),
        "tree-unfollowed 2: `aws_default_network_acl.own` decides about subnets without their own; that is not followed"
    );
}

#[test]
fn what_is_added_to_a_gateway_is_followed_or_named() {
    let route = "destination_cidr_block = \"10.200.0.0/16\"\n  blackhole = true\n  transit_gateway_route_table_id = module.hub.route_table_ids[\"production\"]";
    let (report, _) = with("m3", HUB, &resource("aws_ec2_transit_gateway_route", route));
    let found = said(&report, HUB);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("segment-astray 2: segment `production` leads 10.200.0.0/16 into a blackhole"),
        "{found:?}"
    );

    let table = "transit_gateway_route_table_id = module.hub.route_table_ids[\"production\"]";
    let list = format!("{table}\n  prefix_list_id = \"pl-1\"\n  blackhole = true");
    assert_eq!(
        one(HUB, &resource("aws_ec2_transit_gateway_prefix_list_reference", &list)),
        "tree-unfollowed 2: `aws_ec2_transit_gateway_prefix_list_reference.own` may decide who reaches whom; that is not followed"
    );
    let vpn = format!(
        "{table}\n  transit_gateway_attachment_id = aws_vpn_connection.own.transit_gateway_attachment_id"
    );
    let made = "resource \"aws_vpn_connection\" \"own\" {\n  type = \"ipsec.1\"\n}\n";
    assert_eq!(
        one(HUB, &(resource("aws_ec2_transit_gateway_route_table_propagation", &vpn) + made)),
        "tree-unfollowed 2: `aws_ec2_transit_gateway_route_table_propagation.own` names an attachment that is no VPC's of its root; that is not followed"
    );
    let second = resource("aws_ec2_transit_gateway", "description = \"own\"");
    assert_eq!(
        one(HUB, &second),
        "tree-unfollowed 2: `aws_ec2_transit_gateway.own` puts every attachment into a table of its own; that is not followed"
    );
    silent(HUB, &resource("aws_ec2_transit_gateway", "default_route_table_association = \"disable\""));
}

#[test]
fn what_decides_nothing_is_no_error() {
    for (type_name, body) in [
        (
            "aws_vpc_security_group_ingress_rule",
            "security_group_id = \"sg-1\"\n  ip_protocol = \"-1\"\n  cidr_ipv4 = \"10.0.0.0/8\"",
        ),
        ("aws_vpc_dhcp_options_association", VPC),
        ("aws_route53_zone", "name = \"own.example\""),
        ("aws_vpc_endpoint_route_table_association", TABLE),
        ("aws_customer_gateway", "type = \"ipsec.1\""),
    ] {
        silent(WEB, &resource(type_name, body));
    }
}

#[test]
fn routes_to_a_firewall_stand_where_the_attachment_does() {
    let file = "teams/platforms/core-network-services-live_data/own.tf";
    let table = |key: &str| {
        format!("route_table_id = module.vpc.route_table_ids[\"{key}\"]\n  vpc_endpoint_id = \"vpce-1\"\n  ")
    };
    let (_, clean) = with("modernisation-platform", file, "");
    let vpc =
        clean.vpcs.iter().position(|vpc| vpc.id == "platforms-core-network-services-live_data").unwrap();
    let attachment = clean.vpcs[vpc].attachment.map(|at| &clean.attachments[at].kind);
    let Some(tanada_verify::network::AttachmentKind::Vpc { subnets, inspects: true, .. }) = attachment else {
        panic!("no firewall in {attachment:?}")
    };
    let key = |at: usize| clean.route_tables[clean.subnets[at].table.unwrap()].name.clone();
    let everything = "destination_cidr_block = \"0.0.0.0/0\"";
    let text = resource("aws_route", &(table(&key(subnets[0])) + everything));
    let (report, _) = with("modernisation-platform", file, &text);
    assert_eq!(said(&report, file), Vec::<String>::new());
    let other = clean.subnets_of(vpc).find(|(at, _)| !subnets.contains(at)).unwrap().0;
    let text = resource("aws_route", &(table(&key(other)) + everything));
    let (report, _) = with("modernisation-platform", file, &text);
    let found = said(&report, file);
    assert!(found.iter().any(|text| text.contains("leads elsewhere, by `vpc_endpoint_id`")), "{found:?}");
}

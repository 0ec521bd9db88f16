//! Faults put into trees, one at a time: each has to be found, at the line that is wrong.

use crate::estate::Estate;

/// One fault.
struct Fault {
    /// What it is.
    name: &'static str,
    fixture: &'static str,
    file: &'static str,
    /// Text that stands once in the part of the file after `after`, and what takes its place.
    after: &'static str,
    from: &'static str,
    to: &'static str,
    /// A text in the line that must be named, of the file as changed (or of another, `file:text`).
    line: &'static str,
    /// The code that must be among the findings there.
    code: &'static str,
}

const WEB: &str = "teams/web/production/main.tf";
const PAYMENTS: &str = "teams/payments/production/main.tf";
const LOGIN: &str = "teams/login/staging/main.tf";
const HUB: &str = "hub/tokyo/main.tf";
const LZA_HUB: &str = "hub/network-main/main.tf";
const LZA_PROD: &str = "teams/Production/prod/main.tf";
const LZA_EGRESS: &str = "teams/Network/egress/main.tf";

macro_rules! fault {
    ($name:literal, $fixture:literal, $file:expr, after $after:literal, $from:literal => $to:literal, $code:literal at $line:literal) => {
        Fault {
            name: $name,
            fixture: $fixture,
            file: $file,
            after: $after,
            from: $from,
            to: $to,
            line: $line,
            code: $code,
        }
    };
}

const FAULTS: &[Fault] = &[
    fault!("return route dropped", "m3", PAYMENTS, after "routes = [",
        "    { tier = \"private\", to = \"pool.m3\", target = \"transit\", cidr = module.estate.ranges.m3 },\n" => "",
        "route-astray" at "tier = \"private\", to = \"internet\""),
    fault!("route dropped", "m3", WEB, after "routes = [",
        "    { tier = \"private\", to = \"pool.m3\", target = \"transit\", cidr = module.estate.ranges.m3 },\n" => "",
        "route-astray" at "tier = \"private\", to = \"internet\""),
    fault!("wrong association", "m3", WEB, after "transit = {",
        "\"production\"\n    propagate_to" => "\"shared\"\n    propagate_to",
        "segment-astray" at "transit = {"),
    fault!("missing propagation", "m3", PAYMENTS, after "transit = {",
        "\"gcp\", \"production\", " => "\"gcp\", ",
        "segment-astray" at "propagate_to"),
    fault!("one propagation too many", "m3", LOGIN, after "transit = {",
        "propagate_to = [" => "propagate_to = [\"production\", ",
        "segment-astray" at "propagate_to"),
    fault!("one-way segment: the way back is not learnt", "m3", "teams/platform/shared/main.tf", after "transit = {",
        ", \"staging\"" => "",
        "segment-astray" at "propagate_to"),
    fault!("ephemeral ports missing", "m3", PAYMENTS, after "egress = [",
        "from = 1024, to = 65535, cidr = module.web_production.blocks[0]" => "from = 32768, to = 65535, cidr = module.web_production.blocks[0]",
        "acl-closed" at "from = 32768"),
    fault!("return rule missing", "m3", WEB, after "ingress = [",
        "        { number = 11681, action = \"allow\", protocol = \"tcp\", from = 1024, to = 65535, cidr = module.payments_production.tiers.private[0], why = \"checkout, return\" },\n" => "",
        "flow-broken" at "number = 24931"),
    fault!("rule order swapped", "m3", PAYMENTS, after "ingress = [",
        "number = 13513" => "number = 25513",
        "flow-broken" at "number = 24931"),
    fault!("deny turned into allow", "m3", WEB, after "egress = [",
        "number = 24931, action = \"deny\"" => "number = 24931, action = \"allow\"",
        "acl-open" at "number = 24931"),
    fault!("deny shadowed by a wider allow", "m3", WEB, after "egress = [",
        "number = 32440," => "number = 24930,",
        "acl-open" at "number = 24930"),
    fault!("rule removed", "m3", PAYMENTS, after "ingress = [",
        "        { number = 13513, action = \"allow\", protocol = \"tcp\", from = 443, to = 443, cidr = module.web_production.blocks[0], why = \"checkout\" },\n" => "",
        "acl-closed" at "number = 24931"),
    fault!("rule to everybody", "m3", "teams/fraud/production/main.tf", after "tier = \"data\"\n\n      ingress",
        "cidr = module.fraud_production.tiers.private[0]" => "cidr = module.estate.ranges.m3",
        "acl-open" at "number = 12410"),
    fault!("wrong port", "m3", PAYMENTS, after "ingress = [",
        "from = 443, to = 443, cidr = module.web_production.blocks[0]" => "from = 443, to = 444, cidr = module.web_production.blocks[0]",
        "acl-open" at "number = 13513"),
    fault!("wrong protocol", "m3", PAYMENTS, after "ingress = [",
        "protocol = \"tcp\", from = 443, to = 443, cidr = module.web_production.blocks[0]" => "protocol = \"udp\", from = 443, to = 443, cidr = module.web_production.blocks[0]",
        "flow-broken" at "number = 24931"),
    fault!("duplicated rule number", "m3", WEB, after "ingress = [",
        "number = 11681" => "number = 11664",
        "tree-contradicts" at "number = 11664, action = \"allow\", protocol = \"tcp\", from = 1024, to = 65535, cidr = module.payments"),
    fault!("wrong CIDR by one bit in a block", "m3", "addresses/web-production/main.tf", after "",
        "10.30.160.0/19" => "10.30.128.0/19",
        "tree-addresses" at "10.30.128.0/19"),
    fault!("wrong CIDR by one bit in a subnet", "m3", WEB, after "subnets = [",
        "10.30.164.0/23" => "10.30.166.0/23",
        "tree-addresses" at "10.30.166.0/23"),
    fault!("subnet larger than planned", "m3", WEB, after "subnets = [",
        "10.30.184.0/25" => "10.30.184.0/24",
        "tree-addresses" at "10.30.184.0/24"),
    fault!("wrong CIDR by one bit in a tier that rules name", "m3", "addresses/platform-shared/main.tf", after "tiers",
        "10.31.16.0/21" => "10.31.24.0/21",
        "flow-broken" at "teams/billing/production/main.tf:number = 24931"),
    fault!("overlapping range", "m3", "addresses/login-staging/main.tf", after "",
        "\"10.64.64.0/20\"" => "\"10.64.80.0/20\"",
        "tree-structure" at "addresses/mail-staging/main.tf:10.64.80.0/20"),
    fault!("overlapping subnets", "m3", WEB, after "subnets = [",
        "10.30.178.0/24" => "10.30.176.0/25",
        "tree-structure" at "10.30.176.0/25"),
    fault!("zone without attachment subnet", "m3", WEB, after "subnets = [",
        "    { name = \"transit-d\", tier = \"transit\", zone = \"d\", cidr = \"10.30.188.32/28\" },\n" => "",
        "tree-structure" at "name = \"data-d\""),
    fault!("attachment subnets of two in one zone", "m3", WEB, after "subnets = [",
        "name = \"transit-d\", tier = \"transit\", zone = \"d\"" => "name = \"transit-d\", tier = \"transit\", zone = \"c\"",
        "tree-contradicts" at "name = \"transit-d\""),
    fault!("attachment in a tier for workloads", "m3", WEB, after "transit = {",
        "tier         = \"transit\"" => "tier         = \"private\"",
        "tree-structure" at "name = \"private-a\""),
    fault!("workload in the transit subnet", "m3", WEB, after "subnets = [",
        "name = \"data-a\", tier = \"data\"" => "name = \"data-a\", tier = \"transit\"",
        "tree-structure" at "name = \"data-a\""),
    fault!("subnet in another zone than it is named after", "m3", WEB, after "subnets = [",
        "name = \"private-c\", tier = \"private\", zone = \"c\"" => "name = \"private-c\", tier = \"private\", zone = \"d\"",
        "tree-structure" at "name = \"private-c\""),
    fault!("zone id of another zone", "m3", "addresses/region-ap-northeast-1/main.tf", after "zones",
        "apne1-az1" => "apne1-az3",
        "tree-structure" at "teams/web/production/main.tf:name = \"private-c\""),
    fault!("team's tag wrong", "m3", "teams/web/production/providers.tf", after "default_tags",
        "\"web\"" => "\"mail\"",
        "tree-structure" at "teams/web/production/main.tf:module \"vpc\""),
    fault!("more specific route bypasses the gateway", "m3", WEB, after "routes = [",
        "    { tier = \"private\", to = \"internet\"" => "    { tier = \"private\", to = \"there\", target = \"nat\", cidr = \"10.31.0.0/20\" },\n    { tier = \"private\", to = \"internet\"",
        "route-astray" at "to = \"there\""),
    fault!("route inside the VPC's own block", "m3", WEB, after "routes = [",
        "    { tier = \"private\", to = \"internet\"" => "    { tier = \"private\", to = \"there\", target = \"transit\", cidr = \"10.30.184.0/25\" },\n    { tier = \"private\", to = \"internet\"",
        "tree-structure" at "to = \"there\""),
    fault!("default route leads into the gateway", "m3", WEB, after "routes = [",
        "to = \"internet\", target = \"nat\"" => "to = \"internet\", target = \"transit\"",
        "flow-broken" at "hub/tokyo/main.tf:name = \"production\""),
    fault!("way to the internet from a private tier", "m3", WEB, after "routes = [",
        "to = \"internet\", target = \"nat\"" => "to = \"internet\", target = \"internet\"",
        "route-astray" at "tier = \"private\", to = \"internet\""),
    fault!("NAT gateway in a subnet without a way out", "m3", WEB, after "nat_gateways = [",
        "subnet = \"public-c\"" => "subnet = \"data-c\"",
        "tree-structure" at "tier = \"private\", to = \"internet\""),
    fault!("static route to the wrong attachment", "m3", HUB, after "\"gcp-ha-vpn\"",
        "{ segment = \"production\", to = \"pool.gcp\", cidr = module.estate.pools.gcp[0] }" => "{ segment = \"production\", to = \"pool.gcp\", cidr = module.estate.reserved.tokyo_dc }",
        "tree-contradicts" at "{ segment = \"production\", to = \"reserved.tokyo-dc\""),
    fault!("static route in the wrong segment", "m3", HUB, after "\"tokyo-dc-dx\"",
        "{ segment = \"shared\", to" => "{ segment = \"staging\", to",
        "segment-astray" at "{ segment = \"staging\", to"),
    fault!("more specific static route", "m3", HUB, after "\"tokyo-dc-dx\"",
        "{ segment = \"shared\", to = \"reserved.tokyo-dc\"" => "{ segment = \"production\", to = \"x\", cidr = \"10.31.0.0/21\" },\n        { segment = \"shared\", to = \"reserved.tokyo-dc\"",
        "segment-astray" at "to = \"x\""),
    fault!("site in the wrong segment", "m3", HUB, after "\"gcp-ha-vpn\"",
        "segment      = \"gcp\"" => "segment      = \"shared\"",
        "segment-astray" at "name         = \"gcp-ha-vpn\""),
    fault!("default route leak", "lza-finance-tax", LZA_EGRESS, after "routes = [\n      { segment",
        "{ segment = \"prod\", to = \"internet\"" => "{ segment = \"prod\", to = \"leak\", cidr = \"10.0.40.0/22\" },\n      { segment = \"prod\", to = \"internet\"",
        "segment-astray" at "to = \"leak\""),
    fault!("blackhole missing", "lza-finance-tax", LZA_HUB, after "\"prod\"",
        "        { to = \"DevTest-devtest\", cidr = module.DevTest_devtest.blocks[0] },\n" => "",
        "segment-astray" at "teams/Network/egress/main.tf:{ segment = \"prod\", to = \"internet\""),
    fault!("blackhole for the wrong block", "lza-finance-tax", LZA_HUB, after "\"stage\"",
        "module.DevTest_devtest" => "module.Production_prod",
        "segment-astray" at "cidr = module.Production_prod.blocks[0]"),
    fault!("default route of a segment dropped", "lza-finance-tax", LZA_EGRESS, after "routes = [\n      { segment",
        "      { segment = \"prod\", to = \"internet\", cidr = \"0.0.0.0/0\" },\n" => "",
        "flow-broken" at "hub/network-main/main.tf:name = \"prod\""),
    fault!("way back of the egress VPC not learnt", "lza-finance-tax", LZA_PROD, after "transit = {",
        "\"core\", \"egress\", " => "\"core\", ",
        "segment-astray" at "propagate_to"),
    fault!("appliance mode lost", "modernisation-platform", "teams/platforms/core-network-services-live_data/main.tf", after "transit = {",
        "    appliance_mode = true\n" => "",
        "tree-structure" at "transit = {"),
    fault!("segment that no gateway has", "m3", WEB, after "transit = {",
        "segment      = \"production\"" => "segment      = \"produktion\"",
        "tree-contradicts" at "produktion"),
];

/// The line of a place; where a row begins with nothing but its brace, the next one too.
fn place_lines(text: &str, line: u32) -> Vec<u32> {
    let own = text.lines().nth(line as usize - 1).unwrap_or_default();
    if own.trim() == "{" { vec![line, line + 1] } else { vec![line] }
}

fn within(found: &[u32], wanted: &[u32]) -> bool {
    found.iter().any(|line| wanted.contains(line))
}

#[test]
fn every_fault_is_found_at_its_line() {
    assert!(FAULTS.len() >= 25);
    let mut missed = Vec::new();
    let fixtures =
        ["m3", "lza-finance-tax", "modernisation-platform"].map(|name| (name, Estate::fixture(name)));
    for fault in FAULTS {
        let mut estate = fixtures.iter().find(|(name, _)| *name == fault.fixture).unwrap().1.clone();
        let text =
            estate.files.get_mut(fault.file).unwrap_or_else(|| panic!("{}: no {}", fault.name, fault.file));
        let start = text.find(fault.after).unwrap_or_else(|| panic!("{}: no `{}`", fault.name, fault.after));
        let at =
            text[start..].find(fault.from).unwrap_or_else(|| panic!("{}: no `{}`", fault.name, fault.from));
        text.replace_range(start + at..start + at + fault.from.len(), fault.to);
        let (file, line) = fault
            .line
            .split_once(".tf:")
            .map_or((fault.file.to_owned(), fault.line), |(file, line)| (format!("{file}.tf"), line));
        let report =
            estate.verify_changed(fault.file).unwrap_or_else(|| panic!("{}: cannot be read", fault.name));
        let text = &estate.files[&file];
        let lines: Vec<u32> =
            (1..).zip(text.lines()).filter(|(_, own)| own.contains(line)).map(|(number, _)| number).collect();
        assert!(!lines.is_empty(), "{}: no line with `{line}` in {file}", fault.name);
        let found = report.findings.iter().any(|finding| {
            let place = finding.place.as_ref();
            finding.code.name == fault.code
                && place.is_some_and(|place| {
                    place.file() == file && within(&place_lines(text, place.line()), &lines)
                })
        });
        if !found {
            let all: Vec<String> = report
                .findings
                .iter()
                .take(8)
                .map(|finding| {
                    let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
                    format!("    {} {place} {}", finding.code.name, finding.message)
                })
                .collect();
            missed.push(format!(
                "{} (wanted {} at {file}:{lines:?}), {} findings:\n{}",
                fault.name,
                fault.code,
                report.findings.len(),
                all.join("\n")
            ));
        }
    }
    assert!(missed.is_empty(), "{} of {} faults missed:\n{}", missed.len(), FAULTS.len(), missed.join("\n"));
}

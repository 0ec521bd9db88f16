//! The constant modules keep the promises that their own `terraform test` files make, and those files would notice.

use standin::{Judge, Lookups, Workspace, judge_or_skip};
use tanada_render::emit::MODULES;

use crate::estate::each;

/// A module of the tree and how many runs its tests have.
const RUNS: [(&str, usize); 2] = [("modules/vpc", 14), ("modules/hub", 6)];

/// Damage to a module: the file, what is replaced in it, by what, and the promise that it breaks.
const DAMAGE: [(&str, &str, &str, &str); 17] = [
    (
        "vpc/main.tf",
        "slice(var.blocks, 1,",
        "slice(var.blocks, length(var.blocks),",
        "A further block is joined to the VPC.",
    ),
    ("vpc/main.tf", "\"ALL\"", "\"REJECT\"", "The flow log of all traffic goes to the bucket."),
    (
        "vpc/main.tf",
        "-closed\"\n  }\n",
        "-closed\"\n  }\n\n  ingress {\n    protocol  = \"-1\"\n    self      = true\n    from_port = 0\n    to_port   = 0\n  }\n",
        "The default security group lets nothing pass.",
    ),
    ("vpc/subnets.tf", "[each.value.zone]", "[\"a\"]", "A subnet stands in the zone of its row."),
    (
        "vpc/subnets.tf",
        "  availability_zone_id ",
        "  map_public_ip_on_launch = true\n  availability_zone_id ",
        "No subnet gives public addresses",
    ),
    (
        "vpc/acls.tf",
        "to_port    = egress.value.to",
        "to_port    = egress.value.to == 443 ? 444 : egress.value.to",
        "Rules have the protocol and the ports of their rows.",
    ),
    (
        "vpc/acls.tf",
        "= ingress.value.action",
        "= \"allow\"",
        "Rules have the numbers, actions and blocks of their rows.",
    ),
    (
        "vpc/acls.tf",
        "if subnet.tier == each.key]",
        "]",
        "The ACL of a tier holds that tier's subnets and no others.",
    ),
    (
        "vpc/routes.tf",
        "local.nat_is_alone ? var.nat_gateways[0].zone : each.value.zone",
        "var.nat_gateways[0].zone",
        "each zone uses its own.",
    ),
    (
        "vpc/routes.tf",
        "if contains(each.value, subnet.tier)",
        "",
        "An endpoint is reached from the tiers of its row",
    ),
    (
        "vpc/transit.tf",
        "this[var.transit.segment].id",
        "this[tolist(var.transit.propagate_to)[length(var.transit.propagate_to) - 1]].id",
        "The VPC joins one segment.",
    ),
    (
        "vpc/transit.tf",
        "_propagation = false\n\n  tags",
        "_propagation = true\n\n  tags",
        "The accepted attachment joins no default route table.",
    ),
    ("vpc/variables.tf", "rule.number <= 32766", "rule.number <= 32767", "a_number_that_aws_does_not_take"),
    (
        "hub/main.tf",
        "auto_accept_shared_attachments  = \"disable\"",
        "auto_accept_shared_attachments  = \"enable\"",
        "taken in unasked.",
    ),
    (
        "hub/main.tf",
        "default_route_table_propagation = \"disable\"",
        "default_route_table_propagation = \"enable\"",
        "A new attachment reaches nothing",
    ),
    (
        "hub/share.tf",
        "allow_external_principals = false",
        "allow_external_principals = true",
        "It is shared inside the organisation only.",
    ),
    ("hub/variables.tf", "var.asn <= 65534", "var.asn <= 65535", "a_public_as_number"),
];

#[test]
fn the_modules_keep_their_promises() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let workspace = Workspace::from_files(MODULES).unwrap();
    each(&RUNS, |(module, runs)| {
        let passed = workspace.root(&judge, module).test().unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(passed, *runs, "{module}");
    });
}

#[test]
fn a_broken_promise_is_noticed() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let mut files = MODULES.map(|(path, text)| (path, text.to_owned()));
    for (path, from, to, _) in DAMAGE {
        let (_, text) =
            files.iter_mut().find(|(it, _)| it.strip_prefix("modules/") == Some(path)).expect(path);
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    let workspace = Workspace::from_files(files).unwrap();
    let told = each(&RUNS, |(module, _)| refusal(&judge, &workspace, module)).concat();
    for (path, _, to, promise) in DAMAGE {
        assert!(told.contains(promise), "{path} with {to:?} keeps {promise:?}:\n{told}");
    }
}

fn refusal(judge: &Judge, workspace: &Workspace, module: &str) -> String {
    workspace.root(judge, module).test().expect_err("the module is broken").output().to_owned()
}

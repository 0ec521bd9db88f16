use tanada_model::acl::{Match, Never, never_matching, protocol};

use crate::network::{Acl, AclRow, Traffic};
use crate::rules::{Facts, Said, rule};

rule!(
    "acl-row-idle",
    Warning,
    "A rule that earlier ones cover is never asked. It looks as if it decided something, and takes room under the quota.",
    "Amazon VPC user guide, network ACL rules (the lowest number that matches decides), https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for acl in &facts.network.acls {
        for (direction, rows) in [("ingress", &acl.ingress), ("egress", &acl.egress)] {
            direction_of(facts, acl, direction, rows, said);
        }
    }
}

fn direction_of(facts: &Facts<'_>, acl: &Acl, direction: &str, rows: &[AclRow], said: &mut Vec<Said>) {
    let matches: Option<Vec<Match>> = rows.iter().map(matched).collect();
    let Some(matches) = matches else { return };
    for (index, never) in never_matching(&matches) {
        let Some(row) = rows.get(index) else { continue };
        let vpc = facts.network.vpcs.get(acl.vpc).map_or("", |vpc| vpc.id.as_str());
        let message = format!("{direction} rule {} of `{}` in `{vpc}` is never asked", row.number, acl.name);
        let finding =
            Said::new(&row.place, message).help("delete it, or give it a number before what covers it");
        said.push(match never {
            Never::Covered(by) => {
                rows.get(by).into_iter().fold(finding, |finding, by| finding.and(&by.place, "it covers it"))
            }
            Never::Together(by) => by
                .iter()
                .filter_map(|by| rows.get(*by))
                .fold(finding, |finding, by| finding.and(&by.place, "a part of it")),
        });
    }
}

/// What a row speaks of; `None` for packets that no rule can name.
fn matched(row: &AclRow) -> Option<Match> {
    match row.traffic {
        Traffic::All => Some(Match::all(row.peer)),
        Traffic::Tcp(first, last) => Match::ports(row.peer, protocol::TCP, first, last),
        Traffic::Udp(first, last) => Match::ports(row.peer, protocol::UDP, first, last),
        Traffic::Icmp => Some(Match::protocol(row.peer, protocol::ICMP)),
        Traffic::Other => None,
    }
}

use std::collections::BTreeSet;

use crate::network::{AclRow, Subnet, Target, Traffic};
use crate::rules::{Facts, Said, rule};

rule!(
    "acl-open-to-admin",
    Error,
    "The internet may open a connection to the port of SSH (22) or Remote Desktop (3389). Whoever serves there should be \
     reached by a session manager or from inside.",
    "AWS Security Hub EC2.21, CIS AWS Foundations Benchmark, https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    let online = |subnet: &&Subnet| {
        let table = subnet.table.and_then(|table| network.route_tables.get(table));
        table.is_some_and(|table| table.routes.iter().any(|route| route.target == Target::Internet))
    };
    let reached: BTreeSet<usize> =
        network.subnets.iter().filter(online).filter_map(|subnet| subnet.acl).collect();
    for (_, acl) in network.acls.iter().enumerate().filter(|(index, _)| reached.contains(index)) {
        let vpc = facts.network.vpcs.get(acl.vpc).map_or("", |vpc| vpc.id.as_str());
        for row in acl.ingress.iter().filter(|row| row.allows && row.peer.prefix_len() == 0) {
            for port in [22, 3389] {
                if speaks_of(row, port) && !denied_before(&acl.ingress, row, port) {
                    let message =
                        format!("the internet may connect to port {port} of `{}` in `{vpc}`", acl.name);
                    said.push(
                        Said::new(&row.place, message)
                            .help(format!("deny `tcp/{port}` from the internet before it")),
                    );
                }
            }
        }
    }
}

fn speaks_of(row: &AclRow, port: u16) -> bool {
    match row.traffic {
        Traffic::All => true,
        Traffic::Tcp(first, last) => (first..=last).contains(&port),
        Traffic::Udp(..) | Traffic::Icmp | Traffic::Other => false,
    }
}

/// Whether rows before this one keep the whole internet away from the port.
fn denied_before(rows: &[AclRow], row: &AclRow, port: u16) -> bool {
    rows.iter()
        .take_while(|before| before.number < row.number)
        .any(|before| !before.allows && before.peer.prefix_len() == 0 && speaks_of(before, port))
}

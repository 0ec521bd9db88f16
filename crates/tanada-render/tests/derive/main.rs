//! Derivation, judged from outside: what the plan of a small or a real estate says.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod estate;

#[test]
fn look() {
    let name = std::env::var("ESTATE").unwrap_or("m3".into());
    let plan = estate::plan(&estate::fixture(&name));
    for hub in &plan.hubs {
        println!("{hub:#?}");
    }
    let only = std::env::var("VPC").unwrap_or_default();
    for vpc in plan.vpcs.iter().filter(|v| only.split(',').any(|o| v.id == o)) {
        println!("== {} {:?} {:?}", vpc.id, vpc.blocks, vpc.transit);
        println!("{:?}", vpc.aggregates);
        for r in &vpc.routes {
            println!("route {} {} {:?} {:?}", r.tier, r.to, r.via, r.cidr);
        }
        println!("nat {:?} ep {:?}", vpc.nat_gateways, vpc.gateway_endpoints);
        for acl in &vpc.acls {
            for (d, rows) in [("in ", &acl.ingress), ("out", &acl.egress)] {
                for r in rows {
                    println!(
                        "{} {d} {:5} {:?} {:?} {:?} {} {:?} {}",
                        acl.tier,
                        r.number,
                        r.action,
                        r.protocol,
                        r.ports,
                        r.block,
                        format!("{:?}", r.cidr),
                        r.why
                    );
                }
            }
        }
        println!("{:#?}", vpc.page);
    }
    println!("aggregates {:?}", plan.aggregates);
}

//! Subnets and blocks, against those recorded.

use std::collections::BTreeSet;

use tanada_model::design::{Design, Id};
use tanada_render::allocation::Allocation;

use crate::recorded::table;
use crate::support::{Run, estate, input, lock_of, run};

/// (VPC's Name, tier, zone, range).
type Subnet = [String; 4];

fn subnets(run: &Run) -> Vec<Subnet> {
    let Run { design, allocation, .. } = run;
    let mut all = Vec::new();
    for vpc in &allocation.vpcs {
        for block in &vpc.blocks {
            let layout = &design.layouts[block.layout];
            for tier in &block.tiers {
                for subnet in &tier.subnets {
                    all.push([
                        design.vpcs[vpc.vpc].name.clone(),
                        layout[tier.tier].entity.name.clone(),
                        subnet.zone.clone(),
                        subnet.cidr.to_string(),
                    ]);
                }
            }
        }
    }
    all
}

/// The same from the plan: what is emitted.
fn planned(run: &Run) -> Vec<Subnet> {
    let rows = |vpc: &tanada_render::plan::VpcRoot| -> Vec<Subnet> {
        let row = |subnet: &tanada_render::plan::SubnetPlan| {
            [vpc.name.clone(), subnet.tier.clone(), subnet.zone.clone(), subnet.block.to_string()]
        };
        vpc.subnets.iter().map(row).collect()
    };
    run.plan.vpcs.iter().flat_map(rows).collect()
}

fn blocks(design: &Design, allocation: &Allocation) -> BTreeSet<[String; 2]> {
    let mut all = BTreeSet::new();
    for vpc in &allocation.vpcs {
        for block in &vpc.blocks {
            all.insert([design.vpcs[vpc.vpc].name.clone(), block.block.to_string()]);
        }
    }
    all
}

fn set<T: Ord>(rows: Vec<T>) -> BTreeSet<T> {
    let count = rows.len();
    let set: BTreeSet<T> = rows.into_iter().collect();
    assert_eq!(set.len(), count, "no row stands twice");
    set
}

fn equal_to_recorded(name: &str, vpcs: usize, count: usize) {
    let run = estate(name);
    assert_eq!(run.allocation.vpcs.len(), vpcs);
    let recorded = set(table(name, "subnets", ["vpc", "tier", "zone", "cidr"]));
    assert_eq!(recorded.len(), count);
    assert_eq!(set(subnets(&run)), recorded);
    assert_eq!(set(planned(&run)), recorded);
    assert_eq!(blocks(&run.design, &run.allocation), set(table(name, "vpcs", ["vpc", "cidr"])));
}

#[test]
fn modernisation_platform_has_the_recorded_681_subnets() {
    equal_to_recorded("modernisation-platform", 48, 681);
}

#[test]
fn lza_finance_tax_has_the_recorded_78_subnets() {
    equal_to_recorded("lza-finance-tax", 7, 78);
}

/// The prefix length instead of the range.
fn sizes(rows: Vec<Subnet>) -> BTreeSet<[String; 4]> {
    set(rows
        .into_iter()
        .map(|[vpc, tier, zone, cidr]| [vpc, tier, zone, cidr.split_once('/').unwrap().1.to_owned()])
        .collect())
}

/// Those of `recorded/subnets.csv` that exist, and all of them.
fn recorded_sizes() -> (BTreeSet<[String; 4]>, BTreeSet<[String; 4]>) {
    let rows = table("aws-asea-pbmm", "subnets", ["vpc", "tier", "zone", "size", "held"]);
    let size = |[vpc, tier, zone, size, _]: [String; 5]| [vpc, tier, zone, size];
    let live = rows.iter().filter(|row| row[4] == "false").cloned().map(size).collect();
    (set(live), set(rows.into_iter().map(size).collect()))
}

#[test]
fn aws_asea_pbmm_has_the_recorded_74_subnets_by_size() {
    let run = estate("aws-asea-pbmm");
    let (live, _) = recorded_sizes();
    assert_eq!(live.len(), 74);
    assert_eq!(sizes(planned(&run)), live);

    let mut blocks: Vec<[String; 3]> = Vec::new();
    for vpc in &run.allocation.vpcs {
        for block in &vpc.blocks {
            let (pool, _, _) = block.source.expect("cut from a pool");
            assert!(pool.index() < run.design.pools.len());
            blocks.push([
                run.design.vpcs[vpc.vpc].name.clone(),
                run.design.pools.name(pool).to_owned(),
                block.block.prefix_len().to_string(),
            ]);
        }
    }
    let recorded =
        table("aws-asea-pbmm", "vpcs", ["vpc", "pool", "size"]).into_iter().map(|[vpc, pool, size]| {
            [vpc, if pool == "ForSSO" { "for-sso".into() } else { pool.to_lowercase() }, size]
        });
    assert_eq!(set(blocks), set(recorded.collect()));
}

#[test]
fn a_held_zone_takes_its_place_and_moves_nothing() {
    let name = "aws-asea-pbmm";
    let before = run(&input(name), &lock_of(name));
    let with_d: Vec<(String, String)> = input(name)
        .into_iter()
        .map(|(path, text)| {
            // The layouts with three slots are those of which the source holds a third zone.
            (
                path,
                text.replace(
                    "zones = [\"a\", \"b\"]\n  slots = 3",
                    "zones = [\"a\", \"b\", \"d\"]\n  slots = 3",
                ),
            )
        })
        .collect();
    let after = run(&with_d, &before.lock);
    let (_, all) = recorded_sizes();
    assert_eq!(all.len(), 104);
    assert_eq!(sizes(planned(&after)), all);
    let (old, new) = (set(planned(&before)), set(planned(&after)));
    assert!(old.is_subset(&new), "moved: {:?}", old.difference(&new).collect::<Vec<_>>());
}

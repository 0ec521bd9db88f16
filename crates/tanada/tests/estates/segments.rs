//! Route tables of the gateway, against those recorded. The recorded side is read from the tables alone: none of our
//! derivation takes part in it.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::net::{Block, BlockSet};
use tanada_render::plan::{Cidr, Named, Plan, Shared};

use crate::recorded::table;
use crate::support::estate;

/// (kind, route table, what): `association`, `propagation`, `static` or `blackhole`.
type Entry = (&'static str, String, String);

/// Looks values up where the plan says that they stand.
struct Values<'a>(&'a Plan);

impl Values<'_> {
    fn named<'n>(list: &'n [Named], name: &str) -> &'n Named {
        list.iter().find(|named| named.name == name).unwrap_or_else(|| panic!("no `{name}`"))
    }

    fn block(&self, cidr: &Cidr, aggregates: &BTreeMap<String, Block>) -> String {
        match cidr {
            Cidr::Literal(block) => block.to_string(),
            Cidr::Everywhere => "0.0.0.0/0".to_owned(),
            Cidr::Aggregate(name) => aggregates[name].to_string(),
            Cidr::Shared(shared) => self.shared(shared),
        }
    }

    fn shared(&self, shared: &Shared) -> String {
        let Plan { estate, vpcs, .. } = self.0;
        let vpc = |id: &str| vpcs.iter().find(|vpc| vpc.id == id).unwrap_or_else(|| panic!("no `{id}`"));
        let value = match shared {
            Shared::Root(name) => &Self::named(&estate.ranges, name).values[0],
            Shared::Pool(name, i) => &Self::named(&estate.pools, name).values[*i],
            Shared::Reserved(name) => &Self::named(&estate.reserved, name).values[0],
            Shared::Site(name, i) => &Self::named(&estate.sites, name).values[*i],
            Shared::Private(i) => &estate.private[*i],
            Shared::Block(id, i) => &vpc(id).blocks[*i],
            Shared::Aggregate(name) => return self.0.aggregates[name].to_string(),
            Shared::Tier(id, tier, i) => {
                &vpc(id).tiers.iter().find(|one| one.name == *tier).unwrap().values[*i]
            }
        };
        self.block(&value.0, &BTreeMap::new())
    }
}

/// What the plan emits, by the Names of attachments.
fn emitted(plan: &Plan) -> BTreeSet<Entry> {
    let values = Values(plan);
    let mut entries = BTreeSet::new();
    let mut add = |kind, table: &str, what: String| {
        assert!(entries.insert((kind, table.to_owned(), what.clone())), "{kind} {table} {what} stands twice");
    };
    for vpc in &plan.vpcs {
        let Some(transit) = &vpc.transit else { continue };
        add("association", &transit.segment, vpc.name.clone());
        transit.propagate_to.iter().for_each(|table| add("propagation", table, vpc.name.clone()));
        for route in &transit.routes {
            add(
                "static",
                &route.segment,
                format!("{} {}", values.block(&route.cidr, &vpc.aggregates), vpc.name),
            );
        }
    }
    for hub in &plan.hubs {
        for attachment in &hub.attachments {
            let name = &attachment.name;
            add("association", &attachment.segment, name.clone());
            attachment.propagate_to.iter().for_each(|table| add("propagation", table, name.clone()));
            for route in &attachment.routes {
                add(
                    "static",
                    &route.segment,
                    format!("{} {name}", values.block(&route.cidr, &hub.aggregates)),
                );
            }
        }
        for segment in &hub.segments {
            // Siblings may have been merged, so both sides are compared as sets of addresses.
            let block =
                |(_, cidr): &(String, Cidr)| values.block(cidr, &hub.aggregates).parse::<Block>().unwrap();
            let dropped: BlockSet = segment.blackholes.iter().map(block).collect();
            dropped.blocks().iter().for_each(|block| add("blackhole", &segment.name, block.to_string()));
        }
    }
    entries
}

/// What the source has, in our names of sites.
fn recorded(name: &str, plan: &Plan) -> BTreeSet<Entry> {
    let names: BTreeMap<String, String> = table(name, "names", ["recorded", "ours"])
        .into_iter()
        .map(|[recorded, ours]| (recorded, ours))
        .collect();
    let ours = |recorded: String| names.get(&recorded).cloned().unwrap_or(recorded);
    let short = |table: String| table.strip_suffix("-rtb").map_or(table.clone(), str::to_owned);
    let mut entries = BTreeSet::new();
    for [attachment, table] in table(name, "associations", ["attachment", "table"]) {
        entries.insert(("association", short(table), ours(attachment)));
    }
    for [attachment, table] in table(name, "propagations", ["attachment", "table"]) {
        entries.insert(("propagation", short(table), ours(attachment)));
    }
    for [table, cidr, attachment] in table(name, "statics", ["table", "cidr", "attachment"]) {
        entries.insert(("static", short(table), format!("{cidr} {}", ours(attachment))));
    }
    let mut dropped: BTreeMap<String, BlockSet> = BTreeMap::new();
    for [table, of] in table(name, "blackholes", ["table", "of"]) {
        // A block, or the VPC whose blocks they are.
        let blocks = match plan.vpcs.iter().find(|vpc| vpc.name == of) {
            Some(vpc) => vpc.page.blocks.clone(),
            None => vec![of.parse().unwrap()],
        };
        dropped.entry(short(table)).or_default().extend(blocks);
    }
    for (table, set) in dropped {
        entries.extend(set.blocks().iter().map(|block| ("blackhole", table.clone(), block.to_string())));
    }
    entries
}

/// `recorded/differences.csv`: (side, kind, table, entry), without the reason.
fn differences(name: &str) -> BTreeSet<[String; 4]> {
    table(name, "differences", ["side", "kind", "table", "entry", "why"])
        .into_iter()
        .map(|[side, kind, table, entry, why]| {
            assert!(!why.is_empty());
            [side, kind, table, entry]
        })
        .collect()
}

fn differ_only_as_explained(name: &str) {
    let plan = estate(name).plan;
    let (emitted, recorded) = (emitted(&plan), recorded(name, &plan));
    let side = |side: &str, (kind, table, what): &Entry| {
        [side.to_owned(), (*kind).to_owned(), table.clone(), what.clone()]
    };
    let found: BTreeSet<[String; 4]> = emitted
        .difference(&recorded)
        .map(|entry| side("ours", entry))
        .chain(recorded.difference(&emitted).map(|entry| side("recorded", entry)))
        .collect();
    let explained = differences(name);
    let show = |set: Vec<&[String; 4]>| set.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
    assert!(
        found == explained,
        "not explained:\n{}\nexplained, but equal:\n{}",
        show(found.difference(&explained).collect()),
        show(explained.difference(&found).collect())
    );
    println!(
        "{name}: {} entries as recorded, {} explained",
        emitted.intersection(&recorded).count(),
        found.len()
    );
}

#[test]
fn lza_finance_tax_has_the_recorded_tables() {
    differ_only_as_explained("lza-finance-tax");
}

#[test]
fn aws_asea_pbmm_has_the_recorded_tables() {
    differ_only_as_explained("aws-asea-pbmm");
}

#[test]
fn modernisation_platform_has_the_recorded_tables() {
    differ_only_as_explained("modernisation-platform");
}

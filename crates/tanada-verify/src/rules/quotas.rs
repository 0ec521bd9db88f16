//! Quotas of AWS, counted over what a tree builds.

use std::collections::BTreeMap;

use tanada_model::quotas::{Quota, quota};

use super::{Facts, Rule, Said, rule};
use crate::{Place, Root, Value};

pub(super) static RULES: &[&Rule] = &[&RULE, &near::RULE];

/// Quotas in force: the defaults, and what was raised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotas(BTreeMap<&'static str, u32>);

impl Quotas {
    /// The defaults, with these raised.
    pub fn raised<'q>(raised: impl IntoIterator<Item = (&'q str, u32)>) -> Self {
        let known = |(name, value)| Some((quota(name)?.name, value));
        Self(raised.into_iter().filter_map(known).collect())
    }

    /// The quota in force.
    pub fn of(&self, quota: &Quota) -> u32 {
        self.0.get(quota.name).copied().unwrap_or(quota.default)
    }
}

rule!(
    "quota",
    Error,
    "The tree builds more of something than AWS allows, unless the quota was raised; then `quotas` says so.",
    "each quota has its own source: see `tanada_model::quotas`"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for Count { quota, of, place, number } in counts(facts) {
        let allowed = facts.quotas.of(quota);
        if number > allowed as usize {
            let message = format!("{of} has {number} {}; the quota is {allowed}", quota.things);
            let help = format!("`quotas {{ {} = {number} }}` when AWS has raised it", quota.name);
            said.push(Said::new(&place, message).help(help));
        }
    }
}

/// What is near its quota.
mod near {
    use super::{Count, Facts, Said, counts, rule};

    rule!(
        "quota-near",
        Note,
        "Four fifths of a quota are used: raising one takes days.",
        "each quota has its own source: see `tanada_model::quotas`"
    );

    fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
        for Count { quota, of, place, number } in counts(facts) {
            let allowed = facts.quotas.of(quota) as usize;
            // Small numbers are near each other always.
            if allowed >= 10 && number <= allowed && number * 5 >= allowed * 4 {
                said.push(Said::new(&place, format!("{of} has {number} of {allowed} {}", quota.things)));
            }
        }
    }
}

/// How many of something there are.
struct Count {
    quota: &'static Quota,
    /// Whose.
    of: String,
    place: Place,
    number: usize,
}

/// Everything that a quota counts.
fn counts(facts: &Facts<'_>) -> Vec<Count> {
    let mut all = Vec::new();
    let mut count = |name: &str, of: String, place: &Place, number: usize| {
        all.extend(quota(name).map(|quota| Count { quota, of, place: place.clone(), number }));
    };
    let network = facts.network;
    for (index, vpc) in network.vpcs.iter().enumerate() {
        let of = || format!("`{}`", vpc.id);
        count("blocks_per_vpc", of(), &vpc.place, vpc.blocks.len());
        count("subnets_per_vpc", of(), &vpc.place, network.subnets_of(index).count());
    }
    let mut tables: BTreeMap<usize, usize> = BTreeMap::new();
    for table in &network.route_tables {
        *tables.entry(table.vpc).or_default() += 1;
        count("routes_per_table", format!("`{}`", table.name), &table.place, table.routes.len());
    }
    let mut acls: BTreeMap<usize, usize> = BTreeMap::new();
    for acl in &network.acls {
        *acls.entry(acl.vpc).or_default() += 1;
        for (direction, rows) in [("ingress", &acl.ingress), ("egress", &acl.egress)] {
            // The last rule, `*`, counts.
            count("acl_rules", format!("{direction} of `{}`", acl.name), &acl.place, rows.len() + 1);
        }
    }
    for (index, vpc) in network.vpcs.iter().enumerate() {
        let of = || format!("`{}`", vpc.id);
        // The main route table and the default ACL count.
        count("route_tables_per_vpc", of(), &vpc.place, tables.get(&index).copied().unwrap_or(0) + 1);
        count("network_acls_per_vpc", of(), &vpc.place, acls.get(&index).copied().unwrap_or(0) + 1);
    }
    gateways(facts, &mut count);
    regions(facts, &mut count);
    all
}

fn gateways(facts: &Facts<'_>, count: &mut impl FnMut(&str, String, &Place, usize)) {
    let network = facts.network;
    let mut gateways: BTreeMap<&str, (&Place, usize, usize)> = BTreeMap::new();
    for table in &network.transit_tables {
        let learnt: usize = table.propagations.iter().map(|(index, _)| network.blocks_of(*index).len()).sum();
        let entry = gateways.entry(&table.gateway).or_insert((&table.place, 0, 0));
        entry.1 += 1;
        entry.2 += table.routes.len() + learnt;
    }
    let mut attached: BTreeMap<&str, usize> = BTreeMap::new();
    for attachment in &network.attachments {
        let table = attachment.table.as_ref().and_then(|(table, _)| network.transit_tables.get(*table));
        if let Some(table) = table {
            *attached.entry(&table.gateway).or_default() += 1;
        }
    }
    for (gateway, (place, tables, routes)) in gateways {
        let of = || format!("gateway `{gateway}`");
        count("route_tables_per_hub", of(), place, tables);
        count("routes_per_hub", of(), place, routes);
        count("attachments_per_hub", of(), place, attached.get(gateway).copied().unwrap_or(0));
    }
}

/// Account and region of a provider configuration, as far as they are written.
fn seat(root: &Root, provider: &str) -> Option<(String, String)> {
    let provider = root.providers.get(provider)?;
    let region = provider.settings.get("region").and_then(Value::text)?;
    let account = provider.settings.get("allowed_account_ids").map(Value::items).and_then(<[Value]>::first);
    let account = account.map_or_else(
        || "the account of the credentials".to_owned(),
        |account| account.text().map_or_else(|| format!("{:?}", account.reference()), str::to_owned),
    );
    Some((account, region.to_owned()))
}

fn regions(facts: &Facts<'_>, count: &mut impl FnMut(&str, String, &Place, usize)) {
    const COUNTED: [(&str, &str); 3] = [
        ("vpcs_per_region", "aws_vpc"),
        ("internet_gateways_per_region", "aws_internet_gateway"),
        ("hubs_per_region", "aws_ec2_transit_gateway"),
    ];
    for (name, type_name) in COUNTED {
        let mut seats: BTreeMap<(String, String), (&Place, usize)> = BTreeMap::new();
        for root in facts.observed.roots.values() {
            for instance in root.of_type(type_name) {
                if let Some(seat) = seat(root, &instance.provider) {
                    seats.entry(seat).or_insert((&instance.place, 0)).1 += 1;
                }
            }
        }
        for ((_, region), (place, number)) in seats {
            count(name, format!("one account in `{region}`"), place, number);
        }
    }
}

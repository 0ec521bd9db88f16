//! What there is of everything that a quota limits.

use std::collections::BTreeMap;

use tanada_model::quotas::{
    ACL_RULES, ATTACHMENTS_PER_HUB, BLOCKS_PER_VPC, ELASTIC_IPS_PER_REGION, HUBS_PER_REGION,
    INTERNET_GATEWAYS_PER_REGION, NAT_GATEWAYS_PER_ZONE, NETWORK_ACLS_PER_VPC, Quota, ROUTE_TABLES_PER_HUB,
    ROUTE_TABLES_PER_VPC, ROUTES_PER_HUB, ROUTES_PER_TABLE, SUBNETS_PER_VPC, VPCS_PER_REGION,
};

use crate::network::{Network, Vpc};
use crate::rules::Facts;
use crate::{Instance, Place, Root, Value};

/// How many of something there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The quota that counts it.
    pub quota: &'static Quota,
    /// Of what, in words: `` `private-a` ``.
    pub of: String,
    /// The id of the VPC that it stands in, the gateway's name, or the account; what `of` may not say.
    pub whose: String,
    /// Where that is written.
    pub place: Place,
    /// How many.
    pub number: usize,
}

impl Count {
    fn new(quota: &'static Quota, of: impl Into<String>, whose: &str, place: &Place, number: usize) -> Self {
        Self { quota, of: of.into(), whose: whose.to_owned(), place: place.clone(), number }
    }
}

/// Everything that a quota counts, except what belongs to sites.
pub(super) fn of_all(facts: &Facts<'_>) -> Vec<Count> {
    counts(facts.network, facts.observed.roots.values(), |_| true)
}

/// What a quota counts in some VPCs and in everything that is larger than a VPC, except what belongs to sites.
///
/// Of `roots` that is looked at which an account has in a region or zone; the rest is in the network.
pub fn counts<'r>(
    network: &Network,
    roots: impl Iterator<Item = &'r Root>,
    is_wanted: impl Fn(&Vpc) -> bool,
) -> Vec<Count> {
    let mut all = vpcs(network, is_wanted);
    all.extend(gateways(network));
    all.extend(regions(roots));
    all
}

/// What lies in VPCs.
fn vpcs(network: &Network, is_wanted: impl Fn(&Vpc) -> bool) -> Vec<Count> {
    let mut all = Vec::new();
    for (index, vpc) in network.vpcs.iter().enumerate().filter(|(_, vpc)| is_wanted(vpc)) {
        for table in network.route_tables_of(index) {
            let of = format!("`{}`", table.name);
            all.push(Count::new(&ROUTES_PER_TABLE, of, &vpc.id, &table.place, table.routes.len()));
        }
        for acl in network.acls_of(index) {
            for (direction, rows) in [("ingress", &acl.ingress), ("egress", &acl.egress)] {
                // The last rule, `*`, counts.
                let of = format!("{direction} of `{}`", acl.name);
                all.push(Count::new(&ACL_RULES, of, &vpc.id, &acl.place, rows.len() + 1));
            }
        }
        for (quota, number) in [
            (&BLOCKS_PER_VPC, vpc.blocks.len()),
            (&SUBNETS_PER_VPC, network.subnets_of(index).count()),
            // The main route table and the default ACL count.
            (&ROUTE_TABLES_PER_VPC, network.route_tables_of(index).count() + 1),
            (&NETWORK_ACLS_PER_VPC, network.acls_of(index).count() + 1),
        ] {
            all.push(Count::new(quota, format!("`{}`", vpc.id), &vpc.id, &vpc.place, number));
        }
    }
    all
}

/// What belongs to a gateway, which is told by its Name.
fn gateways(network: &Network) -> Vec<Count> {
    let mut gateways: BTreeMap<&str, (&Place, usize, usize)> = BTreeMap::new();
    for table in &network.transit_tables {
        let learnt: usize = table.propagations.iter().map(|(index, _)| network.blocks_of(*index).len()).sum();
        let (_, tables, routes) = gateways.entry(&table.gateway).or_insert((&table.place, 0, 0));
        *tables += 1;
        *routes += table.routes.len() + learnt;
    }
    let mut attached: BTreeMap<&str, usize> = BTreeMap::new();
    for attachment in &network.attachments {
        let table = attachment.table.as_ref().and_then(|(table, _)| network.transit_tables.get(*table));
        if let Some(table) = table {
            *attached.entry(&table.gateway).or_default() += 1;
        }
    }
    let count = |(gateway, (place, tables, routes)): (&str, (&Place, usize, usize))| {
        let numbers = [
            (&ROUTE_TABLES_PER_HUB, tables),
            (&ROUTES_PER_HUB, routes),
            (&ATTACHMENTS_PER_HUB, attached.get(gateway).copied().unwrap_or(0)),
        ];
        numbers
            .map(|(quota, number)| Count::new(quota, format!("gateway `{gateway}`"), gateway, place, number))
    };
    gateways.into_iter().flat_map(count).collect()
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

/// What an account has in a region or zone.
fn regions<'r>(roots: impl Iterator<Item = &'r Root>) -> Vec<Count> {
    type Where = fn(&Root, &Instance) -> Option<String>;
    let whole: Where = |_, _| Some(String::new());
    let counted: [(&Quota, &str, Where); 5] = [
        (&VPCS_PER_REGION, "aws_vpc", whole),
        (&ELASTIC_IPS_PER_REGION, "aws_eip", whole),
        (&INTERNET_GATEWAYS_PER_REGION, "aws_internet_gateway", whole),
        (&HUBS_PER_REGION, "aws_ec2_transit_gateway", whole),
        (&NAT_GATEWAYS_PER_ZONE, "aws_nat_gateway", zone),
    ];
    /// Account, region and zone.
    type Seat = (String, String, String);
    let mut seats: [BTreeMap<Seat, (&Place, usize)>; 5] = Default::default();
    for root in roots {
        for instance in root.instances.values() {
            let own = counted.iter().zip(&mut seats).find(|((_, name, _), _)| **name == *instance.type_name);
            let Some(((_, _, part), seats)) = own else { continue };
            if let Some(((account, region), part)) = seat(root, &instance.provider).zip(part(root, instance))
            {
                seats.entry((account, region, part)).or_insert((&instance.place, 0)).1 += 1;
            }
        }
    }
    let mut all = Vec::new();
    for ((quota, _, _), seats) in counted.into_iter().zip(seats) {
        for ((account, region, zone), (place, number)) in seats {
            let part = if zone.is_empty() { region } else { zone };
            all.push(Count::new(quota, format!("one account in `{part}`"), &account, place, number));
        }
    }
    all
}

/// The zone of what stands in a subnet.
fn zone(root: &Root, instance: &Instance) -> Option<String> {
    let subnet = root.referred(instance.attributes.get("subnet_id")?, "id")?;
    Some(subnet.attributes.get("availability_zone_id")?.text()?.to_owned())
}

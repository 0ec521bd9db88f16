//! What templates are given. `docs/templates.md` describes every field, and a test compares the two.
//!
//! Beside each value that stands somewhere in the tree is the text that refers to it (`ref`, `id`, …): safe as it is,
//! while values are escaped for the quotes of HCL.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Context, Value};

use super::Job;
use super::place::{Kind, Target};
use super::references::{ident, reference};
use crate::plan::{HubRoot, Named, Plan, RegionAddresses, Shared, SubnetPlan, VpcRoot};

/// A map of a context.
#[derive(Default)]
struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// A value: escaped where it is written.
    fn text(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.insert(name.to_owned(), Value::normal_string(value.as_ref()));
        self
    }

    /// Terraform: written as it is.
    fn code(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.insert(name.to_owned(), Value::safe_string(value.as_ref()));
        self
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn optional(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self.with(name, Value::none()),
        }
    }

    fn value(self) -> Value {
        Value::from_serializable(&self.0)
    }
}

fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::from(values.into_iter().collect::<Vec<_>>())
}

fn map(values: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::from_serializable(&values.into_iter().collect::<BTreeMap<String, Value>>())
}

/// What every template sees of a plan.
pub(super) struct Scene<'a> {
    plan: &'a Plan,
    estate: Value,
}

impl<'a> Scene<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self { plan, estate: estate(plan) }
    }

    /// Everything that a template is rendered for.
    pub(super) fn jobs(&self, target: &'a Target) -> Vec<Job<'a>> {
        let plan = self.plan;
        let context = |fields: Vec<(&'static str, Value)>| {
            let mut context = Context::new();
            context.insert_value("estate", self.estate.clone());
            for (name, value) in fields {
                context.insert_value(name, value);
            }
            context
        };
        match target.kind {
            Kind::Vpc => {
                let job = |root: &'a VpcRoot| Job {
                    target,
                    folder: root.directory.clone(),
                    context: context(vec![
                        ("vpc", vpc(root)),
                        ("region", region(plan, &root.provider.region)),
                    ]),
                    root: Some(&root.directory),
                };
                plan.vpcs.iter().map(job).collect()
            }
            Kind::Hub => {
                let job = |root: &'a HubRoot| Job {
                    target,
                    folder: format!("hub/{}", root.name),
                    context: context(vec![
                        ("hub", hub(root)),
                        ("region", region(plan, &root.provider.region)),
                    ]),
                    root: None,
                };
                plan.hubs.iter().map(job).collect()
            }
            Kind::Team => {
                let mut teams: BTreeMap<&str, Vec<&VpcRoot>> = BTreeMap::new();
                for root in &plan.vpcs {
                    teams.entry(&root.team).or_default().push(root);
                }
                let job = |(name, roots): (&str, Vec<&VpcRoot>)| Job {
                    target,
                    folder: format!("teams/{name}"),
                    context: context(vec![("team", team(name, &roots))]),
                    root: None,
                };
                teams.into_iter().map(job).collect()
            }
            Kind::Estate => {
                vec![Job { target, folder: String::new(), context: context(Vec::new()), root: None }]
            }
        }
    }
}

/// Every field as a path: `[]` behind a list, `{}` behind a map with names of the estate.
pub(super) fn fields(plan: &Plan) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    add_fields("estate", &estate(plan), &mut fields);
    for root in &plan.vpcs {
        add_fields("vpc", &vpc(root), &mut fields);
        add_fields("region", &region(plan, &root.provider.region), &mut fields);
        add_fields("team", &team(&root.team, &[]), &mut fields);
    }
    for root in &plan.hubs {
        add_fields("hub", &hub(root), &mut fields);
    }
    fields
}

fn add_fields(path: &str, value: &Value, fields: &mut BTreeSet<String>) {
    // Maps whose keys are names of the estate.
    let named = ["estate.pools", "estate.reserved", "estate.sites", "vpc.tiers", "vpc.tags", "region.zones"];
    if let Some(map) = value.as_map() {
        let of_names = named.contains(&path);
        for (key, inner) in map {
            let key =
                if of_names { "{}".to_owned() } else { format!(".{}", key.as_str().unwrap_or_default()) };
            add_fields(&format!("{path}{key}"), inner, fields);
        }
    } else if let Some(items) = value.as_array() {
        fields.insert(format!("{path}[]"));
        items.iter().for_each(|item| add_fields(&format!("{path}[]"), item, fields));
        return;
    }
    fields.insert(path.to_owned());
}

fn team(name: &str, roots: &[&VpcRoot]) -> Value {
    let owner = roots.iter().find_map(|root| root.owner.as_deref());
    let vpcs = list(roots.iter().map(|root| vpc(root)));
    Fields::default().text("name", name).optional("owner", owner).with("vpcs", vpcs).value()
}

fn estate(plan: &Plan) -> Value {
    let addresses = |named: &Named, of: &dyn Fn(usize) -> Shared| {
        let values = named.values.iter().enumerate();
        let entry = |(i, _): (usize, _)| Value::safe_string(&reference(&of(i)));
        (named.name.clone(), list(values.map(entry)))
    };
    let estate = &plan.estate;
    let of_ranges = estate.ranges.iter().map(|one| addresses(one, &|_| Shared::Root(one.name.clone())));
    let of_pools = estate.pools.iter().map(|one| addresses(one, &|i| Shared::Pool(one.name.clone(), i)));
    let pools = map(of_ranges.chain(of_pools));
    let reserved =
        map(estate.reserved.iter().map(|one| addresses(one, &|_| Shared::Reserved(one.name.clone()))));
    let sites = map(estate.sites.iter().map(|one| addresses(one, &|i| Shared::Site(one.name.clone(), i))));
    let root = |root: &VpcRoot| {
        Fields::default()
            .text("id", &root.id)
            .text("name", &root.name)
            .text("team", &root.team)
            .text("environment", &root.environment)
            .optional("owner", root.owner.as_deref())
            .text("directory", &root.directory)
            .value()
    };
    let hub = |hub: &HubRoot| {
        Fields::default().text("name", &hub.name).text("directory", format!("hub/{}", hub.name)).value()
    };
    Fields::default()
        .with("pools", pools)
        .with("reserved", reserved)
        .with("sites", sites)
        .with("vpcs", list(plan.vpcs.iter().map(root)))
        .with("hubs", list(plan.hubs.iter().map(hub)))
        .value()
}

fn region(plan: &Plan, name: &str) -> Value {
    let module = format!("module.region_{}", ident(name));
    let zones = plan.regions.iter().find(|region| region.name == name);
    let zones = zones.map(|RegionAddresses { name: _, zones }| zones.clone()).unwrap_or_default();
    let zone = |(letter, id): (String, String)| {
        let at = format!("{module}.zones.{letter}");
        (letter, Fields::default().text("id", id).code("ref", at).value())
    };
    Fields::default()
        .text("name", name)
        .code("ref", format!("{module}.name"))
        .with("zones", map(zones.into_iter().map(zone)))
        .value()
}

fn hub(root: &HubRoot) -> Value {
    let segments = list(root.segments.iter().map(|segment| Value::normal_string(&segment.name)));
    Fields::default()
        .text("name", &root.name)
        .text("gateway", &root.gateway)
        .code("gateway_ref", format!("module.hub_{}.gateway", ident(&root.name)))
        .text("directory", format!("hub/{}", root.name))
        .with("asn", Value::from(i64::from(root.asn)))
        .with("segments", segments)
        .code("outputs", "module.hub")
        .value()
}

fn vpc(root: &VpcRoot) -> Value {
    let module = format!("module.{}", ident(&root.id));
    let address = |cidr: &str, at: String| Fields::default().text("cidr", cidr).code("ref", at).value();
    let blocks = root.page.blocks.iter().enumerate();
    let blocks = list(blocks.map(|(i, block)| address(&block.to_string(), format!("{module}.blocks[{i}]"))));
    let tags = map(root.provider.tags.iter().map(|(key, value)| (key.clone(), Value::normal_string(value))));
    let flow = |[from, to, ports, why]: &[String; 4]| {
        Fields::default().text("from", from).text("to", to).text("ports", ports).text("why", why).value()
    };
    Fields::default()
        .text("id", &root.id)
        .text("name", &root.name)
        .text("team", &root.team)
        .text("environment", &root.environment)
        .optional("owner", root.owner.as_deref())
        .optional("why", root.why.as_deref())
        .optional("segment", root.page.segment.as_deref())
        .optional("hub", root.transit.as_ref().map(|transit| transit.hub.as_str()))
        .text("directory", &root.directory)
        .code("vpc_id", "module.vpc.vpc_id")
        .code("route_table_ids", "module.vpc.route_table_ids")
        .with("blocks", blocks)
        .code("blocks_ref", format!("{module}.blocks"))
        .with(
            "tiers",
            map(root
                .page
                .tiers
                .iter()
                .map(|(name, way, ranges)| (name.clone(), tier(root, name, way, ranges)))),
        )
        .with("subnets", list(root.subnets.iter().map(subnet)))
        .with("tags", tags)
        .with("flows", list(root.page.flows.iter().map(flow)))
        .value()
}

fn tier(root: &VpcRoot, name: &str, way: &str, ranges: &[tanada_model::net::Block]) -> Value {
    let module = format!("module.{}", ident(&root.id));
    let attach = root.transit.as_ref().is_some_and(|transit| transit.tier == name);
    let address = |(i, range): (usize, &tanada_model::net::Block)| {
        let at = format!("{module}.tiers.{}[{i}]", ident(name));
        Fields::default().text("cidr", range.to_string()).code("ref", at).value()
    };
    // The attachment's tier is nobody's peer, so it has no addresses to refer to.
    let blocks = if attach { list([]) } else { list(ranges.iter().enumerate().map(address)) };
    let own = root.subnets.iter().filter(|subnet| subnet.tier == *name);
    Fields::default()
        .text("internet", way)
        .with("attach", Value::from(attach))
        .with("blocks", blocks)
        .with("subnets", list(own.map(subnet)))
        .code("subnet_ids", format!("values(module.vpc.subnet_ids[\"{name}\"])"))
        .value()
}

fn subnet(SubnetPlan { name, tier, zone, zone_id, block, cidr: _ }: &SubnetPlan) -> Value {
    Fields::default()
        .text("name", name)
        .text("tier", tier)
        .text("zone", zone)
        .text("zone_id", zone_id)
        .text("cidr", block.to_string())
        .code("id", format!("module.vpc.subnet_ids[\"{tier}\"][\"{name}\"]"))
        .code("route_table_id", format!("module.vpc.route_table_ids[\"{tier}-{zone}\"]"))
        .value()
}

//! What an output refers to, and which addresses it writes.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::parser::parse_body;
use hcl_edit::visit::{Visit, visit_expr, visit_traversal};
use tanada_model::net::Block;

use crate::plan::{Cidr, Plan, Shared};

/// Names of modules that a file refers to, and the addresses that it writes as literals with their places.
pub(super) fn of(text: &str) -> (BTreeSet<String>, Vec<(usize, Block)>) {
    let Ok(body) = parse_body(text) else { return Default::default() };
    let mut found = Found::default();
    found.visit_body(&body);
    (found.modules, found.literals)
}

#[derive(Default)]
struct Found {
    modules: BTreeSet<String>,
    literals: Vec<(usize, Block)>,
}

impl Visit for Found {
    fn visit_traversal(&mut self, traversal: &Traversal) {
        let is_module = traversal.expr.as_variable().is_some_and(|name| name.as_str() == "module");
        if is_module
            && let Some(TraversalOperator::GetAttr(name)) = traversal.operators.first().map(|one| one.value())
        {
            self.modules.insert(name.as_str().to_owned());
        }
        visit_traversal(self, traversal);
    }

    fn visit_expr(&mut self, expression: &Expression) {
        if let Some(block) = expression.as_str().and_then(|text| text.parse::<Block>().ok()) {
            self.literals.push((expression.span().map_or(0, |span| span.start), block));
        }
        visit_expr(self, expression);
    }
}

/// Every address of the estate with the text that refers to it, and every module below `addresses/` by its name.
pub(super) struct Addresses {
    writers: BTreeMap<Block, String>,
    folders: BTreeMap<String, String>,
}

impl Addresses {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut addresses = Self { writers: BTreeMap::new(), folders: folders(plan) };
        let estate = &plan.estate;
        for (table, named) in [("ranges", &estate.ranges), ("reserved", &estate.reserved)] {
            for one in named {
                for (cidr, _) in &one.values {
                    addresses.add(cidr, || format!("module.estate.{table}.{}", ident(&one.name)));
                }
            }
        }
        for (table, named) in [("pools", &estate.pools), ("sites", &estate.sites)] {
            for one in named {
                for (i, (cidr, _)) in one.values.iter().enumerate() {
                    addresses.add(cidr, || format!("module.estate.{table}.{}[{i}]", ident(&one.name)));
                }
            }
        }
        for vpc in &plan.vpcs {
            let module = ident(&vpc.id);
            for (i, (cidr, _)) in vpc.blocks.iter().enumerate() {
                addresses.add(cidr, || format!("module.{module}.blocks[{i}]"));
            }
            for tier in &vpc.tiers {
                for (i, (cidr, _)) in tier.values.iter().enumerate() {
                    addresses.add(cidr, || format!("module.{module}.tiers.{}[{i}]", ident(&tier.name)));
                }
            }
            for subnet in &vpc.subnets {
                addresses.add(&subnet.cidr, || format!("module.vpc.subnet_ids, key `{}`", subnet.name));
            }
        }
        addresses
    }

    fn add(&mut self, cidr: &Cidr, reference: impl FnOnce() -> String) {
        match cidr {
            Cidr::Literal(block) => {
                self.writers.entry(*block).or_insert_with(reference);
            }
            Cidr::Everywhere | Cidr::Shared(_) | Cidr::Aggregate(_) => {}
        }
    }

    /// How a literal of the estate is referred to; `None` for an address that is nobody's.
    pub(super) fn writer(&self, block: Block) -> Option<&str> {
        self.writers.get(&block).map(String::as_str)
    }

    /// The folder of a module below `addresses/`.
    pub(super) fn folder(&self, module: &str) -> Option<&str> {
        self.folders.get(module).map(String::as_str)
    }
}

fn folders(plan: &Plan) -> BTreeMap<String, String> {
    let prefixed =
        |prefix: &'static str, name: &str| (format!("{prefix}_{}", ident(name)), format!("{prefix}-{name}"));
    let regions = plan.regions.iter().map(|one| prefixed("region", &one.name));
    let hubs = plan.hub_addresses.iter().map(|one| prefixed("hub", &one.name));
    let accounts = plan.accounts.iter().map(|one| prefixed("account", &one.name));
    let vpcs = plan.vpcs.iter().map(|one| (ident(&one.id), one.id.clone()));
    let estate = std::iter::once(("estate".to_owned(), "estate".to_owned()));
    estate.chain(regions).chain(hubs).chain(accounts).chain(vpcs).collect()
}

/// The text of a reference to a shared address.
pub(super) fn reference(shared: &Shared) -> String {
    match shared {
        Shared::Root(name) => format!("module.estate.ranges.{}", ident(name)),
        Shared::Pool(name, i) => format!("module.estate.pools.{}[{i}]", ident(name)),
        Shared::Reserved(name) => format!("module.estate.reserved.{}", ident(name)),
        Shared::Site(name, i) => format!("module.estate.sites.{}[{i}]", ident(name)),
        Shared::Private(i) => format!("module.estate.private[{i}]"),
        Shared::Block(id, i) => format!("module.{}.blocks[{i}]", ident(id)),
        Shared::Tier(id, tier, i) => format!("module.{}.tiers.{}[{i}]", ident(id), ident(tier)),
        Shared::Aggregate(name) => format!("module.aggregates.{}", ident(name)),
    }
}

/// A label as an identifier of HCL.
pub(super) fn ident(label: &str) -> String {
    label.replace('-', "_")
}

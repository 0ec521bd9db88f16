use std::sync::LazyLock;

use tanada_model::design::{Action, Protocol};

use crate::hcl::{Block, Body, Expr, Key, List, Object, Reference};
use crate::ident;
use crate::pages;
use crate::plan::{AclPlan, AclRule, Plan, RoutePlan, RouteVia, SubnetPlan, TransitPlan, VpcRoot};

use super::hub::static_routes;
use super::scope::{AddressModule, Scope};
use super::{File, aggregates, backend, document, moved, provider, way_up};

/// Every file of `teams/<team>/<label>`.
pub(super) fn files(root: &VpcRoot, plan: &Plan) -> Vec<File> {
    let directory = root.directory.as_str();
    let mut scope = Scope::default();
    let main = main(root, &mut scope);
    let providers = provider::file(&root.provider, root.hub_provider.as_ref(), &mut scope);
    // By name, so that little is left to sort when all files come together.
    let files = [
        ("README.md", Some(pages::vpc(root, &scope.variable_names(), plan))),
        ("addresses.tf", Some(scope.addresses(directory))),
        ("backend.tf", plan.backend.as_ref().map(|it| backend::own(it, &root.birth))),
        ("main.tf", Some(main)),
        ("outputs.tf", Some(OUTPUTS.clone())),
        ("providers.tf", Some(providers)),
        ("variables.tf", scope.variables()),
    ];
    files.into_iter().filter_map(|(name, text)| Some((format!("{directory}/{name}"), text?))).collect()
}

fn main<'a>(root: &'a VpcRoot, scope: &mut Scope<'a>) -> String {
    let body = match &root.why {
        Some(why) => document().comment(why),
        None => document(),
    };
    let body = aggregates(body, &root.aggregates);
    let body = body.block(Block::new(ident!("module")).label(ident!("vpc")).body(module(root, scope)));
    root.moved.iter().fold(body, |body, it| body.blank().block(moved(it, ident!("vpc")))).to_string()
}

/// The arguments of `modules/vpc`.
fn module<'a>(root: &'a VpcRoot, scope: &mut Scope<'a>) -> Body<'a> {
    let body = identity(root, scope).blank().attribute(ident!("subnets"), subnets(&root.subnets, scope));
    let body = network(body, root, scope);
    let body = body
        .blank()
        .comment("1000 for each host bit of the peer, so that the narrowest peer decides first.")
        .attribute(ident!("acls"), root.acls.iter().map(|it| acl(it, scope)).collect::<List<'a>>());
    let body = if root.flow_log {
        let bucket = scope.output(AddressModule::Estate, ident!("flow_log_bucket_arn"));
        body.blank().attribute(ident!("flow_log_bucket_arn"), bucket)
    } else {
        body
    };
    match &root.transit {
        Some(it) => body.blank().attribute(ident!("transit"), transit(it, scope)),
        None => body,
    }
}

/// Source, providers, name, blocks and zones.
fn identity<'a>(root: &'a VpcRoot, scope: &mut Scope<'a>) -> Body<'a> {
    let aws = || Reference::new(ident!("aws"));
    let hub = if root.hub_provider.is_some() { aws().attribute(ident!("hub")) } else { aws() };
    let providers =
        Object::new().entry(ident!("aws"), aws()).entry(Key::alias(ident!("aws"), ident!("hub")), hub);
    let blocks = scope.output(AddressModule::Vpc(&root.id), ident!("blocks"));
    let zones = scope.output(AddressModule::Region(&root.provider.region), ident!("zones"));
    Body::new()
        .attribute(ident!("source"), Expr::from(way_up(&root.directory) + "modules/vpc"))
        .blank()
        .attribute(ident!("providers"), providers)
        .blank()
        .attribute(ident!("name"), root.name.as_str())
        .attribute(ident!("blocks"), blocks)
        .attribute(ident!("zones"), zones)
}

/// One row a subnet, with an empty line between tiers.
fn subnets<'a>(subnets: &'a [SubnetPlan], scope: &mut Scope<'a>) -> List<'a> {
    let mut list = List::new();
    let mut last: Option<&str> = None;
    for SubnetPlan { name, tier, zone, zone_id: _, block: _, cidr } in subnets {
        if last.is_some_and(|last| last != tier) {
            list = list.blank();
        }
        last = Some(tier);
        list = list.item(Expr::object([
            (ident!("name"), name.as_str().into()),
            (ident!("tier"), tier.as_str().into()),
            (ident!("zone"), zone.as_str().into()),
            (ident!("cidr"), scope.cidr(cidr)),
        ]));
    }
    list
}

/// Routes and what they lead to.
fn network<'a>(mut body: Body<'a>, root: &'a VpcRoot, scope: &mut Scope<'a>) -> Body<'a> {
    if !root.routes.is_empty() {
        let routes: List<'a> = root.routes.iter().map(|it| route(it, scope)).collect();
        body = body.blank().attribute(ident!("routes"), routes);
    }
    if root.internet_gateway {
        body = body.blank().attribute(ident!("internet_gateway"), Expr::from(true));
    }
    if !root.nat_gateways.is_empty() {
        let row = |(zone, subnet): &'a (String, String)| {
            Expr::object([(ident!("zone"), zone.as_str().into()), (ident!("subnet"), subnet.as_str().into())])
        };
        body = body
            .blank()
            .attribute(ident!("nat_gateways"), root.nat_gateways.iter().map(row).collect::<List<'a>>());
    }
    if !root.gateway_endpoints.is_empty() {
        let row = |(service, tiers): &'a (String, Vec<String>)| {
            let tiers = Expr::texts(tiers.iter().map(String::as_str));
            Expr::object([(ident!("service"), service.as_str().into()), (ident!("tiers"), tiers)])
        };
        let rows: List<'a> = root.gateway_endpoints.iter().map(row).collect();
        body = body.blank().attribute(ident!("gateway_endpoints"), rows);
    }
    body
}

fn route<'a>(RoutePlan { tier, to, via, cidr }: &'a RoutePlan, scope: &mut Scope<'a>) -> Expr<'a> {
    let target = match via {
        RouteVia::Transit => "transit",
        RouteVia::Internet => "internet",
        RouteVia::Nat => "nat",
    };
    Expr::object([
        (ident!("tier"), tier.as_str().into()),
        (ident!("to"), to.as_str().into()),
        (ident!("target"), target.into()),
        (ident!("cidr"), scope.cidr(cidr)),
    ])
}

fn acl<'a>(AclPlan { tier, ingress, egress }: &'a AclPlan, scope: &mut Scope<'a>) -> Object<'a> {
    let mut rules = |rules: &'a [AclRule]| rules.iter().map(|it| rule(it, scope)).collect::<List<'a>>();
    Object::new()
        .entry(ident!("tier"), tier.as_str())
        .gap()
        .entry(ident!("ingress"), rules(ingress))
        .gap()
        .entry(ident!("egress"), rules(egress))
}

fn rule<'a>(rule: &'a AclRule, scope: &mut Scope<'a>) -> Expr<'a> {
    let AclRule { number, action, protocol, ports, block: _, cidr, why } = rule;
    let action = match action {
        Action::Deny => "deny",
        Action::Allow => "allow",
    };
    // AWS has no ports for ICMP and for all protocols at once; the provider wants zeros there.
    let (protocol, every_port) = match protocol {
        None => ("-1", (0, 0)),
        Some(Protocol::Icmp) => ("icmp", (0, 0)),
        Some(Protocol::Tcp) => ("tcp", (0, u16::MAX)),
        Some(Protocol::Udp) => ("udp", (0, u16::MAX)),
    };
    let (from, to) = ports.unwrap_or(every_port);
    Expr::object([
        (ident!("number"), (*number).into()),
        (ident!("action"), action.into()),
        (ident!("protocol"), protocol.into()),
        (ident!("from"), from.into()),
        (ident!("to"), to.into()),
        (ident!("cidr"), scope.cidr(cidr)),
        (ident!("why"), why.text().into()),
    ])
}

fn transit<'a>(plan: &'a TransitPlan, scope: &mut Scope<'a>) -> Object<'a> {
    let TransitPlan { hub, tier, segment, propagate_to, routes, accept, appliance_mode } = plan;
    let mut object = Object::new()
        .entry(ident!("gateway"), scope.output(AddressModule::Hub(hub), ident!("gateway")))
        .entry(ident!("tier"), tier.as_str())
        .entry(ident!("segment"), segment.as_str())
        .entry(ident!("propagate_to"), Expr::texts(propagate_to.iter().map(String::as_str)));
    if *accept {
        object = object.entry(ident!("accept"), true);
    }
    if *appliance_mode {
        object = object.entry(ident!("appliance_mode"), true);
    }
    if !routes.is_empty() {
        object = object.entry(ident!("routes"), static_routes(routes, scope));
    }
    object
}

/// `outputs.tf`, which all VPCs have alike.
static OUTPUTS: LazyLock<String> = LazyLock::new(|| {
    let description = "Everything that modules/vpc gives: ids of the VPC, its subnets, route tables and attachment, and the public addresses of its NAT gateways.";
    let body = Body::new()
        .attribute(ident!("description"), description)
        .attribute(ident!("value"), Reference::path(ident!("module"), [ident!("vpc")]));
    document().block(Block::new(ident!("output")).label(ident!("vpc")).body(body)).to_string()
});

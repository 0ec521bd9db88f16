//! Raw blocks to typed statements.

use super::fields::Fields;
use super::grammar::{PEERS, ROOT, Shape};
use super::raw::{Block, Body};
use super::statement::*;
use super::values::{literal, not_empty, number};
use crate::design::Action;
use crate::diagnostic::{Diagnostic, Spanned};

type Diagnostics = Vec<Diagnostic>;

/// The whole input.
pub(super) fn document(body: Body, diagnostics: &mut Diagnostics) -> Document {
    let mut root = Fields::root(body, &ROOT, diagnostics);
    let mut document =
        Document { names: root.text("names"), tags: root.texts("tags"), ..Document::default() };
    document.backend = root.each(&ROOT, "backend", backend).into_iter().next();
    document.log_bucket =
        root.each(&ROOT, "logs", |fields| fields.text("bucket")).into_iter().next().flatten();
    document.quotas = root.each(&ROOT, "quotas", quotas).into_iter().next();
    document.accepts = root.each(&ROOT, "accept", accept);
    document.severities = root.each(&ROOT, "severity", severity);
    document.accounts = root.each(&ROOT, "account", account);
    let mut reserved = Vec::new();
    document.pools = root.each(&ROOT, "pool", |fields| pool(fields, &mut reserved));
    document.reserved = root.each(&ROOT, "reserved", reservation);
    document.reserved.append(&mut reserved);
    document.regions = root.each(&ROOT, "region", region);
    document.hubs = root.each(&ROOT, "hub", hub);
    document.sites = root.each(&ROOT, "site", site);
    document.segments = root.each(&ROOT, "segment", segment);
    document.layouts = root.each(&ROOT, "layout", layout);
    document.environments = root.each(&ROOT, "environment", environment);
    document.teams = root.each(&ROOT, "team", team);
    document.intents = root.each(&ROOT, "allow", |fields| rule(fields, Action::Allow));
    document
}

impl Fields<'_> {
    /// Reads every block with this keyword.
    fn each<T>(
        &mut self,
        shape: &'static Shape,
        keyword: &str,
        mut read: impl FnMut(&mut Fields<'_>) -> T,
    ) -> Vec<T> {
        let blocks = self.blocks(&[keyword]);
        let Some(inner) = shape.block(keyword) else { return Vec::new() };
        let mut open = |block: Block| Some(read(&mut Fields::open(block, inner, self.diagnostics)?));
        blocks.into_iter().filter_map(&mut open).collect()
    }

    /// Reads `allow` and `deny`.
    fn rules(&mut self, shape: &'static Shape) -> Vec<RuleStatement> {
        let mut rules = self.each(shape, "allow", |fields| rule(fields, Action::Allow));
        rules.extend(self.each(shape, "deny", |fields| rule(fields, Action::Deny)));
        rules
    }
}

/// The shape of a block inside another; the table above names it.
fn inner(keyword: &str) -> &'static Shape {
    ROOT.block(keyword).unwrap_or(&ROOT)
}

fn backend(fields: &mut Fields<'_>) -> BackendStatement {
    let settings = fields.rest();
    let read = |(name, value): (Spanned<String>, super::raw::Value)| {
        let span = value.span;
        let value = literal(value, fields.diagnostics)?;
        (!value.is_null()).then_some((name, Spanned { value, span }))
    };
    BackendStatement { kind: fields.name.clone(), settings: settings.into_iter().filter_map(read).collect() }
}

fn quotas(fields: &mut Fields<'_>) -> QuotasStatement {
    let why = fields.prose("why");
    let rest = fields.rest();
    let read = |(name, value): (Spanned<String>, super::raw::Value)| {
        let span = value.span;
        Some((name, Spanned { value: number(value, fields.diagnostics)?, span }))
    };
    let raised = rest.into_iter().filter_map(read).collect();
    QuotasStatement { span: fields.name.span, raised, why }
}

fn accept(fields: &mut Fields<'_>) -> AcceptStatement {
    AcceptStatement { code: fields.name.clone(), on: fields.objects("on"), why: fields.prose("why") }
}

fn severity(fields: &mut Fields<'_>) -> SeverityStatement {
    SeverityStatement { code: fields.name.clone(), level: fields.text("level"), why: fields.prose("why") }
}

fn account(fields: &mut Fields<'_>) -> AccountStatement {
    AccountStatement { header: fields.header(), id: fields.text("id"), role: fields.text("role") }
}

fn pool(fields: &mut Fields<'_>, reserved: &mut Vec<ReservedStatement>) -> PoolStatement {
    let (header, range, size) = (fields.header(), fields.cidr("range"), fields.size("size"));
    reserved.extend(fields.each(inner("pool"), "reserved", reservation));
    let mut nested = Vec::new();
    let pools = fields.each(inner("pool"), "pool", |fields| pool(fields, &mut nested));
    reserved.append(&mut nested);
    PoolStatement { header, range, size, pools }
}

fn reservation(fields: &mut Fields<'_>) -> ReservedStatement {
    let range = fields.cidr("range");
    let range = range.and_then(|range| range.value.map(|value| Spanned { value, span: range.span }));
    ReservedStatement { header: fields.header(), range }
}

fn region(fields: &mut Fields<'_>) -> RegionStatement {
    RegionStatement {
        header: fields.header(),
        zones: fields.texts("zones"),
        zones_renamed_from: fields.texts("zones_renamed_from"),
        cloud: fields.text("cloud"),
    }
}

fn hub(fields: &mut Fields<'_>) -> HubStatement {
    HubStatement {
        header: fields.header(),
        region: fields.reference("region", &["region"]),
        asn: fields.number("asn"),
        account: fields.reference("account", &["account"]),
    }
}

fn site(fields: &mut Fields<'_>) -> SiteStatement {
    SiteStatement {
        header: fields.header(),
        ranges: fields.addresses("ranges", &["reserved", "pool", "internet"]),
        segment: fields.reference("segment", &["segment"]),
        links: fields.each(inner("site"), "link", |fields| LinkStatement {
            header: fields.header(),
            kind: fields.text("kind"),
            asn: fields.number("asn"),
            hub: fields.reference("hub", &["hub"]),
            id: fields.text("id"),
        }),
    }
}

fn segment(fields: &mut Fields<'_>) -> SegmentStatement {
    SegmentStatement {
        header: fields.header(),
        reaches: items(fields.references("reaches", &["segment", "site"])),
        default: fields.reference("default", &["team", "site"]),
        drops: fields.references("drops", &["segment"]),
        routes: fields.each(inner("segment"), "route", |fields| {
            let to = fields.references("to", &["pool", "reserved", "site", "team", "private"]);
            not_empty(&to, "to", fields.diagnostics);
            RouteStatement {
                header: fields.header(),
                to: items(to),
                via: fields.reference("via", &["team", "site"]),
            }
        }),
    }
}

fn layout(fields: &mut Fields<'_>) -> LayoutStatement {
    let zones = fields.text_list("zones");
    not_empty(&zones, "zones", fields.diagnostics);
    LayoutStatement {
        header: fields.header(),
        zones: items(zones),
        slots: fields.number("slots"),
        nat: fields.text("nat"),
        rules: fields.rules(inner("layout")),
        tiers: fields.each(inner("layout"), "tier", tier),
    }
}

fn tier(fields: &mut Fields<'_>) -> TierStatement {
    TierStatement {
        header: fields.header(),
        newbits: fields.number("newbits"),
        size: fields.size("size"),
        internet: fields.text("internet"),
        attach: fields.flag("attach"),
        accepts: fields.references("accepts", &["tier"]),
        // The rules of a tier have the shape of those of its layout.
        rules: fields.rules(inner("layout")),
    }
}

fn rule(fields: &mut Fields<'_>, action: Action) -> RuleStatement {
    let (from, to) = (fields.references("from", PEERS), fields.references("to", PEERS));
    let ports = fields.ports("ports");
    not_empty(&from, "from", fields.diagnostics);
    not_empty(&to, "to", fields.diagnostics);
    not_empty(&ports, "ports", fields.diagnostics);
    RuleStatement { header: fields.header(), action, from: items(from), to: items(to), ports: items(ports) }
}

fn inherited(fields: &mut Fields<'_>) -> Inherited {
    Inherited {
        pool: fields.reference("pool", &["pool"]),
        size: fields.size("size"),
        headroom: fields.number("headroom"),
        layout: fields.reference("layout", &["layout"]),
        hub: fields.reference("hub", &["hub"]),
        segment: fields.reference("segment", &["segment"]),
        region: fields.reference("region", &["region"]),
        account: fields.reference("account", &["account"]),
        tags: fields.texts("tags"),
    }
}

fn environment(fields: &mut Fields<'_>) -> EnvironmentStatement {
    EnvironmentStatement {
        header: fields.header(),
        inherited: inherited(fields),
        optional: fields.flag("optional"),
    }
}

fn team(fields: &mut Fields<'_>) -> TeamStatement {
    TeamStatement {
        header: fields.header(),
        inherited: inherited(fields),
        environments: fields.references("environments", &["environment"]),
        owner: fields.text("owner"),
        vpcs: fields.each(inner("team"), "vpc", vpc),
    }
}

fn vpc(fields: &mut Fields<'_>) -> VpcStatement {
    let shape = inner("team").block("vpc").unwrap_or(&ROOT);
    VpcStatement {
        header: fields.header(),
        inherited: inherited(fields),
        environment: fields.reference("environment", &["environment"]),
        range: fields.cidr("range"),
        moves_from: fields.cidr("moves_from"),
        name: fields.text("name"),
        inspects: fields.flag("inspects"),
        blocks: fields.each(shape, "block", |fields| BlockStatement {
            header: fields.header(),
            range: fields.cidr("range"),
            pool: fields.reference("pool", &["pool"]),
            size: fields.size("size"),
            headroom: fields.number("headroom"),
            layout: fields.reference("layout", &["layout"]),
        }),
    }
}

/// The items of a list; none when it is not written.
fn items<T>(list: Setting<Vec<T>>) -> Vec<T> {
    list.and_then(|list| list.value).unwrap_or_default()
}

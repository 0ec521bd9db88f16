//! The root of a VPC as a whole.

use tanada_model::design::{Internet, Rule, Tier};
use tanada_model::document::place;

use super::{
    Answers, Book, Case, Step, VpcCase, acls, backend, comma, ident, lock, provider, routes, subnets, transit,
};
use crate::emit::way_up;
use crate::plan::{LeavingRoot, Moved, ProviderPlan, VpcRoot};

pub(super) fn answers(vpc: VpcCase<'_>) -> Answers {
    let VpcRoot {
        id: _,
        directory,
        birth,
        name,
        team: _,
        environment: _,
        owner: _,
        why: _,
        provider: own,
        hub_provider,
        blocks: _,
        tiers: _,
        subnets: _,
        routes: _,
        internet_gateway: _,
        nat_gateways: _,
        gateway_endpoints: _,
        acls: _,
        flow_log,
        transit: _,
        moved,
        aggregates,
        page,
    } = vpc.root;
    let case = vpc.case;
    let mut book = Book::new(vec![vpc.line()]);
    book.add("name", name, vpc.name_steps());
    let blocks = (0..vpc.at.blocks.len()).flat_map(|i| vpc.block(i)).collect::<Vec<_>>();
    book.add("blocks", comma(page.blocks.iter().map(ToString::to_string)), blocks);
    let zones = case.design.regions[vpc.vpc.region].zones.values();
    book.add("zones", comma(zones.map(|zone| zone.value.clone())), case.region_steps(vpc.vpc.region));
    subnets::add(&mut book, vpc);
    routes::add(&mut book, vpc);
    acls::add(&mut book, vpc);
    transit::add(&mut book, vpc);
    if *flow_log {
        case.add_bucket(&mut book, "flow_log_bucket_arn");
    }
    for (name, block) in aggregates {
        book.add(format!("local.aggregates.{}", ident(name)), block, case.sum(*block));
    }
    moved.iter().for_each(|one| add_moved(&mut book, vpc, one));
    add_providers(&mut book, vpc, own, hub_provider.as_ref());
    backend::own(&mut book, case, birth, Step::rule("a root has a state of its own"));
    add_calls(&mut book, case, directory, "vpc");
    book.finish()
}

/// `providers.tf`, and how the root hands its providers to the standard.
fn add_providers(book: &mut Book, vpc: VpcCase<'_>, own: &ProviderPlan, hub_provider: Option<&ProviderPlan>) {
    let case = vpc.case;
    let region = || {
        vpc.inherited("region", |all| place(&all.region))
            .into_iter()
            .chain([case.region(vpc.vpc.region)])
            .collect()
    };
    provider::add(book, case, "provider", own, region(), &|key| vpc.tag(key));
    let account = vpc.inherited("account", |all| place(&all.account));
    if let (Some(hub), Some(attachment)) = (hub_provider, vpc.vpc.attachment) {
        let at = &case.design.hubs[attachment.hub];
        let rule = Step::rule("the gateway lies in another account than the VPC");
        let steps: Vec<Step> = account.into_iter().chain([case.hub(attachment.hub), rule]).collect();
        book.add("provider.hub.alias", "hub", steps.clone());
        let region = steps.iter().cloned().chain([case.region(at.region)]).collect();
        provider::add(book, case, "provider.hub", hub, region, &|key| vpc.tag(key));
        book.add("providers.aws.hub", "aws.hub", steps);
    } else {
        let rule = Step::rule("the gateway lies in the account of the VPC, so one provider serves both");
        book.add("providers.aws.hub", "aws", [rule]);
    }
    book.add("providers.aws", "aws", [Step::rule("the root's own provider")]);
}

/// Sources of modules, and what comes out of the root.
pub(super) fn add_calls(book: &mut Book, case: Case<'_>, directory: &str, module: &str) {
    let up = way_up(directory);
    let standard = || Step::rule("every root is one call of the standard, with this root's tables");
    book.add("source", format!("{up}modules/{module}"), [standard()]);
    book.add(format!("output.{module}.value"), format!("module.{module}"), [standard()]);
    add_sources(book, case, &format!("{up}addresses/"));
}

/// Sources of every module below `addresses/`.
pub(super) fn add_sources(book: &mut Book, case: Case<'_>, to_addresses: &str) {
    let plan = case.plan;
    let fixed =
        [("estate".to_owned(), "estate".to_owned()), ("aggregates".to_owned(), "aggregates".to_owned())];
    let prefixed =
        |prefix: &'static str, name: &str| (format!("{prefix}_{}", ident(name)), format!("{prefix}-{name}"));
    let regions = plan.regions.iter().map(|one| prefixed("region", &one.name));
    let hubs = plan.hub_addresses.iter().map(|one| prefixed("hub", &one.name));
    let accounts = plan.accounts.iter().map(|one| prefixed("account", &one.name));
    let vpcs = plan.vpcs.iter().map(|one| (ident(&one.id), one.id.clone()));
    for (name, folder) in fixed.into_iter().chain(regions).chain(hubs).chain(accounts).chain(vpcs) {
        let rule =
            Step::rule("a value of this unit refers to it: every address is written once, where it belongs");
        book.add(format!("module.{name}.source"), format!("{to_addresses}{folder}"), [rule]);
    }
}

fn add_moved(book: &mut Book, vpc: VpcCase<'_>, Moved { resource, from, to }: &Moved) {
    let (kind, block) = resource.block();
    let design = vpc.case.design;
    let layouts = vpc.at.blocks.iter().map(|block| &design.layouts[block.layout]);
    let renamed =
        layouts.flat_map(|layout| &layout.tiers).filter_map(|tier| tier.entity.renamed_from.as_ref());
    let tiers = renamed.map(|old| Step::input(old.span, old.value.as_str(), "a tier was renamed"));
    let zones = design.regions[vpc.vpc.region].zones_renamed_from.values();
    let zones = zones.map(|old| Step::input(old.span, old.value.as_str(), "a zone was renamed"));
    let rule = Step::rule("what the key names was renamed: the key moves, nothing is made anew");
    let steps: Vec<Step> = tiers.chain(zones).chain([rule]).collect();
    let address = |key: &str| format!("module.vpc.{kind}.{block}[\"{key}\"]");
    book.add(format!("moved.{kind}/{to}.from"), address(from), steps.clone());
    book.add(format!("moved.{kind}/{to}.to"), address(to), steps);
}

/// A root on its way out.
pub(super) fn leaving(root: &LeavingRoot) -> Answers {
    let LeavingRoot { id, directory, birth: _, keeps_network } = root;
    let how = if *keeps_network { "keeps its network" } else { "has its network destroyed" };
    let steps = vec![
        lock::leaving(directory, format!("`{id}` has left the input and {how}")),
        Step::rule("what the providers need is kept as it was written last"),
    ];
    let mut answers = Book::new(steps).finish();
    answers.leaving = true;
    answers
}

impl<'a> VpcCase<'a> {
    /// How the Name tag is made.
    pub(super) fn name_steps(self) -> Vec<Step> {
        if let Some(span) = self.statement().and_then(|vpc| place(&vpc.name)) {
            return vec![Step::input(span, "name", "the VPC's own name")];
        }
        let pattern = place(&self.case.document.names);
        let pattern = pattern.map(|span| Step::input(span, "names", "the pattern of every Name tag"));
        pattern.into_iter().chain([Step::rule("the pattern, filled in")]).collect()
    }

    /// The layout and line of a tier, with words about it.
    pub(super) fn tier_line(self, name: &str, what: &str) -> Vec<Step> {
        let layouts = &self.case.design.layouts;
        let ids = self.at.blocks.iter().map(|block| block.layout);
        let found = ids.filter_map(|id| Some((id, layouts[id].tier(name)?.1))).next();
        let line = |(id, tier): (tanada_model::design::LayoutId, &Tier)| {
            let layout = layouts.name(id);
            let what = format!("tier `{name}` of layout `{layout}` {what}");
            Step::input(tier.entity.span, format!("tier \"{name}\""), what)
        };
        found.map(line).into_iter().collect()
    }

    /// Names of the tiers of its layouts for which something holds.
    pub(super) fn tiers_where(self, holds: impl Fn(&Tier) -> bool) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = Vec::new();
        for block in &self.at.blocks {
            let tiers = self.case.design.layouts[block.layout].tiers.iter().filter(|tier| holds(tier));
            names.extend(tiers.map(|tier| tier.entity.name.as_str()));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Rules of layouts and tiers that may land on a tier.
    pub(super) fn rules(self, name: &str) -> Vec<&'a Rule> {
        let layouts = self.at.blocks.iter().map(|block| &self.case.design.layouts[block.layout]);
        let mut rules: Vec<&'a Rule> = Vec::new();
        for layout in layouts {
            rules.extend(&layout.rules);
            let tier = layout.tier(name);
            rules.extend(tier.map(|(_, tier)| &tier.rules).into_iter().flatten());
        }
        rules
    }
}

/// Whether a tier is open to the internet.
pub(super) fn is_open(tier: &Tier) -> bool {
    match tier.internet {
        Internet::In => !tier.attach,
        Internet::Out | Internet::None => false,
    }
}

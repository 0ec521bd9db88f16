//! Modules below `addresses/`.

use tanada_model::design::PoolPlace;
use tanada_model::document::place;

use super::{Answers, Book, Case, Step, VpcCase, comma, ident, root};
use crate::emit::partition;
use crate::plan::{
    AccountAddresses, EstateAddresses, HubAddresses, Named, RegionAddresses, Shared, TierPlan,
};

pub(super) fn answers(case: Case<'_>, folder: &str) -> Option<Answers> {
    if folder == "estate" {
        return Some(estate(case));
    }
    if folder == "aggregates" {
        let mut book = Book::new(case.first_root());
        for (name, block) in &case.plan.aggregates {
            book.add(ident(name), block, case.sum(*block));
        }
        return Some(book.finish());
    }
    if let Some(vpc) = case.vpc(folder) {
        return Some(of_vpc(vpc));
    }
    let (kind, name) = folder.split_once('-')?;
    match kind {
        "region" => region(case, name),
        "hub" => hub(case, name),
        "account" => account(case, name),
        _ => None,
    }
}

fn estate(case: Case<'_>) -> Answers {
    let EstateAddresses { ranges, pools, reserved, sites, private, flow_log_bucket } = &case.plan.estate;
    let mut book = Book::new(case.first_root());
    let add =
        |book: &mut Book, table: &str, list: bool, of: &dyn Fn(&str, usize) -> Shared, named: &Named| {
            let Named { name, values, why: _ } = named;
            for (i, _) in values.iter().enumerate() {
                let shared = of(name, i);
                let value = case.block(&shared).map(|block| block.to_string()).unwrap_or_default();
                let key = ident(name);
                for path in paths(table, Some(&key), list, i) {
                    book.add(path, &value, case.shared(&shared));
                }
            }
            if list {
                // The output may refer to a local that holds all of them.
                let all: Vec<Shared> = (0..values.len()).map(|i| of(name, i)).collect();
                let value =
                    comma(all.iter().filter_map(|one| case.block(one)).map(|block| block.to_string()));
                let steps = all.iter().flat_map(|one| case.shared(one));
                book.add(format!("{table}.{}", ident(name)), value, steps);
            }
        };
    for named in ranges {
        add(&mut book, "ranges", false, &|name, _| Shared::Root(name.to_owned()), named);
    }
    for named in pools {
        add(&mut book, "pools", true, &|name, i| Shared::Pool(name.to_owned(), i), named);
    }
    for named in reserved {
        add(&mut book, "reserved", false, &|name, _| Shared::Reserved(name.to_owned()), named);
    }
    for named in sites {
        add(&mut book, "sites", true, &|name, i| Shared::Site(name.to_owned(), i), named);
    }
    let all = (0..private.len()).filter_map(|i| case.block(&Shared::Private(i)));
    let named = Step::rule("the private ranges of RFC 1918, since a rule or route names `private`");
    book.add("private", comma(all.map(|block| block.to_string())), [named]);
    for (i, _) in private.iter().enumerate() {
        let shared = Shared::Private(i);
        let value = case.block(&shared).map(|block| block.to_string()).unwrap_or_default();
        for path in paths("private", None, true, i) {
            book.add(path, &value, case.shared(&shared));
        }
    }
    if flow_log_bucket.is_some() {
        case.add_bucket(&mut book, "flow_log_bucket_arn");
    }
    root::add_sources(&mut book, case, "../");
    book.finish()
}

/// Where an entry may stand: in the output, or in the local that the output refers to.
fn paths(table: &str, name: Option<&str>, list: bool, i: usize) -> [String; 2] {
    let index = if list { format!(".{i}") } else { String::new() };
    match name {
        Some(name) => [format!("{table}.{name}{index}"), format!("local.{table}_{name}{index}")],
        None => [format!("{table}{index}"), format!("local.{table}{index}")],
    }
}

fn of_vpc(vpc: VpcCase<'_>) -> Answers {
    let mut book = Book::new(vec![vpc.line()]);
    for (i, block) in vpc.root.page.blocks.iter().enumerate() {
        for path in paths("blocks", None, true, i) {
            book.add(path, block, vpc.block(i));
        }
    }
    let all = comma(vpc.root.page.blocks.iter().map(ToString::to_string));
    book.add("blocks", all, (0..vpc.root.page.blocks.len()).flat_map(|i| vpc.block(i)));
    for TierPlan { name, values } in &vpc.root.tiers {
        let all = comma(vpc.tier_ranges(name).into_iter().map(|(_, range)| range.to_string()));
        let steps = (0..values.len()).flat_map(|i| vpc.tier(name, i));
        book.add(format!("tiers.{}", ident(name)), all, steps);
        for ((i, _), (_, range)) in values.iter().enumerate().zip(vpc.tier_ranges(name)) {
            for path in paths("tiers", Some(&ident(name)), true, i) {
                book.add(path, range, vpc.tier(name, i));
            }
        }
    }
    root::add_sources(&mut book, vpc.case, "../");
    book.finish()
}

fn region(case: Case<'_>, name: &str) -> Option<Answers> {
    let RegionAddresses { name, zones } = case.plan.regions.iter().find(|region| region.name == name)?;
    let id = case.design.regions.id(name)?;
    let mut book = Book::new(vec![case.region(id)]);
    book.add("name", name, []);
    for (letter, zone) in zones {
        let written = case.design.regions[id].zones.get(letter);
        let step = written.map(|one| Step::input(one.span, zone.as_str(), format!("zone `{letter}`")));
        book.add(format!("zones.{letter}"), zone, step);
    }
    Some(book.finish())
}

fn hub(case: Case<'_>, name: &str) -> Option<Answers> {
    let HubAddresses { name, gateway } = case.plan.hub_addresses.iter().find(|hub| hub.name == name)?;
    let mut book = Book::new(vec![case.hub(case.design.hubs.id(name)?)]);
    let pattern = place(&case.document.names);
    book.add(
        "gateway",
        gateway,
        pattern.map(|span| Step::input(span, "names", "what every Name tag starts with")),
    );
    Some(book.finish())
}

fn account(case: Case<'_>, name: &str) -> Option<Answers> {
    let AccountAddresses { name, id, why: _ } =
        case.plan.accounts.iter().find(|account| account.name == name)?;
    let mut book = Book::new(case.account_steps(name));
    book.add("id", id, []);
    Some(book.finish())
}

impl Case<'_> {
    /// The line of a root pool: what everything is cut from.
    fn first_root(self) -> Vec<Step> {
        let roots = self.design.pools.values().filter_map(|pool| match &pool.place {
            PoolPlace::Root(_) => {
                let words = format!("pool \"{}\"", pool.entity.name);
                Some(Step::input(pool.entity.span, words, format!("root pool `{}`", pool.entity.name)))
            }
            PoolPlace::Inner { size: _, parent: _ } => None,
        });
        roots.take(1).collect()
    }

    /// The bucket of flow logs, as an ARN.
    pub(super) fn add_bucket(self, book: &mut Book, path: &str) {
        let Some(bucket) = &self.design.flow_log_bucket else { return };
        let region = self.plan.regions.first().map_or("", |region| region.name.as_str());
        let arn = if bucket.value.starts_with("arn:") {
            bucket.value.clone()
        } else {
            format!("arn:{}:s3:::{}", partition(region), bucket.value)
        };
        let what = "the bucket of every flow log, as an ARN";
        book.add(path, arn, [Step::input(bucket.span, bucket.value.as_str(), what)]);
    }
}

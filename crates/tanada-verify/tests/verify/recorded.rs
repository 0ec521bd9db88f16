//! Who has a way to whom in real estates, from tables recorded of them: associations, propagations, static routes and
//! blackholes, walked by hand. Neither our trees nor the engine are asked; then the two are compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use tanada_verify::network::Network;
use tanada_verify::reach::{Matrix, Owner, reach};

use crate::estate::Estate;

/// What was recorded of a gateway.
#[derive(Default)]
struct Recorded {
    vpcs: BTreeMap<String, Vec<(u32, u32)>>,
    table_of: BTreeMap<String, String>,
    /// By table: first address, prefix length, and the attachment; `None` is a blackhole.
    routes: BTreeMap<String, Vec<(u32, u32, Option<String>)>>,
    learnt: BTreeMap<String, Vec<String>>,
}

fn rows(fixture: &str, name: &str) -> Vec<Vec<String>> {
    let path =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures")).join(fixture).join("recorded");
    let text = fs::read_to_string(path.join(format!("{name}.csv"))).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// First address and prefix length.
fn cidr(text: &str) -> (u32, u32) {
    let (address, len) = text.split_once('/').unwrap();
    (address.parse::<Ipv4Addr>().unwrap().into(), len.parse().unwrap())
}

fn covers((first, len): (u32, u32), address: u32) -> bool {
    len == 0 || (first ^ address) >> (32 - len) == 0
}

impl Recorded {
    fn read(fixture: &str) -> Self {
        let mut all = Self::default();
        for row in rows(fixture, "vpcs") {
            all.vpcs.entry(row[0].clone()).or_default().push(cidr(&row[1]));
        }
        for row in rows(fixture, "associations") {
            all.table_of.insert(row[0].clone(), row[1].clone());
        }
        for row in rows(fixture, "propagations") {
            all.learnt.entry(row[1].clone()).or_default().push(row[0].clone());
        }
        for row in rows(fixture, "statics") {
            let (first, len) = cidr(&row[1]);
            all.routes.entry(row[0].clone()).or_default().push((first, len, Some(row[2].clone())));
        }
        for row in rows(fixture, "blackholes") {
            let (first, len) = cidr(&row[1]);
            all.routes.entry(row[0].clone()).or_default().push((first, len, None));
        }
        all
    }

    /// Where a table leads an address: the longest, and of equal ones the static route.
    fn next(&self, table: &str, address: u32) -> Option<String> {
        let mut best: Option<(u32, bool, Option<String>)> = None;
        let fixed = self.routes.get(table).into_iter().flatten();
        let mut all: Vec<((u32, u32), bool, Option<String>)> =
            fixed.map(|(first, len, to)| ((*first, *len), true, to.clone())).collect();
        for attachment in self.learnt.get(table).into_iter().flatten() {
            let blocks = self.vpcs.get(attachment).into_iter().flatten();
            all.extend(blocks.map(|block| (*block, false, Some(attachment.clone()))));
        }
        for (block, fixed, to) in all {
            let better = best.as_ref().is_none_or(|(len, known, _)| (block.1, fixed) > (*len, *known));
            if covers(block, address) && better {
                best = Some((block.1, fixed, to));
            }
        }
        best.and_then(|(_, _, to)| to)
    }

    /// The VPCs that packets are led through to an address, the owner last; `None`: they do not arrive.
    fn walk(&self, from: &str, address: u32) -> Option<Vec<String>> {
        let mut way: Vec<String> = Vec::new();
        let mut at = from.to_owned();
        loop {
            let next = self.next(self.table_of.get(&at)?, address)?;
            let blocks = self.vpcs.get(&next)?;
            way.push(next.clone());
            if blocks.iter().any(|block| covers(*block, address)) {
                return Some(way);
            }
            if way[..way.len() - 1].contains(&next) {
                return None;
            }
            at = next;
        }
    }

    /// Whether connections from some address of a VPC to some of another have a way there and back. `nat`: VPCs whose NAT
    /// gateways send with their own address, so answers go to them first.
    fn opens(&self, from: &str, to: &str, nat: &[&str]) -> bool {
        let arrives = |from: &str, (address, _): (u32, u32), to: &str| {
            self.walk(from, address).filter(|way| way.last().unwrap() == to)
        };
        let reaches =
            |from: &str, to: &str| self.vpcs[to].iter().any(|block| arrives(from, *block, to).is_some());
        let opens = |source: (u32, u32), target: (u32, u32)| {
            let Some(there) = arrives(from, target, to) else { return false };
            match there.iter().find(|vpc| nat.contains(&vpc.as_str()) && *vpc != to) {
                None => arrives(to, source, from)
                    .is_some_and(|way| !way.iter().any(|vpc| nat.contains(&vpc.as_str()) && vpc != from)),
                Some(middle) => reaches(to, middle) && arrives(middle, source, from).is_some(),
            }
        };
        self.vpcs[from].iter().any(|source| self.vpcs[to].iter().any(|target| opens(*source, *target)))
    }
}

/// Our tree with every ACL taken away: routes and tables alone decide.
fn bare(fixture: &str) -> Network {
    let mut network = Estate::fixture(fixture).network();
    network.subnets.iter_mut().for_each(|subnet| subnet.acl = None);
    network
}

/// Teams that have a way to others, by the matrix, and by the tables with the pairs that differ.
fn by_team(fixture: &str, nat: &[&str], known: &[(String, String)]) -> [BTreeSet<(String, String)>; 2] {
    let network = bare(fixture);
    let team = |vpc: &String| network.vpcs.iter().find(|own| own.name == *vpc).unwrap().team.clone();
    let expected = recorded(fixture, nat).into_iter().chain(known.iter().cloned());
    let expected = expected.map(|(from, to)| (team(&from), team(&to))).filter(|(from, to)| from != to);
    let matrix = Matrix::new(&reach(&network));
    let teams: BTreeSet<&str> = network.vpcs.iter().map(|vpc| vpc.team.as_str()).collect();
    let own: Vec<(usize, &String)> =
        matrix.parties().iter().enumerate().filter(|(_, name)| teams.contains(name.as_str())).collect();
    let mut found = BTreeSet::new();
    for (from, name) in &own {
        let others = own.iter().filter(|(to, _)| from != to && !matrix.open(*from, *to).is_empty());
        found.extend(others.map(|(_, other)| ((*name).clone(), (*other).clone())));
    }
    [found, expected.collect()]
}

/// Pairs with a way, of our tree.
fn ours(fixture: &str) -> BTreeSet<(String, String)> {
    let network = bare(fixture);
    let reached = reach(&network);
    let carriers: BTreeSet<usize> = network
        .attachments
        .iter()
        .flat_map(|attachment| match &attachment.kind {
            tanada_verify::network::AttachmentKind::Vpc { subnets, .. } => subnets.clone(),
            tanada_verify::network::AttachmentKind::Site { .. } => Vec::new(),
        })
        .collect();
    let mut pairs = BTreeSet::new();
    for from in 0..reached.pieces().len() {
        for to in 0..reached.pieces().len() {
            let (Owner::Subnet(a), Owner::Subnet(b)) =
                (reached.pieces()[from].owner, reached.pieces()[to].owner)
            else {
                continue;
            };
            let (one, two) = (network.subnets[a].vpc, network.subnets[b].vpc);
            let apart = one != two && !carriers.contains(&a) && !carriers.contains(&b);
            if apart && !reached.between(from, to).is_empty() {
                pairs.insert((network.vpcs[one].name.clone(), network.vpcs[two].name.clone()));
            }
        }
    }
    pairs
}

fn recorded(fixture: &str, nat: &[&str]) -> BTreeSet<(String, String)> {
    let recorded = Recorded::read(fixture);
    let mut pairs = BTreeSet::new();
    for from in recorded.vpcs.keys() {
        for to in recorded.vpcs.keys().filter(|to| *to != from) {
            if recorded.opens(from, to, nat) {
                pairs.insert((from.clone(), to.clone()));
            }
        }
    }
    pairs
}

#[test]
fn finance_tax_reaches_what_its_tables_say() {
    let (ours, recorded) = (ours("lza-finance-tax"), recorded("lza-finance-tax", &["egress-vpc"]));
    assert!(recorded.len() > 15, "{recorded:?}");
    assert_eq!(ours, recorded);
    let [matrix, expected] = by_team("lza-finance-tax", &["egress-vpc"], &[]);
    assert!(expected.len() > 5, "{expected:?}");
    assert_eq!(matrix, expected);
}

#[test]
fn the_modernisation_platform_reaches_what_its_tables_say() {
    let (ours, recorded) = (ours("modernisation-platform"), recorded("modernisation-platform", &[]));
    assert!(recorded.len() > 1000, "{}", recorded.len());
    // `recorded/differences.csv`: both tables of a `reaches` learn each other here, one of them in the source.
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let known = BTreeSet::from([
        pair("centralised-endpoints", "external_inspection"),
        pair("external_inspection", "centralised-endpoints"),
    ]);
    assert_eq!(ours.difference(&recorded).cloned().collect::<BTreeSet<_>>(), known);
    assert_eq!(recorded.difference(&ours).cloned().collect::<BTreeSet<_>>(), BTreeSet::new());
    let [matrix, expected] = by_team("modernisation-platform", &[], &Vec::from_iter(known));
    assert!(expected.len() > 100, "{}", expected.len());
    assert_eq!(matrix, expected);
}

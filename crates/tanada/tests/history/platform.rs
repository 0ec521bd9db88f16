//! The platform at one moment of its history, and the input that describes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// An edit of one range: added without `before`, removed without `after`.
pub(crate) struct Row {
    pub(crate) vpc: String,
    pub(crate) set: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Row {
    /// From `date,commit,vpc,set,before,after`.
    pub(crate) fn new(fields: &[String]) -> Self {
        let [_, _, vpc, set, before, after] = fields else { panic!("{fields:?}") };
        let range = |text: &String| (!text.is_empty()).then(|| text.clone());
        Self { vpc: vpc.clone(), set: set.clone(), before: range(before), after: range(after) }
    }
}

/// Ranges by VPC and set.
#[derive(Clone, Default)]
pub(crate) struct Platform {
    pub(crate) vpcs: BTreeMap<String, BTreeMap<String, String>>,
    /// VPCs in the order in which they came.
    order: Vec<String>,
}

/// The set whose range is the VPC's own block. Until the end of 2021 that was the gateway's (`cidr_block =
/// var.vpc_cidr` of the module), since then the general one.
fn first(sets: &BTreeMap<String, String>) -> &'static str {
    if sets.contains_key("gateway") { "gateway" } else { "general" }
}

/// Sets that are further blocks.
pub(crate) fn further(sets: &BTreeMap<String, String>) -> impl Iterator<Item = &String> {
    let first = first(sets);
    sets.keys().filter(move |set| *set != first)
}

/// Folder of a VPC's root.
pub(crate) fn root(vpc: &str) -> String {
    let (team, label) = vpc.rsplit_once('-').expect("team and environment");
    format!("teams/{team}/{label}")
}

/// Whether two ranges have an address in common.
fn meet(a: &str, b: &str) -> bool {
    let range = |text: &str| {
        let (address, length) = text.split_once('/').expect("a range");
        let first = u64::from(u32::from(address.parse::<Ipv4Addr>().expect("an address")));
        (first, first + (1 << (32 - length.parse::<u32>().expect("a length"))))
    };
    let (a, b) = (range(a), range(b));
    a.0 < b.1 && b.0 < a.1
}

const ESTATE: &str = r#"
pool "government" { range = "10.0.0.0/8" }
region "eu-west-2" { zones = { a = "euw2-az2", b = "euw2-az3", c = "euw2-az1" } }
hub "moj" {
  region = region.eu-west-2
  asn    = 64589
}
segment "members" { reaches = [segment.members] }
environment "member" {
  optional = true
  pool     = pool.government
  layout   = layout.general
  hub      = hub.moj
  segment  = segment.members
}
layout "gateway" {
  zones = ["a", "b", "c"]
  slots = 3
  tier "transit" {
    newbits = 2
    attach  = true
  }
}
layout "protected" {
  zones = ["a", "b", "c"]
  slots = 3
  tier "protected" { newbits = 2 }
}
layout "general" {
  zones = ["a", "b", "c"]
  slots = 3
  tier "private" { newbits = 3 }
  tier "public" {
    newbits  = 4
    internet = "in"
  }
  tier "data" { newbits = 4 }
  tier "transit" {
    size   = 28
    attach = true
  }
}
accept "workload-in-attach-tier" {
  why = "The gateway's set has no other tier."
}
"#;

/// Sets that are further blocks cut as the general one, with tiers of their own names.
const FURTHER: [&str; 5] = ["general", "delius", "patio", "nomis", "second"];

impl Platform {
    /// Takes an edit over.
    pub(crate) fn apply(&mut self, row: &Row) {
        if !self.vpcs.contains_key(&row.vpc) {
            self.order.retain(|vpc| *vpc != row.vpc);
            self.order.push(row.vpc.clone());
        }
        let sets = self.vpcs.entry(row.vpc.clone()).or_default();
        let was = match &row.after {
            Some(range) => sets.insert(row.set.clone(), range.clone()),
            None => sets.remove(&row.set),
        };
        assert_eq!(was, row.before, "{} {}", row.vpc, row.set);
        if sets.is_empty() {
            self.vpcs.remove(&row.vpc);
        }
    }

    /// VPCs that overlap a younger one, with that one.
    pub(crate) fn overlaps(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (at, old) in self.order.iter().enumerate() {
            for young in self.order.iter().skip(at + 1) {
                let ranges = |vpc: &String| self.vpcs.get(vpc).into_iter().flat_map(|sets| sets.values());
                if ranges(old).any(|a| ranges(young).any(|b| meet(a, b))) {
                    found.insert(old.clone(), young.clone());
                }
            }
        }
        found
    }

    /// Without some VPCs.
    pub(crate) fn without<'v>(&self, vpcs: impl Iterator<Item = &'v String>) -> Self {
        let mut rest = self.clone();
        for vpc in vpcs {
            rest.vpcs.remove(vpc);
        }
        rest
    }

    /// Without some VPCs and blocks, by the names that commands have for them.
    pub(crate) fn after_leaving(&self, names: &BTreeSet<String>) -> Self {
        let mut rest = self.clone();
        for name in names {
            match name.split_once('/') {
                Some((vpc, set)) => drop(rest.vpcs.get_mut(vpc).and_then(|sets| sets.remove(set))),
                None => drop(rest.vpcs.remove(name)),
            }
        }
        rest
    }

    /// The input at this moment. Every range is pinned: the source hands addresses out by hand.
    pub(crate) fn input(&self) -> Vec<(String, String)> {
        let mut text = String::from(ESTATE);
        for set in FURTHER {
            write!(
                text,
                "layout \"further-{set}\" {{\n  zones = [\"a\", \"b\", \"c\"]\n  slots = 3\n  tier \"{set}-private\" {{ newbits = 3 }}\n  tier \"{set}-public\" {{ newbits = 4 }}\n  tier \"{set}-data\" {{ newbits = 4 }}\n}}\n"
            )
            .unwrap();
        }
        let mut teams: BTreeMap<&str, String> = BTreeMap::new();
        for (vpc, sets) in &self.vpcs {
            let (team, label) = vpc.rsplit_once('-').expect("team and environment");
            let first = first(sets);
            let text = teams.entry(team).or_default();
            write!(
                text,
                "  vpc \"{label}\" {{\n    range = \"{}\"\n    layout = layout.{first}\n",
                sets[first]
            )
            .unwrap();
            for set in further(sets) {
                let layout = if set == "protected" { set.clone() } else { format!("further-{set}") };
                let range = &sets[set];
                writeln!(text, "    block \"{set}\" {{\n      range = \"{range}\"\n      layout = layout.{layout}\n    }}")
                    .unwrap();
            }
            text.push_str("  }\n");
        }
        for (team, vpcs) in teams {
            write!(text, "team \"{team}\" {{\n{vpcs}}}\n").unwrap();
        }
        vec![("network/platform.hcl".to_owned(), text)]
    }
}

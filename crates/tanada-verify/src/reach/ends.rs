use std::collections::BTreeMap;
use std::fmt;

use super::{ClassId, Owner, Piece};
use crate::network::Network;

/// An end of a flow, by the name that people use for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// A tier of a VPC: its subnets.
    Tier {
        /// The VPC's id.
        vpc: String,
        /// Its team.
        team: String,
        /// The tier.
        tier: String,
    },
    /// A site, by the name of its attachment: `tokyo-dc-dx`.
    Site(String),
    /// The internet.
    Internet,
}

impl End {
    /// The VPC's id, when it is a tier.
    pub fn vpc(&self) -> Option<&str> {
        match self {
            Self::Tier { vpc, team: _, tier: _ } => Some(vpc),
            Self::Site(_) | Self::Internet => None,
        }
    }

    /// Who answers for it: the team, the site, or the internet.
    pub fn party(&self) -> &str {
        match self {
            Self::Tier { vpc: _, team, tier: _ } => team,
            Self::Site(name) => name,
            Self::Internet => "internet",
        }
    }
}

/// `payments-production.private`, `site tokyo-dc-dx`, `internet`.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tier { vpc, team: _, tier } => write!(f, "{vpc}.{tier}"),
            Self::Site(name) => write!(f, "site {name}"),
            Self::Internet => f.write_str("internet"),
        }
    }
}

/// Names of pieces, and classes of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ends {
    /// Sorted, with the classes of its pieces, sorted.
    list: Vec<(End, Vec<ClassId>)>,
    /// By piece.
    of: Vec<usize>,
    /// VPCs by id.
    vpcs: BTreeMap<String, usize>,
}

impl Ends {
    pub(crate) fn new(network: &Network, pieces: &[Piece], class_of: &[ClassId]) -> Self {
        let mut numbers: BTreeMap<End, Vec<ClassId>> = BTreeMap::new();
        let name = |piece: &Piece| match piece.owner {
            Owner::Internet => End::Internet,
            Owner::Site(site) => End::Site(network.attachments[site].name.clone()),
            Owner::Subnet(subnet) => {
                let subnet = &network.subnets[subnet];
                let vpc = &network.vpcs[subnet.vpc];
                End::Tier { vpc: vpc.id.clone(), team: vpc.team.clone(), tier: subnet.tier.clone() }
            }
        };
        let names: Vec<End> = pieces.iter().map(name).collect();
        for (end, class) in names.iter().zip(class_of) {
            match numbers.get_mut(end) {
                Some(classes) if classes.contains(class) => {}
                Some(classes) => classes.push(*class),
                None => drop(numbers.insert(end.clone(), vec![*class])),
            }
        }
        let mut list: Vec<(End, Vec<ClassId>)> = numbers.into_iter().collect();
        list.iter_mut().for_each(|(_, classes)| classes.sort_unstable());
        let of =
            names.iter().map(|end| list.binary_search_by(|(own, _)| own.cmp(end)).unwrap_or(0)).collect();
        let vpcs = network.vpcs.iter().enumerate().map(|(at, vpc)| (vpc.id.clone(), at)).collect();
        Self { list, of, vpcs }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &End> {
        self.list.iter().map(|(end, _)| end)
    }

    pub(crate) fn classes_of(&self, end: &End) -> &[ClassId] {
        let found = self.list.binary_search_by(|(own, _)| own.cmp(end)).ok();
        found.and_then(|at| self.list.get(at)).map_or(&[], |(_, classes)| classes.as_slice())
    }

    pub(crate) fn of(&self, piece: usize) -> &End {
        &self.list[self.of[piece]].0
    }

    pub(crate) fn vpc(&self, id: &str) -> Option<usize> {
        self.vpcs.get(id).copied()
    }
}

use std::net::Ipv4Addr;

use serde::Serialize;
use tanada_model::design::Design;
use tanada_model::net::Block;

use super::NodeKind;
use crate::allocation::Allocation;

/// Whose an address is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Answer {
    /// In a subnet.
    Subnet {
        /// The team.
        team: String,
        /// The VPC's id.
        vpc: String,
        /// The subnet's key in it.
        subnet: String,
        /// Its tier.
        tier: String,
        /// Zone letter.
        zone: String,
        /// The subnet's addresses.
        cidr: Block,
    },
    /// In a VPC's block and in none of its subnets.
    Vpc {
        /// The team.
        team: String,
        /// The VPC's id.
        vpc: String,
        /// The block.
        cidr: Block,
    },
    /// Somebody else's.
    Reserved {
        /// The reservation.
        name: String,
        /// Its addresses.
        cidr: Block,
    },
    /// In a root, and at a site.
    Site {
        /// The site.
        name: String,
        /// The range that is there.
        cidr: Block,
    },
    /// Kept from being handed out.
    Retired {
        /// Whose it was.
        holder: String,
        /// Its addresses.
        cidr: Block,
    },
    /// Nobody's.
    Free {
        /// The innermost pool.
        pool: String,
    },
    /// In no pool, reservation or block.
    Outside,
}

/// Answers for every address, as disjoint stretches.
///
/// A look-up is a binary search in an array of numbers (about 17 steps at 3,000 VPCs), which keeps up with millions of
/// log lines a second.
#[derive(Clone, Debug)]
pub struct Whois {
    /// First addresses of the stretches; the first is 0.
    starts: Vec<u32>,
    /// For each stretch an index in `answers`.
    of: Vec<u32>,
    answers: Vec<Answer>,
}

impl Whois {
    /// Prepares answers for a plan.
    pub fn new(design: &Design, allocation: &Allocation) -> Self {
        let mut entries: Vec<(Block, u8, Answer)> = Vec::new();
        for (block, kind) in super::nodes(design, allocation) {
            let rank = kind.rank();
            let answer = match kind {
                NodeKind::Root { name } | NodeKind::Pool { name } | NodeKind::Free { pool: name } => {
                    Answer::Free { pool: name }
                }
                NodeKind::Reserved { name, why: _, built_in: _ } => Answer::Reserved { name, cidr: block },
                NodeKind::Site { name, why: _ } => Answer::Site { name, cidr: block },
                NodeKind::Retired { holder } => Answer::Retired { holder, cidr: block },
                NodeKind::Vpc { vpc, team, block: _, headroom: _ } => Answer::Vpc { team, vpc, cidr: block },
            };
            entries.push((block, rank, answer));
        }
        entries.extend(subnets(design, allocation));
        entries.sort_by_key(|(block, rank, _)| (*block, *rank));
        Self::paint(entries)
    }

    /// From nested blocks, the outer ones first, to disjoint stretches: the innermost block answers.
    fn paint(entries: Vec<(Block, u8, Answer)>) -> Self {
        let mut whois = Self { starts: vec![0], of: vec![0], answers: vec![Answer::Outside] };
        let mut open: Vec<(Block, u32)> = Vec::new();
        for (block, _, answer) in entries {
            while let Some((last, _)) = open.last().filter(|(last, _)| !last.contains(block)).copied() {
                open.pop();
                whois.from(last.last().checked_add(1), open.last().map_or(0, |(_, index)| *index));
            }
            let index = u32::try_from(whois.answers.len()).unwrap_or(u32::MAX);
            whois.answers.push(answer);
            whois.from(Some(block.first()), index);
            open.push((block, index));
        }
        while let Some((last, _)) = open.pop() {
            whois.from(last.last().checked_add(1), open.last().map_or(0, |(_, index)| *index));
        }
        whois
    }

    /// From this address on the answer is another one; what began at the same address is covered by it.
    fn from(&mut self, start: Option<u32>, index: u32) {
        let Some(start) = start else { return };
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.of.pop();
        }
        self.starts.push(start);
        self.of.push(index);
    }

    /// Whose this address is.
    pub fn look_up(&self, address: Ipv4Addr) -> &Answer {
        let address = u32::from(address);
        let stretch = self.starts.partition_point(|&start| start <= address).saturating_sub(1);
        let index = self.of.get(stretch).copied().unwrap_or(0);
        self.answers.get(index as usize).unwrap_or(&Answer::Outside)
    }
}

fn subnets<'a>(
    design: &'a Design,
    allocation: &'a Allocation,
) -> impl Iterator<Item = (Block, u8, Answer)> + 'a {
    /// Behind every kind of node.
    const RANK: u8 = u8::MAX;
    allocation.vpcs.iter().flat_map(move |own| {
        let vpc = &design.vpcs[own.vpc];
        let tiers =
            own.blocks.iter().flat_map(|block| block.tiers.iter().map(move |tier| (block.layout, tier)));
        tiers.flat_map(move |(layout, tier)| {
            tier.subnets.iter().map(move |subnet| {
                let answer = Answer::Subnet {
                    team: design.teams.name(vpc.team).to_owned(),
                    vpc: vpc.id.clone(),
                    subnet: subnet.name.clone(),
                    tier: design.layouts[layout][tier.tier].entity.name.clone(),
                    zone: subnet.zone.clone(),
                    cidr: subnet.cidr,
                };
                (subnet.cidr, RANK, answer)
            })
        })
    })
}

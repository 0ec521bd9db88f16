//! Who said what stands in ACLs: for explanations, which are asked for one VPC at a time.

use tanada_model::design::{Design, Id as _, VpcId};
use tanada_model::net::Block;

use super::acl::{self, AclStatement, AclVoice};
use super::facts::Facts;
use super::routes::{Reach, Ways};
use super::segments::Segments;
use crate::allocation::Allocation;

/// One statement about a tier.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Its name, as rows have it.
    pub(crate) name: String,
    /// The addresses of the other ends.
    pub(crate) peers: Vec<Block>,
    /// The other ends as the input writes them.
    pub(crate) peers_text: String,
    /// Whether the internet is one of them.
    pub(crate) internet: bool,
    /// Who said it.
    pub(crate) speaker: Speaker,
}

/// Who made a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The standard of every tier.
    Standard,
    /// A rule of the layout or tier.
    Rule,
    /// A top-level intent, by birth ordinal.
    Intent(u32),
}

/// Everything that is said of the tiers of a VPC, by tier in the order of its ACLs.
pub(crate) fn said_of(design: &Design, allocation: &Allocation, vpc: VpcId) -> Vec<Vec<Origin>> {
    let facts = Facts::new(design, allocation);
    let mut ignored = Vec::new();
    let segments = Segments::new(&facts, &mut ignored);
    let reach = Reach::new(&facts, &segments);
    let ways: Vec<Ways> = facts.vpcs.iter().map(|vpc| Ways::of(&reach, vpc)).collect();
    let said = acl::statements(&facts, &ways, &mut ignored);
    let own = said.into_iter().nth(vpc.index()).unwrap_or_default();
    own.iter().map(|tier| tier.iter().map(origin).collect()).collect()
}

fn origin(statement: &AclStatement) -> Origin {
    let AclStatement { opens: _, action: _, services: _, peers, voice, name, why: _ } = statement;
    Origin {
        name: name.to_string(),
        peers: peers.blocks.clone(),
        peers_text: peers.text.clone(),
        internet: peers.internet,
        speaker: match voice {
            AclVoice::Standard(_) => Speaker::Standard,
            AclVoice::Rule => Speaker::Rule,
            AclVoice::Intent(birth) => Speaker::Intent(*birth),
        },
    }
}

//! Whether a tree does what the input says, and nothing else.
//!
//! Three comparisons, which share no code with whoever wrote the tree: every ACL with what input and standard mean for it
//! (`meaning`, `declared`), every route table of a gateway with the segments (`segments`), every address with the
//! lock (`arithmetic`). And the flows themselves, end to end: each intent holds in both directions for all client
//! ports, and what is open beyond is declared, or inherent in stateless rules.

mod acls;
mod arithmetic;
mod asked;
mod declared;
mod ends;
mod flows;
mod meaning;
mod places;
mod routes;
mod segments;
mod structure;

use std::collections::BTreeMap;

use tanada_model::design::Design;
use tanada_model::diagnostic::{Code, Severity};
use tanada_model::lock::Lock;

use crate::network::{Network, NetworkError, NetworkErrorKind};
use crate::reach::{End, Services};
use crate::trace::Hop;
use crate::{Place, Unread};

pub use asked::Asked;
use declared::Declared;
use places::Places;

macro_rules! codes {
    ($($name:ident = $severity:ident $text:literal: $explanation:literal;)*) => {
        $(
            #[doc = $explanation]
            pub const $name: Code = Code { name: $text, severity: Severity::$severity, explanation: $explanation };
        )*

        /// Every code of a finding.
        pub const CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    TREE_CONTRADICTS = Error "tree-contradicts": "Something in the tree leads nowhere or contradicts itself, as AWS would say at apply: a route without target, two rules of one number, a segment that no gateway has.";
    TREE_UNFOLLOWED = Error "tree-unfollowed": "Something that people added to a root decides, or may decide, who reaches whom, and is not followed: a peering, a route by a prefix list, a second VPC. What is said of the tree may not hold. Accepted, it is left out, and all is said of the rest.";
    NOT_UNDERSTOOD = Note "not-understood": "Something that people added to a root is no part of the Terraform that is understood here, and by its type decides nothing. Nothing is said of what it does.";
    TREE_STRUCTURE = Error "tree-structure": "A VPC, a subnet or an attachment of the tree is not what the input says, or could not work: wrong tags, overlapping addresses, a zone without a way to the gateway.";
    TREE_ADDRESSES = Error "tree-addresses": "An address in the tree is not the one that the positions in the lock stand for.";
    ACL_OPEN = Error "acl-open": "An ACL lets packets pass that no intent, rule or standard asks for.";
    ACL_CLOSED = Error "acl-closed": "An ACL stops packets that an intent, a rule or the standard lets pass.";
    SEGMENT_ASTRAY = Error "segment-astray": "A route table of a gateway leads packets elsewhere than the segments of the input say.";
    ROUTE_ASTRAY = Error "route-astray": "A route table of a VPC leads packets elsewhere than the tier's way to the gateway or the internet says.";
    FLOW_BROKEN = Error "flow-broken": "Connections that the input allows do not work: the packet that opens them or the answer is stopped on the way.";
    FLOW_UNDECLARED = Error "flow-undeclared": "Connections work that no intent, rule or standard allows.";
    FLOW_INHERENT = Note "flow-inherent": "Connections work that nobody asked for, because stateless rules cannot tell them from answers: who may be answered on client ports can also open connections there, from the port that was opened to it. Known and listed; an error with `--strict`, or where `severity` says so.";
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// Where the line is that decides; `None`: it is no single one.
    pub place: Option<Place>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Of a flow, what decided on its way.
    pub hops: Vec<Hop>,
    /// Of an ACL its tier, of a flow both ends.
    pub ends: Vec<End>,
}

/// Connections that nobody asked for and that stateless rules cannot keep out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inherent {
    /// Who could open them; sorted.
    pub from: Vec<End>,
    /// To whom; sorted.
    pub to: Vec<End>,
    /// On which services.
    pub services: Services,
    /// And from which client ports (for ICMP and other protocols: whether at all).
    pub clients: Services,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong, sorted by place.
    pub findings: Vec<Finding>,
    /// What somebody accepted, sorted by place: what wider rows let through (`accept "acl-excess"`), and what is not followed
    /// (`accept "tree-unfollowed"`).
    pub accepted: Vec<Finding>,
    /// What is open by the nature of stateless rules.
    pub inherent: Vec<Inherent>,
    /// Between which parties more is open than that.
    pub asked: Asked,
    /// What people added to roots and is not understood: nothing is said of what it does.
    pub unread: Vec<Unread>,
    /// VPCs of the tree.
    pub vpcs: usize,
    /// Top-level intents that were followed.
    pub intents: usize,
    /// Pairs of ends whose flows were compared, all of them: tiers, sites and the internet, each with each.
    pub pairs: u64,
    /// Classes of places that these pairs fall into.
    pub classes: usize,
}

/// Compares a tree with input and lock. `errors`: what was wrong when the network was made of the tree.
pub fn verify(mut network: Network, errors: Vec<NetworkError>, design: &Design, lock: &Lock) -> Report {
    let unread = std::mem::take(&mut network.unread);
    let pools = arithmetic::pools(design, lock);
    place_sites(&mut network, design, lock);
    let places = Places::new(design, &network, &pools);
    let declared = Declared::new(&places);
    let mut report =
        Report { unread, vpcs: network.vpcs.len(), intents: design.intents.len(), ..Report::default() };
    report.findings.extend(errors.into_iter().map(Finding::of_network));
    let (others, ()) = rayon::join(
        || besides(&places, design, lock, &network),
        || flows::check(&places, &declared, &mut report),
    );
    report.findings.extend(others);
    report
        .findings
        .sort_by(|a, b| (&a.place, a.code.name, &a.message).cmp(&(&b.place, b.code.name, &b.message)));
    report.findings.dedup();
    let (accepted, findings) = report.findings.drain(..).partition(|finding| finding.is_accepted(design));
    (report.accepted, report.findings) = (accepted, findings);
    report
}

/// Says of a network what lies at its sites, as the input has it: a tree tells only where static routes lead.
pub fn place_sites(network: &mut Network, design: &Design, lock: &Lock) {
    let pools = arithmetic::pools(design, lock);
    for (name, blocks) in site_ranges(design, network, &pools) {
        network.set_ranges(&name, &blocks);
    }
}

/// What is compared besides ACLs and flows.
fn besides(places: &Places<'_>, design: &Design, lock: &Lock, network: &Network) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(structure::check(design, network).into_iter().map(plain(TREE_STRUCTURE)));
    findings.extend(arithmetic::compare(design, lock, network).into_iter().map(plain(TREE_ADDRESSES)));
    let (astray, associations) = segments::compare(places);
    findings.extend(astray.iter().map(|one| segment_finding(network, one)));
    findings.extend(associations.into_iter().map(plain(SEGMENT_ASTRAY)));
    findings.extend(routes::compare(places).into_iter().map(plain(ROUTE_ASTRAY)));
    findings
}

/// Makes findings that are a line and what is wrong there.
fn plain(code: Code) -> impl Fn((Place, String)) -> Finding {
    move |(place, message)| Finding::new(code, Some(place), message)
}

impl Finding {
    /// Whether the input says that this is a choice: the excess of rows that were made wider to fit into an ACL, or what
    /// somebody added beside the tree.
    fn is_accepted(&self, design: &Design) -> bool {
        if self.code == TREE_UNFOLLOWED {
            return self.place.as_ref().is_some_and(|place| is_beside(design, place));
        }
        let excess = [ACL_OPEN, FLOW_UNDECLARED].contains(&self.code);
        let accepted = |end: &End| match end {
            End::Tier { vpc, team: _, tier } => design.vpcs.by_name(vpc).is_some_and(|vpc| {
                let own = format!("team.{}.{}", design.teams.name(vpc.team), vpc.entity.name);
                design.accepted("acl-excess", &own) || design.accepted("acl-excess", &format!("{own}.{tier}"))
            }),
            End::Site(_) | End::Internet => false,
        };
        excess && self.ends.iter().any(accepted)
    }

    fn of_network(NetworkError { place, kind, message }: NetworkError) -> Self {
        let code = match kind {
            NetworkErrorKind::Contradiction => TREE_CONTRADICTS,
            NetworkErrorKind::Unfollowed => TREE_UNFOLLOWED,
        };
        Self::new(code, Some(place), message)
    }

    fn new(code: Code, place: Option<Place>, message: String) -> Self {
        Self { code, place, message, hops: Vec::new(), ends: Vec::new() }
    }
}

/// Whether something is not followed, and the input accepts that: what is said of the tree is then meant without it.
pub fn is_accepted(design: &Design, error: &NetworkError) -> bool {
    let NetworkError { place, kind, message: _ } = error;
    match kind {
        NetworkErrorKind::Unfollowed => is_beside(design, place),
        NetworkErrorKind::Contradiction => false,
    }
}

/// Whether the input accepts what is not followed in the root that a place lies in.
fn is_beside(design: &Design, place: &Place) -> bool {
    let mut folders = place.file().split('/');
    let object = match (folders.next(), folders.next(), folders.next()) {
        (Some("teams"), Some(team), Some(vpc)) => format!("team.{team}.{vpc}"),
        (Some("hub"), Some(hub), Some(_) | None) => format!("hub.{hub}"),
        (Some(_) | None, Some(_) | None, Some(_) | None) => String::new(),
    };
    design.accepted(TREE_UNFOLLOWED.name, &object)
}

/// What lies at sites, by the name of each attachment.
fn site_ranges(
    design: &Design,
    network: &Network,
    pools: &BTreeMap<String, Vec<tanada_model::net::Block>>,
) -> Vec<(String, Vec<tanada_model::net::Block>)> {
    let places = Places::new(design, network, pools);
    let mut all = Vec::new();
    for (id, site) in design.sites.iter() {
        let ranges: Vec<_> = places.site(id).into_iter().filter(|range| !range.is_everything()).collect();
        all.extend(
            site.links
                .iter()
                .map(|link| (format!("{}-{}", site.entity.name, link.entity.name), ranges.clone())),
        );
    }
    all
}

fn segment_finding(network: &Network, astray: &segments::Astray) -> Finding {
    let segments::Astray { table, addresses: (first, last), declared, found, place } = astray;
    let name = |led: &segments::Led| match led {
        segments::Led::Nowhere => "nowhere".to_owned(),
        segments::Led::Dropped => "into a blackhole".to_owned(),
        segments::Led::To(attachment) => format!("to `{}`", network.attachments[*attachment].name),
    };
    let addresses = tanada_model::acl::Interval::new(*first, *last).map(|interval| interval.blocks());
    let blocks: Vec<String> = addresses.unwrap_or_default().iter().map(ToString::to_string).collect();
    let shown = if blocks.len() > 4 {
        format!("{} and {} further blocks", blocks[..3].join(", "), blocks.len() - 3)
    } else {
        blocks.join(", ")
    };
    let segment = &network.transit_tables[*table].segment;
    let message =
        format!("segment `{segment}` leads {shown} {}; the input says {}", name(found), name(declared));
    Finding::new(SEGMENT_ASTRAY, Some(place.clone()), message)
}

use super::{Cell, CellSet, Interval};
use crate::net::Block;

/// Packets by the address of the peer, the number of the protocol, and the port (see [`Match`]).
pub type Packets = CellSet<3>;

/// Numbers of protocols whose packets are told apart further.
pub mod protocol {
    /// ICMP, by type and code.
    pub const ICMP: u8 = 1;
    /// TCP, by destination port.
    pub const TCP: u8 = 6;
    /// UDP, by destination port.
    pub const UDP: u8 = 17;
}

/// Every value of a field of 8 and of 16 bits.
const BYTE: Interval = Interval::up_to(u8::MAX as u32);
const PORTS: Interval = Interval::up_to(u16::MAX as u32);

/// What one rule speaks of: peer, protocol, and destination port; of ICMP 256 x type + code in place of the port, of
/// other protocols all 65,536 values, so that every protocol weighs the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Match(Cell<3>);

impl Match {
    /// Every packet from or to `block`.
    pub fn all(block: Block) -> Self {
        Self(Cell([block.into(), BYTE, PORTS]))
    }

    /// Every packet of one protocol, by its number.
    pub fn protocol(block: Block, protocol: u8) -> Self {
        Self(Cell([block.into(), Interval::one(protocol.into()), PORTS]))
    }

    /// TCP or UDP (by number) to ports, both ends included; `None` when `last` lies before `first`.
    pub fn ports(block: Block, protocol: u8, first: u16, last: u16) -> Option<Self> {
        let ports = Interval::new(first.into(), last.into())?;
        Some(Self(Cell([block.into(), Interval::one(protocol.into()), ports])))
    }

    /// ICMP of one type, or of one type and code.
    pub fn icmp(block: Block, kind: u8, code: Option<u8>) -> Self {
        let first = 256 * u32::from(kind) + u32::from(code.unwrap_or(0));
        let last = 256 * u32::from(kind) + u32::from(code.unwrap_or(u8::MAX));
        let kinds = Interval::new(first, last).unwrap_or(PORTS);
        Self(Cell([block.into(), Interval::one(protocol::ICMP.into()), kinds]))
    }

    /// The packets.
    pub fn cell(&self) -> &Cell<3> {
        &self.0
    }

    /// Whether every packet of `other` is one of this.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.covers(&other.0)
    }

    /// Whether some packet is one of both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.overlaps(&other.0)
    }
}

/// What rules decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Packets that a rule lets pass.
    pub allowed: Packets,
    /// Packets that a rule stops. What no rule matches is in neither.
    pub denied: Packets,
}

/// What rules let pass and stop, the first that matches deciding. Each is whether it allows, and what it speaks of.
///
/// ```
/// use tanada_model::acl::{Match, decided, protocol};
///
/// let block = |text: &str| text.parse().unwrap();
/// let rules = [
///     (false, Match::ports(block("10.0.0.0/8"), protocol::TCP, 3389, 3389).unwrap()),
///     (true, Match::ports(block("10.1.0.0/16"), protocol::TCP, 1024, 65535).unwrap()),
/// ];
/// let allowed = decided(rules).allowed;
/// assert!(allowed.contains([0x0a01_0001, 6, 8080]) && !allowed.contains([0x0a01_0001, 6, 3389]));
/// ```
pub fn decided(rules: impl IntoIterator<Item = (bool, Match)>) -> Decided {
    let mut decided = Decided::default();
    for (allows, Match(cell)) in rules {
        let mut new = Packets::from(cell);
        for known in decided.allowed.cells().iter().chain(decided.denied.cells()) {
            new.remove(known);
        }
        let side = if allows { &mut decided.allowed } else { &mut decided.denied };
        // Disjoint from both already.
        side.append(new);
    }
    decided
}

/// Why no packet reaches a rule. Rules are named by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Never {
    /// This earlier rule matches everything that it would: the first of those that do.
    Covered(usize),
    /// No single one does, but these earlier rules together do. None of them can be left out.
    Together(Vec<usize>),
}

/// Rules that no packet reaches, with the reason: wherever they stand, they decide nothing.
pub fn never_matching(rules: &[Match]) -> Vec<(usize, Never)> {
    let mut found = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let earlier = rules.get(..at).unwrap_or_default();
        if let Some(cover) = earlier.iter().position(|other| other.covers(rule)) {
            found.push((at, Never::Covered(cover)));
            continue;
        }
        let near: Vec<usize> =
            earlier.iter().enumerate().filter(|(_, other)| other.overlaps(rule)).map(|(i, _)| i).collect();
        if covered(rules, &near, rule) {
            found.push((at, Never::Together(needed(rules, near, rule))));
        }
    }
    found
}

/// Whether some rules together match all that `rule` does.
fn covered(rules: &[Match], by: &[usize], rule: &Match) -> bool {
    let mut left = Packets::from(rule.0);
    for other in by.iter().filter_map(|&i| rules.get(i)) {
        left.remove(&other.0);
    }
    left.is_empty()
}

/// Of rules that cover `rule` those that are needed for it; of several choices the one with the earliest.
fn needed(rules: &[Match], mut by: Vec<usize>, rule: &Match) -> Vec<usize> {
    for at in (0..by.len()).rev() {
        let without: Vec<usize> = by.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, &i)| i).collect();
        if covered(rules, &without, rule) {
            by = without;
        }
    }
    by
}

/// Whether the rule at `at` could as well be missing: each packet that reaches it is decided in the same way by what
/// follows; what no rule matches is stopped. Exact, by several rules together, too.
///
/// Each rule is whether it allows, and what it speaks of. Of two rules that are idle only because of each other, only
/// one may go.
pub fn idle(rules: &[(bool, Match)], at: usize) -> bool {
    let Some((allows, rule)) = rules.get(at) else { return false };
    // Of nearly every rule that is needed a corner shows it.
    let others = |corner: [u32; 3]| {
        let speaks = |(i, (also, other)): (usize, &(bool, Match))| {
            i != at && (i < at || also == allows) && other.0.contains(corner)
        };
        rules.iter().enumerate().any(speaks)
    };
    if *allows && !(others(rule.0.0.map(Interval::first)) && others(rule.0.0.map(Interval::last))) {
        return false;
    }
    let mut left = Packets::from(rule.0);
    for (_, earlier) in rules.iter().take(at) {
        left.remove(&earlier.0);
    }
    for (also, later) in rules.iter().skip(at + 1) {
        if left.is_empty() {
            return true;
        }
        if also == allows {
            left.remove(&later.0);
        } else if left.overlaps(&later.0) {
            return false;
        }
    }
    left.is_empty() || !allows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block(text: &str) -> Block {
        text.parse().unwrap()
    }

    fn tcp(text: &str, first: u16, last: u16) -> Match {
        Match::ports(block(text), protocol::TCP, first, last).unwrap()
    }

    #[test]
    fn one_rule_or_several_together() {
        let rules = [
            tcp("10.0.0.0/9", 0, 1023),
            tcp("10.128.0.0/9", 0, 500),
            tcp("10.0.0.0/16", 80, 80),
            tcp("10.0.0.0/8", 22, 443),
            tcp("10.0.0.0/8", 22, 501),
            Match::icmp(block("10.0.0.0/8"), 8, None),
            Match::icmp(block("10.1.0.0/16"), 8, Some(0)),
            Match::icmp(block("10.1.0.0/16"), 0, Some(0)),
            Match::protocol(block("10.0.0.0/8"), 50),
            Match::all(block("0.0.0.0/0")),
            Match::all(block("10.0.0.0/8")),
        ];
        let expected = [
            (2, Never::Covered(0)),
            (3, Never::Together(vec![0, 1])),
            (6, Never::Covered(5)),
            (10, Never::Covered(9)),
        ];
        assert_eq!(never_matching(&rules), expected);
        assert_eq!(Match::ports(block("10.0.0.0/8"), protocol::UDP, 2, 1), None);
    }

    /// Rules over eight addresses, two protocols and four ports, so that every packet can be tried.
    fn some_rules() -> impl Strategy<Value = Vec<(bool, Match)>> {
        let rule = (any::<bool>(), 0_u32..8, 29_u8..=32, 0..3, 0_u16..4, 0_u16..4).prop_map(
            |(allows, address, len, protocol, a, b)| {
                let block = Block::containing(address.into(), len);
                let rule = match protocol {
                    0 => Match::all(block),
                    1 => Match::ports(block, protocol::TCP, a.min(b), a.max(b)).unwrap(),
                    _ => Match::protocol(block, 50),
                };
                (allows, rule)
            },
        );
        proptest::collection::vec(rule, 0..7)
    }

    /// Packets that such rules tell apart: of other protocols one stands for all.
    fn packets() -> impl Iterator<Item = [u32; 3]> {
        let ports = [0, 1, 2, 3, 4, 65535];
        (0..9).flat_map(move |address| {
            [6, 50, 51].into_iter().flat_map(move |number| ports.map(|port| [address, number, port]))
        })
    }

    fn passes(rules: &[(bool, Match)], packet: [u32; 3]) -> Option<bool> {
        rules.iter().find(|(_, rule)| rule.cell().contains(packet)).map(|(allows, _)| *allows)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rules_read_packet_by_packet(rules in some_rules()) {
            let Decided { allowed, denied } = decided(rules.iter().copied());
            for packet in packets() {
                let verdict = passes(&rules, packet);
                prop_assert_eq!(allowed.contains(packet), verdict == Some(true));
                prop_assert_eq!(denied.contains(packet), verdict == Some(false));
            }
            let matches: Vec<Match> = rules.iter().map(|(_, rule)| *rule).collect();
            let never = never_matching(&matches);
            for (at, rule) in matches.iter().enumerate() {
                let reached = packets().any(|packet| {
                    rule.cell().contains(packet) && passes(&rules[..at], packet).is_none()
                });
                prop_assert_eq!(never.iter().any(|(i, _)| *i == at), !reached, "{}", at);
                let mut without = rules.clone();
                without.remove(at);
                let same = packets().all(|packet| {
                    passes(&without, packet).unwrap_or(false) == passes(&rules, packet).unwrap_or(false)
                });
                prop_assert_eq!(idle(&rules, at), same, "{}", at);
            }
            for (at, why) in never {
                let Never::Together(by) = why else { continue };
                prop_assert!(by.len() > 1 && by.iter().all(|i| *i < at));
                prop_assert!(covered(&matches, &by, &matches[at]));
                for left_out in &by {
                    let others: Vec<usize> = by.iter().copied().filter(|i| i != left_out).collect();
                    prop_assert!(!covered(&matches, &others, &matches[at]));
                }
            }
        }
    }
}

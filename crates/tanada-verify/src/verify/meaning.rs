//! What statements about one tier mean, for every address: the narrower one holds, wherever it stands.
//!
//! This is the language's section on who may talk, read a second time: as sets, without rows and numbers.

use std::collections::BTreeMap;

use tanada_model::design::Action;
use tanada_model::net::Block;

use crate::reach::{Ports, RangeMap, Services};

/// Who opens a connection, seen from the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Opens {
    /// The peer.
    Inward,
    /// The tier.
    Outward,
}

/// A statement about a tier. Peers are a number: whoever says the same of the same peers shares everything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) opens: Opens,
    pub(super) denies: bool,
    pub(super) services: Services,
    /// Whether it speaks of all protocols.
    pub(super) all: bool,
    /// Number of the peers in [`Peers`].
    pub(super) peers: u32,
    /// Whether the internet is a peer.
    pub(super) internet: bool,
}

/// Prefix lengths of the peers that hold an address, as bits.
type Lengths = u64;

/// Sets of peers by number, each with the lengths of its blocks at every address.
#[derive(Debug, Default)]
pub(super) struct Peers {
    numbers: BTreeMap<Vec<Block>, u32>,
    maps: Vec<RangeMap<Lengths>>,
    sets: Vec<Vec<Block>>,
}

impl Peers {
    /// The number of a set of blocks.
    pub(super) fn number(&mut self, mut blocks: Vec<Block>) -> u32 {
        blocks.sort_unstable();
        blocks.dedup();
        if let Some(&known) = self.numbers.get(&blocks) {
            return known;
        }
        let number = u32::try_from(self.maps.len()).unwrap_or(u32::MAX);
        self.maps.push(lengths(&blocks));
        self.sets.push(blocks.clone());
        self.numbers.insert(blocks, number);
        number
    }

    fn at(&self, peers: u32, address: u32) -> Lengths {
        self.maps[peers as usize].at(address)
    }

    /// The blocks of a set.
    pub(super) fn of(&self, peers: u32) -> &[Block] {
        &self.sets[peers as usize]
    }
}

fn lengths(blocks: &[Block]) -> RangeMap<Lengths> {
    let mut outer: Vec<(Block, Lengths)> = Vec::new();
    let mut all = Vec::with_capacity(blocks.len());
    for &block in blocks {
        while outer.last().is_some_and(|(last, _)| !last.contains(block)) {
            outer.pop();
        }
        let own = outer.last().map_or(0, |(_, lengths)| *lengths) | 1 << block.prefix_len();
        outer.push((block, own));
        all.push((block, own));
    }
    RangeMap::longest_prefix(all, 0)
}

/// Packets of one direction between a tier and an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Meant {
    /// That open connections.
    pub(super) opening: Services,
    /// All: these, and answers to what the other side opens.
    pub(super) passes: Services,
}

/// What is said of a packet's peer: of what kind, at which lengths. Sorted, each kind once.
type Signature = Vec<(u32, Lengths)>;

/// All of a statement but its peers. What is said of an address depends on the lengths of the peers that hold it, and not on
/// which peers they are, so that VPCs of one layout are read once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    opens: Opens,
    denies: bool,
    services: Services,
    all: bool,
}

/// Statements by number.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) peers: Peers,
    statements: BTreeMap<Said, usize>,
    list: Vec<Said>,
    kinds: BTreeMap<Kind, u32>,
    kinds_list: Vec<Kind>,
    /// Of each statement.
    kind_of: Vec<u32>,
}

impl Reading {
    /// The number of a statement.
    pub(super) fn statement(&mut self, said: Said) -> usize {
        if let Some(&known) = self.statements.get(&said) {
            return known;
        }
        let Said { opens, denies, services, all, peers: _, internet: _ } = &said;
        let kind = Kind { opens: *opens, denies: *denies, services: services.clone(), all: *all };
        let next = u32::try_from(self.kinds_list.len()).unwrap_or(u32::MAX);
        let list = &mut self.kinds_list;
        let kind = *self.kinds.entry(kind).or_insert_with_key(|kind| {
            list.push(kind.clone());
            next
        });
        let number = self.list.len();
        self.kind_of.push(kind);
        self.list.push(said.clone());
        self.statements.insert(said, number);
        number
    }

    /// A statement by number.
    pub(super) fn said(&self, number: usize) -> &Said {
        &self.list[number]
    }

    /// Level by level, the narrowest first.
    fn read(&self, side: Opens, signature: &Signature) -> Meant {
        let mut levels = Levels::default();
        let kinds = || signature.iter().map(|(at, lengths)| (&self.kinds_list[*at as usize], *lengths));
        for (kind, lengths) in kinds().filter(|(kind, _)| kind.opens == side) {
            levels.say(kind, lengths);
        }
        for (kind, lengths) in kinds().filter(|(kind, _)| kind.opens != side && !kind.denies) {
            levels.answer(kind, lengths, side);
        }
        levels.decide()
    }
}

/// Reads statements for addresses; remembers what it has read. Several may read at once, each for itself.
#[derive(Debug)]
pub(super) struct Meanings<'r> {
    reading: &'r Reading,
    known: BTreeMap<(Opens, Signature), u32>,
    meant: Vec<Meant>,
    numbers: BTreeMap<Meant, u32>,
}

impl<'r> Meanings<'r> {
    pub(super) fn new(reading: &'r Reading) -> Self {
        Self { reading, known: BTreeMap::new(), meant: Vec::new(), numbers: BTreeMap::new() }
    }

    /// What statements (by number) mean for packets of one direction from or to an address. `side`: inward are packets to
    /// the tier. `online`: the address may be in the internet.
    pub(super) fn at(&mut self, statements: &[usize], side: Opens, address: u32, online: bool) -> &Meant {
        let reading = self.reading;
        let mut signature: Signature = Vec::with_capacity(statements.len());
        for &at in statements {
            let said = &reading.list[at];
            let mut lengths = reading.peers.at(said.peers, address);
            if said.internet && online {
                // Bit 63 stands for the internet: it is said at length 0, and of remote desktop less than of 0.0.0.0/0.
                lengths |= INTERNET;
            }
            if lengths != 0 {
                signature.push((reading.kind_of[at], lengths));
            }
        }
        signature.sort_unstable();
        // What is said twice is said at the lengths of both.
        signature.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 |= later.1;
            }
            same
        });
        let key = (side, signature);
        let number = match self.known.get(&key) {
            Some(&known) => known,
            None => self.add(key),
        };
        &self.meant[number as usize]
    }

    fn add(&mut self, key: (Opens, Signature)) -> u32 {
        let meant = self.reading.read(key.0, &key.1);
        let next = u32::try_from(self.meant.len()).unwrap_or(u32::MAX);
        let list = &mut self.meant;
        let number = *self.numbers.entry(meant).or_insert_with_key(|meant| {
            list.push(meant.clone());
            next
        });
        self.known.insert(key, number);
        number
    }
}

const INTERNET: Lengths = 1 << 63;

/// What is said at one prefix length.
#[derive(Clone, Debug, Default)]
struct Level {
    denied: Services,
    /// Denied by statements that name ports.
    denied_ports: Services,
    opened: Services,
    answers: Services,
}

/// By prefix length.
#[derive(Debug)]
struct Levels([Level; 33]);

impl Default for Levels {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Level::default()))
    }
}

/// Prefix lengths among bits; the internet is said at 0.
fn lengths_of(bits: Lengths) -> impl Iterator<Item = usize> {
    (0..=32).filter(move |len| bits & 1 << len != 0 || (*len == 0 && bits & INTERNET != 0))
}

impl Levels {
    fn say(&mut self, said: &Kind, bits: Lengths) {
        for len in lengths_of(bits) {
            let level = &mut self.0[len];
            if said.denies {
                level.denied = level.denied.or(&said.services);
                if !said.all {
                    level.denied_ports = level.denied_ports.or(&said.services);
                }
            } else {
                level.opened = level.opened.or(&said.services);
            }
        }
    }

    /// Answers, without ports that the next wider thing said of them denies.
    fn answer(&mut self, said: &Kind, bits: Lengths, side: Opens) {
        let mut answers = said.services.answers();
        // Of all protocols, TCP and UDP have ports to answer to.
        if said.all {
            (answers.icmp, answers.other) = (false, false);
        }
        for len in (0..=32).filter(|len| bits & 1 << len != 0) {
            let (mut open, mut bound) = (answers.clone(), Services::default());
            for wider in self.0[..len].iter().rev() {
                bound = bound.or(&open.and(&wider.denied_ports));
                open = open.minus(&wider.denied).minus(&wider.opened);
            }
            let level = &mut self.0[len];
            level.answers = level.answers.or(&answers.minus(&bound));
        }
        if bits & INTERNET != 0 {
            let mut answers = answers;
            if side == Opens::Inward {
                answers.tcp = answers.tcp.minus(&Ports::range(3389, 3389));
            }
            self.0[0].answers = self.0[0].answers.or(&answers);
        }
    }

    fn decide(self) -> Meant {
        let (mut meant, mut opened, mut said) = (Meant::default(), Services::default(), Services::default());
        for level in self.0.into_iter().rev() {
            let Level { denied, denied_ports: _, opened: opens, answers } = level;
            // As openings alone.
            opened = opened.or(&denied);
            meant.opening = meant.opening.or(&opens.minus(&opened));
            opened = opened.or(&opens);
            // With answers.
            said = said.or(&denied);
            let allowed = opens.or(&answers);
            meant.passes = meant.passes.or(&allowed.minus(&said));
            said = said.or(&allowed);
        }
        meant
    }
}

/// Whether an action stops.
pub(super) fn denies(action: Action) -> bool {
    match action {
        Action::Deny => true,
        Action::Allow => false,
    }
}

//! Random estates and random edits of them.

use std::collections::BTreeMap;

mod edits;
mod text;
mod upgrade;

use self::upgrade::Upgrade;

/// A generator of numbers that are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end.max(1)
    }

    fn one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }
}

/// An estate with one layout and one VPC a team.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    /// Letter to id without its region.
    zones: BTreeMap<char, String>,
    /// Letter to the letter before.
    old_letters: BTreeMap<char, char>,
    /// Whether everything is in the other region.
    is_elsewhere: bool,
    /// How the hub's module is written.
    pub(crate) upgrade: Upgrade,
    /// Letters of the layout.
    letters: Vec<char>,
    /// Letter of the layout of further blocks.
    pod_letter: char,
    tiers: Vec<Tier>,
    one_nat: bool,
    teams: Vec<Team>,
    segments: Vec<Segment>,
    intents: Vec<Intent>,
    tags: BTreeMap<&'static str, usize>,
    logs: Option<usize>,
    asn: u32,
    hub: Named,
    pool: Named,
    site: Named,
    /// That of every VPC, which are called as it is.
    environment: Named,
    link: Named,
    reserved: Named,
    /// Of the hub, and of some teams.
    accounts: [Named; 2],
    /// Names are never used twice.
    next: usize,
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    was: Option<String>,
}

#[derive(Clone, Debug)]
struct Tier {
    named: Named,
    newbits: u8,
    internet: &'static str,
    accepts: Option<Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Team {
    named: Named,
    headroom: u8,
    segment: Option<String>,
    account: bool,
    pin: Option<usize>,
    block: bool,
    tag: usize,
}

#[derive(Clone, Debug)]
struct Segment {
    named: Named,
    reaches: Vec<String>,
}

#[derive(Clone, Debug)]
struct Intent {
    name: String,
    from: String,
    to: String,
    tier: String,
    port: usize,
}

impl Named {
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), was: None }
    }

    fn rename(&mut self, name: String) {
        let old = std::mem::replace(&mut self.name, name);
        self.was.get_or_insert(old);
    }

    fn line(&self) -> String {
        self.was.as_ref().map(|was| format!("  renamed_from = \"{was}\"\n")).unwrap_or_default()
    }
}

impl Sketch {
    pub(crate) fn new(random: &mut Random, vpcs: usize) -> Self {
        let tier = |name: &str, newbits, internet, accepts| Tier {
            named: Named::new(name),
            newbits,
            internet,
            accepts,
        };
        let zones = [('a', "az4"), ('c', "az1"), ('d', "az2")];
        let segments = vec![
            Segment { named: Named::new("live"), reaches: vec!["live".to_owned(), "common".to_owned()] },
            Segment { named: Named::new("common"), reaches: Vec::new() },
        ];
        let mut sketch = Self {
            zones: zones.iter().map(|(letter, id)| (*letter, (*id).to_owned())).collect(),
            old_letters: BTreeMap::new(),
            pod_letter: 'a',
            is_elsewhere: false,
            upgrade: Upgrade::default(),
            letters: if random.one_in(2) { vec!['a', 'c'] } else { vec!['a'] },
            tiers: vec![
                tier("private", 3, ["out", "none"][random.below(2)], None),
                tier("public", 4, "in", None),
                tier("data", 5, "none", Some(vec![0])),
            ],
            one_nat: random.one_in(2),
            teams: Vec::new(),
            segments,
            intents: Vec::new(),
            tags: BTreeMap::new(),
            logs: random.one_in(2).then_some(0),
            asn: 64512,
            hub: Named::new("tokyo"),
            pool: Named::new("main"),
            site: Named::new("office"),
            environment: Named::new("live"),
            link: Named::new("fibre"),
            reserved: Named::new("lab"),
            accounts: ["hub", "team"].map(Named::new),
            next: 0,
        };
        for _ in 0..vpcs {
            sketch.add_team(random);
        }
        for _ in 0..vpcs / 2 {
            sketch.add_intent(random);
        }
        sketch
    }

    fn name(&mut self, what: &str) -> String {
        self.next += 1;
        format!("{what}{}", self.next)
    }

    fn add_team(&mut self, random: &mut Random) {
        let name = self.name("team");
        self.teams.push(Team {
            named: Named::new(name),
            headroom: 1,
            segment: random
                .one_in(4)
                .then(|| self.segments[random.below(self.segments.len())].named.name.clone()),
            account: random.one_in(3),
            pin: random.one_in(4).then_some(self.next),
            block: random.one_in(5),
            tag: 0,
        });
    }

    fn add_intent(&mut self, random: &mut Random) {
        let name = self.name("intent");
        let from = self.teams[random.below(self.teams.len())].named.name.clone();
        let to = self.teams[random.below(self.teams.len())].named.name.clone();
        let tier = self.tiers[random.below(self.tiers.len())].named.name.clone();
        let port = 100 + random.below(900);
        self.intents.push(Intent { name, from, to, tier, port });
    }

    /// Everything that can be called otherwise is.
    pub(crate) fn rename_all(&mut self) {
        let new = |name: &str| format!("{name}x");
        let teams = self.teams.iter_mut();
        teams.for_each(|team| team.segment = team.segment.as_deref().map(new));
        self.segments.iter_mut().flat_map(|it| &mut it.reaches).for_each(|it| *it = new(it));
        for intent in &mut self.intents {
            (intent.from, intent.to, intent.tier) = (new(&intent.from), new(&intent.to), new(&intent.tier));
        }
        self.names().for_each(|named| named.rename(new(&named.name)));
        for letter in self.zones.keys().copied().collect::<Vec<_>>() {
            self.rename_zone(letter, char::from(letter as u8 + 10));
        }
    }

    fn rename_zone(&mut self, old: char, new: char) {
        let Some(id) = self.zones.remove(&old) else { return };
        self.zones.insert(new, id);
        let letters = self.letters.iter_mut().chain([&mut self.pod_letter]);
        letters.filter(|it| **it == old).for_each(|it| *it = new);
        let first = self.old_letters.remove(&old).unwrap_or(old);
        self.old_letters.insert(new, first);
    }

    fn names(&mut self) -> impl Iterator<Item = &mut Named> {
        let Self { tiers, teams, segments, hub, pool, site, environment, link, reserved, accounts, .. } =
            self;
        let names = tiers.iter_mut().map(|it| &mut it.named);
        let names = names.chain(teams.iter_mut().map(|it| &mut it.named));
        let names = names.chain(segments.iter_mut().map(|it| &mut it.named));
        names.chain([hub, pool, site, environment, link, reserved]).chain(accounts)
    }

    /// After an edit was applied: old names need not be told any more.
    pub(crate) fn settle(&mut self) {
        self.names().for_each(|named| named.was = None);
        self.old_letters.clear();
        self.upgrade.settle();
    }
}

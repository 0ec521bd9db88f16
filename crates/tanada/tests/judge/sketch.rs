//! Random estates and random edits of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tanada_render::allocate::Consent;

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
    /// Letter to id.
    zones: BTreeMap<char, String>,
    /// Letters of the layout.
    letters: Vec<char>,
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
        let zones = [('a', "apne1-az4"), ('c', "apne1-az1"), ('d', "apne1-az2")];
        let segments = vec![
            Segment { named: Named::new("live"), reaches: vec!["live".to_owned(), "common".to_owned()] },
            Segment { named: Named::new("common"), reaches: Vec::new() },
        ];
        let mut sketch = Self {
            zones: zones.iter().map(|(letter, id)| (*letter, (*id).to_owned())).collect(),
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
    }

    fn names(&mut self) -> impl Iterator<Item = &mut Named> {
        let Self { tiers, teams, segments, hub, pool, .. } = self;
        let names = tiers.iter_mut().map(|it| &mut it.named);
        let names = names.chain(teams.iter_mut().map(|it| &mut it.named));
        names.chain(segments.iter_mut().map(|it| &mut it.named)).chain([hub, pool])
    }

    /// After an edit was applied: old names need not be told any more.
    pub(crate) fn settle(&mut self) {
        self.names().for_each(|named| named.was = None);
    }

    /// One to three edits; their names, and agreement to whatever they need.
    pub(crate) fn edit(&mut self, random: &mut Random, with_hub: bool) -> (Vec<String>, Consent) {
        let mut consent = Consent::default();
        let mut done = Vec::new();
        if with_hub {
            done.push(self.hub_edit(random));
        }
        let more = [1, 1, 1, 2, 3][random.below(5)];
        while done.len() < more {
            done.push(self.vpc_edit(random, &mut consent));
        }
        for team in &self.teams {
            let id = format!("{}-live", team.named.name);
            consent.accept.insert(format!("{id}/pods"));
            consent.accept.insert(id);
        }
        for tier in &self.tiers {
            consent.accept.insert(format!("layout.service.{}", tier.named.name));
        }
        (done, consent)
    }

    fn hub_edit(&mut self, random: &mut Random) -> String {
        match random.below(7) {
            0 => {
                let name = self.name("seg");
                let reaches = vec![self.segments[random.below(self.segments.len())].named.name.clone()];
                self.segments.push(Segment { named: Named::new(&name), reaches });
                format!("segment {name} is new")
            }
            1 => {
                let name = self.name("seg");
                let at = random.below(self.segments.len());
                let old = self.segments[at].named.name.clone();
                self.segments[at].named.rename(name.clone());
                let segments = self.segments.iter_mut().flat_map(|it| &mut it.reaches);
                let teams = self.teams.iter_mut().filter_map(|it| it.segment.as_mut());
                segments.chain(teams).filter(|it| **it == old).for_each(|it| it.clone_from(&name));
                format!("segment {old} is called {name}")
            }
            2 => {
                let at = random.below(self.segments.len());
                let other = self.segments[random.below(self.segments.len())].named.name.clone();
                let reaches = &mut self.segments[at].reaches;
                match reaches.iter().position(|it| *it == other) {
                    Some(at) => drop(reaches.remove(at)),
                    None => reaches.push(other.clone()),
                }
                format!("segment reaches {other} or not")
            }
            3 => {
                self.asn += 1;
                "asn".to_owned()
            }
            4 => {
                let name = self.name("hub");
                self.hub.rename(name);
                "hub renamed".to_owned()
            }
            5 => {
                *self.tags.entry("CostCenter").or_default() += 1;
                "tags".to_owned()
            }
            _ => {
                self.logs = if self.logs.is_some() { None } else { Some(self.next) };
                let at = random.below(self.segments.len());
                let other = self.segments[random.below(self.segments.len())].named.name.clone();
                self.segments[at].reaches.push(other);
                self.segments[at].reaches.sort();
                self.segments[at].reaches.dedup();
                "logs and reaches".to_owned()
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "a list of edits")]
    fn vpc_edit(&mut self, random: &mut Random, consent: &mut Consent) -> String {
        let at = random.below(self.teams.len());
        match random.below(20) {
            0 => {
                self.add_team(random);
                "team is new".to_owned()
            }
            1 | 2 if self.teams.len() > 2 => {
                let team = self.teams.remove(at);
                let name = team.named.was.unwrap_or(team.named.name);
                self.intents.retain(|it| it.from != name && it.to != name);
                let id = format!("{name}-live");
                if random.one_in(2) {
                    consent.destroy.insert(id);
                    format!("{name} is destroyed")
                } else {
                    consent.forget.insert(id);
                    format!("{name} is forgotten")
                }
            }
            3 => {
                let name = self.name("team");
                let old = self.teams[at].named.name.clone();
                self.teams[at].named.rename(name.clone());
                let ends = self.intents.iter_mut().flat_map(|it| [&mut it.from, &mut it.to]);
                ends.filter(|it| **it == old).for_each(|it| it.clone_from(&name));
                format!("{old} is called {name}")
            }
            4 => {
                let name = self.name("tier");
                let at = random.below(self.tiers.len());
                let old = self.tiers[at].named.name.clone();
                self.tiers[at].named.rename(name.clone());
                self.intents.iter_mut().filter(|it| it.tier == old).for_each(|it| it.tier.clone_from(&name));
                format!("tier {old} is called {name}")
            }
            5 | 6 => {
                self.teams[at].headroom = 1 - self.teams[at].headroom;
                "headroom".to_owned()
            }
            7 => {
                let letter = self.letters[random.below(self.letters.len())];
                self.zones.insert(letter, format!("apne1-az{}", 5 + self.next));
                self.next += 1;
                format!("zone {letter} is another one")
            }
            8 => {
                let letter = ['a', 'c', 'd'].into_iter().find(|letter| !self.letters.contains(letter));
                match letter {
                    Some(letter) => {
                        self.letters.push(letter);
                        format!("zone {letter} is new")
                    }
                    None => {
                        let letter = self.letters.pop().unwrap_or('a');
                        consent.destroy.insert(format!("layout.service.zones.{letter}"));
                        format!("zone {letter} is gone")
                    }
                }
            }
            9 if self.letters.len() > 1 => {
                let letter = self.letters.remove(random.below(self.letters.len()));
                consent.destroy.insert(format!("layout.service.zones.{letter}"));
                format!("zone {letter} is gone")
            }
            10 | 11 => {
                self.add_intent(random);
                "intent is new".to_owned()
            }
            12 if !self.intents.is_empty() => {
                self.intents.remove(random.below(self.intents.len()));
                "intent is gone".to_owned()
            }
            13 => {
                let at = random.below(self.tiers.len());
                self.tiers[at].newbits += 1;
                format!("tier {} is smaller", self.tiers[at].named.name)
            }
            14 => {
                self.next += 1;
                self.teams[at].pin = Some(self.next);
                "pinned elsewhere".to_owned()
            }
            15 => {
                self.one_nat = !self.one_nat;
                "nat".to_owned()
            }
            16 => {
                let at = random.below(2);
                self.tiers[at].internet = match self.tiers[at].internet {
                    "out" => "none",
                    "none" => "out",
                    _ => "none",
                };
                "internet".to_owned()
            }
            17 => {
                let segment = self.segments[random.below(self.segments.len())].named.name.clone();
                self.teams[at].segment = Some(segment.clone());
                format!("another segment: {segment}")
            }
            18 => {
                let team = &mut self.teams[at];
                team.block = !team.block;
                if !team.block {
                    let name = team.named.was.as_ref().unwrap_or(&team.named.name);
                    consent.destroy.insert(format!("{name}-live/pods"));
                }
                format!("block of {} {}", team.named.name, team.block)
            }
            _ => match random.below(4) {
                0 => {
                    self.logs = if self.logs.is_some() { None } else { Some(self.next) };
                    "logs".to_owned()
                }
                1 => {
                    let accepts = &mut self.tiers[2].accepts;
                    *accepts = if accepts.is_some() { None } else { Some(vec![random.below(2)]) };
                    "accepts".to_owned()
                }
                2 => {
                    self.tiers.push(Tier {
                        named: Named::new(format!("extra{}", self.next)),
                        newbits: 5,
                        internet: "none",
                        accepts: None,
                    });
                    self.next += 1;
                    "tier is new".to_owned()
                }
                _ => {
                    self.teams[at].tag += 1;
                    "tag of a team".to_owned()
                }
            },
        }
    }

    /// The input.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("backend \"s3\" { bucket = \"states\" }\n");
        let mut push = |part: String| text.push_str(&part);
        for (name, id) in [("hub", "111111111111"), ("team", "222222222222")] {
            push(format!("account \"{name}\" {{ id = \"{id}\" }}\n"));
        }
        let tags: String = self.tags.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
        push(format!("tags = {{ {tags} }}\n"));
        if let Some(bucket) = self.logs {
            push(format!("logs {{ bucket = \"flow-logs-{bucket}\" }}\n"));
        }
        let (pool, hub) = (&self.pool.name, &self.hub.name);
        push(format!("pool \"{pool}\" {{\n  range = \"10.0.0.0/9\"\n{}}}\n", self.pool.line()));
        let zones: Vec<String> =
            self.zones.iter().map(|(letter, id)| format!("{letter} = \"{id}\"")).collect();
        push(format!("region \"ap-northeast-1\" {{ zones = {{ {} }} }}\n", zones.join(", ")));
        push(format!(
            "hub \"{hub}\" {{\n  region = region.ap-northeast-1\n  asn = {}\n  account = account.hub\n{}}}\n",
            self.asn,
            self.hub.line()
        ));
        for Segment { named, reaches } in &self.segments {
            let reaches: Vec<String> = reaches.iter().map(|name| format!("segment.{name}")).collect();
            push(format!(
                "segment \"{}\" {{\n  reaches = [{}]\n{}}}\n",
                named.name,
                reaches.join(", "),
                named.line()
            ));
        }
        push(self.layout());
        push(format!(
            "environment \"live\" {{\n  pool = pool.{pool}\n  hub = hub.{hub}\n  segment = segment.{}\n  layout = layout.service\n  size = 19\n  account = account.hub\n}}\n",
            self.segments[0].named.name
        ));
        for team in &self.teams {
            push(self.team(team));
        }
        for Intent { name, from, to, tier, port } in &self.intents {
            push(format!(
                "allow \"{name}\" {{\n  from = [team.{from}]\n  to = [team.{to}.{tier}]\n  ports = [\"tcp/{port}\"]\n  why = \"x\"\n}}\n"
            ));
        }
        text
    }

    fn layout(&self) -> String {
        let letters: Vec<String> = self.letters.iter().map(|letter| format!("\"{letter}\"")).collect();
        let nat = if self.one_nat { "one" } else { "zone" };
        let mut text =
            format!("layout \"service\" {{\n  zones = [{}]\n  nat = \"{nat}\"\n", letters.join(", "));
        for Tier { named, newbits, internet, accepts } in &self.tiers {
            let accepts = accepts.as_ref().map_or_else(String::new, |all| {
                let all: Vec<String> =
                    all.iter().map(|at| format!("tier.{}", self.tiers[*at].named.name)).collect();
                format!("    accepts = [{}]\n", all.join(", "))
            });
            let _ = writeln!(
                text,
                "  tier \"{}\" {{\n    newbits = {newbits}\n    internet = \"{internet}\"\n{accepts}{}  }}",
                named.name,
                named.line()
            );
        }
        text.push_str("  tier \"transit\" {\n    size = 28\n    attach = true\n  }\n}\n");
        text.push_str("layout \"pods\" {\n  zones = [\"a\"]\n  tier \"pods\" { newbits = 2 }\n}\n");
        text
    }

    fn team(&self, team: &Team) -> String {
        let Team { named, headroom, segment, account, pin, block, tag } = team;
        let mut text = format!("team \"{}\" {{\n{}", named.name, named.line());
        if *account {
            text.push_str("  account = account.team\n");
        }
        if *tag > 0 {
            let _ = writeln!(text, "  tags = {{ Note = \"{tag}\" }}");
        }
        text.push_str("  vpc \"live\" {\n");
        match pin {
            Some(number) => {
                let _ = writeln!(text, "    range = \"10.128.{}.0/20\"", number % 16 * 16);
            }
            None => {
                let _ = writeln!(text, "    headroom = {headroom}");
            }
        }
        if let Some(segment) = segment {
            let _ = writeln!(text, "    segment = segment.{segment}");
        }
        if *block {
            text.push_str("    block \"pods\" {\n      size = 22\n      layout = layout.pods\n    }\n");
        }
        text.push_str("  }\n}\n");
        text
    }
}

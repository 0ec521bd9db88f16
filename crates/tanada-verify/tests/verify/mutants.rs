//! Single tokens of a tree changed: whatever changes the answer of the packet oracle has to be reported.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use tanada_verify::network::{AttachmentKind, Network};
use tanada_verify::verify::verify;
use tanada_verify::{Files, Observed, ReadError, Reader};

use crate::estate::Estate;
use crate::oracle::{From, Packet, flow};

/// Mutants of a normal run; `TANADA_MUTANTS=100000` tries all.
const SAMPLE: usize = 66;

/// Files whose tokens are changed: roots, and what they take their addresses from.
const FILES: [(&str, &str); 11] = [
    ("m3", "teams/web/production/main.tf"),
    ("m3", "teams/payments/production/main.tf"),
    ("m3", "teams/billing/production/main.tf"),
    ("m3", "hub/tokyo/main.tf"),
    ("m3", "addresses/web-production/main.tf"),
    ("m3", "addresses/platform-shared/main.tf"),
    ("m3", "addresses/region-ap-northeast-1/main.tf"),
    ("m3", "addresses/estate/main.tf"),
    ("lza-finance-tax", "teams/Production/prod/main.tf"),
    ("lza-finance-tax", "teams/Network/egress/main.tf"),
    ("lza-finance-tax", "hub/network-main/main.tf"),
];

/// What is written for people: no token of it decides.
const PROSE: [&str; 3] = ["description", "source", "why"];

/// One change of one line.
struct Mutant {
    line: usize,
    text: String,
    /// Numbers that were or are in it: ports to try.
    numbers: Vec<u16>,
}

/// A token of a line, as far as another could stand in its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Between quotes.
    Text,
    /// A word of a reference, or `true`.
    Word,
    /// Digits, also inside a text.
    Number,
}

/// A token, and what others of its kind may stand in its place: the argument whose value it is, and for a word what it
/// follows.
struct Token {
    kind: Kind,
    at: Range<usize>,
    role: String,
}

/// The tokens of a line that are values.
fn tokens(line: &str) -> Vec<Token> {
    let (bytes, mut found, mut at) = (line.as_bytes(), Vec::new(), 0);
    let (mut argument, mut before) = (String::new(), String::new());
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    while at < bytes.len() && bytes[at] != b'#' {
        let start = at;
        if bytes[at] == b'"' {
            at += 1 + line[at + 1..].find('"').unwrap() + 1;
            found.push(Token { kind: Kind::Text, at: start + 1..at - 1, role: argument.clone() });
            let inside = digits(&line[start + 1..at - 1]).into_iter();
            let numbers = inside.map(|(a, b)| start + 1 + a..start + 1 + b);
            found.extend(numbers.map(|at| Token { kind: Kind::Number, at, role: String::new() }));
        } else if is_word(bytes[at]) {
            while at < bytes.len() && is_word(bytes[at]) {
                at += 1;
            }
            let word = &line[start..at];
            if line[at..].trim_start().starts_with("= ") {
                word.clone_into(&mut argument);
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                found.push(Token { kind: Kind::Number, at: start..at, role: String::new() });
            } else if word != "module" {
                found.push(Token { kind: Kind::Word, at: start..at, role: format!("{argument} {before}") });
            }
            before = if word == "module" { "module.".to_owned() } else { ".".to_owned() };
        } else {
            if bytes[at] != b'.' {
                before.clear();
            }
            at += 1;
        }
    }
    let prose = |token: &Token| PROSE.contains(&token.role.as_str());
    let quoted: Vec<Range<usize>> =
        found.iter().filter(|token| prose(token)).map(|token| token.at.clone()).collect();
    found.retain(|token| {
        !quoted.iter().any(|prose| prose.start <= token.at.start && token.at.end <= prose.end)
    });
    found
}

/// Every change of one token into one that could stand there, and every row less. What could stand in the place of a text
/// or a word is what the file itself writes for the same argument.
fn mutants(text: &str) -> Vec<Mutant> {
    let mut alternatives: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let lines: Vec<(&str, Vec<Token>)> = text.lines().map(|line| (line, tokens(line))).collect();
    for (line, tokens) in &lines {
        for token in tokens.iter().filter(|token| token.kind != Kind::Number) {
            alternatives.entry(token.role.clone()).or_default().insert(&line[token.at.clone()]);
        }
    }
    let mut all = Vec::new();
    for (at, (line, tokens)) in lines.iter().enumerate() {
        if line.trim_start().starts_with("{ ") {
            all.push(Mutant { line: at, text: String::new(), numbers: numbers(line) });
        }
        for Token { kind, at: place, role } in tokens {
            let own = &line[place.clone()];
            let others: Vec<String> = match kind {
                Kind::Number => own.parse::<u32>().map_or_else(
                    |_| Vec::new(),
                    |number| {
                        [number.checked_sub(1), Some(number + 1)]
                            .into_iter()
                            .flatten()
                            .map(|n| n.to_string())
                            .collect()
                    },
                ),
                Kind::Word if own == "true" => vec!["false".to_owned()],
                Kind::Word if own == "false" => vec!["true".to_owned()],
                Kind::Text | Kind::Word => alternatives[role]
                    .iter()
                    .filter(|other| **other != own)
                    .map(|other| (*other).to_owned())
                    .collect(),
            };
            for other in others {
                let mut changed = (*line).to_owned();
                changed.replace_range(place.clone(), &other);
                let mut numbers = numbers(line);
                numbers.extend([own, &other].into_iter().filter_map(|text| text.parse::<u16>().ok()));
                all.push(Mutant { line: at, text: changed, numbers });
            }
        }
    }
    all
}

/// Stretches of digits outside of words.
fn digits(line: &str) -> Vec<(usize, usize)> {
    let bytes = line.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let word = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
        if at > start && !word {
            found.push((start, at));
        }
        at += usize::from(at == start);
    }
    found
}

fn numbers(line: &str) -> Vec<u16> {
    digits(line).into_iter().filter_map(|(start, end)| line[start..end].parse().ok()).collect()
}

/// A place by address, so that it is found in a tree with other subnets, too.
#[derive(Clone, Copy)]
enum Seat {
    Subnet(u32),
    Site(u32),
    Internet(u32),
}

fn place(network: &Network, seat: Seat) -> Option<(From, u32)> {
    match seat {
        Seat::Internet(address) => Some((From::Internet, address)),
        Seat::Subnet(address) => {
            let holds = |cidr: tanada_model::net::Block| cidr.first() <= address && address <= cidr.last();
            let found = network.subnets.iter().position(|subnet| holds(subnet.cidr))?;
            Some((From::Subnet(found), address))
        }
        Seat::Site(address) => {
            let here = |kind: &AttachmentKind| match kind {
                AttachmentKind::Site { ranges } => {
                    ranges.iter().any(|range| range.first() <= address && address <= range.last())
                }
                AttachmentKind::Vpc { .. } => false,
            };
            let found = network.attachments.iter().position(|attachment| here(&attachment.kind))?;
            Some((From::Site(found), address))
        }
    }
}

/// Flows around one VPC: with itself, with others, sites and the internet, at usual ports and at those of a mutant.
struct Flows {
    own: Vec<Seat>,
    others: Vec<Seat>,
}

impl Flows {
    fn new(network: &Network, file: &str) -> Self {
        let directory = file.trim_start_matches("teams/").trim_start_matches("addresses/");
        let directory = directory.trim_end_matches("/main.tf").replace('/', "-");
        let of = |id: &str| -> Vec<Seat> {
            let vpc = network.vpcs.iter().position(|vpc| vpc.id == id);
            let own = network.subnets.iter().filter(|subnet| Some(subnet.vpc) == vpc);
            own.map(|subnet| Seat::Subnet(subnet.cidr.first() + 5)).collect()
        };
        let mut own = of(&directory);
        if own.is_empty() {
            own = ["payments-production", "Production-prod"].iter().flat_map(|id| of(id)).collect();
        }
        let peers = [
            "payments-production",
            "web-production",
            "billing-production",
            "platform-shared",
            "mail-staging",
            "SharedServices-shared-serve",
            "Staging-stage",
            "DevTest-devtest",
        ];
        let mut others: Vec<Seat> = peers.iter().flat_map(|id| of(id).into_iter().step_by(2)).collect();
        for attachment in &network.attachments {
            if let AttachmentKind::Site { ranges } = &attachment.kind {
                others.extend(ranges.first().map(|range| Seat::Site(range.first() + 7)));
            }
        }
        others.push(Seat::Internet(u32::from_be_bytes([203, 0, 113, 5])));
        Self { own, others }
    }

    /// Whether all flows are the same in two networks.
    fn answers(&self, one: &Network, two: &Network, ports: &[u16]) -> bool {
        let clients = [1024, 3389, 50_000, 65_535];
        let clients: BTreeSet<u16> =
            clients.into_iter().chain(ports.iter().copied().filter(|port| *port >= 1024)).collect();
        let alike = |a: Seat, b: Seat| {
            let ends = [one, two].map(|network| (network, place(network, a), place(network, b)));
            ports.iter().all(|&port| {
                clients.iter().all(|&client| {
                    let [one, two] = ends.map(|(network, from, to)| {
                        let (Some((from, source)), Some((to, target))) = (from, to) else { return false };
                        let packet = Packet { source, target, protocol: 6, port };
                        from != to && flow(network, from, to, packet, client)
                    });
                    one == two
                })
            })
        };
        self.own.iter().all(|&own| {
            let mut others = self.others.iter().chain(&self.own);
            others.all(|&other| alike(own, other) && alike(other, own))
        })
    }
}

/// One root of a fixture whose file is changed, again and again.
struct Bench {
    estate: Estate,
    file: &'static str,
    text: String,
    /// Folders of the roots that the file is part of.
    roots: Vec<String>,
    clean: Network,
    flows: Flows,
}

/// What became of a mutant.
enum Fate {
    /// It is no Terraform any more: refused before it is a question of reachability.
    Refused,
    /// Every packet that was tried goes the way it went.
    Harmless,
    /// Some answer is another one, and `verify` says so.
    Reported,
    /// Some answer is another one, and `verify` is silent.
    Missed(String),
}

impl Bench {
    fn new(fixture: &str, file: &'static str) -> Self {
        let estate = Estate::fixture(fixture);
        let clean = estate.network();
        let flows = Flows::new(&clean, file);
        let text = estate.files[file].clone();
        let own = file.rsplit_once('/').unwrap().0;
        let reader = Reader::new(&estate.files);
        let mut roots = reader.roots().unwrap();
        roots.retain(|root| reader.folders(root).unwrap().iter().any(|folder| folder == own));
        assert!(!roots.is_empty(), "{file}");
        Self { estate, file, text, roots, clean, flows }
    }

    /// `observed`: the tree, of which one root is read again.
    fn try_one(&self, mutant: &Mutant, observed: &mut Observed) -> Fate {
        let Self { estate, file, text, roots, clean, flows } = self;
        let mut lines: Vec<&str> = text.lines().collect();
        lines[mutant.line] = &mutant.text;
        let files = Changed { files: &estate.files, path: file, text: (lines.join("\n") + "\n").into() };
        let reader = Reader::new(&files);
        for directory in roots {
            let Ok(root) = reader.root(directory) else { return Fate::Refused };
            observed.roots.insert(directory.as_str().into(), root);
        }
        let (network, errors) = Network::observe(observed);
        let mut ports: BTreeSet<u16> = [443, 5432].into();
        ports.extend(mutant.numbers.iter().filter(|number| **number > 21).take(4));
        let ports: Vec<u16> = ports.into_iter().collect();
        if network == *clean || flows.answers(clean, &network, &ports) {
            return Fate::Harmless;
        }
        if verify(network, errors, &estate.design, &estate.lock).findings.is_empty() {
            return Fate::Missed(format!("{file}:{}: {}", mutant.line + 1, mutant.text.trim()));
        }
        Fate::Reported
    }
}

/// A tree in which one file is another one.
struct Changed<'a> {
    files: &'a BTreeMap<String, String>,
    path: &'a str,
    text: Arc<str>,
}

impl Files for Changed<'_> {
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        if path == self.path { Ok(Some(self.text.clone())) } else { self.files.text(path) }
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        self.files.list(directory)
    }
}

#[test]
fn whatever_changes_an_answer_is_reported() {
    let wanted = std::env::var("TANADA_MUTANTS").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLE);
    let per_file = wanted / FILES.len() + 1;
    let mut fates = Vec::new();
    for (fixture, file) in FILES {
        let bench = Bench::new(fixture, file);
        let all = mutants(&bench.text);
        let step = (all.len() / per_file).max(1);
        let tried: Vec<&Mutant> = all.iter().step_by(step).collect();
        let started = Instant::now();
        let own: Vec<Fate> = tried
            .par_iter()
            .map_init(|| bench.estate.observed().clone(), |observed, mutant| bench.try_one(mutant, observed))
            .collect();
        println!("{fixture} {file}: {} of {} mutants, {:?}", own.len(), all.len(), started.elapsed());
        fates.extend(own);
    }
    let count = |is: fn(&Fate) -> bool| fates.iter().filter(|fate| is(fate)).count();
    let (tried, refused) = (fates.len(), count(|fate| matches!(fate, Fate::Refused)));
    let changing = count(|fate| matches!(fate, Fate::Reported | Fate::Missed(_)));
    let missed: Vec<&str> = fates
        .iter()
        .filter_map(|fate| if let Fate::Missed(it) = fate { Some(it.as_str()) } else { None })
        .collect();
    println!(
        "{tried} mutants, {refused} refused, {changing} change an answer, {} of them unreported",
        missed.len()
    );
    assert!(changing * 8 >= tried, "only {changing} of {tried} mutants change an answer");
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

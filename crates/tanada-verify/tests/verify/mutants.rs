//! Single tokens of a tree changed: whatever changes the answer of the packet oracle has to be reported.

use std::collections::BTreeSet;

use tanada_verify::network::{AttachmentKind, Network};
use tanada_verify::verify::verify;

use crate::estate::Estate;
use crate::oracle::{From, Packet, flow};

/// Mutants of a normal run; `TANADA_MUTANTS=5000` tries all.
const SAMPLE: usize = 48;

/// Files whose tokens are changed.
const FILES: [(&str, &str); 6] = [
    ("m3", "teams/web/production/main.tf"),
    ("m3", "teams/payments/production/main.tf"),
    ("m3", "teams/billing/production/main.tf"),
    ("m3", "hub/tokyo/main.tf"),
    ("lza-finance-tax", "teams/Production/prod/main.tf"),
    ("lza-finance-tax", "hub/network-main/main.tf"),
];

/// Words that stand for each other in some mutant.
const WORDS: [&[&str]; 8] = [
    &["\"allow\"", "\"deny\""],
    &["\"tcp\"", "\"udp\""],
    &["\"transit\"", "\"private\"", "\"public\"", "\"data\""],
    &["\"nat\"", "\"internet\"", "\"transit\""],
    &["\"a\"", "\"c\"", "\"d\""],
    &["\"production\"", "\"shared\"", "\"staging\""],
    &["\"core\"", "\"egress\"", "\"stage\"", "\"prod\""],
    &["blocks[0]", "tiers.private[0]"],
];

/// One change of one line.
struct Mutant {
    line: usize,
    text: String,
    /// Numbers that were or are in it: ports to try.
    numbers: Vec<u16>,
}

fn mutants(text: &str) -> Vec<Mutant> {
    let mut all = Vec::new();
    for (line, own) in text.lines().enumerate() {
        if own.trim_start().starts_with('#') || own.contains("source") {
            continue;
        }
        let mut add = |text: String, numbers: Vec<u16>| {
            if text != own {
                all.push(Mutant { line, text, numbers });
            }
        };
        if own.trim_start().starts_with("{ ") {
            add(String::new(), numbers(own));
        }
        for words in WORDS {
            for word in words.iter().filter(|word| own.contains(**word)) {
                for other in words.iter().filter(|other| *other != word) {
                    // A name is not a decision.
                    let start = own.find(word).unwrap();
                    let mut changed = own.to_owned();
                    changed.replace_range(start..start + word.len(), other);
                    add(changed, numbers(own));
                }
            }
        }
        for (start, end) in digits(own) {
            let Ok(number) = own[start..end].parse::<u32>() else { continue };
            for other in [number.checked_sub(1), Some(number + 1)].into_iter().flatten() {
                let mut changed = own.to_owned();
                changed.replace_range(start..end, &other.to_string());
                let mut ports = numbers(own);
                ports.extend([number, other].into_iter().filter_map(|number| u16::try_from(number).ok()));
                add(changed, ports);
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
        let directory = file.trim_start_matches("teams/").trim_end_matches("/main.tf").replace('/', "-");
        let of = |id: &str| -> Vec<Seat> {
            let vpc = network.vpcs.iter().position(|vpc| vpc.id == id);
            let own = network.subnets.iter().filter(|subnet| Some(subnet.vpc) == vpc);
            own.map(|subnet| Seat::Subnet(subnet.cidr.first() + 5)).collect()
        };
        let hub = directory.starts_with("hub");
        let known = ["payments-production", "Production-prod"];
        let own = if hub { known.iter().flat_map(|id| of(id)).collect() } else { of(&directory) };
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

    /// One letter a flow.
    fn answers(&self, network: &Network, ports: &[u16]) -> Vec<bool> {
        let mut answers = Vec::new();
        let mut ask = |a: Seat, b: Seat| {
            let (from, to) = (place(network, a), place(network, b));
            for &port in ports {
                for client in [1024, 3389, 50_000, 65_535]
                    .into_iter()
                    .chain(ports.iter().copied().filter(|p| *p >= 1024))
                {
                    let (Some((from, source)), Some((to, target))) = (from, to) else {
                        answers.push(false);
                        continue;
                    };
                    let packet = Packet { source, target, protocol: 6, port };
                    answers.push(from != to && flow(network, from, to, packet, client));
                }
            }
        };
        for &own in &self.own {
            for &other in self.others.iter().chain(&self.own) {
                ask(own, other);
                ask(other, own);
            }
        }
        answers
    }
}

#[test]
fn whatever_changes_an_answer_is_reported() {
    let wanted = std::env::var("TANADA_MUTANTS").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLE);
    let per_file = wanted / FILES.len() + 1;
    let (mut tried, mut changing, mut missed) = (0, 0, Vec::new());
    for (fixture, file) in FILES {
        let estate = Estate::fixture(fixture);
        let clean = estate.network();
        let flows = Flows::new(&clean, file);
        let text = estate.files[file].clone();
        let all = mutants(&text);
        let step = (all.len() / per_file).max(1);
        for mutant in all.iter().step_by(step) {
            tried += 1;
            let mut estate = estate.clone();
            let mut lines: Vec<&str> = text.lines().collect();
            lines[mutant.line] = &mutant.text;
            estate.files.insert(file.to_owned(), lines.join("\n") + "\n");
            // What is no Terraform any more is refused before it is a question of reachability.
            let Some((network, errors)) = estate.changed(file) else { continue };
            let mut ports: BTreeSet<u16> = [443, 5432].into();
            ports.extend(mutant.numbers.iter().filter(|number| **number > 21).take(4));
            let ports: Vec<u16> = ports.into_iter().collect();
            if flows.answers(&clean, &ports) == flows.answers(&network, &ports) {
                continue;
            }
            changing += 1;
            if verify(network, errors, &estate.design, &estate.lock).findings.is_empty() {
                missed.push(format!("{file}:{}: {}", mutant.line + 1, mutant.text.trim()));
            }
        }
    }
    println!("{tried} mutants, {changing} change an answer, {} of them unreported", missed.len());
    assert!(changing * 8 >= tried, "only {changing} of {tried} mutants change an answer");
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

//! `tanada reach`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;
use tanada_model::diagnostic::did_you_mean;
use tanada_model::net::Block;
use tanada_verify::network::{Network, NetworkError};
use tanada_verify::reach::{End, Owner, Piece, Reachability, Services, reach};
use tanada_verify::trace::{Hop, follow};

use super::verify::{JsonHop, write_hops};
use super::{Format, Place};
use crate::report::Answer;
use crate::stop::Stop;
use crate::streams::Streams;
use crate::witness::{Doubt, Limits, Placed, PlanArgs, placed, tell_doubts};

/// Says whether FROM can open connections to TO, hop by hop
///
/// Each is a team (`payments`), a VPC (`payments-production`), a tier (`payments-production.private`), one of these as the
/// input refers to it (`team.payments.production`), an attachment of a site (`tokyo-dc-dx`, or `tokyo-dc`), `internet`, an
/// address or a CIDR block. What is open between their places is listed;
/// below it the way of one connection, there and back, with the file and line of every decision, or the hop that stops
/// it. Exit 1 when nothing is open.
///
/// What the tree contradicts itself in, or what decides and is not followed, is named on standard error, with exit status 2.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Who opens the connection
    from: String,

    /// To whom
    to: String,

    /// Only this: `tcp/443`, `udp/53`, `icmp`
    #[arg(long, value_name = "PORT", value_parser = parse_port)]
    port: Option<Wanted>,

    /// Directory of the input; the tree lies beside it
    #[arg(long, value_name = "DIR", default_value = "network", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside the input]
    #[arg(long, value_name = "TREE", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,

    #[command(flatten)]
    plans: PlanArgs,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// One kind of connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    /// Number of the protocol.
    protocol: u8,
    port: u16,
}

fn parse_port(text: &str) -> Result<Wanted, String> {
    let (protocol, port) = text.split_once('/').unwrap_or((text, ""));
    let number = || port.parse().map_err(|_| format!("`{text}` is not a port such as `tcp/443`"));
    match protocol {
        "tcp" => Ok(Wanted { protocol: 6, port: number()? }),
        "udp" => Ok(Wanted { protocol: 17, port: number()? }),
        "icmp" if port.is_empty() => Ok(Wanted { protocol: 1, port: 0 }),
        _ => Err(format!("`{text}` is not a port such as `tcp/443`, `udp/53` or `icmp`")),
    }
}

/// How many pairs are followed to find the one that comes farthest.
const TRIED: usize = 400;

/// Places of one side: pieces, each with an address that stands for it.
type Places = Vec<(usize, u32)>;

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = Place::new(&args.dir, args.out.as_deref())?;
    let Placed { network, errors, promised: _ } = placed(&place, &args.plans, streams)?;
    let reached = reach(&network);
    let from = find(&network, &reached, &args.from)?;
    let to = find(&network, &reached, &args.to)?;
    let answer = Answered::new(&network, &reached, &from, &to, args.port);
    let limits = Limits::new(&network);
    match args.format {
        Format::Text => answer.write(streams, &place.out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut streams.out, &JsonAnswer::new(&answer, &limits, &errors))?;
            writeln!(streams.out)?;
        }
    }
    limits.tell(streams);
    tell_doubts(&place.out, &errors, streams);
    Ok(match (errors.is_empty(), answer.open.is_empty()) {
        (false, _) => Answer::Unanswered,
        (true, true) => Answer::No,
        (true, false) => Answer::Yes,
    })
}

/// What a name stands for.
fn find(network: &Network, reached: &Reachability, name: &str) -> Result<Places> {
    let block = name.parse::<Block>().ok();
    let address = name.parse::<Ipv4Addr>().ok().map(|address| Block::containing(address, 32));
    if let Some(block) = block.or(address) {
        return within(network, reached, block, name);
    }
    let is_it = |end: &End| match end {
        End::Tier { vpc, team, tier } => {
            team == name || vpc == name || end.to_string() == name || is_reference(vpc, team, tier, name)
        }
        End::Site(site) => is_site(site, name),
        End::Internet => name == "internet",
    };
    let all = reached.pieces().iter().enumerate();
    let mut own: Vec<(usize, &Piece)> = all.filter(|(at, _)| is_it(reached.end(*at))).collect();
    own.sort_by_key(|(_, piece)| !piece.is_usual());
    let own: Places = own.into_iter().map(|(at, piece)| (at, piece.example())).collect();
    if !own.is_empty() {
        return Ok(own);
    }
    if let Some(site) = network.announcing().find(|site| is_site(&site.name, name)) {
        let text = format!(
            "what lies at `{}` is not known: it is announced, and the input does not say it",
            site.name
        );
        return Err(Stop::new(text).help("add `ranges = […]` to the site").into());
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) || name.contains([':', '/']) {
        let text = match name.parse::<Block>() {
            Err(error) if name.contains('/') => error.to_string(),
            _ => format!("`{name}` is not an IPv4 address such as `10.20.0.5`"),
        };
        return Err(Stop::new(text).help("write an IPv4 address, or a block such as `10.20.0.0/16`").into());
    }
    let mut known: Vec<String> =
        network.vpcs.iter().flat_map(|vpc| [vpc.id.clone(), vpc.team.clone()]).collect();
    known.extend(reached.ends().map(ToString::to_string));
    let stop = Stop::new(format!("there is no team, VPC, tier or site `{name}` in the tree"));
    let stop = match did_you_mean(name, known.iter().map(String::as_str)) {
        Some(meant) => stop.help(format!("did you mean `{meant}`?")),
        None => stop.help("`tanada list` names VPCs; a tier is written `payments-production.private`"),
    };
    Err(stop.into())
}

/// Whether a place is meant as the input refers to it: `team.web`, `team.web.production`, `team.web.private`,
/// `team.web.production.private`.
fn is_reference(vpc: &str, team: &str, tier: &str, name: &str) -> bool {
    let Some(rest) = name.strip_prefix("team.").and_then(|rest| rest.strip_prefix(team)) else {
        return false;
    };
    let label = vpc.strip_prefix(team).and_then(|label| label.strip_prefix('-')).unwrap_or(vpc);
    let steps: Vec<&str> = rest.split('.').collect();
    match steps.as_slice() {
        [""] => true,
        ["", one] => *one == label || *one == tier,
        ["", one, two] => *one == label && *two == tier,
        _ => false,
    }
}

/// Whether an attachment is meant by a name: its own, or that of its site.
fn is_site(attachment: &str, name: &str) -> bool {
    let link = attachment.strip_prefix(name.strip_prefix("site.").unwrap_or(name));
    link.is_some_and(|link| link.is_empty() || link.starts_with('-'))
}

/// Pieces that have addresses of a block.
fn within(network: &Network, reached: &Reachability, block: Block, name: &str) -> Result<Places> {
    let all = reached.pieces().iter().enumerate();
    let here = all.filter(|(_, piece)| piece.first <= block.last() && block.first() <= piece.last);
    let part = |piece: &Piece| Piece {
        first: piece.first.max(block.first()),
        last: piece.last.min(block.last()),
        owner: piece.owner,
    };
    let own: Places = here.map(|(at, piece)| (at, part(piece).example())).collect();
    if own.is_empty() {
        let text = format!(
            "nobody has an address of `{name}`: it is in no subnet, at no site, and not in the internet"
        );
        let stop = Stop::new(text).help("`tanada whois` says whose it is");
        return Err(network
            .announcing()
            .fold(stop, |stop, site| {
                stop.help(format!("or `{}` announces it: add `ranges = […]` to the site", site.name))
            })
            .into());
    }
    Ok(own)
}

/// What is open, and the way of one connection.
struct Answered {
    /// By both ends: services of some pair of their places, and whether of all.
    open: BTreeMap<(End, End), (Services, bool)>,
    from: (End, u32),
    to: (End, u32),
    what: String,
    hops: Vec<Hop>,
}

impl Answered {
    fn new(
        network: &Network,
        reached: &Reachability,
        from: &Places,
        to: &Places,
        wanted: Option<Wanted>,
    ) -> Self {
        let only = |services: Services| match wanted {
            None => services,
            Some(Wanted { protocol, port }) if services.contains(protocol, port) => one(protocol, port),
            Some(_) => Services::default(),
        };
        let mut open: BTreeMap<(End, End), (Services, bool)> = BTreeMap::new();
        let mut example: Option<(usize, usize, u32, u32, Services)> = None;
        // Of pairs between which nothing is open, the one whose packet comes farthest says most.
        let mut farthest = (0, TRIED);
        for &(a, source) in from {
            for &(b, target) in to {
                let both = [a, b].map(|piece| reached.pieces()[piece].owner);
                if a == b && from.len() > 1 || both.iter().all(|owner| !matches!(owner, Owner::Subnet(_))) {
                    continue;
                }
                let services = only(reached.between(a, b).services());
                let mut better = match &example {
                    None => true,
                    Some((.., known)) => known.is_empty() && !services.is_empty(),
                };
                let (hops, left) = &mut farthest;
                if services.is_empty() && *left > 0 {
                    *left -= 1;
                    let Wanted { protocol, port } = wanted.unwrap_or_else(|| usual(&services));
                    let way =
                        follow(network, reached, (a, source), (b, target), (protocol, port), None).len();
                    better |= example.as_ref().is_none_or(|(.., known)| known.is_empty()) && way > *hops;
                    *hops = (*hops).max(way);
                }
                if better {
                    example = Some((a, b, source, target, services.clone()));
                }
                let entry = open.entry((reached.end(a).clone(), reached.end(b).clone()));
                entry
                    .and_modify(|(some, all)| {
                        *all &= *some == services;
                        *some = some.or(&services);
                    })
                    .or_insert((services, true));
            }
        }
        open.retain(|_, (services, _)| !services.is_empty());
        let (a, b, source, target, services) = example.unwrap_or_else(|| {
            let nobody = (from.first().copied().unwrap_or_default(), to.first().copied().unwrap_or_default());
            (nobody.0.0, nobody.1.0, nobody.0.1, nobody.1.1, Services::default())
        });
        let Wanted { protocol, port } = wanted.unwrap_or_else(|| usual(&services));
        let hops = follow(network, reached, (a, source), (b, target), (protocol, port), None);
        Self {
            open,
            from: (reached.end(a).clone(), source),
            to: (reached.end(b).clone(), target),
            what: one(protocol, port).to_string(),
            hops,
        }
    }

    fn write(&self, streams: &mut Streams, tree: &std::path::Path) -> Result<()> {
        let Self { open, from: (from, source), to: (to, target), what, hops } = self;
        for ((from, to), (services, all)) in open {
            let some = if *all { "" } else { " (not between all of their subnets)" };
            writeln!(streams.out, "{from} can open {services} to {to}{some}")?;
        }
        if open.is_empty() {
            writeln!(streams.out, "nothing is open")?;
        }
        let (source, target) = (Ipv4Addr::from(*source), Ipv4Addr::from(*target));
        writeln!(streams.out, "\n{what} from {source} ({from}) to {target} ({to}):")?;
        write_hops(&mut streams.out, hops, tree)?;
        Ok(())
    }
}

/// One protocol and port.
fn one(protocol: u8, port: u16) -> Services {
    use tanada_verify::reach::Ports;
    match protocol {
        6 => Services { tcp: Ports::range(port, port), ..Services::default() },
        17 => Services { udp: Ports::range(port, port), ..Services::default() },
        1 => Services { icmp: true, ..Services::default() },
        _ => Services { other: true, ..Services::default() },
    }
}

/// What a person would try first: HTTPS, else the first port that is open.
fn usual(services: &Services) -> Wanted {
    if services.is_empty() || services.contains(6, 443) {
        return Wanted { protocol: 6, port: 443 };
    }
    let first = |ports: &tanada_verify::reach::Ports| ports.intervals().first().map(|(first, _)| *first);
    if let Some(port) = first(&services.tcp) {
        return Wanted { protocol: 6, port };
    }
    match first(&services.udp) {
        Some(port) => Wanted { protocol: 17, port },
        None => Wanted { protocol: if services.icmp { 1 } else { 47 }, port: 0 },
    }
}

/// An answer for programs.
#[derive(Serialize)]
struct JsonAnswer<'a> {
    open: Vec<JsonOpen>,
    way: JsonWay,
    left_out: &'a Limits,
    doubts: Vec<Doubt<'a>>,
}

#[derive(Serialize)]
struct JsonOpen {
    from: String,
    to: String,
    services: String,
    everywhere: bool,
}

#[derive(Serialize)]
struct JsonWay {
    service: String,
    source: Ipv4Addr,
    target: Ipv4Addr,
    passes: bool,
    hops: Vec<JsonHop>,
}

impl<'a> JsonAnswer<'a> {
    fn new(answer: &Answered, limits: &'a Limits, errors: &'a [NetworkError]) -> Self {
        let Answered { open, from: (_, source), to: (_, target), what, hops } = answer;
        let row = |((from, to), (services, all)): (&(End, End), &(Services, bool))| JsonOpen {
            from: from.to_string(),
            to: to.to_string(),
            services: services.to_string(),
            everywhere: *all,
        };
        let way = JsonWay {
            service: what.clone(),
            source: (*source).into(),
            target: (*target).into(),
            passes: hops.iter().all(|hop| hop.passes),
            hops: hops.iter().map(JsonHop::new).collect(),
        };
        Self { open: open.iter().map(row).collect(), way, left_out: limits, doubts: Doubt::all(errors) }
    }
}

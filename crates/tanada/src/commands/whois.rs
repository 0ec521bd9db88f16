//! `tanada whois`.

use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;
use tanada_render::survey::{self, Whois};

use super::{Format, plan};
use crate::report::Answer;
use crate::streams::{Output, Streams};

/// Says whose an address is: team, VPC, subnet, zone; or reserved, retired, free
///
/// Without IP: reads lines from standard input, any log that holds addresses, and writes each line with the answers for
/// the addresses in it, separated by tabs. JSON is one object for each address, one a line.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Addresses
    #[arg(value_name = "IP")]
    addresses: Vec<Ipv4Addr>,

    /// Directory of the input, `*.hcl` and `*.hcl.json`; the lock lies beside it
    #[arg(long, value_name = "DIR", default_value = "network")]
    dir: PathBuf,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let estate = match plan::load(&args.dir, streams)? {
        Ok(estate) => estate,
        Err(answer) => return Ok(answer),
    };
    let whois = Whois::new(&estate.design, &estate.allocation);
    if args.addresses.is_empty() {
        answer_lines(
            &mut BufReader::with_capacity(1 << 16, io::stdin().lock()),
            &whois,
            args.format,
            &mut streams.out,
        )?;
        return Ok(Answer::Yes);
    }
    for &address in &args.addresses {
        match args.format {
            Format::Json => write_json(address, &whois, &mut streams.out)?,
            Format::Text => {
                write!(streams.out, "{address}\t")?;
                write_answer(whois.look_up(address), &mut streams.out)?;
                streams.out.write_all(b"\n")?;
            }
        }
    }
    Ok(Answer::Yes)
}

/// The longest line that is taken as one, in bytes: a stream without line ends must not fill the memory.
const LONGEST_LINE: u64 = 1 << 20;

fn answer_lines(
    input: &mut impl BufRead,
    whois: &Whois,
    format: Format,
    out: &mut Output<impl Write>,
) -> io::Result<()> {
    let mut line = Vec::new();
    while !out.is_closed() {
        line.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        match format {
            Format::Json => addresses(text).try_for_each(|address| write_json(address, whois, out))?,
            Format::Text => {
                out.write_all(text)?;
                for address in addresses(text) {
                    out.write_all(b"\t")?;
                    write_answer(whois.look_up(address), out)?;
                }
                out.write_all(b"\n")?;
            }
        }
    }
    Ok(())
}

/// The IPv4 addresses in a line, from left to right: numbers and dots with nothing of a word before or behind them.
fn addresses(line: &[u8]) -> impl Iterator<Item = Ipv4Addr> {
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    line.split(move |byte| !in_word(byte)).filter_map(|word| {
        let end = word.iter().rposition(|&byte| byte != b'.')?;
        let word = word.get(..=end)?;
        if word.len() > 15 || !word.first()?.is_ascii_digit() {
            return None;
        }
        str::from_utf8(word).ok()?.parse().ok()
    })
}

fn write_answer(answer: &survey::Answer, out: &mut impl Write) -> io::Result<()> {
    match answer {
        survey::Answer::Subnet { team, vpc, subnet, tier: _, zone, cidr } => {
            write!(out, "team {team}, vpc {vpc}, subnet {subnet}, zone {zone}, {cidr}")
        }
        survey::Answer::Vpc { team, vpc, cidr } => {
            write!(out, "team {team}, vpc {vpc}, in no subnet, {cidr}")
        }
        survey::Answer::Reserved { name, cidr } => write!(out, "reserved, {name}, {cidr}"),
        survey::Answer::Site { name, cidr } => write!(out, "at site {name}, {cidr}"),
        survey::Answer::Retired { holder, cidr } => write!(out, "retired, was {holder}, {cidr}"),
        survey::Answer::Free { pool } => write!(out, "free, pool {pool}"),
        survey::Answer::Outside => out.write_all(b"outside"),
    }
}

/// An answer for programs.
#[derive(Serialize)]
struct JsonAnswer<'a> {
    address: Ipv4Addr,
    #[serde(flatten)]
    answer: &'a survey::Answer,
}

fn write_json(address: Ipv4Addr, whois: &Whois, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &JsonAnswer { address, answer: whois.look_up(address) })?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_addresses_of_a_line() {
        let found =
            |line: &str| addresses(line.as_bytes()).map(|one| one.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(found("10.0.0.1"), "10.0.0.1");
        assert_eq!(
            found("2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21:20641 ACCEPT"),
            "172.31.16.139 172.31.16.21"
        );
        assert_eq!(found("GET /x from [10.1.2.3], via=10.1.2.4/20."), "10.1.2.3 10.1.2.4");
        assert_eq!(found("seen 10.1.2.3."), "10.1.2.3");
        for none in
            ["", "v10.0.0.1", "10.0.0", "10.0.0.256", "1.2.3.4.5", "010.0.0.1", "10.0.0.1a", "ip_10.0.0.1"]
        {
            assert_eq!(found(none), "", "{none}");
        }
    }
}

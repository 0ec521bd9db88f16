//! How many addresses a second `tanada whois` names from standard input.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::PAIRS;
use crate::child;
use crate::scene::Scene;

/// Addresses in one run.
const ADDRESSES: usize = 1_000_000;

/// Medians of runs over a log of addresses that hit subnets, room and foreign space alike, spread over the range.
pub(crate) fn addresses_per_second(vpcs: usize) -> f64 {
    let scene = Scene::new(vpcs);
    child::generate(scene.home());
    let log = scene.home().join("log");
    fs::write(&log, addresses()).unwrap();
    let mut times: Vec<_> = (0..PAIRS)
        .map(|_| {
            let input = fs::File::open(&log).unwrap();
            child::run(Command::new(child::BINARY).arg("whois").current_dir(scene.home()).stdin(input)).wall
        })
        .collect();
    times.sort();
    #[allow(clippy::cast_precision_loss, reason = "a million is exact")]
    let count = ADDRESSES as f64;
    count / times[times.len() / 2].as_secs_f64()
}

fn addresses() -> String {
    let mut text = String::new();
    let mut number: u32 = 0;
    for _ in 0..ADDRESSES {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = number.to_be_bytes();
        writeln!(text, "10.{}.{b}.{c}", a & 0x7f).unwrap();
    }
    text
}

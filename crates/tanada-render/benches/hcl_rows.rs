//! How fast rows are written: `cargo bench -p tanada-render --bench hcl_rows`.
#![allow(clippy::print_stdout, reason = "a benchmark reports")]
#![allow(clippy::expect_used, reason = "a benchmark stops at the first surprise")]

use std::hint::black_box;
use std::time::Instant;

use tanada_model::net::Block as Cidr;
use tanada_render::hcl::{Body, Expr, List, Reference};
use tanada_render::ident;

const ROWS: u32 = 2_000;
const RUNS: u32 = 200;

/// A table of ACL rules as a root has it, from borrowed values to text.
fn table(peer: Cidr, why: &str) -> String {
    let rule = |number: u32| {
        let shared = Reference::path(ident!("module"), [ident!("web_production"), ident!("blocks")]).index(0);
        let cidr = if number.is_multiple_of(2) { peer.into() } else { shared.into() };
        Expr::object([
            (ident!("number"), number.into()),
            (ident!("action"), "allow".into()),
            (ident!("protocol"), "tcp".into()),
            (ident!("from"), 1024_u16.into()),
            (ident!("to"), 65535_u16.into()),
            (ident!("cidr"), cidr),
            (ident!("why"), why.into()),
        ])
    };
    Body::new().attribute(ident!("ingress"), (0..ROWS).map(rule).collect::<List<'_>>()).to_string()
}

fn main() {
    let peer = "10.1.64.0/19".parse().expect("a block");
    let (start, mut bytes) = (Instant::now(), 0);
    for _ in 0..RUNS {
        bytes += table(black_box(peer), black_box("private to the internet, return")).len();
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = f64::from(u32::try_from(bytes).expect("under 4 GB")) / 1e6;
    println!("{megabytes:.0} MB of rows in {seconds:.2} s: {:.0} MB/s", megabytes / seconds);
}

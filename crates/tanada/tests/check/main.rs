//! `tanada check`: what an estate may say of findings, at every stage alike, and the forms in which they are said.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod clean;
mod forms;
mod stages;
#[path = "../support/mod.rs"]
mod support;

use support::{Home, SHOP, Said};

/// A finding of each stage: what to write into the input so that it is found, its code, its level and its object.
struct Stage {
    name: &'static str,
    /// Texts that stand once in the shop's input, and what takes their place.
    edits: &'static [(&'static str, &'static str)],
    code: &'static str,
    level: &'static str,
    /// As `on` names it.
    object: &'static str,
    /// A text of the message.
    message: &'static str,
}

const PIN: &[(&str, &str)] =
    &[("vpc \"production\" { size = 20 }", "vpc \"production\" { range = \"51.0.0.0/20\" }")];

const STAGES: &[Stage] = &[
    Stage {
        name: "the lock",
        edits: PIN,
        code: "not-private",
        level: "warning",
        object: "team.payments.production",
        message: "which is not private",
    },
    Stage {
        name: "what is to come",
        edits: &[("pool \"production\" { size = 10 }", "pool \"production\" { size = 18 }")],
        code: "pool-nearly-full",
        level: "warning",
        object: "pool.production",
        message: "another /19 cannot be placed",
    },
    Stage {
        name: "the plan",
        edits: &[
            ("vpc \"production\" { size = 20 }", "vpc \"production\" { layout = layout.bare }"),
            (
                "environment \"production\" {",
                "layout \"bare\" {\n  zones = [\"a\", \"c\"]\n  tier \"only\" {\n    newbits = 3\n    attach  = true\n  }\n}\nenvironment \"production\" {",
            ),
        ],
        code: "workload-in-attach-tier",
        level: "error",
        object: "team.payments.production",
        message: "carries the attachment, and there is no other tier for workloads",
    },
    Stage {
        name: "the tree, a warning",
        edits: &[("zones = [\"a\", \"c\"]", "zones = [\"a\"]")],
        code: "one-zone",
        level: "warning",
        object: "team.payments.production, team.web.production",
        message: "lie in zone `apne1-az4`",
    },
    Stage {
        name: "the tree, an error",
        edits: &[(
            "team \"web\" { owner = \"@m3/web\" }",
            "team \"web\" {\n  vpc \"b\" { environment = environment.production }\n  vpc \"c\" { environment = environment.production }\n}",
        )],
        code: "quota",
        level: "error",
        object: "team.payments.production",
        message: "8 Elastic IP addresses; the quota is 5",
    },
    Stage {
        name: "the tree, a note",
        edits: &[("ranges = [reserved.dc]", "ranges = [\"192.168.0.0/17\", \"192.168.128.0/17\"]")],
        code: "routes-add-up",
        level: "note",
        object: "team.payments.production, team.web.production",
        message: "add up to",
    },
];

/// The shop with edits, and a file more.
fn home(edits: &[(&str, &str)], more: &str) -> Home {
    let mut found = vec![false; edits.len()];
    let files: Vec<(&str, String)> = SHOP
        .iter()
        .map(|(name, text)| {
            let mut text = (*text).to_owned();
            for ((from, to), found) in edits.iter().zip(&mut found) {
                *found |= text.contains(from);
                text = text.replacen(from, to, 1);
            }
            (*name, text)
        })
        .collect();
    assert!(found.iter().all(|found| *found), "{edits:?}");
    let files = files.iter().map(|(name, text)| (*name, text.as_str()));
    Home::new(files.chain([("more.hcl", more)]))
}

/// The findings of a code, as JSON.
fn found(said: &Said, code: &str) -> Vec<serde_json::Value> {
    let all: Vec<serde_json::Value> = serde_json::from_str(&said.out).unwrap();
    all.into_iter().filter(|finding| finding["code"] == code).collect()
}

//! Two branches change the input and are generated; git merges input, lock and tree. After the documented resolution
//! (the lock of the branch that is merged into, whole, and `generate` again) nothing overlaps, no block of that branch
//! has moved, and `generate --check` agrees.
//!
//! `TANADA_BRANCHES=1000 cargo test --release -p tanada --test branches -- --nocapture` makes a thousand merges.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use support::Home;
use tanada_model::net::Block;

const ESTATE: &str = r#"
pool "main" { range = "10.64.0.0/12" }

region "eu-west-2" {
  zones = { a = "euw2-az2", b = "euw2-az3" }
}

layout "service" {
  zones = ["a", "b"]

  tier "private" { newbits = 3 }
}
"#;

/// Prefix lengths of VPCs, an environment each; /22 is the usual one.
const SIZES: [u8; 6] = [20, 21, 22, 22, 23, 24];

/// The estate with its environments.
fn estate() -> String {
    let common =
        "pool = pool.main\n  region = region.eu-west-2\n  layout = layout.service\n  optional = true";
    let environment = |size: u8| format!("\nenvironment \"s{size}\" {{\n  {common}\n  size = {size}\n}}\n");
    ESTATE.to_owned() + &(20..=24).map(environment).collect::<String>()
}

/// A person resolves a conflict of the input by keeping both sides' lines.
const ATTRIBUTES: &str = "network/*.hcl merge=union\ngenerated/.tanada merge=union\n";

/// The same numbers for the same seed (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }
}

/// One line of `teams.hcl`: a team with a VPC of a random size.
fn team(name: &str, random: &mut Random) -> String {
    let size = SIZES[random.below(SIZES.len())];
    format!("team \"{name}\" {{ environments = [environment.s{size}] }}")
}

/// The id of the line's VPC.
fn vpc(line: &str) -> String {
    let size = line.split_once("environment.").unwrap().1.split(']').next().unwrap();
    format!("{}-{size}", line.split('"').nth(1).unwrap())
}

fn git(home: &Home, arguments: &[&str]) -> bool {
    let name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").args(name).args(arguments).current_dir(home.path("")).output().unwrap();
    output.status.success()
}

fn teams(home: &Home) -> Vec<String> {
    fs::read_to_string(home.path("network/teams.hcl")).unwrap().lines().map(str::to_owned).collect()
}

/// Blocks by VPC, as `list` says.
fn blocks(home: &Home) -> BTreeMap<String, Vec<Block>> {
    let rows: serde_json::Value = serde_json::from_str(&home.run(&["list", "--format", "json"]).out).unwrap();
    let row = |row: &serde_json::Value| {
        let blocks = row["blocks"].as_array().unwrap();
        (
            row["name"].as_str().unwrap().to_owned(),
            blocks.iter().map(|b| b.as_str().unwrap().parse().unwrap()).collect(),
        )
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

/// Edits, generates and commits. Names of the VPCs that were removed.
fn branch(home: &Home, side: &str, random: &mut Random) -> Vec<String> {
    let mut lines = teams(home);
    let mut removed = Vec::new();
    for n in 0..=random.below(3) {
        if random.below(3) == 0 {
            let line = lines.remove(random.below(lines.len()));
            if !vpc(&line).starts_with(side) {
                removed.push(vpc(&line));
            }
        } else {
            let line = team(&format!("{side}{n}"), random);
            lines.insert(random.below(lines.len() + 1), line);
        }
    }
    home.put("network/teams.hcl", lines.join("\n") + "\n");
    generate(home, &removed);
    assert!(git(home, &["add", "-A"]) && git(home, &["commit", "-q", "--allow-empty", "-m", side]));
    removed
}

fn generate(home: &Home, removed: &[String]) {
    assert!(!generate_after_merge(home, removed, false), "only a merge mixes files");
}

/// Generates; whether git had mixed generated files (it takes a removed and a new one for a rename, and merges what the
/// other side changed into it), so that `--overwrite all` was needed.
fn generate_after_merge(home: &Home, removed: &[String], overwrite: bool) -> bool {
    let mut arguments = vec!["generate"];
    arguments.extend(removed.iter().flat_map(|name| ["--destroy", name]));
    arguments.extend(["--overwrite", "all"].into_iter().filter(|_| overwrite));
    let said = home.run(&arguments);
    if !overwrite && said.status == Some(1) && said.err.contains("is not as it was generated") {
        generate_after_merge(home, removed, true);
        return true;
    }
    assert_eq!(said.status, Some(0), "{}", said.err);
    false
}

/// Whether the lock was in conflict, and whether git had mixed files.
fn merge(seed: u64) -> (bool, bool) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let base: String = (0..14).fold(String::new(), |mut text, n| {
        writeln!(text, "{}", team(&format!("base{n}"), &mut random)).unwrap();
        text
    });
    let home = Home::new([("estate.hcl", estate().as_str()), ("teams.hcl", base.as_str())]);
    home.put(".gitattributes", ATTRIBUTES);
    generate(&home, &[]);
    assert!(
        git(&home, &["init", "-q"]) && git(&home, &["add", "-A"]) && git(&home, &["commit", "-qm", "base"])
    );
    assert!(git(&home, &["checkout", "-qb", "theirs"]));
    let gone = branch(&home, "theirs", &mut random);
    assert!(git(&home, &["checkout", "-q", "main"]));
    branch(&home, "ours", &mut random);
    let before = blocks(&home);

    git(&home, &["merge", "-q", "--no-edit", "theirs"]);
    let conflict = fs::read_to_string(home.path("network.lock.hcl")).unwrap().contains("<<<<<<<");
    // Both sides' lines were kept; a person deletes what then stands twice.
    let mut once = teams(&home);
    let mut seen = BTreeSet::new();
    once.retain(|line| seen.insert(line.clone()));
    home.put("network/teams.hcl", once.join("\n") + "\n");
    if conflict {
        let said = home.run(&["generate"]);
        assert_eq!(said.status, Some(2), "a lock in conflict is no lock");
        assert!(said.err.contains("take the lock of the branch you merge into, whole"), "{}", said.err);
        assert!(git(&home, &["checkout", "--ours", "network.lock.hcl"]));
    }
    // What the other branch removed has to be said again when its lock was not taken.
    let still: Vec<String> = teams(&home).iter().map(|line| vpc(line)).collect();
    let gone: Vec<String> = gone.into_iter().filter(|name| conflict && !still.contains(name)).collect();
    let mixed = generate_after_merge(&home, &gone, false);

    let after = blocks(&home);
    for (name, blocks) in &after {
        assert!(before.get(name).is_none_or(|old| old == blocks), "seed {seed}: {name} moved");
    }
    let mut all: Vec<Block> = after.into_values().flatten().collect();
    all.sort();
    assert!(all.windows(2).all(|pair| !pair[0].overlaps(pair[1])), "seed {seed}: {all:?}");
    assert_eq!(home.run(&["generate", "--check"]).status, Some(0), "seed {seed}");
    (conflict, mixed)
}

#[test]
fn merges_keep_the_target_branch_where_it_is() {
    let all = std::env::var("TANADA_BRANCHES").map_or(6, |n| n.parse().unwrap());
    let merges: Vec<(bool, bool)> = (1..=all).map(merge).collect();
    let conflicts = merges.iter().filter(|(conflict, _)| *conflict).count();
    let mixed = merges.iter().filter(|(_, mixed)| *mixed).count();
    let clean = merges.len() - conflicts;
    println!(
        "{all} merges: {clean} with a clean lock, {conflicts} in conflict; {mixed} with files that git had mixed"
    );
    println!("0 overlaps, 0 moves, `generate --check` agrees after each");
    assert!(conflicts > 0 && clean > 0, "both kinds occur");
}

//! Moves of VPCs: what each stage is made of, and every refusal with its exact words.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tanada_model::design::resolve;
use tanada_model::diagnostic::{Diagnostic, Sources};
use tanada_model::document::{Document, parse};
use tanada_model::lock::{Leaving, Lock, MoveStage, VpcName, print};
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;
use tanada_render::moves::{CODES, Stages, confirm, stage};

const ESTATE: &str = r#"
pool "old" { range = "10.16.0.0/12" }
pool "new" { range = "10.32.0.0/12" }
region "r" { zones = { a = "r-az1" } }
hub "h" {
  region = region.r
  asn    = 64512
}
segment "s" { reaches = [segment.s] }
layout "l" {
  zones = ["a"]
  tier "private" { newbits = 4 }
  tier "transit" {
    size   = 28
    attach = true
  }
}
environment "prod" {
  pool   = pool.old
  size   = 20
  layout = layout.l
  hub    = hub.h
  segment = segment.s
}
team "web" {}
"#;

fn document(team: &str) -> Document {
    let mut sources = Sources::default();
    sources.add("estate.hcl", format!("{ESTATE}\n{team}\n"));
    let (document, found) = parse(&sources);
    assert_eq!(found, []);
    document
}

/// One run: the allocation and the lock, or what was complained of.
fn run(
    team: &str,
    lock: &Lock,
    stages: &Stages,
    consent: &Consent,
) -> Result<(Allocation, Lock), Vec<Diagnostic>> {
    let document = document(team);
    let (staged, found) = stage(&document, lock, stages, consent);
    let Some(staged) = staged else { return Err(found) };
    let (design, found) = resolve(&staged.document);
    let Some(design) = design else { return Err(found) };
    let (allocated, found) = allocate(&design, &staged.lock, consent);
    let Some((allocation, after)) = allocated else { return Err(found) };
    let found = confirm(&staged.moves, &staged.lock, &design, &allocation, &after);
    if found.is_empty() { Ok((allocation, after)) } else { Err(found) }
}

fn all(number: u8) -> Stages {
    Stages { all: Some(number), ..Stages::default() }
}

fn one(name: &str, number: u8) -> Stages {
    Stages { named: [(name.to_owned(), number)].into(), ..Stages::default() }
}

fn destroy(name: &str) -> Consent {
    Consent { destroy: BTreeSet::from([name.to_owned()]), ..Consent::default() }
}

const BEFORE: &str = r#"team "pay" {}"#;
const AFTER: &str = r#"team "pay" {
  vpc "prod" {
    pool       = pool.new
    moves_from = "10.16.0.0/20"
  }
}"#;

fn first(team: &str) -> Lock {
    run(team, &Lock::default(), &Stages::default(), &Consent::default()).unwrap().1
}

fn said(found: Result<(Allocation, Lock), Vec<Diagnostic>>) -> String {
    let Err(found) = found else { panic!("nothing was complained of") };
    let mut text = String::new();
    for finding in found {
        writeln!(text, "{finding}").unwrap();
        for line in &finding.help {
            writeln!(text, "  help: {line}").unwrap();
        }
    }
    text
}

/// Blocks of a VPC by the lock and the allocation.
fn blocks(allocation: &Allocation) -> Vec<String> {
    allocation.vpcs.iter().flat_map(|vpc| &vpc.blocks).map(|block| block.block.to_string()).collect()
}

#[test]
fn a_move_ends_where_the_input_alone_leads() {
    let nothing = Consent::default();
    let lock = first(BEFORE);
    let (allocation, _) = run(BEFORE, &lock, &Stages::default(), &nothing).unwrap();
    assert_eq!(blocks(&allocation), ["10.16.0.0/20", "10.16.16.0/20"]);

    let (zero, lock0) = run(AFTER, &lock, &Stages::default(), &nothing).unwrap();
    assert_eq!(blocks(&zero), blocks(&allocation), "nothing happens until somebody asks");
    assert_eq!(lock0, lock);

    let (beside, lock1) = run(AFTER, &lock0, &all(1), &nothing).unwrap();
    assert_eq!(blocks(&beside), ["10.16.0.0/20", "10.32.0.0/20", "10.16.16.0/20"]);
    assert_eq!(lock1.moves[&VpcName::new("pay", "prod")], MoveStage::Beside);
    let (again, same) = run(AFTER, &lock1, &Stages::default(), &nothing).unwrap();
    assert_eq!((again, &same), (beside, &lock1));

    let (back, _) = run(AFTER, &lock1, &all(0), &destroy("pay-prod-next")).unwrap();
    assert_eq!(blocks(&back), blocks(&allocation), "before the gate there is a way back");

    let (leaving, lock2) = run(AFTER, &lock1, &all(2), &destroy("pay-prod")).unwrap();
    assert_eq!(blocks(&leaving), ["10.32.0.0/20", "10.16.16.0/20"]);
    assert_eq!(lock2.leaving[&VpcName::new("pay", "prod")], Leaving::Destroyed);

    let (arrived, lock3) = run(AFTER, &lock2, &one("pay-prod", 3), &nothing).unwrap();
    assert_eq!(blocks(&arrived), ["10.32.0.0/20", "10.16.16.0/20"]);
    assert!(lock3.leaving.is_empty());
    assert_eq!(lock3.births[&VpcName::new("pay", "prod")], "teams/pay/prod-next", "a state never moves");
    assert!(print(&lock3).contains(r#"vpc = "pay/prod-before""#), "the old block is kept until its release");

    let done = AFTER.replace("    moves_from = \"10.16.0.0/20\"\n", "");
    let (ended, lock4) = run(&done, &lock3, &Stages::default(), &nothing).unwrap();
    assert_eq!(ended, arrived);
    assert!(lock4.moves.is_empty());
}

/// Whoever names the VPC names both networks while both stand, and the right one before and after.
#[test]
fn rules_and_routes_follow() {
    let team = format!(
        "{}\nallow \"a\" {{\n  from = [team.web]\n  to = [team.pay.prod]\n  ports = [\"tcp/1\"]\n  why = \"x\"\n}}",
        AFTER
    );
    let before = team.replace("    pool       = pool.new\n    moves_from = \"10.16.0.0/20\"\n", "");
    let lock = first(&before);
    let peers = |lock: &Lock, number: u8, consent: &Consent| {
        let document = document(&team);
        let staged = stage(&document, lock, &all(number), consent).0.unwrap();
        staged.document.intents[0].to.iter().map(|peer| peer.value.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(peers(&lock, 0, &Consent::default()), ["team.pay.prod"]);
    assert_eq!(peers(&lock, 1, &Consent::default()), ["team.pay.prod", "team.pay.prod-next"]);
    let (_, lock) = run(&team, &lock, &all(1), &Consent::default()).unwrap();
    assert_eq!(peers(&lock, 2, &destroy("pay-prod")), ["team.pay.prod-next"]);
    let (_, lock) = run(&team, &lock, &all(2), &destroy("pay-prod")).unwrap();
    assert_eq!(peers(&lock, 3, &Consent::default()), ["team.pay.prod"]);
}

fn stages_out_of_order() -> String {
    let lock = first(BEFORE);
    let nothing = Consent::default();
    let (_, lock1) = run(AFTER, &lock, &all(1), &nothing).unwrap();
    let (_, lock2) = run(AFTER, &lock1, &all(2), &destroy("pay-prod")).unwrap();
    said(run(AFTER, &lock, &all(2), &nothing))
        + &said(run(AFTER, &lock2, &all(1), &nothing))
        + &said(run(BEFORE, &lock, &all(1), &nothing))
        + &said(run(AFTER, &lock, &one("pay-prd", 1), &nothing))
}

fn the_gate() -> String {
    let (_, lock) = run(AFTER, &first(BEFORE), &all(1), &Consent::default()).unwrap();
    said(run(AFTER, &lock, &all(2), &Consent::default()))
}

fn unfit() -> String {
    let lock = first(BEFORE);
    let with = |line: &str| AFTER.replace("    pool       = pool.new\n", &format!("    {line}\n"));
    let run = |team: &str, lock: &Lock| said(run(team, lock, &Stages::default(), &Consent::default()));
    let taken =
        AFTER.replacen("  vpc", "  vpc \"prod-next\" {\n    environment = environment.prod\n  }\n  vpc", 1);
    run(&with("range = \"10.16.0.0/20\""), &lock)
        + &run(AFTER, &Lock::default())
        + &run(&with("renamed_from = \"production\""), &Lock::default())
        + &run(&with("block \"more\" { range = \"10.40.0.0/20\" }"), &lock)
        + &run(&taken, &lock)
}

fn unfinished() -> String {
    let (_, lock) = run(AFTER, &first(BEFORE), &all(1), &Consent::default()).unwrap();
    let run = |team: &str| said(run(team, &lock, &Stages::default(), &Consent::default()));
    run(BEFORE) + &run(&AFTER.replace("team \"pay\" {", "team \"paid\" {\n  renamed_from = \"pay\""))
}

/// A name, what is said, and what has to stand in it.
type Case = (&'static str, fn() -> String, &'static str);

fn elsewhere() -> String {
    let lock = first(BEFORE);
    let nothing = Consent::default();
    let wrong = AFTER.replace("10.16.0.0/20", "10.17.0.0/20");
    let (_, lock1) = run(AFTER, &lock, &all(1), &nothing).unwrap();
    let (_, lock2) = run(AFTER, &lock1, &all(2), &destroy("pay-prod")).unwrap();
    let (_, lock3) = run(AFTER, &lock2, &all(3), &nothing).unwrap();
    let next = AFTER.replace("pool       = pool.new", "range = \"10.40.0.0/20\"");
    said(run(&wrong, &lock, &Stages::default(), &nothing))
        + &said(run(&next, &lock3, &Stages::default(), &nothing))
}

#[test]
fn every_refusal_has_its_words() {
    let cases: [Case; 5] = [
        (
            "move-stage",
            stages_out_of_order,
            "move-stage: `pay-prod` is at stage 0, not at stage 1\n  help: `--stage pay-prod=1` comes first; apply it before the next\nmove-stage: `pay-prod` is at stage 2; there is no way back to stage 1\n  help: what Terraform has destroyed is gone; a move back is a move of its own\nmove-stage: `--stage`: no VPC of the input moves\n  help: `tanada move NAME --to RANGE` begins a move\nmove-stage: `--stage pay-prd`: no VPC of this name moves\n  help: write `moves_from` on its `vpc`, or use `tanada move`\n",
        ),
        (
            "move-gate",
            the_gate,
            "move-gate: stage 2 of the move of `pay-prod` destroys the network at `10.16.0.0/20`\n  help: when all is done that `teams/pay/prod/README.md` in the output lists: `--stage pay-prod=2 --destroy pay-prod`\n  help: `--forget pay-prod` leaves it running, outside of Terraform's state\n",
        ),
        (
            "move-unfit",
            unfit,
            "move-unfit: `pay-prod` moves from `10.16.0.0/20` to `10.16.0.0/20`\n  help: write the new block as `range`\nmove-unfit: `pay-prod` is not in the lock, so there is nothing to move\n  help: delete `moves_from`\nmove-unfit: `pay-prod` has another name and other addresses at once\n  help: rename and generate first; move after that\nmove-unfit: `10.40.0.0/20` cannot stand in both networks\n  help: take the block out first (`--destroy NAME/BLOCK`), or give it `pool` and `size`\nmove-unfit: `pay-prod-next` is the name that `pay-prod` needs while it moves\n  help: give this VPC another name first\n",
        ),
        (
            "move-unfinished",
            unfinished,
            "move-unfinished: `pay-prod` is at stage 1 of its move, and the input no longer says `moves_from`\n  help: write `moves_from` again, and go on with `--stage 2`\nmove-unfinished: `pay-prod` is at stage 1 of its move, and is called `paid-prod` now\n  help: call it `pay-prod` until it has arrived (`--stage pay-prod=3`), and rename it then\n",
        ),
        (
            "move-elsewhere",
            elsewhere,
            "move-elsewhere: `pay-prod` is not at `10.17.0.0/20`, so it cannot move from there\n  help: it is at `10.16.0.0/20`; write `moves_from = \"10.16.0.0/20\"`\nmove-elsewhere: `pay-prod` has arrived; from there it cannot move in the same breath\n  help: delete `moves_from`, write where it is today, generate, and begin the next move then\n",
        ),
    ];
    for (code, make, words) in &cases {
        let found = make();
        assert_eq!(&found, words, "{code}");
        let own = found.lines().filter(|line| !line.starts_with(' ')).all(|line| line.starts_with(code));
        assert!(own, "{code}: {found}");
    }
    let listed: BTreeSet<&str> = CODES.iter().map(|code| code.name).collect();
    assert_eq!(listed, cases.iter().map(|(code, ..)| *code).collect());
}

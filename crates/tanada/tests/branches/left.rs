//! What git leaves of a merge is no leave to replace or destroy what runs.

use std::fs;

use crate::git::{commit, conflicts, git, init, must};
use crate::support::{Home, SHOP, Said};

const MAIN: &str = "generated/teams/web/production/main.tf";
/// The tag `Owner` stands there.
const PROVIDERS: &str = "generated/teams/web/production/providers.tf";

fn replace(home: &Home, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(home.path(path)).unwrap();
    assert!(text.contains(from), "{path}: no `{from}` in {text}");
    home.put(path, text.replace(from, to));
}

fn generate(home: &Home, more: &[&str]) -> Said {
    home.run(&[&["generate"], more].concat())
}

fn passes(home: &Home, more: &[&str]) {
    let said = generate(home, more);
    assert_eq!(said.status, Some(0), "{}", said.err);
    assert_eq!(home.run(&["generate", "--check"]).status, Some(0));
}

/// Refused for each of these, and nothing else is.
fn refuses(home: &Home, more: &[&str], wanted: &[&str]) {
    let before = home.snapshot();
    let said = generate(home, more);
    assert_eq!(said.status, Some(1), "{}", said.err);
    let refused: Vec<&str> = said.err.lines().filter(|line| line.starts_with("refused: ")).collect();
    assert_eq!(refused.len(), wanted.len(), "{}", said.err);
    for (line, wanted) in refused.iter().zip(wanted) {
        assert!(line.contains(wanted), "no `{wanted}` in {}", said.err);
    }
    assert!(home.snapshot() == before, "something was written");
}

/// An estate in a repository, and what two branches make of it; the second is merged into the first, whose name is
/// `main`. Lock and input are left as git has them.
fn merged(base: impl Fn(&Home), ours: impl Fn(&Home), theirs: impl Fn(&Home)) -> Home {
    let home = Home::new(SHOP);
    init(&home);
    base(&home);
    assert_eq!(generate(&home, &[]).status, Some(0));
    commit(&home, "base");
    must(&home, &["checkout", "-qb", "theirs"]);
    theirs(&home);
    commit(&home, "theirs");
    must(&home, &["checkout", "-q", "main"]);
    ours(&home);
    commit(&home, "ours");
    git(&home, &["merge", "-q", "--no-edit", "theirs"]);
    home
}

fn owner(name: &'static str) -> impl Fn(&Home) {
    move |home| {
        replace(home, "network/teams.hcl", "@m3/web", name);
        passes(home, &[]);
    }
}

/// Another zone id: every subnet of the letter is replaced.
fn other_zone(home: &Home) {
    replace(home, "network/estate.hcl", "apne1-az1", "apne1-az2");
}

/// `payments` is larger in one branch and `mail` takes the same addresses in the other.
fn growth() -> Home {
    let mail = |home: &Home| {
        home.put("network/mail.hcl", "team \"mail\" {\n  vpc \"production\" { size = 20 }\n}\n");
        passes(home, &[]);
    };
    let larger = |home: &Home| {
        replace(home, "network/teams.hcl", "size = 20", "size = 19");
        passes(home, &[]);
    };
    let home = merged(|_| (), mail, larger);
    assert!(conflicts(&home).contains("network.lock.hcl"), "both want the same addresses");
    must(&home, &["checkout", "--ours", "network.lock.hcl"]);
    home
}

#[test]
fn a_vpc_of_a_lock_that_was_not_taken_finds_another_place() {
    let new = |team: &'static str| {
        move |home: &Home| {
            let text = format!("team \"{team}\" {{\n  vpc \"production\" {{ size = 20 }}\n}}\n");
            home.put(&format!("network/{team}.hcl"), text);
            passes(home, &[]);
        }
    };
    let home = merged(|_| (), new("mail"), new("post"));
    assert!(conflicts(&home).contains("network.lock.hcl"), "both want the same addresses");
    must(&home, &["checkout", "--ours", "network.lock.hcl"]);
    let before = fs::read_to_string(home.path("generated/addresses/mail-production/main.tf")).unwrap();
    passes(&home, &[]);
    let after = fs::read_to_string(home.path("generated/addresses/mail-production/main.tf")).unwrap();
    assert_eq!(before, after, "what the lock knows stays");
}

#[test]
fn growth_of_a_lock_that_was_not_taken_finds_another_place() {
    let home = growth();
    passes(&home, &[]);
    let text = fs::read_to_string(home.path("network.lock.hcl")).unwrap();
    assert!(text.contains("mail") && text.contains("block = 2"), "{text}");
}

#[test]
fn growth_of_a_lock_that_was_not_taken_excuses_nothing_else() {
    let home = growth();
    other_zone(&home);
    refuses(&home, &[], &["mail-production", "payments-production", "web-production"]);
}

#[test]
fn growth_that_the_lock_knows_is_guarded() {
    let home = growth();
    passes(&home, &[]);
    other_zone(&home);
    refuses(&home, &[], &["mail-production", "payments-production", "web-production"]);
}

#[test]
fn a_block_that_the_lock_knows_is_guarded_where_its_root_moves() {
    let home = Home::new(SHOP);
    let block = "    block \"pods\" {\n      pool   = pool.pods\n      size   = 20\n      layout = layout.pods\n    }\n";
    let web = format!("team \"web\" {{\n  vpc \"production\" {{\n{block}  }}\n}}");
    replace(&home, "network/teams.hcl", "team \"web\" { owner = \"@m3/web\" }", &web);
    let layout = "layout \"pods\" {\n  zones = [\"a\"]\n  tier \"pods\" { newbits = 2 }\n}\n";
    home.put("network/pods.hcl", format!("pool \"pods\" {{ range = \"100.64.0.0/16\" }}\n{layout}"));
    passes(&home, &[]);
    // Its first block stays, and the old addresses of the second are in no claim any more.
    replace(&home, "network/pods.hcl", "100.64", "100.80");
    refuses(&home, &[], &["web-production"]);
}

#[test]
fn a_block_that_is_given_up_is_agreed_to_and_no_leftover() {
    let home = Home::generated();
    replace(&home, "network/teams.hcl", "size = 20", "size = 19");
    passes(&home, &[]);
    replace(&home, "network/teams.hcl", "size = 19", "size = 20");
    passes(&home, &["--destroy", "payments-production/2"]);
    let lock = fs::read_to_string(home.path("network.lock.hcl")).unwrap();
    assert!(lock.contains("accepted") && lock.contains("payments-production"), "{lock}");
}

#[test]
fn a_network_that_people_add_to_a_root_is_no_growth() {
    let home = Home::new(SHOP);
    let own = |cidr: &str| {
        let vpc = "resource \"aws_vpc\" \"own\" {\n  cidr_block = \"192.0.2.0/24\"\n}\n\n";
        format!(
            "{vpc}resource \"aws_subnet\" \"own\" {{\n  vpc_id     = aws_vpc.own.id\n  cidr_block = \"{cidr}\"\n}}\n"
        )
    };
    fs::create_dir_all(home.path("templates/vpc")).unwrap();
    home.put("templates/vpc/own.tf.tera", own("192.0.2.0/28"));
    passes(&home, &[]);
    home.put("templates/vpc/own.tf.tera", own("192.0.2.16/28"));
    refuses(&home, &[], &["payments-production", "web-production"]);
}

/// Both branches gave `web` another owner, so its root is in conflict, and the input is settled as a third.
fn conflict() -> Home {
    let home = merged(|_| (), owner("@m3/ours"), owner("@m3/theirs"));
    let all = conflicts(&home);
    assert!(all.contains(PROVIDERS) && !all.contains("network.lock.hcl"), "{all:?}");
    home.put("network/teams.hcl", SHOP[1].1.replace("@m3/web", "@m3/both"));
    home
}

#[test]
fn a_root_in_conflict_is_written_anew() {
    passes(&conflict(), &[]);
}

#[test]
fn a_root_in_conflict_is_guarded_as_both_branches_have_it() {
    let home = conflict();
    other_zone(&home);
    refuses(&home, &[], &["payments-production", "web-production"]);
    passes(&home, &["--accept", "payments-production", "--accept", "web-production"]);
}

/// One branch has agreed to other zones, the other has not, and both have changed the owner.
fn agreed(ours: bool) -> Home {
    let agrees = |name: &'static str| {
        move |home: &Home| {
            other_zone(home);
            replace(home, "network/teams.hcl", "@m3/web", name);
            passes(home, &["--accept", "payments-production", "--accept", "web-production"]);
        }
    };
    let home = if ours {
        merged(|_| (), agrees("@m3/ours"), owner("@m3/theirs"))
    } else {
        merged(|_| (), owner("@m3/ours"), agrees("@m3/theirs"))
    };
    assert!(conflicts(&home).contains(PROVIDERS));
    home.put("network/teams.hcl", SHOP[1].1.replace("@m3/web", "@m3/both"));
    home
}

#[test]
fn what_a_branch_agreed_to_holds_after_its_merge() {
    passes(&agreed(true), &[]);
    passes(&agreed(false), &[]);
}

#[test]
fn a_lock_that_agreed_to_nothing_is_not_outvoted_by_the_other_side_of_a_conflict() {
    // The zones stand in one file of addresses, which git merges: what it says now is all that can be seen of them. So
    // each side is given its own by hand.
    let sides = ["apne1-az2", "apne1-az1"];
    for (ours, theirs) in [(sides[0], sides[1]), (sides[1], sides[0])] {
        let home = Home::generated();
        other_zone(&home);
        let path = "generated/addresses/region-ap-northeast-1/main.tf";
        let text = fs::read_to_string(home.path(path)).unwrap();
        let line = text.lines().find(|line| line.contains("apne1-az1")).unwrap();
        let side = |zone: &str| line.replace("apne1-az1", zone);
        let marks = format!("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> topic", side(ours), side(theirs));
        home.put(path, text.replace(line, &marks));
        refuses(&home, &["--overwrite", "all"], &["payments-production", "web-production"]);
    }
}

#[test]
fn a_listing_of_two_branches_that_outlives_its_merge_excuses_nothing() {
    let home = Home::generated();
    let listing = home.path("generated/.tanada");
    let other = "0".repeat(64);
    let text = fs::read_to_string(&listing).unwrap();
    fs::write(&listing, format!("{text}teams/web/production/main.tf {other}\n")).unwrap();
    assert_eq!(home.run(&["generate", "--check"]).status, Some(0), "only a merge is in it");
    other_zone(&home);
    refuses(&home, &[], &["payments-production", "web-production"]);
    replace(&home, MAIN, "module \"vpc\"", "module vpc\"");
    refuses(&home, &[], &["cannot be read as it lies there"]);
}

#[test]
fn marks_that_nobody_can_read_are_no_leave() {
    for marks in ["<<<<<<< ours\n", "<<<<<<< ours\n=======\n<<<<<<< ours\n>>>>>>> theirs\n"] {
        let home = Home::generated();
        let text = fs::read_to_string(home.path(MAIN)).unwrap();
        home.put(MAIN, format!("{marks}{text}"));
        refuses(&home, &["--overwrite", "all"], &["cannot be read as it lies there"]);
    }
}

#[test]
fn a_file_of_a_person_in_conflict_hides_nothing_of_its_root() {
    let home = Home::generated();
    let side = |name: &str| format!("locals {{\n  own = \"{name}\"\n}}\n");
    let text = format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> topic\n", side("a"), side("b"));
    home.put("generated/teams/web/production/own.tf", text);
    replace(&home, "network/teams.hcl", "@m3/web", "@m3/shop");
    passes(&home, &[]);
    other_zone(&home);
    refuses(&home, &[], &["payments-production", "web-production"]);
}

/// One branch gives up `web` and has a new team like it, the other changes the owner of `web`: git takes the new folder for
/// the old one, renamed, and writes the other owner into it.
fn taken_for_a_rename() -> Home {
    let input = SHOP[1].1.replace("team \"web\"", "team \"mail\"").replace("team.web", "team.mail");
    let instead = |home: &Home| {
        home.put("network/teams.hcl", &input);
        passes(home, &["--destroy", "web-production"]);
        let said = home.run(&["release", "web-production"]);
        assert_eq!(said.status, Some(0), "{}", said.err);
    };
    let home = merged(|_| (), instead, owner("@m3/theirs"));
    let path = "generated/teams/mail/production/providers.tf";
    let text = fs::read_to_string(home.path(path)).unwrap();
    assert!(
        text.contains("@m3/theirs") && !text.contains("<<<<<<<"),
        "git took the two folders for one: {text}"
    );
    home.put("network/teams.hcl", input);
    home
}

#[test]
fn a_file_that_git_took_for_a_rename_is_named_and_then_compared() {
    let home = taken_for_a_rename();
    let said = generate(&home, &[]);
    assert_eq!(said.status, Some(1), "{}", said.err);
    let named = "`generated/teams/mail/production/providers.tf` is not as it was generated";
    assert!(said.err.contains(named), "{}", said.err);
    other_zone(&home);
    refuses(&home, &["--overwrite", "all"], &["mail-production", "payments-production"]);
    replace(&home, "network/estate.hcl", "apne1-az2", "apne1-az1");
    passes(&home, &["--overwrite", "all"]);
}

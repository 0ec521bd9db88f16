//! `accept`, `severity` and `quotas`, wherever a finding comes from.

use super::{STAGES, Stage, found, home};

fn check(stage: &Stage, more: &str) -> super::Said {
    home(stage.edits, more).run(&["check", "--format", "json"])
}

fn accept(stage: &Stage, on: &str) -> String {
    format!("accept \"{}\" {{\n{on}  why = \"A trial.\"\n}}\n", stage.code)
}

fn severity(code: &str, level: &str) -> String {
    format!("severity \"{code}\" {{\n  level = \"{level}\"\n  why = \"A trial.\"\n}}\n")
}

#[test]
fn a_finding_is_found_and_can_be_accepted() {
    for stage in STAGES {
        let name = stage.name;
        let own = found(&check(stage, ""), stage.code);
        assert!(
            own.iter().any(|one| one["message"].as_str().unwrap().contains(stage.message)),
            "{name}: {own:?}"
        );
        assert!(own.iter().all(|one| one["severity"] == stage.level), "{name}: {own:?}");
        let here = accept(stage, &format!("  on = [{}]\n", stage.object));
        for accepted in [accept(stage, ""), here] {
            let said = check(stage, &accepted);
            let left = found(&said, stage.code);
            let left =
                left.iter().filter(|one| one["message"].as_str().unwrap().contains(stage.message)).count();
            assert_eq!(left, 0, "{name}: {}", said.out);
            assert!(
                found(&said, "unknown-code").is_empty() && found(&said, "not-a-choice").is_empty(),
                "{name}"
            );
        }
        let elsewhere = check(stage, &accept(stage, "  on = [hub.tokyo]\n"));
        assert!(!found(&elsewhere, stage.code).is_empty(), "{name}");
    }
}

#[test]
fn a_finding_weighs_what_the_estate_says() {
    for stage in STAGES {
        for level in ["note", "warning", "error"] {
            let said = check(stage, &severity(stage.code, level));
            if stage.name == "the plan" {
                let refused = found(&said, "weight-fixed");
                assert_eq!((refused.len(), said.status), (1, Some(1)), "{}", stage.name);
                continue;
            }
            let own = found(&said, stage.code);
            assert!(
                !own.is_empty() && own.iter().all(|one| one["severity"] == level),
                "{}: {own:?}",
                stage.name
            );
            assert!(level != "error" || said.status == Some(1), "{}", stage.name);
        }
        let light = check(stage, &severity(stage.code, "note"));
        assert!(stage.name == "the plan" || light.status == Some(0), "{}: {}", stage.name, light.out);
    }
}

/// What stops a run in the input has one weight, and is nobody's choice.
#[test]
fn the_input_cannot_be_argued_with() {
    for (block, code) in [
        ("accept \"no-way\" { why = \"x\" }\n", "not-a-choice"),
        (&severity("no-way", "note"), "weight-fixed"),
    ] {
        let said = home(&[], block).run(&["check", "--format", "json"]);
        assert_eq!((found(&said, code).len(), said.status), (1, Some(1)), "{}", said.out);
    }
}

#[test]
fn a_code_that_nothing_raises_is_an_error() {
    for block in ["accept \"one-zoen\" { why = \"x\" }\n", &severity("one-zoen", "note")] {
        let said = home(&[], block).run(&["check", "--format", "json"]);
        let unknown = found(&said, "unknown-code");
        assert_eq!((unknown.len(), said.status), (1, Some(1)), "{}", said.out);
        assert_eq!(unknown[0]["help"][0], "did you mean `one-zone`?");
        assert_eq!(unknown[0]["places"][0]["path"], "network/more.hcl");
    }
    let said = home(&[], "quotas {\n  acl_rule = 40\n  why = \"x\"\n}\n").run(&["check", "--format", "json"]);
    assert_eq!(found(&said, "unknown-quota")[0]["help"][0], "did you mean `acl_rules`?");
}

#[test]
fn a_reason_is_demanded() {
    let blocks = [
        "accept \"one-zone\" {WHY}\n",
        "severity \"one-zone\" {\n  level = \"note\"\nWHY}\n",
        "quotas {\n  acl_rules = 40\nWHY}\n",
    ];
    for block in blocks {
        for (why, code) in [("", "missing-attribute"), ("\n  why = \" \"\n", "invalid-text")] {
            let said = home(&[], &block.replace("WHY", why)).run(&["check", "--format", "json"]);
            assert_eq!((found(&said, code).len(), said.status), (1, Some(1)), "{block}{why}: {}", said.out);
        }
        let said = home(&[], &block.replace("WHY", "\n  why = \"A trial.\"\n")).run(&["check"]);
        assert_eq!(said.status, Some(0), "{block}: {}", said.out);
    }
}

/// A quota that was raised is raised for lock, plan and tree.
#[test]
fn a_quota_is_one_number_for_every_stage() {
    let raised =
        |name: &str, value: u32| format!("quotas {{\n  {name} = {value}\n  why = \"A trial.\"\n}}\n");
    let block = "vpc \"production\" {\n    size = 20\n    block \"a\" {\n      size   = 24\n      layout = layout.a\n    }\n  }";
    let layout = "layout \"a\" {\n  zones = [\"a\", \"c\"]\n  tier \"more\" { newbits = 2 }\n}\n";
    let edits = [("vpc \"production\" { size = 20 }", block)];
    let stages = [
        ("blocks_per_vpc", 1, 2, "blocks-quota"),
        ("routes_per_table", 1, 2, "route-quota"),
        ("acl_rules", 3, 40, "acl-quota"),
    ];
    for (name, few, enough, code) in stages {
        let run = |value| {
            home(&edits, &(layout.to_owned() + &raised(name, value))).run(&["check", "--format", "json"])
        };
        let (refused, taken) = (run(few), run(enough));
        assert!(!found(&refused, code).is_empty() && refused.status == Some(1), "{name}: {}", refused.out);
        assert!(found(&taken, code).is_empty(), "{name}: {}", taken.out);
    }
    let elastic =
        |value| home(&[], &raised("elastic_ips_per_region", value)).run(&["check", "--format", "json"]);
    assert_eq!((found(&elastic(3), "quota").len(), found(&elastic(4), "quota").len()), (1, 0));
}

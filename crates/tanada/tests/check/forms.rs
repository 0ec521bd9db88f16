//! Every form says weight, place, help and what the code means. SARIF holds to its schema (OASIS, sarif-spec,
//! `Schemata/sarif-schema-2.1.0.json`, beside this file).

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Home, STAGES, found, home};

fn schema() -> jsonschema::Validator {
    // One pattern of it, of a language that we do not name, has a bracket too many and is no regular expression.
    let text = include_str!("sarif-2.1.0.schema.json").replace("{2}]?$", "{2}?$");
    let schema = serde_json::from_str(&text).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

/// Estates with findings of every stage, and one whose findings have no line: a team is gone, whose VPC the lock has.
fn homes() -> Vec<Home> {
    let mut homes: Vec<Home> = STAGES.iter().map(|stage| home(stage.edits, "")).collect();
    homes.push(home(&[], "team \"web\" {}\n"));
    let gone = Home::generated();
    gone.put("network/teams.hcl", "team \"payments\" {}\n");
    homes.push(gone);
    homes
}

#[test]
fn sarif_is_valid_and_whole() {
    let schema = schema();
    assert!(
        !schema.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{}] })),
        "the schema demands nothing"
    );
    let mut seen = BTreeSet::new();
    for home in homes() {
        let log: Value = serde_json::from_str(&home.run(&["check", "--format", "sarif"]).out).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let said = home.run(&["check", "--format", "json"]);
        let all: Vec<Value> = serde_json::from_str(&said.out).unwrap();
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), all.len());
        for (result, finding) in results.iter().zip(&all) {
            seen.insert(finding["severity"].as_str().unwrap().to_owned());
            assert_eq!((&result["ruleId"], &result["level"]), (&finding["code"], &finding["severity"]));
            let text = result["message"]["text"].as_str().unwrap();
            assert!(text.starts_with(finding["message"].as_str().unwrap()));
            for help in finding["help"].as_array().unwrap() {
                assert!(text.contains(help.as_str().unwrap()), "{text}");
            }
            let rule = &run["tool"]["driver"]["rules"]
                [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(
                (&rule["id"], &rule["shortDescription"]["text"]),
                (&finding["code"], &finding["explanation"])
            );
            assert_eq!(
                rule["helpUri"].is_string(),
                finding["source"].as_str().is_some_and(|it| it.contains("https://"))
            );
            // A scanner's page takes no result without a place.
            let place = &result["locations"][0]["physicalLocation"];
            let own = &finding["places"][0];
            let path = own["path"].as_str().unwrap_or("network.lock.hcl");
            assert_eq!(place["artifactLocation"]["uri"], path);
            assert_eq!(place["region"].get("startLine").unwrap_or(&Value::Null), &own["line"]);
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["error", "note", "warning"]);
}

#[test]
fn every_form_says_everything() {
    for home in homes() {
        let all: Vec<Value> = serde_json::from_str(&home.run(&["check", "--format", "json"]).out).unwrap();
        assert!(!all.is_empty());
        let (text, github) = (home.run(&["check"]), home.run(&["check", "--format", "github"]));
        assert_eq!(github.out.lines().count(), all.len());
        for finding in &all {
            let word = |name: &str| finding[name].as_str().unwrap().to_owned();
            let (level, code, message) = (word("severity"), word("code"), word("message"));
            assert!(text.out.contains(&format!("{level}[{code}]: {message}")), "{}", text.out);
            let level = if level == "note" { "notice" } else { &level };
            let line = github.out.lines().find(|line| {
                line.starts_with(&format!("::{level} "))
                    && line.contains(&format!("title={code}::{}", escaped(&message)))
            });
            let line = line.unwrap_or_else(|| panic!("{code}: {}", github.out));
            assert!(line.contains(&escaped(&word("explanation"))), "{line}");
            for help in finding["help"].as_array().unwrap() {
                let help = help.as_str().unwrap();
                assert!(text.out.contains(&format!("= help: {help}")), "{}", text.out);
                assert!(line.contains(&escaped(help)), "{line}");
            }
            if let Some(place) = finding["places"].get(0) {
                let (path, at) = (place["path"].as_str().unwrap(), place["line"].as_u64());
                let at = at.map(|line| format!("--> {path}:{line}:")).unwrap_or(format!("--> {path}"));
                assert!(text.out.contains(&at), "{at} in {}", text.out);
                assert!(line.contains(&format!("file={path},")), "{line}");
            }
        }
        let explained = home.run(&["explain", all[0]["code"].as_str().unwrap()]);
        assert!(explained.out.contains(all[0]["explanation"].as_str().unwrap()));
    }
}

/// What GitHub wants escaped in a message.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\n', "%0A")
}

/// The words of `explain` can be written as they stand.
#[test]
fn what_explain_proposes_is_taken() {
    let home = home(&[], "");
    for stage in STAGES {
        let said = home.run(&["explain", stage.code]).out;
        let (_, said) = said.split_once("\nIf it").unwrap();
        let blocks: String = said
            .split_inclusive('\n')
            .filter_map(|line| line.strip_prefix("  "))
            .map(|line| line.replace('…', "A trial."))
            .collect();
        assert!(blocks.starts_with("accept "), "{said}");
        home.put("network/more.hcl", &blocks);
        let checked = home.run(&["check", "--format", "json"]);
        assert_eq!(
            found(&checked, "syntax-error").len() + found(&checked, "unknown-code").len(),
            0,
            "{blocks}"
        );
        assert_eq!(checked.status, Some(0), "{blocks}{}", checked.out);
    }
}

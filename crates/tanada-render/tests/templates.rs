//! Templates: what they are given is documented, and no bytes make them panic or hang.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use support::random::Random;
use support::sample;
use tanada_model::diagnostic::FileId;
use tanada_render::templates::{TemplateFile, Templates};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Fields as the first cells of the tables of docs/templates.md have them.
fn documented() -> BTreeSet<String> {
    let text = fs::read_to_string(project("docs/templates.md")).unwrap();
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let field =
        |cell: &&str| ["vpc", "hub", "team", "region", "estate"].iter().any(|start| cell.starts_with(start));
    cells.filter(field).filter(|cell| !cell.contains('/')).map(str::to_owned).collect()
}

#[test]
fn every_field_is_documented_and_every_documented_field_exists() {
    let (given, documented) = (Templates::fields(&sample::plan()), documented());
    let missing: Vec<_> = given.difference(&documented).collect();
    assert!(missing.is_empty(), "not in docs/templates.md: {missing:?}");
    let gone: Vec<_> = documented.difference(&given).collect();
    assert!(gone.is_empty(), "only in docs/templates.md: {gone:?}");
}

fn example(name: &str) -> String {
    fs::read_to_string(project("examples/templates/vpc").join(name)).unwrap()
}

fn render(templates: Vec<(String, String)>) -> Option<BTreeMap<String, String>> {
    let file = |(i, (path, text)): (usize, (String, String))| TemplateFile {
        path,
        text,
        file: FileId(u32::try_from(i).unwrap()),
    };
    let (templates, _) = Templates::new(templates.into_iter().enumerate().map(file).collect());
    let (files, found) = templates?.render(&sample::plan());
    found.is_empty().then(|| files.into_iter().collect())
}

#[test]
fn the_same_templates_yield_the_same() {
    let all = "{% for k, t in vpc.tiers %}{{ k }} {% for s in t.subnets %}{{ s.id }} {% endfor %}{% endfor %}\n{{ vpc }}\n";
    let once = || render(vec![("vpc/all.txt.tera".to_owned(), all.to_owned())]).unwrap();
    let first = once();
    assert!(!first.is_empty());
    for _ in 0..5 {
        assert_eq!(once(), first);
    }
}

/// `TANADA_TEMPLATES=100000` for a long run.
#[test]
fn no_bytes_make_it_panic() {
    let rounds: usize = std::env::var("TANADA_TEMPLATES").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let parts = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "for x in vpc.subnets",
        "endfor",
        "if",
        "${",
        "\"",
        "\n",
        "é",
        "\u{1}",
        "x",
        "<<E",
    ];
    let mut random = Random::new(7);
    let texts = [example("endpoints.tf.tera"), example("resolver.tf.tera")];
    let mut rendered = 0;
    for _ in 0..rounds {
        let mut text: Vec<char> = texts[random.below(2)].chars().collect();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len());
            match random.below(3) {
                0 => drop(text.remove(at)),
                1 => drop(text.splice(at..at, random.pick(&parts).chars())),
                _ => {
                    let end = (at + random.below(40)).min(text.len());
                    drop(text.drain(at..end));
                }
            }
        }
        rendered +=
            usize::from(render(vec![("vpc/x.tf.tera".to_owned(), text.into_iter().collect())]).is_some());
    }
    assert!(rendered > 0, "some still yield something");
}

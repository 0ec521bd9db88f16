//! Real Terraform as the oracle.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::generate::document;
use crate::mangle::mangle;
use crate::random::Random;
use tanada_model::format::format;

/// Documents a kind and run; `TANADA_FORMAT_DOCUMENTS=5000` for a long one, `TANADA_FORMAT_SEED` for another one.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[derive(Default)]
struct Tally {
    documents: usize,
    bytes: usize,
    /// Refused by us; the parser that reads the input refuses them too.
    refused: usize,
    /// Refused by Terraform, whatever we did.
    invalid: usize,
    different: Vec<String>,
}

/// What Terraform makes of every text, in one process; `None` for a text that it refuses. `None` at all: no Terraform.
fn terraform(texts: &[String]) -> Option<Vec<Option<String>>> {
    let directory = tempfile::tempdir().unwrap();
    let path = |n: usize| directory.path().join(format!("document-{n}.tf"));
    for (n, text) in texts.iter().enumerate() {
        fs::write(path(n), text).unwrap();
    }
    let output = Command::new("terraform")
        .args(["fmt", "-no-color", "-list=false"])
        .current_dir(directory.path())
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .ok()?;
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    let result = |n: usize| {
        (!complaints.contains(&format!("document-{n}.tf"))).then(|| fs::read_to_string(path(n)).unwrap())
    };
    Some((0..texts.len()).map(result).collect())
}

/// Formats in Terraform until nothing changes: it takes one layer of `"${"${x}"}"` off in each run.
fn settled(texts: &[String]) -> Option<Vec<Option<String>>> {
    let mut results = terraform(texts)?;
    for _ in 0..8 {
        let again: Vec<String> = results.iter().map(|text| text.clone().unwrap_or_default()).collect();
        let next = terraform(&again)?;
        let mut changed = false;
        for (result, next) in results.iter_mut().zip(next) {
            if result.is_some() && *result != next {
                *result = next;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    Some(results)
}

fn compare(name: &str, texts: &[String]) {
    let mut tally = Tally::default();
    for texts in texts.chunks(2000) {
        let Some(expected) = settled(texts) else {
            println!("SKIPPED {name}: there is no terraform on the path");
            return;
        };
        for (text, expected) in texts.iter().zip(expected) {
            tally.documents += 1;
            tally.bytes += text.len();
            match (format(text), expected) {
                (_, None) => tally.invalid += 1,
                (Err(_), Some(_)) => tally.refused += 1,
                (Ok(ours), Some(expected)) if ours != expected => {
                    tally.different.push(report(text, &ours, &expected));
                }
                (Ok(_), Some(_)) => {}
            }
        }
    }
    let Tally { documents, bytes, refused, invalid, different } = tally;
    println!(
        "{name}: {documents} documents, {bytes} bytes, {} different; not compared: {refused} refused by the parser, \
         {invalid} by terraform",
        different.len()
    );
    let mut shown: Vec<String> = different;
    shown.sort_by_key(String::len);
    assert!(shown.is_empty(), "{}", shown.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
    assert!(refused + invalid <= documents / 2, "{refused} and {invalid} of {documents} were not compared");
}

fn report(text: &str, ours: &str, expected: &str) -> String {
    let mut out = String::new();
    for (title, text) in [("input", text), ("ours", ours), ("terraform", expected)] {
        writeln!(out, "--- {title}\n{}", text.escape_debug().to_string().replace("\\n", "\\n\n")).unwrap();
    }
    out
}

/// Every input of the fixtures.
pub(crate) fn estates() -> Vec<String> {
    let mut found = Vec::new();
    let mut directories = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "hcl") {
                found.extend(fs::read_to_string(path).ok().filter(|text| format(text).is_ok()));
            }
        }
    }
    found
}

#[test]
fn mangled_estates_are_formatted_as_terraform_does() {
    let mut random = Random::new(setting("TANADA_FORMAT_SEED", 1));
    let estates = estates();
    assert!(!estates.is_empty(), "the fixtures hold no input");
    let count = usize::try_from(setting("TANADA_FORMAT_DOCUMENTS", 60)).unwrap();
    let texts: Vec<String> = (0..count).map(|n| mangle(&estates[n % estates.len()], &mut random)).collect();
    compare("mangled estates", &texts);
}

#[test]
fn random_documents_are_formatted_as_terraform_does() {
    let mut random = Random::new(setting("TANADA_FORMAT_SEED", 1));
    let count = usize::try_from(setting("TANADA_FORMAT_DOCUMENTS", 800)).unwrap();
    let texts: Vec<String> = (0..count).map(|_| document(&mut random)).collect();
    compare("random documents", &texts);
}

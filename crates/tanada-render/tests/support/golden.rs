//! Golden trees: a directory that holds every file of a [`Tree`], and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use tanada_render::tree::Tree;

/// Asserts that `directory` holds exactly the files of `tree`. With `UPDATE=1` in the environment it is rewritten first.
pub(crate) fn assert_golden(tree: &Tree, directory: &Path) {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        if directory.exists() {
            fs::remove_dir_all(directory).unwrap();
        }
        write(tree, directory);
    }
    let found = read(directory);
    let paths: BTreeSet<&String> = tree.files.keys().chain(found.keys()).collect();
    let differences: Vec<String> = paths
        .into_iter()
        .filter_map(|path| match (tree.files.get(path), found.get(path)) {
            (Some(new), Some(old)) if new == old => None,
            (Some(new), Some(old)) => Some(format!("{path}: {}", first_difference(old, new))),
            (Some(_), None) => Some(format!("{path}: emitted, but not in the golden tree")),
            (None, _) => Some(format!("{path}: in the golden tree, but not emitted")),
        })
        .collect();
    let count = differences.len();
    let shown = differences.into_iter().take(20).collect::<Vec<_>>().join("\n");
    assert!(
        count == 0,
        "{count} files differ from {}:\n{shown}\nIf that is meant, run the test again with UPDATE=1.",
        directory.display()
    );
}

/// Writes every file of `tree` below `directory`.
pub(crate) fn write(tree: &Tree, directory: &Path) {
    for (path, text) in &tree.files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Every file below `directory`, by path with `/`.
fn read(directory: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn first_difference(old: &str, new: &str) -> String {
    let mut lines = (1..).zip(old.lines().map(Some).chain([None]).zip(new.lines().map(Some).chain([None])));
    lines.find(|(_, (old, new))| old != new).map_or_else(
        || "differs in length or line ends".to_owned(),
        |(line, (old, new))| {
            let shown = |text: Option<&str>| text.unwrap_or("(end of file)").to_owned();
            format!("line {line}\n  golden:  {}\n  emitted: {}", shown(old), shown(new))
        },
    )
}

//! Where the modules of a root lie, as `terraform get` notes it: a start of Terraform less for every root.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde_json::json;

/// Where Terraform looks for it, inside a root.
const MANIFEST: &str = ".terraform/modules/modules.json";

/// Writes what `terraform get` would write; whether it could.
///
/// It reads only calls of modules in folders, written as `terraform fmt` writes them, that call no others. Were a call
/// missed, Terraform would say so: it compares the note with the calls that it finds.
pub(super) fn note(root: &Path) -> io::Result<bool> {
    let Some(calls) = calls(root)? else { return Ok(false) };
    let mut modules = vec![json!({ "Key": "", "Source": "", "Dir": "." })];
    for (name, source) in calls {
        let folder = root.join(&source);
        if !folder.is_dir() || self::calls(&folder)?.is_none_or(|inner| !inner.is_empty()) {
            return Ok(false);
        }
        modules.push(json!({ "Key": name, "Source": source, "Dir": plain(&source) }));
    }
    let path = root.join(MANIFEST);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    fs::write(path, json!({ "Modules": modules }).to_string())?;
    Ok(true)
}

/// The calls of modules in a folder: names and sources. `None` when one is written in another way.
fn calls(folder: &Path) -> io::Result<Option<BTreeMap<String, String>>> {
    let mut calls = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with(".tf.json") {
            return Ok(None);
        }
        if name.ends_with(".tf") {
            let Some(found) = calls_in(&fs::read_to_string(&path)?) else { return Ok(None) };
            calls.extend(found);
        }
    }
    Ok(Some(calls))
}

fn calls_in(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim_start().strip_prefix("module \"") else { continue };
        let name = rest.strip_suffix("\" {")?;
        let mut body = lines.by_ref().take_while(|line| *line != "}");
        let source =
            body.find_map(|line| line.strip_prefix("  source")?.trim_start().strip_prefix("= \""))?;
        let source = source.strip_suffix('"')?;
        if !source.starts_with('.') || source.contains(['\\', '$', '%']) {
            return None;
        }
        found.push((name.to_owned(), source.to_owned()));
        // What is left of the block holds no call.
        body.for_each(drop);
    }
    Some(found)
}

/// A path without `.`, and `..` at its beginning only.
fn plain(source: &str) -> String {
    let mut path = PathBuf::new();
    for part in Path::new(source).components() {
        match part {
            Component::ParentDir if path.file_name().is_some() => drop(path.pop()),
            Component::ParentDir | Component::Normal(_) => path.push(part),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_or_left_to_terraform() {
        let call = |body: &str| calls_in(&format!("# \nmodule \"vpc\" {{\n{body}}}\n"));
        let found = call("  source = \"../../modules/vpc\"\n\n  name = \"module\"\n");
        assert_eq!(found, Some(vec![("vpc".to_owned(), "../../modules/vpc".to_owned())]));
        assert_eq!(call("  providers = {}\n  source    = \"./vpc\"\n").map(|found| found.len()), Some(1));
        for other in ["", "  source = \"hashicorp/vpc/aws\"\n", "  source = \"./${x}\"\n", "source=\"./x\"\n"]
        {
            assert_eq!(call(other), None, "{other}");
        }
        assert_eq!(calls_in("module \"a\" { source = \"./a\" }\n"), None);
        assert_eq!(calls_in("resource \"x\" \"module\" {\n}\n"), Some(Vec::new()));
    }

    #[test]
    fn paths_are_told_as_terraform_tells_them() {
        for (path, is) in
            [("../../a/b", "../../a/b"), ("./a", "a"), ("../a/../b", "../b"), ("../a/./b", "../a/b")]
        {
            assert_eq!(plain(path), is);
        }
    }
}

//! An emitted estate before the judge.

use std::num::NonZero;
use std::sync::Mutex;
use std::thread;

use standin::{Failure, Judge, Root, Workspace};

use crate::support::Run;

/// Whether the whole is wanted and not the sample.
pub(crate) fn everything() -> bool {
    std::env::var_os("TANADA_JUDGE").is_some_and(|value| value == "all")
}

/// A copy of an emitted tree for Terraform.
pub(crate) fn workspace(run: &Run) -> Workspace {
    Workspace::from_files(&run.tree.files).unwrap()
}

/// A root with values for its variables: what the input leaves open, such as the id of an account.
pub(crate) fn root<'a>(judge: &'a Judge, workspace: &'a Workspace, run: &Run, directory: &str) -> Root<'a> {
    let root = workspace.root(judge, directory);
    let variables =
        run.tree.files.get(&format!("{directory}/variables.tf")).map(String::as_str).unwrap_or_default();
    let names = variables.lines().filter_map(|line| line.strip_prefix("variable \"")?.strip_suffix("\" {"));
    names.fold(root, |root, name| root.variable(name, &value(name)))
}

/// The same value for the same name in every root.
pub(crate) fn value(name: &str) -> String {
    let number = name.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_000_000_000);
    if name.starts_with("account_") {
        format!("{number:012}")
    } else if name.starts_with("attachment_") {
        format!("tgw-attach-{number:017x}")
    } else {
        panic!("nobody knows a value for the variable {name}")
    }
}

/// Does the same for each item, as many at once as the machine has cores. Results come in the order of the items.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = Mutex::new(items.iter().enumerate());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().unwrap().next();
                    let Some((index, item)) = taken else { break };
                    let result = work(item);
                    results.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Fails with everything that Terraform refused.
pub(crate) fn accept(refused: impl IntoIterator<Item = Result<(), Failure>>) {
    let refused: Vec<String> =
        refused.into_iter().filter_map(Result::err).map(|failure| failure.to_string()).collect();
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n\n"));
}

//! What the file system alone takes, on one thread.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Files of a tree by their path below it.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A tree, whole.
pub(crate) fn load(root: &Path) -> Files {
    let mut files = Files::new();
    let mut todo = vec![root.to_path_buf()];
    while let Some(directory) = todo.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                todo.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Creates every file in a directory that does not exist yet.
pub(crate) fn create(root: &Path, files: &Files) -> Duration {
    let start = Instant::now();
    let mut last: Option<&Path> = None;
    for (path, bytes) in files {
        let parent = path.parent();
        if parent != last {
            fs::create_dir_all(root.join(parent.unwrap())).unwrap();
            last = parent;
        }
        fs::write(root.join(path), bytes).unwrap();
    }
    start.elapsed()
}

/// Reads every file and compares it.
pub(crate) fn compare(root: &Path, files: &Files) -> Duration {
    let start = Instant::now();
    for (path, bytes) in files {
        assert!(fs::read(root.join(path)).unwrap() == *bytes, "{} differs", path.display());
    }
    start.elapsed()
}

/// Size and time of writing of each file: a file that was written again shows.
pub(crate) fn stamps(root: &Path, files: &Files) -> Vec<(u64, std::time::SystemTime)> {
    let stamp = |path: &PathBuf| {
        let about = fs::metadata(root.join(path)).unwrap();
        (about.len(), about.modified().unwrap())
    };
    files.keys().map(stamp).collect()
}

//! Where an estate's files lie.

use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use crate::stop::Stop;

/// Name of the lock, beside the input directory.
pub const LOCK_NAME: &str = "network.lock.hcl";

/// Name of the output directory when none is given, beside the input directory.
pub const OUT_NAME: &str = "generated";

/// Name of the directory of templates, beside the input directory.
pub const TEMPLATES_NAME: &str = "templates";

/// Where an estate's files lie. The paths are as a person would write them: relative when the input directory was
/// given so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The input directory.
    pub input: PathBuf,
    /// The lock.
    pub lock: PathBuf,
    /// The output directory.
    pub out: PathBuf,
    /// The templates, which need not be there.
    pub templates: PathBuf,
}

impl Place {
    /// The places that belong to an input directory; `out` replaces the standard output directory.
    ///
    /// # Errors
    /// When the input directory has no directory that it lies in, or the output would lie around or inside the input.
    pub fn new(input: &Path, out: Option<&Path>) -> Result<Self> {
        let beside = beside(input)?;
        let out = out.map_or_else(|| beside.join(OUT_NAME), Path::to_path_buf);
        let (lock, templates) = (beside.join(LOCK_NAME), beside.join(TEMPLATES_NAME));
        let place = Self { input: input.to_path_buf(), lock, out, templates };
        place.check_apart()?;
        Ok(place)
    }

    /// Whether the output directory is the one that is used when none is given.
    ///
    /// # Errors
    /// When the working directory cannot be read.
    pub fn has_standard_out(&self) -> Result<bool> {
        Ok(absolute(&self.out)? == absolute(&beside(&self.input)?.join(OUT_NAME))?)
    }

    /// The directory in which the input directory lies.
    ///
    /// # Errors
    /// When there is none.
    pub fn beside(&self) -> Result<PathBuf> {
        beside(&self.input)
    }

    /// The output may replace and remove files, so it must not hold what people write.
    fn check_apart(&self) -> Result<()> {
        let (input, out) = (absolute(&self.input)?, absolute(&self.out)?);
        if out.starts_with(&input) || input.starts_with(&out) {
            let (input, out) = (shown(&self.input), shown(&self.out));
            return Err(Stop::new(format!("the output `{out}` and the input `{input}` must lie apart"))
                .help("name a directory beside the input, for example `--out generated`")
                .into());
        }
        if self.templates.is_dir() { apart(&self.out, &self.templates) } else { Ok(()) }
    }
}

/// Checks that a directory to be written lies neither inside nor around another one.
///
/// # Errors
/// When it does, or the working directory cannot be read.
pub fn apart(target: &Path, other: &Path) -> Result<()> {
    let (one, two) = (absolute(target)?, absolute(other)?);
    if one.starts_with(&two) || two.starts_with(&one) {
        let (target, other) = (shown(target), shown(other));
        return Err(Stop::new(format!("`{target}` and `{other}` must lie apart"))
            .help("name another directory")
            .into());
    }
    Ok(())
}

/// The directory in which `path` lies, relative when `path` is.
fn beside(path: &Path) -> Result<PathBuf> {
    let named = matches!(path.components().next_back(), Some(Component::Normal(_)));
    let parent = if named {
        path.parent().map(Path::to_path_buf)
    } else {
        absolute(path)?.parent().map(Path::to_path_buf)
    };
    parent.ok_or_else(|| Stop::new(format!("`{}` lies in no directory", shown(path))).into())
}

/// The path with every link of its existing part followed, and without `.` and `..`.
fn absolute(path: &Path) -> Result<PathBuf> {
    let text = shown(path);
    let full = std::path::absolute(path)
        .map_err(|error| Stop::new(format!("cannot tell where `{text}` lies")).because(error))?;
    let mut existing = full.as_path();
    let mut rest = Vec::new();
    loop {
        if let Ok(real) = existing.canonicalize() {
            return Ok(rest.into_iter().rev().fold(real, |path, part| match part {
                Component::ParentDir => path.parent().map(Path::to_path_buf).unwrap_or(path),
                Component::Normal(name) => path.join(name),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => path,
            }));
        }
        let Some(part) = existing.components().next_back() else { return Ok(full) };
        rest.push(part);
        let Some(parent) = existing.parent() else { return Ok(full) };
        existing = parent;
    }
}

/// A path for people: control characters escaped, so that a file name cannot write on the terminal.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy()
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_and_output_lie_beside_the_input() {
        let place = Place::new(Path::new("network"), None).unwrap();
        assert_eq!((place.lock, place.out), (LOCK_NAME.into(), OUT_NAME.into()));
        let place = Place::new(Path::new("estates/m3/network/"), None).unwrap();
        assert_eq!(place.lock, Path::new("estates/m3/network.lock.hcl"));
        assert!(place.out.ends_with("estates/m3/generated"));
        assert!(Place::new(Path::new("/"), None).is_err());
    }

    #[test]
    fn a_directory_without_a_name_is_found() {
        let here = tempfile::tempdir().unwrap();
        let input = here.path().join("network");
        std::fs::create_dir(&input).unwrap();
        let place = Place::new(&input.join("."), None).unwrap();
        assert_eq!(place.lock, here.path().join(LOCK_NAME));
        let place = Place::new(&input.join("../network/.."), None);
        assert!(place.is_ok(), "{place:?}");
    }

    #[test]
    fn output_and_input_lie_apart() {
        let here = tempfile::tempdir().unwrap();
        let input = here.path().join("network");
        std::fs::create_dir(&input).unwrap();
        for out in
            [input.clone(), input.join("generated"), here.path().to_path_buf(), input.join("../network/x")]
        {
            assert!(Place::new(&input, Some(&out)).is_err(), "{out:?}");
        }
        assert!(Place::new(&input, Some(&here.path().join("elsewhere"))).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_input_is_the_input() {
        let here = tempfile::tempdir().unwrap();
        let input = here.path().join("network");
        std::fs::create_dir(&input).unwrap();
        std::os::unix::fs::symlink(&input, here.path().join("other")).unwrap();
        assert!(Place::new(&input, Some(&here.path().join("other/out"))).is_err());
    }

    #[test]
    fn names_cannot_write_on_the_terminal() {
        assert_eq!(shown(Path::new("a\u{1b}[31m\n")), "a\\u{1b}[31m\\n");
    }
}

//! `tanada eject`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;
use tanada_model::diagnostic::did_you_mean;
use tanada_render::derive::derive;
use tanada_render::eject::{Ejected, Scope, eject};
use tanada_render::emit::units;
use tanada_render::plan::Plan;

use super::PlaceArgs;
use crate::disk::place::{Place, apart, shown};
use crate::disk::tree::{is_absent, read_file};
use crate::disk::write::write_file;
use crate::estate::{Asked, Estate};
use crate::report::{Answer, Findings, counted};
use crate::stop::Stop;
use crate::streams::Streams;
use crate::templates;

/// Copies a team's roots out of the output as plain Terraform that needs tanada no more
///
/// With them go the modules and addresses that they use, and no others; every relative source and every backend key
/// stays as it is, so that a plan from there changes nothing. README.md there says what the team owns now, what follows
/// nobody any more, and what the platform side does next. The output itself is not touched.
///
/// The output must be up to date. Nothing is ever overwritten: DIR must not be there, or be empty.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The team
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    team: Option<String>,

    /// Every root of the estate, the hubs' too
    #[arg(long)]
    all: bool,

    /// Where to; apart from input and output [default: `ejected/TEAM` or `ejected/all` beside the input]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,

    /// Directory of the input, `*.hcl` and `*.hcl.json`; the lock lies beside it
    #[arg(long, value_name = "DIR", default_value = "network")]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside the input]
    #[arg(long, value_name = "TREE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = PlaceArgs { dir: args.dir.clone(), out: args.out.clone() }.place()?;
    let target = match &args.to {
        Some(target) => target.clone(),
        None => place.beside()?.join("ejected").join(args.team.as_deref().unwrap_or("all")),
    };
    for other in [&place.input, &place.out] {
        apart(&target, other)?;
    }
    check_free(&target)?;
    let mut findings = Findings::default();
    let estate = Estate::load(&place, &Asked::default(), None, &mut findings)?;
    let plan = estate.as_ref().and_then(|estate| {
        let (plan, found) = derive(&estate.design, &estate.allocation);
        findings.extend(found);
        plan.filter(|_| !findings.has_errors())
    });
    let Some(plan) = plan else {
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        streams.tell(format_args!("{}; nothing was written", findings.summary()));
        return Ok(findings.answer());
    };
    let scope = args.team.as_deref().map_or(Scope::All, Scope::Team);
    let Some(added) = templates::render(&place, &plan, &mut findings)? else {
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        streams.tell(format_args!("{}; nothing was written", findings.summary()));
        return Ok(findings.answer());
    };
    let mut files: BTreeMap<String, String> = units(&plan).flatten_iter().collect();
    files.extend(added);
    let Some(ejected) = eject(&plan, &files, scope) else {
        return Err(nobody(args.team.as_deref().unwrap_or_default(), &plan).into());
    };
    if let Some(path) = stale(&place, &ejected, &files)? {
        streams.tell(format_args!("`{}` is not as the input says; nothing was written", shown(&path)));
        streams.tell(
            "  = help: run `tanada generate` first, so that what leaves is what was reviewed and applied",
        );
        return Ok(Answer::No);
    }
    write(&target, &ejected)?;
    streams.tell(format_args!(
        "{} in {} written to `{}`; read `README.md` there",
        counted(ejected.roots.len(), "root"),
        counted(ejected.files.len(), "file"),
        shown(&target)
    ));
    Ok(Answer::Yes)
}

fn nobody(team: &str, plan: &Plan) -> Stop {
    let teams = || plan.vpcs.iter().map(|vpc| vpc.team.as_str());
    let stop = Stop::new(format!("there is no team `{team}` with a VPC"));
    match did_you_mean(team, teams()) {
        Some(meant) => stop.help(format!("did you mean `{meant}`?")),
        None => stop.help("`tanada list` names every VPC, its team first"),
    }
}

/// Nothing, or an empty directory.
fn check_free(target: &Path) -> Result<()> {
    let cannot = |error| Stop::new(format!("cannot look at `{}`", shown(target))).because(error);
    let taken = |what: &str| {
        Stop::new(format!("`{}` {what}", shown(target))).help("name a new directory with `--to`")
    };
    match fs::symlink_metadata(target) {
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(cannot(error).into()),
        Ok(found) if !found.is_dir() => Err(taken("is there already, and is no directory").into()),
        Ok(_) => match fs::read_dir(target).map_err(cannot)?.next() {
            None => Ok(()),
            Some(_) => Err(taken("is not empty, and nothing is ever overwritten").into()),
        },
    }
}

/// The first file of the output that is not what the input says.
fn stale(place: &Place, ejected: &Ejected, files: &BTreeMap<String, String>) -> Result<Option<PathBuf>> {
    for path in &ejected.sources {
        if read_file(&place.out, path)?.as_ref() != files.get(path) {
            return Ok(Some(place.out.join(path)));
        }
    }
    Ok(None)
}

/// Writes everything beside the target, then moves it there in one step.
fn write(target: &Path, ejected: &Ejected) -> Result<()> {
    let cannot =
        |error| Stop::new(format!("cannot write `{}`; nothing was changed", shown(target))).because(error);
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(".tanada-new");
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(cannot)?;
    let new = parent.join(name);
    // Left by a run that was killed: nobody has ever seen it as a whole.
    let _ = fs::remove_dir_all(&new);
    let fill = || -> Result<()> {
        for (path, text) in &ejected.files {
            let path = new.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&new)).map_err(cannot)?;
            write_file(&path, text)?;
        }
        // Of a directory that is there only an empty one gives way.
        fs::rename(&new, target).map_err(|error| cannot(error).into())
    };
    fill().inspect_err(|_| {
        let _ = fs::remove_dir_all(&new);
    })
}

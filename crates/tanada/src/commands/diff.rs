//! `tanada diff`.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;

use crate::disk::place::Place;
use crate::report::Answer;
use crate::review::{Danger, DangerKind, Review, review, write_json, write_markdown, write_text};
use crate::revision::{Side, Spec};
use crate::stop::Stop;
use crate::streams::Streams;

/// Says what a change does to the network
///
/// Reads two generated trees as Terraform would and says what it will do when the second follows the first: what is
/// replaced or destroyed and by which line of the input, ranges that come, grow, move and go, rules, routes, and whom to
/// ask. Nothing of the work tree is touched, and no state is read: the old tree stands for what was applied.
///
/// A change that means nothing prints nothing. A replacement or destruction that `tanada generate --accept` has recorded
/// in the lock is said to be accepted, and does not fail.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Before: a revision of git (`A...B`: where the two parted), or a directory, named with a slash at its end
    #[arg(value_name = "BASE", default_value = "HEAD")]
    base: String,

    /// After: a revision or directory [default: the work tree; of `A...B`, B]
    #[arg(value_name = "HEAD")]
    head: Option<String>,

    /// Directory of the input; the lock lies beside it
    #[arg(long, value_name = "DIR", default_value = "network")]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside DIR]
    #[arg(long, value_name = "TREE")]
    out: Option<PathBuf>,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,

    /// Exit 1 when something of the kind happens that nobody accepted
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
}

/// For whom the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For the terminal
    Text,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

/// What fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A VPC, subnet, attachment, association or gateway is replaced
    Replace,
    /// One of them is destroyed, or its root is gone
    Destroy,
    /// Somebody reaches somebody newly, or no longer, or that cannot be said
    Reach,
    /// Anything changes at all
    Any,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = Place::new(&args.dir, args.out.as_deref())?;
    let head = match (&args.head, args.base.split_once("...")) {
        (Some(head), _) => Spec::new(head),
        (None, Some((_, head))) if !head.is_empty() => Spec::new(head),
        (None, _) => Spec::WorkingTree,
    };
    let base = Spec::new(&args.base);
    let (old, new) = rayon::join(|| Side::open(&place, &base), || Side::open(&place, &head));
    let (old, new) = (old?, new?);
    if !new.has_tree() && (!old.has_tree() || new.input.is_none()) {
        let label = &new.label;
        return Err(Stop::new(format!("there is no generated tree in {label}"))
            .help("`tanada generate` writes it; `--dir` and `--out` name other directories")
            .into());
    }
    if !old.has_tree() {
        streams.tell(format_args!("{} has no generated tree: everything is new", old.label));
    }
    let review = review(&old, &new)?;
    match args.format {
        Form::Text => write_text(&review, &mut streams.out, streams.out_style)?,
        Form::Markdown => write_markdown(&review, &mut streams.out)?,
        Form::Json => write_json(&review, &mut streams.out)?,
    }
    if review.is_empty() {
        streams.tell("no difference");
    }
    let fails = args.fail_on.iter().any(|kind| kind.fits(&review));
    Ok(if fails { Answer::No } else { Answer::Yes })
}

impl FailOn {
    fn fits(self, review: &Review) -> bool {
        let has = |kinds: &[DangerKind]| {
            let open = |danger: &Danger| !danger.accepted && kinds.contains(&danger.kind);
            review.dangers.iter().any(open)
        };
        match self {
            Self::Replace => has(&[DangerKind::Replaced]),
            Self::Destroy => has(&[DangerKind::Destroyed, DangerKind::Abandoned]),
            Self::Reach => !review.reach.is_empty() || has(&[DangerKind::Unfollowed]),
            Self::Any => !review.is_empty(),
        }
    }
}

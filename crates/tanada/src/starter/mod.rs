//! What `tanada init` writes: a small estate that is real and complete, and examples for git and for CI.
//!
//! Pure: the command decides where the files go and refuses to overwrite.

use thiserror::Error;

use tanada_model::net::Block;

/// A file to be written, its path relative to where `init` runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarterFile {
    /// With `/`, for example `network/teams.hcl`.
    pub path: &'static str,
    /// Its whole text.
    pub text: String,
}

/// Why a range is none for a first estate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    /// It leaves no room for two environments of two teams.
    #[error("`{0}` is too small for a first estate: it needs a /{LONGEST} or larger")]
    TooSmall(Block),
    /// No root pool may be as large.
    #[error("`{0}` is too large: a root is a /{SHORTEST} or smaller")]
    TooLarge(Block),
    /// It has addresses that belong to no network (RFC 6890): loopback, link-local, multicast and the like.
    #[error("`{0}` has addresses that no network may have: {1} is {2}")]
    NoNetworks(Block, &'static str, &'static str),
}

/// Blocks that belong to no network, with what they are.
const NO_NETWORKS: [(&str, &str); 4] = [
    ("0.0.0.0/8", "this host"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("224.0.0.0/3", "multicast, and reserved"),
];

/// The range when none is given.
pub const DEFAULT_RANGE: &str = "10.0.0.0/8";

/// Shortest prefix length of a root pool.
const SHORTEST: u8 = 8;

/// Longest prefix length of a range that holds the starter.
const LONGEST: u8 = 19;

/// Texts in which the estate's range and what follows from its size stand as `@NAME@`.
const TEXTS: [(&str, &str); 4] = [
    ("network/addresses.hcl", include_str!("network/addresses.hcl")),
    ("network/places.hcl", include_str!("network/places.hcl")),
    ("network/standard.hcl", include_str!("network/standard.hcl")),
    ("network/teams.hcl", include_str!("network/teams.hcl")),
];

/// Texts that are the same for everybody.
const CONSTANT: [(&str, &str); 4] = [
    (".gitattributes", include_str!("gitattributes")),
    ("ci/pre-commit-config.yaml", include_str!("../../../../examples/ci/pre-commit-config.yaml")),
    ("ci/github-actions.yml", include_str!("../../../../examples/ci/github-actions.yml")),
    ("ci/gitlab-ci.yml", include_str!("../../../../examples/ci/gitlab-ci.yml")),
];

/// The files of a first estate in a range.
///
/// Production gets half of the range, staging a quarter, the rest is free. A VPC is a /19 in production and half of that
/// in staging; in a small range both shrink, down to a /22.
///
/// # Errors
/// [`Unfit`] for a range longer than /19 or shorter than /8, or one that is for no networks.
pub fn starter(range: Block) -> Result<Vec<StarterFile>, Unfit> {
    let length = range.prefix_len();
    if length > LONGEST {
        return Err(Unfit::TooSmall(range));
    }
    if length < SHORTEST {
        return Err(Unfit::TooLarge(range));
    }
    let meets = |text: &str| text.parse::<Block>().is_ok_and(|block| block.overlaps(range));
    if let Some((block, what)) = NO_NETWORKS.into_iter().find(|(text, _)| meets(text)) {
        return Err(Unfit::NoNetworks(range, block, what));
    }
    let size = (length + 4).clamp(19, 22);
    let values = [
        ("@RANGE@", range.to_string()),
        ("@PRODUCTION_POOL@", (length + 1).to_string()),
        ("@STAGING_POOL@", (length + 2).to_string()),
        ("@PRODUCTION_SIZE@", size.to_string()),
        ("@STAGING_SIZE@", (size + 1).min(22).to_string()),
        ("@PRODUCTION_ADDRESSES@", (1_u32 << (32 - size)).to_string()),
    ];
    let fill =
        |text: &str| values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    let estate = TEXTS.iter().map(|&(path, text)| StarterFile { path, text: fill(text) });
    let constant = CONSTANT.iter().map(|&(path, text)| StarterFile { path, text: text.to_owned() });
    Ok(estate.chain(constant).collect())
}

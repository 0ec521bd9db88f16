//! A company of sixteen teams as its input has it, and the edits that its people make.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The same numbers for the same seed (xorshift64*).
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }
}

/// Environments, each with a pool of its own, and the prefix length of their VPCs.
const ENVIRONMENTS: [(&str, u8); 3] = [("production", 20), ("staging", 21), ("sandbox", 23)];

/// What nobody edits.
pub(crate) const ESTATE: &str = r#"
pool "company" {
  range = "10.0.0.0/8"

  pool "production" { size = 11 }
  pool "staging" { size = 12 }
  pool "sandbox" { size = 13 }
}

region "eu-west-2" {
  zones = { a = "euw2-az2", b = "euw2-az3" }
}

account "network" {}

hub "london" {
  region  = region.eu-west-2
  asn     = 64512
  account = account.network
}

segment "production" { reaches = [segment.production] }
segment "staging" { reaches = [segment.staging] }
segment "sandbox" {}

layout "service" {
  zones = ["a", "b"]

  tier "private" { newbits = 3 }

  tier "transit" {
    size   = 28
    attach = true
  }
}
"#;

/// An environment of the input; what a branch changes here changes every VPC in it.
fn environment(name: &str, size: u8, stage: &str) -> String {
    format!(
        "environment \"{name}\" {{\n  pool    = pool.{name}\n  hub     = hub.london\n  segment = segment.{name}\n  \
         layout  = layout.service\n  size    = {size}\n  tags    = {{ Stage = \"{stage}\" }}\n}}\n"
    )
}

/// A team of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Team {
    /// Which of the files of teams it stands in.
    file: usize,
    owner: String,
    renamed_from: Option<String>,
    /// Prefix length by label, `None` for that of the environment. A label that is no environment's is one more VPC of
    /// production.
    vpcs: BTreeMap<String, Option<u8>>,
}

impl Team {
    fn text(&self, name: &str) -> String {
        let Self { file: _, owner, renamed_from, vpcs } = self;
        let is_environment = |label: &str| ENVIRONMENTS.iter().any(|(name, _)| *name == label);
        let own =
            vpcs.keys().filter(|label| is_environment(label)).map(|label| format!("environment.{label}"));
        let mut text = format!("team \"{name}\" {{\n  owner        = \"{owner}\"\n");
        if let Some(old) = renamed_from {
            writeln!(text, "  renamed_from = \"{old}\"").unwrap();
        }
        writeln!(text, "  environments = [{}]", own.collect::<Vec<_>>().join(", ")).unwrap();
        for (label, size) in vpcs {
            let environment = match is_environment(label) {
                true if size.is_none() => continue,
                true => "",
                false => "    environment = environment.production\n",
            };
            let size = size.map_or(String::new(), |size| format!("    size        = {size}\n"));
            write!(text, "\n  vpc \"{label}\" {{\n{environment}{size}  }}\n").unwrap();
        }
        text + "}\n"
    }
}

/// The part of the input that people edit, in the order in which it stands there.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) teams: Vec<(String, Team)>,
    /// Names and texts.
    pub(crate) environments: Vec<(String, String)>,
    /// Names and texts.
    pub(crate) intents: Vec<(String, String)>,
}

/// Number of files that the teams stand in.
pub(crate) const FILES: usize = 4;

impl Company {
    /// Sixteen teams: most in production and staging, some in the sandbox.
    pub(crate) fn new(random: &mut Random) -> Self {
        let team = |number: usize| {
            let environments = if random.below(4) == 0 { 3 } else { 1 + random.below(4).min(1) };
            let vpcs = ENVIRONMENTS.iter().take(environments).map(|(name, _)| ((*name).to_owned(), None));
            let name = format!("{}-{number}", ["web", "data", "stock", "mail"][number % 4]);
            (
                name.clone(),
                Team {
                    file: number / FILES,
                    owner: format!("@company/{name}"),
                    renamed_from: None,
                    vpcs: vpcs.collect(),
                },
            )
        };
        let environments =
            ENVIRONMENTS.iter().map(|(name, size)| ((*name).to_owned(), environment(name, *size, name)));
        let mut company = Self {
            teams: (0..16).map(team).collect(),
            environments: environments.collect(),
            intents: Vec::new(),
        };
        let platform = BTreeMap::from([("production".to_owned(), None), ("staging".to_owned(), None)]);
        let platform =
            Team { file: 0, owner: "@company/platform".to_owned(), renamed_from: None, vpcs: platform };
        company.teams.push(("platform".to_owned(), platform));
        company.allow("web-0");
        company
    }

    /// `team` may call the platform.
    fn allow(&mut self, team: &str) {
        let text = format!(
            "allow \"{team}-platform\" {{\n  from  = [team.{team}]\n  to    = [team.platform.private]\n  ports = \
             [\"tcp/443\"]\n  why   = \"It calls the platform.\"\n}}\n"
        );
        self.intents.push((format!("{team}-platform"), text));
    }

    /// Names and texts of the files.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let text = |file: usize| {
            let own = self.teams.iter().filter(|(_, team)| team.file == file);
            own.map(|(name, team)| team.text(name)).collect::<Vec<_>>().join("\n")
        };
        let join = |list: &[(String, String)]| {
            list.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
        };
        let constant = [
            ("network/estate.hcl".to_owned(), ESTATE.to_owned()),
            ("network/environments.hcl".to_owned(), join(&self.environments)),
            ("network/intents.hcl".to_owned(), join(&self.intents)),
        ];
        (0..FILES).map(|file| (format!("network/teams-{file}.hcl"), text(file))).chain(constant).collect()
    }

    /// The input that two people agree on: what one of them alone changed is as that one has it, what is new of the
    /// second follows.
    pub(crate) fn merged(base: &Self, ours: &Self, theirs: &Self) -> Self {
        Self {
            teams: merge_lists(&base.teams, &ours.teams, &theirs.teams),
            environments: merge_lists(&base.environments, &ours.environments, &theirs.environments),
            intents: merge_lists(&base.intents, &ours.intents, &theirs.intents),
        }
    }
}

fn merge_lists<T: Clone + PartialEq>(
    base: &[(String, T)],
    ours: &[(String, T)],
    theirs: &[(String, T)],
) -> Vec<(String, T)> {
    let get = |list: &[(String, T)], name: &str| {
        list.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    };
    let known: BTreeSet<&str> = ours.iter().map(|(name, _)| name.as_str()).collect();
    let names = ours
        .iter()
        .chain(theirs.iter().filter(|(name, _)| !known.contains(name.as_str())))
        .map(|(name, _)| name);
    let merged = names.filter_map(|name| {
        let (before, own, other) = (get(base, name), get(ours, name), get(theirs, name));
        let value = if before == own { other } else { own };
        Some((name.clone(), value?))
    });
    merged.collect()
}

/// What a branch did.
#[derive(Default)]
pub(crate) struct Branch {
    /// Teams that it edited, by the names that they had.
    pub(crate) touched: BTreeSet<String>,
    /// Ids of the VPCs that left.
    pub(crate) destroyed: BTreeSet<String>,
    /// New id to old id.
    pub(crate) renamed: BTreeMap<String, String>,
    /// What happened, for the message of a failure.
    pub(crate) edits: Vec<String>,
}

/// One to three edits of different teams.
pub(crate) fn edit(company: &mut Company, side: &str, random: &mut Random) -> Branch {
    let mut branch = Branch::default();
    for number in 0..=random.below(3) {
        let kind = random.below(100);
        if kind < 33 {
            let letters = [random.below(26), random.below(26)].map(|at| char::from(b'a' + at as u8));
            add(company, &format!("{}{}-{side}{number}", letters[0], letters[1]), random, &mut branch);
            continue;
        }
        if kind < 40 {
            retag(company, side, random, &mut branch);
            continue;
        }
        let at = random.below(company.teams.len());
        let name = company.teams[at].0.clone();
        // What an intent names stays, and nobody edits a team twice.
        let free = name != "platform"
            && !company.intents.iter().any(|(intent, _)| intent.starts_with(&format!("{name}-")));
        if !free || !branch.touched.insert(name.clone()) {
            continue;
        }
        match kind {
            40..52 => another_vpc(company, at, &mut branch),
            52..64 => leave(company, at, random, &mut branch),
            64..71 => rename(company, at, side, &mut branch),
            71..81 => grow(company, at, &mut branch),
            81..91 => {
                company.allow(&name);
                branch.edits.push(format!("{name} may call the platform"));
            }
            _ => {
                company.teams[at].1.owner = format!("@company/{side}");
                branch.edits.push(format!("{name} has another owner"));
            }
        }
    }
    branch
}

/// A new team; half of them at the end of a file, the others anywhere.
fn add(company: &mut Company, name: &str, random: &mut Random, branch: &mut Branch) {
    let environments =
        [&["production", "staging"][..], &["staging"], &["sandbox"], &["production"]][random.below(4)];
    let size = (random.below(4) == 0).then(|| 22 + random.below(3) as u8);
    let vpcs = environments.iter().map(|label| ((*label).to_owned(), size)).collect();
    let team =
        Team { file: random.below(FILES), owner: format!("@company/{name}"), renamed_from: None, vpcs };
    let at = if random.below(2) == 0 { company.teams.len() } else { random.below(company.teams.len() + 1) };
    company.teams.insert(at, (name.to_owned(), team));
    branch.touched.insert(name.to_owned());
    branch.edits.push(format!("{name} is new in {environments:?}, {size:?}"));
}

/// Another tag for every VPC of an environment.
fn retag(company: &mut Company, side: &str, random: &mut Random, branch: &mut Branch) {
    let at = random.below(ENVIRONMENTS.len());
    let (name, size) = ENVIRONMENTS[at];
    if branch.touched.insert(format!("environment {name}")) {
        company.environments[at].1 = environment(name, size, side);
        branch.edits.push(format!("{name} has another tag"));
    }
}

fn another_vpc(company: &mut Company, at: usize, branch: &mut Branch) {
    let (name, team) = &mut company.teams[at];
    let label = ENVIRONMENTS.iter().map(|(label, _)| *label).find(|label| !team.vpcs.contains_key(*label));
    let (label, size) = label.map_or(("batch", Some(22)), |label| (label, None));
    team.vpcs.insert(label.to_owned(), size);
    branch.edits.push(format!("{name} gets {label}"));
}

/// The whole team, or one VPC of several.
fn leave(company: &mut Company, at: usize, random: &mut Random, branch: &mut Branch) {
    let (name, team) = &mut company.teams[at];
    let gone: Vec<String> = match team.vpcs.len() {
        2.. if random.below(2) == 0 => team.vpcs.pop_last().into_iter().map(|(label, _)| label).collect(),
        _ => std::mem::take(&mut team.vpcs).into_keys().collect(),
    };
    branch.destroyed.extend(gone.iter().map(|label| format!("{name}-{label}")));
    branch.edits.push(format!("{gone:?} of {name} leave"));
    if team.vpcs.is_empty() {
        company.teams.remove(at);
    }
}

fn rename(company: &mut Company, at: usize, side: &str, branch: &mut Branch) {
    let (name, team) = &mut company.teams[at];
    let old = std::mem::replace(name, format!("{side}-{name}"));
    branch
        .renamed
        .extend(team.vpcs.keys().map(|label| (format!("{name}-{label}"), format!("{old}-{label}"))));
    branch.edits.push(format!("{old} is called {name}"));
    branch.touched.insert(name.clone());
    team.renamed_from = Some(old);
}

/// The first VPC doubles: by the neighbour of its block or by a second block.
fn grow(company: &mut Company, at: usize, branch: &mut Branch) {
    let (name, team) = &mut company.teams[at];
    let Some((label, size)) = team.vpcs.iter_mut().next() else { return };
    let usual =
        ENVIRONMENTS.iter().find(|(environment, _)| environment == label).map_or(22, |(_, size)| *size);
    *size = Some(size.unwrap_or(usual) - 1);
    branch.edits.push(format!("{label} of {name} doubles"));
}

use std::path::PathBuf;
use std::process::Output;

use crate::terraform::workspace::{at, form};
use crate::terraform::{Failure, Judge, Outline, Plan, Workspace, modules};

/// The saved plan, inside the root's folder.
const PLAN: &str = ".plan";

/// How every run goes. Nothing drifts behind the stand-in's back, so nothing is read again before a plan; what data
/// sources look up is.
const QUIET: [&str; 3] = ["-input=false", "-lock=false", "-refresh=false"];

/// A root module of a [`Workspace`], judged by Terraform.
#[derive(Clone, Debug)]
pub struct Root<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    directory: String,
    /// `-var=name=value`.
    variables: Vec<String>,
}

impl<'a> Root<'a> {
    pub(crate) fn new(workspace: &'a Workspace, judge: &'a Judge, directory: &str) -> Self {
        Self { workspace, judge, directory: directory.to_owned(), variables: Vec::new() }
    }

    /// Gives a variable of the root a value.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push(format!("-var={name}={value}"));
        self
    }

    /// Its folder, relative to the tree.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// `terraform validate`.
    ///
    /// # Errors
    ///
    /// Terraform refuses the root, or cannot be run.
    pub fn validate(&self) -> Result<(), Failure> {
        self.install()?;
        self.run(&["validate", "-no-color"], &[]).map(drop)
    }

    /// `terraform plan`, which validates, too. The plan is kept for [`apply`](Self::apply).
    ///
    /// # Errors
    ///
    /// Terraform cannot plan the root, or cannot be run.
    pub fn plan(&self) -> Result<Plan, Failure> {
        self.install()?;
        let out = format!("-out={PLAN}");
        let plan = ["plan", "-no-color", &out];
        self.run(&[&plan[..], &QUIET].concat(), &self.variables)?;
        Plan::parse(&self.shown()?).map_err(|error| form(&self.path(), error))
    }

    /// What `terraform show -json` writes of the latest [`plan`](Self::plan).
    ///
    /// # Errors
    ///
    /// There was none, or Terraform cannot be run.
    pub fn shown(&self) -> Result<Vec<u8>, Failure> {
        Ok(self.run(&["show", "-json", PLAN], &[])?.stdout)
    }

    /// What `terraform show -json` writes of the root's state.
    ///
    /// # Errors
    ///
    /// Terraform cannot be run.
    pub fn state(&self) -> Result<Vec<u8>, Failure> {
        Ok(self.run(&["show", "-json"], &[])?.stdout)
    }

    /// Plans and applies to the root's state; the plan that was applied.
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan), or Terraform cannot apply it.
    pub fn apply(&self) -> Result<Plan, Failure> {
        let plan = self.plan()?;
        self.run(&["apply", "-input=false", "-lock=false", "-no-color", PLAN], &[])?;
        Ok(plan)
    }

    /// What `terraform plan` does, without values: half the time of a [`plan`](Self::plan). Nothing is kept.
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan).
    pub fn outline(&self) -> Result<Outline, Failure> {
        self.told(&["plan", "-json"])
    }

    /// Plans and applies in one run; what was done, without values.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn carry_out(&self) -> Result<Outline, Failure> {
        self.told(&["apply", "-json", "-auto-approve"])
    }

    fn told(&self, command: &[&str]) -> Result<Outline, Failure> {
        self.install()?;
        let output = self.run(&[command, &QUIET].concat(), &self.variables)?;
        Outline::parse(&output.stdout).map_err(|error| form(&self.path(), error))
    }

    /// `terraform test` of a module with tests of its own, all of whose providers are mocked; how many runs passed.
    ///
    /// # Errors
    ///
    /// A run failed, there is none, or Terraform cannot be run.
    pub fn test(&self) -> Result<usize, Failure> {
        let output = self.run(&["test", "-no-color"], &[])?;
        let told = String::from_utf8_lossy(&output.stdout);
        // The last line is `Success! 12 passed, 0 failed.`
        let passed = told
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("Success! ")?.split(' ').next()?.parse().ok());
        passed
            .filter(|&passed| passed > 0)
            .ok_or_else(|| form(&self.path(), "Terraform found no tests in it"))
    }

    /// Notes where the modules are; a full `init` is not needed, since there is nothing to download.
    fn install(&self) -> Result<(), Failure> {
        let path = self.path();
        if self.workspace.must_install(&self.directory) && !modules::note(&path).map_err(at(&path))? {
            self.run(&["get", "-no-color"], &[])?;
        }
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.workspace.path().join(&self.directory)
    }

    fn run(&self, arguments: &[&str], variables: &[String]) -> Result<Output, Failure> {
        let path = self.path();
        let output = self.judge.command(&path).args(arguments).args(variables).output().map_err(at(&path))?;
        if output.status.success() {
            return Ok(output);
        }
        // Errors stand on the second output; on the first a plan that fails is told at length, and the runs of a test.
        // With `-json` errors stand among the rest.
        let told = if arguments.starts_with(&["test"]) {
            [output.stdout, output.stderr].concat()
        } else if arguments.contains(&"-json") {
            [Outline::errors(&output.stdout).into_bytes(), output.stderr].concat()
        } else {
            output.stderr
        };
        Err(Failure::Refused {
            command: arguments.join(" "),
            directory: PathBuf::from(&self.directory),
            output: String::from_utf8_lossy(&told).into_owned(),
        })
    }
}

//! What Terraform says while it plans or applies: enough to know what happens to what, without values.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Action;

/// What a plan does to each managed resource, by address; those that stay as they are do not stand here.
///
/// It is read from `-json`, which one run of Terraform writes; a [`Plan`](super::Plan) with its values takes two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What happens, by address: the one after the plan, or before when it goes.
    pub steps: BTreeMap<String, Step>,
}

/// What happens to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What Terraform will do. [`Action::Keep`]: only its address changes, or it is only taken in.
    pub action: Action,
    /// Its address before a `moved` block, when there was one.
    pub previous_address: Option<String>,
    /// Whether an `import` block takes it in first.
    pub is_import: bool,
}

impl Outline {
    /// Reads what `terraform plan -json` wrote.
    ///
    /// # Errors
    ///
    /// A line is no JSON, or holds an action that this crate does not know.
    pub fn parse(told: &[u8]) -> serde_json::Result<Self> {
        let mut steps = BTreeMap::new();
        for line in told.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Told { kind, change: Some(change), .. } = serde_json::from_slice(line)? else { continue };
            if kind == "planned_change"
                && let Some(action) = change.action()?
            {
                let previous_address = change.previous_resource.map(|resource| resource.addr);
                let is_import = change.importing.is_some();
                steps.insert(change.resource.addr, Step { action, previous_address, is_import });
            }
        }
        Ok(Self { steps })
    }

    /// The errors among what was told.
    pub(super) fn errors(told: &[u8]) -> String {
        let lines = told.split(|byte| *byte == b'\n');
        let told = lines.filter_map(|line| serde_json::from_slice::<Told>(line).ok());
        let errors = told.filter_map(|told| told.diagnostic.filter(|it| it.severity == "error"));
        errors.map(|it| format!("{}: {}\n", it.summary, it.detail)).collect()
    }
}

/// The parts of a line that are read.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    change: Option<ToldChange>,
    diagnostic: Option<ToldDiagnostic>,
}

#[derive(Deserialize)]
struct ToldChange {
    resource: ToldResource,
    previous_resource: Option<ToldResource>,
    importing: Option<serde_json::Value>,
    action: String,
}

#[derive(Deserialize)]
struct ToldResource {
    addr: String,
}

#[derive(Deserialize)]
struct ToldDiagnostic {
    severity: String,
    summary: String,
    #[serde(default)]
    detail: String,
}

impl ToldChange {
    /// `None`: a data source that is read only at apply.
    fn action(&self) -> serde_json::Result<Option<Action>> {
        Ok(Some(match self.action.as_str() {
            "move" | "noop" | "import" => Action::Keep,
            "create" => Action::Create,
            "update" => Action::Update,
            "replace" => Action::Replace,
            "delete" => Action::Destroy,
            "remove" => Action::Forget,
            "read" => return Ok(None),
            other => {
                let addr = &self.resource.addr;
                return Err(serde::de::Error::custom(format!("{addr} has the action {other:?}")));
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_from_among_the_rest() {
        let change = |address: &str, action: &str, previous: &str| {
            format!(
                r#"{{"type":"planned_change","change":{{"resource":{{"addr":"{address}"}},"action":"{action}"{previous}}}}}"#
            )
        };
        let previous = r#","previous_resource":{"addr":"old"}"#;
        let told = [
            r#"{"type":"version","terraform":"1.11.4"}"#.to_owned(),
            change("new", "move", previous),
            change("data.x.y", "read", ""),
            change("a", "replace", ""),
            // What has changed outside of Terraform is no plan.
            change("b", "delete", "").replace("planned_change", "resource_drift"),
        ];
        let outline = Outline::parse(told.join("\n").as_bytes()).unwrap();
        let steps: Vec<_> = outline.steps.iter().map(|(at, it)| (at.as_str(), it.action)).collect();
        assert_eq!(steps, [("a", Action::Replace), ("new", Action::Keep)]);
        assert_eq!(outline.steps["new"].previous_address.as_deref(), Some("old"));
        assert!(Outline::parse(change("a", "explode", "").as_bytes()).is_err());
        assert!(Outline::parse(b"Error").is_err());
    }
}

//! Provider settings: region, account, tags.

use tanada_model::design::RegionId;

use super::{Book, Case, Step};
use crate::plan::{AccountUse, ProviderPlan};

/// Everything of a `provider` block at a path.
pub(super) fn add(
    book: &mut Book,
    case: Case<'_>,
    path: &str,
    plan: &ProviderPlan,
    region: Vec<Step>,
    tag: &dyn Fn(&str) -> Vec<Step>,
) {
    let ProviderPlan { region: name, account, tags } = plan;
    book.add(format!("{path}.region"), name, region);
    if let Some(account) = account {
        let AccountUse { name: label, known: _, role } = account;
        let steps = case.account_steps(label);
        let id = case.account_id(account);
        book.add(format!("{path}.allowed_account_ids.0"), &id, steps.clone());
        if let Some(role) = role {
            let partition = crate::emit::partition(name);
            let braced = if id.starts_with("var.") { format!("${{{id}}}") } else { id };
            let arn = format!("arn:{partition}:iam::{braced}:role/{role}");
            book.add(format!("{path}.assume_role.role_arn"), arn, steps);
        }
    }
    for (key, value) in tags {
        book.add(format!("{path}.default_tags.tags.{key}"), value, tag(key));
    }
}

impl Case<'_> {
    /// An account's id as it stands: twelve digits, or the variable that brings it.
    pub(super) fn account_id(self, account: &AccountUse) -> String {
        let AccountUse { name, known, role: _ } = account;
        let id = self.plan.accounts.iter().find(|one| one.name == *name && *known);
        id.map_or_else(|| format!("var.account_{}", super::ident(name)), |one| one.id.clone())
    }

    /// A region of the design by its id, as steps.
    pub(super) fn region_steps(self, id: RegionId) -> Vec<Step> {
        vec![self.region(id)]
    }
}

//! Small changes of the input make small plans. All start from one applied state; none of them is applied.

use std::collections::BTreeSet;

use serde_json::Value;
use standin::{Action, Change, Counts, Judge, Lookups, Plan, Workspace, judge_or_skip};
use tanada_render::allocate::Consent;
use tanada_render::emit::{OldRoot, leaving};

use crate::estate::workspace;
use crate::life::{ONE_ACCOUNT, PAYMENTS, WEB, apply, changed_files, m3, plan};
use crate::ranges;
use crate::support::{Run, lock_of, run, run_with};

/// An applied estate, all in one account: the hub, and of the VPCs those that the changes have to do with.
pub(crate) struct Applied {
    pub(crate) judge: Judge,
    pub(crate) workspace: Workspace,
    pub(crate) run: Run,
}

impl Applied {
    /// The estate after changes of its input.
    fn change(&self, changes: &[(&str, &str)]) -> Run {
        let after = run(&one_account(changes), &self.run.lock);
        self.workspace.replace_files(&after.tree.files).unwrap();
        after
    }

    pub(crate) fn plan(&self, run: &Run, directory: &str) -> Plan {
        plan(&self.judge, &self.workspace, run, directory)
    }
}

pub(crate) fn one_account(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    m3(&[&ONE_ACCOUNT, changes].concat())
}

pub(crate) const STAGING: &str = "teams/web/staging";
const BATCH: &str = "teams/data/batch";
pub(crate) const SHARED: &str = "teams/platform/shared";
const TEAM_WEB: &str = r#"team "web" { owner = "@m3/web" }"#;

#[test]
fn changes_are_planned_as_small_as_they_are() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&one_account(&[]), &lock_of("m3"));
    let workspace = workspace(&run);
    apply(&judge, &workspace, &run, &[WEB, PAYMENTS, STAGING, BATCH, SHARED]);
    let applied = Applied { judge, workspace, run };
    an_intent_adds_one_row_to_each_acl(&applied);
    a_renamed_team_changes_tags(&applied);
    a_renamed_vpc_changes_tags(&applied);
    a_renamed_tier_moves(&applied);
    ranges::a_pin_elsewhere_replaces_its_own_vpc_and_edits_acls_of_others(&applied);
    what_leaves_is_destroyed_or_forgotten_whole(&applied);
}

fn an_intent_adds_one_row_to_each_acl(applied: &Applied) {
    // The port lies below those of answers, so that the answers to `checkout` do not allow it already.
    let refund = "allow \"refund\" {\n  from  = [team.payments.private]\n  to    = [team.web.private]\n  ports = [\"tcp/443\"]\n  why   = \"Payments tells the shop what came back.\"\n}\n\nallow \"checkout\" {";
    let after = applied.change(&[("allow \"checkout\" {", refund)]);
    for root in [WEB, PAYMENTS] {
        let plan = applied.plan(&after, root);
        assert_eq!(plan.counts(), Counts { change: 1, ..Counts::default() }, "{root}");
        let (address, change) = plan.changed().next().expect("one change");
        assert_eq!(
            (address, change.action),
            ("module.vpc.aws_network_acl.this[\"private\"]", Action::Update)
        );
        for direction in ["ingress", "egress"] {
            let (gone, new) = difference(change, direction);
            assert_eq!((gone.len(), new.len()), (0, 1), "{root} {address} {direction}");
        }
    }
}

/// The rules that a change takes away, and those that it brings.
pub(crate) fn difference(change: &Change, direction: &str) -> (Vec<Value>, Vec<Value>) {
    let rules = |values: &Value| values[direction].as_array().cloned().unwrap_or_default();
    let (before, after) = (rules(&change.before), rules(&change.after));
    let only =
        |own: &[Value], other: &[Value]| own.iter().filter(|rule| !other.contains(rule)).cloned().collect();
    (only(&before, &after), only(&after, &before))
}

fn a_renamed_team_changes_tags(applied: &Applied) {
    let shop = "team \"shop\" {\n  owner        = \"@m3/web\"\n  renamed_from = \"web\"\n}";
    let after = applied.change(&[(TEAM_WEB, shop), ("from  = [team.web]", "from  = [team.shop]")]);
    only_tags(&applied.plan(&after, "teams/shop/production"), "shop");
    assert_eq!(applied.plan(&after, PAYMENTS).counts(), Counts::default(), "a peer sees no difference");
}

fn a_renamed_vpc_changes_tags(applied: &Applied) {
    let after = applied.change(&[("vpc \"batch\" {", "vpc \"nightly\" {\n    renamed_from = \"batch\"")]);
    only_tags(&applied.plan(&after, "teams/data/nightly"), "nightly");
    assert_eq!(applied.plan(&after, SHARED).counts(), Counts::default(), "a peer sees no difference");
}

fn a_renamed_tier_moves(applied: &Applied) {
    let after = applied.change(&[
        ("tier \"private\" {\n", "tier \"application\" {\n    renamed_from = \"private\"\n"),
        ("accepts = [tier.private]", "accepts = [tier.application]"),
        ("team.payments.private", "team.payments.application"),
        ("team.platform.shared.private", "team.platform.shared.application"),
    ]);
    let plan = applied.plan(&after, WEB);
    only_tags(&plan, "tier");
    let moved = plan.changes.values().filter(|change| change.previous_address.is_some()).count();
    assert!(moved > 3, "{moved} resources moved to their new keys");
}

/// Nothing is made, destroyed or forgotten, and what changes are tags.
pub(crate) fn only_tags(plan: &Plan, what: &str) {
    let Counts { add, change, destroy, forget } = plan.counts();
    assert_eq!((add, destroy, forget), (0, 0, 0), "{what}");
    assert!(change > 0, "{what}: a name is in a tag");
    for (address, change) in plan.changed() {
        let attributes = change.attributes();
        assert!(
            attributes.is_subset(&BTreeSet::from(["tags", "tags_all"])),
            "{what} {address}: {attributes:?}"
        );
    }
}

fn what_leaves_is_destroyed_or_forgotten_whole(applied: &Applied) {
    let staging = "team \"web\" {\n  owner        = \"@m3/web\"\n  environments = [environment.staging]\n}";
    let files = one_account(&[(TEAM_WEB, staging)]);
    let names = BTreeSet::from(["web-production".to_owned()]);
    let destroy = Consent { destroy: names.clone(), ..Consent::default() };
    let forget = Consent { forget: names, ..Consent::default() };
    let whole = applied.run.plan.vpcs.iter().find(|vpc| vpc.directory == WEB).expect("web");
    for consent in [destroy, forget] {
        let after = run_with(&files, &applied.run.lock, &consent);
        let [root] = after.plan.leaving.as_slice() else { panic!("{:?}", after.plan.leaving) };
        assert_eq!(root.birth, whole.birth);
        let old = |name: &str| applied.run.tree.files.get(&format!("{WEB}/{name}.tf")).cloned();
        let (providers, addresses) = (old("providers"), old("addresses"));
        let (backend, variables) = (old("backend"), old("variables"));
        let kept = leaving(root, &OldRoot { providers, addresses, backend, variables, ..OldRoot::default() });
        applied.workspace.replace_files(after.tree.files.clone().into_iter().chain(kept)).unwrap();

        let plan = applied.plan(&after, WEB);
        let all = plan.changes.len();
        let expected = if root.keeps_network {
            Counts { forget: all, ..Counts::default() }
        } else {
            Counts { destroy: all, ..Counts::default() }
        };
        assert!(all > 50, "{all} resources were applied");
        assert_eq!(plan.counts(), expected);
    }
}

#[test]
fn a_new_team_changes_no_file_of_others() {
    let lock = lock_of("m3");
    let with_games = format!("{TEAM_WEB}\nteam \"games\" {{ owner = \"@m3/games\" }}");
    // With the intent every VPC of both environments may sign in at one of them, which so has two new peers.
    let login = "  from  = [environment.production, environment.staging]\n";
    let named = "  from  = [team.web]\n";
    let peer: &[_] = &["teams/platform/shared/addresses.tf", "teams/platform/shared/main.tf"];
    for (common, expected) in [(&[][..], peer), (&[(login, named)], &[])] {
        let before = run(&m3(common), &lock);
        let after = run(&m3(&[common, &[(TEAM_WEB, &with_games)]].concat()), &before.lock);
        let changed = changed_files(&before, &after);
        let others: Vec<_> = changed.iter().copied().filter(|path| !path.contains("games")).collect();
        assert_eq!(others, expected);
        assert!(changed.contains("teams/games/production/main.tf"), "{changed:?}");
    }
}

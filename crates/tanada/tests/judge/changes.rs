//! Small changes of the input make small plans. All start from one applied state; none of them is applied.

use std::collections::BTreeSet;

use serde_json::Value;
use standin::{Action, Change, Counts, Judge, Lookups, Plan, Workspace, judge_or_skip};
use tanada_render::allocate::Consent;
use tanada_render::emit::{OldRoot, leaving};

use crate::estate::workspace;
use crate::life::{ONE_ACCOUNT, PAYMENTS, WEB, apply, changed_files, m3, plan};
use crate::support::{Run, lock_of, run, run_with};

/// An applied estate: hub, web's production and payments' production, all in one account.
struct Applied {
    judge: Judge,
    workspace: Workspace,
    run: Run,
}

impl Applied {
    /// The estate after changes of its input.
    fn change(&self, changes: &[(&str, &str)]) -> Run {
        let after = run(&one_account(changes), &self.run.lock);
        self.workspace.replace_files(&after.tree.files).unwrap();
        after
    }

    fn plan(&self, run: &Run, directory: &str) -> Plan {
        plan(&self.judge, &self.workspace, run, directory)
    }
}

pub(crate) fn one_account(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    m3(&[&ONE_ACCOUNT, changes].concat())
}

const TEAM_WEB: &str = r#"team "web" { owner = "@m3/web" }"#;

#[test]
fn changes_are_planned_as_small_as_they_are() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&one_account(&[]), &lock_of("m3"));
    let workspace = workspace(&run);
    apply(&judge, &workspace, &run, &[WEB, PAYMENTS]);
    let applied = Applied { judge, workspace, run };
    an_intent_adds_one_row_to_each_acl(&applied);
    a_renamed_team_changes_tags(&applied);
    a_renamed_tier_moves(&applied);
    a_pin_elsewhere_replaces_its_own_vpc_and_edits_acls_of_others(&applied);
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
fn difference(change: &Change, direction: &str) -> (Vec<Value>, Vec<Value>) {
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

fn a_pin_elsewhere_replaces_its_own_vpc_and_edits_acls_of_others(applied: &Applied) {
    let files = one_account(&[("range = \"10.31.0.0/20\"", "range = \"10.62.0.0/20\"")]);
    let consent =
        Consent { accept: BTreeSet::from(["payments-production".to_owned()]), ..Consent::default() };
    let after = run_with(&files, &applied.run.lock, &consent);
    applied.workspace.replace_files(&after.tree.files).unwrap();

    let own = applied.plan(&after, PAYMENTS);
    let vpc = &own.changes["module.vpc.aws_vpc.this"];
    assert_eq!(vpc.action, Action::Replace);
    assert!(vpc.replacing.iter().eq(["cidr_block"]));
    let kept = own.changes.values().filter(|change| change.type_name == "aws_eip");
    assert!(kept.into_iter().all(|change| change.action == Action::Keep), "public addresses survive");

    for (address, change) in applied.plan(&after, WEB).changed() {
        assert_eq!(
            (change.type_name.as_str(), change.action),
            ("aws_network_acl", Action::Update),
            "{address}"
        );
        for direction in ["ingress", "egress"] {
            let (gone, new) = difference(change, direction);
            assert_eq!(gone.len(), new.len(), "{address} {direction}: a rule follows its peer");
        }
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
        let kept = leaving(root, &OldRoot { providers, addresses, backend, variables });
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
    let before = run(&m3(&[]), &lock_of("m3"));
    let with_games = format!("{TEAM_WEB}\nteam \"games\" {{ owner = \"@m3/games\" }}");
    let after = run(&m3(&[(TEAM_WEB, &with_games)]), &before.lock);
    let changed = changed_files(&before, &after);
    // Every VPC of both environments may sign in at this one, so it has two new peers.
    let others: BTreeSet<_> = changed.iter().copied().filter(|path| !path.contains("games")).collect();
    assert_eq!(
        others,
        BTreeSet::from(["teams/platform/shared/addresses.tf", "teams/platform/shared/main.tf"])
    );
    assert!(changed.contains("teams/games/production/main.tf"), "{changed:?}");
}

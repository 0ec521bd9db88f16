//! What one lock has promised and a later one does not keep.
//!
//! A live block whose line is gone would be handed out again while a network still runs in it: that is what `git revert`
//! of an applied change does. A line may go when its block was retired and released, or take another name; nothing else.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::lock::{BlockLabel, Claim, ClaimState, Holder, Lock, VpcName};

/// A promise that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Whose it was: a VPC's id, with `/block` for one that is not the first, or `pool.name`.
    pub holder: String,
    /// What became of it, in one line.
    pub words: String,
    /// Whether a person agreed to another place, by the later lock.
    pub accepted: bool,
}

/// Promises of `base` that `head` does not keep.
pub fn broken(base: &Lock, head: &Lock) -> Vec<Broken> {
    let pools = renamed_pools(base, head);
    let mut later: BTreeMap<(String, String), (&str, &Claim)> = BTreeMap::new();
    let mut taken: Vec<(&str, &Claim)> = Vec::new();
    for (pool, claims) in &head.pools {
        for claim in claims {
            later.insert(identity(head, &claim.holder, &BTreeMap::new()), (pool, claim));
            taken.push((pool, claim));
        }
    }
    let mut found = Vec::new();
    for (pool, claims) in &base.pools {
        let now = pools.get(pool.as_str()).copied().unwrap_or(pool);
        for claim in claims {
            let kept = later.get(&identity(base, &claim.holder, &pools));
            let holder = holder(&claim.holder);
            let place = format!("`{}` of pool `{pool}`", claim.at);
            let same = kept.is_some_and(|(pool, kept)| *pool == now && kept.order() == claim.order());
            let today = kept.map_or_else(|| holder.clone(), |(_, kept)| self::holder(&kept.holder));
            let accepted = is_agreed((base, &holder), (head, &today));
            let words = match (kept, claim.state) {
                _ if same => continue,
                // A further block under another name.
                (None, _)
                    if taken
                        .iter()
                        .any(|(pool, next)| *pool == now && is_same_block((base, claim), (head, next))) =>
                {
                    continue;
                }
                // Of a move that arrived: the old network's place, under a name of its own until it is released.
                (None, _) if taken.iter().any(|(pool, next)| *pool == now && is_put_aside(claim, next)) => {
                    continue;
                }
                (Some((pool, kept)), _) => {
                    format!("`{holder}` was promised {place}, and stands at `{}` of pool `{pool}`", kept.at)
                }
                (None, ClaimState::Live) => format!(
                    "`{holder}` was promised {place}, and its line is gone: the addresses would be handed out again"
                ),
                (None, ClaimState::Retired) => {
                    let Some(next) = taken.iter().find(|(pool, next)| *pool == now && overlap(claim, next))
                    else {
                        continue;
                    };
                    let next = self::holder(&next.1.holder);
                    format!("{place} was kept after `{holder}` left, and is `{next}`'s now")
                }
            };
            found.push(Broken { holder, words, accepted });
        }
    }
    found
}

/// Retired lines of `base` that `head` has no more: what was released.
pub fn released<'l>(base: &'l Lock, head: &Lock) -> Vec<(&'l str, &'l Claim)> {
    let pools = renamed_pools(base, head);
    let later: BTreeSet<_> =
        head.pools.values().flatten().map(|claim| identity(head, &claim.holder, &BTreeMap::new())).collect();
    let claims =
        base.pools.iter().flat_map(|(pool, claims)| claims.iter().map(move |claim| (pool.as_str(), claim)));
    claims
        .filter(|(_, claim)| claim.state == ClaimState::Retired)
        .filter(|(_, claim)| !later.contains(&identity(base, &claim.holder, &pools)))
        .filter(|(pool, claim)| {
            let now = pools.get(pool).copied().unwrap_or(pool);
            !head.pools.get(now).into_iter().flatten().any(|next| is_put_aside(claim, next))
        })
        .collect()
}

/// Who holds a claim, whatever it is called today: a VPC is where its state lies.
fn identity(lock: &Lock, holder: &Holder, pools: &BTreeMap<&str, &str>) -> (String, String) {
    match holder {
        Holder::Pool { name, extent } => {
            let name = pools.get(name.as_str()).copied().unwrap_or(name);
            (format!("pool.{name}"), extent.to_string())
        }
        Holder::Vpc { vpc, block, headroom: _, cut: _ } => (birth(lock, vpc), label(block)),
    }
}

/// Whether somebody agreed, after `base`, to what becomes of a holder, under the name that it has in `head`: that of the
/// VPC, and sometimes of the block.
fn is_agreed((base, old): (&Lock, &str), (head, new): (&Lock, &str)) -> bool {
    let vpc = |holder: &str| holder.split('/').next().unwrap_or_default().to_owned();
    [(old.to_owned(), new.to_owned()), (vpc(old), vpc(new))]
        .iter()
        .any(|(old, new)| head.accepted.get(new).is_some_and(|agreed| base.accepted.get(old) != Some(agreed)))
}

/// Whether two claims are one place of one VPC.
fn is_same_block((base, claim): (&Lock, &Claim), (head, next): (&Lock, &Claim)) -> bool {
    match (&claim.holder, &next.holder) {
        (Holder::Vpc { vpc: old, .. }, Holder::Vpc { vpc: new, .. }) => {
            claim.order() == next.order() && birth(base, old) == birth(head, new)
        }
        (Holder::Pool { .. }, _) | (_, Holder::Pool { .. }) => false,
    }
}

fn birth(lock: &Lock, vpc: &VpcName) -> String {
    lock.births.get(vpc).cloned().unwrap_or_else(|| vpc.directory())
}

fn label(block: &BlockLabel) -> String {
    match block {
        BlockLabel::First => String::new(),
        BlockLabel::Grown(number) => number.to_string(),
        BlockLabel::Named(name) => name.clone(),
    }
}

fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Pool { name, extent: _ } => format!("pool.{name}"),
        Holder::Vpc { vpc, block: BlockLabel::First, .. } => vpc.id(),
        Holder::Vpc { vpc, block, .. } => format!("{}/{}", vpc.id(), label(block)),
    }
}

/// Pools that are called otherwise now: what holds their place in the outer pool, or the one name that came for the one
/// that went.
fn renamed_pools<'l>(base: &'l Lock, head: &'l Lock) -> BTreeMap<&'l str, &'l str> {
    let places = |lock: &'l Lock| -> BTreeMap<(&'l str, u32, _), &'l str> {
        let all =
            lock.pools.iter().flat_map(|(outer, claims)| claims.iter().map(move |claim| (outer, claim)));
        all.filter_map(|(outer, claim)| match &claim.holder {
            Holder::Pool { name, extent: _ } => {
                Some(((outer.as_str(), claim.extent, claim.at), name.as_str()))
            }
            Holder::Vpc { .. } => None,
        })
        .collect()
    };
    let (before, now) = (places(base), places(head));
    let inner = before.iter().filter_map(|(place, name)| Some((*name, *now.get(place)?)));
    let mut renamed: BTreeMap<&str, &str> = inner.filter(|(name, now)| name != now).collect();
    let names = |lock: &'l Lock| -> BTreeSet<&'l str> { lock.pools.keys().map(String::as_str).collect() };
    let (before, now) = (names(base), names(head));
    let inner: BTreeSet<&str> = renamed.values().copied().collect();
    let went: Vec<&&str> = before.difference(&now).filter(|name| !renamed.contains_key(**name)).collect();
    let came: Vec<&&str> = now.difference(&before).filter(|name| !inner.contains(**name)).collect();
    if let ([went], [came]) = (went.as_slice(), came.as_slice()) {
        renamed.insert(went, came);
    }
    renamed
}

/// Whether a place is still kept for nobody.
fn is_put_aside(claim: &Claim, next: &Claim) -> bool {
    next.state == ClaimState::Retired && next.order() == claim.order()
}

fn overlap(one: &Claim, other: &Claim) -> bool {
    let end = |claim: &Claim| claim.at.offset() + (1 << (32 - claim.at.len.min(32)));
    one.extent == other.extent && one.at.offset() < end(other) && other.at.offset() < end(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(lines: &str) -> Lock {
        let text =
            format!("format = 1\n\npool \"m\" {{\n  claims = [\n{lines}  ]\n}}\n\n# The end of the lock.\n");
        tanada_model::lock::parse(&text).unwrap()
    }

    fn words(base: &str, head: &str) -> Vec<String> {
        broken(&lock(base), &lock(head)).into_iter().map(|it| it.words).collect()
    }

    const WEB: &str = "{ at = \"/19#1\", vpc = \"web/production\" },\n";
    const OLD: &str = "{ at = \"/19#2\", vpc = \"old/staging\", state = \"retired\" },\n";

    #[test]
    fn a_line_that_stays_or_retires_keeps_its_promise() {
        let retired = WEB.replace(" },", ", state = \"retired\" },");
        assert_eq!(words(WEB, WEB), [""; 0]);
        assert_eq!(words(WEB, &retired), [""; 0]);
        assert_eq!(words(&format!("{WEB}{OLD}"), WEB), [""; 0], "released");
    }

    #[test]
    fn a_place_that_is_kept_under_another_name_is_kept() {
        let before = OLD.replace("old/staging", "old/staging-before");
        assert_eq!(words(OLD, &before), [""; 0], "a move arrived");
        assert_eq!(words(&OLD.replace(", state = \"retired\"", ""), &before), [""; 0], "in one revision");
        assert!(released(&lock(OLD), &lock(&before)).is_empty());
        assert_eq!(released(&lock(OLD), &lock(WEB)).len(), 1);
    }

    #[test]
    fn what_was_agreed_to_is_found_under_the_new_name() {
        let mut head = lock("{ at = \"/19#4\", vpc = \"shop/production\" },\n");
        head.births.insert(VpcName::new("shop", "production"), "teams/web/production".to_owned());
        let found =
            |head: &Lock| broken(&lock(WEB), head).into_iter().map(|it| it.accepted).collect::<Vec<_>>();
        assert_eq!(found(&head), [false]);
        let agreed = tanada_model::lock::Acceptance { before: "0".repeat(16), after: "1".repeat(16) };
        head.accepted.insert("shop-production".to_owned(), agreed);
        assert_eq!(found(&head), [true]);
    }

    #[test]
    fn a_block_under_another_name_is_kept() {
        let pods = "{ at = \"/22#40\", vpc = \"web/production\", block = \"pods\" },\n";
        let base = format!("{WEB}{pods}");
        assert_eq!(words(&base, &base.replace("pods", "workers")), [""; 0]);
        assert_eq!(
            words(&base, &base.replace("web/production\", block = \"pods", "games/live\", block = \"x"))
                .len(),
            1
        );
    }

    #[test]
    fn a_line_that_goes_or_moves_breaks_it() {
        assert_eq!(
            words(WEB, OLD),
            [
                "`web-production` was promised `/19#1` of pool `m`, and its line is gone: the addresses would be handed out again"
            ]
        );
        assert_eq!(
            words(WEB, &WEB.replace("#1", "#4")),
            ["`web-production` was promised `/19#1` of pool `m`, and stands at `/19#4` of pool `m`"]
        );
        assert_eq!(
            words(OLD, "{ at = \"/20#5\", vpc = \"games/production\" },\n"),
            ["`/19#2` of pool `m` was kept after `old-staging` left, and is `games-production`'s now"]
        );
    }
}

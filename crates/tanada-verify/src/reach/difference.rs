//! What changes between two estates: who reaches whom newly, and who no longer.

use std::collections::{BTreeMap, BTreeSet};

use super::{ClassId, End, Opens, Reachability, Services};

/// A change between ends that change alike: it holds from each of `from` to each of `to` that is not in the same VPC; for
/// ends of one VPC there is one of each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// Who opens connections; sorted, never empty.
    pub from: Vec<End>,
    /// To whom; sorted, never empty.
    pub to: Vec<End>,
    /// Services that can be opened from some address to some address where none could before, or from all to all where not
    /// all could.
    pub gained: Services,
    /// The reverse: of what `gained` would be the other way round.
    pub lost: Services,
}

/// Ends whose classes change alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    before: Vec<ClassId>,
    after: Vec<ClassId>,
}

/// What is open between ends: to some address at least, and to all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Open {
    some: Services,
    all: Services,
}

/// Everything that `after` lets pass and `before` did not, and the other way round; sorted.
pub fn difference(before: &Reachability, after: &Reachability) -> Vec<Shift> {
    let mut shifts = far(before, after);
    inside(before, after, &mut shifts);
    shifts.sort();
    shifts
}

fn far(before: &Reachability, after: &Reachability) -> Vec<Shift> {
    let ends: BTreeSet<&End> = before.ends().chain(after.ends()).collect();
    let mut groups: BTreeMap<Kind, Vec<&End>> = BTreeMap::new();
    for end in ends {
        let kind = Kind { before: before.classes_of(end), after: after.classes_of(end) };
        groups.entry(kind).or_default().push(end);
    }
    let groups: Vec<(Kind, Vec<&End>)> = groups.into_iter().collect();
    let by_class = |of: fn(&Kind) -> &[ClassId], classes: usize| {
        let mut all: Vec<Vec<usize>> = vec![Vec::new(); classes];
        for (group, (kind, _)) in groups.iter().enumerate() {
            for class in of(kind) {
                all[*class as usize].push(group);
            }
        }
        all
    };
    let at_before = by_class(|kind| &kind.before, before.classes());
    let at_after = by_class(|kind| &kind.after, after.classes());
    let mut shifts = Vec::new();
    for (kind, members) in &groups {
        let reached = |reach: &Reachability, classes: &[ClassId], at: &[Vec<usize>]| {
            let links = classes.iter().flat_map(|class| reach.links(*class));
            links.flat_map(|link| at[link.to as usize].iter().copied()).collect::<BTreeSet<usize>>()
        };
        let mut others = reached(before, &kind.before, &at_before);
        others.extend(reached(after, &kind.after, &at_after));
        for other in others {
            let (to, targets) = &groups[other];
            if same_vpc(members, targets) {
                continue;
            }
            let was = between(before, &kind.before, &to.before);
            let is = between(after, &kind.after, &to.after);
            shifts.extend(shift(&was, &is, members, targets));
        }
    }
    joined(shifts)
}

/// Of the same from or to several kinds of ends, one shift.
fn joined(shifts: Vec<Shift>) -> Vec<Shift> {
    let mut by_from: BTreeMap<(Vec<End>, Services, Services), BTreeSet<End>> = BTreeMap::new();
    for Shift { from, to, gained, lost } in shifts {
        by_from.entry((from, gained, lost)).or_default().extend(to);
    }
    let mut by_to: BTreeMap<(Vec<End>, Services, Services), BTreeSet<End>> = BTreeMap::new();
    for ((from, gained, lost), to) in by_from {
        by_to.entry((to.into_iter().collect(), gained, lost)).or_default().extend(from);
    }
    let one = |((to, gained, lost), from): (_, BTreeSet<End>)| Shift {
        from: from.into_iter().collect(),
        to,
        gained,
        lost,
    };
    by_to.into_iter().map(one).collect()
}

/// Whether no two of the ends are in different VPCs.
fn same_vpc(from: &[&End], to: &[&End]) -> bool {
    match from.first().and_then(|end| end.vpc()) {
        Some(vpc) => from.iter().chain(to).all(|end| end.vpc() == Some(vpc)),
        None => false,
    }
}

fn between(reach: &Reachability, from: &[ClassId], to: &[ClassId]) -> Open {
    let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
    open(pairs.map(|(a, b)| reach.between_classes(a, b)))
}

fn open<'a>(pairs: impl Iterator<Item = Opens<'a>>) -> Open {
    let mut open: Option<Open> = None;
    for pair in pairs {
        let services = pair.services();
        open = Some(match open {
            None => Open { some: services.clone(), all: services },
            Some(Open { some, all }) if some == services && all == services => Open { some, all },
            Some(Open { some, all }) => Open { some: some.or(&services), all: all.and(&services) },
        });
    }
    open.unwrap_or_default()
}

fn shift(was: &Open, is: &Open, from: &[&End], to: &[&End]) -> Option<Shift> {
    let more = |now: &Open, then: &Open| now.some.minus(&then.some).or(&now.all.minus(&then.all));
    let (gained, lost) = (more(is, was), more(was, is));
    (!gained.is_empty() || !lost.is_empty()).then(|| Shift {
        from: from.iter().map(|end| (*end).clone()).collect(),
        to: to.iter().map(|end| (*end).clone()).collect(),
        gained,
        lost,
    })
}

/// Between tiers of one VPC.
fn inside(before: &Reachability, after: &Reachability, shifts: &mut Vec<Shift>) {
    let vpcs: BTreeSet<&str> = before.ends().chain(after.ends()).filter_map(End::vpc).collect();
    for vpc in vpcs {
        let (was, is) = (tiers(before, vpc), tiers(after, vpc));
        let all: BTreeSet<&End> = was.keys().chain(is.keys()).copied().collect();
        for from in &all {
            for to in &all {
                let pieces = |tiers: &BTreeMap<&End, Vec<usize>>, reach: &Reachability| {
                    let of = |end: &End| tiers.get(end).cloned().unwrap_or_default();
                    let (from, to) = (of(from), of(to));
                    let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
                    // Inside a subnet nothing asks.
                    let pairs = pairs.filter(|(a, b)| reach.pieces[*a].owner != reach.pieces[*b].owner);
                    open(pairs.map(|(a, b)| reach.between(a, b)))
                };
                shifts.extend(shift(&pieces(&was, before), &pieces(&is, after), &[*from], &[*to]));
            }
        }
    }
}

fn tiers<'r>(reach: &'r Reachability, vpc: &str) -> BTreeMap<&'r End, Vec<usize>> {
    let mut tiers: BTreeMap<&End, Vec<usize>> = BTreeMap::new();
    let Some(index) = reach.vpc_named(vpc) else { return tiers };
    for piece in reach.pieces_of_vpc(index) {
        tiers.entry(reach.end(piece)).or_default().push(piece);
    }
    tiers
}

//! Rows that are wider than what was said, when a quota leaves no other way.
//!
//! **What is chosen.** Rows that allow one service and that no deny keeps apart are a group. A group may be written as
//! fewer blocks that cover its own; what such a block lets through beyond what the rows let through already is its
//! *excess*, counted in addresses x ports (each protocol has 65,536). Of all ways to cover every group that fit the
//! budget together the one with the least sum of excesses is taken, exactly; of several the one that touches the fewest
//! rows. An excess of zero is a sum of rows of different statements: nothing more passes, and there is no finding.
//!
//! **What never happens.** Nothing that passed is stopped: a row is not widened past a deny that lies between it and
//! what it would become. Nothing passes that a `deny` of the input stops, written or dropped because
//! the last rule stops it, too: only what nobody speaks of, or what the guard of the internet keeps out. Denies are
//! neither touched nor added.

use std::collections::BTreeMap;

use tanada_model::acl::{Cell, Packets, decided};
use tanada_model::design::Action;
use tanada_model::net::Block;

use super::cover::{Cover, choose, covers};
use super::rows::{Part, Row};
use super::service::Service;

/// One row in place of several.
#[derive(Clone, Debug)]
pub(super) struct Wide<'a> {
    /// The row: that of the oldest statement, with a larger block.
    pub row: Row<'a>,
    /// The rows that it stands for.
    pub of: Vec<Row<'a>>,
}

/// Rows that fit.
#[derive(Clone, Debug)]
pub(super) struct Widened<'a> {
    /// Rows that stay as they are, with their numbers.
    pub kept: Vec<(u32, Row<'a>)>,
    /// Those that take the place of others.
    pub wide: Vec<Wide<'a>>,
}

/// Rows that a deny keeps from being one with others.
type Limit = Option<(Block, bool)>;

/// Rows that may become fewer together, with their numbers, by block.
type Group<'a> = BTreeMap<Block, Vec<(u32, Row<'a>)>>;

/// At most `budget` rows that let pass what `rows` do, and the least beyond it; `None` when there are none.
/// `rows` are in the order in which they are read, and each decides something; `said` are all rows, those that decide
/// nothing included.
pub(super) fn widened<'a>(rows: &[(u32, Row<'a>)], said: &[Row<'a>], budget: usize) -> Option<Widened<'a>> {
    let ground = Ground::new(rows, said);
    let mut groups: BTreeMap<(Service, Limit), Group<'a>> = BTreeMap::new();
    let mut kept = Vec::new();
    for &(number, row) in rows {
        match row.action {
            Action::Deny => kept.push((number, row)),
            Action::Allow => {
                let group = groups.entry((row.service, ground.limit(&row))).or_default();
                group.entry(row.block).or_default().push((number, row));
            }
        }
    }
    let budget = budget.checked_sub(kept.len())?;
    let tables: Vec<Vec<Option<Cover>>> = groups
        .iter()
        .map(|(&(service, limit), group)| {
            let mut parts: Vec<Block> = Vec::with_capacity(group.len());
            for &block in group.keys() {
                if !parts.last().is_some_and(|larger| larger.contains(block)) {
                    parts.push(block);
                }
            }
            covers(&parts, budget, &|block| ground.excess(block, service, limit))
        })
        .collect();
    let chosen = choose(&tables, budget)?;
    let mut wide = Vec::new();
    for (group, cover) in groups.into_values().zip(chosen) {
        for block in cover.blocks {
            let of: Vec<(u32, Row<'a>)> = group
                .range(block..)
                .take_while(|(part, _)| block.contains(**part))
                .flat_map(|(_, rows)| rows.clone())
                .collect();
            match of.as_slice() {
                [only] if only.1.block == block => kept.push(*only),
                several => wide.extend(one_for(block, several)),
            }
        }
    }
    kept.sort_by_key(|(number, _)| *number);
    Some(Widened { kept, wide })
}

/// What rows let pass that others do not.
pub(super) fn beyond<'r, 'a: 'r>(
    rows: impl IntoIterator<Item = &'r Row<'a>>,
    others: impl IntoIterator<Item = &'r Row<'a>>,
) -> Packets {
    let before = decided(others.into_iter().map(Row::matches)).allowed;
    decided(rows.into_iter().map(Row::matches)).allowed.minus(&before).simplified()
}

fn one_for<'a>(block: Block, rows: &[(u32, Row<'a>)]) -> Option<Wide<'a>> {
    let mut of: Vec<Row<'a>> = rows.iter().map(|(_, row)| *row).collect();
    of.sort_by_key(|row| (row.voice, row.part, row.name, row.block));
    let first = *of.first()?;
    // Seated among openings and answers, whatever it stands for.
    let part = if first.part == Part::Answer { Part::Answer } else { Part::Opening };
    Some(Wide { row: Row { block, part, internet: false, ..first }, of })
}

/// What rows decide, each by itself.
struct Ground<'r, 'a> {
    rows: &'r [(u32, Row<'a>)],
    atoms: Vec<Atom>,
}

/// Packets that are treated alike; those of two atoms are disjoint.
struct Atom {
    cell: Cell<3>,
    /// The row that decides them; `None`: the last one, `*`.
    row: Option<usize>,
    /// Whether a `deny` of the input stops them.
    denied: bool,
}

impl<'r, 'a> Ground<'r, 'a> {
    fn new(rows: &'r [(u32, Row<'a>)], said: &[Row<'a>]) -> Self {
        let person = |row: &&Row<'_>| row.action == Action::Deny && row.part != Part::Guard;
        let mut denies: Packets = said.iter().filter(person).map(|row| *row.matches().1.cell()).collect();
        let mut atoms = Vec::with_capacity(rows.len());
        for (at, (_, row)) in rows.iter().enumerate() {
            let mut own = Packets::from(*row.matches().1.cell());
            for (_, earlier) in rows.iter().take(at) {
                own.remove(earlier.matches().1.cell());
            }
            let denied = if row.action == Action::Deny { own.and(&denies) } else { Packets::new() };
            let atom = |denied| move |cell: &Cell<3>| Atom { cell: *cell, row: Some(at), denied };
            atoms.extend(own.minus(&denied).cells().iter().map(atom(false)));
            atoms.extend(denied.cells().iter().map(atom(true)));
        }
        for (_, row) in rows {
            denies.remove(row.matches().1.cell());
        }
        atoms.extend(denies.cells().iter().map(|cell| Atom { cell: *cell, row: None, denied: true }));
        Self { rows, atoms }
    }

    fn denies(&self) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().map(|(_, row)| row).filter(|row| row.action == Action::Deny)
    }

    /// The innermost deny that a wider row would fall behind: its block, and whether the block itself is too wide (a
    /// deny wins at equal length; a guard does not, since it is the last of its length).
    fn limit(&self, row: &Row<'_>) -> Limit {
        let holds = |deny: &&Row<'_>| {
            deny.service.overlaps(row.service)
                && deny.block.contains(row.block)
                && (deny.block != row.block || deny.part == Part::Guard)
        };
        let limits = self.denies().filter(holds).map(|deny| (deny.block, deny.part != Part::Guard));
        limits.max_by_key(|(block, strict)| (block.prefix_len(), *strict))
    }

    /// What one row for `block` would let through that does not pass yet; `None` where it may not stand.
    fn excess(&self, block: Block, service: Service, limit: Limit) -> Option<u128> {
        if let Some((deny, strict)) = limit
            && (!deny.contains(block) || (strict && deny == block))
        {
            return None;
        }
        let wide = *Row { block, service, ..self.rows.first()?.1 }.matches().1.cell();
        let mut excess = wide.size();
        for Atom { cell, row, denied } in &self.atoms {
            let Some(both) = cell.and(&wide) else { continue };
            let row = row.and_then(|at| self.rows.get(at)).map(|(_, row)| row);
            let first = |deny: &Row<'_>| {
                block.contains(deny.block) && (deny.block != block || deny.part != Part::Guard)
            };
            match row {
                Some(row) if row.action == Action::Allow || first(row) => excess -= both.size(),
                Some(_) | None if *denied => return None,
                Some(_) | None => {}
            }
        }
        Some(excess)
    }
}

//! Where the state holds what stands at an address now: `moved` blocks, as Terraform follows them.

use std::collections::BTreeMap;

use crate::{Address, Instance, Moved, Removed, Root};

/// The instances of the old root by the addresses that they have in the new one.
pub(super) fn moved<'o>(old: Option<&'o Root>, new: &Root) -> BTreeMap<Address, &'o Instance> {
    let mut state: BTreeMap<Address, &Instance> = old
        .into_iter()
        .flat_map(|old| old.instances.iter())
        .map(|(address, instance)| (address.clone(), instance))
        .collect();
    for statement in in_order(&new.moved) {
        let matching: Vec<(Address, Address)> = state
            .range(statement.from.clone()..)
            .take_while(|(address, _)| address.as_str().starts_with(statement.from.as_str()))
            .filter_map(|(address, _)| Some((address.clone(), renamed(address, statement)?)))
            .collect();
        for (from, to) in matching {
            // Terraform leaves it where it is when something stands at the new address.
            if !state.contains_key(&to)
                && let Some(instance) = state.remove(&from)
            {
                state.insert(to, instance);
            }
        }
    }
    state
}

/// A statement that leads to where another begins comes before it.
fn in_order(statements: &[Moved]) -> Vec<&Moved> {
    let mut waiting: Vec<&Moved> = statements.iter().collect();
    if waiting.len() > LONGEST {
        return waiting;
    }
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let targets: std::collections::BTreeSet<&str> = waiting.iter().map(|it| it.to.as_str()).collect();
        let (ready, rest): (Vec<&Moved>, Vec<&Moved>) =
            waiting.iter().partition(|it| !targets.contains(it.from.as_str()));
        if ready.is_empty() {
            // A circle, which Terraform refuses.
            ordered.extend(rest);
            break;
        }
        ordered.extend(ready);
        waiting = rest;
    }
    ordered
}

/// Chains are ordered by passes over the statements; nobody writes so many by hand.
const LONGEST: usize = 20_000;

/// The address after a statement; `None` when it is not about it.
fn renamed(address: &Address, statement: &Moved) -> Option<Address> {
    let rest = covered(address, &statement.from)?;
    Some(Address::from(format!("{}{rest}", statement.to)))
}

/// What follows the block or module that an address lies in; `None` when it does not.
fn covered<'a>(address: &'a Address, outer: &Address) -> Option<&'a str> {
    let rest = address.as_str().strip_prefix(outer.as_str())?;
    (rest.is_empty() || rest.starts_with(['[', '.'])).then_some(rest)
}

/// Whether a `removed` block leaves an instance to itself.
pub(super) fn is_forgotten(address: &Address, removed: &[Removed]) -> bool {
    removed.iter().any(|statement| {
        !statement.destroy && covered(&without_keys(address), &without_keys(&statement.from)).is_some()
    })
}

/// `removed` names blocks, never one of their instances.
fn without_keys(address: &Address) -> Address {
    let mut text = String::new();
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for c in address.as_str().chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 => text.push(c),
            _ => {}
        }
    }
    Address::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    fn statement(from: &str, to: &str) -> Moved {
        Moved { from: from.into(), to: to.into(), place: Place::new("main.tf".into(), 1) }
    }

    #[test]
    fn an_address_lies_in_its_block_and_its_module() {
        let address = Address::from("module.vpc.aws_subnet.this[\"a.b]\"]");
        let to = |from, to| renamed(&address, &statement(from, to)).map(|it| it.to_string());
        assert_eq!(to("module.vpc", "module.net").as_deref(), Some("module.net.aws_subnet.this[\"a.b]\"]"));
        assert_eq!(
            to("module.vpc.aws_subnet.this", "module.vpc.aws_subnet.that").as_deref(),
            Some("module.vpc.aws_subnet.that[\"a.b]\"]")
        );
        assert_eq!(to("module.vp", "module.x"), None);
        assert_eq!(to("module.vpc.aws_subnet.this[\"a\"]", "x.y"), None);
        assert_eq!(without_keys(&address).as_str(), "module.vpc.aws_subnet.this");
    }

    #[test]
    fn a_chain_is_followed_from_its_end() {
        let statements = [statement("a.x", "a.y"), statement("a.w", "a.x")];
        let order: Vec<&str> = in_order(&statements).into_iter().map(|it| it.from.as_str()).collect();
        assert_eq!(order, ["a.w", "a.x"]);
    }
}

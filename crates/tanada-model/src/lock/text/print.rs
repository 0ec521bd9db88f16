use std::fmt::Write as _;

use super::super::{
    Acceptance, BlockLabel, Claim, ClaimState, Holder, LayoutLock, Leaving, Lock, MoveStage, TierLock,
    ZoneLock,
};
use super::{END, FORMAT, RESOLUTION};

/// Writes a lock. Entries are written in order whatever their order in the value.
pub fn print(lock: &Lock) -> String {
    let Lock { pools, layouts, births, hubs, leaving, moves, intents, accepted } = lock;
    let mut text = format!(
        "# What earlier runs of tanada promised. Commit it; do not edit it.\n\
         # After a merge conflict: {RESOLUTION}.\n\
         format = {FORMAT}\n"
    );
    for (name, claims) in pools.iter().filter(|(_, claims)| !claims.is_empty()) {
        let mut claims: Vec<&Claim> = claims.iter().collect();
        claims.sort_by_key(|claim| claim.order());
        push(&mut text, format_args!("\npool \"{name}\" {{\n"));
        list(&mut text, 1, "claims", claims.into_iter().map(claim));
        text.push_str("}\n");
    }
    for (name, layout) in layouts {
        print_layout(&mut text, name, layout);
    }
    if !births.is_empty() {
        text.push('\n');
        let line = |(vpc, birth)| format!("{{ vpc = \"{vpc}\", birth = \"{birth}\" }}");
        list(&mut text, 0, "births", births.iter().map(line));
    }
    if !hubs.is_empty() {
        text.push('\n');
        let line = |(hub, birth)| format!("{{ hub = \"{hub}\", birth = \"{birth}\" }}");
        list(&mut text, 0, "hubs", hubs.iter().map(line));
    }
    if !leaving.is_empty() {
        text.push('\n');
        let line = |(vpc, how): (_, &Leaving)| {
            let how = match how {
                Leaving::Destroyed => "destroyed",
                Leaving::Forgotten => "forgotten",
            };
            format!("{{ vpc = \"{vpc}\", how = \"{how}\" }}")
        };
        list(&mut text, 0, "leaving", leaving.iter().map(line));
    }
    if !moves.is_empty() {
        text.push('\n');
        let line =
            |(vpc, stage): (_, &MoveStage)| format!("{{ vpc = \"{vpc}\", stage = {} }}", stage.number());
        list(&mut text, 0, "moves", moves.iter().map(line));
    }
    if !intents.is_empty() {
        let mut by_birth: Vec<(u32, &str)> = intents.iter().map(|(name, &at)| (at, name.as_str())).collect();
        by_birth.sort_unstable();
        text.push('\n');
        list(&mut text, 0, "intents", by_birth.into_iter().map(|(_, name)| format!("\"{name}\"")));
    }
    if !accepted.is_empty() {
        text.push('\n');
        let line = |(name, Acceptance { before, after }): (&String, &Acceptance)| {
            format!("{{ name = \"{name}\", before = \"{before}\", after = \"{after}\" }}")
        };
        list(&mut text, 0, "accepted", accepted.iter().map(line));
    }
    push(&mut text, format_args!("\n{END}\n"));
    text
}

/// Writing to a string cannot fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(arguments);
}

/// A list with one item a line.
fn list(text: &mut String, depth: usize, name: &str, items: impl Iterator<Item = String>) {
    let indent = "  ".repeat(depth);
    push(text, format_args!("{indent}{name} = [\n"));
    for item in items {
        push(text, format_args!("{indent}  {item},\n"));
    }
    push(text, format_args!("{indent}]\n"));
}

fn claim(claim: &Claim) -> String {
    let Claim { extent, at, holder, state } = claim;
    let mut line = String::from("{ ");
    if *extent > 0 {
        push(&mut line, format_args!("extent = {extent}, "));
    }
    push(&mut line, format_args!("at = \"{at}\""));
    match holder {
        Holder::Pool { name, extent } => {
            push(&mut line, format_args!(", pool = \"{name}\""));
            if *extent > 0 {
                push(&mut line, format_args!(", part = {extent}"));
            }
        }
        Holder::Vpc { vpc, block, headroom, cut } => {
            push(&mut line, format_args!(", vpc = \"{vpc}\""));
            match block {
                BlockLabel::First => {}
                BlockLabel::Grown(n) => push(&mut line, format_args!(", block = {n}")),
                BlockLabel::Named(name) => push(&mut line, format_args!(", block = \"{name}\"")),
            }
            if *headroom > 0 {
                push(&mut line, format_args!(", headroom = {headroom}"));
            }
            if cut != headroom {
                push(&mut line, format_args!(", cut = {cut}"));
            }
        }
    }
    close(line, *state)
}

fn print_layout(text: &mut String, name: &str, layout: &LayoutLock) {
    let LayoutLock { zones, tiers } = layout;
    let mut zones: Vec<&ZoneLock> = zones.iter().collect();
    zones.sort_by_key(|zone| zone.index);
    let mut tiers: Vec<&TierLock> = tiers.iter().collect();
    tiers.sort_by_key(|tier| tier.order());
    push(text, format_args!("\nlayout \"{name}\" {{\n"));
    list(
        text,
        1,
        "zones",
        zones.into_iter().map(|ZoneLock { letter, index, state }| {
            close(format!("{{ zone = \"{letter}\", index = {index}"), *state)
        }),
    );
    text.push('\n');
    list(text, 1, "tiers", tiers.into_iter().map(tier));
    text.push_str("}\n");
}

fn tier(tier: &TierLock) -> String {
    let TierLock { block, tier, node, netnum, slots, extra, state } = tier;
    let mut line =
        format!("{{ block = {block}, tier = \"{tier}\", node = {node}, netnum = {netnum}, slots = {slots}");
    if !extra.is_empty() {
        let items: Vec<String> =
            extra.iter().map(|(zone, netnum)| format!("{{ zone = {zone}, netnum = {netnum} }}")).collect();
        push(&mut line, format_args!(", extra = [{}]", items.join(", ")));
    }
    close(line, *state)
}

fn close(mut line: String, state: ClaimState) -> String {
    match state {
        ClaimState::Live => line.push_str(" }"),
        ClaimState::Retired => line.push_str(", state = \"retired\" }"),
    }
    line
}

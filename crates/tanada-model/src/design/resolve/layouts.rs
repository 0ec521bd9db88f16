//! Layouts and tiers.

use std::collections::BTreeMap;

use super::codes::*;
use super::entity;
use super::names::Context;
use crate::design::{Accepts, Internet, Layout, Nat, Rule, Tier, TierIndex, TierSize, Zone};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::document::{
    DUPLICATE, LayoutStatement, OUT_OF_RANGE, RuleStatement, Setting, TierStatement, written,
};

impl Context<'_, '_> {
    pub(super) fn layouts(&mut self) -> Vec<(String, Layout)> {
        self.document
            .layouts
            .iter()
            .filter_map(|statement| Some((statement.header.name.value.clone(), self.layout(statement)?)))
            .collect()
    }

    fn layout(&mut self, statement: &LayoutStatement) -> Option<Layout> {
        let LayoutStatement { header, zones, slots, nat, rules, tiers } = statement;
        let zones = self.zones(zones);
        let nat = self.word(nat, &[("zone", Nat::PerZone), ("one", Nat::One)]);
        if tiers.is_empty() {
            self.push(
                Diagnostic::new(MISSING_CHOICE, format!("the layout `{}` has no tier", header.name.value))
                    .at(header.name.span, "")
                    .help("add `tier \"private\" { newbits = 3 }`"),
            );
        }
        let slot_count = written(slots).map_or(4, |slots| *slots.value);
        let place = written(slots).map_or(header.name.span, |slots| slots.span);
        if !(1..=16).contains(&slot_count) || (slot_count as usize) < zones.len() {
            let message = format!("{slot_count} slots cannot hold {} zones", zones.len());
            let message = if slot_count > 16 {
                format!("{slot_count} slots are more than any region has zones")
            } else {
                message
            };
            self.push(Diagnostic::new(OUT_OF_RANGE, message).at(place, "").help(format!(
                "write `slots = {}`, or more for zones to come (at most 16)",
                zones.len().max(4)
            )));
        }
        let tier_names: Vec<&str> = tiers.iter().map(|tier| tier.header.name.value.as_str()).collect();
        let rules = self.layout_rules(rules, &tier_names);
        let tiers: Vec<Option<Tier>> = tiers.iter().map(|tier| self.tier(tier, &tier_names)).collect();
        let tiers: Vec<Tier> = tiers.into_iter().collect::<Option<_>>()?;
        self.one_attach_tier(&tiers);
        Some(Layout {
            entity: entity(header),
            zones,
            slots: slot_count,
            nat: nat?.unwrap_or(Nat::PerZone),
            rules,
            tiers,
        })
    }

    fn zones(&mut self, zones: &[Spanned<String>]) -> Vec<Zone> {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let mut letters = Vec::new();
        for zone in zones {
            if let Some(first) = seen.insert(&zone.value, zone.span) {
                self.push(
                    Diagnostic::new(DUPLICATE, format!("the zone `{}` is written twice", zone.value))
                        .at(zone.span, "again")
                        .at(first, "first")
                        .help("delete one of the two"),
                );
            } else {
                letters.push(Zone { letter: zone.value.clone(), span: zone.span });
            }
        }
        letters
    }

    /// One of a few words. The outer `None`: a wrong one.
    pub(super) fn word<T: Copy>(
        &mut self,
        setting: &Setting<String>,
        words: &[(&str, T)],
    ) -> Option<Option<T>> {
        let Some(text) = written(setting) else { return Some(None) };
        if let Some((_, value)) = words.iter().find(|(word, _)| word == text.value) {
            return Some(Some(*value));
        }
        let diagnostic = Diagnostic::new(
            WRONG_VALUE,
            format!("`{}` is not one of the words", text.value.escape_default()),
        );
        let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let help = match did_you_mean(text.value, words.iter().map(|(word, _)| *word)) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => format!("write {}", list.join(" or ")),
        };
        self.push(diagnostic.at(text.span, "").help(help));
        None
    }

    fn tier(&mut self, statement: &TierStatement, tiers: &[&str]) -> Option<Tier> {
        let TierStatement { header, newbits, size, internet, attach, accepts, rules } = statement;
        let name = &header.name;
        let size = match (written(newbits), written(size)) {
            (Some(bits), None) => {
                let few = u8::try_from(*bits.value).ok().filter(|bits| *bits <= 20);
                if few.is_none() {
                    self.push(
                        Diagnostic::new(OUT_OF_RANGE, format!("{} new bits leave no addresses", bits.value))
                            .at(bits.span, "")
                            .help("`newbits = 3` gives each zone an eighth of the block"),
                    );
                }
                few.map(|few| Spanned { value: TierSize::NewBits(few), span: bits.span })
            }
            (None, Some(size)) => Some(Spanned { value: TierSize::Prefix(*size.value), span: size.span }),
            (Some(bits), Some(size)) => {
                self.push(
                    Diagnostic::new(
                        CONFLICTING_ATTRIBUTES,
                        format!("the tier `{}` has `newbits` and `size`", name.value),
                    )
                    .at(size.span, "")
                    .at(bits.span, "")
                    .help("keep `newbits` to share each block, or `size` for one prefix length everywhere"),
                );
                None
            }
            (None, None) => {
                self.push(
                    Diagnostic::new(MISSING_CHOICE, format!("the tier `{}` has no size", name.value))
                        .at(name.span, "")
                        .help("add `newbits = 3` (an eighth of the block for each zone) or `size = 28`"),
                );
                None
            }
        };
        let internet =
            self.word(internet, &[("none", Internet::None), ("in", Internet::In), ("out", Internet::Out)]);
        let accepts = match written(accepts) {
            None => Accepts::All,
            Some(list) => {
                let find = |reference: &Spanned<crate::document::Reference>| {
                    self.own_tier(Spanned { value: &reference.value, span: reference.span }, tiers)
                };
                let mut only: Vec<TierIndex> = list.value.iter().filter_map(find).collect();
                only.sort_unstable();
                only.dedup();
                Accepts::Only(only)
            }
        };
        let rules = self.layout_rules(rules, tiers);
        Some(Tier {
            entity: entity(header),
            size: size?,
            internet: internet?.unwrap_or(Internet::None),
            attach: written(attach).is_some_and(|attach| *attach.value),
            accepts,
            rules,
        })
    }

    /// `tier.R` of the same layout.
    pub(super) fn own_tier(
        &mut self,
        reference: Spanned<&crate::document::Reference>,
        tiers: &[&str],
    ) -> Option<TierIndex> {
        let [_, name] = reference.value.0.as_slice() else {
            self.malformed(reference, "tier.NAME");
            return None;
        };
        let found = tiers.iter().position(|tier| tier == name).map(TierIndex);
        if found.is_none() {
            self.unknown("tier", name, tiers.iter().copied(), reference.span);
        }
        found
    }

    fn layout_rules(&mut self, rules: &[RuleStatement], tiers: &[&str]) -> Vec<Rule> {
        let mut rules: Vec<Rule> = rules.iter().map(|rule| self.rule(rule, tiers)).collect();
        rules.sort_by(|a, b| a.entity.name.cmp(&b.entity.name));
        rules
    }

    fn one_attach_tier(&mut self, tiers: &[Tier]) {
        let mut attached = tiers.iter().filter(|tier| tier.attach);
        if let (Some(first), Some(second)) = (attached.next(), attached.next()) {
            let message = format!(
                "the tiers `{}` and `{}` both carry the attachment",
                first.entity.name, second.entity.name
            );
            self.push(
                Diagnostic::new(ATTACH_TIER, message)
                    .at(second.entity.span, "again")
                    .at(first.entity.span, "first")
                    .help("keep `attach = true` on one of them"),
            );
        }
    }
}

//! Edits of the standard that all VPCs are cut by.

use tanada_render::allocate::Consent;

use crate::sketch::{Named, Random, Sketch, Tier};

impl Sketch {
    pub(super) fn layout_edit(&mut self, random: &mut Random, consent: &mut Consent) -> String {
        match random.below(9) {
            0 if random.one_in(2) => self.rename_some_zone(random),
            0 => self.rename_tier(random),
            1 => {
                let letter = self.letters[random.below(self.letters.len())];
                self.zones.insert(letter, format!("az{}", 5 + self.next));
                self.next += 1;
                format!("zone {letter} is another one")
            }
            2 => {
                let letter = self.zones.keys().copied().find(|letter| !self.letters.contains(letter));
                match letter {
                    Some(letter) => {
                        self.letters.push(letter);
                        format!("zone {letter} is new")
                    }
                    None => self.remove_zone(self.letters.len() - 1, consent),
                }
            }
            3 if self.letters.len() > 1 => self.remove_zone(random.below(self.letters.len()), consent),
            4 => {
                let at = random.below(self.tiers.len());
                self.tiers[at].newbits += 1;
                format!("tier {} is smaller", self.tiers[at].named.name)
            }
            5 => {
                self.one_nat = !self.one_nat;
                "nat".to_owned()
            }
            6 => {
                let at = random.below(2);
                self.tiers[at].internet = match self.tiers[at].internet {
                    "out" => "none",
                    "none" => "out",
                    _ => "none",
                };
                "internet".to_owned()
            }
            7 => {
                self.logs = if self.logs.is_some() { None } else { Some(self.next) };
                "logs".to_owned()
            }
            _ => self.tier_edit(random),
        }
    }

    fn rename_tier(&mut self, random: &mut Random) -> String {
        let name = self.name("tier");
        let at = random.below(self.tiers.len());
        let old = self.tiers[at].named.name.clone();
        self.tiers[at].named.rename(name.clone());
        self.intents.iter_mut().filter(|it| it.tier == old).for_each(|it| it.tier.clone_from(&name));
        format!("tier {old} is called {name}")
    }

    fn rename_some_zone(&mut self, random: &mut Random) -> String {
        let old = self.letters[random.below(self.letters.len())];
        let is_free = |letter: &char| {
            !self.zones.contains_key(letter) && self.old_letters.values().all(|it| it != letter)
        };
        let free: Vec<char> = ('a'..='z').filter(is_free).collect();
        let new = free[random.below(free.len())];
        self.rename_zone(old, new);
        format!("zone {old} is called {new}")
    }

    fn remove_zone(&mut self, at: usize, consent: &mut Consent) -> String {
        let letter = self.letters.remove(at);
        consent.destroy.insert(format!("layout.service.zones.{letter}"));
        format!("zone {letter} is gone")
    }

    fn tier_edit(&mut self, random: &mut Random) -> String {
        if random.one_in(2) {
            let accepts = &mut self.tiers[2].accepts;
            *accepts = if accepts.is_some() { None } else { Some(vec![random.below(2)]) };
            return "accepts".to_owned();
        }
        let name = format!("extra{}", self.next);
        self.next += 1;
        self.tiers.push(Tier { named: Named::new(name), newbits: 5, internet: "none", accepts: None });
        "tier is new".to_owned()
    }
}

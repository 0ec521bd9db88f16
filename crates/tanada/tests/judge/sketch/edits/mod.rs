//! Edits of a sketch.

mod hub;
mod layout;
mod team;

use tanada_render::allocate::Consent;

use super::{Random, Sketch};

impl Sketch {
    /// One to three edits; their names, and agreement to whatever they need.
    pub(crate) fn edit(&mut self, random: &mut Random, with_hub: bool) -> (Vec<String>, Consent) {
        let mut consent = Consent::default();
        let mut done = Vec::new();
        if with_hub {
            done.push(self.hub_edit(random));
        }
        let more = [1, 1, 1, 2, 3][random.below(5)];
        while done.len() < more {
            done.push(match random.below(20) {
                0..9 => self.team_edit(random, &mut consent),
                9..12 => self.intent_edit(random),
                _ => self.layout_edit(random, &mut consent),
            });
        }
        for team in &self.teams {
            let id = format!("{}-live", team.named.name);
            consent.accept.insert(format!("{id}/pods"));
            consent.accept.insert(id);
        }
        for tier in &self.tiers {
            consent.accept.insert(format!("layout.service.{}", tier.named.name));
        }
        (done, consent)
    }

    fn intent_edit(&mut self, random: &mut Random) -> String {
        if self.intents.is_empty() || !random.one_in(3) {
            self.add_intent(random);
            return "intent is new".to_owned();
        }
        self.intents.remove(random.below(self.intents.len()));
        "intent is gone".to_owned()
    }
}

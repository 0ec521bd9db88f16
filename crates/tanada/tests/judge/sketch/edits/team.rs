//! Edits of one team and its VPC.

use tanada_render::allocate::Consent;

use crate::sketch::{Random, Sketch};

impl Sketch {
    pub(super) fn team_edit(&mut self, random: &mut Random, consent: &mut Consent) -> String {
        let at = random.below(self.teams.len());
        match random.below(10) {
            0 => {
                self.add_team(random);
                "team is new".to_owned()
            }
            1 | 2 if self.teams.len() > 2 => self.remove_team(at, random, consent),
            3 => self.rename_team(at),
            4 | 5 => {
                self.teams[at].headroom = 1 - self.teams[at].headroom;
                "headroom".to_owned()
            }
            6 => {
                self.next += 1;
                self.teams[at].pin = Some(self.next);
                "pinned elsewhere".to_owned()
            }
            7 => {
                let segment = self.any_segment(random);
                self.teams[at].segment = Some(segment.clone());
                format!("another segment: {segment}")
            }
            8 => {
                let team = &mut self.teams[at];
                team.block = !team.block;
                if !team.block {
                    let name = team.named.was.as_ref().unwrap_or(&team.named.name);
                    consent.destroy.insert(format!("{name}-live/pods"));
                }
                format!("block of {} {}", team.named.name, team.block)
            }
            _ => {
                self.teams[at].tag += 1;
                "tag of a team".to_owned()
            }
        }
    }

    fn remove_team(&mut self, at: usize, random: &mut Random, consent: &mut Consent) -> String {
        let team = self.teams.remove(at);
        let name = team.named.was.unwrap_or(team.named.name);
        self.intents.retain(|it| it.from != name && it.to != name);
        let id = format!("{name}-live");
        if random.one_in(2) {
            consent.destroy.insert(id);
            format!("{name} is destroyed")
        } else {
            consent.forget.insert(id);
            format!("{name} is forgotten")
        }
    }

    fn rename_team(&mut self, at: usize) -> String {
        let name = self.name("team");
        let old = self.teams[at].named.name.clone();
        self.teams[at].named.rename(name.clone());
        let ends = self.intents.iter_mut().flat_map(|it| [&mut it.from, &mut it.to]);
        ends.filter(|it| **it == old).for_each(|it| it.clone_from(&name));
        format!("{old} is called {name}")
    }
}

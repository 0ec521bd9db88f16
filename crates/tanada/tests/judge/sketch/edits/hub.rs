//! Edits of what all VPCs share: the hub, its segments, and how its module is written.

use crate::sketch::{Named, Random, Segment, Sketch};

impl Sketch {
    pub(super) fn hub_edit(&mut self, random: &mut Random) -> String {
        match random.below(11) {
            0 => {
                let name = self.name("seg");
                let reaches = vec![self.any_segment(random)];
                self.segments.push(Segment { named: Named::new(&name), reaches });
                format!("segment {name} is new")
            }
            1 => self.rename_segment(random),
            2 => {
                let at = random.below(self.segments.len());
                let other = self.any_segment(random);
                let reaches = &mut self.segments[at].reaches;
                match reaches.iter().position(|it| *it == other) {
                    Some(at) => drop(reaches.remove(at)),
                    None => reaches.push(other.clone()),
                }
                format!("segment reaches {other} or not")
            }
            3 => {
                self.asn += 1;
                "asn".to_owned()
            }
            4 => {
                let name = self.name("hub");
                let what = random.below(5);
                let all = [&mut self.hub, &mut self.site, &mut self.link, &mut self.reserved];
                let [hub, team] = &mut self.accounts;
                let named = all.into_iter().nth(what).unwrap_or(if random.one_in(2) { hub } else { team });
                let old = named.name.clone();
                named.rename(name.clone());
                format!("{old} is called {name}")
            }
            5 => {
                *self.tags.entry("CostCenter").or_default() += 1;
                "tags".to_owned()
            }
            6 => {
                self.is_elsewhere = !self.is_elsewhere;
                "hub in another region".to_owned()
            }
            7..10 => self.upgrade.edit(random, [&self.segments[0].named.name, &self.segments[1].named.name]),
            _ => {
                self.logs = if self.logs.is_some() { None } else { Some(self.next) };
                let at = random.below(self.segments.len());
                let other = self.any_segment(random);
                self.segments[at].reaches.push(other);
                self.segments[at].reaches.sort();
                self.segments[at].reaches.dedup();
                "logs and reaches".to_owned()
            }
        }
    }

    pub(super) fn any_segment(&self, random: &mut Random) -> String {
        self.segments[random.below(self.segments.len())].named.name.clone()
    }

    fn rename_segment(&mut self, random: &mut Random) -> String {
        let name = self.name("seg");
        let at = random.below(self.segments.len());
        let old = self.segments[at].named.name.clone();
        self.segments[at].named.rename(name.clone());
        let segments = self.segments.iter_mut().flat_map(|it| &mut it.reaches);
        let teams = self.teams.iter_mut().filter_map(|it| it.segment.as_mut());
        let swapped = self.upgrade.names();
        segments.chain(teams).chain(swapped).filter(|it| **it == old).for_each(|it| it.clone_from(&name));
        format!("segment {old} is called {name}")
    }
}

//! A sketch as input.

use std::fmt::Write as _;

use super::{Intent, Segment, Sketch, Team, Tier};

impl Sketch {
    /// The input.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("backend \"s3\" { bucket = \"states\" }\n");
        let mut push = |part: String| text.push_str(&part);
        for (account, id) in self.accounts.iter().zip(["111111111111", "222222222222"]) {
            push(format!("account \"{}\" {{\n  id = \"{id}\"\n{}}}\n", account.name, account.line()));
        }
        let tags: String = self.tags.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
        push(format!("tags = {{ {tags} }}\n"));
        if let Some(bucket) = self.logs {
            push(format!("logs {{ bucket = \"flow-logs-{bucket}\" }}\n"));
        }
        let (pool, hub) = (&self.pool.name, &self.hub.name);
        push(format!("pool \"{pool}\" {{\n  range = \"10.0.0.0/9\"\n{}}}\n", self.pool.line()));
        let (region, prefix) =
            if self.is_elsewhere { ("ap-northeast-3", "apne3") } else { ("ap-northeast-1", "apne1") };
        let zones: Vec<String> =
            self.zones.iter().map(|(letter, id)| format!("{letter} = \"{prefix}-{id}\"")).collect();
        let old: Vec<String> =
            self.old_letters.iter().map(|(letter, old)| format!("{letter} = \"{old}\"")).collect();
        push(format!(
            "region \"{region}\" {{\n  zones = {{ {} }}\n  zones_renamed_from = {{ {} }}\n}}\n",
            zones.join(", "),
            old.join(", ")
        ));
        push(format!(
            "hub \"{hub}\" {{\n  region = region.{region}\n  asn = {}\n  account = account.{}\n{}}}\n",
            self.asn,
            self.accounts[0].name,
            self.hub.line()
        ));
        push(self.site());
        for Segment { named, reaches } in &self.segments {
            let reaches = reaches.iter().map(|name| format!("segment.{name}"));
            let reaches: Vec<String> = reaches.chain([format!("site.{}", self.site.name)]).collect();
            push(format!(
                "segment \"{}\" {{\n  reaches = [{}]\n{}}}\n",
                named.name,
                reaches.join(", "),
                named.line()
            ));
        }
        push(self.layout());
        push(format!(
            "environment \"{}\" {{\n  pool = pool.{pool}\n  hub = hub.{hub}\n  segment = segment.{}\n  layout = layout.service\n  size = 19\n  account = account.{}\n{}}}\n",
            self.environment.name,
            self.segments[0].named.name,
            self.accounts[0].name,
            self.environment.line()
        ));
        for team in &self.teams {
            push(self.team(team));
        }
        for Intent { name, from, to, tier, port } in &self.intents {
            push(format!(
                "allow \"{name}\" {{\n  from = [team.{from}]\n  to = [team.{to}.{tier}]\n  ports = [\"tcp/{port}\"]\n  why = \"x\"\n}}\n"
            ));
        }
        text
    }

    /// A site with a range of its own and a reserved one.
    fn site(&self) -> String {
        let Self { site, link, reserved, .. } = self;
        let (name, lab) = (&site.name, &reserved.name);
        let mut text = format!("reserved \"{lab}\" {{\n  range = \"198.18.0.0/24\"\n{}}}\n", reserved.line());
        let _ = writeln!(
            text,
            "site \"{name}\" {{\n  ranges = [\"192.0.2.0/24\", reserved.{lab}]\n{}  link \"{}\" {{\n    kind = \"attachment\"\n    id = \"tgw-attach-0123456789abcdef0\"\n{}  }}\n}}",
            site.line(),
            link.name,
            link.line(),
        );
        text
    }

    fn layout(&self) -> String {
        let letters: Vec<String> = self.letters.iter().map(|letter| format!("\"{letter}\"")).collect();
        let nat = if self.one_nat { "one" } else { "zone" };
        let mut text =
            format!("layout \"service\" {{\n  zones = [{}]\n  nat = \"{nat}\"\n", letters.join(", "));
        for Tier { named, newbits, internet, accepts } in &self.tiers {
            let accepts = accepts.as_ref().map_or_else(String::new, |all| {
                let all: Vec<String> =
                    all.iter().map(|at| format!("tier.{}", self.tiers[*at].named.name)).collect();
                format!("    accepts = [{}]\n", all.join(", "))
            });
            let _ = writeln!(
                text,
                "  tier \"{}\" {{\n    newbits = {newbits}\n    internet = \"{internet}\"\n{accepts}{}  }}",
                named.name,
                named.line()
            );
        }
        text.push_str("  tier \"transit\" {\n    size = 28\n    attach = true\n  }\n}\n");
        let zone = self.pod_letter;
        let _ = writeln!(
            text,
            "layout \"pods\" {{\n  zones = [\"{zone}\"]\n  tier \"pods\" {{ newbits = 2 }}\n}}"
        );
        text
    }

    fn team(&self, team: &Team) -> String {
        let Team { named, headroom, segment, account, pin, block, tag } = team;
        let mut text = format!("team \"{}\" {{\n{}", named.name, named.line());
        if *account {
            let _ = writeln!(text, "  account = account.{}", self.accounts[1].name);
        }
        if *tag > 0 {
            let _ = writeln!(text, "  tags = {{ Note = \"{tag}\" }}");
        }
        let _ = writeln!(text, "  vpc \"{}\" {{", self.environment.name);
        match pin {
            Some(number) => {
                let _ = writeln!(text, "    range = \"10.128.{}.0/20\"", number % 16 * 16);
            }
            None => {
                let _ = writeln!(text, "    headroom = {headroom}");
            }
        }
        if let Some(segment) = segment {
            let _ = writeln!(text, "    segment = segment.{segment}");
        }
        if *block {
            text.push_str("    block \"pods\" {\n      size = 22\n      layout = layout.pods\n    }\n");
        }
        text.push_str("  }\n}\n");
        text
    }
}

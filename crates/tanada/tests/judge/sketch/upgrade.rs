//! The hub's module as another version of the program, or a hand, might write it. The roots of VPCs stay as they are to
//! the last byte, and find something else in the hub's account.

use std::collections::BTreeMap;

use super::Random;

/// How the module differs from ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upgrade {
    /// Another label of the gateway's block makes the gateway anew.
    gateway: usize,
    /// An argument that replaces the gateway.
    multicast: bool,
    /// Another label of the segments' block makes the tables anew, unless a `moved` block leads there.
    tables: usize,
    /// Another name of the module's call, which a `moved` block always leads to.
    call: usize,
    /// `moved` blocks, in the order in which they stand.
    moved: Vec<(String, String)>,
    /// Two segments whose tables have each other's Name: nothing is replaced in the hub.
    swapped: Option<[String; 2]>,
}

impl Upgrade {
    pub(super) fn edit(&mut self, random: &mut Random, segments: [&str; 2]) -> String {
        match random.below(7) {
            0 => {
                self.gateway += 1;
                "gateway anew".to_owned()
            }
            1 => {
                self.multicast = !self.multicast;
                "gateway replaced".to_owned()
            }
            2 => {
                self.tables += 1;
                "tables anew".to_owned()
            }
            3 | 4 => {
                // One block leads to where the next begins.
                let labels: Vec<usize> = (self.tables..=self.tables + random.below(3) + 1).collect();
                let table = |label| {
                    format!("{}.aws_ec2_transit_gateway_route_table.{}", call(self.call), name(label))
                };
                let mut chain: Vec<(String, String)> =
                    labels.windows(2).map(|pair| (table(pair[0]), table(pair[1]))).collect();
                if random.one_in(2) {
                    chain.reverse();
                }
                self.tables += chain.len();
                self.moved = chain;
                "tables moved".to_owned()
            }
            5 => {
                self.call += 1;
                self.moved = vec![(call(self.call - 1), call(self.call))];
                "module called otherwise".to_owned()
            }
            _ => {
                self.swapped = match self.swapped {
                    Some(_) => None,
                    None => Some(segments.map(str::to_owned)),
                };
                "tables called by each other's name".to_owned()
            }
        }
    }

    /// The gateway is made anew.
    pub(crate) fn replace_gateway(&mut self) {
        self.multicast = !self.multicast;
    }

    /// Names of segments that stand in it.
    pub(super) fn names(&mut self) -> impl Iterator<Item = &mut String> {
        self.swapped.iter_mut().flatten()
    }

    /// After it was applied.
    pub(super) fn settle(&mut self) {
        self.moved.clear();
    }

    /// Writes it into a tree.
    pub(crate) fn write(&self, files: &mut BTreeMap<String, String>) {
        let Self { gateway, multicast, tables, call: label_of_call, moved, swapped } = self;
        for (path, text) in files.iter_mut() {
            if path.starts_with("modules/hub/") && path.ends_with(".tf") {
                *text = label(text, "aws_ec2_transit_gateway", *gateway);
                *text = label(text, "aws_ec2_transit_gateway_route_table", *tables);
            }
            if path.starts_with("hub/") && path.ends_with(".tf") {
                let call = call(*label_of_call);
                *text = text.replace("module \"hub\"", &format!("module \"{}\"", &call["module.".len()..]));
                *text = text.replace("module.hub.", &format!("{call}."));
                *text = text.replace("= module.hub\n", &format!("= {call}\n"));
            }
            // Only a root may have `moved` blocks in what we read.
            if path.starts_with("hub/") && path.ends_with("/main.tf") {
                let block = |(from, to): &(String, String)| {
                    format!("\nmoved {{\n  from = {from}\n  to   = {to}\n}}\n")
                };
                text.extend(moved.iter().map(block));
            }
        }
        let text = files.get_mut("modules/hub/main.tf").expect("the hub has a module");
        if *multicast {
            replace(text, "  amazon_side_asn ", "  multicast_support = \"enable\"\n  amazon_side_asn ");
        }
        if let Some([one, other]) = swapped {
            let key = format!(
                "each.key == \"{one}\" ? \"{other}\" : each.key == \"{other}\" ? \"{one}\" : each.key"
            );
            replace(text, "${var.name}-${each.key}", &format!("${{var.name}}-${{{key}}}"));
        }
    }
}

fn replace(text: &mut String, from: &str, to: &str) {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    *text = text.replacen(from, to, 1);
}

/// The address of the module.
fn call(label: usize) -> String {
    if label == 0 { "module.hub".to_owned() } else { format!("module.center{label}") }
}

fn name(label: usize) -> String {
    if label == 0 { "this".to_owned() } else { format!("other{label}") }
}

/// Gives the block `this` of a type another label.
fn label(text: &str, type_name: &str, label: usize) -> String {
    let name = name(label);
    text.replace(&format!("\"{type_name}\" \"this\""), &format!("\"{type_name}\" \"{name}\""))
        .replace(&format!("{type_name}.this"), &format!("{type_name}.{name}"))
}

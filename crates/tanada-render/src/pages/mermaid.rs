use std::fmt::Write;

use crate::hcl::{Plain, turns_direction};

/// Bytes that a label shows as they are.
static PLAIN: Plain = Plain::all_but(br##""#%&;<>[]`{|}\"##);

/// A flowchart as GitHub draws it. Nodes are named by numbers, so that no name can be a word of the language.
#[derive(Debug, Default)]
pub(super) struct Flowchart {
    lines: String,
    nodes: usize,
    depth: usize,
}

/// A node, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node(usize);

/// How a node is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Box,
    Circle,
    Hexagon,
    Slanted,
}

impl Flowchart {
    /// A chart in `direction`: `TB`, `LR`.
    pub(super) fn new(direction: &str) -> Self {
        Self { lines: format!("flowchart {direction}\n"), nodes: 0, depth: 1 }
    }

    /// Adds a node.
    pub(super) fn node(&mut self, shape: Shape, label: &str) -> Node {
        let node = Node(self.nodes);
        self.nodes += 1;
        let (open, close) = match shape {
            Shape::Box => ("[", "]"),
            Shape::Circle => ("((", "))"),
            Shape::Hexagon => ("{{", "}}"),
            Shape::Slanted => ("[/", "/]"),
        };
        self.line(|lines| {
            let _ = write!(lines, "n{}{open}\"", node.0);
            escape(label, lines);
            lines.extend(["\"", close]);
        });
        node
    }

    /// Starts a frame; what follows stands in it until [`Self::end`].
    pub(super) fn frame(&mut self, label: &str) {
        let number = self.nodes;
        self.line(|lines| {
            let _ = write!(lines, "subgraph f{number}[\"");
            escape(label, lines);
            lines.push_str("\"]");
        });
        self.depth += 1;
    }

    /// Ends the frame.
    pub(super) fn end(&mut self) {
        self.depth -= 1;
        self.line(|lines| lines.push_str("end"));
    }

    /// An arrow; a label that is empty is left out.
    pub(super) fn arrow(&mut self, from: Node, arrow: &str, to: Node, label: &str) {
        self.line(|lines| {
            let _ = write!(lines, "n{} {arrow}", from.0);
            if !label.is_empty() {
                lines.push_str("|\"");
                escape(label, lines);
                lines.push_str("\"|");
            }
            let _ = write!(lines, " n{}", to.0);
        });
    }

    /// The chart, with a newline at the end.
    pub(super) fn finish(self) -> String {
        self.lines
    }

    /// A line that `print` fills. (Writing to a `String` cannot fail, so nobody asks whether it did.)
    fn line(&mut self, print: impl FnOnce(&mut String)) {
        for _ in 0..self.depth {
            self.lines.push_str("  ");
        }
        print(&mut self.lines);
        self.lines.push('\n');
    }
}

/// Appends `text` as the inside of the quotes of a label, on one line. Mermaid has no escapes but entities with `#`.
fn escape(text: &str, escaped: &mut String) {
    if PLAIN.is_all_of(text) {
        escaped.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '"' | '#' | '%' | '&' | ';' | '<' | '>' | '[' | ']' | '`' | '{' | '|' | '}' | '\\' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c if c.is_control() || c.is_whitespace() || turns_direction(c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stays_in_its_quotes() {
        let mut chart = Flowchart::new("LR");
        let a = chart.node(Shape::Box, "a\"]\n```\nend");
        let b = chart.node(Shape::Circle, "b: 10.0.0.0/8");
        chart.arrow(a, "-->", b, "tcp/443");
        let expected = "flowchart LR\n  n0[\"a#34;#93; #96;#96;#96; end\"]\n  n1((\"b: 10.0.0.0/8\"))\n  n0 -->|\"tcp/443\"| n1\n";
        assert_eq!(chart.finish(), expected);
    }
}

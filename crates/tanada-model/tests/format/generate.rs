//! Random documents over the whole of HCL: far more than the input language uses.

use crate::random::Random;

const NAMES: [&str; 12] =
    ["a", "bb", "pool", "a-b", "x_1", "fort", "in", "if", "environment", "é", "棚田", "long_long_name"];
const TEXTS: [&str; 14] = [
    "",
    "a",
    "10.0.0.0/8",
    "two words",
    "# no comment",
    "/* nor this */",
    "\\\"",
    "\\\\",
    "\\n",
    "$${x}",
    "%%{x}",
    "a $ b % c",
    "棚田",
    "👨‍👩‍👧 क्षि e\u{301}",
];
const COMMENTS: [&str; 5] = ["# c", "//c", "#", "# 棚田 = 1", "// \" ${"];
const INLINE: [&str; 4] = ["/* c */", "/**/", "/* a\n b */", "/* \" ${ */"];
const OPERATORS: [&str; 13] = ["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"];

pub(crate) fn document(random: &mut Random) -> String {
    let mut writer = Writer {
        out: String::new(),
        random,
        newlines: 0,
        budget: 120,
        heredocs: true,
        names: 0,
        ended_by_heredoc: false,
    };
    for _ in 0..writer.random.below(8) {
        writer.statement(0);
    }
    let Writer { out, random, .. } = writer;
    let out = if random.once_in(8) && !out.contains('\r') { out.replace('\n', "\r\n") } else { out };
    if random.once_in(8) { out.trim_end_matches(['\n', '\r']).to_owned() } else { out }
}

struct Writer<'r> {
    out: String,
    random: &'r mut Random,
    /// Depth of brackets in which a newline is white space.
    newlines: usize,
    budget: usize,
    heredocs: bool,
    /// Attributes so far; a number makes their names differ.
    names: usize,
    /// Nothing but a newline may follow the last line of a heredoc.
    ended_by_heredoc: bool,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn name(&mut self) {
        let name = self.random.pick(&NAMES);
        self.put(name);
    }

    /// White space that may be missing, with a comment now and then.
    fn gap(&mut self) {
        let white = self.random.pick(&["", "", " ", "  ", "\t", "   "]);
        self.put(white);
        if self.random.once_in(25) {
            let comment = self.random.pick(&INLINE);
            self.put(comment);
        }
        if self.newlines > 0 && self.random.once_in(10) {
            self.line_end();
            let white = self.random.pick(&["", " ", "\t", "    "]);
            self.put(white);
        }
    }

    fn space(&mut self) {
        self.put(" ");
        self.gap();
    }

    fn line_end(&mut self) {
        let white = self.random.pick(&["", "", "", " ", "\t"]);
        self.put(white);
        if self.random.once_in(6) {
            let comment = self.random.pick(&COMMENTS);
            self.put(comment);
        }
        self.put("\n");
    }

    fn statement(&mut self, depth: usize) {
        while self.random.once_in(5) {
            self.line_end();
        }
        self.gap();
        if self.random.once_in(3) && depth < 4 {
            self.block(depth);
        } else {
            self.attribute();
        }
        if std::mem::take(&mut self.ended_by_heredoc) {
            return self.put("\n");
        }
        if self.random.once_in(15) {
            let comment = self.random.pick(&INLINE);
            self.put(comment);
        }
        self.line_end();
    }

    fn block(&mut self, depth: usize) {
        self.name();
        for _ in 0..self.random.below(3) {
            self.space();
            if self.random.once_in(2) {
                self.name();
            } else {
                let label = self.random.pick(&["x", "two words", "a-b", "棚田", ""]);
                self.put(&format!("\"{label}\""));
            }
        }
        self.gap();
        self.put("{");
        match self.random.below(4) {
            0 => self.gap(),
            1 => {
                let heredocs = std::mem::replace(&mut self.heredocs, false);
                self.gap();
                self.attribute();
                self.heredocs = heredocs;
                self.gap();
            }
            _ => {
                self.line_end();
                for _ in 0..self.random.below(5) {
                    self.statement(depth + 1);
                }
                self.gap();
            }
        }
        self.put("}");
    }

    fn attribute(&mut self) {
        self.name();
        self.names += 1;
        self.out.push_str(&self.names.to_string());
        self.gap();
        self.put("=");
        self.gap();
        if self.heredocs && self.random.once_in(15) {
            self.heredoc();
        } else if self.random.once_in(10) {
            self.put("\"${");
            self.inside(|writer| writer.expression(0));
            self.put("}\"");
        } else {
            self.expression(0);
        }
    }

    /// In brackets that make newlines white space.
    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.newlines += 1;
        self.gap();
        write(self);
        self.gap();
        self.newlines -= 1;
    }

    /// Items with commas between them, perhaps one more at the end.
    fn items(&mut self, depth: usize) {
        let count = self.random.below(4);
        self.inside(|writer| {
            for n in 0..count {
                writer.expression(depth + 1);
                writer.gap();
                if n + 1 < count || writer.random.once_in(4) {
                    writer.put(",");
                    writer.gap();
                }
            }
        });
    }

    fn expression(&mut self, depth: usize) {
        self.budget = self.budget.saturating_sub(1);
        if depth > 5 || self.budget == 0 {
            return self.leaf();
        }
        match self.random.below(24) {
            0..6 => self.leaf(),
            6..8 => self.string(depth),
            8..10 => {
                self.put("[");
                self.items(depth);
                self.put("]");
            }
            10..12 => self.object(depth),
            12 => {
                self.put("(");
                self.inside(|writer| writer.expression(depth + 1));
                self.put(")");
            }
            13..15 => {
                self.name();
                let scope = self.random.pick(&["", "", "", "::f"]);
                self.put(scope);
                self.put("(");
                self.items(depth);
                self.put(")");
            }
            15..18 => {
                self.expression(depth + 1);
                self.gap();
                let operator = self.random.pick(&OPERATORS);
                self.put(operator);
                self.space();
                self.expression(depth + 1);
            }
            18 => {
                let sign = self.random.pick(&["-", "!"]);
                self.put(sign);
                self.gap();
                self.leaf();
            }
            19 => {
                self.expression(depth + 1);
                self.put(" ? ");
                self.expression(depth + 1);
                self.put(" : ");
                self.gap();
                self.expression(depth + 1);
            }
            20 => self.for_list(depth),
            21 => self.for_object(depth),
            _ => self.traversal(depth),
        }
    }

    fn leaf(&mut self) {
        match self.random.below(4) {
            0 => self.name(),
            1 => {
                let number = self.random.pick(&["0", "1", "10", "1.5", "1e5", "2.5E-3"]);
                self.put(number);
            }
            2 => {
                let word = self.random.pick(&["true", "false", "null"]);
                self.put(word);
            }
            _ => {
                let text = self.random.pick(&TEXTS);
                self.put(&format!("\"{text}\""));
            }
        }
    }

    fn traversal(&mut self, depth: usize) {
        self.name();
        for _ in 0..=self.random.below(3) {
            match self.random.below(5) {
                0..2 => {
                    self.put(".");
                    self.name();
                }
                2 => {
                    let splat = self.random.pick(&[".*", "[*]", "[ * ]"]);
                    self.put(splat);
                }
                _ => {
                    self.put("[");
                    self.inside(|writer| writer.expression(depth + 2));
                    self.put("]");
                }
            }
        }
    }

    fn string(&mut self, depth: usize) {
        self.put("\"");
        for _ in 0..self.random.below(4) {
            let text = self.random.pick(&TEXTS);
            self.put(text);
            self.template(depth, false);
        }
        self.put("\"");
    }

    fn template(&mut self, depth: usize, heredoc: bool) {
        let heredocs = std::mem::replace(&mut self.heredocs, false);
        match self.random.below(6) {
            0..3 => {
                let open = self.random.pick(&["${", "${~", "${ "]);
                self.put(open);
                if heredoc {
                    self.expression(depth + 2)
                } else {
                    self.inside(|writer| writer.expression(depth + 2))
                }
                let close = self.random.pick(&["}", "~}", " }"]);
                self.put(close);
            }
            3 => {
                self.put("%{ if  ");
                self.expression(depth + 3);
                self.put(" ~}x%{else}y%{ endif }");
            }
            4 => {
                self.put("%{for k ,v in ");
                self.expression(depth + 3);
                self.put("~} ${ v } %{ endfor}");
            }
            _ => {}
        }
        self.heredocs = heredocs;
    }

    fn heredoc(&mut self) {
        let (open, name) = (self.random.pick(&["<<", "<<-"]), self.random.pick(&["EOT", "A-B", "_x"]));
        self.put(&format!("{open}{name}\n"));
        for _ in 0..self.random.below(4) {
            let white = self.random.pick(&["", "  ", "\t", "      "]);
            self.put(white);
            let text =
                self.random.pick(&["", "text", "a = 1", "} # {", "棚田 $ %", "\"quoted\"", "$${x}", name]);
            self.put(text);
            self.template(2, true);
            self.put(" .\n");
        }
        let white = self.random.pick(&["", "  ", "\t"]);
        self.put(white);
        self.put(name);
        self.ended_by_heredoc = true;
    }

    fn object(&mut self, depth: usize) {
        self.put("{");
        let newlines = std::mem::replace(&mut self.newlines, 0);
        let several = newlines > 0 || self.random.once_in(2);
        for _ in 0..self.random.below(4) {
            if several && self.random.once_in(2) {
                self.line_end();
            }
            self.gap();
            match self.random.below(5) {
                0 => self.put("\"key\""),
                1 => {
                    self.put("(");
                    self.inside(|writer| writer.expression(depth + 2));
                    self.put(")");
                }
                _ => self.name(),
            }
            self.gap();
            let assign = self.random.pick(&["=", "=", ":"]);
            self.put(assign);
            self.gap();
            self.expression(depth + 1);
            self.gap();
            if !several || self.random.once_in(2) {
                self.put(",");
            } else {
                self.line_end();
            }
        }
        self.gap();
        self.newlines = newlines;
        self.put("}");
    }

    fn for_list(&mut self, depth: usize) {
        self.put("[");
        self.inside(|writer| {
            writer.put("for v in ");
            writer.expression(depth + 2);
            writer.gap();
            writer.put(": ");
            writer.expression(depth + 2);
            if writer.random.once_in(2) {
                writer.put(" if ");
                writer.expression(depth + 2);
            }
        });
        self.put("]");
    }

    fn for_object(&mut self, depth: usize) {
        self.put("{");
        self.inside(|writer| {
            writer.put("for k , v in ");
            writer.expression(depth + 2);
            writer.gap();
            writer.put(":");
            writer.expression(depth + 2);
            writer.gap();
            writer.put("=>");
            writer.gap();
            writer.expression(depth + 2);
            let group = writer.random.pick(&["", " ...", "..."]);
            writer.put(group);
        });
        self.put("}");
    }
}

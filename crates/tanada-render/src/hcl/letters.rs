//! Texts, numbers, comments and spaces, letter by letter.

use std::fmt::Write;

use tanada_model::net;

use super::print::Printer;
use super::text::{comment_lines, escape, escape_heredoc, is_printable};

impl Printer {
    pub(super) fn heredoc(&mut self, text: &str) {
        let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        // A heredoc has no escapes for what must not stand in a file as it is. (And two empty ones in nested blocks
        // make hcl-edit 0.10 refuse the file.)
        if text.is_empty() || !is_printable(text) {
            self.quoted(&format!("{text}{newline}"));
            self.out.push('\n');
            return;
        }
        let mut end = String::from("EOT");
        while text.lines().any(|line| line.trim() == end) {
            end.push('T');
        }
        self.out.push_str("<<");
        self.out.push_str(&end);
        self.out.push('\n');
        escape_heredoc(text, &mut self.out);
        self.out.push_str(newline);
        self.out.push_str(&end);
        self.out.push('\n');
    }

    pub(super) fn comment(&mut self, text: &str) {
        for line in comment_lines(text) {
            self.start();
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
                self.out.push_str(&line);
            }
            self.out.push('\n');
        }
    }

    pub(super) fn quoted(&mut self, text: &str) {
        self.out.push('"');
        escape(text, &mut self.out);
        self.out.push('"');
    }

    pub(super) fn start(&mut self) {
        self.spaces(2 * self.depth);
    }

    pub(super) fn spaces(&mut self, mut count: usize) {
        const SPACES: &str = "                                ";
        while count > 0 {
            let now = count.min(SPACES.len());
            self.out.push_str(&SPACES[..now]);
            count -= now;
        }
    }

    /// `10.1.0.0/16`, digit by digit: every other row has one, and the way through `Display` is long.
    pub(super) fn cidr(&mut self, block: net::Block) {
        for (at, octet) in block.address().octets().into_iter().enumerate() {
            self.out.push_str(if at > 0 { "." } else { "" });
            self.whole(octet.into());
        }
        self.out.push('/');
        self.whole(block.prefix_len().into());
    }

    /// A whole number: every other cell of a table has one.
    pub(super) fn whole(&mut self, mut number: u64) {
        let mut digits = [b'0'; 20];
        let mut places = 0;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
            places += 1;
            if number == 0 {
                break;
            }
        }
        let written = digits.get(digits.len() - places..).unwrap_or_default();
        self.out.push_str(str::from_utf8(written).unwrap_or_default());
    }

    pub(super) fn display(&mut self, value: impl std::fmt::Display) {
        // Writing to a `String` cannot fail.
        let _ = write!(self.out, "{value}");
    }
}

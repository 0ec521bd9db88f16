//! What holds without an oracle: the meaning stays, twice is once, and no text whatever makes it panic.

use hcl::structure::{Block, BlockLabel, Body, Structure};
use proptest::prelude::*;

use crate::generate::document;
use crate::mangle::mangle;
use crate::random::Random;
use crate::terraform::estates;
use tanada_model::format::format;

/// The values without white space and comments, and without the difference between `pool x` and `pool "x"`.
fn meaning(text: &str) -> Body {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    quote_labels(hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

fn quote_labels(body: Body) -> Body {
    body.into_iter()
        .map(|structure| match structure {
            Structure::Attribute(attribute) => Structure::Attribute(attribute),
            Structure::Block(Block { identifier, labels, body }) => {
                let labels = labels.iter().map(|label| BlockLabel::from(label.as_str())).collect();
                Structure::Block(Block { identifier, labels, body: quote_labels(body) })
            }
        })
        .collect()
}

#[test]
fn formatting_keeps_the_meaning() {
    let mut random = Random::new(7);
    for estate in estates() {
        for _ in 0..5 {
            let mangled = mangle(&estate, &mut random);
            let formatted = format(&mangled).unwrap();
            assert!(meaning(&mangled) == meaning(&estate), "the test changed the meaning:\n{mangled}");
            assert!(meaning(&formatted) == meaning(&estate), "{mangled}\n{formatted}");
        }
    }
}

#[test]
fn the_meaning_differs_when_a_value_does() {
    assert_ne!(meaning("a = 1\n"), meaning("a = 2\n"));
    assert_ne!(meaning("a \"b\" {}\n"), meaning("a \"c\" {}\n"));
    assert_eq!(meaning("a b {}\n"), meaning("  a \"b\"   {}\n"));
}

#[test]
fn formatting_random_documents_keeps_their_meaning() {
    let mut random = Random::new(8);
    let mut compared = 0;
    for _ in 0..400 {
        let text = document(&mut random);
        let Ok(formatted) = format(&text) else { continue };
        let rejected = hcl::parse(&formatted).is_err();
        assert!(!rejected, "no longer HCL:\n{text}\n{formatted}");
        // A template's text is kept as written by the parser of this test.
        if !text.contains(['$', '%']) {
            assert!(meaning(&formatted) == meaning(&text), "{text}\n{formatted}");
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared}");
}

#[test]
fn formatting_twice_changes_nothing() {
    let mut random = Random::new(9);
    for _ in 0..400 {
        let text = document(&mut random);
        if let Ok(once) = format(&text) {
            assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "{text}");
        }
    }
}

#[test]
fn nesting_beyond_measure_is_an_error() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{ a = ", " }"), ("\"${", "}\""), ("f(", ")"), ("-", "")] {
        let text = format!("a = {}1{}\n", open.repeat(4000), close.repeat(4000));
        assert!(format(&text).is_err(), "{open}");
    }
    let blocks = format!("{}{}", "b {\n".repeat(4000), "}\n".repeat(4000));
    let _ = format(&blocks);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = format(&text);
    }

    #[test]
    fn no_row_of_tokens_makes_it_panic_and_twice_is_once(
        tokens in proptest::collection::vec(proptest::sample::select(TOKENS.to_vec()), 0..24),
    ) {
        let text = tokens.concat();
        if let Ok(once) = format(&text) {
            prop_assert_eq!(format(&once), Ok(once.clone()), "{:?}", text);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = format(&String::from_utf8_lossy(&bytes));
    }
}

const TOKENS: [&str; 52] = [
    "a", "b1", " ", "  ", "\n", "\n", "\r\n", "\t", "=", " = ", "a = ", "b {\n", "}\n", "{", "}", "[", "]",
    "(", ")", "\"", "\"x\"", "${", "%{", "~}", "$${", "%%{", "\\", ",", ".", "...", "::", ":", "?", "=>",
    "-", "!", "+", "*", "<", "<<", "<<-A\n", "<<A\n", "A\n", "\nA\n", "# c\n", "// c", "/*", "*/", "/* c */",
    "1.5e3", "棚", "\u{feff}",
];

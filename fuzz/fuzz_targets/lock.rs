//! Any bytes as a lock: read or refused, and what was read is written and read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tanada_model::diagnostic::{Sources, Style, render};
use tanada_model::lock::{parse, print};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse(text) {
        Ok(lock) => {
            let text = print(&lock);
            assert_eq!(parse(&text).as_ref(), Ok(&lock), "{text}");
            assert_eq!(print(&lock), text);
        }
        Err(error) => {
            let mut sources = Sources::default();
            let file = sources.add("network.lock.hcl", text);
            render(&error.diagnostic(file), &sources, Style::Plain);
        }
    }
});

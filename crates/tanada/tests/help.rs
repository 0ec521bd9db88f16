//! The help of every command, as one text: `UPDATE=1` writes it.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn help(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_tanada"))
        .args(arguments)
        .arg("--help")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert!(run.status.success() && run.stderr.is_empty(), "{arguments:?}");
    let text = String::from_utf8(run.stdout).unwrap();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The commands that a help names.
fn commands(help: &str) -> Vec<String> {
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

fn write_help(text: &mut String, arguments: &[&str]) {
    let help = help(arguments);
    writeln!(text, "$ tanada {}\n{help}", [arguments, &["--help"]].concat().join(" ")).unwrap();
    for command in commands(&help) {
        write_help(text, &[arguments, &[command.as_str()]].concat());
    }
}

#[test]
fn the_help_is_as_it_was_read() {
    let mut text = String::new();
    write_help(&mut text, &[]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help.txt");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    snapbox::assert_data_eq!(text, snapbox::Data::text(fs::read_to_string(&path).unwrap()).raw());
}

//! What each code says, for example: the first finding of its rejecting fixture.

/// Made from the fixtures by `UPDATE=1 cargo test -p tanada --test documents`: a code, and indented what it says.
const EXAMPLES: &str = include_str!("examples.txt");

/// The words of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What is wrong.
    pub message: &'static str,
    /// What to type, one line each.
    pub help: Vec<&'static str>,
}

/// What a code says, for example.
pub fn example(name: &str) -> Option<Example> {
    let mut lines = EXAMPLES.lines().skip_while(|line| *line != name).skip(1);
    let message = lines.next()?.strip_prefix("  ")?;
    let help = lines.map_while(|line| line.strip_prefix("  help: ")).collect();
    Some(Example { message, help })
}

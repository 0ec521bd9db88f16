//! The tables, as Markdown, with the bars beside them.

use std::time::Duration;

use crate::{Figures, scene};

/// Prints figures by size, then each bar with what was reached.
pub(crate) fn print(figures: &[Figures]) {
    println!("| VPCs | MB | library | changes | reading the rest | reach | peak | of which the trees |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for Figures { vpcs, megabytes, library, .. } in figures {
        println!(
            "| {vpcs} | {megabytes:.1} | {} | {} | {} | {} | {:.1} MiB | {:.1} MiB |",
            millis(library.whole),
            millis(library.changes),
            millis(library.reading),
            millis(library.reach),
            mebibytes(library.peak_kib),
            mebibytes(library.trees_kib),
        );
    }
    println!();
    println!(
        "| VPCs | reading | `diff DIR/ DIR/` | CPU | peak | `diff REV` | CPU | peak | `diff REV REV` | CPU | peak |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for Figures { vpcs, reading, directories, revision, revisions, .. } in figures {
        let row = [directories, revision, revisions].map(|scene::Cost { wall, cpu, peak_kib }| {
            format!("{} | {} | {:.1} MiB", millis(*wall), millis(*cpu), mebibytes(*peak_kib))
        });
        println!("| {vpcs} | {} | {} |", millis(*reading), row.join(" | "));
    }
    println!();
    bars(figures);
}

fn bars(figures: &[Figures]) {
    println!("| what | bar | measured | |");
    println!("| --- | --- | --- | --- |");
    let (hundred, second) = (Duration::from_millis(100), Duration::from_secs(1));
    for (size, name, limit, words) in
        [(30, "30 VPCs", hundred, "under 100 ms"), (3_000, "3,000 VPCs", second, "under 1 s")]
    {
        let Some(own) = figures.iter().find(|own| own.vpcs == size) else { continue };
        let all = [
            ("two trees in memory", own.library.whole),
            ("`diff DIR/ DIR/`", own.directories.wall),
            ("`diff REV`", own.revision.wall),
            ("`diff REV REV`", own.revisions.wall),
        ];
        for (what, time) in all {
            bar(&format!("{name}, {what}"), words, &millis(time), time < limit);
        }
    }
    // Linear: what each further VPC takes does not grow with the estate.
    if let [_, one, two, three] = figures {
        let slope = |from: &Figures, to: &Figures| {
            #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
            let kib = to.directories.peak_kib as f64 - from.directories.peak_kib as f64;
            #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
            let more = (to.vpcs - from.vpcs) as f64;
            kib / more
        };
        let (first, second) = (slope(one, two), slope(two, three));
        let found = format!("{first:.1} KiB up to 1,000 VPCs, {second:.1} KiB beyond");
        bar(
            "memory for each further VPC, `diff DIR/ DIR/`",
            "at most 1.25x beyond",
            &found,
            second <= first * 1.25,
        );
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

fn bar(what: &str, limit: &str, found: &str, reached: bool) {
    println!("| {what} | {limit} | {found} | {} |", if reached { "reached" } else { "**missed**" });
}

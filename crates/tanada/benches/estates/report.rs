//! The table, as Markdown, with the bars beside it.

use std::time::Duration;

use crate::Figures;

/// Prints figures by size, then each bar with what was reached.
pub(crate) fn print(figures: &[Figures], whois: f64) {
    println!(
        "| VPCs | files | MB | cold | creating the files | ratio | CPU | peak | unchanged | reading | ratio | one VPC changed | ratio |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for one in figures {
        let Figures { vpcs, files, bytes, cold, unchanged, changed, rewritten: _, peak_kib } = one;
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        let (megabytes, peak) = (*bytes as f64 / 1e6, *peak_kib as f64 / 1024.0);
        println!(
            "| {vpcs} | {files} | {megabytes:.1} | {} | {} | {:.2} | {} | {peak:.1} MiB | {} | {} | {:.2} | {} | {:.2} |",
            millis(cold.wall),
            millis(cold.baseline),
            cold.ratio(),
            millis(cold.cpu),
            millis(unchanged.wall),
            millis(unchanged.baseline),
            unchanged.ratio(),
            millis(changed.wall),
            changed.ratio(),
        );
    }
    println!();
    bars(figures, whois);
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn bars(figures: &[Figures], whois: f64) {
    let [small, middle, large] = figures else { return };
    let growth = large.cold.cpu.as_secs_f64() / middle.cold.cpu.as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let memory = large.peak_kib.saturating_sub(small.peak_kib) as f64 / (large.vpcs - small.vpcs) as f64;
    let rewritten: usize = figures.iter().map(|one| one.rewritten).sum();
    println!("| what | bar | measured | |");
    println!("| --- | --- | --- | --- |");
    bar("30 VPCs, cold", "under 50 ms", &millis(small.cold.wall), small.cold.wall.as_secs_f64() < 0.050);
    at_most("3,000 VPCs, cold, to creating the same files", 2.0, large.cold.ratio());
    at_most("3,000 VPCs, nothing changed, to reading and comparing the tree", 2.0, large.unchanged.ratio());
    bar("files written when nothing changed", "0", &rewritten.to_string(), rewritten == 0);
    at_most("3,000 VPCs, one VPC changed, to nothing changed", 1.1, large.changed.ratio());
    at_most("CPU time, 300 to 3,000 VPCs", 12.0, growth);
    bar("memory for each further VPC", "under 64 KiB", &format!("{memory:.1} KiB"), memory < 64.0);
    bar("`whois`, addresses a second, 3,000 VPCs", "1,000,000", &format!("{whois:.0}"), whois >= 1e6);
}

fn at_most(what: &str, limit: f64, found: f64) {
    bar(what, &format!("at most {limit}x"), &format!("{found:.2}x"), found <= limit);
}

fn bar(what: &str, limit: &str, found: &str, reached: bool) {
    println!("| {what} | {limit} | {found} | {} |", if reached { "reached" } else { "**missed**" });
}

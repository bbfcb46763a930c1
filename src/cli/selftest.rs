//! `seedbench selftest`: does every test keep its false-alarm rate, is every planted flaw caught?

use std::{fmt::Write, path::PathBuf};

use super::{Output, exit};
use crate::{
    report,
    selftest::{SelfTest, SelfTestOptions, selftest},
};

/// Check the checker: false-alarm rates on sound streams, power on planted flaws
#[derive(clap::Args, Debug)]
pub struct SelftestArgs {
    /// Sound evidences given to every test
    #[arg(long, value_name = "N", default_value = "200")]
    replicates: u32,
    /// Sound evidences given a whole verdict
    #[arg(long, value_name = "N", default_value = "50")]
    verdicts: u32,
    /// Evidences of every planted flaw
    #[arg(long, value_name = "N", default_value = "3")]
    flawed: u32,
    /// The seed from which all of them derive
    #[arg(long, value_name = "SEED", default_value = "1")]
    seed: u64,
    /// The table as JSON
    #[arg(long)]
    json: bool,
    /// Write the table as a picture too
    #[arg(long, value_name = "FILE.png")]
    picture: Option<PathBuf>,
}

impl SelftestArgs {
    /// Runs the self-test and prints its table.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        output.remark("testing the tests; this takes a minute or so");
        let result = selftest(SelfTestOptions {
            null_replicates: self.replicates,
            null_verdicts: self.verdicts,
            flawed_replicates: self.flawed,
            seed: self.seed,
        });
        let text = if self.json {
            serde_json::to_string_pretty(&result)? + "\n"
        } else {
            table(&result)
        };
        output.print(&text)?;
        if let Some(path) = &self.picture
            && let Some(png) = report::selftest_png(&result)?
        {
            report::write_atomically(path, &png)?;
            output.remark(&format!("picture: {}", path.display()));
        }
        Ok(if result.passes() {
            exit::OK
        } else {
            exit::UNSOUND
        })
    }
}

/// Columns of the bar that shows a share.
const BAR: f64 = 20.0;

fn table(result: &SelfTest) -> String {
    let mut text = String::new();
    let mut line = |args: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{args}");
    };
    line(format_args!(
        "Size: how often a test gives p <= alpha on sound streams"
    ));
    line(format_args!(
        "  {:<28} {:>6} {:>9} {:>8}  {:<19}  holds",
        "test", "alpha", "p-values", "rate", "95 % interval"
    ));
    for row in &result.size {
        let rate = row.alarms as f64 / (row.trials.max(1)) as f64;
        line(format_args!(
            "  {:<28} {:>6} {:>9} {:>8.4}  {:.4} to {:.4}     {}",
            row.test,
            row.alpha,
            row.trials,
            rate,
            row.interval.0,
            row.interval.1,
            if row.holds { "yes" } else { "NO" }
        ));
    }
    let (verdicts, alarms) = result.null_verdicts;
    line(format_args!(
        "\nWhole verdicts on sound streams: {verdicts}, of which {alarms} not sound"
    ));
    line(format_args!(
        "\nPower: how often a planted flaw is caught by a finding it must lead to"
    ));
    for row in &result.power {
        let share = row.caught as f64 / (row.trials.max(1)) as f64;
        let filled = "#".repeat((share * BAR).round() as usize);
        line(format_args!(
            "  {:<34} {filled:<20} {:>2}/{:<2} in {:>7} KiB  {}",
            row.flaw,
            row.caught,
            row.trials,
            row.bytes.div_ceil(1024),
            row.findings.join(" ")
        ));
    }
    line(format_args!(
        "\n{}",
        if result.passes() {
            "Every test holds its size, no sound stream was accused, every flaw was caught."
        } else {
            "NOT as it should be: see the rows above."
        }
    ));
    text
}

//! `seedbench selftest`: does every test keep its false-alarm rate, is every planted flaw caught?

mod zoo;

use std::{
    fmt::Write,
    path::PathBuf,
    time::{Instant, SystemTime},
};

use self::zoo::ZooArgs;
use super::{Output, exit};
use crate::{
    record::provenance,
    report::{self, sizes::SizeRun},
    selftest::{ALPHAS, Refusals, SelfTest, SelfTestOptions, SizeTable, refusals, selftest},
};

/// Check the checker: false-alarm rates on sound streams, power on planted flaws
#[derive(clap::Args, Debug)]
pub struct SelftestArgs {
    /// Sound evidences of every shape given to all joins and tests (default: 200); with `--zoo`, how
    /// often every program is judged at every shape in one to four runs (default: 1)
    #[arg(long, value_name = "N")]
    replicates: Option<u32>,
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
    /// Write the sizes in full, with date, seed, command and machine
    #[arg(long, value_name = "FILE.md")]
    record: Option<PathBuf>,

    /// Count instead how often sound words are refused the name of raw words
    #[arg(long, conflicts_with_all = ["verdicts", "flawed", "json", "picture", "record"])]
    gate: bool,

    #[command(flatten)]
    zoo: ZooArgs,
}

/// Sound evidences of every shape, where no number is given.
const REPLICATES: u32 = 200;

impl SelftestArgs {
    /// Runs the self-test and prints its table.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        if self.zoo.is_asked_for() {
            return self.zoo.run(self.replicates.unwrap_or(1), output);
        }
        if self.gate {
            output.print(&refused(&refusals(
                self.replicates.unwrap_or(REPLICATES),
                self.seed,
            )))?;
            return Ok(exit::OK);
        }
        output.remark("testing the tests; with the default numbers this takes a minute or so");
        let options = SelfTestOptions {
            null_replicates: self.replicates.unwrap_or(REPLICATES),
            null_verdicts: self.verdicts,
            flawed_replicates: self.flawed,
            seed: self.seed,
        };
        let (began, clock) = (SystemTime::now(), Instant::now());
        let result = selftest(options, &mut |what| output.detail(what));
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
        if let Some(path) = &self.record {
            let text = report::sizes::render(
                &result.size,
                &SizeRun {
                    command: &self.command(),
                    seed: self.seed,
                    began,
                    took: clock.elapsed(),
                    machine: &provenance::machine(),
                },
            );
            report::write_atomically(path, text.as_bytes())?;
            output.remark(&format!("sizes: {}", path.display()));
        }
        Ok(if result.passes() {
            exit::OK
        } else {
            exit::UNSOUND
        })
    }
}

impl SelftestArgs {
    /// The command that makes the same record again.
    fn command(&self) -> String {
        format!(
            "seedbench selftest --replicates {} --verdicts {} --flawed {} --seed {} --record reports/size.md",
            self.replicates.unwrap_or(REPLICATES),
            self.verdicts,
            self.flawed,
            self.seed
        )
    }
}

/// How often sound words are refused, as a table.
fn refused(rows: &[Refusals]) -> String {
    let mut text =
        String::from("| sound words | refused | of | share | 95 % |\n|---|---|---|---|---|\n");
    for row in rows {
        let percent = |share: f64| format!("{:.3} %", 100.0 * share);
        let (low, high) = row.interval;
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} to {} |",
            row.shape,
            row.refused,
            row.of,
            percent(row.refused as f64 / row.of.max(1) as f64),
            percent(low),
            percent(high)
        );
    }
    text
}

/// Columns of the bar that shows a share.
const BAR: f64 = 20.0;

fn table(result: &SelfTest) -> String {
    let mut text = String::new();
    let mut line = |args: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{args}");
    };
    sizes(&result.size, &mut line);
    let (verdicts, alarms) = result.null_verdicts;
    let planted = result.power.iter().any(|row| row.trials > 0);
    if verdicts > 0 {
        line(format_args!(
            "\nWhole verdicts on sound streams: {verdicts}, of which {alarms} not sound"
        ));
    }
    if planted {
        line(format_args!(
            "\nPower: how often a planted flaw is caught by a finding it must lead to"
        ));
    }
    for row in result.power.iter().filter(|row| row.trials > 0) {
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
    if result.passes() {
        let accused = if verdicts > 0 {
            ", no sound stream was accused"
        } else {
            ""
        };
        let caught = if planted {
            ", every flaw was caught"
        } else {
            ""
        };
        line(format_args!(
            "\nEvery test holds its size{accused}{caught}."
        ));
    } else {
        line(format_args!("\nNOT as it should be: see the rows above."));
    }
    text
}

/// One line a test: at every level the p-value nearest to failing, of all shapes.
fn sizes(table: &SizeTable, line: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
    line(format_args!(
        "Size: how often p <= alpha on sound evidence, of each test's p-values the one nearest to failing"
    ));
    let alphas: String = ALPHAS.iter().map(|alpha| format!("{alpha:>9}")).collect();
    line(format_args!("  {:<28}{alphas}  holds", "test"));
    for levels in table.nearest() {
        let (_, row, _) = levels[0];
        let shares: String = levels
            .iter()
            .map(|(shape, _, level)| {
                let share = level.alarms as f64 / shape.replicates.max(1) as f64;
                format!("{share:>9.5}")
            })
            .collect();
        let holds = levels.iter().all(|(.., level)| level.holds);
        line(format_args!(
            "  {:<28}{shares}  {}",
            row.test.unwrap_or("all tests together"),
            if holds { "yes" } else { "NO" }
        ));
    }
    for test in &table.untested {
        line(format_args!("  {test:<28} gave no p-values: NOT tested"));
    }
    let (replicates, matches) = table.shapes.iter().fold((0, 0), |(all, found), shape| {
        (all + shape.replicates, found + shape.chance_matches)
    });
    line(format_args!(
        "\nJoins on the same evidence: {matches} of {replicates} met by chance"
    ));
}

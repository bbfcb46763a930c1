//! The sizes of all tests in Markdown, as a long run is recorded.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{evidence, numbers};
use crate::record::Machine;
use crate::selftest::{ALPHAS, ShapeSizes, SizeLevel, SizeRow, SizeTable, Statistic};

/// The run that is recorded.
#[derive(Clone, Copy, Debug)]
pub struct SizeRun<'a> {
    /// What was run.
    pub command: &'a str,
    /// The seed of all evidence.
    pub seed: u64,
    /// When it began.
    pub began: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// Where.
    pub machine: &'a Machine,
}

/// The record: what was run and where, one line a test, then every p-value on every shape.
pub fn render(table: &SizeTable, run: &SizeRun<'_>) -> String {
    let mut text = String::new();
    head(&mut text, table, run);
    summary(&mut text, table);
    for shape in &table.shapes {
        section(&mut text, shape);
    }
    text
}

fn head(text: &mut String, table: &SizeTable, run: &SizeRun<'_>) {
    let unix_ns = run
        .began
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64);
    let replicates: u64 = table.shapes.iter().map(|shape| shape.replicates).sum();
    let p_values: u64 = own(table).map(|row| row.given).sum();
    let matches: u64 = table.shapes.iter().map(|shape| shape.chance_matches).sum();
    let budget: f64 = table
        .shapes
        .iter()
        .map(|shape| shape.chance * shape.replicates as f64)
        .sum();
    let _ = writeln!(
        text,
        "# Sizes: P(p ≤ α) on sound evidence\n\n\
         Made by\n\n    {}\n\n\
         | | |\n|---|---|\n\
         | result | **{}** |\n\
         | begun | {} |\n\
         | took | {:.0} minutes |\n\
         | seed | {} |\n\
         | machine | {}, {}, {} cores |\n\
         | versions | seedbench {}, {} |\n\
         | sound evidences | {} |\n\
         | p-values of tests | {} |\n\
         | evidences on which a join met by chance | {matches}; expected at most {} |\n",
        run.command,
        if table.holds() {
            "every test holds its size"
        } else {
            "NOT every test was seen to hold its size"
        },
        numbers::moment(unix_ns),
        run.took.as_secs_f64() / 60.0,
        run.seed,
        run.machine.platform,
        run.machine.cpu.as_deref().unwrap_or("unknown processor"),
        run.machine.cores,
        run.machine.seedbench,
        run.machine.rustc,
        numbers::count(replicates),
        numbers::count(p_values),
        numbers::probability(budget),
    );
    let _ = writeln!(
        text,
        "A cell says on how many evidences p ≤ α, and in brackets the upper end of the Clopper–Pearson \
         interval of P(p ≤ α). A cell fails where the lower end is above α. Each end has a risk of \
         {:.1e}, so that the whole table fails by chance with a probability of at most {:.0e}, however \
         its cells depend on each other. Where there was no p-value there was nothing to alarm: shares \
         are of all evidences. Besides every p-value, the least of each test's (times their number) is \
         a row, and so is the least of all tests' (times the family), on which a verdict rests. The \
         control of a p-value is taken only where that is small, by most tests.",
        table.risk,
        table.risk
            * (table.shapes.iter().flat_map(|shape| &shape.rows).count() * ALPHAS.len()) as f64,
    );
}

/// The rows that are a test's own p-values.
fn own(table: &SizeTable) -> impl Iterator<Item = &SizeRow> {
    table
        .shapes
        .iter()
        .flat_map(|shape| &shape.rows)
        .filter(|row| row.statistic == Statistic::Own)
}

fn columns(text: &mut String, first: &[&str]) {
    let names = first.iter().map(|name| (*name).to_owned());
    let alphas = ALPHAS.iter().map(|alpha| format!("α = {alpha}"));
    let names: Vec<String> = names.chain(alphas).collect();
    let _ = writeln!(text, "| {} |", names.join(" | "));
    let _ = writeln!(text, "|{}", "---|".repeat(names.len()));
}

fn summary(text: &mut String, table: &SizeTable) {
    text.push_str("\n## Of every test, the p-values nearest to failing\n\n");
    columns(text, &["test"]);
    for levels in table.nearest() {
        let cells: Vec<String> = levels.iter().map(|(.., level)| cell(level)).collect();
        let (_, row, _) = levels[0];
        let _ = writeln!(text, "| {} | {} |", name(row), cells.join(" | "));
    }
    for test in &table.untested {
        let _ = writeln!(text, "\n**{test} gave no p-values: it was not tested.**");
    }
}

fn section(text: &mut String, shape: &ShapeSizes) {
    let _ = writeln!(
        text,
        "\n## {}\n\n{} evidences (runs × streams × elements); joins met by chance on {}, bound {} each.\n",
        shape.shape,
        numbers::count(shape.replicates),
        shape.chance_matches,
        numbers::probability(shape.chance),
    );
    columns(text, &["test", "p-value", "given"]);
    for row in &shape.rows {
        let cells: Vec<String> = row.levels.iter().map(cell).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            name(row),
            what(row),
            row.given,
            cells.join(" | ")
        );
    }
}

fn name(row: &SizeRow) -> &str {
    row.test.unwrap_or("all tests together")
}

fn what(row: &SizeRow) -> String {
    let view = row.view.as_ref().map(evidence::view);
    match (row.statistic, view) {
        (Statistic::Control, Some(view)) => format!("{view}: control"),
        (_, Some(view)) => view,
        _ => "the least".into(),
    }
}

fn cell(level: &SizeLevel) -> String {
    let high = level.interval.1;
    let high = if high >= 0.01 {
        format!("{high:.4}")
    } else {
        format!("{high:.1e}")
    };
    let mark = if level.holds { "" } else { " **fails**" };
    format!("{} ({high}){mark}", level.alarms)
}

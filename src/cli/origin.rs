//! `seedbench origin`: the note this project grew from, its tables beside ours.

use std::fmt::Write;

use super::{Failure, Output, execute, exit, generate::fresh_root};
use crate::{
    advise::Language,
    harness::{Effort, ForkBackend, LaunchError, throughput::StrategyCost},
    origin::{self, Origin, Snippet, note},
    report::{numbers, text::wrap},
    strategies::NUMPY_FORK_TODAY,
    vocabulary::RootSeed,
};

/// The operating system's generator, asked for every draw.
const SYSTEM: &str = "os-random/getrandom";
/// What numpy offers for it.
const ANSWER: &str = "seed-sequence/pcg64";

/// Reproduce the note this project grew from: its five snippets, its tables beside ours
#[derive(clap::Args, Debug)]
pub struct OriginArgs {
    /// The root that stands for the state numpy drew at import; from the operating system if not given
    #[arg(long, value_name = "SEED", env = "SEEDBENCH_ROOT")]
    root: Option<RootSeed>,
}

impl OriginArgs {
    /// Runs the snippets on forked workers and prints the tables.
    ///
    /// # Errors
    /// When workers cannot be forked here.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let root = match self.root {
            Some(root) => root,
            None => fresh_root()?,
        };
        let fork = ForkBackend::with_helper(super::host::image()?);
        let origin = origin::reproduce(&fork, root).map_err(|error| match error {
            LaunchError::Unsupported(unsupported) => Failure::with_code(
                exit::CELL_FAILED,
                format!("the note needs forked workers: {unsupported}"),
            ),
            error => anyhow::Error::new(error),
        })?;
        let ids = [SYSTEM, "spawn-key/mt19937", ANSWER].map(str::to_owned);
        let costs = execute::costs_of(&ids, Effort::QUICK, output)?;
        let width = output.text().width;
        output.print(&narrowed(&render(&origin), width))?;
        output.print(&answer(&costs, width))?;
        Ok(if agrees(&origin) {
            exit::OK
        } else {
            exit::UNSOUND
        })
    }
}

/// Whether every figure that the note prints came out as printed.
fn agrees(origin: &Origin) -> bool {
    let multiplicities: Vec<u64> = origin.inherited.counter().iter().map(|row| row.1).collect();
    let ordinals = note::ORDINALS.iter().all(|(_, value, times)| {
        origin
            .ordinals
            .counter()
            .iter()
            .any(|(ours, count)| ours.to_bits() == value.to_bits() && count == times)
    });
    multiplicities == note::INHERITED
        && ordinals
        && origin.ordinals.distinct() == note::ORDINALS.len()
        && origin.fixed[0].values == origin.fixed[1].values
}

fn render(origin: &Origin) -> String {
    let mut text = String::new();
    let mut line = |args: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{args}");
    };
    line(format_args!(
        "The note's pool: {} forked workers, chunks of ceil(tasks / 32) tasks. Root {}.",
        note::WORKERS,
        origin.root
    ));

    let inherited = &origin.inherited;
    line(format_args!(
        "\n1. Not safe: the state that every forked worker inherits"
    ));
    line(format_args!("   {}", cost(inherited)));
    line(format_args!(
        "   how often each value came back   the note   here"
    ));
    for (times, count) in grouped(&note::INHERITED) {
        let here = inherited
            .counter()
            .iter()
            .filter(|row| row.1 == times)
            .count();
        line(format_args!(
            "   {times} times                          {count:>8}   {here:>4}"
        ));
    }
    line(format_args!(
        "   {} distinct values out of {} draws: every worker walks the same sequence, and a value comes \
         back as often as there are workers that got that far.",
        inherited.distinct(),
        inherited.values.len()
    ));

    let ordinals = &origin.ordinals;
    line(format_args!(
        "\n2. Not safe: the worker's ordinal as the seed"
    ));
    line(format_args!("   {}", cost(ordinals)));
    line(format_args!(
        "   seed  first rand(), the note   times    first rand(), here     times"
    ));
    let table = ordinals.counter();
    for (seed, value, times) in note::ORDINALS {
        let ours = ordinals
            .sites
            .iter()
            .zip(&ordinals.values)
            .find(|(site, _)| site.worker_ordinal == seed)
            .map(|(_, ours)| *ours);
        let count = ours
            .and_then(|ours| table.iter().find(|row| row.0 == ours))
            .map(|row| row.1);
        line(format_args!(
            "   {seed}   {value:<22} {times:>5}    {:<22} {:>5}",
            ours.map_or("-".into(), |ours| ours.to_string()),
            count.map_or("-".into(), |count| count.to_string()),
        ));
    }
    line(format_args!(
        "   {} distinct values out of {} draws, the same in every run: an ordinal is not entropy.",
        ordinals.distinct(),
        ordinals.values.len()
    ));

    let [first, second] = &origin.fixed;
    line(format_args!("\n3. A fixed seed for each task"));
    line(format_args!("   {}", cost(first)));
    line(format_args!(
        "   {} distinct values out of {}; the second run {} the first.",
        first.distinct(),
        first.values.len(),
        if first.values == second.values {
            "repeats"
        } else {
            "differs from"
        }
    ));

    line(format_args!(
        "\n4. Safe but slow: the operating system's generator for every draw"
    ));
    line(format_args!("   {}", cost(&origin.system)));
    line(format_args!(
        "   {} distinct values out of {}.",
        origin.system.distinct(),
        origin.system.values.len()
    ));

    line(format_args!(
        "\n5. The workaround: one byte of os.urandom as the seed"
    ));
    line(format_args!("   {}", cost(&origin.one_byte)));
    line(format_args!(
        "   {} distinct values out of {} here; two of {} tasks share a stream with probability {:.1} %.",
        origin.one_byte.distinct(),
        origin.one_byte.values.len(),
        note::SMALL_TASKS,
        100.0 * origin.one_byte_collision
    ));
    line(format_args!(
        "   Executed as it is written, once, before the fork: {} out of {}.",
        numbers::counted(
            origin.one_byte_before_fork.distinct() as u64,
            "distinct value"
        ),
        origin.one_byte_before_fork.values.len()
    ));

    line(format_args!(
        "\nThe open question: is there a salt? One root a run, a keyed derivation a task"
    ));
    line(format_args!("   {}", cost(&origin.spawn_key)));
    line(format_args!(
        "   {} distinct values out of {}; `seedbench run` measures it, `seedbench explain spawn-key/mt19937` \
         shows it.",
        origin.spawn_key.distinct(),
        origin.spawn_key.values.len()
    ));
    if !agrees(origin) {
        line(format_args!(
            "\nThese tables are NOT the note's: something is broken."
        ));
    }
    text
}

/// The text with lines that are too long for the terminal broken, as far in as they begin.
fn narrowed(text: &str, width: usize) -> String {
    let mut narrow = String::new();
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        match line.chars().count() > width {
            true => narrow.push_str(&wrap(line, indent, indent, width)),
            false => {
                narrow.push_str(line);
                narrow.push('\n');
            }
        }
    }
    narrow
}

/// What to use, what it costs beside the system's generator, and how it is written in Python.
fn answer(costs: &[StrategyCost], width: usize) -> String {
    let word = |id: &str| {
        costs
            .iter()
            .find(|cost| cost.id == id)
            .map(|cost| cost.draw.median)
    };
    let mut text = wrap(
        &format!("\nWhen the first snippet is unsound today. {NUMPY_FORK_TODAY}"),
        "",
        "  ",
        width,
    );
    text.insert(0, '\n');
    text.push_str("\nWhat a draw costs here, once workers run:\n");
    for cost in costs {
        let _ = write!(
            text,
            "   {:<22} {:>7.2} ns a word",
            cost.id, cost.draw.median
        );
        match word(SYSTEM) {
            Some(system) if cost.id != SYSTEM => {
                let _ = writeln!(text, ", 1/{:.0} of the system's", system / cost.draw.median);
            }
            _ => text.push('\n'),
        }
    }
    let _ = writeln!(text, "\nSo, in Python, use {ANSWER}:\n");
    let recipes = Language::Python.recipes();
    for recipe in recipes.iter().filter(|recipe| recipe.strategy == ANSWER) {
        for line in recipe.program().lines() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
    }
    text
}

fn cost(snippet: &Snippet) -> String {
    format!(
        "{}: {} tasks in {:.2} ms, {:.2} ms to start the workers",
        snippet.strategy,
        snippet.values.len(),
        snippet.costs.collect_ns as f64 / 1e6,
        snippet.costs.launch_ns as f64 / 1e6
    )
}

/// Equal neighbours counted: (value, how many).
fn grouped(times: &[u64]) -> Vec<(u64, usize)> {
    times
        .chunk_by(|a, b| a == b)
        .map(|group| (group[0], group.len()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_where_they_begin() {
        assert_eq!(
            narrowed("a\n   one two three\n", 10),
            "a\n   one two\n   three\n"
        );
    }
}

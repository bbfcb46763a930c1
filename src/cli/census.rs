//! `seedbench census`: how much entropy is in a strategy's seeds, counted.

use std::{fmt::Write, num::NonZeroU32};

use super::{Failure, Output, exit, generate::fresh_root, run::select};
use crate::{
    census::{Census, Unit, census},
    harness::LaunchError,
    report::{numbers, text::wrap},
    strategies,
    vocabulary::RootSeed,
};

/// Count the different streams that very many independent seeds of a strategy start
///
/// The unit is one independent draw of seed entropy: a task, a worker or a root, as the rule has it.
/// Where nothing collides only a lower bound can be had: 2^20 units certify 37 bits, never 64.
#[derive(clap::Args, Debug)]
pub struct CensusArgs {
    /// Strategies, as `seedbench list` names them; `*` at an end matches anything
    #[arg(required = true, value_name = "STRATEGY")]
    strategies: Vec<String>,
    /// How many independent seeds are drawn
    #[arg(long, value_name = "N", default_value = "1048576")]
    units: NonZeroU32,
    /// The root that per-run roots derive from; from the operating system if not given
    #[arg(long, value_name = "SEED", env = "SEEDBENCH_ROOT")]
    root: Option<RootSeed>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl CensusArgs {
    /// Takes the census of each strategy.
    ///
    /// # Errors
    /// When a strategy is unknown or cannot start so many streams.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let root = match self.root {
            Some(root) => root,
            None => fresh_root()?,
        };
        let mut counted: Vec<(String, Census)> = Vec::new();
        for id in select(&self.strategies)? {
            let strategy = strategies::find(&id).expect("selected from the catalogue");
            let census = census(strategy, self.units, root).map_err(|error| match error {
                LaunchError::Unsupported(unsupported) => {
                    Failure::with_code(exit::CELL_FAILED, format!("{id}: {unsupported}"))
                }
                error => anyhow::Error::new(error),
            })?;
            counted.push((id, census));
        }
        let agrees = counted
            .iter()
            .all(|(_, census)| census.entropy.is_none_or(|entropy| entropy.agrees));
        let text = if self.json {
            let by_id: std::collections::BTreeMap<_, _> = counted.into_iter().collect();
            serde_json::to_string_pretty(&by_id)? + "\n"
        } else {
            table(&counted, output.text().width)
        };
        output.print(&text)?;
        Ok(if agrees { exit::OK } else { exit::UNSOUND })
    }
}

/// The columns beside the strategy's name.
const COLUMNS: [&str; 6] = [
    "drawn",
    "different",
    "worth",
    "bits (95 %)",
    "declared",
    "agrees",
];

/// One line a strategy where there is room, else its name and its figures below.
fn table(counted: &[(String, Census)], width: usize) -> String {
    let rows: Vec<(&str, [String; 6])> = counted
        .iter()
        .map(|(id, census)| (id.as_str(), figures(census)))
        .collect();
    let widest = rows
        .iter()
        .map(|(id, _)| id.len())
        .max()
        .unwrap_or(0)
        .max("strategy".len());
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let figures = rows
            .iter()
            .map(|(_, figures)| figures[column].chars().count());
        figures.max().unwrap_or(0).max(COLUMNS[column].len())
    });
    let line = |figures: [&str; 6]| -> String {
        figures
            .iter()
            .zip(widths)
            .map(|(figure, width)| format!("  {figure:>width$}"))
            .collect()
    };
    let beside = widest + widths.iter().map(|width| width + 2).sum::<usize>() <= width;
    let mut text = String::new();
    // Writing to a String cannot fail.
    let (name, before) = if beside {
        ("strategy", widest)
    } else {
        ("", 0)
    };
    let _ = writeln!(text, "{name:before$}{}", line(COLUMNS));
    for (id, figures) in &rows {
        let figures = line(std::array::from_fn(|column| figures[column].as_str()));
        let _ = match beside {
            true => writeln!(text, "{id:widest$}{figures}"),
            false => writeln!(text, "{id}\n{figures}"),
        };
    }
    text.push('\n');
    for line in [
        "worth: how many streams drawn independently they are worth. bits: how large the space of seeds is, by how \
         many met; where none did, only a lower bound can be had.",
        "agrees: whether the declared bits lie in that interval; `no` ends with exit code 10.",
    ] {
        text.push_str(&wrap(line, "", "  ", width));
    }
    text
}

fn figures(census: &Census) -> [String; 6] {
    let unit = match census.unit {
        Unit::Task => "tasks",
        Unit::Worker => "workers",
        Unit::Run => "roots",
    };
    let (bits, declared, agrees) = match census.entropy {
        None => ("no entropy".to_owned(), "-".to_owned(), "-"),
        Some(entropy) => {
            let low = entropy
                .at_least_bits
                .map_or("?".to_owned(), |bits| format!("{bits:.1}"));
            let bits = match entropy.at_most_bits {
                Some(high) => format!("{low} to {high:.1}"),
                None => format!("at least {low}"),
            };
            let agrees = if entropy.agrees { "yes" } else { "no" };
            (bits, format!("{:.0}", entropy.declared_bits), agrees)
        }
    };
    [
        format!("{} {unit}", numbers::count(census.units)),
        numbers::count(census.distinct),
        numbers::worth(census.effective_streams),
        bits,
        declared,
        agrees.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_the_terminal_at_most() {
        let strategy = strategies::find("os-reseed-1-byte/mt19937").unwrap();
        let counted = census(
            strategy,
            NonZeroU32::new(2_000).unwrap(),
            RootSeed::from_u64(1),
        )
        .unwrap();
        // Of 256 seeds one or two may not come at all.
        let different = numbers::count(counted.distinct);
        let counted = [("os-reseed-1-byte/mt19937".to_owned(), counted)];
        for width in [70, 100] {
            let text = table(&counted, width);
            assert!(
                text.lines().all(|line| line.chars().count() <= width),
                "{text}"
            );
            assert!(
                text.contains("2,000 tasks") && text.contains(&different),
                "{text}"
            );
        }
    }
}

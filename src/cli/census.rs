//! `seedbench census`: how much entropy is in a strategy's seeds, counted.

use std::{fmt::Write, num::NonZeroU32};

use super::{Failure, Output, exit, generate::fresh_root, run::select};
use crate::{
    census::{Census, Unit, census},
    harness::LaunchError,
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
            table(&counted)
        };
        output.print(&text)?;
        Ok(if agrees { exit::OK } else { exit::UNSOUND })
    }
}

fn table(counted: &[(String, Census)]) -> String {
    let mut text = format!(
        "{:<34} {:>9} {:<7} {:>9} {:>9}  {:>17}  {:>8} {:>8}\n",
        "strategy", "drawn", "", "different", "worth", "bits (95 %)", "declared", "agrees"
    );
    for (id, census) in counted {
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
                let agrees = if entropy.agrees { "yes" } else { "NO" };
                (bits, format!("{:.0}", entropy.declared_bits), agrees)
            }
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{id:<34} {:>9} {unit:<7} {:>9} {:>9.1}  {bits:>17}  {declared:>8} {agrees:>8}",
            census.units, census.distinct, census.effective_streams
        );
    }
    text
}

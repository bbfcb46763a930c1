//! The probability that a whole check of unchanged seeding goes red.
//!
//! Two things can turn it red by chance, and the union bound adds them up over all rows. A *sound* row
//! is convicted with at most the probability that its judgement states: the family of the procedure
//! is every p-value of every row of the check, fixed before data (see [`crate::verdict::procedure`]).
//! A row *known to be broken* may escape: seeds of b bits, drawn independently for S streams, do not
//! meet with probability ∏ (1 − i / 2^b). It counts where the row is decidable, since below that
//! size escaping is not held against it. Whatever else a check compares is no matter of chance.

use crate::{
    math,
    record::{CellOutcome, CellReport, Report},
    strategies::{self, Claim, SeedSpace},
};

/// The chance to escape at which a narrow seed is claimed to be caught, with room for rounding.
const CLAIMED: f64 = 2e-9;

/// An upper bound on the probability that a check of unchanged seeding goes red.
pub fn false_alarm(report: &Report) -> f64 {
    report.cells.iter().map(row).sum::<f64>().min(1.0)
}

fn row(cell: &CellReport) -> f64 {
    let CellOutcome::Judged(result) = &cell.outcome else {
        return 0.0;
    };
    let words = words_planned(cell);
    result.judgement.false_alarm + escape(cell, result.judgement.streams, words)
}

/// Words of every stream that the row's analysis could read.
fn words_planned(cell: &CellReport) -> u64 {
    match &cell.outcome {
        CellOutcome::Judged(result) => {
            let analysis = &result.analysis;
            let planned = analysis.levels.last().copied();
            planned.unwrap_or(analysis.words_per_stream)
        }
        CellOutcome::Unsupported { .. } | CellOutcome::Failed { .. } => 0,
    }
}

/// The probability that a strategy declared broken shows nothing although it must.
fn escape(cell: &CellReport, streams: u64, words: u64) -> f64 {
    let Some((spec, backend)) = strategies::find(&cell.id)
        .map(|strategy| strategy.spec())
        .zip(cell.backend)
    else {
        return 0.0;
    };
    match (strategies::claim(spec, backend), spec.seed_space) {
        (Claim::Broken(flaw), SeedSpace::Random { bits })
            if streams >= u64::from(flaw.from_streams) && words >= u64::from(flaw.from_words) =>
        {
            // A flaw that rests on seeds that meet is claimed from the size on at which they do; any
            // other is one of construction, and shows however the seeds fall.
            let rests_on_chance =
                math::ln_no_collision(f64::from(flaw.from_streams), bits) <= CLAIMED.ln();
            if rests_on_chance {
                math::ln_no_collision(streams as f64, bits).exp()
            } else {
                0.0
            }
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::BackendKind;

    fn cell(id: &str) -> CellReport {
        CellReport {
            id: id.into(),
            backend: Some(BackendKind::Sites),
            outcome: CellOutcome::Failed {
                error: "not asked".into(),
            },
        }
    }

    #[test]
    fn one_byte_escapes_as_the_birthday_law_says_and_only_where_it_is_decidable() {
        let at_97 = escape(&cell("os-reseed-1-byte/mt19937"), 97, 4096);
        let product: f64 = (0..97).map(|i| 1.0 - f64::from(i) / 256.0).product();
        assert!(
            (at_97 / product - 1.0).abs() < 1e-9 && at_97 <= 1e-9,
            "{at_97}"
        );
        assert_eq!(escape(&cell("os-reseed-1-byte/mt19937"), 96, 4096), 0.0);
        assert_eq!(escape(&cell("shared-state/mt19937"), 97, 4096), 0.0);
        assert_eq!(escape(&cell("spawn-key/chacha20"), 97, 4096), 0.0);
        assert_eq!(escape(&cell("a program"), 97, 4096), 0.0);
    }
}

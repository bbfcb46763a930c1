//! How far each strategy carries, by its law and by what was measured.

use crate::{
    horizon::{self, Ends, Limit, Starts},
    plan::Plan,
    record::{CellOutcome, CellReport, StrategyHorizon},
    strategies::{self, SeedSpace},
    verdict::{Attribution, Severity},
    vocabulary::RunGroup,
};

/// Words that a stream is taken to draw where horizons are drawn.
const HORIZON_WORDS: f64 = 1e9;

/// How far each strategy carries, by its law or by what was measured, whichever ends it first.
pub(super) fn horizons(plan: &Plan, cells: &[CellReport]) -> Vec<StrategyHorizon> {
    plan.strategies
        .iter()
        .filter_map(|id| strategies::find(id))
        .map(|strategy| StrategyHorizon {
            id: strategy.spec().id.to_owned(),
            words: HORIZON_WORDS,
            limits: {
                let id = strategy.spec().id;
                let of_law = horizon::horizon(
                    &Starts::of(strategy.spec()),
                    f64::from(plan.tasks),
                    HORIZON_WORDS,
                );
                cells
                    .iter()
                    .filter(|cell| cell.id == id)
                    .filter_map(measured)
                    .fold(of_law, earlier)
            },
        })
        .collect()
}

/// Of two horizons, what ends first at each risk.
fn earlier(a: Vec<Limit>, b: Vec<Limit>) -> Vec<Limit> {
    let first = |(a, b): (Limit, Limit)| if b.streams < a.streams { b } else { a };
    a.into_iter().zip(b).map(first).collect()
}

/// The horizon that a refuted row shows; `None` where nothing of its seeding was refuted.
fn measured(cell: &CellReport) -> Option<Vec<Limit>> {
    let CellOutcome::Judged(result) = &cell.outcome else {
        return None;
    };
    let refuted = result.judgement.findings.iter().any(|finding| {
        finding.severity == Severity::Error && finding.attribution != Attribution::Generator
    });
    if !refuted {
        return None;
    }
    let all = |ends| {
        let limit = |risk| Limit {
            risk,
            streams: 1.0,
            ends,
        };
        Some(horizon::RISKS.map(limit).to_vec())
    };
    let fresh = result
        .analysis
        .equality
        .iter()
        .find(|equality| equality.group == RunGroup::Fresh);
    match fresh {
        Some(equality) if !equality.repeated_runs.is_empty() => all(Ends::RunsRepeat),
        Some(equality) if equality.pairs() > 0 => {
            // As many pairs would be equal of seeds drawn from so many.
            let streams = equality.fresh_streams as f64;
            let bits = (streams * (streams - 1.0) / 2.0 / equality.pairs() as f64).log2();
            let starts = Starts {
                space: SeedSpace::Random { bits },
                cycle_bits: None,
            };
            let mut limits = horizon::horizon(&starts, streams, HORIZON_WORDS);
            for limit in &mut limits {
                limit.ends = Ends::StreamsEqual;
            }
            Some(limits)
        }
        _ => all(Ends::StreamsRelated),
    }
}

//! Less rank than the generator's own state: that is the seeding's.
//!
//! Words of a linear generator with k bits of state lie in a space of k dimensions, whatever its seeds, and so
//! do the words of the same streams moved against each other. Where those span k dimensions, R streams with
//! independent states have at equal places a rank below min(R, k) − d with a probability that is bounded as of
//! a random matrix of R × k bits. It is asked where they span as much as a linear generator in use has of state;
//! the space may be larger than what the moved streams span, which makes the
//! probability smaller. Seeds that a weak initialisation maps into a part of the state lack more.

use super::{
    control::{Rank, is_linear_state},
    matrices::RowKind,
};
use crate::{
    math::{Tails, rank_deficiency_ln_upper},
    results::{TestResult, TestSpec, View},
    statistics::places::{Spot, plain},
    vocabulary::PValue,
};

/// Rows of the moved streams beyond what they span: with fewer it is not known that they span it all.
const SPARE: f64 = 24.0;

/// The place at which aligned streams lack most of what moved ones span, if any lacks anything.
pub(super) fn below_state(
    spec: &TestSpec,
    own: &[Rank],
    controls: &[Vec<Rank>],
) -> Option<TestResult> {
    let spots: Vec<Spot> = own
        .iter()
        .filter_map(|rank| against(rank, controls))
        .collect();
    let lacking = spots.iter().any(|spot| spot.tails.ln_two_sided() < 0.0);
    let mut results = if lacking {
        plain(spec, spots)
    } else {
        Vec::new()
    };
    for result in &mut results {
        // Moved streams have the rank that is expected.
        result.control = PValue::upper_only(1.0).ok();
    }
    results.pop()
}

/// A rank held against that of moved streams; `None` where those do not span a space that is seen to end.
fn against(rank: &Rank, controls: &[Vec<Rank>]) -> Option<Spot> {
    let is_rank = |one: &&Rank| one.kind == rank.kind && one.spot.view != View::Combinations;
    // Planes of a generator modulo 2^k are no linear spaces of states.
    if rank.spot.view == View::Combinations || matches!(rank.kind, RowKind::Plane(_)) {
        return None;
    }
    let moved = || controls.iter().flatten().filter(is_rank);
    let state = moved().map(|one| one.spot.statistic).fold(0.0, f64::max);
    let ends = moved().any(|one| one.spot.statistic == state && one.rows as f64 >= state + SPARE);
    if !ends || !is_linear_state(state) {
        return None;
    }
    let (rows, state) = (rank.rows as u64, state as u64);
    let (fewer, more) = (rows.min(state), rows.max(state));
    if (rank.columns as u64) < 2 * fewer {
        return None;
    }
    let lacks = fewer.saturating_sub(rank.spot.statistic as u64);
    Some(Spot::new(
        View::Stacked,
        format!(
            "{}, where the same streams moved against each other span {state} dimensions",
            rank.spot.detail
        ),
        Tails::upper_only(rank_deficiency_ln_upper(fewer, more, lacks)),
        (rank.spot.statistic, fewer as f64),
    ))
}

//! Whose lack of rank it is: what the control of a stacked matrix says of its places.

use super::matrices::RowKind;
use crate::{
    results::{Outcome, TestResult},
    statistics::places::{Spot, worse},
};

/// One rank.
pub(super) struct Rank {
    pub(super) kind: RowKind,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) spot: Spot,
}

/// The control of a place is the worst of all places of its view that imply it, up to four times its rows: a
/// generator with k bits of state has rank k, but at exactly k rows it lacks rank only by luck.
pub(super) fn charge_widely(control: &[Rank], kinds: &[(RowKind, usize)]) -> Vec<Spot> {
    kinds
        .iter()
        .zip(control)
        .map(|(&(kind, rows), own)| {
            control
                .iter()
                .filter(|other| other.spot.view == own.spot.view)
                .filter(|other| other.kind.implies(kind) && other.rows <= 4 * rows)
                .map(|other| &other.spot)
                .min_by(|a, b| a.tails.ln_two_sided().total_cmp(&b.tails.ln_two_sided()))
                .expect("a place implies itself")
                .clone()
        })
        .collect()
}

pub(super) fn worse_rank((one, other): (Rank, Rank)) -> Rank {
    Rank {
        spot: worse((one.spot, other.spot)),
        ..one
    }
}

/// The places whose control has hardly more than their own rows, by their details; those of the control
/// come first and in the same order. There a generator
/// whose state is about as large as the rows are many lacks rank in the case and not in the control,
/// by luck: 256 streams of a 256-bit shift register have rank 255 as often as 256.
pub(super) fn without_wide_control(control: &[Rank], kinds: &[(RowKind, usize)]) -> Vec<String> {
    let own = control.iter().zip(kinds);
    own.filter(|(_, (kind, rows))| {
        let wide =
            |other: &Rank| other.kind == *kind && (2 * rows..=4 * rows).contains(&other.rows);
        !control.iter().any(wide)
    })
    .map(|(own, _)| own.spot.detail.clone())
    .collect()
}

/// Whether a rank is about the size of the state of a linear generator in use.
pub(in crate::statistics) fn is_a_state(result: &TestResult) -> bool {
    matches!(&result.outcome, Outcome::Tested { statistic, .. } if is_linear_state(*statistic))
}

/// Whether so many dimensions are about the state of a linear generator in use.
pub(super) fn is_linear_state(dimensions: f64) -> bool {
    let about = |&bits: &f64| (bits - SHORT_BY..=bits).contains(&dimensions);
    LINEAR_STATES.iter().any(about)
}

/// Bits of state of the linear generators in use: xorshift, LFSR88 and 113, xorwow, xoroshiro and
/// xoshiro, LuaJIT's Tausworthe, WELL, the trinomial registers, MT19937.
const LINEAR_STATES: [f64; 16] = [
    64.0, 88.0, 96.0, 113.0, 128.0, 160.0, 192.0, 223.0, 256.0, 512.0, 521.0, 607.0, 800.0,
    1_024.0, 1_279.0, 19_937.0,
];

/// A random square matrix over GF(2) lacks more than so much rank with probability below 2^-30.
const SHORT_BY: f64 = 5.0;

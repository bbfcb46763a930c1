//! What makes suspect and never convicts by itself: rates, whose laws rest on what was seen.
//!
//! | file | what streams have in common | rests on |
//! |---|---|---|
//! | starts | first values, by run or by index | exact counts; but a run or an index may be told to a program |
//! | in_place | more values at equal places than other pairs | how often two streams meet at a place, and elsewhere; places that depend on one another count as fewer |
//! | meetings | values at any places, in few pairs | all pairs meeting alike |
//! | ranks | which stream is larger at each place | places that are independent after as many as depend |
//! | own_ranks | of few streams, where in its own range each is | what places have in common all pairs have |
//! | frequencies | how often each value comes, where values are few | counts that are exchangeable, and how far those of other pairs agree |
//! | combined | a third stream, made of them | what other streams explain of one another |
//! | common_signal | of all of a run, a signal | what values before do not foretell |
//! | partly_common | a value of a place, of many and not of all | values that come at any place as often as at all |

#[cfg(test)]
mod chance;
mod combined;
mod common_signal;
mod frequencies;
mod in_place;
mod meetings;
mod own_ranks;
mod partly_common;
mod ranks;
mod starts;

pub(super) use combined::combined;
pub(super) use common_signal::common_signal;
pub(super) use frequencies::{as_frequent_as, frequencies};
pub(super) use in_place::in_place;
pub(super) use meetings::{as_often_near, meetings};
pub(super) use own_ranks::correlated;
pub(super) use partly_common::partly_common;
pub(super) use ranks::{as_alike_as, ranks};
pub(super) use starts::starts;

/// What a pattern would take to come about by chance, under its assumptions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rate {
    /// Bits.
    pub bits: f64,
    /// The streams that stand out, by index.
    pub streams: Vec<usize>,
    /// How many values they have in common.
    pub values: u64,
    /// Of how many.
    pub of: u64,
    /// How many pairs hold them.
    pub pairs: u64,
}

impl Rate {
    /// A pair that agrees, or disagrees, at so many places.
    fn of_pair(bits: f64, (a, b): (usize, usize), agreement: f64, of: usize) -> Self {
        Self {
            bits,
            streams: vec![a, b],
            values: (agreement.abs().min(1.0) * 100.0).round() as u64,
            of: of as u64,
            pairs: 1,
        }
    }

    /// The strongest of what so many looks have found, all of which are paid for.
    fn strongest(found: impl Iterator<Item = Self>, looks: usize) -> Option<Self> {
        let most = found.max_by(|x, y| x.bits.total_cmp(&y.bits))?;
        Some(Self {
            bits: most.bits - (looks as f64).log2(),
            ..most
        })
    }
}

/// n·D(t/n ‖ q) in bits, 0 where there are no more than expected (Hoeffding's form of Chernoff's bound).
fn divergence_bits(hits: f64, places: f64, rate: f64) -> f64 {
    let (p, q) = (hits / places, rate.max(1e-300));
    if p <= q || q >= 1.0 {
        return 0.0;
    }
    let rest = if p < 1.0 {
        (1.0 - p) * ((1.0 - p) / (1.0 - q)).log2()
    } else {
        0.0
    };
    places * (p * (p / q).log2() + rest)
}

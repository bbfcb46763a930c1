//! Streams that are the same from end to end.
//!
//! All streams of every run equal: either the workers share their numbers, or the program's output is
//! constant and nothing is drawn (no law-free test can tell the two: Bahadur, Savage, Ann. Math. Stat. 27
//! (1956), doi:10.1214/aoms/1177728077); both are worth a conviction, with (W − 1)·I bits.
//!
//! Some streams equal: the least of what the copies tell under laws of a stream ([`information`]) and under
//! laws of each place's own, where the values at a place are dealt anew among the streams, less the ways to
//! part the streams so; or the exact counts of [`exchange`](super::exchange), which ask for no law at all.

use super::{
    common, deals, exchange,
    information::{Information, LONGEST, Same, told},
    numbers::{Numbers, classes_of, groups_of},
    sizes,
};
use crate::results::LawClass;

/// Bits that a stream has to tell, under laws without rows, before it matters where its equals stand: a
/// short label is no draw.
const LEAST_TOLD: f64 = 4.0;
/// Streams of a class whose own values are asked what law may explain them.
const ASKED: usize = 8;

/// Classes of streams that are equal, and what that tells.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    /// For each stream the first that is equal to it.
    pub classes: Vec<u32>,
    /// Bits that are proven, for rows up to the length that was asked for.
    pub proven: f64,
    /// Bits if values are drawn one by one.
    pub plain: f64,
    /// The class of laws under which the copies tell least; `None` where no law was needed.
    pub class: Option<LawClass>,
    /// Whether all streams of every run are equal.
    pub all: bool,
}

impl Whole {
    /// The streams that have an equal, by index.
    pub fn streams(&self) -> Vec<usize> {
        let mut streams = groups_of(&self.classes).concat();
        streams.sort_unstable();
        streams
    }

    /// Another stream that is equal to this one.
    pub fn partner(&self, stream: usize) -> usize {
        let class = self.classes[stream];
        let other = |&at: &usize| at != stream && self.classes[at] == class;
        (0..self.classes.len()).find(other).unwrap_or(stream)
    }
}

/// The classes of equal streams, where any are.
pub(super) fn equal(numbers: &Numbers, rows: usize) -> Option<Whole> {
    let classes = classes_of(numbers.streams.iter().map(|stream| &stream.ids));
    judge(numbers, numbers, classes, rows, Copies::Equal)
}

/// How streams of a class are one another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copies {
    /// Value by value.
    Equal,
    /// But for a scale and an offset.
    Scaled,
    /// Through a rising or falling function.
    InOrder,
}

impl Copies {
    /// Bits paid for each copy: a scale and an offset, or a direction.
    fn price(self, values: usize) -> f64 {
        match self {
            Self::Equal => 0.0,
            Self::Scaled => 4.0 * (values.max(1) as f64).log2(),
            Self::InOrder => 1.0,
        }
    }

    const fn same(self) -> Same {
        match self {
            Self::Equal | Self::Scaled => Same::Values,
            Self::InOrder => Same::Order,
        }
    }

    /// Places that count as one where values are dealt anew: two whose order alone differs, differ in both.
    const fn dependent(self) -> usize {
        match self {
            Self::Equal | Self::Scaled => 1,
            Self::InOrder => 2,
        }
    }
}

/// What classes tell of streams that are equal as `numbers`, which came from what was `drawn`.
pub(super) fn judge(
    numbers: &Numbers,
    drawn: &Numbers,
    classes: Vec<u32>,
    rows: usize,
    copies: Copies,
) -> Option<Whole> {
    let groups = groups_of(&classes);
    if groups.is_empty() {
        return None;
    }
    let run = numbers.runs_of_streams();
    // A stream of few values beside long ones tells nothing of whether all are equal.
    let mut lengths: Vec<usize> = numbers
        .streams
        .iter()
        .map(|stream| stream.ids.len())
        .collect();
    lengths.sort_unstable();
    let enough = lengths[lengths.len() / 2] / 2;
    let all = numbers.by_run().iter().all(|run| {
        let long = run
            .iter()
            .filter(|&&at| numbers.streams[at].ids.len() >= enough);
        let classes = long.map(|&at| classes[at]);
        classes
            .clone()
            .all(|class| class == classes.clone().next().unwrap_or(class))
    });
    // What is told to all streams tells nothing of those that are equal.
    let own_of = |group: &[usize]| -> Vec<usize> {
        let count = numbers.streams[group[0]].ids.len().min(LONGEST);
        if all {
            return (0..count).collect();
        }
        let runs: Vec<u32> = group.iter().map(|&at| run[at]).collect();
        common::own_places(drawn, &runs, 0, count).collect()
    };
    let of_copies = |rows: usize| -> (f64, Option<Information>) {
        let mut least: Option<Information> = None;
        let mut bits = 0.0;
        for group in &groups {
            let own = own_of(group);
            let of = |numbers: &Numbers, same: Same, stream: usize| {
                let ids = &numbers.streams[stream].ids;
                let ids: Vec<u32> = own.iter().map(|&place| ids[place]).collect();
                told(same, &ids, &numbers.numbers(&ids), rows)
            };
            let mut found = of(numbers, copies.same(), group[0]);
            if copies != Copies::Equal {
                // What a law of the values explains needs no common image; and what was found equal is no more.
                let drawn = group
                    .iter()
                    .take(ASKED)
                    .map(|&at| of(drawn, Same::Values, at));
                found = drawn.fold(found, |x, y| if y.bits < x.bits { y } else { x });
            }
            let price = copies.price(numbers.streams[group[0]].ids.len());
            bits += (group.len() - 1) as f64 * (found.bits - price).max(0.0);
            least = least
                .filter(|known| known.bits <= found.bits)
                .or(Some(found));
        }
        (bits, least)
    };
    let (plain, single) = of_copies(1);
    if all {
        let class = single.map(|found| found.class);
        return Some(Whole {
            classes,
            proven: plain,
            plain,
            class,
            all,
        });
    }
    let paid = exchange::partitions(classes.len(), classes_count(&classes));
    let (of_rows, least) = of_copies(rows);
    let dealt = |rows: usize| {
        let places = (rows * copies.dependent()) as f64;
        deals::places(numbers, &classes) / places - (rows as f64).log2()
    };
    let proven = of_rows.min(dealt(rows)) - paid;
    let plain = plain.min(dealt(1)) - paid;
    let lawless = if copies == Copies::Equal && single.is_some_and(|found| found.bits >= LEAST_TOLD)
    {
        exchange::within_runs(&classes, &run)
            .max(exchange::by_index(&classes, &run))
            .max(sizes::regular_sizes(&classes))
    } else {
        0.0
    };
    let class = least.map(|found| found.class).filter(|_| lawless < proven);
    Some(Whole {
        classes,
        proven: proven.max(lawless),
        plain: plain.max(lawless),
        class,
        all,
    })
}

fn classes_count(classes: &[u32]) -> usize {
    let own = |(at, class): &(usize, &u32)| *at == **class as usize;
    classes.iter().enumerate().filter(own).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::numbers::Sequence;

    /// Streams of one run, of which the first ones are one and the others their own; all values differ.
    fn streams(equal: usize, of: usize, values: u64) -> Numbers {
        let mix = |i: u64| {
            let z = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (z ^ z >> 31) as f64
        };
        let drawn: Vec<Vec<f64>> = (0..of as u64)
            .map(|at| if at < equal as u64 { 0 } else { at })
            .map(|at| (0..values).map(|i| mix(at * values + i)).collect())
            .collect();
        let mut pool = drawn.concat();
        pool.sort_unstable_by(f64::total_cmp);
        pool.dedup();
        let place = |x: &f64| pool.partition_point(|y| y < x) as u32;
        Numbers {
            streams: (0..)
                .zip(&drawn)
                .map(|(at, stream)| Sequence {
                    id: crate::vocabulary::StreamId::new(0, at),
                    run: 0,
                    ids: stream.iter().map(place).collect(),
                })
                .collect(),
            runs: 1,
            values: pool,
        }
    }

    /// What 64 values tell, one by one and as rows of four: their increments, all different.
    const ALONE: f64 = 63.0 * 5.977_279_923_499_917;
    const IN_ROWS: f64 = 14.0 * 3.807_354_922_057_604;

    #[test]
    fn equal_streams_tell_once_for_every_copy() {
        let found = equal(&streams(4, 4, 64), 4).unwrap();
        assert!(found.all);
        assert!((found.proven - 3.0 * ALONE).abs() < 1e-6, "{found:?}");
        assert_eq!(found.streams(), [0, 1, 2, 3]);
        assert!(equal(&streams(1, 4, 64), 4).is_none());
    }

    /// One pair among six streams, in 15 ways. A place is dealt to them so with probability 1/15; rows of
    /// four have a phase of four.
    #[test]
    fn a_pair_is_paid_for_among_all_partitions() {
        let found = equal(&streams(2, 6, 64), 1).unwrap();
        assert!(!found.all);
        assert!(
            (found.proven - 63.0 * 15f64.log2()).abs() < 1e-6,
            "{found:?}"
        );
        let found = equal(&streams(2, 6, 64), 4).unwrap();
        assert!(
            (found.proven - (IN_ROWS - 15f64.log2())).abs() < 1e-6,
            "{found:?}"
        );
        assert!(
            (found.plain - 63.0 * 15f64.log2()).abs() < 1e-6,
            "{found:?}"
        );
        assert_eq!((found.partner(0), found.partner(1)), (1, 0));
        // Of three copies two tell.
        let found = equal(&streams(3, 12, 64), 4).unwrap();
        let paid = 2.0 * 66f64.log2();
        assert!(
            (found.proven - (2.0 * IN_ROWS - paid)).abs() < 1e-6,
            "{found:?}"
        );
    }
}

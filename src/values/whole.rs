//! Streams that are the same from end to end, or affine images of one another.
//!
//! All streams of every run equal: either the workers share their numbers, or the program's output is
//! constant and nothing is drawn (no law-free test can tell the two: Bahadur, Savage, Ann. Math. Stat. 27
//! (1956), doi:10.1214/aoms/1177728077); both are worth a conviction, with (W − 1)·I bits.
//!
//! Some streams equal: the least of what the copies tell under laws of a stream ([`information`]) and under
//! laws of each place's own, where the values at a place are dealt anew among the streams, less the ways to
//! part the streams so; or the exact counts of [`exchange`](super::exchange), which ask for no law at all.

use statrs::function::{factorial::ln_binomial, gamma::ln_gamma};

use super::{
    exchange,
    information::{Information, information},
    numbers::{Numbers, Sequence, classes_of, groups_of},
};
use crate::results::LawClass;

/// Bits that a stream has to tell, under laws without rows, before it matters where its equals stand: a
/// short label is no draw.
const LEAST_TOLD: f64 = 4.0;
/// Places that are looked at.
const PLACES: usize = 1 << 12;
/// Two numbers are one where they differ by less than this part of the first step of their stream.
const AFFINE: f64 = 1e-7;
/// Values that fix an affine map are two; from so many on a copy is looked for.
const LEAST_AFFINE: usize = 6;

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
    judge(numbers, numbers, classes, rows, 0.0)
}

/// The same of affine images: streams x and a·x + b are one. `None` where all are, or all have a partner:
/// a signal that they have in common looks like that.
pub(super) fn affine(numbers: &Numbers, rows: usize) -> Option<Whole> {
    let n = numbers.aligned();
    let keys = canonical_forms(numbers)?;
    let classes = classes_of(keys.iter());
    if groups_of(&classes).is_empty() {
        return None;
    }
    let mut pool = keys.concat();
    pool.sort_unstable();
    pool.dedup();
    let place = |key: &i64| pool.partition_point(|other| other < key) as u32;
    let streams = numbers
        .streams
        .iter()
        .zip(&keys)
        .map(|(stream, keys)| Sequence {
            ids: keys.iter().map(place).collect(),
            ..stream.clone()
        });
    let images = Numbers {
        streams: streams.collect(),
        values: pool.iter().map(|&key| key as f64).collect(),
        runs: numbers.runs,
    };
    // A scale and an offset were chosen for every copy.
    judge(&images, numbers, classes, rows, 4.0 * (n as f64).log2())
}

/// Classes of streams that are affine images of one another; `None` where they are too short to tell.
pub(super) fn images(numbers: &Numbers) -> Option<Vec<u32>> {
    Some(classes_of(canonical_forms(numbers)?.iter()))
}

/// What is the same for all affine images of a stream.
fn canonical_forms(numbers: &Numbers) -> Option<Vec<Vec<i64>>> {
    let n = numbers.aligned();
    let form = |stream: &Sequence| canonical(&numbers.numbers(&stream.ids[..n]));
    (n >= LEAST_AFFINE).then(|| numbers.streams.iter().map(form).collect())
}

/// (x − x₀) / (first step), rounded.
fn canonical(numbers: &[f64]) -> Vec<i64> {
    let first = numbers[0];
    let largest = numbers.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let steps = numbers.iter().map(|x| x - first);
    let unit = steps.clone().find(|step| step.abs() > 1e-9 * largest);
    let rounded = |step: f64| unit.map_or(0, |unit| (step / unit / AFFINE).round() as i64);
    steps.map(rounded).collect()
}

/// What classes tell of streams that are equal as `numbers`: of each by what it tells as it was `drawn`, less
/// the bits that were paid for each copy.
fn judge(
    numbers: &Numbers,
    drawn: &Numbers,
    classes: Vec<u32>,
    rows: usize,
    each: f64,
) -> Option<Whole> {
    let groups = groups_of(&classes);
    if groups.is_empty() {
        return None;
    }
    let run: Vec<u32> = numbers.streams.iter().map(|stream| stream.run).collect();
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
    let told = |rows: usize| -> (f64, Option<Information>) {
        let mut least: Option<Information> = None;
        let mut bits = 0.0;
        for group in &groups {
            let ids = &drawn.streams[group[0]].ids;
            let found = information(ids, &drawn.numbers(ids), rows);
            bits += (group.len() - 1) as f64 * (found.bits - each).max(0.0);
            least = least
                .filter(|known| known.bits <= found.bits)
                .or(Some(found));
        }
        (bits, least)
    };
    let (plain, single) = told(1);
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
    let (of_rows, least) = told(rows);
    let dealt = |rows: usize| places(numbers, &classes) / rows as f64 - (rows as f64).log2();
    let proven = of_rows.min(dealt(rows)) - paid;
    let plain = plain.min(dealt(1)) - paid;
    let lawless = if each == 0.0 && single.is_some_and(|found| found.bits >= LEAST_TOLD) {
        exchange::within_runs(&classes, &run)
            .max(exchange::by_index(&classes, &run))
            .max(exchange::regular_sizes(&classes))
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

/// Bits against the values at each place, dealt anew among the streams that reach it, agreeing within all
/// classes; places are added up.
fn places(numbers: &Numbers, classes: &[u32]) -> f64 {
    let longest = numbers
        .streams
        .iter()
        .map(|stream| stream.ids.len())
        .max()
        .unwrap_or(0);
    (0..longest.min(PLACES))
        .map(|place| {
            let there = numbers
                .streams
                .iter()
                .zip(classes)
                .filter_map(|(stream, &class)| stream.ids.get(place).map(|&value| (value, class)));
            place_bits(there.collect())
        })
        .sum()
}

fn log2_factorial(n: usize) -> f64 {
    ln_gamma(n as f64 + 1.0) / std::f64::consts::LN_2
}

/// What the values at one place tell that agree within all classes, dealt anew among the streams: the more telling
/// of two bounds.
fn place_bits(there: Vec<(u32, u32)>) -> f64 {
    class_by_class(&there).max(all_deals(there))
}

/// The chance that the members of a class hold one value is Σ C(c, m)/C(S, m) over the values, of which c are
/// left; when classes are dealt one after the other, no more of any are left than there were.
fn class_by_class(there: &[(u32, u32)]) -> f64 {
    let count = |mut keys: Vec<u32>| -> Vec<u64> {
        keys.sort_unstable();
        keys.chunk_by(|a, b| a == b)
            .map(|same| same.len() as u64)
            .collect()
    };
    let values = count(there.iter().map(|&(value, _)| value).collect());
    let mut left = there.len() as u64;
    let mut bits = 0.0;
    for size in count(there.iter().map(|&(_, class)| class).collect()) {
        if size > 1 {
            // Of large classes the ways are beyond what a double holds, and their shares are not.
            let all = ln_binomial(left, size);
            let alike: f64 = values
                .iter()
                .filter(|&&c| c >= size)
                .map(|&c| (ln_binomial(c, size) - all).exp())
                .sum();
            let share = alike.max(f64::MIN_POSITIVE);
            bits += (-share.log2()).max(0.0);
        }
        left -= size;
    }
    bits
}

/// S! / Π m! deals of the values to the streams; at most `ways` of them give one value to every class.
fn all_deals(mut there: Vec<(u32, u32)>) -> f64 {
    let deals = log2_factorial(there.len());
    there.sort_unstable();
    let same = there.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len);
    let (values, alike) = same.fold((0, 0.0), |(count, bits), m| {
        (count + 1, bits + log2_factorial(m))
    });
    there.sort_unstable_by_key(|&(_, class)| class);
    let mut sizes: Vec<usize> = there.chunk_by(|a, b| a.1 == b.1).map(<[_]>::len).collect();
    let ways = if values == sizes.len() {
        sizes.sort_unstable();
        sizes
            .chunk_by(|a, b| a == b)
            .map(|equal| log2_factorial(equal.len()))
            .sum()
    } else {
        sizes.len() as f64 * (values as f64).log2()
    };
    (deals - alike - ways).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four streams, two of them equal, all other values different: 2 of 6 pairs… counted by hand.
    #[test]
    fn a_place_is_dealt_anew() {
        // Values a, a, b, c to classes {0, 1}, {2}, {3}: of 4!/2! = 12 deals two agree.
        let bits = place_bits(vec![(7, 0), (7, 0), (8, 2), (9, 3)]);
        assert!((bits - 6f64.log2()).abs() < 1e-9, "{bits}");
        assert_eq!(place_bits(vec![(7, 0), (7, 0), (7, 2), (7, 3)]), 0.0);
    }

    /// Both bounds, counted by hand.
    #[test]
    fn deals_are_counted() {
        let near = |bits: f64, ways: f64| assert!((bits - ways.log2()).abs() < 1e-9, "{bits}");
        let pairs = |of: &[u32]| -> Vec<(u32, u32)> {
            let classes = (0..).map(|at| at / 2);
            of.iter().copied().zip(classes).collect()
        };
        // The first pair has 3 of 15 ways to be alike, the second 3 of 6; the third has none to differ.
        near(class_by_class(&pairs(&[1, 1, 2, 2, 3, 3])), 5.0 * 2.0);
        near(class_by_class(&pairs(&[1, 1, 2, 2])), 3.0);
        // 4!/(2!·2!) deals, two of which give each class one value of its own.
        near(all_deals(pairs(&[1, 1, 2, 2])), 3.0);
        // 8!/(4!·2!·2!) deals, at most 3^4 of which give one of three values to each of four classes.
        near(all_deals(pairs(&[1, 1, 1, 1, 2, 2, 3, 3])), 420.0 / 81.0);
    }

    #[test]
    fn affine_images_have_one_canonical_form() {
        let x = [0.3, 1.7, -0.2, 0.9];
        let image: Vec<f64> = x.iter().map(|x| 5.0 - 3.0 * x).collect();
        assert_eq!(canonical(&x), canonical(&image));
        assert_ne!(canonical(&x), canonical(&[0.3, 1.7, -0.2, 0.8]));
        assert_eq!(canonical(&[2.0; 4]), [0; 4]);
    }

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

    /// A class so large that its ways are beyond a double tells what can be told, and not everything.
    #[test]
    fn large_classes_tell_no_more_than_all_their_deals() {
        let there: Vec<(u32, u32)> = (0..3000).map(|at| (at % 2, at % 2)).collect();
        let bits = class_by_class(&there);
        // Two of C(3000, 1500) deals.
        let deals = (ln_binomial(3000, 1500) / std::f64::consts::LN_2) - 1.0;
        assert!(
            bits.is_finite() && bits > 0.0 && bits <= deals + 1e-6,
            "{bits} {deals}"
        );
    }

    /// Every deal of five values to five streams by brute force: those that agree within the classes.
    #[test]
    fn deals_are_counted_by_brute_force() {
        let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
        for next in 0..5 {
            orders = orders
                .iter()
                .flat_map(|order| {
                    (0..=order.len()).map(move |at| {
                        let mut longer = order.clone();
                        longer.insert(at, next);
                        longer
                    })
                })
                .collect();
        }
        for (values, classes) in [
            ([1, 1, 2, 2, 3], [0, 0, 2, 2, 4]),
            ([1, 1, 1, 2, 3], [0, 0, 0, 3, 4]),
            ([1, 1, 1, 1, 3], [0, 0, 0, 0, 4]),
            ([1, 1, 1, 1, 3], [0, 0, 2, 2, 4]),
        ] {
            let agree = orders.iter().filter(|order| {
                let dealt: Vec<u32> = order.iter().map(|&at| values[at]).collect();
                (0..5).all(|i| (0..5).all(|j| classes[i] != classes[j] || dealt[i] == dealt[j]))
            });
            let exact = -(agree.count() as f64 / 120.0).log2();
            let there = values.iter().copied().zip(classes).collect();
            let bits = place_bits(there);
            assert!(bits <= exact + 1e-9, "{values:?}: {bits} {exact}");
            // Where every class has a value of its own the count is exact.
            if values != [1, 1, 1, 1, 3] || classes[0] == classes[3] {
                assert!((bits - exact).abs() < 1e-9, "{values:?}: {bits} {exact}");
            }
        }
    }
}

//! Streams that are images of one another: the same values through a rising or falling function, or in another
//! order.
//!
//! * **Order.** What all rising functions of a stream share is the order of its values (their ranks among its own).
//!   An independent stream has the same one with a probability of at most Π c!/n!, under any law that tells no
//!   order from another; rows and chains are asked as in [`information`](super::information), and so are laws of
//!   each place. That makes suspect.
//! * **Scale and offset.** Where the values are the other's times a constant plus a constant, what they tell by
//!   themselves convicts, less 4·log2 n for the two constants.
//! * **Nets.** n points of a net that each stream shifts digit by digit (A. B. Owen, Randomly permuted (t,m,s)-nets,
//!   1995, doi:10.1007/978-1-4612-2552-2_19) have no more than n orders. All streams then have the same points
//!   but for a xor, and no image of one in another tells anything.
//! * **Contents.** Of the same values in another order the bits of the type are told, n·H less log2 of its
//!   orders. Nothing but a law of independent values gives them, so that it makes suspect, and no more.

use super::{
    ALL_BUT_FEW, exchange,
    information::{LONGEST, of_contents},
    numbers::{Numbers, Sequence, classes_of, groups_of},
    whole::{Copies, Whole, judge},
};
use crate::kernels::mix;

/// Values from which on an image is looked for: fewer have few orders.
const LEAST: usize = 6;
/// Two scaled numbers are one where they differ by less than this part of the first step of their stream.
const EXACT: f64 = 1e-7;
/// Leading digits of a fraction: sixteen bits.
const DIGITS: f64 = 65_536.0;

/// Streams whose values go up and down together, where any do.
pub(super) fn in_order(numbers: &Numbers, rows: usize) -> Option<Whole> {
    let orders = orders(numbers)?;
    let classes = classes_of(orders.streams.iter().map(|stream| &stream.ids));
    judge(&orders, numbers, classes, rows, Copies::InOrder)
}

/// Streams x and a·x + b, where any are.
pub(super) fn scaled(numbers: &Numbers, rows: usize) -> Option<Whole> {
    let length = numbers.aligned();
    if length < LEAST {
        return None;
    }
    let form = |stream: &Sequence| canonical(&numbers.numbers(&stream.ids[..length]));
    let keys: Vec<Vec<i64>> = numbers.streams.iter().map(form).collect();
    let classes = classes_of(keys.iter());
    if groups_of(&classes).is_empty() {
        return None;
    }
    let mut pool = keys.concat();
    pool.sort_unstable();
    pool.dedup();
    let place = |key: &i64| pool.partition_point(|other| other < key) as u32;
    let streams = numbers.streams.iter().zip(&keys);
    let streams = streams.map(|(stream, keys)| Sequence {
        ids: keys.iter().map(place).collect(),
        ..stream.clone()
    });
    let images = Numbers {
        streams: streams.collect(),
        values: pool.iter().map(|&key| key as f64).collect(),
        runs: numbers.runs,
    };
    judge(&images, numbers, classes, rows, Copies::Scaled)
}

/// What is the same for all a·x + b: (x − x₀) / (first step), rounded.
fn canonical(numbers: &[f64]) -> Vec<i64> {
    let first = numbers[0];
    let largest = numbers.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let steps = numbers.iter().map(|x| x - first);
    let unit = steps.clone().find(|step| step.abs() > 1e-9 * largest);
    let rounded = |step: f64| unit.map_or(0, |unit| (step / unit / EXACT).round() as i64);
    steps.map(rounded).collect()
}

/// Whether nearly all streams of fractions are one net, each shifted by digits of its own: so many values before,
/// the leading digits differ by the same xor.
pub(super) fn are_one_net(numbers: &Numbers, rows: usize) -> bool {
    let length = numbers.aligned().min(LONGEST);
    if length < LEAST || numbers.values.iter().any(|x| !(0.0..1.0).contains(x)) {
        return false;
    }
    let digits: Vec<Vec<u32>> = numbers
        .streams
        .iter()
        .map(|stream| {
            let leading = |&id: &u32| (numbers.values[id as usize] * DIGITS) as u32;
            stream.ids[..length].iter().map(leading).collect()
        })
        .collect();
    (1..=rows.max(1)).any(|lag| {
        let steps = |digits: &Vec<u32>| -> Vec<u32> {
            let later = digits.iter().zip(digits.iter().skip(lag));
            later.map(|(x, y)| x ^ y).collect()
        };
        let alike = groups_of(&classes_of(digits.iter().map(steps)));
        let most = alike.first().map_or(0, Vec::len);
        most as f64 >= ALL_BUT_FEW * digits.len() as f64
    })
}

/// Streams of the same values in another order; not where nearly all are, as of one list.
pub(super) fn in_contents(numbers: &Numbers) -> Option<Whole> {
    let classes = contents_of(numbers);
    let groups = groups_of(&classes);
    let taking: usize = groups.iter().map(Vec::len).sum();
    if groups.is_empty() || taking as f64 >= ALL_BUT_FEW * classes.len() as f64 {
        return None;
    }
    let told = |group: &Vec<usize>| {
        let ids = &numbers.streams[group[0]].ids;
        (group.len() - 1) as f64 * of_contents(&ids[..ids.len().min(LONGEST)])
    };
    let different = classes.len() + groups.len() - taking;
    let paid = exchange::partitions(classes.len(), different);
    let plain = groups.iter().map(told).sum::<f64>() - paid;
    Some(Whole {
        classes,
        proven: 0.0,
        plain,
        class: None,
        all: false,
    })
}

/// Classes of streams whose values go up and down together; `None` where they are too short to tell.
pub(super) fn orders_of(numbers: &Numbers) -> Option<Vec<u32>> {
    let orders = orders(numbers)?;
    Some(classes_of(orders.streams.iter().map(|stream| &stream.ids)))
}

/// Classes of streams of the same values.
pub(super) fn contents_of(numbers: &Numbers) -> Vec<u32> {
    // A sum of scattered keys is the same in any order.
    let key = |stream: &Sequence| {
        let keys = stream.ids.iter().map(|&id| mix(u64::from(id) + 1));
        (stream.ids.len(), keys.fold(0u64, u64::wrapping_add))
    };
    classes_of(numbers.streams.iter().map(key))
}

/// The streams, as far as all go, as ranks among their own values.
fn orders(numbers: &Numbers) -> Option<Numbers> {
    let length = numbers.aligned();
    if length < LEAST {
        return None;
    }
    let streams = numbers.streams.iter().map(|stream| Sequence {
        ids: order(&stream.ids[..length]),
        ..stream.clone()
    });
    Some(Numbers {
        streams: streams.collect(),
        values: (0..length).map(|rank| rank as f64).collect(),
        runs: numbers.runs,
    })
}

/// The rank of each value among those that differ, from below or above, whichever has the lesser ranks first.
fn order(ids: &[u32]) -> Vec<u32> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let last = sorted.len() as u32 - 1;
    let rank = |id: &u32| sorted.partition_point(|other| other < id) as u32;
    let rising: Vec<u32> = ids.iter().map(rank).collect();
    let falling: Vec<u32> = rising.iter().map(|rank| last - rank).collect();
    rising.min(falling)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng, seq::SliceRandom};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{
        values::information::{Same, told},
        vocabulary::StreamId,
    };

    #[test]
    fn rising_and_falling_images_have_one_order() {
        let x = [30, 170, 2, 90, 30];
        assert_eq!(order(&x), [1, 3, 0, 2, 1]);
        assert_eq!(order(&x), order(&x.map(|x| x * x)));
        assert_eq!(order(&x), order(&x.map(|x| 1000 - x)));
        assert_ne!(order(&x), order(&[30, 170, 2, 20, 30]));
        assert_eq!(order(&[7; 4]), [0; 4]);
    }

    fn numbers(streams: Vec<Vec<u32>>) -> Numbers {
        let most = streams.iter().flatten().max().copied().unwrap_or(0);
        let sequence = |(at, ids)| Sequence {
            id: StreamId::new(0, at),
            run: 0,
            ids,
        };
        Numbers {
            streams: (0..).zip(streams).map(sequence).collect(),
            values: (0..=most).map(f64::from).collect(),
            runs: 1,
        }
    }

    fn drawn(source: &mut ChaCha8Rng, values: usize, below: u32) -> Vec<u32> {
        (0..values).map(|_| source.random_range(0..below)).collect()
    }

    /// Of eight streams one is another's square root, one another's double, and one another's values shuffled.
    #[test]
    fn images_are_seen_and_their_equals_are_not() {
        let mut source = ChaCha8Rng::seed_from_u64(1);
        let mut streams: Vec<Vec<u32>> = (0..8).map(|_| drawn(&mut source, 64, 1 << 30)).collect();
        let mut shuffled = streams[3].clone();
        shuffled.shuffle(&mut source);
        streams[5] = shuffled;
        streams[6] = streams[2]
            .iter()
            .map(|&x| f64::from(x).sqrt() as u32)
            .collect();
        assert!(scaled(&numbers(streams.clone()), 1).is_none());
        streams[7] = streams[1].iter().map(|x| 2 * x).collect();
        let numbers = numbers(streams);
        let order = in_order(&numbers, 1).expect("two pairs");
        assert_eq!(order.streams(), [1, 2, 6, 7]);
        // No more than log2 64! each, less the ways to choose two pairs of eight; less under laws of increments, of
        // which some come twice.
        let most = 2.0 * (295.998 - 28f64.log2());
        assert!(order.plain > 160.0 && order.plain < most, "{order:?}");
        let scaled = scaled(&numbers, 1).expect("a pair");
        assert_eq!(scaled.streams(), [1, 7]);
        // Its first two values are those of any stream, scaled; the others are dealt to two of eight.
        let most = 62.0 * 28f64.log2() - 28f64.log2();
        assert!((scaled.proven - most).abs() < 1e-6, "{scaled:?}");
        let contents = in_contents(&numbers).expect("a pair");
        assert_eq!(contents.streams(), [3, 5]);
        assert_eq!(contents.proven, 0.0);
        let most = 384.0 - 295.998 - 28f64.log2();
        assert!((contents.plain - most).abs() < 0.01, "{contents:?}");
    }

    #[test]
    fn affine_images_have_one_canonical_form() {
        let x = [0.3, 1.7, -0.2, 0.9];
        let image: Vec<f64> = x.iter().map(|x| 5.0 - 3.0 * x).collect();
        assert_eq!(canonical(&x), canonical(&image));
        assert_ne!(canonical(&x), canonical(&[0.3, 1.7, -0.2, 0.8]));
        assert_eq!(canonical(&[2.0; 4]), [0; 4]);
    }

    /// Two streams of one law have the same order, or the same contents, no more often than is said, whatever the
    /// law: independent values of few or many, walks, a trend, rows.
    #[test]
    fn images_by_chance_are_as_rare_as_is_said() {
        const PAIRS: usize = 40_000;
        type Law = fn(&mut ChaCha8Rng) -> Vec<u32>;
        let laws: [(&str, Law, usize); 6] = [
            ("many values", |source| drawn(source, 6, 1 << 20), 1),
            ("few values", |source| drawn(source, 8, 3), 1),
            ("coins", |source| drawn(source, 10, 2), 1),
            (
                "a walk",
                |source| {
                    let steps = drawn(source, 8, 1 << 16);
                    let walk = steps.iter().scan(1 << 24, |at, step| {
                        *at = *at + step - (1 << 15);
                        Some(*at)
                    });
                    walk.collect()
                },
                4,
            ),
            (
                "a trend",
                |source| {
                    let own = drawn(source, 8, 3000);
                    (0..).zip(own).map(|(at, own)| 1000 * at + own).collect()
                },
                4,
            ),
            (
                "rows",
                |source| {
                    drawn(source, 4, 20)
                        .into_iter()
                        .flat_map(|x| [x, x + 30])
                        .collect()
                },
                4,
            ),
        ];
        let mut source = ChaCha8Rng::seed_from_u64(7);
        for (name, law, rows) in laws {
            let mut claims: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
            for _ in 0..PAIRS {
                let (x, y) = (law(&mut source), law(&mut source));
                let (order_x, order_y) = (order(&x), order(&y));
                if order_x == order_y {
                    let ranks: Vec<f64> = order_x.iter().copied().map(f64::from).collect();
                    claims[0].push(told(Same::Order, &order_x, &ranks, rows).bits - 1.0);
                }
                let sorted = |mut ids: Vec<u32>| {
                    ids.sort_unstable();
                    ids
                };
                if rows == 1 && sorted(x.clone()) == sorted(y) {
                    claims[1].push(of_contents(&x));
                }
            }
            for claims in &mut claims {
                claims.sort_unstable_by(f64::total_cmp);
                for (at, bits) in claims.iter().enumerate() {
                    let many = (claims.len() - at) as f64;
                    let most = PAIRS as f64 * (-bits).exp2();
                    // Five standard errors of a count.
                    let by_chance = most + 5.0 * most.sqrt() + 5.0;
                    assert!(many <= by_chance, "{name}: {many} of {most} with {bits}");
                }
            }
        }
    }
}

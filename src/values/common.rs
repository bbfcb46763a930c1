//! What all streams of a run have in common at the same places: an input, perhaps, or a start that was not
//! seeded apart.
//!
//! Independent streams of one law agree at places that were named beforehand with a probability of at most
//! 2^(−information) a stream; where nobody named them, the bits are paid by which the places can be told. Two
//! streams of coins agree at half of all places, and to tell which half takes as many bits as they agree in.

use std::f64::consts::LN_2;

use statrs::function::factorial::ln_binomial;

use super::{
    information::information,
    numbers::{Numbers, Sequence},
};

/// Places at which all streams of each run agree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Common {
    /// The places of the run in which there are most, ascending.
    pub places: Vec<usize>,
    /// How many places all its streams reach.
    pub of: usize,
    /// What the values there tell, once for every stream but one of every run, less what it takes to name the
    /// places.
    pub bits: f64,
}

/// Values that are looked at.
const LONGEST: usize = 1 << 12;
/// Longest period of places that is looked for.
const LONGEST_PERIOD: usize = 64;

/// The places in common, if there are any at which something was drawn.
pub(super) fn common(numbers: &Numbers) -> Option<Common> {
    let mut found: Option<Common> = None;
    let mut bits = 0.0;
    for run in numbers.by_run().iter().filter(|run| run.len() > 1) {
        let streams: Vec<&[u32]> = run.iter().map(|&at| &numbers.streams[at].ids[..]).collect();
        let of = streams.iter().map(|ids| ids.len()).min().unwrap_or(0);
        let agree = |place: &usize| streams.iter().all(|ids| ids[*place] == streams[0][*place]);
        let places: Vec<usize> = (0..of).filter(agree).take(LONGEST).collect();
        let ids: Vec<u32> = places.iter().map(|&place| streams[0][place]).collect();
        let told = information(&ids, &numbers.numbers(&ids), 1).bits_or_nothing();
        bits += (run.len() - 1) as f64 * told - bits_to_name(&places, of);
        if found
            .as_ref()
            .is_none_or(|known| places.len() > known.places.len())
        {
            found = Some(Common {
                places,
                of,
                bits: 0.0,
            });
        }
    }
    found.map(|found| Common { bits, ..found })
}

/// Which of `count` places from `from` on are not told to all: at these some stream of some of these runs has another
/// value than the rest of its run. Two streams alone would be told all that they share, so the others are asked then.
pub(super) fn own_places<'a>(
    numbers: &'a Numbers,
    of: &[u32],
    from: usize,
    count: usize,
) -> impl Iterator<Item = usize> + 'a {
    let take_part = |stream: &&Sequence| of.contains(&stream.run);
    let asks_all = numbers.streams.iter().filter(take_part).count() <= 2;
    let runs: Vec<Vec<&[u32]>> = numbers
        .by_run()
        .into_iter()
        .map(|run| run.into_iter().map(|at| &numbers.streams[at]))
        .map(|run| run.filter(|stream| asks_all || take_part(stream)))
        .map(|run| run.map(|stream| &stream.ids[..]).collect())
        .collect();
    let only_two = runs.iter().flatten().count() <= 2;
    (from..from + count).filter(move |&place| {
        let agree = |run: &Vec<&[u32]>| {
            run.windows(2)
                .all(|two| two[0].get(place) == two[1].get(place))
        };
        only_two || !runs.iter().all(agree)
    })
}

/// The bits of the shortest way to tell some places, ascending, among so many: where the last one is, and up to there
/// a period, stretches, or one by one.
fn bits_to_name(places: &[usize], of: usize) -> f64 {
    let Some((&first, &last)) = places.first().zip(places.last()) else {
        return 0.0;
    };
    let choices = |some: usize| ln_binomial(last as u64 + 1, some as u64) / LN_2;
    let gaps = places.windows(2).filter(|two| two[0] + 1 != two[1]).count();
    let bounds = choices(2 * gaps + usize::from(first > 0));
    let one_by_one = choices(places.len());
    let by_period = period(places, last + 1).map_or(f64::INFINITY, |period| {
        (LONGEST_PERIOD as f64).log2() + period as f64
    });
    let ways: f64 = 3.0;
    (of as f64).log2() + ways.log2() + bounds.min(one_by_one).min(by_period)
}

/// The least period after which the same places come again, up to the end.
fn period(places: &[usize], of: usize) -> Option<usize> {
    let mut is_common = vec![false; of];
    places
        .iter()
        .filter(|&&at| at < of)
        .for_each(|&at| is_common[at] = true);
    let comes_again =
        |period: &usize| (*period..of).all(|at| is_common[at] == is_common[at - period]);
    (1..=LONGEST_PERIOD.min(of / 2)).find(comes_again)
}

impl Common {
    /// The places in words.
    pub fn in_words(&self) -> String {
        let places = &self.places;
        let (first, count) = (places[0], places.len());
        let step = places.get(1).map_or(1, |second| second - first);
        let regular = places.windows(2).all(|two| two[1] - two[0] == step);
        match (first, step) {
            (0, 1) if regular => format!("in their first {count} values"),
            (first, 1) if regular => format!("in {count} values from value {first} on"),
            (first, step) if regular && count > 2 => {
                format!("in one of every {step} values from value {first} on, {count} in all")
            }
            _ => format!("at {count} of {} places, value {first} the first", self.of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places are told in the shortest of the ways.
    #[test]
    fn regular_places_are_told_in_few_bits() {
        let named = |places: Vec<usize>| bits_to_name(&places, 1024) - 10.0 - 3f64.log2();
        assert!(named((0..20).collect()).abs() < 1e-9);
        assert!((named((5..20).collect()) - 20f64.log2()).abs() < 1e-9);
        assert!((named((3..1024).step_by(4).collect()) - (6.0 + 4.0)).abs() < 1e-9);
        assert!((named((0..1022).filter(|at| at % 5 < 2).collect()) - (6.0 + 5.0)).abs() < 1e-9);
        let irregular = vec![7, 100, 101, 500];
        let one_by_one: f64 = (0..4)
            .map(|i| ((501 - i) as f64 / (i + 1) as f64).log2())
            .sum();
        assert!((named(irregular) - one_by_one).abs() < 1e-9);
    }

    /// Brute force: of all sequences of three streams of six values of two, weighed by any law, those whose common
    /// places tell b bits come with a probability of at most 2^−b.
    #[test]
    fn what_is_common_by_chance_tells_nothing() {
        const STREAMS: usize = 3;
        const VALUES: usize = 6;
        for share in [0.5, 0.3, 0.1] {
            let mut tails = std::collections::BTreeMap::<i64, f64>::new();
            for all in 0..1u32 << (STREAMS * VALUES) {
                let ids = |stream: usize| -> Vec<u32> {
                    (0..VALUES)
                        .map(|at| all >> (stream * VALUES + at) & 1)
                        .collect()
                };
                let streams = (0..STREAMS).map(|stream| Sequence {
                    id: crate::vocabulary::StreamId::new(0, stream as u32),
                    run: 0,
                    ids: ids(stream),
                });
                let numbers = Numbers {
                    streams: streams.collect(),
                    values: vec![0.0, 1.0],
                    runs: 1,
                };
                let bits = common(&numbers).map_or(0.0, |found| found.bits);
                let ones = all.count_ones() as i32;
                let zeros = (STREAMS * VALUES) as i32 - ones;
                let weight = f64::powi(share, ones) * f64::powi(1.0 - share, zeros);
                *tails.entry((bits * 1000.0).floor() as i64).or_default() += weight;
            }
            let mut tail = 0.0;
            for (&thousandths, &weight) in tails.iter().rev() {
                tail += weight;
                let bits = thousandths as f64 / 1000.0;
                assert!(
                    tail <= (-bits).exp2() + 1e-9,
                    "{share}: {bits} bits, {tail}"
                );
            }
        }
    }
}

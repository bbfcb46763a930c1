//! Every pair of streams at every lag: does one follow the other?

mod uppers;

use std::{
    cmp::Ordering,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use rayon::prelude::*;
use uppers::{Compared, Upper, Uppers, of_bits};

use super::{
    StatisticalTest,
    follows::follows_itself,
    places::{Spot, inapplicable, plain, stands_out},
    views::Frame,
};
use crate::{
    kernels::lags::{LAGS, departures, shifts, together},
    math::{Tails, hypergeometric_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Pairs × words² compared at most (64 of them are one word of bits): more find longer lags, in time that
/// grows as much.
const BUDGET: f64 = (1_u64 << 33) as f64;
/// Words compared at least: fewer show no lag.
const WORDS: usize = 256;
/// Words that two streams still share at the longest lag: fewer look at more lags, with less to be seen at
/// each.
const SHARED: usize = 128;
/// Pairs that are furthest in the first words: asked whether they stand out, and looked at again in
/// the other words.
const FOLLOWED: usize = 64;
/// By how many standard deviations a stream may follow itself. Two that do so at one lag vary together
/// by a share of FOLLOWS² / words more.
const FOLLOWS: f64 = 6.0;

/// Agreement of two streams at any lag.
pub struct LagAgreement;

const SPEC: TestSpec = TestSpec {
    id: super::id::LAG_AGREEMENT,
    null: "for any two streams and any lag but 0, the indices at which one is in its upper half are no more often than chance those at which, so many words later, the other is in its own; of whole words also the upper half of one against the upper half of the other's low 32 bits",
    statistic: "indices at which both are, the furthest of all pairs and lags",
    law: &[
        "hypergeometric given the counts, exact where the later stream is exchangeable in time",
        "times the pairs and lags",
        "a stream whose upper half follows itself at any of the lags 1 to 64, 128, 256 … by six standard deviations takes no part, and a lag counts only where it also stands out by half among all others of its pair",
        "leaving out can only lower the chance of an alarm",
    ],
    sees: &[
        "a stream that copies another late and in part: some words, some bits, with noise, through any increasing map, or its high half from the other's low half",
        "normals that follow others a few steps behind",
    ],
    misses: &[
        "relations in low bits alone (generators modulo 2^k meet in those by chance)",
        "pairs × words² is capped, so that of 16 streams the first 4,800 words are searched, of 256 the first 512, and only what stands out there is followed on the rest",
        "halves of up to 128 streams",
        "at most the first 512 streams are paired",
    ],
    source: "M. S. Bartlett, J. R. Stat. Soc. B 8 (1946), 27: the variance of a cross-correlation of series that follow themselves; J. Neyman, E. S. Pearson (1933) for the conditional law",
    finding: FindingKind::CorrelatedStreams,
    power_on: "one stream takes the top bit of another, 300 words later, two times in three",
    depth: Depth::Full,
};

impl StatisticalTest for LagAgreement {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let frame = Frame::new(evidence);
        let needs = || format!("two streams of {WORDS} words that do not follow themselves");
        if frame.streams() < 2 || frame.words() < WORDS {
            return inapplicable(&SPEC, View::Pairs, needs());
        }
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Pairs, "uniform bits".to_owned());
        };
        let uppers = of_bits(&frame, width);
        let spots: Vec<Spot> = uppers
            .comparisons
            .iter()
            .flat_map(|compared| measure(&frame, &uppers, compared))
            .collect();
        if spots.is_empty() {
            return inapplicable(&SPEC, View::Pairs, needs());
        }
        plain(&SPEC, spots)
    }
}

/// A pair, the later stream second, and a lag.
#[derive(Clone, Copy)]
struct LateReading {
    early: usize,
    late: usize,
    lag: usize,
    /// Departure from the mean, squared, in variances; and that of the next lag of the pair.
    departure: f64,
    next: f64,
}

impl LateReading {
    fn stands_out(&self) -> bool {
        stands_out(self.departure.sqrt(), self.next.sqrt())
    }
}

fn measure(frame: &Frame<'_>, uppers: &Uppers, compared: &Compared) -> Vec<Spot> {
    let (early, late) = (
        &uppers.readings[compared.early],
        &uppers.readings[compared.late],
    );
    let streams = early.rows.len().min(late.rows.len());
    if streams < 2 {
        return Vec::new();
    }
    let pairs = (streams * (streams - 1)) as f64;
    let affordable = (2.0 * BUDGET / uppers.comparisons.len() as f64 / pairs).sqrt();
    // Whole words of bits.
    let words = early.words.min(affordable as usize) / 64 * 64;
    if words < WORDS {
        return Vec::new();
    }
    let steady = |upper: &Upper| -> Vec<bool> {
        upper
            .bits
            .par_iter()
            .map(|bits| !follows_itself(&bits[..words / 64], words, FOLLOWS))
            .collect()
    };
    let steady = (steady(early), steady(late));
    let partnered: Vec<Partnered> = early
        .bits
        .par_iter()
        .map(|bits| Partnered::of(&bits[..words / 64], compared.from))
        .collect();
    let floor = Floor::default();
    let mut found: Vec<LateReading> = (0..streams)
        .into_par_iter()
        .filter(|&b| steady.1[b])
        .map_init(
            || {
                (
                    vec![0_u32; words],
                    vec![0_f32; words],
                    vec![0_f32; words / LAGS],
                )
            },
            |(counts, departed, largest), b| {
                let row = &late.bits[b][..words / 64];
                let (shifted, share) = (shifts(row), ones(row) as f64 / words as f64);
                let unit = (words as f64 - 1.0) / (share * (1.0 - share));
                let told = share > 0.0 && share < 1.0;
                let mut own: Vec<LateReading> = Vec::new();
                for a in (0..streams).filter(|&a| told && a != b && steady.0[a]) {
                    let Partnered { drawn, weights } = &partnered[a];
                    together(&early.bits[a][..words / 64], &shifted, counts);
                    departures(counts, drawn, weights, share as f32, departed, largest);
                    // Most pairs are out of question by their largest departure alone.
                    let most = largest.iter().fold(0.0, |x, &y| f32::max(x, y));
                    if most <= 0.0 || f64::from(most) * unit < floor.least() {
                        continue;
                    }
                    let (lag, departure, next) = furthest(departed, largest);
                    own.push(LateReading {
                        early: a,
                        late: b,
                        lag,
                        departure: f64::from(departure) * unit,
                        next: f64::from(next) * unit,
                    });
                }
                if own.len() >= FOLLOWED {
                    let (_, least, _) = own.select_nth_unstable_by(FOLLOWED - 1, further);
                    floor.raise(least.departure);
                    own.truncate(FOLLOWED);
                }
                own
            },
        )
        .flatten()
        .collect();
    if found.len() > FOLLOWED {
        found.select_nth_unstable_by(FOLLOWED, further);
        found.truncate(FOLLOWED);
    }
    found.sort_by(further);
    let Some(told) = found
        .iter()
        .find(|late| late.stands_out())
        .or(found.first())
    else {
        return Vec::new();
    };
    let looked = pairs * (words - SHARED - compared.from + 1) as f64;
    let spot = |late: &LateReading, from: usize, to: usize, looked: f64, seen: String| {
        let counted = Counted::of(early, &uppers.readings[compared.late], late, from, to);
        Spot::new(
            View::Pairs,
            format!(
                "{}, the one {} words before the other, {looked} pairs and lags{seen}",
                compared.label, late.lag
            ),
            counted.tails().times(looked),
            (counted.both as f64, counted.expected()),
        )
        .of(vec![
            frame.id(early.rows[late.early]),
            frame.id(uppers.readings[compared.late].rows[late.late]),
        ])
    };
    let seen = match words < early.words {
        true => format!(", first {words} words"),
        false => String::new(),
    };
    let mut spots = vec![spot(told, 0, words, looked, seen)];
    if !told.stands_out() {
        spots[0].tails = Tails::CERTAIN;
    }
    let rest = early.words - words;
    if rest >= WORDS {
        let steady =
            |upper: &Upper, row: usize| !follows_itself(&upper.bits[row], upper.words, FOLLOWS);
        let mut again: Vec<(Spot, LateReading)> = found
            .par_iter()
            .filter(|pair| pair.lag + SHARED <= rest)
            .map(|pair| {
                let seen =
                    format!(": what stood out in the first {words} words, in the other {rest}");
                let spot = spot(pair, words, early.words, FOLLOWED as f64, seen);
                (spot, *pair)
            })
            .collect();
        again.sort_by(|(x, _), (y, _)| x.tails.ln_two_sided().total_cmp(&y.tails.ln_two_sided()));
        let least = again
            .into_iter()
            .find(|(_, pair)| steady(early, pair.early) && steady(late, pair.late));
        spots.extend(least.map(|(spot, _)| spot));
    }
    spots
}

fn ones(bits: &[u64]) -> u64 {
    bits.iter().map(|word| u64::from(word.count_ones())).sum()
}

/// Furthest first.
fn further(x: &LateReading, y: &LateReading) -> Ordering {
    let places = |late: &LateReading| (late.early, late.late);
    y.departure
        .total_cmp(&x.departure)
        .then(places(x).cmp(&places(y)))
}

/// A departure that at least [`FOLLOWED`] pairs reach: a pair below it is not among those that are kept,
/// whoever found them, so what is kept does not depend on the order of the work.
#[derive(Default)]
struct Floor(AtomicU64);

impl Floor {
    fn least(&self) -> f64 {
        f64::from_bits(self.0.load(Relaxed))
    }

    /// Departures are positive, so that their bits are in their order.
    fn raise(&self, departure: f64) {
        self.0.fetch_max(departure.to_bits(), Relaxed);
    }
}

/// The places of an early stream that have a partner at every lag, as its law asks for them.
struct Partnered {
    /// How many are set.
    drawn: Vec<f32>,
    /// 1 / (drawn (words − drawn)); 0 at lags that are not compared.
    weights: Vec<f32>,
}

impl Partnered {
    fn of(early: &[u64], from: usize) -> Self {
        let words = 64 * early.len();
        let mut drawn = ones(early) as f32;
        let (mut all, mut weights) = (Vec::with_capacity(words), Vec::with_capacity(words));
        for lag in 0..words {
            if lag > 0 {
                let last = words - lag;
                drawn -= (early[last / 64] >> (last % 64) & 1) as f32;
            }
            let compared = (from..=words - SHARED).contains(&lag);
            all.push(drawn);
            weights.push(match compared {
                true => 1.0 / (drawn * (words as f32 - drawn)).max(1.0),
                false => 0.0,
            });
        }
        Self {
            drawn: all,
            weights,
        }
    }
}

/// The largest of values with its place, and the next; `largest` are those of every [`LAGS`].
fn furthest(values: &[f32], largest: &[f32]) -> (usize, f32, f32) {
    let top = |values: &[f32]| {
        let (mut at, mut best, mut next) = (0, 0.0, 0.0);
        for (i, &value) in values.iter().enumerate() {
            if value > best {
                (at, best, next) = (i, value, best);
            } else if value > next {
                next = value;
            }
        }
        (at, best, next)
    };
    let (block, _, elsewhere) = top(largest);
    let (at, best, beside) = top(&values[LAGS * block..][..LAGS]);
    (LAGS * block + at, best, f32::max(elsewhere, beside))
}

/// Indices of a stretch that are set in both streams.
struct Counted {
    both: u64,
    words: u64,
    /// Set in the later stream.
    marked: u64,
    /// Set in the earlier one, where it has a partner.
    drawn: u64,
}

impl Counted {
    fn of(early: &Upper, late: &Upper, pair: &LateReading, from: usize, to: usize) -> Self {
        let bit = |bits: &[u64], at: usize| bits[at / 64] >> (at % 64) & 1;
        let (a, b) = (&early.bits[pair.early], &late.bits[pair.late]);
        let partnered = from..to - pair.lag;
        Self {
            both: partnered
                .clone()
                .map(|i| bit(a, i) & bit(b, i + pair.lag))
                .sum(),
            words: (to - from) as u64,
            marked: (from..to).map(|i| bit(b, i)).sum(),
            drawn: partnered.map(|i| bit(a, i)).sum(),
        }
    }

    fn tails(&self) -> Tails {
        hypergeometric_tails(self.both, self.words, self.marked, self.drawn)
    }

    fn expected(&self) -> f64 {
        self.marked as f64 * self.drawn as f64 / self.words as f64
    }
}

#[cfg(test)]
mod tests;

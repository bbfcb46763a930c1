//! One congruential sequence cut at equal distances: neighbours tied by one and the same affine map.

use super::{
    StatisticalTest,
    modulus::Modulus,
    places::{Spot, attributed, inapplicable},
    views::Frame,
};
use crate::{
    math::Tails,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Bits of elements below which maps are not asked for: chance ties narrower ones.
const NARROWEST: u32 = 24;
/// Words of a stream at least: fewer fix no map.
const WORDS: usize = 8;
/// Differences among which the one with the fewest factors of 2 is taken: more fix more bits of a multiplier.
const LOOKED_AT: usize = 16;
/// Neighbours tied by one map, at least: fewer are tied by chance.
const TIED: usize = 3;
/// Maps verified on the words at most, the commonest first: more find one among many chance ties.
const VERIFIED: usize = 8;

/// Neighbours that are one affine image of each other.
pub struct CongruentialSplitting;

const SPEC: TestSpec = TestSpec {
    id: super::id::CONGRUENTIAL,
    null: "streams start at independent states. Two streams of one linear congruential generator are always tied by some map y = A x + C, however they are seeded, but each pair by a multiplier A of its own",
    statistic: "neighbouring streams that are tied, in every word, by one and the same multiplier (not 1), found from their first differences",
    law: &[
        "proven: with multiplier a of the generator and k factors of 2 in a − 1, first differences of independent states modulo 2^w take 2^(w − k − 2) values or more, so that m of N neighbours share a multiplier with probability at most 2 C(N, m) 2^(−(m − 1)(w − k − 2))",
        "modulo the primes 2^31 − 1 and 2^61 − 1 likewise with the prime",
    ],
    sees: &[
        "leapfrog and blocks of equal length of a congruential generator that gives out its whole state (modulo 2^24 to 2^64, the two primes, and 2^32 in the lower halves of words): exact, with the map as witness",
    ],
    misses: &[
        "generators that give out only their high bits, cuts at unequal distances, and streams whose order was shuffled",
    ],
    source: "A. De Matteis, S. Pagnutti, Parallelization of random number generators and long-range correlations, Numer. Math. 53 (1988), doi:10.1007/BF01397554; P. L'Ecuyer, Random numbers for simulation, Commun. ACM 33 (1990), doi:10.1145/84537.84555",
    finding: FindingKind::RelatedNeighbours,
    power_on: "a 64-bit linear generator dealt out in turn to 16 tasks",
    depth: Depth::Screen,
};

impl StatisticalTest for CongruentialSplitting {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let view = View::NeighbourDifference;
        let width = evidence.format().uniform_width();
        let Some(width) = width.filter(|&width| width >= NARROWEST) else {
            return inapplicable(&SPEC, view, format!("{NARROWEST} uniform bits"));
        };
        let frame = Frame::new(evidence);
        if frame.streams() <= TIED || frame.words() < WORDS {
            return inapplicable(&SPEC, view, format!("four streams of {WORDS} words"));
        }
        let moduli = Modulus::of(width);
        let measure = |rows: &[&[u64]]| -> Vec<Spot> {
            moduli
                .iter()
                .map(|&modulus| spot(&frame, modulus, &tied(modulus, rows)))
                .collect()
        };
        let rows: Vec<&[u64]> = (0..frame.streams()).map(|row| frame.row(row)).collect();
        attributed(&SPEC, measure(&rows), || {
            Some(measure(&unequally_cut(&rows, frame.words())?))
        })
    }
}

/// The same streams cut at unequal distances: each neighbour is shifted against the one before by
/// another number of words. Windows must not wrap around, which would break any map.
fn unequally_cut<'a>(rows: &[&'a [u64]], words: usize) -> Option<Vec<&'a [u64]>> {
    let room = words / 2;
    let count = rows.len().min(room);
    if room < WORDS || count <= TIED {
        return None;
    }
    // From either end in turn: 0, r, 1, r − 1 …
    let start = |i: usize| {
        if i.is_multiple_of(2) {
            i / 2
        } else {
            room - i / 2
        }
    };
    let cut = rows[..count].iter().enumerate();
    Some(
        cut.map(|(i, row)| &row[start(i)..start(i) + words - room])
            .collect(),
    )
}

/// One map that ties neighbours.
#[derive(Clone, Debug, PartialEq)]
struct Tie {
    multiplier: u64,
    /// What is added, between the first two that are tied.
    constant: u64,
    /// The first of the tied neighbours: this row and the next.
    first: usize,
    /// How many neighbours it ties, counted once where differences are equal.
    tied: usize,
    /// Of how many.
    neighbours: usize,
    /// Binary logarithm of how many values a first difference takes.
    log2_values: f64,
    words: usize,
}

/// The map that ties most neighbours in all their words.
fn tied(modulus: Modulus, rows: &[&[u64]]) -> Option<Tie> {
    // (multiplier, the difference of the later, the row of the earlier)
    let mut quotients: Vec<(u64, u64, usize)> = rows
        .windows(2)
        .enumerate()
        .filter_map(|(row, pair)| {
            let at = place_of(modulus, pair[0]);
            let later = difference(modulus, pair[1], at);
            let multiplier = modulus.quotient(later, difference(modulus, pair[0], at))?;
            (multiplier != 1).then_some((multiplier, later, row))
        })
        .collect();
    quotients.sort_unstable();
    let mut groups: Vec<&[(u64, u64, usize)]> = quotients
        .chunk_by(|x, y| x.0 == y.0)
        .filter(|group| group.len() >= TIED)
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0].2));
    let verified = groups.into_iter().take(VERIFIED).filter_map(|group| {
        let holds = |&&(multiplier, _, row): &&(u64, u64, usize)| {
            let (x, y) = (rows[row], rows[row + 1]);
            let from = |row: &[u64], t: usize| {
                modulus.minus(modulus.element(row[t]), modulus.element(row[0]))
            };
            (1..x.len()).all(|t| from(y, t) == modulus.times(multiplier, from(x, t)))
        };
        let mut kept: Vec<&(u64, u64, usize)> = group.iter().filter(holds).collect();
        kept.dedup_by_key(|(_, later, _)| *later);
        let first = kept.iter().map(|(.., row)| *row).min()?;
        let multiplier = group[0].0;
        let start = |row: usize| modulus.element(rows[row][0]);
        Some(Tie {
            multiplier,
            constant: modulus.minus(start(first + 1), modulus.times(multiplier, start(first))),
            first,
            tied: kept.len(),
            neighbours: rows.len() - 1,
            log2_values: log2_values(modulus, rows[first]),
            words: rows[first].len(),
        })
    });
    verified
        .filter(|tie| tie.tied >= TIED)
        .max_by_key(|tie| tie.tied)
}

fn difference(modulus: Modulus, row: &[u64], at: usize) -> u64 {
    modulus.minus(modulus.element(row[at + 1]), modulus.element(row[at]))
}

/// The first difference with fewest factors of 2.
fn place_of(modulus: Modulus, row: &[u64]) -> usize {
    (0..row.len().min(LOOKED_AT) - 1)
        .min_by_key(|&at| modulus.twos(difference(modulus, row, at)))
        .expect("rows have eight words")
}

/// How many values (binary logarithm) first differences of independent states of this stream's
/// generator take at least.
fn log2_values(modulus: Modulus, row: &[u64]) -> f64 {
    let width = f64::from(modulus.width());
    match modulus {
        // A multiplicative generator keeps two more bits of its state fixed.
        Modulus::Power { .. } => {
            let (first, second) = (difference(modulus, row, 0), difference(modulus, row, 1));
            match modulus.quotient(second, first) {
                Some(1) => 0.0,
                Some(multiplier) => {
                    width - f64::from(multiplier.wrapping_sub(1).trailing_zeros()) - 2.0
                }
                // No congruential generator: words are free.
                None => width - 2.0,
            }
        }
        Modulus::Prime { .. } => width - 1.0,
    }
}

/// ln of a bound on the probability that so many neighbours share a multiplier.
fn ln_chance(tie: &Tie) -> f64 {
    let ln_values = tie.log2_values * std::f64::consts::LN_2;
    let (tied, neighbours) = (tie.tied as f64, tie.neighbours as f64);
    if 2.0 * neighbours.ln() + std::f64::consts::LN_2 > 2.0 * ln_values {
        return 0.0;
    }
    let ln_choices: f64 = (0..tie.tied)
        .map(|i| ((neighbours - i as f64) / (i as f64 + 1.0)).ln())
        .sum();
    std::f64::consts::LN_2 + ln_choices - (tied - 1.0) * ln_values
}

fn spot(frame: &Frame<'_>, modulus: Modulus, tie: &Option<Tie>) -> Spot {
    let name = match modulus {
        Modulus::Power { width, .. } => format!("2^{width}"),
        Modulus::Prime { width } => format!("2^{width} − 1"),
    };
    let (detail, streams, ln_upper, statistic) = match tie {
        None => (
            format!("no map modulo {name} ties three neighbours"),
            Vec::new(),
            0.0,
            0.0,
        ),
        Some(tie) => (
            format!(
                "y = {:#x} x + {:#x} modulo {name}, and the same multiplier in all {} words of {} of \
                 {} neighbours",
                tie.multiplier, tie.constant, tie.words, tie.tied, tie.neighbours
            ),
            vec![frame.id(tie.first), frame.id(tie.first + 1)],
            ln_chance(tie),
            tie.tied as f64,
        ),
    };
    Spot::new(
        View::NeighbourDifference,
        detail,
        Tails::upper_only(ln_upper),
        (statistic, 0.0),
    )
    .of(streams)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{
        Size, evidence, lcg48, lcg64, least, seed, seedings, size, sound,
    };

    /// Every `stride`-th output from the `first` on.
    fn every(mut draw: impl FnMut() -> u64, first: u32, stride: u32) -> impl FnMut() -> u64 {
        for _ in 0..first {
            draw();
        }
        move || {
            let word = draw();
            for _ in 1..stride {
                draw();
            }
            word
        }
    }

    fn lcg31(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state = state * 16_807 % 0x7fff_ffff;
            state << 33
        }
    }

    fn wide(width: u32, tasks: u32, words: usize) -> Size {
        Size {
            width,
            ..size(1, tasks, words)
        }
    }

    #[test]
    fn leapfrog_is_the_seedings_and_the_map_is_named() {
        let source = evidence(size(2, 16, 64), |run, task| {
            every(lcg64(seed(1, run, 0)), task, 16)
        });
        let results = CongruentialSplitting.run(&source);
        assert!(seedings(&results) < 1e-100, "{results:#?}");
        // Neighbours are one step of the generator apart: its multiplier is 0x5851f42d4c957f2d, of
        // which differences of 16 steps, multiples of 16, leave 60 bits.
        for part in ["0x851f42d4c957f2d x + 0x", "in all 64 words of 30 of 31"] {
            assert!(results[0].detail.contains(part), "{results:#?}");
        }
    }

    #[test]
    fn blocks_of_equal_length_are_the_seedings() {
        let source = evidence(wide(48, 16, 100), |_, task| {
            every(lcg48(99), task * 1000, 1)
        });
        assert!(seedings(&CongruentialSplitting.run(&source)) < 1e-50);
        let prime = evidence(wide(31, 16, 100), |_, task| {
            every(lcg31(99), task * 1000, 1)
        });
        assert!(seedings(&CongruentialSplitting.run(&prime)) < 1e-50);
    }

    #[test]
    fn three_equal_cuts_are_no_chance_and_two_are() {
        let cut = |equal: u32| {
            evidence(size(1, 40, 32), move |_, task| {
                let from = if task <= equal {
                    task * 100
                } else {
                    5000 + task * task
                };
                every(lcg64(5), from, 1)
            })
        };
        assert_eq!(least(&CongruentialSplitting.run(&cut(2))).0, 1.0);
        assert!(seedings(&CongruentialSplitting.run(&cut(3))) < 1e-12);
    }

    #[test]
    fn independent_states_never_share_a_map() {
        for salt in 0..40 {
            let full = evidence(size(2, 200, 32), |run, task| lcg64(seed(salt, run, task)));
            let short = evidence(wide(48, 200, 32), |run, task| lcg48(seed(salt, run, task)));
            let prime = evidence(wide(31, 200, 32), |run, task| {
                lcg31(1 + seed(salt, run, task) % 0x7fff_fffe)
            });
            let words = evidence(wide(32, 200, 32), sound(salt));
            for source in [full, short, prime, words] {
                assert_eq!(least(&CongruentialSplitting.run(&source)).0, 1.0);
            }
        }
    }
}

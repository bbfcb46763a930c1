//! Relations among any two to four streams, wherever they stand: found by a join, proven on the rest.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    aligned::aligned,
    lagged_relations::{self, TOP, VERIFIED},
    limits::ALL_PAIRS_OF,
    places::{Spot, inapplicable},
    views::{Frame, mix},
};
use crate::{
    joins::{Record, colliding},
    math::{Tails, binomial_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Pairs that one thread looks over at a time: time alone depends on it.
const LISTED: usize = 1 << 13;

/// Search for x(a) − x(b) = x(c) − x(d) and x(a) ^ x(b) = x(c) ^ x(d).
pub struct RelationSearch;

const SPEC: TestSpec = TestSpec {
    id: super::id::RELATION_SEARCH,
    null: "for any streams a, b, c, d (or none in place of some) the words x(a) − x(b) − x(c) + x(d) and x(a) ^ x(b) ^ x(c) ^ x(d) are independent and uniform; so are, of any three read at lags of up to 8 words, x(a) − x(b) − x(c) and x(a) ^ x(b) ^ x(c)",
    statistic: "pairs of streams joined by the rounded top bits of a few successive differences (xors), sums of two with single streams; of the relations found, the words elsewhere at which the combination's top 8 bits vanish",
    law: &[
        "binomial with probability 2^−8, times the number of relations that were searched, a fixed number: exact",
    ],
    sees: &[
        "streams in arithmetic relation whatever their index: linear generators with any seeds whose gaps repeat, truncated or not",
        "sums, trees, grids",
        "the streams are named",
    ],
    misses: &[
        "relations of five and more streams (the stacked rank sees the xor ones)",
        "relations that hold in few words",
        "at most 512 streams are searched, and about 170 for relations of three at lags of up to 8 words",
    ],
    source: "D. Wagner, A generalized birthday problem, CRYPTO 2002, doi:10.1007/3-540-45708-9_19: lists joined on sums",
    finding: FindingKind::LinearRelation,
    power_on: "the top 32 bits of a 48-bit linear generator with seeds 17, 30, 191, 204 among sound streams",
    depth: Depth::Full,
};

impl StatisticalTest for RelationSearch {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Combinations, "uniform bits");
        };
        let frame = Frame::new(evidence);
        let bits = width.min(16);
        if frame.streams() < 3 || frame.words() < 2 * (64 / bits) as usize {
            return inapplicable(&SPEC, View::Combinations, "three streams of eight words");
        }
        aligned(&SPEC, &frame, width, |frame| {
            let mut spots: Vec<Spot> = [PairOperation::Difference, PairOperation::Xor]
                .into_par_iter()
                .map(|kind| measure(frame, kind, bits))
                .collect();
            spots.extend(lagged_relations::spots(frame, bits));
            spots
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PairOperation {
    Difference,
    Xor,
}

impl PairOperation {
    fn apply(self, a: u64, b: u64) -> u64 {
        match self {
            Self::Difference => a.wrapping_sub(b),
            Self::Xor => a ^ b,
        }
    }
}

/// A row, or the zero stream.
type Member = Option<usize>;

/// The rows searched: the first ones of every run, evenly.
fn chosen(frame: &Frame<'_>) -> Vec<usize> {
    let each = ALL_PAIRS_OF.div_ceil(frame.runs().len());
    frame
        .runs()
        .iter()
        .flat_map(|run| run.clone().take(each))
        .take(ALL_PAIRS_OF)
        .collect()
}

fn measure(frame: &Frame<'_>, kind: PairOperation, bits: u32) -> Spot {
    let members: Vec<Member> = std::iter::once(None)
        .chain(chosen(frame).into_iter().map(Some))
        .collect();
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(members.len() * members.len());
    for a in 0..members.len() as u32 {
        for b in 0..a {
            pairs.push((a, b));
            if kind == PairOperation::Difference {
                // A difference is joined with either sign: rounding is not symmetric.
                pairs.push((b, a));
            }
        }
    }
    let window = (64 / bits) as usize;
    let searched = pairs.len() as f64 * pairs.len() as f64 / 2.0;
    let attempts = [0, (frame.words() - window) / 2];
    let mut best: Option<(Tails, f64, f64, [Member; 4])> = None;
    for &from in &attempts {
        for quad in candidates(frame, kind, bits, &members, &pairs, from..from + window) {
            let (hits, words) = vanishing(frame, kind, quad, from..from + window);
            let probability = f64::from(bits.min(TOP)).exp2().recip();
            let tails = Tails::upper_only(binomial_tails(hits, words, probability).ln_upper)
                .times(searched * attempts.len() as f64);
            let expected = words as f64 * probability;
            if best.is_none_or(|(least, ..)| tails.ln_upper < least.ln_upper) {
                best = Some((tails, hits as f64, expected, quad));
            }
        }
    }
    let name = match kind {
        PairOperation::Difference => "difference",
        PairOperation::Xor => "xor",
    };
    let streams = members.len() - 1;
    let (tails, statistic, expected, quad) = best.unwrap_or((Tails::CERTAIN, 0.0, 0.0, [None; 4]));
    Spot::new(
        View::Combinations,
        format!("pairs of {streams} streams with equal {name}"),
        tails,
        (statistic, expected),
    )
    .of(quad
        .into_iter()
        .flatten()
        .map(|row| frame.id(row))
        .collect())
}

/// Relations whose rounded combinations agree all over the window, at most [`VERIFIED`] of them.
fn candidates(
    frame: &Frame<'_>,
    kind: PairOperation,
    bits: u32,
    members: &[Member],
    pairs: &[(u32, u32)],
    window: std::ops::Range<usize>,
) -> Vec<[Member; 4]> {
    // The words of the window, member after member.
    let mut words = Vec::with_capacity(members.len() * window.len());
    for member in members {
        match member {
            Some(row) => words.extend_from_slice(&frame.row(*row)[window.clone()]),
            None => words.resize(words.len() + window.len(), 0),
        }
    }
    let of = |member: u32| &words[member as usize * window.len()..][..window.len()];
    let rounding = match kind {
        // Half a unit of what is kept, so that differences that differ by little round alike.
        PairOperation::Difference if bits < 64 => 1 << (63 - bits),
        _ => 0,
    };
    let records: Vec<Record> = pairs
        .par_iter()
        .enumerate()
        .map(|(i, &(a, b))| {
            let key = of(a).iter().zip(of(b)).fold(0_u64, |key, (&a, &b)| {
                let combined = kind.apply(a, b).wrapping_add(rounding);
                key.unbounded_shl(bits) | combined >> (64 - bits)
            });
            Record {
                key,
                place: i as u64,
            }
        })
        .collect();
    let lists: Vec<&[Record]> = records.chunks(LISTED).collect();
    let member = |at: u32| members[at as usize];
    let mut found: Vec<[Member; 4]> = colliding(&lists)
        .windows(2)
        .filter(|next| next[0].key == next[1].key)
        .map(|next| {
            let ((a, b), (c, d)) = (pairs[next[0].place as usize], pairs[next[1].place as usize]);
            [member(a), member(b), member(c), member(d)]
        })
        .filter(|&quad| compared(frame, quad))
        .collect();
    if found.len() > VERIFIED {
        // An even choice of what are then very many relations.
        let step = found.len() / VERIFIED;
        let offset = mix(found.len() as u64) as usize % step;
        found = found
            .into_iter()
            .skip(offset)
            .step_by(step)
            .take(VERIFIED)
            .collect();
    }
    found
}

/// In the control no two members may stand at one offset; every relation needs two streams, one of
/// them with an odd coefficient.
fn compared(frame: &Frame<'_>, quad: [Member; 4]) -> bool {
    let [a, b, c, d] = quad;
    if a == d && b == c {
        return false;
    }
    let mut rows: Vec<usize> = quad.into_iter().flatten().collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len() > 1
        && rows
            .iter()
            .enumerate()
            .all(|(i, &a)| rows[..i].iter().all(|&b| !frame.still_aligned(a, b)))
}

/// Words outside the window at which the combination's top bits vanish, and how many there are.
fn vanishing(
    frame: &Frame<'_>,
    kind: PairOperation,
    quad: [Member; 4],
    window: std::ops::Range<usize>,
) -> (u64, u64) {
    let zeros = vec![0; frame.words()];
    let row = |member: Member| member.map_or(zeros.as_slice(), |row| frame.row(row));
    let [a, b, c, d] = quad.map(row);
    // Within a 512th of 0 on either side: 2^-8 of the range.
    let half = match kind {
        PairOperation::Difference => 1 << (63 - TOP),
        PairOperation::Xor => 0,
    };
    let mut hits = 0;
    for t in (0..window.start).chain(window.end..frame.words()) {
        let combined = kind
            .apply(kind.apply(a[t], b[t]), kind.apply(c[t], d[t]))
            .wrapping_add(half);
        hits += u64::from(combined >> (64 - TOP) == 0);
    }
    (hits, (frame.words() - window.len()) as u64)
}

//! What all streams have in common: sums over streams at equal index.

mod laws;

use rayon::prelude::*;

use self::laws::SquareLaws;

use super::{
    StatisticalTest,
    aligned::aligned,
    combine::{bit_balance, cells_tails, field_bits},
    limits::PARTS,
    places::{Spot, inapplicable},
    views::Frame,
};
use crate::{
    kernels::{
        BLOCK,
        bytes::FieldCounter,
        columns::{ColumnSquares, SquareSums},
        positional::PositionalCounter,
    },
    math::chi_square_statistic,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Streams summed at most: more find weaker components, in time that grows as much.
const STREAMS: usize = 8192;

/// Components shared by all streams.
pub struct CommonComponent;

const SPEC: TestSpec = TestSpec {
    id: "common-component",
    null: "at every index and bit position the ones among S streams are binomial(S, 1/2), independently; the sum and the xor over all streams are uniform words",
    statistic: "Σ over indices of (ones − S/2)², for all positions together and for the worst; χ² and bit balance of the modular sum and of the xor of all streams",
    law: &[
        "Chernoff bound from the exact generating function of a squared centred binomial (bounded by that of a squared Gaussian above 512 streams)",
        "χ² with p doubled, binomial",
    ],
    sees: &[
        "a weak component common to all streams, far below what any pair shows: 64 streams that take one word in 64 from a common source",
        "streams that are stratified against each other",
        "a last stream that makes a total come out",
    ],
    misses: &[
        "components that only a few streams share",
        "at most 8,192 streams are summed",
    ],
    source: "H. Hotelling, Analysis of a complex of statistical variables into principal components, J. Educ. Psychol. 24 (1933): the first component; bound after H. Chernoff, Ann. Math. Stat. 23 (1952), doi:10.1214/aoms/1177729330",
    finding: FindingKind::CommonComponent,
    power_on: "64 streams take one word in 64 from a common source",
    depth: Depth::Full,
};

impl StatisticalTest for CommonComponent {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Column, "uniform bits");
        };
        let frame = Frame::new(evidence);
        if frame.streams() < 2 || frame.words() == 0 {
            return inapplicable(&SPEC, View::Column, "two streams with words in common");
        }
        aligned(&SPEC, &frame, width, |frame| measure(frame, width))
    }
}

fn measure(frame: &Frame<'_>, width: u32) -> Vec<Spot> {
    let most = STREAMS / frame.runs().len().max(1);
    let runs: Vec<Vec<usize>> = frame
        .runs()
        .iter()
        .map(|run| run.clone().take(most).collect())
        .filter(|run: &Vec<usize>| !run.is_empty())
        .collect();
    let mut spots = totals(frame, width, &runs);
    if frame.is_shifted() {
        // Rows at one offset go apart, within runs and over all runs.
        let everything: Vec<usize> = runs.concat();
        let within: Vec<Vec<usize>> = runs.iter().flat_map(|run| apart(frame, run)).collect();
        spots.extend(squares(frame, width, EACH, &group_sums(frame, &within)));
        if runs.len() > 1 {
            spots.extend(squares(
                frame,
                width,
                ALL,
                &group_sums(frame, &apart(frame, &everything)),
            ));
        }
    } else {
        let (each, all) = run_sums(frame, &runs);
        spots.extend(squares(frame, width, EACH, &each));
        if runs.len() > 1 {
            spots.extend(squares(frame, width, ALL, &[all]));
        }
    }
    spots
}

const EACH: &str = "streams of one run";
const ALL: &str = "streams of all runs";

/// Σ (2 ones − S)² over the indices, by bit position, for one group of S streams.
struct GroupSums {
    streams: u64,
    sums: [u64; 64],
}

/// In the control, rows that stand at one offset go to different groups.
fn apart(frame: &Frame<'_>, rows: &[usize]) -> Vec<Vec<usize>> {
    if !frame.is_shifted() {
        return vec![rows.to_vec()];
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    for &row in rows {
        let times = seen.entry(frame.offset(row)).or_insert(0);
        if groups.len() <= *times {
            groups.push(Vec::new());
        }
        groups[*times].push(row);
        *times += 1;
    }
    groups
}

/// The places of the squares of some groups.
fn squares(frame: &Frame<'_>, width: u32, label: &str, groups: &[GroupSums]) -> Vec<Spot> {
    let base = (64 - width) as usize;
    let laws = SquareLaws::new(
        groups.iter().map(|group| group.streams),
        frame.words() as f64,
    );
    // Σ (2 ones − S)² is four times what the law speaks of.
    let at =
        |position: usize| groups.iter().map(|group| group.sums[position]).sum::<u64>() as f64 / 4.0;
    let total: f64 = (base..64).map(at).sum();
    let positions = f64::from(width);
    let worst = (base..64)
        .max_by(|&a, &b| {
            (at(a) - laws.mean)
                .abs()
                .total_cmp(&(at(b) - laws.mean).abs())
        })
        .expect("width is at least 1");
    let spot = |what: String, tails, statistic, expected| {
        Spot::new(
            View::Column,
            format!("{label}: {what}"),
            tails,
            (statistic, expected),
        )
        .kin("squares")
    };
    vec![
        spot(
            "ones at equal index".into(),
            laws.tails(positions, total),
            total,
            laws.mean * positions,
        ),
        spot(
            format!("ones at equal index, bit {}", worst - base),
            laws.tails(1.0, at(worst)).times(positions),
            at(worst),
            laws.mean,
        ),
    ]
}

/// The modular sum and the xor over each run's streams, which any one stream makes uniform.
fn totals(frame: &Frame<'_>, width: u32, runs: &[Vec<usize>]) -> Vec<Spot> {
    let words = frame.words();
    let total = (words * runs.len()) as u64;
    let Some(field) = field_bits(total, width) else {
        return Vec::new();
    };
    let count = || {
        (
            FieldCounter::new(64 - field, field),
            PositionalCounter::default(),
        )
    };
    let mut counters = [count(), count()];
    let (mut sums, mut xors) = (vec![0_u64; words], vec![0_u64; words]);
    for rows in runs {
        sums.par_chunks_mut(BLOCK)
            .zip(xors.par_chunks_mut(BLOCK))
            .enumerate()
            .for_each(|(block, (sums, xors))| {
                let span = block * BLOCK..block * BLOCK + sums.len();
                sums.copy_from_slice(&frame.row(rows[0])[span.clone()]);
                xors.copy_from_slice(sums);
                for &row in &rows[1..] {
                    let row = &frame.row(row)[span.clone()];
                    for ((sum, xor), word) in sums.iter_mut().zip(&mut *xors).zip(row) {
                        *sum = sum.wrapping_add(*word);
                        *xor ^= word;
                    }
                }
            });
        for ((top, bits), words) in counters.iter_mut().zip([&sums, &xors]) {
            top.add(words);
            bits.add(words);
        }
    }
    let mut spots = Vec::new();
    for (name, (top, bits)) in ["sum", "xor"].into_iter().zip(&counters) {
        let spot = |what: String, tails, statistic, expected| {
            Spot::new(
                View::Column,
                format!("{name} over the streams of a run, {what}"),
                tails,
                (statistic, expected),
            )
            .kin("totals")
        };
        let balance = bit_balance(&bits.counts(), total, width);
        spots.push(spot(
            format!("bit {}", balance.bit),
            balance.tails,
            balance.ones as f64,
            total as f64 / 2.0,
        ));
        let x = chi_square_statistic(&top.counts());
        spots.push(spot(
            format!("top {field} bits"),
            cells_tails(x, 1 << field),
            x,
            f64::from((1_u32 << field) - 1),
        ));
    }
    spots
}

/// The squares of every run, and of all runs together, in one reading.
fn run_sums(frame: &Frame<'_>, runs: &[Vec<usize>]) -> (Vec<GroupSums>, GroupSums) {
    let blocks = frame.words().div_ceil(BLOCK);
    let parts = blocks.min(PARTS);
    let parts: Vec<Vec<[u64; 64]>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let mut sums: Vec<SquareSums> = Vec::new();
            sums.resize_with(runs.len() + 1, SquareSums::default);
            for block in part * blocks / parts..(part + 1) * blocks / parts {
                let span = block * BLOCK..frame.words().min((block + 1) * BLOCK);
                let mut all: Option<ColumnSquares> = None;
                for (rows, sums) in runs.iter().zip(&mut sums) {
                    let mut run = ColumnSquares::new(span.len());
                    for &row in rows {
                        run.add(&frame.row(row)[span.clone()]);
                    }
                    run.measure(sums);
                    match &mut all {
                        None => all = Some(run),
                        Some(all) => all.merge(&mut run),
                    }
                }
                if let (Some(all), Some(sums)) = (&mut all, sums.last_mut()) {
                    all.measure(sums);
                }
            }
            sums.iter().map(SquareSums::finish).collect()
        })
        .collect();
    let group = |streams: usize, place: usize| GroupSums {
        streams: streams as u64,
        sums: std::array::from_fn(|bit| parts.iter().map(|sums| sums[place][bit]).sum()),
    };
    let each = runs
        .iter()
        .enumerate()
        .map(|(i, rows)| group(rows.len(), i))
        .collect();
    (each, group(runs.iter().map(Vec::len).sum(), runs.len()))
}

/// The squares of arbitrary groups; those of a single row say nothing.
fn group_sums(frame: &Frame<'_>, groups: &[Vec<usize>]) -> Vec<GroupSums> {
    groups
        .par_iter()
        .filter(|rows| rows.len() > 1)
        .map(|rows| {
            let mut sums = SquareSums::default();
            for from in (0..frame.words()).step_by(BLOCK) {
                let span = from..frame.words().min(from + BLOCK);
                let mut squares = ColumnSquares::new(span.len());
                for &row in rows {
                    squares.add(&frame.row(row)[span.clone()]);
                }
                squares.measure(&mut sums);
            }
            GroupSums {
                streams: rows.len() as u64,
                sums: sums.finish(),
            }
        })
        .collect()
}

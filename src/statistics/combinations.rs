//! Small-coefficient combinations of two to four streams.

use super::{
    StatisticalTest,
    aligned::aligned_families,
    combine::{Family, LEADING, Op, VARIED},
    views::Frame,
};
use crate::{
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Strides of the mixed second difference: more find grids of longer rows, and each place must stand out
/// more.
const STRIDES: usize = 96;

/// Combinations with coefficients −2 … 1 must be uniform.
pub struct Combinations;

const SPEC: TestSpec = TestSpec {
    id: "combinations",
    null: "second differences x(t) − 2x(t+1) + x(t+2), sums x(t) + x(t+1), mixed differences x(t) − x(t+1) − x(t+k) + x(t+k+1) for every small k, and the same and the xor over index quads (t, t^a, t^b, t^a^b) are independent uniform words",
    statistic: "balance of every bit, χ² of the top and of the lowest bits, repeated values; the least of all places",
    law: &[
        "exact: every tuple brings a fresh stream",
        "binomial, χ² with expected counts of at least 64 and p doubled, occupancy bound",
    ],
    sees: &[
        "linear generators with seeds in arithmetic progression or on a grid, truncated or not",
        "task trees that split by adding",
        "streams that add up",
    ],
    misses: &[
        "relations whose members stand at other places: the relation search and the stacked rank look for those",
    ],
    source: "J. Lee, D. Stafford and others, Julia issue 49064 and pull request 49110 (2023); A. De Matteis, S. Pagnutti, Parallelization of random number generators and long-range correlations, Numer. Math. 53 (1988), doi:10.1007/BF01397554",
    finding: FindingKind::LinearRelation,
    power_on: "the top 32 bits of a 48-bit linear generator with seeds 0, 1, 2 …",
    depth: Depth::Full,
};

impl StatisticalTest for Combinations {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        aligned_families(
            &SPEC,
            View::Combinations,
            evidence,
            families,
            "128 combined words",
        )
    }
}

fn families(frame: &Frame<'_>) -> Vec<Family> {
    let mut families = Vec::new();
    let mut add = |label: String, op: Op, cap: usize, tuples: Vec<[u32; 4]>| {
        if !tuples.is_empty() && frame.words() > 0 {
            families.push(Family {
                view: View::Combinations,
                label,
                op,
                tuples,
                cap,
            });
        }
    };
    add(
        "sum of tasks t and t + 1".into(),
        Op::Sum,
        LEADING,
        in_a_row::<2>(frame),
    );
    add(
        "second difference of tasks t, t + 1, t + 2".into(),
        Op::Second,
        LEADING,
        in_a_row::<3>(frame),
    );
    for (which, pick) in [("lowest", lowest as fn(u32) -> u32), ("highest", highest)] {
        let tuples = quads(frame, LEADING, |task| {
            let first = pick(task);
            (first, pick(task & !first))
        });
        add(
            format!("task t with its {which} two set bits cleared, one, other and both"),
            Op::Quad,
            LEADING,
            tuples.clone(),
        );
        add(
            format!("xor of task t with its {which} two set bits cleared, one, other and both"),
            Op::XorQuad,
            VARIED,
            tuples,
        );
    }
    add(
        "one-task difference of consecutive runs, between tasks t and t + 1".into(),
        Op::Quad,
        LEADING,
        across_runs(frame),
    );

    let longest = frame.runs().iter().map(|run| run.len()).max().unwrap_or(0);
    for stride in 2..longest.min(STRIDES) {
        add(
            format!("x(t) − x(t+1) − x(t+{stride}) + x(t+{stride}+1)"),
            Op::Quad,
            VARIED,
            mixed(frame, stride, VARIED),
        );
    }
    let largest = (0..frame.streams())
        .map(|row| frame.id(row).task.0)
        .max()
        .unwrap_or(0);
    let bits = 32 - largest.leading_zeros();
    for high in 1..bits.min(12) {
        for low in 0..high {
            let (a, b) = (1 << low, 1 << high);
            let tuples = quads(frame, VARIED, |task| {
                if task & a != 0 && task & b != 0 {
                    (a, b)
                } else {
                    (0, 0)
                }
            });
            add(
                format!("x(t) − x(t^{a}) − x(t^{b}) + x(t^{})", a | b),
                Op::Quad,
                VARIED,
                tuples,
            );
        }
    }
    families
}

fn lowest(task: u32) -> u32 {
    task & task.wrapping_neg()
}

fn highest(task: u32) -> u32 {
    task.checked_ilog2().map_or(0, |bit| 1 << bit)
}

/// N rows in a row, the last first: it is the fresh one.
fn in_a_row<const N: usize>(frame: &Frame<'_>) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for run in frame.runs() {
        for last in run.start + N - 1..run.end {
            let last = last as u32;
            tuples.push(std::array::from_fn(|i| last - i.min(N - 1) as u32));
        }
    }
    tuples
}

/// (t, t^a, t^b, t^a^b) with both bits set in t, so that t is the largest and fresh; bits of 0 skip.
fn quads(frame: &Frame<'_>, limit: usize, bits: impl Fn(u32) -> (u32, u32)) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for row in 0..frame.streams() {
        if tuples.len() == limit {
            break;
        }
        let id = frame.id(row);
        let (a, b) = bits(id.task.0);
        if a == 0 || b == 0 {
            continue;
        }
        let find = |task: u32| frame.find(id.run, task).map(|row| row as u32);
        if let (Some(one), Some(other), Some(both)) = (
            find(id.task.0 ^ a),
            find(id.task.0 ^ b),
            find(id.task.0 ^ a ^ b),
        ) {
            tuples.push([row as u32, one, other, both]);
        }
    }
    tuples
}

/// (t + k + 1, t + k, t + 1, t).
fn mixed(frame: &Frame<'_>, stride: usize, limit: usize) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for run in frame.runs() {
        for last in run.start + stride + 1..run.end {
            if tuples.len() == limit {
                return tuples;
            }
            let (last, stride) = (last as u32, stride as u32);
            tuples.push([last, last - 1, last - stride, last - stride - 1]);
        }
    }
    tuples
}

/// Neighbouring tasks in consecutive runs.
fn across_runs(frame: &Frame<'_>) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for runs in frame.runs().windows(2) {
        let before = frame.id(runs[0].start).run;
        for row in runs[1].start + 1..runs[1].end {
            let find = |row: usize| {
                frame
                    .find(before, frame.id(row).task.0)
                    .map(|row| row as u32)
            };
            if let (Some(same), Some(left)) = (find(row), find(row - 1)) {
                tuples.push([row as u32, row as u32 - 1, same, left]);
            }
        }
    }
    tuples
}

//! Neighbouring streams, combined two by two.

use super::{
    StatisticalTest,
    aligned::aligned_families,
    combine::{self, Family, Op},
    views::Frame,
};
use crate::{
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Xor and difference of neighbours must be uniform.
pub struct Neighbours;

const SPEC: TestSpec = TestSpec {
    id: "neighbours",
    null: "the xor and the difference, word by word, of neighbouring streams (tasks t and t + 1, t + 2, t + 4 …, one-bit flips of t, one task in consecutive runs) are independent uniform words",
    statistic: "balance of every bit, χ² of the top and of the lowest bits, repeated values; the least of all places",
    law: &[
        "exact: every pair brings a fresh stream, so combined words are independent and uniform",
        "binomial, χ² with expected counts of at least 64 and p doubled, occupancy bound",
    ],
    sees: &[
        "streams that differ by little or by something constant: near seeds, antithetic or nearly equal streams, shared high or low bits",
    ],
    misses: &["relations among three or more streams, and differences that vary from word to word"],
    source: "A. Srinivasan, M. Mascagni, D. Ceperley, Testing parallel random number generators, Parallel Computing 29 (2003), doi:10.1016/S0167-8191(02)00163-1",
    finding: FindingKind::RelatedNeighbours,
    power_on: "task t starts 64 steps of a Weyl sequence after task t − 1",
    depth: Depth::Full,
};

impl StatisticalTest for Neighbours {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        aligned_families(
            &SPEC,
            View::NeighbourXor,
            evidence,
            families,
            "128 words of neighbouring streams",
        )
    }
}

fn families(frame: &Frame<'_>) -> Vec<Family> {
    let (leading, varied) = (2 * combine::LEADING, 2 * combine::VARIED);
    let mut families = Vec::new();
    let mut both = |label: &str, cap: usize, tuples: Vec<[u32; 4]>, same_task: bool| {
        if tuples.is_empty() || frame.words() == 0 {
            return;
        }
        for (op, name, view) in [
            (Op::Xor, "xor", View::NeighbourXor),
            (Op::Difference, "difference", View::NeighbourDifference),
        ] {
            families.push(Family {
                view: if same_task { View::SameTask } else { view },
                label: format!("{name} of {label}"),
                op,
                tuples: tuples.clone(),
                cap,
            });
        }
    };
    both(
        "tasks t and t + 1",
        leading,
        strided(frame, 1, leading),
        false,
    );
    both(
        "one task in consecutive runs",
        leading,
        same_task(frame),
        true,
    );
    let longest = frame.runs().iter().map(|run| run.len()).max().unwrap_or(0);
    let mut stride = 2;
    while stride < longest {
        both(
            &format!("tasks t and t + {stride}"),
            varied,
            strided(frame, stride, varied),
            false,
        );
        both(
            &format!("tasks t and t ^ {stride}"),
            varied,
            flipped(frame, stride, varied),
            false,
        );
        stride *= 2;
    }
    families
}

/// (t + stride, t) for every t of every run, by place in the run.
fn strided(frame: &Frame<'_>, stride: usize, limit: usize) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for run in frame.runs() {
        for later in run.start + stride..run.end {
            if tuples.len() == limit {
                return tuples;
            }
            let (later, earlier) = (later as u32, (later - stride) as u32);
            tuples.push([later, earlier, later, later]);
        }
    }
    tuples
}

/// (t ^ bit, t) for every t without the bit, by task number.
fn flipped(frame: &Frame<'_>, bit: usize, limit: usize) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for row in 0..frame.streams() {
        if tuples.len() == limit {
            break;
        }
        let id = frame.id(row);
        if id.task.0 & bit as u32 != 0
            && let Some(other) = frame.find(id.run, id.task.0 ^ bit as u32)
        {
            let (row, other) = (row as u32, other as u32);
            tuples.push([row, other, row, row]);
        }
    }
    tuples
}

/// One task in a run and in the run before.
fn same_task(frame: &Frame<'_>) -> Vec<[u32; 4]> {
    let mut tuples = Vec::new();
    for runs in frame.runs().windows(2) {
        let before = frame.id(runs[0].start).run;
        for row in runs[1].clone() {
            if let Some(other) = frame.find(before, frame.id(row).task.0) {
                let (row, other) = (row as u32, other as u32);
                tuples.push([row, other, row, row]);
            }
        }
    }
    tuples
}

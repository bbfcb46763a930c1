//! A strategy and a statistical test of one's own, added from outside the crate.
//!
//!     cargo run --release --example add_your_own
//!
//! The strategy seeds SplitMix64 with the task's index times a constant; the test counts how often
//! neighbouring tasks agree in their first bit.

use std::{error::Error, num::NonZeroU32};

use seedbench::{
    analyze,
    generators::BitStream,
    harness::ThreadsBackend,
    plan::Plan,
    record::CellOutcome,
    results::{Depth, FindingKind, Outcome, TestResult, TestSpec, View},
    run::run_among,
    statistics::StatisticalTest,
    strategies::{
        Fact, PerTask, Promise, Promises, Scope, SeedSpace, Seeder, SeedingStrategy, Spec,
        Unsupported,
    },
    vocabulary::{
        BackendKind, Evidence, Format, Law, PValue, Root, RootSeed, RunId, RunInfo, Site, StreamId,
    },
};

/// SplitMix64 (Steele, Lea and Flood 2014).
struct SplitMix(u64);

impl BitStream for SplitMix {
    fn fill(&mut self, block: &mut [u64]) {
        block.fill_with(|| {
            self.0 = self.0.wrapping_add(STEP);
            let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ z >> 31
        });
    }
}

/// What SplitMix64 adds to its state at every step.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Task i starts i steps after task 0: every stream is the next one, a word later.
struct OneStepApart;

static ONE_STEP_APART: OneStepApart = OneStepApart;

static SPEC: Spec = Spec {
    id: "one-step-apart/splitmix64",
    scope: Scope::Task,
    summary: "the task's index times the generator's own step is the seed",
    formula: "state = root + index · 0x9e3779b97f4a7c15",
    reads: &[Fact::Root, Fact::TaskIndex],
    fails: "Every task draws what the task before it draws, one word later.",
    reference: "-",
    promises: &[(
        BackendKind::Threads,
        Promises::of(&[Promise::Distinct, Promise::Independent]),
    )],
    seed_space: SeedSpace::Random { bits: 64.0 },
    claims: &[],
};

impl SeedingStrategy for OneStepApart {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, root: Root, _: NonZeroU32) -> Result<Box<dyn Seeder>, Unsupported> {
        let [low, high, ..] = root.seed().words32();
        let seed = u64::from(high) << 32 | u64::from(low);
        Ok(Box::new(PerTask(move |site: &Site| {
            let steps = u64::from(site.task.0).wrapping_mul(STEP);
            Box::new(SplitMix(seed.wrapping_add(steps))) as Box<dyn BitStream>
        })))
    }
}

/// How many neighbouring tasks have the same top bit in their first word.
struct SameFirstBit;

static SAME_FIRST_BIT: TestSpec = TestSpec {
    id: "same-first-bit",
    null: "the top bits of the first words are independent fair bits",
    statistic: "neighbouring streams whose first words have the same top bit",
    law: &["binomial, here bounded by Hoeffding: P(|X − n/2| ≥ d) ≤ 2 exp(−2 d² / n)"],
    sees: &["first draws that rise or fall with the task"],
    misses: &["everything else"],
    source: "W. Hoeffding, Probability inequalities for sums of bounded random variables, JASA 58 (1963)",
    finding: FindingKind::BiasedStart,
    power_on: "streams whose first words all have the top bit set",
    depth: Depth::Screen,
};

impl StatisticalTest for SameFirstBit {
    fn spec(&self) -> &'static TestSpec {
        &SAME_FIRST_BIT
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let first = |stream: usize| evidence.stream(stream).first().map(|word| word >> 63);
        let pairs = evidence.streams().saturating_sub(1);
        let same = (0..pairs).filter(|&at| first(at) == first(at + 1)).count();
        let (pairs, same) = (pairs as f64, same as f64);
        let distance = same - pairs / 2.0;
        let bound = 2.0 * (-2.0 * distance * distance / pairs.max(1.0)).exp();
        let outcome = match PValue::upper_only(bound.min(1.0)) {
            Ok(p) => Outcome::Tested {
                p,
                law: Law::Exact,
                statistic: same,
                expected: pairs / 2.0,
            },
            Err(_) => Outcome::Inapplicable {
                needs: "two streams".into(),
            },
        };
        vec![TestResult::new(
            SAME_FIRST_BIT.id,
            View::Transposed { words: 1 },
            outcome,
        )]
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let plan = Plan {
        strategies: vec![SPEC.id.to_owned()],
        backends: vec![BackendKind::Threads],
        tasks: 16,
        words: 1024,
        root: RootSeed::from_u64(1),
        fixed: true,
        ..Plan::quick()
    };
    let outcome = run_among(&plan, &[&ONE_STEP_APART], &[&ThreadsBackend], &mut ())?;
    for cell in &outcome.cells {
        if let CellOutcome::Judged(result) = &cell.outcome {
            println!("{}: {}", SPEC.id, result.judgement.verdict.name());
            for finding in &result.judgement.findings {
                println!("  {}: {}", finding.rule, finding.message);
            }
        }
    }

    let seeder = ONE_STEP_APART.prepare(Root::Given(plan.root), NonZeroU32::new(64).unwrap())?;
    let mut words = Vec::new();
    let ids: Vec<StreamId> = (0..64).map(|task| StreamId::new(0, task)).collect();
    for id in &ids {
        let mut block = [0; 16];
        let site = Site {
            task: id.task,
            ..Site::default()
        };
        seeder.enter(&site).open(&site).fill(&mut block);
        words.extend(block);
    }
    let run = RunInfo::fresh(RunId(0));
    let evidence = Evidence::uniform(words, ids, 16, vec![run], Format::WORDS)?;
    for result in analyze::retest(&evidence, &[&SameFirstBit]) {
        println!("{}: p = {:.3}", result.test, result.p().unwrap_or(1.0));
    }
    Ok(())
}

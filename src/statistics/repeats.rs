//! Equal elements among streams that are not equal: too many, and too few.

use super::StatisticalTest;
use crate::{
    joins::{self, JoinArena},
    math::{Tails, ln_no_collision, occupancy_tails, poisson_tails},
    results::{Depth, Duplicates, FindingKind, Outcome, TestResult, TestSpec, View},
    vocabulary::{Evidence, Format, Law, Marginal, PValue},
};

/// More equal elements than chance gives.
pub struct ExcessRepeats;

/// Fewer equal elements than chance gives.
pub struct MissingRepeats;

const SOURCE: &str = "D. E. Knuth, The Art of Computer Programming, vol. 2, 3.3.2 (collision test); L'Ecuyer, Simard, TestU01 (2007), doi:10.1145/1268776.1268777";

const EXCESS: TestSpec = TestSpec {
    id: "excess-repeats",
    null: "the elements of all different streams are independent and uniform at their own width",
    statistic: "elements that occurred before, equal streams counted once",
    law: &[
        "occupancy law: exact up to 2,048 elements, a proven bound beyond",
        "for one unlabelled list of real numbers a bound on many repeated pairs at once",
    ],
    sees: &["shared pieces too short for a window, races, a pool whose workers walk one sequence"],
    misses: &["copies in disguise"],
    source: SOURCE,
    finding: FindingKind::RepeatedWords,
    power_on: "100 draws of 8 workers that inherited one state",
    depth: Depth::Screen,
};

const MISSING: TestSpec = TestSpec {
    id: "missing-repeats",
    null: EXCESS.null,
    statistic: EXCESS.statistic,
    law: &[
        "occupancy law, lower tail: exact up to 2,048 elements, a proven bound beyond",
        "only where at least 8 repeats are expected",
    ],
    sees: &[
        "values dealt without replacement: counters, permutations, a state no larger than the output",
    ],
    misses: &["anything at widths where repeats are not to be expected"],
    source: SOURCE,
    finding: FindingKind::TooFewRepeats,
    power_on: "a shuffled list of all 16-bit values",
    depth: Depth::Screen,
};

/// Repeats expected, at least, where their lack says something: with fewer, none at all is chance.
const LEAST_EXPECTED: f64 = 8.0;

/// Bits of collision entropy, at least, at which repeated real numbers say something: with fewer, they repeat
/// by themselves.
const LEAST_BITS: f64 = 30.0;

impl StatisticalTest for ExcessRepeats {
    fn spec(&self) -> &'static TestSpec {
        &EXCESS
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        vec![excess(evidence, count(evidence).as_ref())]
    }
}

impl StatisticalTest for MissingRepeats {
    fn spec(&self) -> &'static TestSpec {
        &MISSING
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        vec![missing(evidence, count(evidence).as_ref())]
    }
}

/// Whether the test reads counted duplicates: [`results`] runs it.
pub(crate) fn reads_duplicates(test: &str) -> bool {
    [EXCESS.id, MISSING.id].contains(&test)
}

/// Both tests of this evidence without equal streams, on duplicates that were `counted` already or
/// are counted once for both, where the depth pays for it.
pub(crate) fn results(
    evidence: &Evidence,
    counted: Option<&Duplicates>,
    depth: Depth,
) -> Vec<TestResult> {
    let own = match counted {
        None if joins::counts_elements(depth, evidence.words().len()) => count(evidence),
        None => {
            let needs = "a full analysis: a screen of so many elements does not count them all";
            return vec![inapplicable(&EXCESS, needs), inapplicable(&MISSING, needs)];
        }
        Some(_) => None,
    };
    let duplicates = counted.or(own.as_ref());
    vec![excess(evidence, duplicates), missing(evidence, duplicates)]
}

fn count(evidence: &Evidence) -> Option<Duplicates> {
    let width = evidence.format().uniform_width().unwrap_or(64);
    (!evidence.words().is_empty())
        .then(|| joins::duplicates(evidence, width, &mut JoinArena::new()))
}

fn excess(evidence: &Evidence, duplicates: Option<&Duplicates>) -> TestResult {
    let Some(duplicates) = duplicates.filter(|d| d.elements_of_distinct_streams > 1) else {
        return inapplicable(&EXCESS, "two elements");
    };
    let Some(width) = evidence.format().uniform_width() else {
        return of_real_numbers(evidence, duplicates);
    };
    let elements = duplicates.elements_of_distinct_streams;
    let repeats = duplicates.repeats_between_distinct_streams;
    let tails = occupancy_tails(elements, f64::from(width).exp2(), elements - repeats);
    // Few distinct values are many repeats.
    let upper = Tails::upper_only(tails.ln_lower);
    tested(
        &EXCESS,
        upper,
        repeats as f64,
        expected(elements, width),
        within_streams(evidence, duplicates, width),
    )
}

fn missing(evidence: &Evidence, duplicates: Option<&Duplicates>) -> TestResult {
    let needs = "uniform bits, and so many elements that eight repeats are expected";
    let Some((duplicates, width)) = duplicates.zip(evidence.format().uniform_width()) else {
        return inapplicable(&MISSING, needs);
    };
    let elements = duplicates.elements_of_distinct_streams;
    let expected = expected(elements, width);
    if expected < LEAST_EXPECTED {
        return inapplicable(&MISSING, needs);
    }
    let repeats = duplicates.repeats_between_distinct_streams;
    let tails = occupancy_tails(elements, f64::from(width).exp2(), elements - repeats);
    let upper = Tails::upper_only(tails.ln_upper);
    tested(&MISSING, upper, repeats as f64, expected, None)
}

/// n − N (1 − (1 − 1/N)ⁿ), without cancellation where repeats are rare.
fn expected(elements: u64, width: u32) -> f64 {
    let (n, cells) = (elements as f64, f64::from(width).exp2());
    if n / cells < 1e-4 {
        n * (n - 1.0) / (2.0 * cells)
    } else {
        n - crate::math::expected_distinct(n, cells)
    }
}

/// The control: repeats inside single streams, which are the generator's. They lie below a Poisson
/// variable with mean −Σ ln P(no repeat in the stream), by the coupling of the occupancy bound.
fn within_streams(evidence: &Evidence, duplicates: &Duplicates, width: u32) -> Option<PValue> {
    if evidence.streams() < 2 || duplicates.total != duplicates.elements_of_distinct_streams {
        return None;
    }
    let mean: f64 = (0..evidence.streams())
        .map(|stream| {
            -ln_no_collision(evidence.stream(stream).len() as f64, f64::from(width)).min(0.0)
        })
        .sum();
    // A stream longer than there are values repeats for certain: it says nothing.
    if !mean.is_finite() {
        return None;
    }
    let upper = poisson_tails(duplicates.within_streams, mean).upper();
    PValue::upper_only(upper).ok()
}

/// One unlabelled list of real numbers a run: repeats of values that ought to be unique.
///
/// Among n independent draws with collision probability c, the probability that some k disjoint
/// pairs are equal is at most (C(n, 2) c)^k / k!. The two commonest values are left out, since
/// numbers are often clamped to a range, and nothing is said where most values occur once.
fn of_real_numbers(evidence: &Evidence, duplicates: &Duplicates) -> TestResult {
    let needs = "uniform bits, or one unlabelled list of real numbers or identifiers";
    let Format::Other {
        marginal: Marginal::Continuous | Marginal::Identifier,
        bits_per_element,
    } = evidence.format()
    else {
        return inapplicable(&EXCESS, needs);
    };
    let unlabelled = evidence.streams() <= evidence.runs().len();
    if !unlabelled || bits_per_element < LEAST_BITS {
        return inapplicable(&EXCESS, needs);
    }
    let mut left_out = 2;
    let (mut pairs, mut values, mut once) = (0, 0, 0);
    for row in duplicates.multiplicities.iter().rev() {
        let dropped = row.count.min(left_out);
        left_out -= dropped;
        let count = row.count - dropped;
        pairs += row.times / 2 * count;
        values += count;
        once += if row.times == 1 { count } else { 0 };
    }
    let elements = duplicates.total as f64;
    let all_pairs = elements * (elements - 1.0) / 2.0;
    let ln_each = all_pairs.ln() - bits_per_element * std::f64::consts::LN_2;
    let ln_upper = if pairs == 0 || 2 * once > values {
        0.0
    } else {
        // ln k! ≥ k ln k − k.
        let k = pairs as f64;
        k * ln_each - (k * k.ln() - k).max(0.0)
    };
    tested(
        &EXCESS,
        Tails::upper_only(ln_upper),
        pairs as f64,
        all_pairs * (-bits_per_element).exp2(),
        None,
    )
}

fn tested(
    spec: &TestSpec,
    tails: Tails,
    statistic: f64,
    expected: f64,
    control: Option<PValue>,
) -> TestResult {
    let p = PValue::upper_only(tails.upper()).expect("the exponential of a number at most 0");
    let outcome = Outcome::Tested {
        p,
        law: Law::Exact,
        statistic,
        expected,
    };
    TestResult {
        control,
        ..TestResult::new(spec.id, View::Interleaved, outcome)
    }
}

fn inapplicable(spec: &TestSpec, needs: &str) -> TestResult {
    let needs = needs.to_owned();
    TestResult::new(spec.id, View::Interleaved, Outcome::Inapplicable { needs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::ragged;

    fn p(results: &[TestResult]) -> f64 {
        results[0].p().unwrap()
    }

    #[test]
    fn one_repeat_among_bytes_has_its_birthday_probability() {
        // 3 draws of 256: P(at least one repeat) = 1 − 255·254/256² = 1.1673e-2.
        let streams = [vec![1 << 56, 2 << 56, 1 << 56]];
        let evidence = ragged(&streams, Format::Bits { width: 8 });
        let exact = 1.0 - 255.0 * 254.0 / 65_536.0;
        assert!((p(&ExcessRepeats.run(&evidence)) - exact).abs() < 1e-12);
    }

    #[test]
    fn a_shuffled_list_has_too_few_repeats() {
        let shuffled: Vec<u64> = (0..1_000_u64).map(|i| (i * 1_009 % 1_024) << 54).collect();
        let evidence = ragged(&[shuffled], Format::Bits { width: 10 });
        assert!(p(&MissingRepeats.run(&evidence)) < 1e-100);
        assert!(p(&ExcessRepeats.run(&evidence)) > 1.0 - 1e-12);
    }

    #[test]
    fn wide_words_do_not_lack_repeats() {
        let evidence = ragged(&[vec![1, 2, 3]], Format::WORDS);
        assert!(matches!(
            MissingRepeats.run(&evidence)[0].outcome,
            Outcome::Inapplicable { .. }
        ));
    }

    #[test]
    fn repeats_inside_streams_show_on_the_control() {
        let stream =
            |salt: u64| -> Vec<u64> { (0..64).map(|i| (i % 8) << 40 | salt << 50).collect() };
        let inside = ragged(&[stream(1), stream(2)], Format::WORDS);
        let result = &ExcessRepeats.run(&inside)[0];
        assert!(result.p().unwrap() < 1e-100);
        assert!(result.control.unwrap().two_sided() < 1e-100);
        let across = ragged(&[(1..64).collect(), (1..64).rev().collect()], Format::WORDS);
        let result = &ExcessRepeats.run(&across)[0];
        assert!(result.p().unwrap() < 1e-100);
        assert_eq!(result.control.unwrap().two_sided(), 1.0);
    }

    #[test]
    fn an_unlabelled_pool_of_normals_convicts_and_clamped_ones_do_not() {
        let normals = Format::Other {
            marginal: Marginal::Continuous,
            bits_per_element: 45.0,
        };
        // The note's table: 8 8 8 8, 6 × 8, 5 × 4.
        let times = [8, 8, 8, 8, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 5];
        let pool: Vec<u64> = times
            .iter()
            .enumerate()
            .flat_map(|(value, &times)| vec![value as u64 + 7; times])
            .collect();
        assert!(p(&ExcessRepeats.run(&ragged(&[pool], normals))) < 1e-100);
        let clamped: Vec<u64> = (0..100)
            .map(|i: u64| i.saturating_sub(50).min(30))
            .collect();
        assert_eq!(p(&ExcessRepeats.run(&ragged(&[clamped], normals))), 1.0);
    }
}

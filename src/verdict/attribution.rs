//! Whose flaw a test result shows: the seeding's, the generator's, or either.

use super::{Attribution, Case, procedure::first_stage};
use crate::{
    analyze,
    results::{Analysis, FindingKind, TestResult, View},
    statistics::{self, SEED_BITS, id},
};

/// Whose flaw a convicting result shows: what fails on the control too is the generator's.
pub(super) fn attribute(case: &Case<'_>, rule: FindingKind, result: &TestResult) -> Attribution {
    let within = analyze::WITHIN_STREAMS.contains(&rule);
    // A list without labels is what all workers drew: its repeats are theirs.
    if rule == FindingKind::RepeatedValues {
        return Attribution::Seeding;
    }
    // Equal streams of different seeds are no generator's doing.
    if result.test == SEED_BITS.id {
        return Attribution::Seeding;
    }
    // Words pooled over streams collide in few of their bits as soon as one generator is uneven in
    // those: what streams really share, the joins find with a witness.
    if result.test == id::COLLISIONS || depends_on_initialisation(rule, result) {
        return Attribution::Unseparated;
    }
    if let Some(control) = case.control
        && let Some(p) = control_p(control, result)
    {
        return by_control(p);
    }
    if within {
        return Attribution::Generator;
    }
    match result.control {
        Some(control) => by_control(control.two_sided()),
        // Without a control, streams that are uneven by themselves make any relation between them
        // uneven too.
        None if fails_within(case) => Attribution::Unseparated,
        None => Attribution::Seeding,
    }
}

/// Whether the way in which a generator expands one seed into its state may do this by itself.
///
/// numpy's `MT19937`, seeded from the system's entropy in every stream, expands 128 bits into 624
/// words of which some bits are linear functions of each other: the stacked bits of three and more
/// such streams lack rank over their first 640 words, however independent their seeds are. Without
/// a control of the very same expansion nothing is said of the seeding.
fn depends_on_initialisation(rule: FindingKind, result: &TestResult) -> bool {
    rule == FindingKind::LinearRelation
        && match result.view {
            View::Interleaved => true,
            View::Stacked => result.control.is_none(),
            _ => false,
        }
}

/// Below 1e-3 the control fails, and above 1e-2 it passes; between, nothing is claimed.
fn by_control(p: f64) -> Attribution {
    if p < CONTROL_FAILS {
        Attribution::Generator
    } else if p < analyze::CONTROL_PASSES {
        Attribution::Unseparated
    } else {
        Attribution::Seeding
    }
}

/// A control below this fails.
const CONTROL_FAILS: f64 = 1e-3;

/// The smallest p of the same test and view on independently seeded streams, after multiplicity.
fn control_p(control: &Analysis, result: &TestResult) -> Option<f64> {
    let matching: Vec<f64> = control
        .tests
        .iter()
        .filter(|other| other.test == result.test && other.view == result.view)
        .filter_map(TestResult::p)
        .collect();
    let smallest = matching.iter().copied().min_by(f64::total_cmp)?;
    Some((smallest * matching.len() as f64).min(1.0))
}

/// Whether single streams fail by themselves.
fn fails_within(case: &Case<'_>) -> bool {
    first_stage(case.analysis, case.policy)
        .iter()
        .any(|suspicion| {
            statistics::finding(&case.analysis.tests[suspicion.index].test)
                .is_some_and(|rule| analyze::WITHIN_STREAMS.contains(&rule))
        })
}

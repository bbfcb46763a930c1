//! Results of tests that compare streams at equal places.

use super::{
    combine::{Family, spots},
    places::{Spot, attributed, inapplicable, shifted},
    views::Frame,
    weak_bits::resting_on_random_bits,
};
use crate::{
    results::{TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// The results of a test that compares streams at equal places: per view the least place, with the
/// same statistic on streams shifted against each other as its control. What rests on bits in which
/// independent streams of the generator meet by chance is not charged to seeding.
pub(crate) fn aligned(
    spec: &TestSpec,
    frame: &Frame<'_>,
    width: u32,
    measure: impl Fn(&Frame<'_>) -> Vec<Spot>,
) -> Vec<TestResult> {
    let judged = |frame: &Frame<'_>| attributed(spec, measure(frame), || shifted(frame, &measure));
    resting_on_random_bits(judged(frame), frame, width, judged, |_| Vec::new())
}

/// The results of a test of combined words, whose families are listed for a frame. Families can leave out a few
/// combinations: what many show, no chance meeting of a few makes. `needs` is said where streams are too short.
pub(crate) fn aligned_families(
    spec: &TestSpec,
    view: View,
    evidence: &Evidence,
    families: impl Fn(&Frame<'_>) -> Vec<Family>,
    needs: &str,
) -> Vec<TestResult> {
    let Some(width) = evidence.format().uniform_width() else {
        return inapplicable(spec, view, "uniform bits");
    };
    let frame = Frame::new(evidence);
    let families = families(&frame);
    if families.is_empty() {
        return inapplicable(spec, view, "two streams with words in common");
    }
    let measure = |frame: &Frame<'_>| -> Vec<Spot> {
        let families = families.iter();
        families
            .flat_map(|family| spots(frame, width, family))
            .collect()
    };
    let judged = |frame: &Frame<'_>| attributed(spec, measure(frame), || shifted(frame, measure));
    let results = resting_on_random_bits(judged(&frame), &frame, width, judged, |few| {
        judged(&frame.leaving_out(few))
    });
    if results.is_empty() {
        return inapplicable(spec, view, needs);
    }
    results
}

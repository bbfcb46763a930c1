//! What values are taken for that are no independent uniform draws.

use crate::{
    results::{FindingKind, Recast},
    verdict::{Attribution, Case, Diagnosis, Finding, Rule, Severity, fixes, rule::no_more, words},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::ProcessedValues,
    title: "values that fill the range of uniform numbers are no independent uniform draws",
    severity: Severity::Note,
    meaning: "In most streams, and long after their start, values follow one another, or fill their range \
              unevenly or too evenly, far more than any generator's flaw does. They were made of draws \
              (sorted, smoothed, accumulated, of another law) or of a low-discrepancy sequence, so they are \
              judged as numbers of any law: by what streams copy and by ranks, which see less than tests \
              of uniform bits. Capture the draws themselves for a stronger verdict.",
    causes: &[
        "values that were sorted, stratified, smoothed or accumulated before they were recorded",
        "points of a low-discrepancy sequence, each worker with a scramble of its own",
        "a law on the range from 0 to 1 that is not the uniform one",
        "a state that stays as it is for a while, or values that are written until the next is drawn",
    ],
    fix_rust: fixes::CAPTURED_DRAWS.rust,
    fix_python: fixes::CAPTURED_DRAWS.python,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
    cure: CURE,
    found: found,
    cause: no_more,
};

const CURE: &str = "capture what the generator gives, before it is sorted, summed or shaped, to have it \
               judged bit by bit";

fn found(case: &Case<'_>) -> Vec<Finding> {
    let finding = |recast: &Recast| {
        let said = diagnosis(recast);
        Finding::new(
            FindingKind::ProcessedValues,
            Severity::Note,
            Attribution::Capture,
            said,
        )
    };
    case.analysis.recast.iter().map(finding).collect()
}

/// Says why values are taken for numbers of any law.
fn diagnosis(recast: &Recast) -> Diagnosis {
    let (seen, cause) = match recast {
        Recast::Sticky { bits, width } => (
            format!("an element of {width} bits tells {bits:.2} once those before it are known"),
            "a state that stays as it is for a while, or values that follow one another",
        ),
        Recast::Follows { lag, agreement } => (
            format!(
                "a value lies in the same half of the range as the one {} before in {:.0} % of cases",
                words::counted(u64::from(*lag), "place"),
                100.0 * agreement
            ),
            "values that were sorted, stratified, smoothed or accumulated, or a column that counts",
        ),
        Recast::Held { share } => (
            format!(
                "{:.0} % of the values are the one before, and are taken once",
                100.0 * share
            ),
            "values that are written again until the next is drawn: held, cached, or kept by a step \
             that was rejected",
        ),
        Recast::Uneven { distance } => (
            format!("values fill their range unevenly (χ² of 16 cells is {distance:.2} a value)"),
            "numbers from 0 to 1 of another law than the uniform one",
        ),
        Recast::Net { apart, share } => (
            format!(
                "the bits of four values, each {} behind the one before, add up to 0 at {:.0} % of all places",
                words::counted(u64::from(*apart), "place"),
                100.0 * share
            ),
            "points of a low-discrepancy sequence (Sobol'), spread more evenly than draws",
        ),
    };
    Diagnosis {
        message: format!(
            "{seen}, in most streams: these are no uniform draws, and are judged as numbers of any law"
        ),
        cause: cause.to_owned(),
        cure: CURE.to_owned(),
    }
}

//! Notes on what the captured values are.

use super::{CAPTURED_DRAWS_PYTHON, CAPTURED_DRAWS_RUST};
use crate::{diagnosis::Rule, judge::Severity};

pub(super) const PADDING: Rule = Rule {
    id: "padding",
    title: "elements around or among the draws that are none were left out",
    severity: Severity::Note,
    meaning: "Streams begin with the same plain value, or end in a run of it (0, or all bits set), where \
              a generator that is anywhere near uniform never gives it; or they begin with one number that \
              is unlike any draw, or with their worker's number; or they are rows, and at the same places \
              of every row stand an index, a time, a label or what ends a record: values that stay, count \
              or go one way. Such elements are no draws and say nothing of the seeding, so that \
              everything else is judged without them.",
    causes: &[
        "a header, a count or an initial value was captured with the draws",
        "rows were captured with their index, time or worker",
        "arrays of one length hold fewer draws than they have room for",
        "a generator that is stuck: seeded with an all-zero state, or run into one",
    ],
    fix_rust: CAPTURED_DRAWS_RUST,
    fix_python: CAPTURED_DRAWS_PYTHON,
    references: &[
        "Blackman & Vigna 2021, Scrambled linear pseudorandom number generators (all-zero states), doi:10.1145/3460772",
    ],
};

pub(super) const PROCESSED_VALUES: Rule = Rule {
    id: "processed-values",
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
    fix_rust: CAPTURED_DRAWS_RUST,
    fix_python: CAPTURED_DRAWS_PYTHON,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
};

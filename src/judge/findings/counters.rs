//! The finding about streams that count instead of drawing.

use super::finding as new_finding;
use crate::{
    diagnosis::diagnose_counters,
    judge::{Aim, Attribution, Case, Expect, Finding, Severity},
};

/// An audit of streams that all count is refuted whosever flaw it is, like one of streams that repeat
/// themselves. Where streams are to be equal, what they hold is not asked.
pub(super) fn finding(case: &Case<'_>) -> Option<Finding> {
    let counters = case.analysis.counters.as_ref()?;
    let asked = matches!(
        case.aim,
        Aim::Audit {
            expect: Expect::Default | Expect::Fresh,
            ..
        }
    );
    asked.then(|| Finding {
        streams: vec![counters.first],
        stream_count: counters.streams,
        ..new_finding(
            "counters",
            Severity::Error,
            Attribution::Unseparated,
            diagnose_counters(counters, &case.context),
        )
    })
}

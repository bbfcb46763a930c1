//! The finding about streams that count instead of drawing.

use super::finding as new_finding;
use crate::{
    diagnosis::diagnose_counters,
    judge::{Aim, Attribution, Case, Expect, Finding, Severity},
};

/// An audit of streams that all count by one step is refuted whosever flaw it is: every one is
/// another's copy plus a constant. Where each has a step of its own, the generator only adds. Where
/// streams are to be equal, what they hold is not asked.
pub(super) fn finding(case: &Case<'_>) -> Option<Finding> {
    let counters = case.analysis.counters.as_ref()?;
    let asked = matches!(
        case.aim,
        Aim::Audit {
            expect: Expect::Default | Expect::Fresh,
            ..
        }
    );
    let (severity, attribution) = match counters.step {
        Some(_) if counters.streams > 1 => (Severity::Error, Attribution::Unseparated),
        _ => (Severity::Warning, Attribution::Generator),
    };
    asked.then(|| Finding {
        streams: vec![counters.first],
        stream_count: counters.streams,
        ..new_finding(
            "counters",
            severity,
            attribution,
            diagnose_counters(counters, &case.context),
        )
    })
}

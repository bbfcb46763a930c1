//! Notes on what the captured values are.

use super::finding;
use crate::{
    diagnosis::{diagnose_padding, diagnose_recast},
    judge::{Attribution, Case, Finding, Severity},
};

/// What was left out, and what the values were taken for.
pub(super) fn findings(case: &Case<'_>) -> impl Iterator<Item = Finding> {
    let padding = case.analysis.padding.as_ref().map(|padding| {
        let diagnosis = diagnose_padding(padding, &case.context);
        let streams = padding.first.map(|(stream, _)| stream);
        Finding {
            streams: streams.into_iter().collect(),
            stream_count: padding.padded,
            ..finding("padding", Severity::Note, Attribution::Capture, diagnosis)
        }
    });
    let recast = case.analysis.recast.as_ref().map(|recast| {
        let diagnosis = diagnose_recast(recast);
        finding(
            "processed-values",
            Severity::Note,
            Attribution::Capture,
            diagnosis,
        )
    });
    padding.into_iter().chain(recast)
}

//! What is suspect: it leaves the verdict open, and says what decides it.

use crate::{
    results::{FindingKind, Suspect},
    verdict::{Attribution, Case, Context, Diagnosis, Finding, Severity},
};

/// The finding of a kind about the strongest pattern of which `said` knows what to say.
pub(in crate::verdict) fn strongest(
    case: &Case<'_>,
    kind: FindingKind,
    said: fn(&Suspect, &Context<'_>) -> Option<Diagnosis>,
) -> Vec<Finding> {
    let finding = |suspect: &Suspect| {
        let said = said(suspect, &case.context)?;
        Some(Finding {
            streams: suspect.streams.clone(),
            stream_count: suspect.stream_count,
            witness: suspect.witness.clone(),
            ..Finding::new(kind, Severity::Suspect, Attribution::Unseparated, said)
        })
    };
    let strongest = case.analysis.suspects.iter().find_map(finding);
    strongest.into_iter().collect()
}

/// The first few streams that stand out.
pub(in crate::verdict) fn names(suspect: &Suspect, context: &Context<'_>) -> String {
    let names = suspect.streams.iter().take(3).map(|&id| context.name(id));
    let more = if suspect.stream_count > 3 { " …" } else { "" };
    format!("{}{more}", names.collect::<Vec<String>>().join(", "))
}

/// How strong a pattern is.
pub(in crate::verdict) fn strength(suspect: &Suspect) -> String {
    format!("{:.0} bits against chance", suspect.bits)
}

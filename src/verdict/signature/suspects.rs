//! What is suspect: it leaves the verdict open, and says what decides it.

use crate::{
    results::{FindingKind, Suspect},
    verdict::{Attribution, Case, Context, Diagnosis, Finding, Severity, words},
};

/// The finding of a kind about the strongest pattern of which `said` knows what to say.
pub(in crate::verdict) fn strongest(
    case: &Case<'_>,
    kind: FindingKind,
    said: fn(&Suspect, &Context<'_>) -> Option<Diagnosis>,
) -> Vec<Finding> {
    let finding = |suspect: &Suspect| {
        let mut said = said(suspect, &case.context)?;
        if suspect.again.is_some() {
            said.message = format!("{}; {}", said.message, again(suspect));
        } else if let Some(decided_by) = suspect.decided_by {
            let runs = words::counted(decided_by.runs, "fresh run");
            said.cure = format!("{}; {runs} decide", said.cure);
        }
        Some(Finding {
            streams: suspect.streams.clone(),
            stream_count: suspect.stream_count,
            witness: suspect.witness.clone(),
            ..Finding::diagnosed(kind, Severity::Suspect, Attribution::Unseparated, said)
        })
    };
    let open = case
        .analysis
        .suspects
        .iter()
        .filter(|suspect| !suspect.is_confirmed());
    let strongest = open.into_iter().find_map(finding);
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

/// What fresh runs have shown.
pub(in crate::verdict) fn again(suspect: &Suspect) -> String {
    let Some(again) = suspect.again else {
        return "no fresh run was made".to_owned();
    };
    let runs = words::counted(again.runs, "fresh run");
    match (again.groups, again.between_runs) {
        (0, _) => format!("in {runs} it did not come again"),
        (_, 0) => {
            let groups = words::counted(again.groups, "group");
            format!(
                "in {runs} {groups} of streams again, all within a run: {:.0} bits against chance",
                again.bits
            )
        }
        (_, between) => format!(
            "in {runs} it came again between runs too, in {}: an input that all runs are given looks so",
            words::counted(between, "group")
        ),
    }
}

//! Findings about seeds that were found out.

use super::{MAX_STREAMS, finding};
use crate::{
    diagnosis::{
        Diagnosis, chance_of_meeting, diagnose_ambient_seeds, diagnose_known_seeds,
        diagnose_narrow_known_seeds,
    },
    results::{AmbientSeed, Tick},
    math,
    judge::{Attribution, Case, Finding, Severity},
};

/// A chance that two workers meet from which on seeds are too narrow for so many of them.
const TOO_LIKELY: f64 = 1e-3;

/// Which seeds streams were started with, and, unless equal streams show it already, that these are too
/// narrow for so many workers.
pub(super) fn findings(case: &Case<'_>, told_narrow: bool) -> Vec<Finding> {
    let Some(found) = &case.analysis.recovered else {
        return Vec::new();
    };
    let of_all = |rule, severity, diagnosis: Diagnosis| Finding {
        streams: found
            .seeds
            .iter()
            .map(|one| one.stream)
            .take(MAX_STREAMS)
            .collect(),
        stream_count: found.seeds.len() as u64,
        ..finding(rule, severity, Attribution::Seeding, diagnosis)
    };
    if let Some(rule) = &found.ambient {
        let severity = ambient_severity(rule, found.of);
        return vec![of_all("ambient-seeds", severity, diagnose_ambient_seeds(found, rule))];
    }
    let mut findings = vec![of_all(
        "known-seeds",
        Severity::Note,
        diagnose_known_seeds(found, &case.context),
    )];
    if let Some(chance) = chance_of_meeting(found).filter(|_| !told_narrow) {
        let severity = if chance >= TOO_LIKELY {
            Severity::Error
        } else {
            Severity::Warning
        };
        let diagnosis = diagnose_narrow_known_seeds(found, chance);
        findings.push(of_all("narrow-seeds", severity, diagnosis));
    }
    findings
}

/// What a rule breaks: process ids are equal in every container, and seconds shared by whatever starts in
/// one; finer ticks are held against the chance that two of so many streams, started within one second, meet.
fn ambient_severity(rule: &AmbientSeed, streams: u64) -> Severity {
    let ticks = match rule.clock {
        None | Some(Tick::Second) => return Severity::Error,
        Some(tick) => (Tick::Second.ns() / tick.ns()) as f64,
    };
    if math::collision_probability(streams as f64, ticks.log2()) >= TOO_LIKELY {
        Severity::Error
    } else {
        Severity::Warning
    }
}

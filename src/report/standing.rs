//! What is known of a row beside what this run saw: the verdict in its reader's words.

use crate::{
    advise,
    record::{CellOutcome, CellReport, Report, StrategyCost},
    strategies::{self, Claim, Spec},
    verdict::{Attribution, Judgement, Severity, Verdict},
    vocabulary::BackendKind,
};

/// What a row stands for, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowStanding {
    /// Sound, and known to be so at every size and on every backend.
    Recommended,
    /// Sound here, and nothing is known against it but that it is no advice.
    Sound,
    /// Sound here, but known to be broken from some size on, or on another backend.
    Limited,
    /// This run could not decide.
    Undecided,
    /// Sound seeding of a generator that fails by itself.
    WeakGenerator,
    /// Refuted.
    Unsound,
}

impl RowStanding {
    /// The word in tables.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Recommended | Self::Sound | Self::Limited => "sound",
            Self::Undecided => "inconclusive",
            Self::WeakGenerator => "weak generator",
            Self::Unsound => "unsound",
        }
    }

    /// The word as part of a class.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::WeakGenerator => "weak",
            other => other.word(),
        }
    }
}

/// What a judged row stands for.
pub(crate) fn standing(cell: &CellReport, judgement: &Judgement) -> RowStanding {
    let spec = spec(cell);
    match judgement.verdict {
        Verdict::Unsound => RowStanding::Unsound,
        Verdict::Inconclusive => RowStanding::Undecided,
        Verdict::Sound if is_weak(cell, judgement) => RowStanding::WeakGenerator,
        Verdict::Sound => match spec {
            None => RowStanding::Sound,
            Some(spec) if limit(spec).is_some() => RowStanding::Limited,
            Some(spec) if advise::recommendable(spec, false) => RowStanding::Recommended,
            Some(_) => RowStanding::Sound,
        },
    }
}

/// Where a strategy that came out sound is known to be broken: in words, as in `broken on fork`.
pub(crate) fn limit(spec: &Spec) -> Option<String> {
    let broken: Vec<(BackendKind, u32)> = BackendKind::ALL
        .into_iter()
        .filter_map(|backend| match strategies::claim(spec, backend) {
            Claim::Broken(flaw) => Some((backend, flaw.from_streams)),
            _ => None,
        })
        .collect();
    let (_, from) = broken.first()?;
    if broken.len() < BackendKind::ALL.len() {
        let names: Vec<&str> = broken.iter().map(|(backend, _)| backend.name()).collect();
        Some(format!("broken on {}", names.join(" and ")))
    } else if *from == u32::MAX {
        Some("broken by chance at any size".into())
    } else {
        Some(format!(
            "broken from {} streams",
            super::numbers::count(u64::from(*from))
        ))
    }
}

/// The catalogue's entry of a row.
pub(crate) fn spec(cell: &CellReport) -> Option<&'static Spec> {
    cell.backend?;
    strategies::find(&cell.id).map(|strategy| strategy.spec())
}

fn is_weak(cell: &CellReport, judgement: &Judgement) -> bool {
    let claimed = spec(cell).zip(cell.backend).is_some_and(|(spec, backend)| {
        matches!(strategies::claim(spec, backend), Claim::WeakGenerator(_))
    });
    claimed
        || judgement.findings.iter().any(|finding| {
            finding.attribution == Attribution::Generator && finding.severity != Severity::Note
        })
}

/// What a run recommends: the best of the rows that are recommended on every backend they ran on.
pub(crate) struct Best<'a> {
    pub(crate) spec: &'static Spec,
    /// What a word and opening a stream cost, where that was measured.
    pub(crate) cost: Option<&'a StrategyCost>,
}

/// The best of a report's rows, in the order of `seedbench plan`.
pub(crate) fn best(report: &Report) -> Option<Best<'_>> {
    let judged = |cell: &CellReport| match &cell.outcome {
        CellOutcome::Judged(result) => Some(standing(cell, &result.judgement)),
        _ => None,
    };
    let mut specs: Vec<&'static Spec> = Vec::new();
    for cell in &report.cells {
        let everywhere = report
            .cells
            .iter()
            .filter(|other| other.id == cell.id)
            .all(|other| judged(other) == Some(RowStanding::Recommended));
        if let Some(spec) = spec(cell).filter(|_| everywhere)
            && !specs.iter().any(|known| known.id == spec.id)
        {
            specs.push(spec);
        }
    }
    let cost_of = |spec: &Spec| report.costs.iter().find(|cost| cost.id == spec.id);
    let ranked = advise::order(
        specs,
        |spec| cost_of(spec).map(|cost| (cost.draw.median, cost.draw.interval)),
        |spec| advise::preference(spec),
    );
    let spec = *ranked.first()?;
    Some(Best {
        spec,
        cost: cost_of(spec),
    })
}

/// What to use, in one sentence, and what not, in another; `None` where no row of the report is
/// recommended.
pub(crate) fn advice(report: &Report) -> Option<(String, String)> {
    let best = best(report)?;
    let mut sentence = format!("Use {}: sound here", best.spec.id);
    let horizon = report
        .horizons
        .iter()
        .find(|horizon| horizon.id == best.spec.id);
    if let Some((horizon, limit)) =
        horizon.and_then(|horizon| Some((horizon, horizon.limits.first()?)))
    {
        sentence.push_str(&format!(
            ", and sound by its law to {} streams of {} words (risk {})",
            super::numbers::figure(limit.streams),
            super::numbers::figure(horizon.words),
            super::numbers::probability(limit.risk)
        ));
    }
    if let Some(cost) = best.cost {
        sentence.push_str(&format!(
            "; {} ns a word",
            super::numbers::figure(cost.draw.median)
        ));
        let system = report
            .costs
            .iter()
            .find(|cost| cost.id == "os-random/getrandom");
        if let Some(system) = system {
            sentence.push_str(&format!(
                ", 1/{:.0} of the system generator",
                system.draw.median / cost.draw.median
            ));
        }
    }
    sentence.push('.');
    const NAMED: usize = 4;
    let refuted = refuted(report);
    let named = refuted[..refuted.len().min(NAMED)].join(", ");
    let not = match refuted.len() {
        0 => String::new(),
        count if count > NAMED => format!("Not: {named}, and {} more.", count - NAMED),
        _ => format!("Not: {named}."),
    };
    Some((sentence, not))
}

/// The strategies with an unsound row.
fn refuted(report: &Report) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for cell in &report.cells {
        if let CellOutcome::Judged(result) = &cell.outcome
            && result.judgement.verdict == Verdict::Unsound
            && !ids.contains(&cell.id.as_str())
        {
            ids.push(&cell.id);
        }
    }
    ids
}

/// What shared streams do to a result, in a clause: `the error bar of a mean over them is 2.8 times too
/// small`; `None` where streams are worth what they are.
pub(crate) fn consequence(judgement: &Judgement) -> Option<String> {
    let factor = (judgement.streams as f64 / judgement.effective_streams).sqrt();
    (judgement.verdict == Verdict::Unsound && factor.is_finite() && factor >= 1.05).then(|| {
        format!(
            "the error bar of a mean over them is {} times too small",
            super::numbers::figure((factor * 10.0).round() / 10.0)
        )
    })
}

/// What to do about a finding: where the generator is at fault, no seeding helps.
pub(crate) fn cure(finding: &crate::verdict::Finding) -> &str {
    if finding.attribution == Attribution::Generator {
        "Change the generator: its own streams show this however they are seeded. ChaCha, Philox, PCG64 \
         and xoshiro256++ do not; `seedbench plan` says which fits, with code."
    } else {
        &finding.cure
    }
}

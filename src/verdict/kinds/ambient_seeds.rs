//! Seeds that are facts of a program's start.

use crate::{
    math,
    results::{AmbientSeed, FindingKind, Joined, Process, Rank, RecoveredSeeds, Tick},
    verdict::{
        Attribution, Case, Diagnosis, Finding, Rule, Severity, cures, fixes,
        rule::no_more,
        signature::{self, clock},
        words,
    },
    vocabulary::RunGroup,
};

use super::{known_seeds, narrow_seeds::TOO_LIKELY};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::AmbientSeeds,
    title: "seeds are facts of the start: the clock, a process id, these and the rank",
    severity: Severity::Error,
    meaning: "What the launcher saw of each start was tried as the seed of common generators, and is it; or \
              runs that start in one second repeat each other, and one that starts later does not. Such \
              seeds differ by luck: all that start within one tick share it (an error of seconds and \
              milliseconds, a warning of finer clocks where few start), runs a tick apart are shifted copies \
              where the rank is added, and process ids are narrow, come again, and are the same in every \
              container. Whoever knows when a program ran can draw its numbers.",
    causes: &[
        "srand(time(NULL)), random.seed(os.getpid()), new Random(System.currentTimeMillis())",
        "the clock or the process id plus, or xor, the rank",
        "a library's default seed, where nobody set one",
    ],
    fix: fixes::FRESH_ROOT,
    references: &[
        "https://github.com/openresty/lua-nginx-module/issues/280",
        "https://github.com/QMCPACK/qmcpack/issues/1068",
        "https://github.com/DataDog/dd-trace-js/issues/8895",
    ],
    cure: cures::NO_ENTROPY,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    let finding = |severity, said| {
        Finding::diagnosed(
            FindingKind::AmbientSeeds,
            severity,
            Attribution::Seeding,
            said,
        )
    };
    if let Some(recovered) = &case.analysis.recovered
        && let Some(rule) = &recovered.ambient
    {
        let said = finding(severity(rule, recovered.of), diagnosis(recovered, rule));
        return vec![known_seeds::of_all(recovered, said)];
    }
    signature::groups(case)
        .into_iter()
        .filter(|shared| shared.equality.group == RunGroup::Fresh)
        .filter_map(|shared| {
            let said = clock::runs_of_one_tick(shared.equality, &case.context)?;
            let mut found = finding(Severity::Error, said);
            shared.name_repeats(&mut found);
            Some(found)
        })
        .collect()
}

/// What a rule breaks: process ids are equal in every container, and seconds shared by whatever starts in
/// one; finer ticks are held against the chance that two of so many streams, started within one second, meet.
fn severity(rule: &AmbientSeed, streams: u64) -> Severity {
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

/// Says of which facts the seeds were made, and what that breaks.
fn diagnosis(found: &RecoveredSeeds, rule: &AmbientSeed) -> Diagnosis {
    let mut breaks = Vec::new();
    match rule.clock {
        Some(Tick::Second) => {
            breaks.push("all that start within one second have the second in common".to_owned())
        }
        Some(tick) => breaks.push(format!(
            "starts within one {} have it in common, as on many machines at a time",
            unit(tick)
        )),
        None => {}
    }
    if rule.process.is_some() {
        breaks.push(
            "process ids are narrow (at most 22 bits, mostly 15), come again, and are equal in every container"
                .to_owned(),
        );
    }
    if matches!(rule.rank, Rank::Added | Rank::AddedFromOne | Rank::Xored) {
        breaks.push("runs that start a little later are shifted copies, since the worker's number is only joined to it".to_owned());
    }
    let example = found.seeds.first().map_or(0, |one| one.seed);
    Diagnosis {
        message: format!(
            "{} of {} {} started by {} with k = {} (k = {example} was the first)",
            words::count(found.seeds.len() as u64),
            words::counted(found.of, "stream"),
            if found.seeds.len() == 1 { "is" } else { "are" },
            found.start,
            formula(rule),
        ),
        cause: format!(
            "the seed is a fact of the program's start: {}",
            breaks.join("; ")
        ),
        cure: cures::NO_ENTROPY.to_owned(),
    }
}

fn unit(tick: Tick) -> &'static str {
    match tick {
        Tick::Second => "second",
        Tick::Millisecond => "millisecond",
        Tick::Microsecond => "microsecond",
        Tick::Nanosecond => "nanosecond",
    }
}

fn formula(rule: &AmbientSeed) -> String {
    let clock = rule
        .clock
        .map(|tick| format!("the clock in {}s", unit(tick)));
    let process = rule.process.map(|process| {
        match process {
            Process::Own => "process id",
            Process::Parent => "parent's process id",
            Process::Child => "process id of a child",
        }
        .to_owned()
    });
    let base = match (clock, process) {
        (Some(clock), Some(process)) => match rule.joined {
            Joined::Sum => format!("{clock} + {process}"),
            Joined::Xor => format!("({clock} xor {process})"),
            Joined::Product => format!("{clock} × {process}"),
            Joined::Shifted => format!("({clock} xor {process} · 2^16)"),
            Joined::Spread => format!("({clock} xor ({process} + {process} · 2^15))"),
            Joined::Listed => {
                format!("[{clock}, {process}], {process} · 2^32 + {clock} as one number")
            }
            Joined::ListedBack => {
                format!("[{process}, {clock}], {clock} · 2^32 + {process} as one number")
            }
        },
        (clock, process) => clock.or(process).unwrap_or_default(),
    };
    match rule.rank {
        Rank::Absent => base,
        Rank::Added => format!("{base} + worker"),
        Rank::AddedFromOne => format!("{base} + worker + 1"),
        Rank::Xored => format!("{base} xor worker"),
        Rank::Behind => format!("[{base}, worker], worker · 2^32 + {base} as one number"),
        Rank::Before => format!("[worker, {base}], {base} · 2^32 + worker as one number"),
    }
}

//! Seeds that are facts of a program's start.

use crate::results::{AmbientSeed, Joined, Process, Rank, RecoveredSeeds, Tick};

use super::{Diagnosis, words};

/// What is said in place of the pattern of equal streams that a clock makes.
pub(super) const CLOCK_CAUSE: &str = "the seed is read from a clock: what starts within one of its ticks draws the same";

/// What to do about seeds from a clock or a process id.
pub(super) const CURE: &str = "draw one root of at least 128 bits a run from the operating system, record it, and \
                               derive each task's stream from root and task index; clocks and process ids are no entropy";

/// Says of which facts the seeds were made, and what that breaks.
pub fn diagnose_ambient_seeds(found: &RecoveredSeeds, rule: &AmbientSeed) -> Diagnosis {
    let mut breaks = Vec::new();
    match rule.clock {
        Some(Tick::Second) => breaks.push("all that start within one second have the second in common".to_owned()),
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
    if rule.rank != Rank::Absent {
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
        cause: format!("the seed is a fact of the program's start: {}", breaks.join("; ")),
        cure: CURE.to_owned(),
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
    let clock = rule.clock.map(|tick| format!("the clock in {}s", unit(tick)));
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
        },
        (clock, process) => clock.or(process).unwrap_or_default(),
    };
    match rule.rank {
        Rank::Absent => base,
        Rank::Added => format!("{base} + worker"),
        Rank::AddedFromOne => format!("{base} + worker + 1"),
        Rank::Xored => format!("{base} xor worker"),
    }
}

//! The rules by which a seed may be made of a program's start, and the seeds that they give.

use crate::{
    results::{AmbientSeed, Joined, Process, Rank, Tick},
    vocabulary::Launch,
};

/// Ticks of a clock that are tried of one start.
const MOST_TICKS: u64 = 1 << 14;
/// Microseconds that are tried of one start, where they are.
const MOST_MICROSECONDS: u64 = 1 << 17;
/// Process ids above a program's own that its children may have.
const CHILDREN: u64 = 256;
/// The kernel's coarse clock may be so much behind, in ns.
const BEHIND_NS: u64 = 10_000_000;

/// Every rule, the simplest first.
pub(super) fn rules() -> impl Iterator<Item = AmbientSeed> {
    use Joined::{Listed, ListedBack, Product, Shifted, Spread, Sum, Xor};
    use Process::{Child, Own, Parent};
    use Tick::{Microsecond, Millisecond, Nanosecond, Second};
    let rule = |clock, process, joined, rank| AmbientSeed {
        clock,
        process,
        joined,
        rank,
    };
    let single = [
        (None, Some(Own)),
        (None, Some(Parent)),
        (Some(Second), None),
        (Some(Millisecond), None),
        (Some(Microsecond), None),
        (Some(Nanosecond), None),
    ]
    .map(|(clock, process)| (clock, process, Sum));
    // Of milliseconds there are many, and hardly anybody joins them with the id of another process.
    let both = [
        (Second, Own, Sum),
        (Second, Own, Xor),
        (Second, Parent, Sum),
        (Second, Parent, Xor),
        (Millisecond, Own, Sum),
        (Millisecond, Own, Xor),
    ]
    .map(|(tick, process, joined)| (Some(tick), Some(process), joined));
    let rest = [Product, Shifted, Spread, Listed, ListedBack]
        .map(|joined| rule(Some(Second), Some(Own), joined, Rank::Absent));
    let made: Vec<_> = single.into_iter().chain(both).collect();
    let ranks = [
        Rank::Absent,
        Rank::Added,
        Rank::AddedFromOne,
        Rank::Xored,
        Rank::Behind,
        Rank::Before,
    ];
    ranks
        .into_iter()
        .flat_map(move |rank| {
            let made = made.clone();
            made.into_iter()
                .map(move |(clock, process, joined)| rule(clock, process, joined, rank))
        })
        .chain(rest)
        .chain([rule(None, Some(Child), Sum, Rank::Absent)])
}

/// The first and the last tick at which a program may have read a clock.
fn ticks(tick: Tick, launch: &Launch) -> (u64, u64) {
    let first = launch.started_unix_ns.saturating_sub(BEHIND_NS) / tick.ns();
    (first, launch.ended_unix_ns / tick.ns())
}

fn pid(process: Process, launch: &Launch) -> u64 {
    match process {
        Process::Own | Process::Child => launch.pid,
        Process::Parent => launch.parent,
    }
    .into()
}

/// Which clocks are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    /// Seconds and milliseconds.
    Narrow,
    /// Microseconds, too, in the first 0.13 seconds of a start.
    Wide,
}

/// The seeds that a rule gives a worker; none of clocks too fine to be tried.
pub(super) fn seeds(rule: &AmbientSeed, launch: &Launch, worker: u64, window: Window) -> Vec<u64> {
    let most = match (rule.clock, window) {
        (Some(Tick::Microsecond), Window::Wide) => MOST_MICROSECONDS,
        (Some(Tick::Microsecond | Tick::Nanosecond), _) => 0,
        _ => MOST_TICKS,
    };
    let joined: Vec<u64> = match (rule.clock, rule.process) {
        (Some(tick), process) => {
            let (first, last) = ticks(tick, launch);
            (first..=last)
                .take(most as usize)
                .map(|now| {
                    process.map_or(now, |process| join(rule.joined, now, pid(process, launch)))
                })
                .collect()
        }
        (None, Some(Process::Child)) => {
            let own = pid(Process::Child, launch);
            (own + 1..=own + CHILDREN).collect()
        }
        (None, Some(process)) => vec![pid(process, launch)],
        (None, None) => Vec::new(),
    };
    let with_rank = |seed: u64| {
        Some(match rule.rank {
            Rank::Absent => seed,
            Rank::Added => seed.wrapping_add(worker),
            Rank::AddedFromOne => seed.wrapping_add(worker + 1),
            Rank::Xored => seed ^ worker,
            // Wider numbers take two words of a list.
            Rank::Behind => (seed >> 32 == 0).then_some(seed | worker << 32)?,
            Rank::Before => (seed >> 32 == 0).then_some(worker | seed << 32)?,
        })
    };
    joined.into_iter().filter_map(with_rank).collect()
}

fn join(joined: Joined, now: u64, pid: u64) -> u64 {
    match joined {
        Joined::Sum => now.wrapping_add(pid),
        Joined::Xor => now ^ pid,
        Joined::Product => now.wrapping_mul(pid),
        Joined::Shifted => now ^ pid << 16,
        Joined::Spread => now ^ (pid + (pid << 15)),
        Joined::Listed => now | pid << 32,
        Joined::ListedBack => pid | now << 32,
    }
}

/// Whether a rule gives a worker this seed.
pub(super) fn holds(
    rule: &AmbientSeed,
    seed: u64,
    launch: &Launch,
    worker: u64,
    window: Window,
) -> bool {
    let Some(tick @ (Tick::Microsecond | Tick::Nanosecond)) = rule.clock else {
        return seeds(rule, launch, worker, window).contains(&seed);
    };
    let (first, last) = ticks(tick, launch);
    let now = without_rank(rule, seed, worker);
    rule.process.is_none() && (first..=last).contains(&now)
}

/// Whether a rule makes a list of two numbers, the second of which lies in the upper half of a seed.
pub(super) const fn is_list(rule: &AmbientSeed) -> bool {
    matches!(rule.rank, Rank::Behind | Rank::Before)
        || matches!(rule.joined, Joined::Listed | Joined::ListedBack)
}

/// The seed before the worker's number came in.
pub(super) fn without_rank(rule: &AmbientSeed, seed: u64, worker: u64) -> u64 {
    match rule.rank {
        Rank::Absent => seed,
        Rank::Added => seed.wrapping_sub(worker),
        Rank::AddedFromOne => seed.wrapping_sub(worker + 1),
        Rank::Xored => seed ^ worker,
        Rank::Behind => seed & 0xffff_ffff,
        Rank::Before => seed >> 32,
    }
}

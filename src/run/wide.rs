//! Wide rows: as many modelled streams as a declared flaw needs.
//!
//! Some flaws show in a few words of very many streams: two of 2^32 seeds coincide among hundreds of
//! thousands of tasks, never among a plan's. Threads and processes in such numbers cost too much, but
//! modelled sites cost nothing to start.

use std::num::NonZeroU32;

use crate::{
    plan::{Plan, Sizes},
    strategies::Claim,
    vocabulary::BackendKind,
};

/// The sizes of one cell's fresh runs: the plan's, or on modelled sites those from which the declared
/// flaw must show, where the plan's are too small for it and it takes no more memory.
pub(super) fn sizes(plan: &Plan, sizes: Sizes, claim: &Claim, backend: BackendKind) -> Sizes {
    wide(plan, sizes, claim, backend).unwrap_or(sizes)
}

fn wide(plan: &Plan, sizes: Sizes, claim: &Claim, backend: BackendKind) -> Option<Sizes> {
    let (Claim::Broken(flaw) | Claim::WeakGenerator(flaw)) = claim else {
        return None;
    };
    let runs = NonZeroU32::new(plan.fresh_runs)?;
    let streams = u64::from(sizes.tasks.get()) * u64::from(runs.get());
    let shows = streams >= u64::from(flaw.from_streams) && sizes.words.get() >= flaw.from_words;
    let words = NonZeroU32::new(flaw.from_words)?;
    let tasks = NonZeroU32::new(flaw.from_streams.div_ceil(runs.get()))?;
    let bytes = 8 * u64::from(runs.get()) * u64::from(tasks.get()) * u64::from(words.get());
    let fits = plan.widen && bytes <= plan.evidence_bytes();
    (backend == BackendKind::Sites && !shows && fits).then_some(Sizes {
        // Every task has a worker of its own, as in an array job.
        workers: tasks,
        tasks,
        words,
        ..sizes
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategies::{self, ALL};

    fn sizes_of(id: &str, plan: &Plan, backend: BackendKind) -> (u32, u32) {
        let strategy = strategies::find(id).unwrap();
        let claim = strategies::claim(strategy.spec(), backend);
        let sizes = sizes(plan, plan.validate(None).unwrap(), claim, backend);
        (sizes.tasks.get(), sizes.words.get())
    }

    #[test]
    fn only_modelled_sites_are_widened_and_only_where_it_is_needed() {
        let plan = Plan {
            widen: true,
            ..Plan::standard()
        };
        let small = (plan.tasks, plan.words);
        for (id, backend, expected) in [
            ("os-seed-32-bit/mt19937", BackendKind::Sites, (105_479, 4)),
            ("os-seed-32-bit/mt19937", BackendKind::Threads, small),
            ("fixed/mt19937", BackendKind::Sites, small),
            ("spawn-key/chacha20", BackendKind::Sites, small),
        ] {
            assert_eq!(sizes_of(id, &plan, backend), expected, "{id}");
        }
        let as_given = Plan {
            widen: false,
            ..plan
        };
        assert_eq!(
            sizes_of("os-seed-32-bit/mt19937", &as_given, BackendKind::Sites),
            small
        );
    }

    #[test]
    fn every_flaw_that_some_size_makes_certain_is_decided_on_sites() {
        let plan = Plan {
            widen: true,
            ..Plan::standard()
        };
        for strategy in ALL {
            let spec = strategy.spec();
            let claim = strategies::claim(spec, BackendKind::Sites);
            let (Claim::Broken(flaw) | Claim::WeakGenerator(flaw)) = claim else {
                continue;
            };
            // Pairs tied by chance: no size is named.
            if flaw.from_streams == u32::MAX {
                continue;
            }
            let (tasks, words) = sizes_of(spec.id, &plan, BackendKind::Sites);
            assert!(
                tasks * plan.fresh_runs >= flaw.from_streams && words >= flaw.from_words,
                "{}",
                spec.id
            );
        }
    }
}

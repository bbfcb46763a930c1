//! From the signature to the cause to the cure, in words a practitioner understands.
//!
//! [`RULES`] is the catalogue behind `seedbench explain`: what each finding means in general.
//! [`diagnose_equality`], [`diagnose_copy`] and [`diagnose_test`] read the signature of one piece of
//! evidence and say what happened there, with its numbers.

mod ambient;
mod catalogue;
mod clock;
mod copies;
mod correlation;
mod counters;
mod equality;
mod multiplicities;
mod narrow;
mod partial;
mod recovered;
mod regular;
mod rule;
mod seeds;
mod statistics;
mod suspects;
pub(crate) mod words;

pub use ambient::diagnose_ambient_seeds;
pub use clock::diagnose_clock_runs;
pub use copies::{diagnose_copy, diagnose_period};
pub use counters::diagnose_counters;
pub use equality::{EqualitySignature, diagnose_dissent, diagnose_equality, equality_signature};
pub use multiplicities::diagnose_multiplicities;
pub use narrow::PAIRS_THAT_TELL_A_WIDTH;
pub use partial::diagnose_partial_copy;
pub use recovered::{chance_of_meeting, diagnose_known_seeds, diagnose_narrow_known_seeds};
pub use regular::Regular;
pub use rule::{Rule, RuleId};
pub use seeds::{diagnose_dead_bits, diagnose_narrow_root};
pub use statistics::diagnose_test;
pub use suspects::{diagnose_suspect, excluded, laws_excluded, suspect_rule};

use crate::core::{BackendKind, Launch, RunInfo, Site, StreamId};

/// Every finding, in the order of the documentation.
pub const RULES: &[&Rule] = catalogue::ALL;

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// What is known of the evidence besides its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The sites of tasks in (run, task) order, where a backend recorded them.
    pub sites: &'a [Site],
    /// The runs, with their roots where known.
    pub runs: &'a [RunInfo],
    /// The backend, where seedbench itself ran the workers.
    pub backend: Option<BackendKind>,
    /// How many workers executed a run, where known.
    pub workers: Option<u32>,
    /// Names of streams where they have other names than run and task.
    pub names: &'a [(StreamId, String)],
    /// What was seen of the programs that gave the streams, in their order, where they were started here.
    pub launches: &'a [(StreamId, Launch)],
}

impl Context<'_> {
    /// The name of a stream: its file or rank where it has one, else run and task.
    pub fn name(&self, stream: StreamId) -> String {
        self.names
            .iter()
            .find(|(id, _)| *id == stream)
            .map_or_else(|| stream.to_string(), |(_, name)| name.clone())
    }

    /// The site of a stream, where it was recorded.
    pub fn site(&self, stream: StreamId) -> Option<&Site> {
        self.sites
            .binary_search_by_key(&stream, Site::stream)
            .ok()
            .map(|at| &self.sites[at])
    }
}

/// What happened, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What was found, in one sentence with the numbers.
    pub message: String,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub cure: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_rule_speaks() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(!rule.causes.is_empty(), "{}", rule.id);
            assert!(rule.meaning.ends_with('.'), "{}", rule.id);
            assert!(rule.title.len() < 90, "{}", rule.id);
            assert!(find(rule.id).is_some());
        }
    }

    /// The Rust fixes are compiled, so that what is pasted from `explain` builds.
    #[expect(dead_code, reason = "compiled only to prove that they build")]
    mod fixes {
        mod task_stream {
            include!("fixes/task_stream.rs");
        }
        mod keyed_seed {
            include!("fixes/keyed_seed.rs");
        }
        mod fresh_root {
            include!("fixes/fresh_root.rs");
        }
        mod same_stream {
            include!("fixes/same_stream.rs");
        }
        mod good_generator {
            include!("fixes/good_generator.rs");
        }
        mod captured_draws {
            include!("fixes/captured_draws.rs");
        }
    }
}

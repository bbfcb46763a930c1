//! The kinds of findings, one file each: what it means, by what it is recognised, its causes, the cure
//! and the code that mends it.
//!
//! A kind is a [`Rule`]. What exact joins, counts and promises show is asked of each kind's `found`;
//! what statistical tests convict of is told by `convict`, which asks a kind for its `cause`. To add
//! one: a file with its `RULE`, its name in [`FindingKind`], and its line in [`RULES`].

mod ambient_seeds;
mod biased_start;
mod common_component;
mod confirmed_sharing;
mod correlated_streams;
mod counters;
mod cross_run_sharing;
pub(super) mod dead_seed_bits;
mod disguised_copy;
mod equal_streams;
mod known_seeds;
mod linear_relation;
mod missing_streams;
mod narrow_seeds;
mod nonuniform_words;
mod not_fresh;
mod not_replayable;
mod other_reading;
mod ranks_differ;
pub(super) mod related_neighbours;
pub(super) mod repeated_values;
mod repeated_words;
mod runs_repeat;
mod schedule_dependent;
mod serial_dependence;
mod shared_inputs;
mod shifted_overlap;
mod short_period;
mod suspect_copies;
mod suspect_ranks;
mod suspect_values;
mod too_few_repeats;
mod unearned_words;

use super::rule::Rule;
use crate::results::FindingKind;

/// Every kind of finding, in the order of the documentation.
pub const RULES: &[&Rule] = &[
    &counters::RULE,
    &equal_streams::RULE,
    &runs_repeat::RULE,
    &cross_run_sharing::RULE,
    &shifted_overlap::RULE,
    &disguised_copy::RULE,
    &repeated_words::RULE,
    &repeated_values::RULE,
    &too_few_repeats::RULE,
    &short_period::RULE,
    &narrow_seeds::RULE,
    &dead_seed_bits::RULE,
    &ambient_seeds::RULE,
    &known_seeds::RULE,
    &linear_relation::RULE,
    &correlated_streams::RULE,
    &related_neighbours::RULE,
    &common_component::RULE,
    &biased_start::RULE,
    &nonuniform_words::RULE,
    &serial_dependence::RULE,
    &not_replayable::RULE,
    &schedule_dependent::RULE,
    &not_fresh::RULE,
    &ranks_differ::RULE,
    &confirmed_sharing::RULE,
    &suspect_copies::RULE,
    &shared_inputs::RULE,
    &suspect_values::RULE,
    &suspect_ranks::RULE,
    &unearned_words::RULE,
    &other_reading::RULE,
    &missing_streams::RULE,
];

/// What a kind of finding means.
pub fn rule(kind: FindingKind) -> &'static Rule {
    RULES[kind as usize]
}

/// The kind of finding with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_rule_and_every_rule_speaks() {
        let kinds: Vec<FindingKind> = RULES.iter().map(|rule| rule.kind).collect();
        assert_eq!(kinds, FindingKind::ALL);
        for rule in RULES {
            let id = rule.id();
            assert!(!rule.causes.is_empty() && !rule.cure.is_empty(), "{id}");
            assert!(rule.meaning.ends_with('.'), "{id}");
            assert!(rule.title.len() < 90, "{id}");
            assert_eq!(find(id).unwrap().kind, rule.kind);
            assert_eq!(serde_json::to_value(rule.kind).unwrap(), id);
        }
    }

    #[test]
    fn the_readme_names_findings_that_exist() {
        let readme = include_str!("../../../README.md");
        let table = readme
            .split("## What it finds")
            .nth(1)
            .expect("a table of findings");
        let rows = table
            .lines()
            .skip_while(|row| !row.starts_with('|'))
            .skip(2);
        let named: Vec<&str> = rows
            .take_while(|row| row.starts_with('|'))
            .filter_map(|row| row.split('|').nth(2))
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect();
        assert!(named.len() > 5, "{named:?}");
        assert!(named.iter().all(|id| find(id).is_some()), "{named:?}");
    }

    /// The Rust fixes are compiled, so that what is pasted from `explain` builds.
    #[expect(dead_code, reason = "compiled only to prove that they build")]
    mod fixes {
        mod task_stream {
            include!("../fixes/task_stream.rs");
        }
        mod keyed_seed {
            include!("../fixes/keyed_seed.rs");
        }
        mod fresh_root {
            include!("../fixes/fresh_root.rs");
        }
        mod same_stream {
            include!("../fixes/same_stream.rs");
        }
        mod good_generator {
            include!("../fixes/good_generator.rs");
        }
        mod captured_draws {
            include!("../fixes/captured_draws.rs");
        }
    }
}

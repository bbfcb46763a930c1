//! Seeds that differ, and start the same streams.

use crate::{
    results::{Equality, FindingKind, RepeatedRun, SeedWalk, ranges},
    verdict::{
        Attribution, Case, Context, Diagnosis, Finding, Rule, Severity,
        cures::{self, WIDE_SEED},
        fixes,
        rule::no_more,
        signature, words,
    },
    vocabulary::RootSeed,
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::DeadSeedBits,
    title: "bits of the seed have no effect",
    severity: Severity::Error,
    meaning: "Seeds that differ only in these bits start the same stream: the seed is narrower \
              than its type says.",
    causes: &[
        "the seed is cut to a narrower type on its way to the generator",
        "bits are shifted out or masked when root and task are combined",
        "the generator forces bits of its seed (an odd increment, a mask)",
    ],
    fix: fixes::KEYED_SEED,
    references: &["https://github.com/tenstorrent/tt-metal/issues/47431"],
    cure: cures::WIDE_SEED,
    found,
    cause: no_more,
};

/// The lowest bits of small seeds differ for many reasons; a bit from here on that changes nothing
/// tells of a seed that was cut.
const CUT_FROM: u32 = 16;

/// What runs of given roots that repeat each other show. A walk of the seed tells every bit by itself.
fn found(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for shared in signature::groups(case) {
        if shared.rooted_runs_repeat()
            && case.analysis.seed_walk.is_none()
            && let Some(said) = diagnosis(shared.equality, &case.context)
        {
            let mut found = shared.charged(FindingKind::DeadSeedBits, said);
            shared.name_repeats(&mut found);
            findings.push(found);
        }
    }
    findings
}

/// Bits of the root that a rule does not read, as it declares; where tests told of none.
pub(in crate::verdict) fn declared(case: &Case<'_>, tested: &[Finding]) -> Option<Finding> {
    let told = tested
        .iter()
        .any(|known| known.rule == FindingKind::DeadSeedBits);
    let walk = case.analysis.seed_walk.as_ref().filter(|_| !told)?;
    let said = narrow_root(walk)?;
    Some(Finding::diagnosed(
        FindingKind::DeadSeedBits,
        Severity::Note,
        Attribution::Seeding,
        said,
    ))
}

/// What runs with different roots that repeat each other say of the seed's bits: those in which two
/// such roots differ have no effect together. `None` where roots are unknown, or differ in low bits.
fn diagnosis(equality: &Equality, context: &Context<'_>) -> Option<Diagnosis> {
    let root = |run| context.runs.iter().find(|info| info.run == run)?.root;
    let pairs: Vec<(RootSeed, RootSeed, Vec<u32>)> = equality
        .repeated_runs
        .iter()
        .filter_map(|repeat: &RepeatedRun| {
            let (a, b) = (root(repeat.repeats)?, root(repeat.run)?);
            let bits = differing(&a, &b);
            (bits.first()? >= &CUT_FROM).then_some((a, b, bits))
        })
        .collect();
    let (a, b, bits) = pairs.iter().min_by_key(|(.., bits)| bits.len())?;
    let mut alone: Vec<u32> = pairs
        .iter()
        .filter(|(.., bits)| bits.len() == 1)
        .map(|(.., bits)| bits[0])
        .collect();
    alone.sort_unstable();
    alone.dedup();
    let which = if alone.is_empty() {
        format!("bits {} have no effect together", list(bits))
    } else if alone.len() == 1 {
        format!("bit {} of the seed has no effect", alone[0])
    } else {
        format!("bits {} of the seed have no effect", list(&alone))
    };
    Some(Diagnosis {
        message: format!(
            "{which}: {} with other seeds repeat, task by task, what came before; {b} draws what {a} \
             draws",
            words::counted(pairs.len() as u64, "run"),
        ),
        cause: RULE.first_cause(),
        cure: WIDE_SEED.to_owned(),
    })
}

/// What a walk of the seed says of a rule that reads, as it declares, fewer bits than a root has.
fn narrow_root(walk: &SeedWalk) -> Option<Diagnosis> {
    let dead: Vec<(u32, u32)> = walk
        .dead
        .iter()
        .filter(|(_, last)| *last >= walk.declared)
        .map(|&(first, last)| (first.max(walk.declared), last))
        .collect();
    (!dead.is_empty()).then(|| Diagnosis {
        message: format!(
            "{} of the seed have no effect, as declared: the rule reads its lowest {} bits",
            ranges(&dead),
            walk.declared
        ),
        cause: "a wider root is cut to the seed that the rule takes".to_owned(),
        cure: WIDE_SEED.to_owned(),
    })
}

/// The bits in which two roots differ, ascending.
fn differing(a: &RootSeed, b: &RootSeed) -> Vec<u32> {
    (0..256)
        .filter(|&bit| {
            let byte = (bit / 8) as usize;
            (a.bytes()[byte] ^ b.bytes()[byte]) >> (bit % 8) & 1 == 1
        })
        .collect()
}

/// Numbers as ranges: 3, 5, 32–63.
fn list(bits: &[u32]) -> String {
    bits.chunk_by(|a, b| a + 1 == *b)
        .map(|run| match run {
            [one] => one.to_string(),
            [first, .., last] => format!("{first}–{last}"),
            [] => String::new(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{RunGroup, RunId, RunInfo};

    fn said(seeds: &[u64], repeats: &[(u32, u32)]) -> Option<String> {
        let runs: Vec<RunInfo> = (0..)
            .zip(seeds)
            .map(|(run, &seed)| RunInfo {
                run: RunId(run),
                group: RunGroup::Rooted,
                root: Some(RootSeed::from_u64(seed)),
            })
            .collect();
        let equality = Equality {
            group: RunGroup::Rooted,
            repeated_runs: repeats
                .iter()
                .map(|&(earlier, run)| RepeatedRun {
                    run: RunId(run),
                    repeats: RunId(earlier),
                    tasks: 4,
                })
                .collect(),
            ..Equality::default()
        };
        let context = Context {
            runs: &runs,
            ..Context::default()
        };
        diagnosis(&equality, &context).map(|diagnosis| diagnosis.message)
    }

    #[test]
    fn a_cut_seed_is_told_by_its_bits() {
        let seeds = [7, 7 | 1 << 32, 7 | 1 << 33, 7 | 1 << 40, 8];
        let text = said(&seeds, &[(0, 1), (0, 2), (0, 3)]).unwrap();
        assert!(
            text.starts_with("bits 32–33, 40 of the seed have no effect"),
            "{text}"
        );
        let text = said(&[7, 7 | 3 << 32], &[(0, 1)]).unwrap();
        assert!(
            text.starts_with("bits 32–33 have no effect together"),
            "{text}"
        );
    }

    #[test]
    fn seeds_that_differ_low_down_say_nothing_of_their_width() {
        assert_eq!(said(&[0, 1], &[(0, 1)]), None);
        assert_eq!(said(&[0, 1 << 32], &[]), None);
    }
}

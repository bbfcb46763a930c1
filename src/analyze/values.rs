//! The analysis of values of unknown law: facts and suspects, no test of words.

use serde::Serialize;

use super::level::{count, runs_of};
use crate::{
    joins,
    results::{Analysis, Equality, Excluded, LISTED, Reading, SharedRun, Suspect},
    values::{self, Assumptions, Examined},
    vocabulary::{EvidenceSource, RunGroup, SourceShape},
};

/// Raised whenever the same values would be examined otherwise.
const RULES: u32 = 2;
/// Values of all streams together that are examined, from the start of each, where nothing else is asked:
/// more find rarer meetings, in time that grows faster.
const EXAMINED: u64 = 1 << 22;

/// Everything that decides what is examined.
#[derive(Serialize)]
struct ValuesPlan {
    rules: u32,
    streams_hash: String,
    assumptions: Assumptions,
    words: usize,
}

/// Examines the values of a source, within the fresh runs and within the rooted runs. `number` turns a
/// canonical word into its number; `why` is why they are not taken for raw words. `tested_bytes` says how much is
/// examined, 8 bytes a value, where not as much as is usual.
///
/// # Errors
/// When the source cannot be read.
pub fn values<S: EvidenceSource>(
    source: &mut S,
    number: impl Fn(u64) -> f64,
    assumptions: Assumptions,
    why: String,
    tested_bytes: Option<u64>,
) -> Result<Analysis, S::Error> {
    let shape = source.shape();
    let words = examined(&shape, tested_bytes);
    let plan = ValuesPlan {
        rules: RULES,
        streams_hash: joins::hash_of_streams(&source.layout()),
        assumptions,
        words,
    };
    let evidence = source.load(words)?;
    let mut analysis = Analysis {
        plan: joins::hash_of(&plan),
        words_per_stream: words as u64,
        levels: vec![words as u64],
        ..Analysis::default()
    };
    let mut read: Option<Reading> = None;
    for group in RunGroup::JOINED {
        let Some(runs) = runs_of(&evidence, group) else {
            continue;
        };
        let mut found = values::examine(&runs, &number, assumptions);
        found.excluded.of = shape.words_per_stream as u64;
        let layout = runs.layout();
        if assumptions.draws {
            count(&mut analysis, &runs);
        }
        analysis.streams += runs.streams() as u64;
        analysis
            .equality
            .push(Equality::count(layout, &found.classes, group));
        let mut joins = joins::described(layout, &found.classes);
        let shared = |witness| SharedRun { witness, pairs: 1 };
        joins.shared = found
            .copies
            .iter()
            .take(LISTED)
            .cloned()
            .map(shared)
            .collect();
        analysis.joins.add(joins);
        analysis.suspects.extend(found.suspects.iter().cloned());
        read = Some(reading(&found, &why, read));
    }
    analysis.suspects.sort_by(|x, y| y.bits.total_cmp(&x.bits));
    analysis.reading = read;
    Ok(analysis)
}

/// Looks for what was suspect in fresh runs.
///
/// # Errors
/// When the source cannot be read.
pub fn again<S: EvidenceSource>(
    fresh: &mut S,
    number: impl Fn(u64) -> f64,
    suspects: &mut [Suspect],
) -> Result<(), S::Error> {
    let evidence = fresh.load(examined(&fresh.shape(), None))?;
    if let Some(runs) = runs_of(&evidence, RunGroup::Fresh) {
        for suspect in suspects {
            suspect.again = values::again(suspect, &runs, &number);
        }
    }
    Ok(())
}

/// Counts streams that are equal as such, of which fresh runs have proven that it is no chance.
///
/// # Errors
/// When the source cannot be read.
pub fn count_equal<S: EvidenceSource>(
    source: &mut S,
    bits: f64,
    analysis: &mut Analysis,
) -> Result<(), S::Error> {
    let evidence = source.load(analysis.words_per_stream as usize)?;
    analysis.equality.clear();
    for group in RunGroup::JOINED {
        let Some(runs) = runs_of(&evidence, group) else {
            continue;
        };
        let classes = values::equal_words(&runs);
        let equality = Equality::count(runs.layout(), &classes, group);
        analysis.equality.push(equality);
        analysis
            .joins
            .add(joins::described(runs.layout(), &classes));
    }
    if let Some(Reading::Values {
        equal_bits, class, ..
    }) = &mut analysis.reading
    {
        (*equal_bits, *class) = (Some(bits), None);
    }
    Ok(())
}

/// Values of a stream that are examined.
fn examined(shape: &SourceShape, tested_bytes: Option<u64>) -> usize {
    let all = tested_bytes.map_or(EXAMINED, |bytes| bytes / 8);
    let each = all / shape.streams.max(1) as u64;
    usize::try_from(each)
        .unwrap_or(usize::MAX)
        .max(1)
        .min(shape.words_per_stream)
}

/// What was read, of one group of runs more; what a clean verdict excludes is what all groups exclude.
fn reading(found: &Examined, why: &str, before: Option<Reading>) -> Reading {
    let least = |one: Option<u64>, other: Option<u64>| Some(one?.max(other?));
    let mut excluded = found.excluded.clone();
    let (mut bits, mut class) = found.equal.unzip();
    let mut all = found.all_equal;
    if let Some(Reading::Values {
        excluded: known,
        equal_bits,
        class: named,
        all_equal,
        ..
    }) = before
    {
        excluded = Excluded {
            all_equal: excluded.all_equal.min(known.all_equal),
            equal_pair: excluded.equal_pair.min(known.equal_pair),
            run: least(excluded.run, known.run),
            suspected_run: least(excluded.suspected_run, known.suspected_run),
            values: excluded.values.min(known.values),
            of: excluded.of.max(known.of),
        };
        if equal_bits > bits {
            (bits, class) = (equal_bits, Some(named));
            all = all_equal;
        }
    }
    Reading::Values {
        why: why.to_owned(),
        excluded,
        equal_bits: bits,
        class: class.flatten(),
        all_equal: all,
    }
}

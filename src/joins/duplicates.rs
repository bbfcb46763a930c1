//! Repeated elements: exact counts within streams, between tasks and between runs, and the table of
//! multiplicities.

use std::collections::BTreeMap;

use super::{
    EqualGroups, JoinArena, group_equal,
    sorting::sorted,
    strands::{Elements, HalfElements, PlacedKeys, Record, Strands, filter_block},
};
use crate::{
    kernels::{BitFilter, KeySource, RepeatedKeys, SampleSpan, count_repeats},
    results::{Duplicates, Multiplicity},
    vocabulary::{Evidence, Format, RunId},
};

/// Records of repeated elements that are held at a time, at least; else a sixteenth of the elements. More
/// take memory (16 bytes each) and save passes.
const HELD_RECORDS: usize = 1 << 20;

/// How often keys occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multiplicities {
    /// Keys counted.
    pub total: u64,
    /// Different keys among them.
    pub distinct: u64,
    /// How many keys occur how often, ascending, complete.
    pub table: Vec<Multiplicity>,
}

/// Counts exactly how often every key of a source occurs, in any number of threads.
///
/// Takes eight bytes of the arena a key, and visits the source twice.
///
/// ```
/// use seedbench::joins::{JoinArena, multiplicities};
///
/// let counted = multiplicities(&[7u64, 8, 7, 7][..], &mut JoinArena::new());
/// assert_eq!((counted.total, counted.distinct), (4, 2));
/// assert_eq!((counted.table[1].times, counted.table[1].count), (3, 1));
/// ```
pub fn multiplicities(keys: &(impl KeySource + ?Sized), arena: &mut JoinArena) -> Multiplicities {
    let repeats = count_repeats(keys, !0, &mut arena.keys);
    Multiplicities {
        total: repeats.total,
        distinct: repeats.distinct,
        table: rows(&repeats.table),
    }
}

/// Counts the repeated elements of all streams, each compared in its top `width` bits.
///
/// Runs are compared within the fresh group and within the rooted group; of a replay pair only the
/// first run counts.
///
/// # Panics
/// When `width` is 0 or above 64.
pub fn duplicates(evidence: &Evidence, width: u32, arena: &mut JoinArena) -> Duplicates {
    assert!((1..=64).contains(&width), "elements have 1 to 64 bits");
    let groups = group_equal(evidence);
    count(evidence, &groups, arena, width, !0 << (64 - width), 1)
}

/// Counts the repeated 32-bit halves of all 64-bit words.
pub fn duplicates_of_halves(evidence: &Evidence, arena: &mut JoinArena) -> Duplicates {
    let groups = group_equal(evidence);
    count(evidence, &groups, arena, 32, !0, 2)
}

fn count(
    evidence: &Evidence,
    groups: &EqualGroups,
    arena: &mut JoinArena,
    width: u32,
    mask: u64,
    per_word: usize,
) -> Duplicates {
    let (domains, sets) = groups.exact_domains(evidence);
    let mut sum = Duplicates {
        width,
        ..Duplicates::default()
    };
    for strands in &domains {
        let elements = Elements::new(strands);
        let mut tally = ElementTally::new(evidence, strands, &sets, per_word);
        if per_word == 2 {
            tally.count(&HalfElements(elements), mask, arena, |_| {});
        } else {
            tally.count(&elements, mask, arena, |_| {});
        }
        tally.finish(evidence.format(), &mut sum);
    }
    sum
}

/// Counts of one domain. Elements that no other element equals are only counted; the others are
/// recorded with their place and resolved.
pub(super) struct ElementTally<'a> {
    evidence: &'a Evidence,
    strands: &'a Strands<'a>,
    sets: &'a [Vec<usize>],
    per_word: usize,
    /// Recorded elements of each span.
    recorded: Vec<u64>,
    counts: ElementCounts,
    /// The spans and the runs of one value, kept so that no memory is asked for each.
    spans: Vec<u32>,
    runs: Vec<RunId>,
}

#[derive(Default)]
struct ElementCounts {
    distinct: u64,
    distinct_in_spans: u64,
    within_streams: u64,
    between_tasks: u64,
    between_runs: u64,
    table: BTreeMap<u64, u64>,
}

impl<'a> ElementTally<'a> {
    /// `sets` are the sets of streams equal in words and length; the first of each is in `strands`.
    pub(super) fn new(
        evidence: &'a Evidence,
        strands: &'a Strands<'a>,
        sets: &'a [Vec<usize>],
        per_word: usize,
    ) -> Self {
        Self {
            evidence,
            strands,
            sets,
            per_word,
            recorded: vec![0; strands.spans.len()],
            counts: ElementCounts::default(),
            spans: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Counts all keys; hands every batch of repeated elements, sorted by key and place, to `seen`.
    pub(super) fn count(
        &mut self,
        source: &impl PlacedKeys,
        mask: u64,
        arena: &mut JoinArena,
        mut seen: impl FnMut(&[Record]),
    ) {
        let repeats = count_repeats(source, mask, &mut arena.keys);
        for_repeated(source, mask, &repeats, |records| {
            for same in records.chunk_by(|a, b| a.key == b.key) {
                self.resolve(same);
            }
            seen(records);
        });
    }

    /// Counts the occurrences of one value.
    fn resolve(&mut self, same: &[Record]) {
        let (mut spans, mut runs) = (
            std::mem::take(&mut self.spans),
            std::mem::take(&mut self.runs),
        );
        spans.clear();
        runs.clear();
        let span_of = |record: &Record| self.strands.span_at((record.place / 4) as usize) as u32;
        spans.extend(same.iter().map(span_of));
        let (mut occurrences, mut streams, mut within) = (0, 0, 0);
        for equal in spans.chunk_by(|a, b| a == b) {
            let span = equal[0] as usize;
            let own = equal.len() as u64;
            self.recorded[span] += own;
            let stream = self.strands.spans[span].stream as usize;
            let members = self.members(stream);
            let copies = members.map_or(1, |set| set.len() as u64);
            occurrences += own * copies;
            within += (own - 1) * copies;
            streams += copies;
            match members {
                None => runs.push(self.evidence.id(stream).run),
                Some(set) => runs.extend(set.iter().map(|&i| self.evidence.id(i).run)),
            }
        }
        runs.sort_unstable();
        runs.dedup();
        let counts = &mut self.counts;
        counts.distinct += 1;
        counts.distinct_in_spans += 1;
        counts.within_streams += within;
        counts.between_tasks += streams - runs.len() as u64;
        counts.between_runs += runs.len() as u64 - 1;
        *counts.table.entry(occurrences).or_default() += 1;
        (self.spans, self.runs) = (spans, runs);
    }

    fn members(&self, stream: usize) -> Option<&'a [usize]> {
        self.sets
            .binary_search_by_key(&stream, |set| set[0])
            .ok()
            .map(|index| self.sets[index].as_slice())
    }

    /// Adds this domain's counts to `sum`.
    pub(super) fn finish(self, format: Format, sum: &mut Duplicates) {
        let mut counts = ElementCounts {
            table: BTreeMap::new(),
            ..self.counts
        };
        let mut table = self.counts.table;
        let mut total = 0;
        let mut in_spans = 0;
        for (index, span) in self.strands.spans.iter().enumerate() {
            let elements = ((span.end - span.start) * self.per_word) as u64;
            let alone = elements - self.recorded[index];
            let stream = span.stream as usize;
            let (copies, runs) = match self.sets.binary_search_by_key(&stream, |set| set[0]) {
                Err(_) => (1, 1),
                Ok(at) => {
                    let mut runs: Vec<RunId> = self.sets[at]
                        .iter()
                        .map(|&i| self.evidence.id(i).run)
                        .collect();
                    runs.sort_unstable();
                    runs.dedup();
                    (self.sets[at].len() as u64, runs.len() as u64)
                }
            };
            total += elements * copies;
            in_spans += elements;
            if alone > 0 {
                *table.entry(copies).or_default() += alone;
            }
            counts.distinct += alone;
            counts.distinct_in_spans += alone;
            counts.between_tasks += alone * (copies - runs);
            counts.between_runs += alone * (runs - 1);
        }
        let values = match format.uniform_width() {
            Some(width) => f64::from(width.min(sum.width)),
            None => format.bits_per_element().min(f64::from(sum.width)),
        }
        .exp2();
        sum.expected_repeats += expected_repeats(total as f64, values);
        sum.total += total;
        sum.distinct += counts.distinct;
        sum.within_streams += counts.within_streams;
        sum.between_tasks += counts.between_tasks;
        sum.between_runs += counts.between_runs;
        sum.elements_of_distinct_streams += in_spans;
        sum.repeats_between_distinct_streams += in_spans - counts.distinct_in_spans;
        for row in &sum.multiplicities {
            *table.entry(row.times).or_default() += row.count;
        }
        sum.multiplicities = rows(&table);
        sum.shorten();
    }
}

/// Finds every place of every repeated key again, in a second visit, and hands them over sorted by
/// key and place, in batches of bounded size. Some keys that do not repeat come along.
pub(super) fn for_repeated(
    source: &impl PlacedKeys,
    mask: u64,
    repeats: &RepeatedKeys<'_>,
    mut batch: impl FnMut(&[Record]),
) {
    if repeats.repeated_keys() == 0 {
        return;
    }
    let held = HELD_RECORDS.max(repeats.total as usize / 16) as u64;
    let log2_slices = repeats
        .repeated_elements()
        .div_ceil(held)
        .next_power_of_two()
        .trailing_zeros();
    let mut filter = BitFilter::default();
    for index in 0..1u64 << log2_slices {
        let slice = SampleSpan { index, log2_slices };
        filter.reset(repeats.repeated_keys() >> log2_slices, log2_slices);
        for key in repeats.repeated().filter(|&key| slice.holds(key)) {
            filter.mark(key);
        }
        batch(&recorded(source, mask, |key| {
            filter.may_hold(key) && slice.holds(key)
        }));
    }
}

/// The places of all keys that pass, sorted by key and place.
fn recorded(
    source: &impl PlacedKeys,
    mask: u64,
    passes: impl Fn(u64) -> bool + Sync,
) -> Vec<Record> {
    use rayon::prelude::*;

    let parts: Vec<Vec<Record>> = (0..source.chunks())
        .into_par_iter()
        .map(|chunk| {
            let mut records = Vec::new();
            source.visit_placed(chunk, &mut |start, keys| {
                filter_block(keys, mask, &passes, |i, key| {
                    records.push(Record {
                        key,
                        place: 4 * (start + i) as u64,
                    });
                });
            });
            records
        })
        .collect();
    sorted(parts.concat())
}

fn rows(table: &BTreeMap<u64, u64>) -> Vec<Multiplicity> {
    table
        .iter()
        .map(|(&times, &count)| Multiplicity { times, count })
        .collect()
}

/// Repeats expected of `total` independent elements that take `values` values equally likely:
/// total − values·(1 − (1 − 1/values)^total).
fn expected_repeats(total: f64, values: f64) -> f64 {
    let load = total / values;
    if load < 1e-4 {
        // The first two terms: the closed form would lose everything to cancellation.
        total * (total - 1.0) / (2.0 * values) * (1.0 - (total - 2.0).max(0.0) / (3.0 * values))
    } else {
        total + values * (total * (-1.0 / values).ln_1p()).exp_m1()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_repeats_agree_with_the_exact_formula() {
        // 256 draws of 256 values leave 256·(1 − 1/256)^256 = 93.99 unseen, so as many repeats.
        let unseen = 256.0 * (255.0f64 / 256.0).powi(256);
        assert!((expected_repeats(256.0, 256.0) - unseen).abs() < 1e-9);
        assert_eq!(expected_repeats(2.0, 64f64.exp2()), (-64f64).exp2());
        let (just_below, just_above) = (
            expected_repeats(99_999.0, 1e9),
            expected_repeats(100_001.0, 1e9),
        );
        assert!((just_above / just_below - 1.0).abs() < 1e-4);
    }
}

//! Which tasks of one run draw equal words: task × task.

use std::collections::HashMap;

use crate::core::{Evidence, RunId};

/// Words kept of all tasks together; equal words are kept or left out alike, so shares stay right.
const KEPT_WORDS: usize = 1 << 18;

/// Pairs of tasks told at most.
const MAX_PAIRS: usize = 1 << 16;

/// The share of the words of the lower task that occur in the higher one, for pairs of tasks of a
/// run that have any in common, in order.
pub(super) fn shares(evidence: &Evidence, run: RunId) -> Vec<(u32, u32, f64)> {
    let range = evidence.run_streams(run);
    let total: usize = range.clone().map(|i| evidence.stream(i).len()).sum();
    let every = total.div_ceil(KEPT_WORDS).max(1) as u64;
    let kept = |word: u64| {
        // Fibonacci hashing: the multiplier is 2^64 over the golden ratio (Knuth vol. 3, 6.4).
        word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 < (1 << 32) / every
    };
    let mut words: Vec<(u64, u32)> = Vec::new();
    let mut sizes: HashMap<u32, u32> = HashMap::new();
    for stream in range {
        let task = evidence.id(stream).task.0;
        let mut of_task: Vec<u64> = evidence
            .stream(stream)
            .iter()
            .copied()
            .filter(|&word| kept(word))
            .collect();
        of_task.sort_unstable();
        of_task.dedup();
        sizes.insert(task, of_task.len() as u32);
        words.extend(of_task.into_iter().map(|word| (word, task)));
    }
    words.sort_unstable();
    let mut common: HashMap<(u32, u32), u32> = HashMap::new();
    for equal in words.chunk_by(|a, b| a.0 == b.0) {
        for (i, &(_, a)) in equal.iter().enumerate() {
            for &(_, b) in &equal[i + 1..] {
                if common.len() < MAX_PAIRS || common.contains_key(&(a, b)) {
                    *common.entry((a, b)).or_default() += 1;
                }
            }
        }
    }
    let mut shares: Vec<(u32, u32, f64)> = common
        .into_iter()
        .map(|((a, b), count)| (a, b, f64::from(count) / f64::from(sizes[&a].max(1))))
        .collect();
    shares.sort_by_key(|&(a, b, _)| (a, b));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::{Format, RunGroup, RunInfo, StreamId};

    #[test]
    fn shares_count_equal_words() {
        let ids = (0..3).map(|task| StreamId::new(0, task)).collect();
        let run = RunInfo {
            run: RunId(0),
            group: RunGroup::Fresh,
            root: None,
        };
        let words = vec![1, 2, 3, 4, 3, 4, 5, 6, 7, 8, 9, 10];
        let evidence = Evidence::uniform(words, ids, 4, vec![run], Format::WORDS).unwrap();
        assert_eq!(shares(&evidence, RunId(0)), [(0, 1, 0.5)]);
    }
}

//! Which tasks of one run draw equal words: task × task.

use std::collections::HashMap;

use crate::{
    record::Heatmap,
    vocabulary::{Evidence, RunId},
};

/// Words kept of all tasks together; equal words are kept or left out alike, so shares stay right.
const KEPT_WORDS: usize = 1 << 18;

/// Tasks of one block that stand for the others that draw just the same: enough for a pair.
const STAND_INS: usize = 2;

/// The tasks that draw one set of words.
struct Class {
    words: Vec<u64>,
    tasks: Vec<u32>,
}

/// The share of the words of one task that occur in another, for all pairs of tasks of a run.
pub(super) fn heatmap(evidence: &Evidence, run: RunId, tasks: u32) -> Heatmap {
    let classes = classes(evidence, run, tasks.div_ceil(Heatmap::MAX_BLOCKS).max(1));
    let mut words: Vec<(u64, u32)> = Vec::new();
    for (class, members) in classes.iter().enumerate() {
        words.extend(members.words.iter().map(|&word| (word, class as u32)));
    }
    words.sort_unstable();
    let mut common: HashMap<(u32, u32), u32> = HashMap::new();
    for equal in words.chunk_by(|a, b| a.0 == b.0) {
        for (i, &(_, a)) in equal.iter().enumerate() {
            for &(_, b) in &equal[i + 1..] {
                *common.entry((a, b)).or_default() += 1;
            }
        }
    }
    let within = classes.iter().flat_map(|class| {
        let tasks = &class.tasks;
        tasks
            .iter()
            .enumerate()
            .flat_map(move |(i, &a)| tasks[i + 1..].iter().map(move |&b| (a, b, 1.0)))
    });
    let between = common.iter().flat_map(|(&(a, b), &count)| {
        let (a, b) = (&classes[a as usize], &classes[b as usize]);
        let smaller = a.words.len().min(b.words.len()).max(1);
        let share = f64::from(count) / smaller as f64;
        a.tasks
            .iter()
            .flat_map(move |&x| b.tasks.iter().map(move |&y| (x, y, share)))
    });
    Heatmap::from_pairs(tasks, within.chain(between))
}

/// Tasks grouped by the words that are kept of them; of each block of tasks a few stand for all.
fn classes(evidence: &Evidence, run: RunId, tasks_per_block: u32) -> Vec<Class> {
    let range = evidence.run_streams(run);
    let total: usize = range.clone().map(|i| evidence.stream(i).len()).sum();
    let every = total.div_ceil(KEPT_WORDS).max(1) as u64;
    let kept = |word: u64| {
        // Fibonacci hashing: the multiplier is 2^64 over the golden ratio (Knuth vol. 3, 6.4).
        word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 < (1 << 32) / every
    };
    let mut classes: Vec<Class> = Vec::new();
    let mut known: HashMap<Vec<u64>, usize> = HashMap::new();
    for stream in range {
        let task = evidence.id(stream).task.0;
        let mut words: Vec<u64> = evidence
            .stream(stream)
            .iter()
            .copied()
            .filter(|&word| kept(word))
            .collect();
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            continue;
        }
        let class = *known.entry(words).or_insert_with_key(|words| {
            classes.push(Class {
                words: words.clone(),
                tasks: Vec::new(),
            });
            classes.len() - 1
        });
        let tasks = &mut classes[class].tasks;
        let same_block = tasks
            .iter()
            .rev()
            .take_while(|&&other| other / tasks_per_block == task / tasks_per_block)
            .count();
        if same_block < STAND_INS {
            tasks.push(task);
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Format, RunInfo, StreamId};

    fn evidence(streams: &[&[u64]]) -> Evidence {
        let ids = (0..streams.len() as u32)
            .map(|task| StreamId::new(0, task))
            .collect();
        let run = RunInfo::fresh(RunId(0));
        let words = streams[0].len();
        Evidence::uniform(streams.concat(), ids, words, vec![run], Format::WORDS).unwrap()
    }

    #[test]
    fn shares_count_equal_words() {
        let evidence = evidence(&[&[1, 2, 3, 4], &[3, 4, 5, 6], &[7, 8, 9, 10], &[4, 3, 2, 1]]);
        let expected = [(0, 1, 0.5), (0, 3, 1.0), (1, 3, 0.5)];
        assert_eq!(
            heatmap(&evidence, RunId(0), 4),
            Heatmap::from_pairs(4, expected)
        );
    }

    #[test]
    fn many_equal_tasks_fill_the_map() {
        let stream: &[u64] = &[5, 6, 7];
        let evidence = evidence(&vec![stream; 1_000]);
        let all = (0..1_000).flat_map(|a| (a + 1..1_000).map(move |b| (a, b, 1.0)));
        assert_eq!(
            heatmap(&evidence, RunId(0), 1_000),
            Heatmap::from_pairs(1_000, all)
        );
    }
}

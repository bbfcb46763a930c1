//! Equal streams, described: which they are, how many, and how many equal ones a run has.

use std::collections::BTreeMap;

use super::{groups::EqualGroups, information::MARGIN_BITS};
use crate::{
    results::{EQUALITY, EqualStreams, Inapplicable, Joins, LISTED, LISTED_STREAMS, Multiplicity},
    vocabulary::{Layout, StreamId},
};

impl EqualGroups {
    /// What is known of the equal streams, as the start of the joins' result.
    pub(super) fn describe(&self, layout: &Layout) -> Joins {
        let listed = self.grouped(|run| self.repeats[run].is_none());
        let mut equal_streams: Vec<EqualStreams> = listed
            .iter()
            .map(|group| describe_group(layout, group))
            .collect();
        equal_streams.sort_by(|a, b| b.count.cmp(&a.count).then(a.streams.cmp(&b.streams)));
        let equal_groups = equal_streams.len() as u64;
        equal_streams.truncate(LISTED);

        let joinable: u64 = self
            .runs
            .iter()
            .filter(|slice| !slice.echo)
            .map(|slice| slice.streams.len() as u64)
            .sum();
        let groups = self.groups();
        let grouped: u64 = groups.iter().map(|group| group.len() as u64).sum();
        let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
        for group in &groups {
            for same in group.chunk_by(|&a, &b| layout.id(a).run == layout.id(b).run) {
                *sizes.entry(same.len() as u64).or_default() += 1;
            }
        }
        if joinable > grouped {
            *sizes.entry(1).or_default() += joinable - grouped;
        }
        let mut inapplicable = Vec::new();
        if self.too_short > 0 {
            inapplicable.push(Inapplicable {
                test: EQUALITY.into(),
                needs: match self.words_needed {
                    Some(words) => format!(
                        "{words} words a stream to tell equal streams from chance; {} of {} streams \
                         have fewer",
                        self.too_short,
                        self.leaders.len()
                    ),
                    None => "elements that tell more than a thousandth of a bit each".into(),
                },
            });
        }
        Joins {
            equal_streams,
            equal_groups,
            distinct_streams: joinable - grouped + groups.len() as u64,
            equal_within_runs: sizes
                .into_iter()
                .map(|(times, count)| Multiplicity { times, count })
                .collect(),
            runs_repeat: self.repeating_runs().take(LISTED).collect(),
            repeating_runs: self.repeating_runs().count() as u64,
            inapplicable,
            // Pairs of streams × the probability that so many bits agree.
            chance: if self.words_needed.is_some() {
                (-MARGIN_BITS).exp2()
            } else {
                0.0
            },
            ..Joins::default()
        }
    }
}

fn describe_group(layout: &Layout, group: &[usize]) -> EqualStreams {
    let ids: Vec<StreamId> = group.iter().map(|&index| layout.id(index)).collect();
    let mut tasks: Vec<_> = ids.iter().map(|id| id.task).collect();
    tasks.sort_unstable();
    tasks.dedup();
    EqualStreams {
        count: ids.len() as u64,
        runs: ids.chunk_by(|a, b| a.run == b.run).count() as u64,
        tasks: tasks.len() as u64,
        words: group
            .iter()
            .map(|&i| layout.span(i).len() as u64)
            .min()
            .unwrap_or(0),
        streams: ids.into_iter().take(LISTED_STREAMS).collect(),
    }
}

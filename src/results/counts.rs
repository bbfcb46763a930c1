//! Repeated elements, counted.

use serde::{Deserialize, Serialize};

/// How often values occur: `count` values occur `times` times each (the note's `Counter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multiplicity {
    /// How many times a value occurs.
    pub times: u64,
    /// How many values occur so often.
    pub count: u64,
}

/// Exact duplicates among single elements at their own width.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Duplicates {
    /// Bits of one element, as compared.
    pub width: u32,
    /// Elements compared.
    pub total: u64,
    /// Different values among them.
    pub distinct: u64,
    /// Repeats (total − distinct) expected of independent uniform elements.
    pub expected_repeats: f64,
    /// Repeats inside one stream: elements that occurred earlier in their own stream.
    pub within_streams: u64,
    /// Repeats between tasks of one run, beyond those inside streams.
    pub between_tasks: u64,
    /// Repeats between runs of one group, beyond the former two.
    pub between_runs: u64,
    /// The multiplicity table, ascending; at most 64 rows, the last rows summed into the largest.
    pub multiplicities: Vec<Multiplicity>,
    /// Every distinct stream counted once: repeats that equal streams do not explain.
    pub repeats_between_distinct_streams: u64,
    /// Elements of the distinct streams: what those repeats are to be compared with.
    pub elements_of_distinct_streams: u64,
}

impl Duplicates {
    /// Rows of the table of multiplicities.
    const ROWS: usize = 64;

    /// Adds the duplicates of other streams, which were not compared with these.
    pub(crate) fn add(&mut self, more: &Self) {
        self.total += more.total;
        self.distinct += more.distinct;
        self.expected_repeats += more.expected_repeats;
        self.within_streams += more.within_streams;
        self.between_tasks += more.between_tasks;
        self.between_runs += more.between_runs;
        self.repeats_between_distinct_streams += more.repeats_between_distinct_streams;
        self.elements_of_distinct_streams += more.elements_of_distinct_streams;
        for &row in &more.multiplicities {
            row.add_to(&mut self.multiplicities);
        }
        self.shorten();
    }

    /// Sums the rows past the end of the table into the largest.
    pub(crate) fn shorten(&mut self) {
        if self.multiplicities.len() > Self::ROWS {
            let tail = self.multiplicities.split_off(Self::ROWS - 1);
            let count = tail.iter().map(|row| row.count).sum();
            let times = tail.last().map_or(0, |last| last.times);
            self.multiplicities.push(Multiplicity { times, count });
        }
    }
}

impl Multiplicity {
    /// Adds this row to an ascending table.
    pub(crate) fn add_to(self, table: &mut Vec<Self>) {
        match table.binary_search_by_key(&self.times, |known| known.times) {
            Ok(at) => table[at].count += self.count,
            Err(at) => table.insert(at, self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(times: impl Iterator<Item = u64>) -> Duplicates {
        let rows = times.map(|times| Multiplicity { times, count: 1 });
        Duplicates {
            total: 10,
            multiplicities: rows.collect(),
            ..Duplicates::default()
        }
    }

    #[test]
    fn duplicates_of_two_groups_add_up() {
        let mut all = table([1, 3].into_iter());
        all.add(&table([2, 3].into_iter()));
        assert_eq!(all.total, 20);
        let rows: Vec<(u64, u64)> = all
            .multiplicities
            .iter()
            .map(|row| (row.times, row.count))
            .collect();
        assert_eq!(rows, [(1, 1), (2, 1), (3, 2)]);
    }

    #[test]
    fn long_tables_are_shortened_at_the_end() {
        let mut long = table(1..=100);
        long.shorten();
        assert_eq!(long.multiplicities.len(), 64);
        let last = long.multiplicities[63];
        assert_eq!((last.times, last.count), (100, 37));
    }
}

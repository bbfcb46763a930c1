//! The lengths of lists that follow one another: one list over several lines, or a list a worker.

use super::rows::LONGEST_ROW;

/// The lengths of lists that follow one another in one stream.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// How many there are, and how long the first is.
    pub count: usize,
    pub first: usize,
    /// Where each ends, once one is not as long as the first.
    pub ends: Vec<usize>,
    pub total: usize,
}

impl Lists {
    /// Adds a list, or more numbers of the last one.
    #[inline]
    pub fn add(&mut self, numbers: usize, goes_on: bool) {
        if numbers == 1 && self.first == 1 && !goes_on && self.ends.is_empty() {
            self.count += 1;
            self.total += 1;
            return;
        }
        self.add_list(numbers, goes_on);
    }

    fn add_list(&mut self, numbers: usize, goes_on: bool) {
        if self.count == 0 {
            (self.count, self.first, self.total) = (1, numbers, numbers);
            return;
        }
        if goes_on {
            self.total += numbers;
            match (self.count, self.ends.last_mut()) {
                (1, _) => self.first = self.total,
                (_, Some(end)) => *end = self.total,
                (count, None) => {
                    self.ends = (1..count).map(|list| list * self.first).collect();
                    self.ends.push(self.total);
                }
            }
            // A list that has come to be as long as the first.
            if self.is_even() {
                self.ends.clear();
            }
            return;
        }
        if self.ends.is_empty() && numbers != self.first {
            self.ends = (1..=self.count).map(|list| list * self.first).collect();
        }
        self.count += 1;
        self.total += numbers;
        if !self.ends.is_empty() {
            self.ends.push(self.total);
        }
    }

    fn is_even(&self) -> bool {
        self.ends
            .iter()
            .enumerate()
            .all(|(list, &end)| end == (list + 1) * self.first)
    }

    /// The most common length of lists of several lengths, where it is short and nearly all of many have it.
    pub fn mostly_rows(&self) -> Option<usize> {
        const FEWEST: usize = 24;
        let mut counts = [0; LONGEST_ROW + 1];
        let mut start = 0;
        for &end in &self.ends {
            let length = end - std::mem::replace(&mut start, end);
            if let Some(count) = counts.get_mut(length) {
                *count += 1;
            }
        }
        let (length, count) = counts
            .into_iter()
            .enumerate()
            .max_by_key(|(_, count)| *count)?;
        (length > 1 && self.count >= FEWEST && 10 * count >= 9 * self.count).then_some(length)
    }

    /// Whether all but the last are of one length, and the last is shorter: a list that was wrapped.
    pub fn is_wrapped(&self) -> bool {
        let (Some((last, before)), true) = (self.ends.split_last(), self.first > 1) else {
            return false;
        };
        let even = before
            .iter()
            .enumerate()
            .all(|(list, &end)| end == (list + 1) * self.first);
        even && before.last().is_some_and(|&end| last - end < self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_by_their_lengths() {
        let of = |lists: &[(usize, bool)]| {
            let mut all = Lists::default();
            for &(numbers, goes_on) in lists {
                all.add(numbers, goes_on);
            }
            (all.count, all.first, all.ends.clone(), all.is_wrapped())
        };
        assert_eq!(of(&[(1, false), (1, false)]), (2, 1, vec![], false));
        assert_eq!(of(&[(3, false), (3, false)]), (2, 3, vec![], false));
        assert_eq!(of(&[(3, false), (3, false), (1, false)]).2, [3, 6, 7]);
        assert!(of(&[(3, false), (3, false), (1, false)]).3);
        assert!(!of(&[(3, false), (2, false), (3, false)]).3);
        assert_eq!(
            of(&[(2, false), (1, true), (2, false), (1, true)]),
            (2, 3, vec![], false)
        );
        assert_eq!(of(&[(2, false), (1, true), (2, false)]).2, [3, 5]);
    }
}

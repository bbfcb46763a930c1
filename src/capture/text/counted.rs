//! Numbers below headings that count the lines and are no draws, as pandas and gnuplot write before each value.

use std::collections::HashMap;

use super::{Number, Rows};

/// Lines of a stream from which on a first number that counts is no draw.
const FEWEST: usize = 6;

/// What stands first in the lines of each stream below a heading.
#[derive(Debug, Default)]
pub(super) struct Counted {
    streams: HashMap<usize, Lines>,
    /// Whether some lines do not count.
    others: bool,
}

#[derive(Debug)]
struct Lines {
    width: usize,
    next: u64,
    lines: usize,
}

impl Counted {
    /// Sees the numbers of a line.
    pub fn see(&mut self, stream: usize, numbers: &[Number]) {
        if self.others || numbers.is_empty() {
            return;
        }
        let &[Number::Unsigned(first), _, ..] = numbers else {
            self.others = true;
            return;
        };
        let lines = self.streams.entry(stream).or_insert(Lines {
            width: numbers.len(),
            next: first,
            lines: 0,
        });
        self.others |= lines.width != numbers.len() || lines.next != first;
        lines.next = first.wrapping_add(1);
        lines.lines += 1;
    }

    /// Takes what counts out of all streams, where it does in every line of each.
    pub fn leave_out(&self, rows: &mut Rows) {
        let all = rows.streams().len();
        let count = |(at, (_, values)): (usize, &(_, super::Held))| {
            self.streams.get(&at).is_some_and(|lines| {
                lines.lines >= FEWEST && values.len() == lines.lines * lines.width
            })
        };
        if self.others || all == 0 || !rows.streams().iter().enumerate().all(count) {
            return;
        }
        let width = |at: usize| self.streams[&at].width;
        let first = width(0);
        let even = (0..all).all(|at| width(at) == first);
        let streams = rows
            .streams()
            .iter()
            .enumerate()
            .map(|(at, (identity, values))| {
                let drawn = values.chunks(width(at)).flat_map(|line| &line[1..]);
                (identity.clone(), drawn.copied().collect())
            });
        let streams = streams.collect();
        rows.replace(streams);
        rows.set_per_row(if even { first - 1 } else { 1 });
        rows.note(
            0,
            "the first number of each line counts the lines below its heading, and is no draw",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_counts_every_line_is_left_out() {
        for (firsts, left) in [
            ([7, 8, 9, 10, 11, 12], true),
            ([7, 9, 8, 10, 11, 12], false),
        ] {
            let (mut rows, mut counted) = (Rows::new(), Counted::default());
            let stream = rows.stream(b"0", super::super::Identity::default);
            for (first, drawn) in firsts.into_iter().zip([5, 1, 4, 1, 5, 9]) {
                let line = [Number::Unsigned(first), Number::Unsigned(drawn)];
                counted.see(stream, &line);
                line.iter()
                    .for_each(|&number| rows.push(stream, number).unwrap());
            }
            counted.leave_out(&mut rows);
            let values = &rows.streams()[0].1;
            assert_eq!(values.len(), if left { 6 } else { 12 });
        }
    }
}

//! Rows of which some elements are no draws: an index, a time, a label, what stands between records.

use super::padding::{SURPRISE_BITS, plain, surprise};
use crate::{
    core::{Evidence, Format},
    results::Rows,
};

/// Elements of a row at most.
const LONGEST: usize = 256;
/// Rows at least.
const ROWS: usize = 24;
/// Elements of a stream that are looked at, and streams.
const ELEMENTS: usize = 1 << 13;
const STREAMS: usize = 16;
/// One change in so many may go the other way in what runs on, and one in how many does in draws.
const RUNS_ON: usize = 16;
const TURNS: usize = 4;
/// Bits that a place where nothing stands must tell: draws are seldom nothing.
const NOTHING_BITS: f64 = 7.0;

/// What the elements at one place of all rows look like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Label,
    Draws,
    Unclear,
}

impl Rows {
    /// The arrangement in which most elements are no draws, if there is one; of several the shortest.
    pub(crate) fn of(evidence: &Evidence) -> Option<Self> {
        let format = evidence.format();
        let stride = evidence.streams().div_ceil(STREAMS).max(1);
        let streams: Vec<&[u64]> = (0..evidence.streams())
            .step_by(stride)
            .map(|stream| evidence.stream(stream))
            .map(|words| &words[..words.len().min(ELEMENTS)])
            .filter(|words| words.len() >= 2 * ROWS)
            .collect();
        let first = streams.first()?;
        let mut best: Option<(f64, usize, Vec<usize>)> = None;
        for row in 2..=LONGEST.min(first.len() / ROWS) {
            if !(0..row).any(|at| may_be_label(first, row, at)) {
                continue;
            }
            let long = streams.iter().filter(|words| words.len() >= ROWS * row);
            let columns = long.map(|words| columns(words, row, format));
            // What a place is in one stream it is in all.
            let alike = |one: Vec<Column>, other: Vec<Column>| {
                let both = one.into_iter().zip(other);
                both.map(|(one, other)| if one == other { one } else { Column::Unclear })
                    .collect()
            };
            let Some(columns) = columns.reduce(alike) else {
                continue;
            };
            let labels: Option<Vec<usize>> = (0..row)
                .filter_map(|at| match columns[at] {
                    Column::Label => Some(Some(at)),
                    Column::Draws => None,
                    Column::Unclear => Some(None),
                })
                .collect();
            let Some(labels) = labels.filter(|labels| !labels.is_empty() && labels.len() < row)
            else {
                continue;
            };
            let share = labels.len() as f64 / row as f64;
            if best.as_ref().is_none_or(|(known, ..)| share > *known) {
                best = Some((share, row, labels));
            }
        }
        let (_, row, labels) = best?;
        Some(Self {
            elements: row as u64,
            labels: labels.into_iter().map(|at| at as u64).collect(),
        })
    }

    /// The draws alone.
    pub(crate) fn draws(&self, evidence: &Evidence) -> Evidence {
        let all: Vec<usize> = (0..evidence.streams()).collect();
        let draws = |&stream: &usize| self.draws_from(evidence.stream(stream), 0).collect();
        let words = all.iter().map(draws).collect();
        evidence.replaced(&all, words, evidence.format())
    }

    /// The draws among elements of which the first stands at `from`.
    pub(crate) fn draws_from(&self, elements: &[u64], from: usize) -> impl Iterator<Item = u64> {
        let kept = self.kept();
        let row = self.elements as usize;
        let stands = move |at: usize| kept.binary_search(&((from + at) % row)).is_ok();
        let placed = elements.iter().enumerate();
        placed
            .filter(move |(at, _)| stands(*at))
            .map(|(_, &word)| word)
    }

    /// How many of the first elements are draws.
    pub(crate) fn count(&self, elements: usize) -> usize {
        let (kept, row) = (self.kept(), self.elements as usize);
        elements / row * kept.len() + kept.partition_point(|&at| at < elements % row)
    }

    /// Where some draws begin among all elements, and how many elements they take up.
    pub(crate) fn elements(&self, from: usize, draws: usize) -> (usize, usize) {
        let place = |draw: usize| self.place(draw as u64) as usize;
        let begins = place(from);
        let ends = draws.checked_sub(1).map(|last| place(from + last) + 1);
        (begins, ends.map_or(0, |ends| ends - begins))
    }

    /// Where a draw stands among all elements.
    pub(crate) fn place(&self, draw: u64) -> u64 {
        let kept = self.kept();
        let each = kept.len() as u64;
        draw / each * self.elements + kept[(draw % each) as usize] as u64
    }

    fn kept(&self) -> Vec<usize> {
        (0..self.elements)
            .filter(|at| !self.labels.contains(at))
            .map(|at| at as usize)
            .collect()
    }
}

/// Changes from one row to the next at one place: up, down and none.
fn changes(words: &[u64], row: usize, at: usize) -> (usize, usize, usize) {
    let (mut up, mut down, mut none) = (0, 0, 0);
    let mut values = words[at..].iter().step_by(row);
    let Some(mut before) = values.next() else {
        return (0, 0, 0);
    };
    for value in values {
        match value.cmp(before) {
            std::cmp::Ordering::Greater => up += 1,
            std::cmp::Ordering::Less => down += 1,
            std::cmp::Ordering::Equal => none += 1,
        }
        before = value;
    }
    (up, down, none)
}

/// Whether an element does not go both ways: told by the first few rows of draws.
fn may_be_label(words: &[u64], row: usize, at: usize) -> bool {
    let most = words.len() / row / RUNS_ON + 1;
    let (mut up, mut down) = (0, 0);
    let mut values = words[at..].iter().step_by(row);
    let Some(mut before) = values.next() else {
        return false;
    };
    for value in values {
        up += usize::from(value > before);
        down += usize::from(value < before);
        if up > most && down > most {
            return false;
        }
        before = value;
    }
    true
}

/// What each place of a row is in one stream.
fn columns(words: &[u64], row: usize, format: Format) -> Vec<Column> {
    let changes: Vec<(usize, usize, usize)> = (0..row).map(|at| changes(words, row, at)).collect();
    let goes_on = |&(up, down, _): &(usize, usize, usize)| {
        up + down + 1 >= ROWS && RUNS_ON * up.min(down) <= up + down
    };
    let stays = |&(up, down, none): &(usize, usize, usize)| {
        up + down < none && RUNS_ON * (up + down) <= none
    };
    let moves: Vec<bool> = changes.iter().map(|c| !goes_on(c) && !stays(c)).collect();
    let draws: Vec<u64> = words
        .chunks(row)
        .flat_map(|row| row.iter().zip(&moves).filter(|(_, moves)| **moves))
        .map(|(&word, _)| word)
        .collect();
    let is_label = |at: usize| {
        let value = prevailing(words, row, at);
        let bits = surprise(&draws, value, format);
        // Nothing, now and then, is a value as well.
        let told = !plain(format, value) || bits >= NOTHING_BITS;
        told && changes[at].2 as f64 * bits >= SURPRISE_BITS
    };
    let column = |(at, change): (usize, &(usize, usize, usize))| {
        let &(up, down, _) = change;
        if goes_on(change) || stays(change) && is_label(at) {
            Column::Label
        } else if TURNS * up.min(down) >= up + down {
            Column::Draws
        } else {
            Column::Unclear
        }
    };
    changes.iter().enumerate().map(column).collect()
}

/// The value that one place has in most rows.
fn prevailing(words: &[u64], row: usize, at: usize) -> u64 {
    let mut values: Vec<u64> = words[at..].iter().step_by(row).copied().collect();
    values.sort_unstable();
    let longest = values.chunk_by(|a, b| a == b).max_by_key(|same| same.len());
    longest.map_or(0, |same| same[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::Marginal,
        statistics::samples::{ragged, seed, splitmix},
    };

    const REALS: Format = Format::Other {
        marginal: Marginal::Continuous,
        bits_per_element: 20.0,
    };

    fn rows(
        format: Format,
        each: impl Fn(u32, u64, &mut dyn FnMut() -> u64) -> Vec<u64>,
    ) -> Option<(Rows, Evidence)> {
        let streams: Vec<Vec<u64>> = (0..5)
            .map(|task| {
                let mut draw = splitmix(seed(31, 0, task));
                let mut draw = || draw() | 1;
                (0..200)
                    .flat_map(|row| each(task, row, &mut draw))
                    .collect()
            })
            .collect();
        let evidence = ragged(&streams, format);
        Rows::of(&evidence).map(|found| {
            let draws = found.draws(&evidence);
            (found, draws)
        })
    }

    fn labels(found: Option<(Rows, Evidence)>) -> (u64, Vec<u64>) {
        let (rows, _) = found.unwrap();
        (rows.elements, rows.labels)
    }

    #[test]
    fn indices_times_and_labels_are_told_from_draws() {
        let indexed = rows(Format::WORDS, |_, row, draw| vec![row, draw(), draw()]);
        let (found, draws) = indexed.clone().unwrap();
        assert_eq!(draws.stream(2).len(), 400);
        assert!(
            draws
                .stream(2)
                .iter()
                .all(|word| word % 2 == 1 && *word > 200)
        );
        assert_eq!((found.place(0), found.place(1), found.place(2)), (1, 2, 4));
        assert_eq!((found.count(0), found.count(2), found.count(7)), (0, 1, 4));
        assert_eq!(
            (found.elements(1, 3), found.elements(2, 0)),
            ((2, 4), (4, 0))
        );
        assert_eq!(labels(indexed), (3, vec![0]));
        // A time of its own in every stream, a worker's number, an epoch.
        let logged = rows(REALS, |task, row, draw| {
            vec![1_000 * row + draw() % 1_000, task.into(), row / 50, draw()]
        });
        assert_eq!(labels(logged), (4, vec![0, 1, 2]));
        // A step that begins anew with every epoch of five.
        let stepped = rows(REALS, |_, row, draw| vec![row % 5, draw()]);
        assert_eq!(labels(stepped), (10, vec![0, 2, 4, 6, 8]));
        let ended = rows(Format::Bits { width: 32 }, |_, _, draw| {
            let mut block: Vec<u64> = (0..16).map(|_| draw() >> 32 << 32).collect();
            block.push(0);
            block
        });
        assert_eq!(labels(ended), (17, vec![16]));
    }

    #[test]
    fn draws_series_and_generators_that_count_are_no_rows() {
        let none = |name: &str, found: Option<(Rows, Evidence)>| {
            assert!(found.is_none(), "{name}: {:?}", found.map(|(rows, _)| rows));
        };
        let narrow = Format::Bits { width: 1 };
        none("draws", rows(Format::WORDS, |_, _, draw| vec![draw()]));
        none("bits", rows(narrow, |_, _, draw| vec![draw() >> 63 << 63]));
        none(
            "rare",
            rows(narrow, |_, _, draw| vec![u64::from(draw() % 50 == 1) << 63]),
        );
        none("count", rows(Format::WORDS, |_, row, _| vec![row]));
        none(
            "trend",
            rows(REALS, |_, row, draw| vec![row << 50 | draw() >> 8]),
        );
        none(
            "season",
            rows(REALS, |_, row, draw| {
                vec![((row as f64 / 9.0).sin() * 1e9 + 2e9) as u64 + draw() % 1_000_000_000]
            }),
        );
        none(
            "low bits",
            rows(Format::Bits { width: 8 }, |task, row, _| {
                vec![(13 * row + u64::from(task)) << 56]
            }),
        );
        none(
            "every other draw is common",
            rows(Format::WORDS, |_, row, draw| {
                vec![splitmix(seed(32, 0, row as u32))(), draw()]
            }),
        );
    }
}

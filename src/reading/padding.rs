//! Constants around the draws: a header before them, zeros after them.

use std::borrow::Cow;

use crate::{
    core::{Evidence, Format, Marginal, StreamId},
    results::{Padding, Rows},
};

/// Bits of surprise from which on a constant is no draw.
pub(crate) const SURPRISE_BITS: f64 = 128.0;
/// Words after the constant that show how often draws take its value.
const DRAWS: usize = 4096;
/// Words that must be left of a stream.
const LEAST_LEFT: usize = 8;

impl Padding {
    /// The evidence without the constants, and what was left out; `None` where nothing is.
    ///
    /// What begins every stream is a header where all begin with one plain value so often that draws
    /// would not, or with one number that is unlike any draw, or with their worker's number; what ends a
    /// stream is padding where it alone is so.
    pub(crate) fn trim(evidence: &Evidence) -> Option<(Evidence, Self)> {
        let format = evidence.format();
        let kept: Vec<&[u64]> = (0..evidence.streams())
            .map(|stream| without_padding(evidence.stream(stream), format))
            .collect();
        let nothing = plain_header(&kept, format);
        // What all streams have before a mark is marked with it.
        let is_common = |at: usize| {
            let first = kept[0].get(at);
            kept.iter().all(|words| words.get(at) == first)
        };
        let is_marked = |at: &usize| is_mark(&kept, evidence.ids(), *at, format);
        let header = (nothing..MARKS)
            .take_while(|at| is_marked(at) || is_common(*at))
            .filter(is_marked)
            .last()
            .map_or(nothing, |mark| mark + 1);
        let padded = |stream: usize| evidence.stream(stream).len() - kept[stream].len();
        let mut trailing = (0..evidence.streams()).filter(|&stream| padded(stream) > 0);
        let first = trailing.next();
        let cut = match header > 0 || first.is_some() {
            true => Cow::Owned(evidence.cut(|stream| header..kept[stream].len())),
            false => Cow::Borrowed(evidence),
        };
        let rows = Rows::of(&cut);
        let draws = match &rows {
            Some(rows) => rows.draws(&cut),
            None => match cut {
                Cow::Owned(cut) => cut,
                Cow::Borrowed(_) => return None,
            },
        };
        let found = Self {
            header: header as u64,
            padded: (usize::from(first.is_some()) + trailing.count()) as u64,
            first: first.map(|stream| (evidence.id(stream), padded(stream) as u64)),
            rows,
        };
        Some((draws, found))
    }

    /// Where a draw stands among all elements.
    pub(crate) fn place(&self, draw: u64) -> u64 {
        let place = self.rows.as_ref().map_or(draw, |rows| rows.place(draw));
        self.header + place
    }

    /// Of two groups of runs.
    pub(crate) fn merge(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(Self {
                header: one.header.max(other.header),
                padded: one.padded + other.padded,
                first: one.first.or(other.first),
                rows: one.rows.or(other.rows),
            }),
            (one, other) => one.or(other),
        }
    }
}

/// A stream without the plain values that it ends in, where draws would not give so many.
fn without_padding(words: &[u64], format: Format) -> &[u64] {
    let Some(&last) = words.last().filter(|word| plain(format, **word)) else {
        return words;
    };
    let length = run(words.iter().rev(), last);
    let kept = &words[..words.len() - length];
    match is_padding(length, last, kept, format) {
        true => kept,
        false => words,
    }
}

/// Whether draws that begin like `words` would not go on with so many elements of one plain value.
pub(crate) fn is_padding(length: usize, value: u64, words: &[u64], format: Format) -> bool {
    let begins = &words[..words.len().min(2 * DRAWS)];
    words.len() >= LEAST_LEFT && length as f64 * surprise(begins, value, format) >= SURPRISE_BITS
}

/// How many elements every stream begins with that are one plain value in all of them, and none that
/// draws take.
fn plain_header(streams: &[&[u64]], format: Format) -> usize {
    let first = streams.first().and_then(|words| words.first());
    let Some(&value) = first.filter(|word| plain(format, **word)) else {
        return 0;
    };
    let streams = streams.iter();
    let length = streams.clone().map(|words| run(words.iter(), value)).min();
    let shortest = streams.clone().map(|words| words.len()).min();
    let (length, shortest) = (length.unwrap_or(0), shortest.unwrap_or(0));
    if length == 0 || shortest < length + LEAST_LEFT {
        return 0;
    }
    // Where draws take the value too, all streams may begin with it because of how they are seeded.
    let a_draw = streams
        .clone()
        .any(|words| words[length..].contains(&value));
    let told = streams.map(|words| length as f64 * surprise(&words[length..], value, format));
    let enough = match a_draw {
        true => told.fold(f64::INFINITY, f64::min),
        false => told.sum(),
    };
    if enough >= SURPRISE_BITS { length } else { 0 }
}

/// Elements up to which marks are looked for.
const MARKS: usize = 16;

/// Whether the elements at a place are one number that is unlike any draw in all streams (a small integer
/// among wide words, or outside the range of all others), or each stream's number or length.
fn is_mark(streams: &[&[u64]], ids: &[StreamId], at: usize, format: Format) -> bool {
    let marks: Option<Vec<u64>> = streams.iter().map(|words| words.get(at).copied()).collect();
    let Some(marks) = marks.filter(|marks| marks.len() > 1) else {
        return false;
    };
    if streams
        .iter()
        .any(|words| words.len() < at + 1 + LEAST_LEFT)
    {
        return false;
    }
    let told = marks.len() as f64 * format.bits_per_element();
    let first = marks[0];
    // Of streams that all are one, any draw is common to all, and one of few is the least or largest.
    if streams.iter().all(|words| words[at..] == streams[0][at..]) {
        return false;
    }
    if told < SURPRISE_BITS / 2.0 {
        return false;
    }
    if marks.iter().any(|&mark| mark != first) {
        let numbers = |of: fn(&StreamId, usize) -> usize| -> Vec<f64> {
            let all = ids.iter().zip(streams);
            all.map(|(id, words)| of(id, words.len() - at) as f64)
                .collect()
        };
        // The worker's number from 0 or 1, or how many draws follow.
        let known = [
            numbers(|id, _| id.task.0 as usize),
            numbers(|id, _| id.task.0 as usize + 1),
            numbers(|_, left| left - 1),
        ];
        return READINGS.into_iter().any(|read| {
            let marks = marks.iter().map(|&mark| read(format, mark));
            known
                .iter()
                .any(|known| marks.clone().eq(known.iter().copied()))
        });
    }
    let mut others = streams.iter().flat_map(|words| &words[at + 1..]);
    match format {
        Format::Bits { width } => {
            let small = first >> (64 - width) < 1 << (width / 2);
            width >= 16 && small && !others.any(|&word| word == first)
        }
        Format::Other { marginal, .. } => {
            let (above, below) = (|word: &u64| *word > first, |word: &u64| *word < first);
            others.clone().all(above)
                || others.all(below)
                || marginal == Marginal::Continuous && is_short(first) && {
                    let next = || {
                        streams
                            .iter()
                            .flat_map(|words| words[at + 1..].iter().take(DRAWN))
                    };
                    let short = next().filter(|&&word| is_short(word)).count();
                    FEW * short <= next().count()
                }
        }
    }
}

/// Draws after a short number that are looked at, and one in how many may be short.
const DRAWN: usize = 64;
const FEW: usize = 8;

/// Whether a double is written with few digits, as people write numbers.
fn is_short(word: u64) -> bool {
    let value = to_double(word);
    let single = value as f32;
    let written = match f64::from(single) == value {
        true => format!("{single:e}"),
        false => format!("{value:e}"),
    };
    let digits = written.split('e').next().unwrap_or_default();
    digits.bytes().filter(u8::is_ascii_digit).count() <= SHORT
}

/// Digits of a short number.
const SHORT: usize = 5;

/// What a word may stand for: an unsigned or signed integer, or a double.
const READINGS: [fn(Format, u64) -> f64; 3] = [
    |format, word| (word >> (64 - format.uniform_width().unwrap_or(64))) as f64,
    |_, word| (word ^ 1 << 63) as i64 as f64,
    |_, word| to_double(word),
];

/// The double whose image a word is.
fn to_double(word: u64) -> f64 {
    match word >> 63 {
        1 => f64::from_bits(word ^ 1 << 63),
        _ => f64::from_bits(!word),
    }
}

/// Whether a word is 0, the image of 0, or has all its bits set.
pub(crate) fn plain(format: Format, word: u64) -> bool {
    match format {
        Format::Bits { width } => word == 0 || word == u64::MAX << (64 - width),
        Format::Other { .. } => word == 0 || word == 1 << 63,
    }
}

/// How many words one value goes on for.
pub(crate) fn run<'a>(words: impl Iterator<Item = &'a u64>, value: u64) -> usize {
    words.take_while(|&&word| word == value).count()
}

/// What one such value tells at most, in bits, as often as draws take it; those at the start may be a
/// header's.
pub(crate) fn surprise(words: &[u64], value: u64, format: Format) -> f64 {
    let draws = &words[run(words.iter(), value)..];
    let seen = &draws[..draws.len().min(DRAWS)];
    let often = seen.iter().filter(|&&word| word == value).count();
    // One more than seen, and no more than an element can tell.
    let bits = ((seen.len() + 1) as f64 / (often + 1) as f64).log2();
    match format {
        Format::Bits { width } if often == 0 => f64::from(width),
        Format::Bits { width } => bits.min(f64::from(width)),
        Format::Other { .. } => bits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{ragged, seed, splitmix};

    const NARROW: Format = Format::Bits { width: 8 };

    fn drawn(task: u32, words: usize) -> Vec<u64> {
        let mut draw = splitmix(seed(9, 0, task));
        (0..words).map(|_| draw()).collect()
    }

    fn trimmed(streams: &[Vec<u64>], format: Format) -> Option<(Evidence, Padding)> {
        Padding::trim(&ragged(streams, format))
    }

    #[test]
    fn a_header_and_padding_are_left_out() {
        let streams: Vec<Vec<u64>> = (0..4)
            .map(|task| {
                let mut words = vec![0; 3];
                words.extend(drawn(task, 100));
                words.extend(vec![0; 5 * task as usize]);
                words
            })
            .collect();
        let (kept, found) = trimmed(&streams, Format::WORDS).unwrap();
        assert_eq!((found.header, found.padded), (3, 3));
        assert_eq!(found.first, Some((StreamId::new(0, 1), 5)));
        for task in 0..4 {
            assert_eq!(kept.stream(task as usize), drawn(task, 100));
        }
    }

    #[test]
    fn counts_and_worker_numbers_are_headers() {
        let led = |first: fn(u32) -> u64, shift: u32| -> Vec<Vec<u64>> {
            (0..6)
                .map(|task| [vec![first(task)], drawn(task, 90)].concat())
                .map(|words| {
                    words
                        .into_iter()
                        .map(|word| word >> shift << shift)
                        .collect()
                })
                .collect()
        };
        let half = Format::Bits { width: 32 };
        let double = |x: f64| x.to_bits() ^ 1 << 63;
        let normals = Format::Other {
            marginal: crate::core::Marginal::Continuous,
            bits_per_element: 20.0,
        };
        for (streams, format) in [
            (led(|_| 4096 << 32, 32), half),
            (led(|task| u64::from(task) << 32, 32), half),
        ] {
            assert_eq!(trimmed(&streams, format).unwrap().1.header, 1);
        }
        // Numbers below 1, after a count of them or the worker's number.
        let below_one = |first: &dyn Fn(u32) -> f64| -> Vec<Vec<u64>> {
            (0..6)
                .map(|task| {
                    let draws = drawn(task, 90);
                    let draws = draws
                        .iter()
                        .map(|&word| (word >> 11) as f64 / (1_u64 << 53) as f64);
                    std::iter::once(first(task))
                        .chain(draws)
                        .map(double)
                        .collect()
                })
                .collect()
        };
        for streams in [
            below_one(&|_| 90.0),
            below_one(&|task| f64::from(task) + 1.0),
        ] {
            assert_eq!(trimmed(&streams, normals).unwrap().1.header, 1);
        }
        // Settings before the draws, as people write numbers; a common first draw is none.
        assert_eq!(trimmed(&below_one(&|_| 0.25), normals).unwrap().1.header, 1);
        assert!(trimmed(&below_one(&|_| 0.1 + 0.2), normals).is_none());
        // Whatever all have before a mark belongs to it.
        let streams: Vec<Vec<u64>> = (0..6)
            .map(|task| [vec![drawn(99, 1)[0], 3], drawn(task, 90)].concat())
            .collect();
        assert_eq!(trimmed(&streams, Format::WORDS).unwrap().1.header, 2);
    }

    #[test]
    fn draws_are_kept() {
        // One bit or byte of 0 is a draw; so is a shared word that is no plain value.
        let bits: Vec<Vec<u64>> = (0..8)
            .map(|task| {
                let mut words: Vec<u64> = drawn(task, 90).iter().map(|w| w & 1 << 63).collect();
                words.splice(..2, [0, 0]);
                words
            })
            .collect();
        assert!(trimmed(&bits, Format::Bits { width: 1 }).is_none());
        let bytes: Vec<Vec<u64>> = (0..8)
            .map(|task| {
                let mut words: Vec<u64> = drawn(task, 90).iter().map(|w| w >> 56 << 56).collect();
                words.extend([0; 4]);
                words
            })
            .collect();
        assert!(trimmed(&bytes, NARROW).is_none());
        let shared: Vec<Vec<u64>> = (0..8)
            .map(|task| [vec![drawn(98, 1)[0]; 4], drawn(task, 90)].concat())
            .collect();
        assert!(trimmed(&shared, Format::WORDS).is_none());
        // Nor is the largest of few values a mark where all streams are one.
        let one = [vec![u64::MAX - 1], drawn(3, 15)].concat();
        let reals = Format::Other {
            marginal: Marginal::Continuous,
            bits_per_element: 5.0,
        };
        assert!(trimmed(&vec![one; 40], reals).is_none());
        // Streams that hold nothing else are constant, not padded.
        assert!(trimmed(&[vec![0; 50], vec![0; 50]], Format::WORDS).is_none());
    }
}

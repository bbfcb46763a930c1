//! Follows a witness to its ends in a source that is read in blocks, however long the streams are.

use crate::{
    kernels::BLOCK,
    results::{CopyKind, Joins, Witness},
    vocabulary::{EvidenceSource, Format, LARGEST_BLOCK, StreamId, read_words},
};

/// Groups, runs and periods that are followed, of each the first: those that findings show.
const FOLLOWED: usize = 16;

/// One word of a stream and the direction in which the next is looked for.
#[derive(Clone, Copy)]
struct WordWalk {
    stream: StreamId,
    /// The next word; none when negative.
    next: i64,
    step: i64,
}

impl WordWalk {
    /// The next `words` words in the walk's direction, fewer at the end of the stream.
    fn read<S: EvidenceSource>(&self, source: &mut S, words: usize) -> Result<Vec<u64>, S::Error> {
        if self.next < 0 {
            return Ok(Vec::new());
        }
        let next = self.next as usize;
        let (from, words) = if self.step > 0 {
            (next, words)
        } else {
            let from = (next + 1).saturating_sub(words);
            (from, next + 1 - from)
        };
        let mut read = read_words(source, self.stream, from, words)?;
        if self.step < 0 {
            read.reverse();
        }
        Ok(read)
    }
}

/// How many words agree from two places on.
fn agreeing<S: EvidenceSource>(
    source: &mut S,
    mut a: WordWalk,
    mut b: WordWalk,
    holds: &dyn Fn(u64, u64) -> bool,
) -> Result<u64, S::Error> {
    let mut agreed = 0;
    let mut block = BLOCK;
    loop {
        let (x, y) = (a.read(source, block)?, b.read(source, block)?);
        let same = x.iter().zip(&y).take_while(|&(&x, &y)| holds(x, y)).count();
        agreed += same as u64;
        if same < block {
            return Ok(agreed);
        }
        a.next += a.step * block as i64;
        b.next += b.step * block as i64;
        block = (4 * block).min(LARGEST_BLOCK);
    }
}

/// How many words two streams have in common at their start.
///
/// # Errors
/// When the source cannot be read.
pub(crate) fn common_prefix<S: EvidenceSource>(
    source: &mut S,
    a: StreamId,
    b: StreamId,
) -> Result<u64, S::Error> {
    let start = |stream| WordWalk {
        stream,
        next: 0,
        step: 1,
    };
    agreeing(source, start(a), start(b), &|x, y| x == y)
}

/// Extends a witness in both directions as far as the relation holds, where the relation is one of
/// single words.
///
/// # Errors
/// When the source cannot be read.
pub(crate) fn lengthen<S: EvidenceSource>(
    source: &mut S,
    format: Format,
    witness: &mut Witness,
) -> Result<(), S::Error> {
    let Some(holds) = relation(witness.copy, format) else {
        return Ok(());
    };
    let step: i64 = if witness.reversed { -1 } else { 1 };
    let (i, j) = (witness.a.word as i64, witness.b.word as i64);
    let walk = |stream, next, step| WordWalk { stream, next, step };
    let words = witness.words as i64;
    let ahead = agreeing(
        source,
        walk(witness.a.stream, i + words, 1),
        walk(witness.b.stream, j + step * words, step),
        &holds,
    )?;
    let behind = agreeing(
        source,
        walk(witness.a.stream, i - 1, -1),
        walk(witness.b.stream, j - step, -step),
        &holds,
    )?;
    witness.a.word = (i - behind as i64) as u64;
    witness.b.word = (j - step * behind as i64) as u64;
    witness.words += ahead + behind;
    Ok(())
}

/// Whether a word is another's copy; `None` where the relation is not one of single words.
fn relation(copy: CopyKind, format: Format) -> Option<Box<dyn Fn(u64, u64) -> bool>> {
    // Canonical words carry their bits at the top: values are shifted down to their own width.
    let width = format.uniform_width().unwrap_or(64);
    let down = move |word: u64| word >> (64 - width);
    let mask = u64::MAX >> (64 - width);
    let map = |f: Box<dyn Fn(u64) -> u64>| -> Option<Box<dyn Fn(u64, u64) -> bool>> {
        Some(Box::new(move |x, y| f(down(x)) & mask == down(y)))
    };
    match copy {
        CopyKind::Equal => Some(Box::new(|x, y| x == y)),
        CopyKind::Complement => map(Box::new(|x| !x)),
        CopyKind::Negation => map(Box::new(u64::wrapping_neg)),
        CopyKind::ByteSwap if width.is_multiple_of(8) => {
            map(Box::new(move |x| x.swap_bytes() >> (64 - width)))
        }
        CopyKind::BitReversal => map(Box::new(move |x| x.reverse_bits() >> (64 - width))),
        CopyKind::Rotation { bits } if bits > 0 && bits < width => {
            map(Box::new(move |x| x << bits | x >> (width - bits)))
        }
        CopyKind::ConstantXor { constant } => map(Box::new(move |x| x ^ constant)),
        CopyKind::ConstantAdd { constant } => map(Box::new(move |x| x.wrapping_add(constant))),
        CopyKind::ConstantMinus { constant } => map(Box::new(move |x| constant.wrapping_sub(x))),
        CopyKind::Truncation { bits } if (1..=64).contains(&bits) => {
            Some(Box::new(move |x, y| (x ^ y) >> (64 - bits) == 0))
        }
        _ => None,
    }
}

/// Follows the first groups of equal streams and the first shared runs, which were found in a part of the evidence,
/// to their ends in all of it.
///
/// # Errors
/// When the source cannot be read.
pub(crate) fn to_their_ends<S: EvidenceSource>(
    source: &mut S,
    joins: &mut Joins,
) -> Result<(), S::Error> {
    let format = source.layout().format();
    for group in joins.equal_streams.iter_mut().take(FOLLOWED) {
        if let [a, b, ..] = group.streams[..] {
            group.words = group.words.max(common_prefix(source, a, b)?);
        }
    }
    for run in joins.shared.iter_mut().take(FOLLOWED) {
        lengthen(source, format, &mut run.witness)?;
    }
    for period in joins.periods.iter_mut().take(FOLLOWED) {
        lengthen(source, format, period)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{results::Place, statistics::samples::ragged, vocabulary::Evidence};

    fn evidence(a: Vec<u64>, b: Vec<u64>) -> Evidence {
        ragged(&[a, b], Format::WORDS)
    }

    fn witness(a: u64, b: u64, words: u64, copy: CopyKind, reversed: bool) -> Witness {
        let place = |task, word| Place {
            stream: StreamId::new(0, task),
            word,
        };
        Witness {
            copy,
            reversed,
            ..Witness::new(place(0, a), place(1, b), words)
        }
    }

    #[test]
    fn overlaps_grow_to_both_ends() {
        let evidence = evidence(vec![1, 2, 3, 4, 5], vec![9, 2, 3, 4, 5, 6]);
        let mut found = witness(2, 2, 2, CopyKind::Equal, false);
        lengthen(&mut &evidence, evidence.format(), &mut found).unwrap();
        assert_eq!(found, witness(1, 1, 4, CopyKind::Equal, false));
    }

    #[test]
    fn reversed_copies_grow_backwards_in_the_second() {
        let evidence = evidence(vec![0, 1, 2, 3], vec![3, 2, 1, 7]);
        let mut found = witness(2, 1, 1, CopyKind::Equal, true);
        lengthen(&mut &evidence, evidence.format(), &mut found).unwrap();
        assert_eq!(found, witness(1, 2, 3, CopyKind::Equal, true));
    }

    #[test]
    fn disguises_grow_by_their_own_map() {
        let words = vec![5_u64, 77, 1 << 63, 12];
        for (copy, f) in [
            (CopyKind::Complement, (|x| !x) as fn(u64) -> u64),
            (CopyKind::ByteSwap, u64::swap_bytes),
            (CopyKind::Rotation { bits: 5 }, |x| x.rotate_left(5)),
            (CopyKind::ConstantMinus { constant: 3 }, |x| {
                3_u64.wrapping_sub(x)
            }),
        ] {
            let image = words.iter().map(|&x| f(x)).collect();
            let evidence = evidence(words.clone(), image);
            let mut found = witness(1, 1, 1, copy, false);
            lengthen(&mut &evidence, evidence.format(), &mut found).unwrap();
            assert_eq!(found, witness(0, 0, 4, copy, false));
        }
    }
}

//! Follows witnesses that were found in a prefix to their ends in the whole evidence.

use super::EvidenceSource;
use crate::{
    battery::{Analysis, CopyKind, Witness},
    core::{Evidence, Format, StreamId},
};

/// Witnesses followed: those that findings show.
const FOLLOWED: usize = 16;

/// Lengthens the first groups of equal streams and the first shared runs to their full length.
///
/// # Errors
/// When the source cannot be read.
pub(super) fn extend<S: EvidenceSource>(
    source: &mut S,
    analysis: &mut Analysis,
) -> Result<(), S::Error> {
    let joins = &mut analysis.joins;
    let mut ids: Vec<StreamId> = joins
        .equal_streams
        .iter()
        .take(FOLLOWED)
        .flat_map(|group| group.streams.iter().take(2).copied())
        .collect();
    for run in joins.shared.iter().take(FOLLOWED) {
        ids.extend([run.witness.a.stream, run.witness.b.stream]);
    }
    ids.extend(joins.periods.iter().take(FOLLOWED).map(|p| p.a.stream));
    if ids.is_empty() {
        return Ok(());
    }
    let whole = source.load_streams(&ids)?;
    for group in joins.equal_streams.iter_mut().take(FOLLOWED) {
        if let [a, b, ..] = group.streams[..]
            && let (Some(a), Some(b)) = (whole.index_of(a), whole.index_of(b))
        {
            group.words = group
                .words
                .max(common_prefix(whole.stream(a), whole.stream(b)));
        }
    }
    for run in joins.shared.iter_mut().take(FOLLOWED) {
        lengthen(&whole, &mut run.witness);
    }
    for period in joins.periods.iter_mut().take(FOLLOWED) {
        lengthen(&whole, period);
    }
    Ok(())
}

fn common_prefix(a: &[u64], b: &[u64]) -> u64 {
    a.iter().zip(b).take_while(|(x, y)| x == y).count() as u64
}

/// Extends a witness in both directions as far as the relation holds, where the relation is one
/// of single words.
fn lengthen(evidence: &Evidence, witness: &mut Witness) {
    let (Some(a), Some(b), Some(holds)) = (
        evidence.index_of(witness.a.stream),
        evidence.index_of(witness.b.stream),
        relation(witness.copy, evidence.format()),
    ) else {
        return;
    };
    let (a, b) = (evidence.stream(a), evidence.stream(b));
    let step: i64 = if witness.reversed { -1 } else { 1 };
    let agree = |i: i64, j: i64| {
        let at =
            |words: &[u64], k: i64| usize::try_from(k).ok().and_then(|k| words.get(k).copied());
        matches!((at(a, i), at(b, j)), (Some(x), Some(y)) if holds(x, y))
    };
    let (mut i, mut j) = (witness.a.word as i64, witness.b.word as i64);
    let mut words = witness.words as i64;
    while agree(i + words, j + step * words) {
        words += 1;
    }
    while agree(i - 1, j - step) {
        i -= 1;
        j -= step;
        words += 1;
    }
    witness.a.word = i as u64;
    witness.b.word = j as u64;
    witness.words = words as u64;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        battery::Place,
        core::{RunGroup, RunId, RunInfo},
    };

    fn evidence(a: Vec<u64>, b: Vec<u64>) -> Evidence {
        let lengths = [a.len(), b.len()];
        let run = RunInfo {
            run: RunId(0),
            group: RunGroup::Fresh,
            root: None,
        };
        Evidence::ragged(
            [a, b].concat(),
            vec![StreamId::new(0, 0), StreamId::new(0, 1)],
            &lengths,
            vec![run],
            Format::WORDS,
        )
        .unwrap()
    }

    fn witness(a: u64, b: u64, words: u64, copy: CopyKind, reversed: bool) -> Witness {
        let place = |task, word| Place {
            stream: StreamId::new(0, task),
            word,
        };
        Witness {
            a: place(0, a),
            b: place(1, b),
            words,
            copy,
            reversed,
        }
    }

    #[test]
    fn overlaps_grow_to_both_ends() {
        let evidence = evidence(vec![1, 2, 3, 4, 5], vec![9, 2, 3, 4, 5, 6]);
        let mut found = witness(2, 2, 2, CopyKind::Equal, false);
        lengthen(&evidence, &mut found);
        assert_eq!(found, witness(1, 1, 4, CopyKind::Equal, false));
    }

    #[test]
    fn reversed_copies_grow_backwards_in_the_second() {
        let evidence = evidence(vec![0, 1, 2, 3], vec![3, 2, 1, 7]);
        let mut found = witness(2, 1, 1, CopyKind::Equal, true);
        lengthen(&evidence, &mut found);
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
            lengthen(&evidence, &mut found);
            assert_eq!(found, witness(0, 0, 4, copy, false));
        }
    }
}

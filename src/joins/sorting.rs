//! Records in the order of key and place.

use rayon::prelude::*;

use super::strands::Record;

/// Records up to which they are sorted as they are.
const FEW: usize = 1 << 12;
/// Records of a share, on the average (binary logarithm).
const LOG2_SHARE: u32 = 6;
/// Shares at most (binary logarithm): the places where they grow stay in the second-level cache.
const MOST_LOG2_SHARES: u32 = 14;

/// The records, sorted. Keys are hashes: dealt out by their leading bits, behind those in which all agree, they lie
/// in shares that are sorted in the first-level cache. Where some do not agree with most, as edges with a slice, a
/// share of most is dealt out again.
pub(super) fn sorted(mut records: Vec<Record>) -> Vec<Record> {
    let differing = records
        .iter()
        .fold(0, |bits, record| bits | record.key ^ records[0].key);
    if records.len() <= FEW {
        records.sort_unstable();
        return records;
    }
    if differing == 0 {
        records.par_sort_unstable();
        return records;
    }
    let log2_shares = (records.len().ilog2() - LOG2_SHARE).min(MOST_LOG2_SHARES);
    let share_of = |record: &Record| {
        let leading = record.key.unbounded_shl(differing.leading_zeros());
        (leading >> (64 - log2_shares)) as usize
    };
    let mut sizes = vec![0; 1 << log2_shares];
    records
        .iter()
        .for_each(|record| sizes[share_of(record)] += 1);
    let mut next: Vec<usize> = sizes
        .iter()
        .scan(0, |start, size| {
            Some(std::mem::replace(start, *start + size))
        })
        .collect();
    let mut dealt = vec![Record { key: 0, place: 0 }; records.len()];
    for record in records {
        let at = &mut next[share_of(&record)];
        dealt[*at] = record;
        *at += 1;
    }
    let mut rest = &mut dealt[..];
    let shares: Vec<&mut [Record]> = sizes
        .into_iter()
        .map(|size| rest.split_off_mut(..size).expect("shares add up to all"))
        .collect();
    shares
        .into_par_iter()
        .with_min_len(1 << LOG2_SHARE)
        .for_each(|share| match share.len() > FEW {
            true => share.copy_from_slice(&sorted(share.to_vec())),
            false => share.sort_unstable(),
        });
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::mix;

    #[test]
    fn records_are_sorted_whatever_their_keys() {
        for count in [0, 1, FEW as u64, FEW as u64 + 1, 50_000] {
            let keyed = |key: fn(u64) -> u64| -> Vec<Record> {
                let record = |i: u64| Record {
                    key: key(i),
                    place: mix(i + 1),
                };
                (0..count).map(record).collect()
            };
            for records in [
                keyed(mix),
                keyed(|i| mix(i / 3)),
                keyed(|i| 5 << 60 | mix(i) >> 9),
                keyed(|i| mix(i) >> if i % 100 == 0 { 0 } else { 12 }),
                keyed(|i| i % 3),
                keyed(|_| 7),
                keyed(|i| u64::from(i == 9)),
            ] {
                let mut expected = records.clone();
                expected.sort_unstable();
                assert_eq!(sorted(records), expected);
            }
        }
    }
}

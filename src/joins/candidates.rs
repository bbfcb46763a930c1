//! From recorded keys to pairs of places that share one.

use rayon::prelude::*;

use super::{sorting::sorted, strands::Record};

/// Places with one key of which each pair is looked at; of more, neighbours alone. Raising it looks at more
/// pairs of what many streams share, and finds no more of them equal.
const ALL_PAIRS_UP_TO: usize = 6;

/// Records from which on bitmaps are worth their making: time alone depends on it.
const MAPPED: usize = 1 << 8;

/// The records of all lists whose key occurs more than once, sorted by key and place.
pub(crate) fn colliding(lists: &[&[Record]]) -> Vec<Record> {
    let count: usize = lists.iter().map(|list| list.len()).sum();
    let mut records = sorted(match count <= MAPPED {
        true => lists.concat(),
        false => met_again(lists, count),
    });
    // What was recorded by two tasks was recorded once.
    records.dedup();
    let mut kept = 0;
    let mut start = 0;
    while start < records.len() {
        let same = records[start..]
            .iter()
            .take_while(|r| r.key == records[start].key)
            .count();
        if same > 1 {
            records.copy_within(start..start + same, kept);
            kept += same;
        }
        start += same;
    }
    records.truncate(kept);
    records
}

/// All records whose key may occur more than once: bitmaps drop most of the lonely ones. Each thread
/// maps a part of the lists; what is found does not depend on how they are parted.
fn met_again(lists: &[&[Record]], count: usize) -> Vec<Record> {
    let log2_bits = (usize::BITS - count.leading_zeros() + 3).min(30);
    // Sampled keys agree in their top bits: the next multiplication brings fresh ones up.
    let bit_of = |record: &Record| {
        let bit = record.key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - log2_bits);
        ((bit >> 6) as usize, 1_u64 << (bit & 63))
    };
    let part = lists.len().div_ceil(rayon::current_num_threads()).max(1);
    let mapped = lists.par_chunks(part).map(|lists| {
        let mut maps = [
            vec![0_u64; 1 << (log2_bits - 6)],
            vec![0; 1 << (log2_bits - 6)],
        ];
        let [seen, again] = &mut maps;
        for record in lists.iter().copied().flatten() {
            let (word, flag) = bit_of(record);
            again[word] |= seen[word] & flag;
            seen[word] |= flag;
        }
        maps
    });
    let both = |[mut seen, mut again]: [Vec<u64>; 2], [others, again_too]: [Vec<u64>; 2]| {
        for (word, seen) in seen.iter_mut().enumerate() {
            again[word] |= again_too[word] | *seen & others[word];
            *seen |= others[word];
        }
        [seen, again]
    };
    let Some([_, again]) = mapped.reduce_with(both) else {
        return Vec::new();
    };
    let may_be_shared = |record: &&Record| {
        let (word, flag) = bit_of(record);
        again[word] & flag != 0
    };
    let found: Vec<Vec<Record>> = lists
        .par_chunks(part)
        .map(|lists| {
            lists
                .iter()
                .copied()
                .flatten()
                .filter(may_be_shared)
                .copied()
                .collect()
        })
        .collect();
    found.concat()
}

/// Pairs of places with one key, the earlier place first, of records sorted by key and place.
pub(super) fn pairs(sorted: &[Record]) -> impl Iterator<Item = (u64, u64)> {
    sorted.chunk_by(|a, b| a.key == b.key).flat_map(|group| {
        let reach = if group.len() <= ALL_PAIRS_UP_TO {
            group.len()
        } else {
            2
        };
        (0..group.len()).flat_map(move |i| {
            let partners = &group[i + 1..group.len().min(i + reach)];
            partners
                .iter()
                .map(move |partner| (group[i].place, partner.place))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shared_keys_stay_and_every_pair_of_a_small_group_is_given() {
        for lonely in [10_000, 500 * MAPPED as u64] {
            shared_among(lonely);
        }
    }

    fn shared_among(lonely: u64) {
        let mut records: Vec<Record> = (0..lonely)
            .map(|i| Record {
                key: super::super::super::kernels::mix(i),
                place: i,
            })
            .collect();
        let key = records[17].key;
        records.push(Record {
            key,
            place: 2_000_000,
        });
        records.push(Record {
            key,
            place: 1_000_500,
        });
        let (one, other) = records.split_at(4_000);
        let found = colliding(&[one, other]);
        let places: Vec<u64> = found.iter().map(|record| record.place).collect();
        assert_eq!(places, [17, 1_000_500, 2_000_000]);
        let found: Vec<_> = pairs(&found).collect();
        assert_eq!(
            found,
            [(17, 1_000_500), (17, 2_000_000), (1_000_500, 2_000_000)]
        );
        let many: Vec<Record> = (0..9).map(|place| Record { key: 5, place }).collect();
        assert_eq!(pairs(&many).count(), 8);
    }
}

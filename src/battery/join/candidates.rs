//! From recorded keys to pairs of places that share one.

use super::strands::Record;

/// Up to so many places with one key are paired each with each; more are paired in a chain.
const ALL_PAIRS_UP_TO: usize = 6;

/// The records of all lists whose key occurs more than once, sorted by key and place.
pub(super) fn colliding(lists: &[&[Record]]) -> Vec<Record> {
    let count: usize = lists.iter().map(|list| list.len()).sum();
    let mut records: Vec<Record> = if count <= 256 {
        lists.concat()
    } else {
        // Two bitmaps drop most of the lonely keys before the sort.
        let log2_bits = (usize::BITS - count.leading_zeros() + 3).min(30);
        let mut seen = vec![0u64; 1 << (log2_bits - 6)];
        let mut again = vec![0u64; 1 << (log2_bits - 6)];
        // Sampled keys agree in their top bits: the next multiplication brings fresh ones up.
        let bit_of = |key: u64| key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - log2_bits);
        for record in lists.iter().copied().flatten() {
            let bit = bit_of(record.key);
            let (word, flag) = ((bit >> 6) as usize, 1u64 << (bit & 63));
            again[word] |= seen[word] & flag;
            seen[word] |= flag;
        }
        let met_again = |record: &&Record| {
            let bit = bit_of(record.key);
            again[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
        };
        lists
            .iter()
            .copied()
            .flatten()
            .filter(met_again)
            .copied()
            .collect()
    };
    records.sort_unstable();
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
        let mut records: Vec<Record> = (0..10_000u64)
            .map(|i| Record {
                key: super::super::super::kernels::mix(i),
                place: i,
            })
            .collect();
        let key = records[17].key;
        records.push(Record { key, place: 20_000 });
        records.push(Record { key, place: 10_500 });
        let (one, other) = records.split_at(4_000);
        let found = colliding(&[one, other]);
        let places: Vec<u64> = found.iter().map(|record| record.place).collect();
        assert_eq!(places, [17, 10_500, 20_000]);
        let found: Vec<_> = pairs(&found).collect();
        assert_eq!(found, [(17, 10_500), (17, 20_000), (10_500, 20_000)]);
        let many: Vec<Record> = (0..9).map(|place| Record { key: 5, place }).collect();
        assert_eq!(pairs(&many).count(), 8);
    }
}

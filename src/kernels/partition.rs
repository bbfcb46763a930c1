//! Exact multiplicities of up to billions of 64-bit keys: a histogrammed partition by the top bits
//! of the mixed key, then one small bucket after the other in the second-level cache.
//!
//! Two passes over the source compute the keys on the fly. The first counts how many keys of every
//! chunk fall into every bucket, so the second can scatter them in parallel into disjoint ranges,
//! with nothing to overflow however skewed the keys are. Scattering combines writes: a cache line
//! is gathered for each bucket and written whole, past the cache.
//!
//! A bucket is then marked in two bitmaps (seen, seen again); only keys whose bit was seen again are
//! sorted and counted. In the sound case that is one key in ten; when all keys are equal the sort is
//! linear.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    BLOCK, KeySource,
    buffer::{KeyBuffer, words_mut},
    mix_block,
    scatter::scatter,
};

/// Parts that the source's chunks are dealt into: enough for the cores of a large machine, few
/// enough that each part gives every bucket whole cache lines.
const PARTS: usize = 64;

/// Keys of a bucket on average (binary logarithm), until there are 2^12 buckets: with 64 to 128
/// thousand keys a bucket's bitmaps still fit the second-level cache, and with a thousand buckets
/// at 10^8 keys scattering misses few address translations.
const LOG2_BUCKET: u32 = 17;

/// Most buckets (binary logarithm): one cache line each must fit the second-level cache.
const MAX_LOG2_BUCKETS: u32 = 12;

/// Bits of a bucket's bitmaps, at most (binary logarithm): both stay in the second-level cache.
const MAX_LOG2_BITMAP: u32 = 20;

/// What [`count_repeats`] found. The keys that repeat stay in the buffer, mixed.
pub(crate) struct RepeatedKeys<'a> {
    /// Keys counted.
    pub total: u64,
    /// Different keys among them.
    pub distinct: u64,
    /// How many keys occur how often, ascending.
    pub table: BTreeMap<u64, u64>,
    /// For each bucket, its mixed keys that occur more than once, ascending.
    buckets: Vec<&'a [u64]>,
}

impl RepeatedKeys<'_> {
    /// The mixed keys that occur more than once, ascending.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = u64> {
        self.buckets
            .iter()
            .flat_map(|bucket| bucket.iter().copied())
    }

    /// How many keys occur more than once.
    pub(crate) fn repeated_keys(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.len()).sum()
    }

    /// How many elements hold a key that occurs more than once.
    pub(crate) fn repeated_elements(&self) -> u64 {
        self.table
            .iter()
            .filter(|&(&times, _)| times > 1)
            .map(|(times, count)| times * count)
            .sum()
    }
}

/// Counts how often every key (masked) occurs. Uses `buffer`, which grows to eight bytes a key.
pub(crate) fn count_repeats<'a>(
    source: &(impl KeySource + ?Sized),
    mask: u64,
    buffer: &'a mut KeyBuffer,
) -> RepeatedKeys<'a> {
    let chunks = source.chunks();
    let parts = chunks.min(PARTS);
    let part_chunks = |part: usize| part * chunks / parts..(part + 1) * chunks / parts;

    // Finest histogram first: the number of buckets follows from the total, which is then known.
    let fine: Vec<Vec<u32>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let mut counts = vec![0u32; 1 << MAX_LOG2_BUCKETS];
            let mut mixed = [0u64; BLOCK];
            for chunk in part_chunks(part) {
                source.visit(chunk, &mut |keys| {
                    for block in keys.chunks(BLOCK) {
                        let mixed = &mut mixed[..block.len()];
                        mix_block(block, mask, mixed);
                        for key in mixed {
                            counts[(*key >> (64 - MAX_LOG2_BUCKETS)) as usize] += 1;
                        }
                    }
                });
            }
            counts
        })
        .collect();
    let total: usize = fine.iter().flatten().map(|&count| count as usize).sum();
    let log2_buckets = (usize::BITS - total.leading_zeros())
        .saturating_sub(LOG2_BUCKET)
        .min(MAX_LOG2_BUCKETS);
    let merge = 1usize << (MAX_LOG2_BUCKETS - log2_buckets);

    // cursors[part][bucket]: where the part's keys of the bucket start.
    let mut cursors: Vec<Vec<usize>> = vec![vec![0; 1 << log2_buckets]; parts];
    let mut bounds = Vec::with_capacity((1 << log2_buckets) + 1);
    let mut next = 0;
    for bucket in 0..1usize << log2_buckets {
        bounds.push(next);
        for (part, counts) in fine.iter().enumerate() {
            cursors[part][bucket] = next;
            let own = &counts[bucket * merge..(bucket + 1) * merge];
            next += own.iter().map(|&count| count as usize).sum::<usize>();
        }
    }
    bounds.push(next);
    drop(fine);

    let lines = buffer.lines(total.div_ceil(8));
    scatter(source, mask, log2_buckets, &part_chunks, cursors, lines);

    let keys = &mut words_mut(lines)[..total];
    let mut rest = keys;
    let mut slices = Vec::with_capacity(1 << log2_buckets);
    for bound in bounds.windows(2) {
        let (bucket, tail) = rest.split_at_mut(bound[1] - bound[0]);
        slices.push(bucket);
        rest = tail;
    }
    let counted: Vec<Bucket<'a>> = slices
        .into_par_iter()
        .map_init(Bitmaps::default, |bitmaps, keys| {
            count_bucket(keys, log2_buckets, bitmaps)
        })
        .collect();

    let mut table = BTreeMap::new();
    let mut singles = 0;
    let mut distinct = 0;
    for bucket in &counted {
        singles += bucket.singles;
        distinct += bucket.singles + bucket.repeated.len() as u64;
        for &(times, count) in &bucket.table {
            *table.entry(times).or_insert(0) += count;
        }
    }
    if singles > 0 {
        table.insert(1, singles);
    }
    RepeatedKeys {
        total: total as u64,
        distinct,
        table,
        buckets: counted.into_iter().map(|bucket| bucket.repeated).collect(),
    }
}

/// The multiplicities of one bucket.
struct Bucket<'a> {
    singles: u64,
    repeated: &'a [u64],
    /// (times, count) for times above 1.
    table: Vec<(u64, u64)>,
}

#[derive(Default)]
struct Bitmaps {
    seen: Vec<u64>,
    again: Vec<u64>,
}

fn count_bucket<'a>(keys: &'a mut [u64], log2_buckets: u32, bitmaps: &mut Bitmaps) -> Bucket<'a> {
    let log2_bits = (usize::BITS - keys.len().leading_zeros() + 3).clamp(6, MAX_LOG2_BITMAP);
    let words = 1 << (log2_bits - 6);
    let Bitmaps { seen, again } = bitmaps;
    for bitmap in [&mut *seen, &mut *again] {
        bitmap.clear();
        bitmap.resize(words, 0);
    }
    // The bucket has used up the top bits of the key; the next ones choose the bit.
    let bit_of = |key: u64| (key << log2_buckets) >> (64 - log2_bits);
    for &key in keys.iter() {
        let bit = bit_of(key);
        let (word, flag) = ((bit >> 6) as usize, 1u64 << (bit & 63));
        again[word] |= seen[word] & flag;
        seen[word] |= flag;
    }
    let mut kept = 0;
    for read in 0..keys.len() {
        let key = keys[read];
        let bit = bit_of(key);
        keys[kept] = key;
        kept += (again[(bit >> 6) as usize] >> (bit & 63) & 1) as usize;
    }
    let alone = (keys.len() - kept) as u64;
    let suspects = &mut keys[..kept];
    suspects.sort_unstable();

    let mut singles = alone;
    let mut repeated = 0;
    let mut times_of_repeated = Vec::new();
    let mut start = 0;
    while start < kept {
        let key = suspects[start];
        let mut end = start + 1;
        while end < kept && suspects[end] == key {
            end += 1;
        }
        let times = (end - start) as u64;
        if times == 1 {
            singles += 1;
        } else {
            suspects[repeated] = key;
            repeated += 1;
            times_of_repeated.push(times);
        }
        start = end;
    }
    times_of_repeated.sort_unstable();
    Bucket {
        singles,
        repeated: &keys[..repeated],
        table: times_of_repeated
            .chunk_by(|a, b| a == b)
            .map(|equal| (equal[0], equal.len() as u64))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::kernels::mix;

    fn noise(count: usize, seed: u64) -> Vec<u64> {
        (0..count as u64)
            .map(|i| mix(mix(i + seed) ^ seed))
            .collect()
    }

    fn check(keys: &[u64], mask: u64) {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        for key in keys {
            *counts.entry(key & mask).or_default() += 1;
        }
        let mut table: BTreeMap<u64, u64> = BTreeMap::new();
        for &times in counts.values() {
            *table.entry(times).or_default() += 1;
        }
        let mut repeated: Vec<u64> = counts
            .iter()
            .filter(|&(_, &times)| times > 1)
            .map(|(&key, _)| mix(key))
            .collect();
        repeated.sort_unstable();

        let mut buffer = KeyBuffer::default();
        let found = count_repeats(keys, mask, &mut buffer);
        assert_eq!(found.total, keys.len() as u64);
        assert_eq!(found.distinct, counts.len() as u64);
        assert_eq!(found.table, table);
        assert!(found.repeated().eq(repeated));
    }

    #[test]
    fn counts_agree_with_a_hash_map() {
        for count in [0, 1, 2, 7, 8, 9, 1000, 70_000, 300_001] {
            check(&noise(count, 9), !0);
            check(&noise(count, 9), !0 << 48);
            check(&vec![42; count], !0);
            let few: Vec<u64> = (0..count as u64).map(|i| i % 97).collect();
            check(&few, !0);
            let half: Vec<u64> = noise(count, 5)
                .into_iter()
                .map(|key| key % 1_000_003)
                .collect();
            check(&half, !0);
            let steps: Vec<u64> = (0..count as u64).map(|i| (i / 2) << 40).collect();
            check(&steps, !0);
        }
    }

    #[test]
    fn buffers_may_be_reused_and_threads_do_not_matter() {
        let keys: Vec<u64> = noise(200_000, 3)
            .into_iter()
            .map(|key| key % 150_000)
            .collect();
        let mut buffer = KeyBuffer::default();
        let count = |threads: usize, buffer: &mut KeyBuffer| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let found = count_repeats(&keys[..], !0, buffer);
                (found.table.clone(), found.repeated().collect::<Vec<_>>())
            })
        };
        let one = count(1, &mut buffer);
        assert_eq!(one, count(4, &mut buffer));
        assert_eq!(one, count(3, &mut KeyBuffer::default()));
    }
}

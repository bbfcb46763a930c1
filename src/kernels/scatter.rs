//! Parallel writing of keys into disjoint ranges of one buffer, a cache line at a time.

#![expect(
    unsafe_code,
    reason = "threads write disjoint ranges of one buffer, past the cache"
)]

use std::ops::Range;

use rayon::prelude::*;

use super::{
    BLOCK, KeySource,
    buffer::{Line, words_mut},
    mix_block,
};

/// A buffer that threads write into at places no other thread touches.
struct SharedLines(*mut u64);

// SAFETY: the pointer is only used by `Writer::flush` on ranges that belong to one part.
unsafe impl Sync for SharedLines {}

/// Writes every key to its bucket. `cursors[part][bucket]` is where the part's keys of the
/// bucket start; the source must give exactly the keys these were counted from.
pub(super) fn scatter(
    source: &(impl KeySource + ?Sized),
    mask: u64,
    log2_buckets: u32,
    part_chunks: &(impl Fn(usize) -> Range<usize> + Sync),
    cursors: Vec<Vec<usize>>,
    buffer: &mut [Line],
) {
    let ends: Vec<Vec<usize>> = range_ends(&cursors, buffer.len() * 8);
    let shared = SharedLines(words_mut(buffer).as_mut_ptr());
    let shared = &shared;
    cursors
        .into_par_iter()
        .zip(ends)
        .enumerate()
        .for_each(|(part, (starts, ends))| {
            let mut writer = Writer {
                lines: vec![Line::default(); starts.len()],
                next: starts.clone(),
                starts,
                ends,
            };
            let mut mixed = [0u64; BLOCK];
            for chunk in part_chunks(part) {
                source.visit(chunk, &mut |keys| {
                    for block in keys.chunks(BLOCK) {
                        let mixed = &mut mixed[..block.len()];
                        mix_block(block, mask, mixed);
                        for &key in mixed.iter() {
                            // A shift by 64 would be undefined: one bucket takes everything.
                            let bucket = (key >> 1 >> (63 - log2_buckets)) as usize;
                            writer.push(bucket, key, shared);
                        }
                    }
                });
            }
            writer.finish(shared);
        });
}

/// Where each part's range in each bucket ends: where the next part's range begins.
fn range_ends(cursors: &[Vec<usize>], capacity: usize) -> Vec<Vec<usize>> {
    let parts = cursors.len();
    (0..parts)
        .map(|part| {
            (0..cursors[part].len())
                .map(|bucket| {
                    if part + 1 < parts {
                        cursors[part + 1][bucket]
                    } else {
                        cursors[0].get(bucket + 1).copied().unwrap_or(capacity)
                    }
                })
                .collect()
        })
        .collect()
}

struct Writer {
    lines: Vec<Line>,
    starts: Vec<usize>,
    next: Vec<usize>,
    ends: Vec<usize>,
}

impl Writer {
    #[inline(always)]
    fn push(&mut self, bucket: usize, key: u64, shared: &SharedLines) {
        let at = self.next[bucket];
        self.lines[bucket].0[at & 7] = key;
        self.next[bucket] = at + 1;
        if (at + 1) & 7 == 0 {
            self.flush(bucket, at + 1, shared);
        }
    }

    /// Writes the keys gathered for a bucket, up to `end` (exclusive).
    #[inline(always)]
    fn flush(&self, bucket: usize, end: usize, shared: &SharedLines) {
        let line_start = (end - 1) & !7;
        let start = line_start.max(self.starts[bucket]);
        // A source that gives other keys than were counted must not write elsewhere.
        assert!(
            end <= self.ends[bucket],
            "the key source changed between its two visits"
        );
        let line = &self.lines[bucket].0;
        // SAFETY: start..end lies within this part's range of the bucket (checked above; `start`
        // is at least the range's start), which is inside the buffer and touched by no other
        // thread; a whole line is 64-byte aligned because the buffer is.
        unsafe {
            if end - start == 8 {
                write_line(shared.0.add(line_start), line);
            } else {
                std::ptr::copy_nonoverlapping(
                    line.as_ptr().add(start & 7),
                    shared.0.add(start),
                    end - start,
                );
            }
        }
    }

    fn finish(&mut self, shared: &SharedLines) {
        for bucket in 0..self.lines.len() {
            let end = self.next[bucket];
            if end > self.starts[bucket] && end & 7 != 0 {
                self.flush(bucket, end, shared);
            }
        }
        fence();
    }
}

/// Writes one aligned cache line without reading it first.
///
/// # Safety
/// `target` must be 64-byte aligned and valid for writing eight words.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn write_line(target: *mut u64, line: &[u64; 8]) {
    use std::arch::x86_64::{__m128i, _mm_load_si128, _mm_stream_si128};
    // SAFETY: the caller vouches for the target; `line` is the array of a 64-byte aligned Line.
    unsafe {
        let (from, to) = (line.as_ptr().cast::<__m128i>(), target.cast::<__m128i>());
        for i in 0..4 {
            _mm_stream_si128(to.add(i), _mm_load_si128(from.add(i)));
        }
    }
}

/// Writes one aligned cache line.
///
/// # Safety
/// `target` must be valid for writing eight words.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
unsafe fn write_line(target: *mut u64, line: &[u64; 8]) {
    // SAFETY: the caller vouches for the target.
    unsafe { std::ptr::copy_nonoverlapping(line.as_ptr(), target, 8) };
}

/// Makes streamed lines visible to other threads.
fn fence() {
    // SAFETY: every x86-64 processor has SSE; the fence touches no memory.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

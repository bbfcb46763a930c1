//! Every row against every other, in tiles, strip by strip; and bit planes of rows to compare so.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::views::Frame;
use crate::kernels::{
    pairs::{TILE, distances},
    transpose::transpose64,
};

/// Rows of a strip: their blocks stay in the second-level cache. Time alone depends on it.
const STRIP: usize = 32;

/// A pair and how far its statistic is from its expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Extreme {
    pub(super) distance: u64,
    pub(super) value: i64,
    /// Which plane was compared, where planes are.
    pub(super) plane: usize,
    pub(super) a: usize,
    pub(super) b: usize,
}

/// A strip of rows against all rows from it on.
pub(super) struct Strip {
    start: usize,
    end: usize,
    rows: usize,
}

impl Strip {
    /// Rows past the end repeat the last one; their results are dropped.
    pub(super) fn clamp(&self, row: usize) -> usize {
        row.min(self.rows - 1)
    }

    /// Every tile (first row of a, first row of b) on or above the diagonal, b outermost so that its
    /// rows are reused while they are in the first-level cache.
    pub(super) fn each(&self, mut tile: impl FnMut(usize, usize)) {
        for b in (self.start..self.rows).step_by(TILE) {
            for a in (self.start..self.end.min(b + TILE)).step_by(TILE) {
                tile(a, b);
            }
        }
    }
}

/// Works strip by strip, for each of `rounds`, on zeroed sums, and keeps the furthest pairs of all.
pub(super) fn strips<T: Copy + Default>(
    rows: usize,
    rounds: usize,
    work: impl Fn(
        &Strip,
        usize,
        &mut [[[T; TILE]; TILE]],
        &dyn Fn(usize, usize) -> usize,
        &mut Furthest<'_>,
    ) + Sync,
    keep: usize,
) -> Vec<Extreme> {
    let count = rows.div_ceil(STRIP);
    let floor = AtomicU64::new(0);
    let mut extremes: Vec<Extreme> = (0..count * rounds)
        .into_par_iter()
        .map(|index| {
            let start = index % count * STRIP;
            let strip = Strip {
                start,
                end: rows.min(start + STRIP),
                rows,
            };
            let across = (rows - start).div_ceil(TILE);
            let mut sums = vec![[[T::default(); TILE]; TILE]; across * (STRIP / TILE)];
            let tile_at =
                move |a: usize, b: usize| (b - start) / TILE * (STRIP / TILE) + (a - start) / TILE;
            let mut furthest = Furthest {
                extremes: Vec::new(),
                known: floor.load(Relaxed),
                floor: &floor,
                keep,
            };
            work(&strip, index / count, &mut sums, &tile_at, &mut furthest);
            furthest.extremes
        })
        .reduce(Vec::new, |mut all, more| {
            all.extend(more);
            if all.len() > 4 * keep + 64 {
                select(&mut all, keep);
            }
            all
        });
    select(&mut extremes, keep);
    extremes.sort_unstable_by(|a, b| b.cmp(a));
    extremes
}

/// Keeps the furthest, in any order.
fn select(extremes: &mut Vec<Extreme>, keep: usize) {
    if extremes.len() > keep {
        extremes.select_nth_unstable_by(keep, |a, b| b.cmp(a));
        extremes.truncate(keep);
    }
}

/// The furthest pairs of one strip, as they come.
///
/// The floor is shared by all strips: a pair below it is beaten by as many as are kept, wherever they
/// were found, so what is kept at last does not depend on the order of the work.
pub(super) struct Furthest<'a> {
    extremes: Vec<Extreme>,
    known: u64,
    floor: &'a AtomicU64,
    keep: usize,
}

impl Furthest<'_> {
    /// Whether a pair at this distance would still be kept.
    pub(super) const fn admits(&self, distance: u64) -> bool {
        distance >= self.known
    }

    pub(super) fn add(&mut self, extreme: Extreme) {
        self.extremes.push(extreme);
        if self.extremes.len() > 4 * self.keep + 64 {
            select(&mut self.extremes, self.keep);
            let least = self.extremes.iter().map(|extreme| extreme.distance).min();
            let least = least.unwrap_or(0);
            self.known = self.floor.fetch_max(least, Relaxed).max(least);
        }
    }
}

/// Some bits of every word of every row, each as a row of bits of its own.
pub(super) struct Planes {
    bits: Vec<u64>,
    /// Planes of a row.
    planes: usize,
    /// Words of a plane; the bits past the last word are 0.
    stride: usize,
}

impl Planes {
    /// All bits of the first `words` words of every row: plane 0 is the lowest of the element's own
    /// width.
    pub(super) fn all(frame: &Frame<'_>, words: usize, width: u32) -> Self {
        let (planes, stride) = (width as usize, words.div_ceil(64));
        let mut bits = vec![0; frame.streams() * planes * stride];
        bits.par_chunks_mut(planes * stride)
            .enumerate()
            .for_each(|(row, out)| {
                for (chunk, words) in frame.row(row)[..words].chunks(64).enumerate() {
                    let mut block = [0; 64];
                    block[..words.len()].copy_from_slice(words);
                    transpose64(&mut block);
                    for (plane, bits) in block[64 - planes..].iter().enumerate() {
                        out[plane * stride + chunk] = *bits;
                    }
                }
            });
        Self {
            bits,
            planes,
            stride,
        }
    }

    /// The bits of every row that `of` gives at each of the first `words` words, plane after plane.
    pub(super) fn of<const N: usize>(
        frame: &Frame<'_>,
        words: usize,
        of: impl Fn(u64) -> [bool; N] + Sync,
    ) -> Self {
        let stride = words.div_ceil(64);
        let mut bits = vec![0; frame.streams() * N * stride];
        bits.par_chunks_mut(N * stride)
            .enumerate()
            .for_each(|(row, out)| {
                for (chunk, words) in frame.row(row)[..words].chunks(64).enumerate() {
                    let mut planes = [0_u64; N];
                    for (i, &word) in words.iter().enumerate() {
                        for (plane, bit) in planes.iter_mut().zip(of(word)) {
                            *plane |= u64::from(bit) << i;
                        }
                    }
                    for (plane, bits) in planes.into_iter().enumerate() {
                        out[plane * stride + chunk] = bits;
                    }
                }
            });
        Self {
            bits,
            planes: N,
            stride,
        }
    }

    fn rows(&self) -> usize {
        self.bits.len() / (self.planes * self.stride).max(1)
    }

    /// One plane of one row.
    pub(super) fn plane(&self, row: usize, plane: usize) -> &[u64] {
        &self.bits[(row * self.planes + plane) * self.stride..][..self.stride]
    }

    /// The pairs of rows, plane by plane, that `distance` of (plane, a, b, places at which the two
    /// differ) puts furthest, furthest first; those without a distance do not count.
    pub(super) fn furthest(
        &self,
        distance: impl Fn(usize, usize, usize, u64) -> Option<u64> + Sync,
        keep: usize,
    ) -> Vec<Extreme> {
        let rows = self.rows();
        strips(
            rows,
            self.planes,
            |strip, plane, counts: &mut [[[u32; TILE]; TILE]], tile_at, furthest| {
                strip.each(|a, b| {
                    let counts = &mut counts[tile_at(a, b)];
                    distances(
                        std::array::from_fn(|i| self.plane(strip.clamp(a + i), plane)),
                        std::array::from_fn(|i| self.plane(strip.clamp(b + i), plane)),
                        counts,
                    );
                    for (i, row) in counts.iter().enumerate() {
                        for (j, &count) in row.iter().enumerate() {
                            let (a, b, count) = (a + i, b + j, u64::from(count));
                            if a < b
                                && b < rows
                                && let Some(distance) = distance(plane, a, b, count)
                                && furthest.admits(distance)
                            {
                                furthest.add(Extreme {
                                    distance,
                                    value: count as i64,
                                    plane,
                                    a,
                                    b,
                                });
                            }
                        }
                    }
                });
            },
            keep,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{evidence, size, sound};

    #[test]
    fn planes_hold_the_bits_and_the_furthest_pair_is_what_a_plain_count_gives() {
        let source = evidence(size(1, 37, 200), sound(3));
        let frame = Frame::new(&source);
        let planes = Planes::all(&frame, 130, 64);
        let outer = Planes::of(&frame, 130, |word| [word >> 63 == 1, word & 1 == 1]);
        let plainly = |a: usize, b: usize, bit: usize| {
            (0..130)
                .filter(|&t| (frame.row(a)[t] ^ frame.row(b)[t]) >> bit & 1 == 1)
                .count() as u64
        };
        let mut far = 0;
        for a in 0..37 {
            assert_eq!(planes.plane(a, 63), outer.plane(a, 0));
            assert_eq!(planes.plane(a, 0), outer.plane(a, 1));
            for b in a + 1..37 {
                for bit in 0..64 {
                    far = far.max((2 * plainly(a, b, bit)).abs_diff(130));
                }
            }
        }
        let found = planes.furthest(|_, _, _, count| Some((2 * count).abs_diff(130)), 3);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].distance, far);
        let worst = found[0];
        assert_eq!(
            worst.value as u64,
            plainly(worst.a, worst.b, worst.plane),
            "{worst:?}"
        );
    }
}

//! The memory that keys are scattered into, kept from one join to the next.

#![expect(
    unsafe_code,
    reason = "views of plain memory as words and as cache lines"
)]

use crate::vocabulary::Mapping;

/// A cache line of keys.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(super) [u64; 8]);

/// Lines from which the memory is mapped: large pages then make the first touch several times
/// cheaper, and writing to a thousand buckets at once misses fewer address translations.
const MAPPED_LINES: usize = 1 << 16;

/// Lines of keys that grow as needed and never shrink.
#[derive(Default)]
pub(crate) struct KeyBuffer {
    small: Vec<Line>,
    large: Option<Mapping>,
}

impl KeyBuffer {
    /// At least `count` lines. What they hold is of no meaning.
    pub(super) fn lines(&mut self, count: usize) -> &mut [Line] {
        let bytes = count * size_of::<Line>();
        if count >= MAPPED_LINES && self.large.as_ref().is_none_or(|map| map.len() < bytes) {
            // The old mapping goes first, so that the two are never held together.
            self.large = None;
            self.large = Mapping::new(bytes);
        }
        match &mut self.large {
            Some(map) if map.len() >= bytes => lines_of(map),
            _ => {
                if self.small.len() < count {
                    self.small = vec![Line::default(); count];
                }
                &mut self.small
            }
        }
    }
}

fn lines_of(map: &mut Mapping) -> &mut [Line] {
    // SAFETY: a mapping starts at a page, so at a multiple of 64; every byte of it is initialised
    // (zeroed by the system) and any bytes make a Line.
    unsafe {
        std::slice::from_raw_parts_mut(map.as_mut_ptr().cast(), map.len() / size_of::<Line>())
    }
}

/// The keys of the lines.
pub(super) fn words_mut(lines: &mut [Line]) -> &mut [u64] {
    // SAFETY: a Line is exactly eight u64 (repr(C), 64 bytes, alignment above that of u64).
    unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * 8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_grow_and_are_aligned() {
        let mut buffer = KeyBuffer::default();
        for count in [0, 3, 1000, MAPPED_LINES, 10, 2 * MAPPED_LINES, 5] {
            let lines = buffer.lines(count);
            assert!(lines.len() >= count);
            assert!(lines.as_ptr().cast::<u64>().addr().is_multiple_of(64));
            let words = words_mut(lines);
            words.fill(7);
            assert_eq!(words.iter().sum::<u64>(), 7 * words.len() as u64);
        }
    }
}

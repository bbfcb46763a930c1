//! Memory for many words, on large pages where there are many.

use std::ops::{Deref, DerefMut};

use super::room::{Mapping, Share};

/// Words from which memory is mapped on its own. The first touch of fresh memory costs more than
/// reading a file into it; on large pages it costs a fifth.
const MAPPED_WORDS: usize = 1 << 19;

/// Words from which memory counts, and lies in a file where there is too little of it.
const COUNTED_WORDS: usize = 1 << 12;

/// Words in one piece of memory that can be used again.
///
/// ```
/// use seedbench::vocabulary::Arena;
///
/// let mut arena = Arena::from(vec![1, 2, 3]);
/// assert_eq!(arena[1..], [2, 3]);
/// arena.resize(1 << 20);
/// arena.fill(7);
/// arena.truncate(2);
/// assert_eq!(arena.into_vec(), [7, 7]);
/// ```
#[derive(Debug, Default)]
pub struct Arena {
    memory: Memory,
    /// How many words of the memory are in use.
    words: usize,
}

#[derive(Debug)]
enum Memory {
    Heap {
        words: Vec<u64>,
        /// Given back with them.
        _share: Share,
    },
    Mapped(Mapping),
}

impl Default for Memory {
    fn default() -> Self {
        Self::heap(Vec::new(), Share::default())
    }
}

impl Memory {
    fn heap(words: Vec<u64>, share: Share) -> Self {
        Self::Heap {
            words,
            _share: share,
        }
    }

    fn words(&self) -> &[u64] {
        match self {
            Self::Heap { words, .. } => words,
            Self::Mapped(map) => bytemuck::cast_slice(&map[..]),
        }
    }

    fn words_mut(&mut self) -> &mut [u64] {
        match self {
            Self::Heap { words, .. } => words,
            Self::Mapped(map) => bytemuck::cast_slice_mut(&mut map[..]),
        }
    }
}

impl Arena {
    /// Makes it exactly so many words long. What they hold is of no meaning: words that were there,
    /// or zeros. Nothing is written, so memory that is not touched afterwards costs nothing.
    pub fn resize(&mut self, words: usize) {
        if self.memory.words().len() < words {
            // The old memory goes first, so that the two are never held together.
            self.memory = Memory::default();
            self.memory = fresh(words);
        }
        self.words = words;
    }

    /// Keeps the first `words` words; nothing happens where there are fewer.
    pub fn truncate(&mut self, words: usize) {
        self.words = self.words.min(words);
    }

    /// The words as a vector: the memory itself where it came from one, a copy where it is mapped.
    pub fn into_vec(self) -> Vec<u64> {
        match self.memory {
            Memory::Heap { mut words, .. } => {
                words.truncate(self.words);
                words
            }
            Memory::Mapped(_) => self.to_vec(),
        }
    }
}

/// Zeroed memory that has not been touched.
fn fresh(words: usize) -> Memory {
    let bytes = words * size_of::<u64>();
    let share = (words < COUNTED_WORDS).then(Share::default);
    let share = share.or_else(|| (words < MAPPED_WORDS).then(|| Share::within_limit(bytes))?);
    if share.is_none()
        && let Some(map) = Mapping::new(bytes)
    {
        return Memory::Mapped(map);
    }
    Memory::heap(vec![0; words], share.unwrap_or_default())
}

impl Deref for Arena {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.memory.words()[..self.words]
    }
}

impl DerefMut for Arena {
    fn deref_mut(&mut self) -> &mut [u64] {
        &mut self.memory.words_mut()[..self.words]
    }
}

impl From<Vec<u64>> for Arena {
    fn from(words: Vec<u64>) -> Self {
        Self {
            words: words.len(),
            memory: Memory::heap(words, Share::default()),
        }
    }
}

impl Clone for Arena {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.resize(self.len());
        copy.copy_from_slice(self);
        copy
    }
}

impl PartialEq for Arena {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_and_shrinks_and_is_kept() {
        let mut arena = Arena::default();
        assert!(arena.is_empty());
        for words in [
            3,
            0,
            100,
            MAPPED_WORDS,
            7,
            2 * MAPPED_WORDS,
            MAPPED_WORDS + 1,
        ] {
            arena.resize(words);
            assert_eq!(arena.len(), words);
            arena.fill(words as u64);
            assert!(arena.iter().all(|&word| word == words as u64));
        }
        let kept = arena.as_ptr();
        arena.resize(MAPPED_WORDS);
        assert_eq!(arena.as_ptr(), kept, "smaller sizes use the same memory");
        let copy = arena.clone();
        assert!(copy == arena);
        arena.truncate(2);
        assert!(copy != arena);
        assert_eq!(arena.into_vec(), [MAPPED_WORDS as u64 + 1; 2]);
        assert_eq!(copy.into_vec().len(), MAPPED_WORDS);
    }
}

//! Raw values of a stream as they come from a text: in memory while they are few, and in a file without a
//! name where the memory that is allowed is taken.

use std::ops::{Deref, DerefMut};

use crate::vocabulary::Arena;

/// Values from which on they are held in a piece of their own.
const FEW: usize = 1 << 12;

/// Values of one stream, in their order.
#[derive(Debug)]
pub(super) enum Held {
    Few(Vec<u64>),
    Many {
        /// As long as there is room.
        arena: Arena,
        /// How many there are.
        values: usize,
    },
}

impl Default for Held {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Held {
    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: u64) {
        match self {
            Self::Few(few) if few.len() < FEW => few.push(value),
            Self::Many { arena, values } if *values < arena.len() => {
                arena[*values] = value;
                *values += 1;
            }
            _ => self.push_in_more_room(value),
        }
    }

    #[cold]
    fn push_in_more_room(&mut self, value: u64) {
        let held = self.len();
        let mut arena = Arena::default();
        arena.resize(2 * held);
        arena[..held].copy_from_slice(self);
        arena[held] = value;
        *self = Self::Many {
            arena,
            values: held + 1,
        };
    }

    /// Appends values.
    pub fn extend(&mut self, more: impl IntoIterator<Item = u64>) {
        more.into_iter().for_each(|value| self.push(value));
    }

    /// Keeps the first values.
    pub fn truncate(&mut self, kept: usize) {
        match self {
            Self::Few(few) => few.truncate(kept),
            Self::Many { values, .. } => *values = kept.min(*values),
        }
    }
}

impl Deref for Held {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match self {
            Self::Few(few) => few,
            Self::Many { arena, values } => &arena[..*values],
        }
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut [u64] {
        match self {
            Self::Few(few) => few,
            Self::Many { arena, values } => &mut arena[..*values],
        }
    }
}

impl From<Vec<u64>> for Held {
    fn from(values: Vec<u64>) -> Self {
        Self::Few(values)
    }
}

impl FromIterator<u64> for Held {
    fn from_iter<I: IntoIterator<Item = u64>>(values: I) -> Self {
        let mut held = Self::default();
        held.extend(values);
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_held_in_their_order_however_many() {
        let mut held = Held::default();
        for count in [1, FEW - 1, FEW, FEW + 1, 5 * FEW] {
            let from = held.len() as u64;
            held.extend(from..count as u64);
            assert!(held.iter().copied().eq(0..count as u64));
        }
        held[2] = 7;
        held.truncate(3);
        assert_eq!(held[..], [0, 1, 7]);
        held.push(9);
        assert_eq!(held[..], [0, 1, 7, 9]);
    }
}

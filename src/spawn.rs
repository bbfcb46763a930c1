//! The answer to use: one root of entropy a run, a keyed derivation a task.
//!
//! A [`SpawnKey`] is a 256-bit ChaCha key and so a tree: every task's generator is the key's own
//! keystream at the task's number as the stream id, so that two tasks of one key never share a word
//! *by construction*; children (epochs, ranks, models …) are keys of their own, drawn from a stream
//! id that no task has, and collide with probability at most children² · 2⁻²⁵⁷.
//!
//! Nothing ambient is read: the same root gives the same words on 1, 2 or 64 workers, in any order,
//! on any machine. Only [`SpawnKey::from_os`] reads entropy, once.
//!
//! Sources: Bernstein 2008 (ChaCha, a variant of Salsa20); Salmon et al. 2011 (parallel random
//! numbers: as easy as 1, 2, 3), for counters as streams.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::{generators, vocabulary::RootSeed};

/// Tasks and children are numbered below this. Children's keys are derived at one stream id above it
/// (see [`generators::SpawnKey`]), which so is no task's.
const NUMBERS: u64 = 1 << 62;

/// A root of entropy from which tasks and children take their generators.
///
/// ```
/// use rand::RngExt;
/// use rayon::prelude::*;
/// use seedbench::spawn::SpawnKey;
///
/// let run = SpawnKey::from_os()?;                    // once a run; log run.root() to replay it
/// let draws: Vec<f64> = (0..1_000u64)
///     .into_par_iter()
///     .map(|task| run.rng(task).random())            // one generator a task, whoever runs it
///     .collect();
///
/// let again = SpawnKey::from_root(run.root());       // replayed from the recorded root
/// assert_eq!(again.rng(7).random::<f64>(), draws[7]);
/// # Ok::<(), getrandom::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpawnKey {
    root: RootSeed,
}

impl SpawnKey {
    /// A new key with 256 bits of entropy from the operating system.
    ///
    /// # Errors
    /// When the operating system gives no entropy.
    pub fn from_os() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self::from_root(RootSeed::from_bytes(bytes)))
    }

    /// The key of a recorded or chosen root.
    pub const fn from_root(root: RootSeed) -> Self {
        Self { root }
    }

    /// The root to record: it replays everything drawn from this key.
    pub const fn root(&self) -> RootSeed {
        self.root
    }

    /// The generator of task `task`: 2⁶⁴ blocks of 64 bytes that no other task of this key shares.
    ///
    /// # Panics
    /// When `task` is 2⁶² or more; children are derived above.
    pub fn rng(&self, task: u64) -> ChaCha8Rng {
        assert!(task < NUMBERS, "task {task} is not below 2^62");
        let mut rng = ChaCha8Rng::from_seed(*self.root.bytes());
        rng.set_stream(task);
        rng
    }

    /// The key of child `index`: an epoch, a rank, a model. Children have tasks and children too.
    ///
    /// It is the catalogue's spawn key: a ChaCha8 block of the parent's key and the index.
    ///
    /// # Panics
    /// When `index` is 2⁶² or more.
    pub fn child(&self, index: u64) -> Self {
        assert!(index < NUMBERS, "child {index} is not below 2^62");
        let key = generators::SpawnKey::from_root(&self.root).child(index);
        Self::from_root(RootSeed::from_bytes(key.bytes()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand_core::Rng;

    use super::*;

    #[test]
    fn children_are_derived_where_no_task_is() {
        let root = RootSeed::from_u64(7);
        let child = SpawnKey::from_root(root).child(3).root();
        let derived = generators::SpawnKey::from_root(&root).child(3);
        assert_eq!(*child.bytes(), derived.bytes());
        // The keystream block that gives the key is of a stream id that is refused as a task.
        let mut source = ChaCha8Rng::from_seed(*root.bytes());
        source.set_stream(generators::SpawnKey::STREAM);
        source.set_word_pos(3 * 16);
        let mut bytes = [0; 32];
        source.fill_bytes(&mut bytes);
        assert_eq!(*child.bytes(), bytes);
        const { assert!(generators::SpawnKey::STREAM >= NUMBERS) };
    }

    #[test]
    fn tasks_and_children_are_distinct_and_replayable() {
        let key = SpawnKey::from_root(RootSeed::from_u64(42));
        let mut seen = HashSet::new();
        for index in 0..1_000 {
            assert!(seen.insert(key.rng(index).next_u64()));
            assert!(seen.insert(key.child(index).rng(0).next_u64()));
            assert!(seen.insert(key.child(0).child(index).rng(1).next_u64()));
        }
        assert_eq!(
            key.child(3).rng(9).next_u64(),
            key.clone().child(3).rng(9).next_u64()
        );
    }

    #[test]
    fn a_task_is_the_keystream_at_its_number() {
        let key = SpawnKey::from_root(RootSeed::from_u64(1));
        let mut reference = ChaCha8Rng::from_seed(*RootSeed::from_u64(1).bytes());
        reference.set_stream(5);
        let mut rng = key.rng(5);
        for _ in 0..100 {
            assert_eq!(rng.next_u64(), reference.next_u64());
        }
    }
}

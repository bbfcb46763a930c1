//! What was worked out of some evidence once, for all who ask.

use std::{
    any::Any,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

type AnyFact = Arc<dyn Any + Send + Sync>;

/// Room for one fact about evidence that does not change; it is no part of the evidence, so that copies of it
/// begin without and all are equal.
#[derive(Default)]
pub(crate) struct Memo(Mutex<Option<AnyFact>>);

impl Memo {
    /// The fact, worked out by whoever asks first. Nobody waits: who asks meanwhile works it out too, since the
    /// one that is waited for could be at work below on the same stack of a thread pool; all get the one that was
    /// there first.
    ///
    /// # Panics
    /// Where facts of two kinds are asked of one memo.
    pub(crate) fn once<T: Send + Sync + 'static>(&self, work_out: impl FnOnce() -> T) -> Arc<T> {
        let known = self.fact().clone();
        let fact = known.unwrap_or_else(|| {
            let fact: AnyFact = Arc::new(work_out());
            Arc::clone(self.fact().get_or_insert(fact))
        });
        fact.downcast().expect("one kind of fact is kept")
    }

    /// Gives back what the fact takes.
    pub(crate) fn forget(&self) {
        *self.fact() = None;
    }

    fn fact(&self) -> std::sync::MutexGuard<'_, Option<AnyFact>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

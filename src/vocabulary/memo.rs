//! What was worked out of some evidence once, for all who ask.

use std::{
    any::Any,
    fmt,
    sync::{Arc, OnceLock},
};

/// Room for one fact about evidence that does not change; it is no part of the evidence, so that copies of it
/// begin without and all are equal.
#[derive(Default)]
pub(crate) struct Memo(OnceLock<Arc<dyn Any + Send + Sync>>);

impl Memo {
    /// The fact, worked out by whoever asks first. Nobody waits: who asks meanwhile works it out too, since the
    /// one that is waited for could be at work below on the same stack of a thread pool.
    ///
    /// # Panics
    /// Where facts of two kinds are asked of one memo.
    pub(crate) fn once<T: Send + Sync + 'static>(&self, work_out: impl FnOnce() -> T) -> Arc<T> {
        let fact = self.0.get().cloned().unwrap_or_else(|| {
            let fact: Arc<dyn Any + Send + Sync> = Arc::new(work_out());
            // Whoever was first: the fact is the same.
            let _ = self.0.set(Arc::clone(&fact));
            fact
        });
        fact.downcast().expect("one kind of fact is kept")
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

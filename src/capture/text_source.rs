//! Whose text is read, and how.

use super::{Reading, identity::Identity};

/// Whose text is read, and how.
pub(super) struct TextSource<'a> {
    /// Its name in messages.
    pub name: &'a str,
    /// What the name says of who drew.
    pub base: &'a Identity,
    /// Whether all of it is one worker's, by its name or since the worker alone printed it.
    pub own: bool,
    /// Whether it may have been cut off when enough had come.
    pub cut: bool,
    /// How it is read.
    pub reading: &'a Reading,
}

impl TextSource<'_> {
    /// Whether lists and columns within it are one worker's.
    pub fn is_one_workers(&self) -> bool {
        self.own
    }

    /// Whether plain lines are one stream: also where the source is one of several.
    pub fn rows_are_own(&self) -> bool {
        self.own || !self.base.task.is_empty()
    }
}

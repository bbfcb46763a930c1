//! A program that is bound to this process, and what it has started.

use std::process::Command;

use super::{bond::bind, stragglers::Mark};

/// Binds a program to the thread that starts it, and marks what it starts.
#[derive(Debug)]
pub struct Tether(Mark);

impl Tether {
    /// Binds a program that is about to be started. It ends with the thread that starts it (on Linux).
    pub fn new(command: &mut Command) -> Self {
        let mark = Mark::new();
        mark.put(command);
        bind(command);
        Self(mark)
    }

    /// Ends what is left of it.
    pub fn end(self) {
        drop(self.0);
    }

    /// Lets go of what is left of it.
    pub fn leave(self) {
        std::mem::forget(self.0);
    }
}

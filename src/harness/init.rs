//! What a program does first so that its own image can fork workers.

use std::ffi::OsString;

use super::fork;
use crate::strategies::{self, SeedingStrategy};

/// Makes this program's image able to fork workers for [`ForkBackend`](crate::harness::ForkBackend),
/// with the strategies of this crate.
///
/// Call it first thing in `main`, before any thread starts. In an ordinary start it returns at once.
/// When the program was started as a fork helper or a supervisor of programs, by itself, it serves as that and never returns.
///
/// ```
/// seedbench::init();
/// // the program
/// ```
pub fn init() {
    init_with(strategies::ALL);
}

/// The same, with strategies of the program's own: a forked worker finds its strategy by id in the
/// registry of the image that forks it.
///
/// ```
/// use seedbench::strategies::SeedingStrategy;
///
/// let mine: Vec<&dyn SeedingStrategy> = seedbench::strategies::ALL.to_vec(); // and more
/// seedbench::init_with(&mine);
/// ```
pub fn init_with(registry: &[&dyn SeedingStrategy]) {
    init_from(registry, std::env::args_os().skip(1));
}

/// The same, for a program that is hosted by another, such as an interpreter, and knows its own
/// arguments; they come without the program's name.
pub fn init_from(registry: &[&dyn SeedingStrategy], arguments: impl IntoIterator<Item = OsString>) {
    fork::note_that_it_serves();
    #[cfg(unix)]
    {
        let mut arguments = arguments.into_iter();
        let first = arguments.next().unwrap_or_default();
        if first == fork::SUBCOMMAND {
            fork::serve(registry, arguments.next().as_deref());
        }
        if first == super::command::SUBCOMMAND {
            super::command::serve();
        }
    }
    #[cfg(not(unix))]
    let _ = (registry, arguments);
}

//! Creates the processes of a wave where they cannot share this one's memory until they execute their programs: by a
//! fork in a thread for each, which waits, and releases them at one moment.

use std::{
    io,
    marker::PhantomData,
    process::{Command, Stdio},
    sync::Arc,
    thread::{self, JoinHandle},
};

use super::{bond::wait_at, gate::Gate, process::Process};

/// Programs inherit the environment of this process.
#[derive(Debug)]
pub(super) struct Surroundings;

impl Surroundings {
    pub fn new() -> Self {
        Self
    }
}

/// Processes that were created and wait to be released.
pub(super) struct Cohort<'a> {
    gate: Arc<Gate>,
    waiting: Vec<io::Result<JoinHandle<io::Result<Process>>>>,
    surroundings: PhantomData<&'a Surroundings>,
}

impl<'a> Cohort<'a> {
    /// # Errors
    /// When descriptors are short.
    pub fn new(_surroundings: &'a Surroundings) -> io::Result<Self> {
        Ok(Self {
            gate: Arc::new(Gate::new()?),
            waiting: Vec::new(),
            surroundings: PhantomData,
        })
    }

    /// Creates a program's process, in a group of its own, which waits. Its standard input is empty.
    pub fn add(&mut self, mut command: Command) {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        wait_at(&self.gate, &mut command);
        let gate = self.gate.clone();
        let created = move || {
            let created = command.spawn();
            if created.is_err() {
                // Where it had come to the gate, one byte too many is no harm.
                gate.stand_in();
            }
            created
        };
        self.waiting.push(thread::Builder::new().spawn(created));
    }

    /// Lets all of them execute their programs, and gives the moment, in nanoseconds since the Unix epoch, and what
    /// became of each, in order: its process, or why it could not be created or its program not executed.
    pub fn release(self) -> (u64, Vec<io::Result<Process>>) {
        let count = self.waiting.iter().flatten().count();
        let moment = self.gate.release(count);
        let lost = || Err(io::ErrorKind::Other.into());
        let created = self
            .waiting
            .into_iter()
            .map(|waiting| waiting?.join().unwrap_or_else(|_| lost()));
        (moment, created.collect())
    }
}

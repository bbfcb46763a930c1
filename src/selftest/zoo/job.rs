//! A job: how many runs of how many workers, and the keys from which all its draws derive.

use std::fmt;

use super::draw::Draw;

/// How many workers a run has and how many rows each of them prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobShape {
    /// Workers of a run.
    pub workers: usize,
    /// Rows of a worker.
    pub rows: usize,
}

impl fmt::Display for JobShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.workers, self.rows)
    }
}

/// The shapes that every program is tried at.
pub const SHAPES: [JobShape; 5] = [
    JobShape {
        workers: 16,
        rows: 25,
    },
    JobShape {
        workers: 8,
        rows: 100,
    },
    JobShape {
        workers: 16,
        rows: 100,
    },
    JobShape {
        workers: 24,
        rows: 14,
    },
    JobShape {
        workers: 4,
        rows: 50,
    },
];

/// The most runs that a job has.
pub const RUNS: usize = 4;

/// Marks the replicates of fresh runs.
const FRESH: u64 = 1 << 63;

/// One job of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// Its shape.
    pub shape: JobShape,
    /// How many runs of it there are.
    pub runs: usize,
    /// Which of all jobs of this shape it is.
    pub replicate: u64,
}

impl Job {
    /// Every shape in one to four runs, each so many times.
    pub fn all(replicates: u64) -> Vec<Self> {
        let mut jobs = Vec::new();
        for replicate in 0..replicates {
            for shape in SHAPES {
                for runs in 1..=RUNS {
                    jobs.push(Self {
                        shape,
                        runs,
                        replicate,
                    });
                }
            }
        }
        jobs
    }

    /// So many runs of the same program that were not made yet.
    #[must_use]
    pub const fn fresh(&self, runs: usize) -> Self {
        Self {
            runs,
            replicate: self.replicate | FRESH,
            ..*self
        }
    }

    /// The draws that are the same in all runs.
    pub fn for_all(&self, id: &str) -> Draw {
        Draw::new(self.key(id), 0)
    }

    /// The draws that are the same for all workers of a run.
    pub fn for_run(&self, id: &str, run: usize) -> Draw {
        Draw::new(self.key(id), 1 + run as u64)
    }

    /// The draws of one worker.
    pub fn for_worker(&self, id: &str, run: usize, worker: usize) -> Draw {
        Draw::new(self.key(id), (1 + run as u64) << 32 | worker as u64)
    }

    /// Jobs of different programs, shapes or replicates have different keys.
    fn key(&self, id: &str) -> [u8; 32] {
        // FNV-1a; two ids that meet in it are found by a test.
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut key = [0; 32];
        key[..8].copy_from_slice(&hash.to_le_bytes());
        key[8..12].copy_from_slice(&(self.shape.workers as u32).to_le_bytes());
        key[12..16].copy_from_slice(&(self.shape.rows as u32).to_le_bytes());
        key[16..20].copy_from_slice(&(self.runs as u32).to_le_bytes());
        key[24..].copy_from_slice(&self.replicate.to_le_bytes());
        key
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} × {}, replicate {}",
            self.runs, self.shape, self.replicate
        )
    }
}

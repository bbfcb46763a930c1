//! How tasks are cut into chunks and dealt to workers, as `multiprocessing.Pool.map` does.

use std::{num::NonZeroU32, ops::Range};

use super::{Assignment, Job, LaunchError, SITES_KEPT};
use crate::{strategies::Unsupported, vocabulary::Site};

/// The tasks of a launch, cut into chunks of equal size (the last may be shorter).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunks {
    tasks: u32,
    size: u32,
}

impl Chunks {
    /// Chunks of the given size, or of `Pool.map`'s: ceil(tasks / (4 · workers)).
    pub(crate) fn new(tasks: NonZeroU32, workers: NonZeroU32, size: Option<NonZeroU32>) -> Self {
        let slots = u64::from(workers.get()) * 4;
        let pool_map = u64::from(tasks.get()).div_ceil(slots) as u32;
        Self {
            tasks: tasks.get(),
            size: size.map_or(pool_map, NonZeroU32::get).min(tasks.get()),
        }
    }

    /// The chunks of a job.
    pub(crate) fn of(job: &Job<'_>) -> Self {
        Self::new(job.tasks, job.workers, job.chunk)
    }

    /// Tasks in a full chunk.
    pub(crate) const fn size(self) -> u32 {
        self.size
    }

    /// How many chunks there are.
    pub(crate) const fn count(self) -> u32 {
        self.tasks.div_ceil(self.size)
    }

    /// The tasks of chunk `chunk`.
    pub(crate) fn tasks(self, chunk: u32) -> Range<u32> {
        let first = chunk * self.size;
        first..first.saturating_add(self.size).min(self.tasks)
    }

    /// The worker of every chunk, where that is known before the launch: not under dynamic assignment.
    ///
    /// # Errors
    /// When a recorded assignment has not one existing worker for each chunk.
    pub(crate) fn owners(self, job: &Job<'_>) -> Result<Option<Vec<u32>>, Unsupported> {
        let workers = job.workers.get();
        match &job.assignment {
            Assignment::Dynamic => Ok(None),
            Assignment::Static => Ok(Some((0..self.count()).map(|c| c % workers).collect())),
            Assignment::Recorded { workers: recorded } => {
                let stranger = recorded.iter().find(|&&worker| worker >= workers);
                if recorded.len() == self.count() as usize && stranger.is_none() {
                    return Ok(Some(recorded.clone()));
                }
                Err(Unsupported {
                    reason: match stranger {
                        Some(worker) => format!(
                            "the recorded assignment names worker {worker}, but there are {workers} workers"
                        ),
                        None => format!(
                            "the recorded assignment has {} chunks, but {} tasks in chunks of {} make {}",
                            recorded.len(),
                            self.tasks,
                            self.size,
                            self.count()
                        ),
                    },
                    instead:
                        "replay it with the workers, tasks and chunk size it was recorded with"
                            .into(),
                })
            }
        }
    }
}

/// One chunk's part of the arena and of the recorded sites.
pub(crate) struct Piece<'a> {
    /// Which chunk.
    pub chunk: u32,
    /// Which worker it is dealt to.
    pub owner: u32,
    /// The rows of its tasks.
    pub words: &'a mut [u64],
    /// The sites of its tasks, as far as they are kept.
    pub sites: &'a mut [Site],
}

/// Cuts the arena and the sites into one piece a chunk, in chunk order.
pub(crate) fn pieces<'a>(
    job: &Job<'_>,
    owners: Option<&[u32]>,
    arena: &'a mut [u64],
    mut sites: &'a mut [Site],
) -> Vec<Piece<'a>> {
    let chunks = Chunks::of(job);
    let size = chunks.size() as usize;
    arena
        .chunks_mut(size * job.words.get() as usize)
        .zip(0..)
        .map(|(words, chunk)| {
            let kept = size.min(sites.len());
            let (mine, rest) = std::mem::take(&mut sites).split_at_mut(kept);
            sites = rest;
            Piece {
                chunk,
                owner: owners.map_or(0, |owners| owners[chunk as usize]),
                words,
                sites: mine,
            }
        })
        .collect()
}

/// Room for the sites that a launch of so many tasks records.
pub(crate) fn blank_sites(tasks: NonZeroU32) -> Vec<Site> {
    vec![Site::default(); tasks.get().min(SITES_KEPT) as usize]
}

/// Checks that the arena holds exactly the job's words.
pub(crate) fn check_arena(job: &Job<'_>, arena: &[u64]) -> Result<(), LaunchError> {
    let wanted_words = u64::from(job.tasks.get()) * u64::from(job.words.get());
    let found_words = arena.len() as u64;
    if wanted_words == found_words {
        Ok(())
    } else {
        Err(LaunchError::Arena {
            wanted_words,
            found_words,
        })
    }
}

/// Refuses more workers than a backend can start.
pub(crate) fn check_workers(workers: NonZeroU32, most: u32, what: &str) -> Result<(), Unsupported> {
    if workers.get() <= most {
        return Ok(());
    }
    Err(Unsupported {
        reason: format!("{workers} {what} are more than one machine carries ({most})"),
        instead: "plan fewer workers, or use the `sites` backend, which models any number".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: u32) -> NonZeroU32 {
        NonZeroU32::new(value).unwrap()
    }

    #[test]
    fn default_size_is_that_of_pool_map() {
        // The origin of the rule: 100 tasks on 8 workers go out in 25 chunks of 4.
        let chunks = Chunks::new(number(100), number(8), None);
        assert_eq!((chunks.size(), chunks.count()), (4, 25));
        let chunks = Chunks::new(number(3), number(1024), None);
        assert_eq!((chunks.size(), chunks.count()), (1, 3));
    }

    #[test]
    fn chunks_cover_every_task_once() {
        for (tasks, workers, size) in [(1, 1, None), (10, 3, Some(4)), (7, 2, Some(100))] {
            let chunks = Chunks::new(number(tasks), number(workers), size.map(number));
            let covered: Vec<u32> = (0..chunks.count()).flat_map(|c| chunks.tasks(c)).collect();
            assert_eq!(covered, (0..tasks).collect::<Vec<_>>());
        }
    }
}

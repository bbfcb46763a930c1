//! Workers are threads of this process.

use std::{
    num::NonZeroU32,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Barrier, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Instant,
};

use super::{
    Assignment, Backend, Costs, Job, LaunchError, Launched,
    ambient::{unix_ns, worker_site},
    chunks::{Chunks, Piece, blank_sites, check_arena, check_workers, pieces},
    worker::{Deadline, Shift, prepare},
};
use crate::{strategies::Seeder, vocabulary::BackendKind};

/// The most threads one launch starts.
const WORKERS_MAX: u32 = 8192;

/// Every worker is a thread of a rayon pool made for the launch. Chunks are dealt to workers by
/// number, never stolen: with work stealing, which worker draws what would be a matter of luck.
///
/// A state that workers share is really shared here, behind its lock. Threads cannot be ended from
/// outside: the limit of a launch is looked at between blocks, and a strategy that hangs inside one
/// call hangs the launch.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadsBackend;

impl Backend for ThreadsBackend {
    fn kind(&self) -> BackendKind {
        BackendKind::Threads
    }

    fn launch(&self, job: &Job<'_>, arena: &mut [u64]) -> Result<Launched, LaunchError> {
        check_arena(job, arena)?;
        check_workers(job.workers, WORKERS_MAX, "threads")?;
        let chunks = Chunks::of(job);
        let owners = chunks.owners(job)?;
        let mut sites = blank_sites(job.tasks);
        let pieces = pieces(job, owners.as_deref(), arena, &mut sites);

        let deadline = Deadline::after(job.timeout);
        let start = Instant::now();
        let seeder = prepare(job.strategy, job.root, job.tasks)?;
        let prepared = Instant::now();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(job.workers.get() as usize)
            .thread_name(|worker| format!("worker-{worker}"))
            .build()
            .map_err(|error| {
                LaunchError::system(
                    format!("start {} threads", job.workers),
                    std::io::Error::other(error),
                )
            })?;
        let launched = Instant::now();

        let hatch = Hatch::new(job, pieces);
        let stops: Vec<Result<(), Stop>> = pool.broadcast(|context| {
            let worker = context.index() as u32;
            catch_unwind(AssertUnwindSafe(|| {
                work(job, seeder.as_ref(), &hatch, worker, deadline)
            }))
            .unwrap_or_else(|payload| Err(Stop::Panicked(payload)))
        });
        let collected = Instant::now();

        let chunk_workers = owners.unwrap_or_else(|| hatch.record());
        check_stops(job, stops)?;
        Ok(Launched {
            sites,
            chunk_workers,
            chunk: chunks.size(),
            costs: Costs {
                prepare_ns: (prepared - start).as_nanos() as u64,
                launch_ns: (launched - prepared).as_nanos() as u64,
                collect_ns: (collected - launched).as_nanos() as u64,
                ..Costs::default()
            },
        })
    }
}

/// Why a worker stopped early.
enum Stop {
    OutOfTime,
    Panicked(Box<dyn std::any::Any + Send>),
}

fn check_stops(job: &Job<'_>, stops: Vec<Result<(), Stop>>) -> Result<(), LaunchError> {
    let mut unfinished = 0;
    for (worker, stop) in stops.into_iter().enumerate() {
        match stop {
            Ok(()) => {}
            Err(Stop::OutOfTime) => unfinished += 1,
            Err(Stop::Panicked(payload)) => {
                let place = format!("worker {worker}");
                return Err(LaunchError::panicked(job.strategy, place, &*payload));
            }
        }
    }
    if unfinished == 0 {
        return Ok(());
    }
    Err(LaunchError::TimedOut {
        unfinished,
        workers: job.workers.get(),
        limit: job.timeout,
    })
}

fn work(
    job: &Job<'_>,
    seeder: &dyn Seeder,
    hatch: &Hatch<'_>,
    worker: u32,
    deadline: Deadline,
) -> Result<(), Stop> {
    let site = worker_site(job.run, job.first_ordinal, worker);
    let words = job.words.get() as usize;
    let entered = catch_unwind(AssertUnwindSafe(|| {
        Shift::begin(seeder, site, words, deadline)
    }));
    // Reached by a worker that panicked too: the others wait for everybody.
    hatch.wait();
    let mut shift = entered.map_err(Stop::Panicked)?;
    let chunks = Chunks::of(job);
    let mut run = |piece: &mut Piece<'_>| {
        let first = chunks.tasks(piece.chunk).start;
        let sites = &mut *piece.sites;
        shift
            .execute(
                first,
                piece.words,
                |_| unix_ns(),
                |index, site| {
                    if let Some(kept) = sites.get_mut(index) {
                        *kept = *site;
                    }
                },
            )
            .map_err(|_| Stop::OutOfTime)
    };
    match hatch {
        Hatch::Dealt(hands) => {
            let mut hand = take(&hands[worker as usize]).unwrap_or_default();
            hand.iter_mut().try_for_each(&mut run)
        }
        Hatch::Queue {
            pieces,
            next,
            record,
            ..
        } => loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = pieces.get(index) else {
                return Ok(());
            };
            if let Some(mut piece) = take(slot) {
                record[piece.chunk as usize].store(worker, Ordering::Relaxed);
                run(&mut piece)?;
            }
        },
    }
}

/// Where workers get their chunks.
enum Hatch<'a> {
    /// Each worker's own list.
    Dealt(Vec<Mutex<Option<Vec<Piece<'a>>>>>),
    /// One queue for all, and a record of who took what.
    Queue {
        pieces: Vec<Mutex<Option<Piece<'a>>>>,
        next: AtomicUsize,
        record: Vec<AtomicU32>,
        /// Nothing is handed out before every worker has entered, as in a real pool.
        gate: Barrier,
    },
}

impl<'a> Hatch<'a> {
    fn new(job: &Job<'_>, pieces: Vec<Piece<'a>>) -> Self {
        let slot = |piece| Mutex::new(Some(piece));
        if job.assignment == Assignment::Dynamic {
            return Self::Queue {
                record: pieces.iter().map(|_| AtomicU32::new(0)).collect(),
                pieces: pieces.into_iter().map(slot).collect(),
                next: AtomicUsize::new(0),
                gate: Barrier::new(job.workers.get() as usize),
            };
        }
        let mut hands: Vec<Vec<Piece<'a>>> = Vec::new();
        hands.resize_with(job.workers.get() as usize, Vec::new);
        for piece in pieces {
            hands[piece.owner as usize].push(piece);
        }
        Self::Dealt(
            hands
                .into_iter()
                .map(|hand| Mutex::new(Some(hand)))
                .collect(),
        )
    }

    fn wait(&self) {
        if let Self::Queue { gate, .. } = self {
            gate.wait();
        }
    }

    /// The worker that took each chunk; empty where chunks were dealt.
    fn record(&self) -> Vec<u32> {
        match self {
            Self::Dealt(_) => Vec::new(),
            Self::Queue { record, .. } => record
                .iter()
                .map(|worker| worker.load(Ordering::Relaxed))
                .collect(),
        }
    }
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The number of logical processors this process may use.
pub fn cores() -> NonZeroU32 {
    std::thread::available_parallelism()
        .ok()
        .and_then(|cores| u32::try_from(cores.get()).ok())
        .and_then(NonZeroU32::new)
        .unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::testing::{KEYED, PANICS, SLOW, job};

    fn launch(job: &Job<'_>) -> Result<(Vec<u64>, Launched), LaunchError> {
        let mut arena = vec![0; (job.tasks.get() * job.words.get()) as usize];
        let launched = ThreadsBackend.launch(job, &mut arena)?;
        Ok((arena, launched))
    }

    #[test]
    fn more_workers_than_cores_execute_their_own_chunks() {
        let (_, launched) = launch(&job(&KEYED, 1024, 10_000, 3)).unwrap();
        assert_eq!(launched.chunk, 3);
        for (chunk, sites) in launched.sites.chunks(3).enumerate() {
            assert!(
                sites
                    .iter()
                    .all(|site| site.worker.0 as usize == chunk % 1024)
            );
        }
        let mut threads: Vec<u64> = launched.sites.iter().map(|site| site.tid).collect();
        threads.sort_unstable();
        threads.dedup();
        assert_eq!(threads.len(), 1024);
    }

    #[test]
    fn a_dynamic_assignment_is_replayed_from_its_record() {
        let dynamic = Job {
            assignment: Assignment::Dynamic,
            ..job(&KEYED, 3, 1000, 2)
        };
        let (words, first) = launch(&dynamic).unwrap();
        let recorded = Job {
            assignment: Assignment::Recorded {
                workers: first.chunk_workers.clone(),
            },
            ..job(&KEYED, 3, 1000, 2)
        };
        let (again, second) = launch(&recorded).unwrap();
        assert_eq!(again, words);
        let workers = |launched: &Launched| -> Vec<u32> {
            launched.sites.iter().map(|site| site.worker.0).collect()
        };
        assert_eq!(workers(&first), workers(&second));
    }

    #[test]
    fn records_that_do_not_fit_are_refused() {
        for workers in [vec![0; 3], vec![9; 8]] {
            let wrong = Job {
                assignment: Assignment::Recorded { workers },
                ..job(&KEYED, 2, 8, 1)
            };
            assert!(matches!(launch(&wrong), Err(LaunchError::Unsupported(_))));
        }
    }

    #[test]
    fn panics_and_lateness_are_errors() {
        for assignment in [Assignment::Static, Assignment::Dynamic] {
            let failing = Job {
                assignment,
                ..job(&PANICS, 4, 8, 1)
            };
            let Err(LaunchError::Panicked { message, .. }) = launch(&failing) else {
                panic!("a panic went unseen");
            };
            assert_eq!(message, "on purpose");
        }
        let late = Job {
            timeout: std::time::Duration::ZERO,
            ..job(&SLOW, 2, 2, 1 << 18)
        };
        assert!(matches!(
            launch(&late),
            Err(LaunchError::TimedOut { unfinished: 2, .. })
        ));
    }

    #[test]
    fn a_wrong_arena_and_too_many_workers_are_refused() {
        let job = job(&KEYED, 2, 8, 1);
        let refused = ThreadsBackend.launch(&job, &mut [0; 7]);
        assert!(matches!(refused, Err(LaunchError::Arena { .. })));
        let many = crate::harness::testing::job(&KEYED, 1_000_000, 8, 1);
        assert!(matches!(launch(&many), Err(LaunchError::Unsupported(_))));
    }
}

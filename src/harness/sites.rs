//! Workers are modelled: no process is started, the rule is handed the sites of a [`Cluster`].

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::Instant,
};

use rayon::prelude::*;

use super::{
    Backend, Cluster, Costs, Job, LaunchError, Launched,
    chunks::{Chunks, Piece, blank_sites, check_arena, pieces},
    cluster::Starts,
    digest,
    worker::{Deadline, Shift, prepare},
};
use crate::{
    strategies::{Fact, Scope, Seeder, Unsupported},
    vocabulary::{BackendKind, Root, RootSeed},
};

/// Every worker is a site of the modelled cluster. The work itself runs on rayon's threads, any
/// worker on any of them, so that 10^6 workers are judged on one machine.
///
/// What workers of one machine have in common, machines have not. So, by what a strategy reads:
/// - [`Fact::SharedState`]: every modelled worker has a copy of the state, made by preparing the
///   strategy again.
/// - [`Fact::OsEntropy`] while it is prepared: every modelled start of the program draws its own. Where
///   the strategy turns the run's root into a state ([`Fact::Root`] too) and the user gave none, every
///   start has a root of its own, derived from the run's, so that the launch can be repeated.
/// - Neither: the strategy is prepared once a run, and the root is what the cluster's coordinator
///   hands to everybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct SitesBackend {
    /// What is modelled.
    pub cluster: Cluster,
}

/// Who shares a prepared state.
enum States {
    /// All workers, the one that is here.
    One(Box<dyn Seeder>),
    /// Nobody: each worker prepares its own.
    EachWorker,
    /// The workers of one start.
    Every(u32),
}

impl Backend for SitesBackend {
    fn kind(&self) -> BackendKind {
        BackendKind::Sites
    }

    fn launch(&self, job: &Job<'_>, arena: &mut [u64]) -> Result<Launched, LaunchError> {
        check_arena(job, arena)?;
        let chunks = Chunks::of(job);
        let Some(owners) = chunks.owners(job)? else {
            return Err(dynamic_is_not_modelled().into());
        };
        let deadline = Deadline::after(job.timeout);
        let start = Instant::now();
        let states = self.states(job)?;
        let prepared = Instant::now();

        let mut sites = blank_sites(job.tasks);
        let mut pieces = pieces(job, Some(&owners), arena, &mut sites);
        // Already in order, and so at once, where there is at most one chunk a worker.
        pieces.sort_by_key(|piece| piece.owner);
        let progress = SitesProgress::default();
        let group = |piece: &Piece<'_>| match states {
            States::Every(workers) => piece.owner / workers,
            States::One(_) | States::EachWorker => piece.owner,
        };
        pieces
            .par_chunk_by_mut(|a, b| group(a) == group(b))
            .try_for_each(|pieces| {
                if progress.stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let fresh;
                let seeder = match &states {
                    States::One(seeder) => seeder.as_ref(),
                    States::EachWorker | States::Every(_) => {
                        let root = self.root_of(job, pieces[0].owner);
                        fresh = prepare(job.strategy, root, job.tasks)?;
                        fresh.as_ref()
                    }
                };
                for hand in pieces.chunk_by_mut(|a, b| a.owner == b.owner) {
                    self.work(job, seeder, hand, deadline, &progress)?;
                }
                Ok::<(), LaunchError>(())
            })?;
        if progress.stop.load(Ordering::Relaxed) {
            return Err(LaunchError::TimedOut {
                unfinished: job.workers.get() - progress.finished.load(Ordering::Relaxed),
                workers: job.workers.get(),
                limit: job.timeout,
            });
        }
        let collected = Instant::now();
        Ok(Launched {
            sites,
            chunk_workers: owners,
            chunk: chunks.size(),
            costs: Costs {
                prepare_ns: (prepared - start).as_nanos() as u64,
                collect_ns: (collected - prepared).as_nanos() as u64,
                ..Costs::default()
            },
        })
    }
}

#[derive(Default)]
struct SitesProgress {
    stop: AtomicBool,
    finished: AtomicU32,
}

impl SitesBackend {
    /// Who shares a prepared state, and that state if it is one for all.
    fn states(&self, job: &Job<'_>) -> Result<States, LaunchError> {
        let spec = job.strategy.spec();
        let reads = |fact| spec.reads.contains(&fact);
        let copied = reads(Fact::SharedState);
        let drawn = reads(Fact::OsEntropy) && spec.root_bits().is_none();
        let starts = self.cluster.starts();
        if copied && drawn && starts != Starts::EachWorker {
            return Err(Unsupported {
                reason: format!(
                    "`{}` keeps a state with entropy in it, of which the modelled cluster `{}` would need copies",
                    spec.id,
                    self.cluster.name()
                ),
                instead: "use the `fork` backend, where memory is really inherited, \
                          or `containers`, where every worker starts by itself"
                    .into(),
            }
            .into());
        }
        let at_start = (drawn && spec.scope == Scope::Run) || has_own_root(job);
        Ok(match (copied, at_start, starts) {
            (true, _, _) | (false, true, Starts::EachWorker) => States::EachWorker,
            (false, true, Starts::Every(workers)) => States::Every(workers),
            (false, true, Starts::Once) | (false, false, _) => {
                let root = self.root_of(job, 0);
                States::One(prepare(job.strategy, root, job.tasks)?)
            }
        })
    }

    /// The root that a worker's start of the program works with.
    fn root_of(&self, job: &Job<'_>, worker: u32) -> Root {
        if !has_own_root(job) {
            return job.root;
        }
        let start = match self.cluster.starts() {
            Starts::EachWorker => worker,
            Starts::Every(workers) => worker / workers,
            Starts::Once => 0,
        };
        let mut bytes = [0; 32];
        for (half, bytes) in (0_u64..).zip(bytes.chunks_exact_mut(16)) {
            let mut words = [u64::from(start), half, 0, 0, 0, 0];
            for (word, source) in words[2..]
                .iter_mut()
                .zip(job.root.seed().bytes().chunks_exact(8))
            {
                *word = u64::from_le_bytes(source.try_into().expect("8 bytes"));
            }
            bytes.copy_from_slice(&digest(&words).bytes());
        }
        Root::Fresh(RootSeed::from_bytes(bytes))
    }

    /// One modelled worker: all the chunks that are dealt to it.
    fn work(
        &self,
        job: &Job<'_>,
        seeder: &dyn Seeder,
        hand: &mut [Piece<'_>],
        deadline: Deadline,
        progress: &SitesProgress,
    ) -> Result<(), LaunchError> {
        let worker = hand[0].owner;
        let chunks = Chunks::of(job);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let site = self.cluster.site(job.run, worker, job.first_ordinal);
            let mut shift = Shift::begin(seeder, site, job.words.get() as usize, deadline);
            hand.iter_mut().try_for_each(|piece| {
                let sites = &mut *piece.sites;
                shift.execute(
                    chunks.tasks(piece.chunk).start,
                    piece.words,
                    |site| self.cluster.task_start_unix_ns(site),
                    |index, site| {
                        if let Some(kept) = sites.get_mut(index) {
                            *kept = *site;
                        }
                    },
                )
            })
        }));
        match done {
            Ok(Ok(())) => {
                progress.finished.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Ok(Err(_)) => {
                progress.stop.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(payload) => {
                let place = format!("worker {worker}");
                Err(LaunchError::panicked(job.strategy, place, &*payload))
            }
        }
    }
}

/// Whether every start of the program draws a root of its own: the user gave none, and the strategy
/// says that it asks the system for what it makes its state of.
fn has_own_root(job: &Job<'_>) -> bool {
    let spec = job.strategy.spec();
    job.root.given().is_none()
        && spec.root_bits().is_some()
        && spec.reads.contains(&Fact::OsEntropy)
}

fn dynamic_is_not_modelled() -> Unsupported {
    Unsupported {
        reason: "modelled machines are not faster or slower than each other, so nothing decides who takes the next chunk".into(),
        instead: "use static assignment, or replay a recorded one".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::testing::{KEYED, LOCKED, PANICS, SELF_SEEDED, SLOW, job};

    fn launch(cluster: Cluster, job: &Job<'_>) -> Result<(Vec<u64>, Launched), LaunchError> {
        let mut arena = vec![0; (job.tasks.get() * job.words.get()) as usize];
        let launched = SitesBackend { cluster }.launch(job, &mut arena)?;
        Ok((arena, launched))
    }

    #[test]
    fn many_workers_are_modelled_in_task_order() {
        let (words, launched) =
            launch(Cluster::Containers, &job(&KEYED, 100_000, 100_000, 1)).unwrap();
        let (few, _) = launch(Cluster::Containers, &job(&KEYED, 3, 100_000, 1)).unwrap();
        assert_eq!(words, few);
        assert_eq!(launched.sites.len(), super::super::SITES_KEPT as usize);
        assert!(launched.sites.iter().zip(0..).all(|(site, task)| {
            site.task.0 == task && site.worker.0 == task && site.pid == 1 && site.task_ordinal == 0
        }));
    }

    #[test]
    fn entropy_of_a_start_is_shared_by_its_workers_alone() {
        let distinct = |cluster| {
            let (mut words, _) = launch(cluster, &job(&SELF_SEEDED, 64, 64, 1)).unwrap();
            words.sort_unstable();
            words.dedup();
            words.len()
        };
        assert_eq!(distinct(Cluster::Containers), 64);
        assert_eq!(distinct(Cluster::Hosts), 2);
        assert_eq!(distinct(Cluster::VmSnapshot), 1);
    }

    #[test]
    fn machines_share_a_given_seed_and_draw_their_own_otherwise() {
        let shared = crate::strategies::find("shared-state/mt19937").unwrap();
        let seed = RootSeed::from_u64(42);
        let distinct = |cluster, root| {
            let job = Job {
                root,
                ..job(shared, 64, 64, 1)
            };
            let (mut words, _) = launch(cluster, &job).unwrap();
            words.sort_unstable();
            words.dedup();
            words.len()
        };
        assert_eq!(distinct(Cluster::Containers, Root::Given(seed)), 1);
        assert_eq!(distinct(Cluster::Containers, Root::Fresh(seed)), 64);
        assert_eq!(distinct(Cluster::Hosts, Root::Fresh(seed)), 2);
        assert_eq!(distinct(Cluster::VmSnapshot, Root::Fresh(seed)), 1);
        // Derived from the recorded root, and so the same again.
        let fresh = Job {
            root: Root::Fresh(seed),
            ..job(shared, 64, 64, 4)
        };
        let first = launch(Cluster::Containers, &fresh).unwrap().0;
        assert_eq!(first, launch(Cluster::Containers, &fresh).unwrap().0);
    }

    #[test]
    fn what_cannot_be_modelled_is_unsupported() {
        let thread_rng = crate::strategies::find("thread-rng/chacha12").unwrap();
        let refused = launch(Cluster::VmSnapshot, &job(thread_rng, 4, 4, 1));
        assert!(matches!(refused, Err(LaunchError::Unsupported(_))));
        assert!(launch(Cluster::Containers, &job(thread_rng, 4, 4, 1)).is_ok());
        let dynamic = Job {
            assignment: super::super::Assignment::Dynamic,
            ..job(&KEYED, 2, 8, 1)
        };
        let refused = launch(Cluster::Containers, &dynamic);
        assert!(matches!(refused, Err(LaunchError::Unsupported(_))));
        assert!(launch(Cluster::VmSnapshot, &job(&LOCKED, 2, 8, 1)).is_ok());
    }

    #[test]
    fn panics_and_lateness_are_errors() {
        let failed = launch(Cluster::Containers, &job(&PANICS, 4, 8, 1));
        assert!(matches!(failed, Err(LaunchError::Panicked { .. })));
        let late = Job {
            timeout: std::time::Duration::ZERO,
            ..job(&SLOW, 2, 2, 1 << 18)
        };
        let failed = launch(Cluster::Containers, &late);
        assert!(matches!(
            failed,
            Err(LaunchError::TimedOut { unfinished: 2, .. })
        ));
    }
}

//! Modelled machines: what the workers of a cluster that is not there would see.

use serde::{Deserialize, Serialize};

use crate::{
    generators::hash64,
    vocabulary::{RunId, Site, WorkerId},
};

/// A kind of cluster, by what its workers have in common.
///
/// Times are modelled too, so that a launch can be repeated: run r starts r hours after the first
/// second of 2026. Where workers start within one second, their nanoseconds are spread over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cluster {
    /// One worker a container, all started in the same second: every process id is 1, every pool
    /// counts its only worker from the same ordinal, only the random container name differs.
    #[default]
    Containers,
    /// Hosts booted from one image, 32 workers each: process ids start within 8 of each other on
    /// every host, so that hosts share most of them; every host's pool counts from the same ordinal.
    Hosts,
    /// An array job: the scheduler starts every element in the same second, 16 on a node, each a
    /// program of its own whose pool counts from the same ordinal; process ids are neighbours on a node.
    JobArray,
    /// A pool on one host that replaces its workers for weeks: a new worker every 10 seconds, whose
    /// process id is wherever the counter of a busy host stands, in 300 … 32,767.
    PidReuse,
    /// Virtual machines resumed from one snapshot, taken after the program had started: process id,
    /// thread id, host, ordinal, start time and prepared state are the same in all of them.
    VmSnapshot,
}

/// Which workers have one program start, and so one preparation, in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Starts {
    /// Every worker starts the program itself.
    EachWorker,
    /// So many workers come from one start, with copies of its state.
    Every(u32),
    /// All workers come from one start, with copies of its state.
    Once,
}

/// Nanoseconds between the Unix epoch and the first second of 2026.
const FIRST_START_UNIX_NS: u64 = 1_767_225_600 * SECOND_NS;
const SECOND_NS: u64 = 1_000_000_000;
const MILLISECOND_NS: u64 = 1_000_000;
/// From one run's start to the next.
const BETWEEN_RUNS_NS: u64 = 3600 * SECOND_NS;
/// From one task's start to the next in the same worker.
const TASK_NS: u64 = MILLISECOND_NS / 20;

const WORKERS_PER_HOST: u32 = 32;
const ELEMENTS_PER_NODE: u32 = 16;
/// Linux hands out 300 … 32,767 where the default `pid_max` of small machines is in force.
const REUSED_PIDS: std::ops::Range<u32> = 300..32_768;
const REPLACED_EVERY_NS: u64 = 10 * SECOND_NS;

impl Cluster {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::Containers,
        Self::Hosts,
        Self::JobArray,
        Self::PidReuse,
        Self::VmSnapshot,
    ];

    /// The stable name used on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Containers => "containers",
            Self::Hosts => "hosts",
            Self::JobArray => "job-array",
            Self::PidReuse => "pid-reuse",
            Self::VmSnapshot => "vm-snapshot",
        }
    }

    /// What its workers have in common, in one line.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Containers => "one worker a container: pid 1 everywhere, the same start second",
            Self::Hosts => "hosts booted from one image: neighbouring pids, the same ordinals",
            Self::JobArray => "an array job: every element starts in the same second",
            Self::PidReuse => "workers replaced for weeks on one host: pids come again",
            Self::VmSnapshot => "machines resumed from one snapshot: the same state in all",
        }
    }

    /// The kind with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) const fn starts(self) -> Starts {
        match self {
            Self::Containers | Self::JobArray => Starts::EachWorker,
            Self::Hosts => Starts::Every(WORKERS_PER_HOST),
            Self::PidReuse | Self::VmSnapshot => Starts::Once,
        }
    }

    /// The site of a worker before its first task. `first_ordinal` is what a pool counts from.
    pub fn site(self, run: RunId, worker: u32, first_ordinal: u32) -> Site {
        let chance = |salt: u64| {
            hash64(hash64(self as u64 ^ salt << 8) ^ (u64::from(run.0) << 32 | u64::from(worker)))
        };
        let second = FIRST_START_UNIX_NS + u64::from(run.0) * BETWEEN_RUNS_NS;
        let within_second = chance(1) % SECOND_NS;
        let (pid, host, ordinal, start) = match self {
            Self::Containers => (1, chance(2), 0, second + within_second),
            Self::Hosts => {
                let (host, local) = (worker / WORKERS_PER_HOST, worker % WORKERS_PER_HOST);
                let boot = hash64(u64::from(run.0) << 32 | u64::from(host));
                let start = second + boot % SECOND_NS + u64::from(local) * MILLISECOND_NS;
                (
                    1200 + (boot >> 32) as u32 % 8 + local,
                    name_of(host),
                    local,
                    start,
                )
            }
            Self::JobArray => {
                let (node, local) = (worker / ELEMENTS_PER_NODE, worker % ELEMENTS_PER_NODE);
                let counter = hash64(u64::from(run.0) << 32 | u64::from(node)) % 16_384;
                // An element forks a handful of helpers before the program itself.
                (
                    20_000 + counter as u32 + 5 * local,
                    name_of(node),
                    0,
                    second + within_second,
                )
            }
            Self::PidReuse => {
                let pids = u64::from(REUSED_PIDS.end - REUSED_PIDS.start);
                let start = second + u64::from(worker) * REPLACED_EVERY_NS + within_second;
                (
                    REUSED_PIDS.start + (chance(2) % pids) as u32,
                    name_of(0),
                    worker,
                    start,
                )
            }
            // The snapshot outlives runs: a start time in memory is that of its taking.
            Self::VmSnapshot => (4242, name_of(0), 0, FIRST_START_UNIX_NS - BETWEEN_RUNS_NS),
        };
        Site {
            run,
            worker: WorkerId(worker),
            worker_ordinal: first_ordinal.wrapping_add(ordinal),
            pid,
            tid: u64::from(pid),
            host,
            worker_start_unix_ns: start,
            ..Site::default()
        }
    }

    /// When the task at this site starts: tasks follow each other at 50 µs; in resumed machines the
    /// clock has been set right, somewhere within the second of the resumption.
    pub(crate) fn task_start_unix_ns(self, site: &Site) -> u64 {
        let begin = match self {
            Self::VmSnapshot => {
                let run = u64::from(site.run.0);
                let within_second = hash64(run << 32 | u64::from(site.worker.0)) % SECOND_NS;
                FIRST_START_UNIX_NS + run * BETWEEN_RUNS_NS + within_second
            }
            _ => site.worker_start_unix_ns,
        };
        begin + u64::from(site.task_ordinal + 1) * TASK_NS
    }
}

/// A host's name, as the number that stands for it: the same in every run.
fn name_of(host: u32) -> u64 {
    hash64(0x686f_7374 << 32 | u64::from(host))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn sites(cluster: Cluster, workers: u32) -> Vec<Site> {
        (0..workers)
            .map(|worker| cluster.site(RunId(0), worker, 1))
            .collect()
    }

    fn distinct<T: Eq + std::hash::Hash>(sites: &[Site], fact: impl Fn(&Site) -> T) -> usize {
        sites.iter().map(fact).collect::<HashSet<_>>().len()
    }

    #[test]
    fn mix_is_splitmix64() {
        // The first two outputs of the reference implementation from seed 0.
        assert_eq!(hash64(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(hash64(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn containers_share_all_but_their_names() {
        let sites = sites(Cluster::Containers, 10_000);
        assert_eq!(distinct(&sites, |site| (site.pid, site.worker_ordinal)), 1);
        assert_eq!(
            distinct(&sites, |site| site.worker_start_unix_ns / SECOND_NS),
            1
        );
        assert_eq!(distinct(&sites, |site| site.host), 10_000);
    }

    #[test]
    fn hosts_and_nodes_share_pids() {
        let hosts = sites(Cluster::Hosts, 3200);
        assert_eq!(distinct(&hosts, |site| site.host), 100);
        assert!(distinct(&hosts, |site| site.pid) < 40);
        assert_eq!(distinct(&hosts, |site| (site.host, site.pid)), 3200);
        let array = sites(Cluster::JobArray, 1600);
        assert_eq!(
            distinct(&array, |site| site.worker_start_unix_ns / SECOND_NS),
            1
        );
        assert_eq!(distinct(&array, |site| (site.host, site.pid)), 1600);
    }

    #[test]
    fn pids_come_again_at_other_times() {
        let sites = sites(Cluster::PidReuse, 1000);
        assert!(distinct(&sites, |site| site.pid) < 1000);
        assert_eq!(
            distinct(&sites, |site| site.worker_start_unix_ns / SECOND_NS),
            1000
        );
    }

    #[test]
    fn resumed_machines_differ_in_the_clock_alone() {
        let mut sites = sites(Cluster::VmSnapshot, 100);
        let starts: HashSet<u64> = sites
            .iter()
            .map(|site| Cluster::VmSnapshot.task_start_unix_ns(site))
            .collect();
        assert_eq!(starts.len(), 100);
        for site in &mut sites {
            site.worker = WorkerId(0);
        }
        assert_eq!(distinct(&sites, |site| format!("{site:?}")), 1);
    }

    #[test]
    fn names_round_trip() {
        for cluster in Cluster::ALL {
            assert_eq!(Cluster::find(cluster.name()), Some(cluster));
        }
        assert_eq!(Cluster::find("moon"), None);
    }
}

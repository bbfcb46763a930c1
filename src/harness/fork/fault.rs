//! Strategies that misbehave on purpose, to prove that a launch survives them. They are in no list,
//! and refuse to be prepared anywhere but in a fork helper.

use std::{io::Write, num::NonZeroU32, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{ForkBackend, end::leave, wire::GUARD};
use crate::{
    generators::BitStream,
    harness::{Backend, Job, LaunchError},
    strategies::{PerTask, Scope, SeedSpace, Seeder, SeedingStrategy, Spec, Unsupported},
    vocabulary::{Root, RunGroup, RunId, Site},
};

/// The misbehaving strategy with this id.
pub fn find(id: &str) -> Option<&'static dyn SeedingStrategy> {
    FAULTS
        .iter()
        .find(|fault| fault.spec.id == id)
        .map(|fault| fault as &dyn SeedingStrategy)
}

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FaultKind {
    /// Worker 1 kills itself in its second task.
    Kill,
    /// Worker 1 sleeps for ever in its second task.
    Hang,
    /// Worker 1 leaves with code 7 in its second task.
    Exit,
    /// Worker 1 leaves with code 0 in its second task.
    Leave,
    /// Worker 1 panics in its second task.
    Panic,
    /// Every worker writes to standard output; nothing goes wrong.
    Print,
    /// The preparation sleeps for ever.
    HangPrepare,
    /// The preparation panics.
    PanicPrepare,
    /// The preparation kills the helper.
    KillHelper,
    /// Worker 1 kills the helper in its second task; the others sleep for ever.
    KillParent,
    /// The preparation launches forked workers.
    Nest,
}

struct Fault {
    spec: Spec,
    kind: FaultKind,
}

static FAULTS: [Fault; 11] = [
    fault("__fault-kill/none", FaultKind::Kill),
    fault("__fault-hang/none", FaultKind::Hang),
    fault("__fault-exit/none", FaultKind::Exit),
    fault("__fault-leave/none", FaultKind::Leave),
    fault("__fault-panic/none", FaultKind::Panic),
    fault("__fault-print/none", FaultKind::Print),
    fault("__fault-hang-prepare/none", FaultKind::HangPrepare),
    fault("__fault-panic-prepare/none", FaultKind::PanicPrepare),
    fault("__fault-kill-helper/none", FaultKind::KillHelper),
    fault("__fault-kill-parent/none", FaultKind::KillParent),
    fault("__fault-nest/none", FaultKind::Nest),
];

const fn fault(id: &'static str, kind: FaultKind) -> Fault {
    Fault {
        spec: Spec {
            id,
            scope: Scope::Task,
            summary: "misbehaves on purpose",
            formula: "none",
            reads: &[],
            fails: "always, in the way its name says",
            reference: "none",
            promises: &[],
            seed_space: SeedSpace::Deterministic,
            claims: &[],
        },
        kind,
    }
}

impl SeedingStrategy for Fault {
    fn spec(&self) -> &'static Spec {
        FAULTS
            .iter()
            .find(|fault| fault.kind == self.kind)
            .map_or(&FAULTS[0].spec, |fault| &fault.spec)
    }

    fn prepare(&self, _root: Root, _tasks: NonZeroU32) -> Result<Box<dyn Seeder>, Unsupported> {
        if std::env::var_os(GUARD).is_none() {
            return Err(Unsupported {
                reason: "this strategy would end the program it runs in".into(),
                instead: "use it on the `fork` backend".into(),
            });
        }
        let kind = self.kind;
        match kind {
            FaultKind::HangPrepare => sleep_for_ever(),
            FaultKind::PanicPrepare => panic!("on purpose, while prepared"),
            FaultKind::KillHelper => end(Pid::this()),
            FaultKind::Nest => nest(self)?,
            _ => {}
        }
        let helper = Pid::this();
        Ok(Box::new(PerTask(move |site: &Site| {
            misbehave(kind, site, helper);
            Box::new(Constant(site.task.0.into())) as Box<dyn BitStream>
        })))
    }
}

fn misbehave(kind: FaultKind, site: &Site, helper: Pid) {
    if kind == FaultKind::Print {
        // Whether it can be written is not the point.
        let _ = writeln!(std::io::stdout(), "{{\"answer\":\"done\"}}");
    }
    if site.task_ordinal != 1 {
        return;
    }
    match (kind, site.worker.0) {
        (FaultKind::Kill, 1) => end(Pid::this()),
        (FaultKind::Hang, 1) => sleep_for_ever(),
        (FaultKind::Exit, 1) => leave(7),
        (FaultKind::Leave, 1) => leave(0),
        (FaultKind::Panic, 1) => panic!("on purpose"),
        (FaultKind::KillParent, 1) => end(helper),
        (FaultKind::KillParent, _) => sleep_for_ever(),
        _ => {}
    }
}

/// Launches from within a helper; it must be refused.
fn nest(fault: &Fault) -> Result<(), Unsupported> {
    let one = NonZeroU32::MIN;
    let job = Job {
        strategy: fault,
        run: RunId(0),
        group: RunGroup::Fresh,
        root: Root::Given(crate::vocabulary::RootSeed::from_u64(0)),
        workers: one,
        first_ordinal: 1,
        tasks: one,
        chunk: None,
        assignment: crate::harness::Assignment::Static,
        words: one,
        timeout: Duration::from_secs(1),
    };
    match ForkBackend::with_helper("/proc/self/exe").launch(&job, &mut [0]) {
        Err(LaunchError::Unsupported(refusal)) => Err(refusal),
        _ => Ok(()),
    }
}

fn end(process: Pid) -> ! {
    // A signal that cannot be sent leaves the test waiting, which fails it.
    let _ = kill(process, Signal::SIGKILL);
    sleep_for_ever()
}

fn sleep_for_ever() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

struct Constant(u64);

impl BitStream for Constant {
    fn fill(&mut self, block: &mut [u64]) {
        block.fill(self.0);
    }
}

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
enum Kind {
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
    kind: Kind,
}

static FAULTS: [Fault; 11] = [
    fault("__fault-kill/none", Kind::Kill),
    fault("__fault-hang/none", Kind::Hang),
    fault("__fault-exit/none", Kind::Exit),
    fault("__fault-leave/none", Kind::Leave),
    fault("__fault-panic/none", Kind::Panic),
    fault("__fault-print/none", Kind::Print),
    fault("__fault-hang-prepare/none", Kind::HangPrepare),
    fault("__fault-panic-prepare/none", Kind::PanicPrepare),
    fault("__fault-kill-helper/none", Kind::KillHelper),
    fault("__fault-kill-parent/none", Kind::KillParent),
    fault("__fault-nest/none", Kind::Nest),
];

const fn fault(id: &'static str, kind: Kind) -> Fault {
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
            Kind::HangPrepare => sleep_for_ever(),
            Kind::PanicPrepare => panic!("on purpose, while prepared"),
            Kind::KillHelper => end(Pid::this()),
            Kind::Nest => nest(self)?,
            _ => {}
        }
        let helper = Pid::this();
        Ok(Box::new(PerTask(move |site: &Site| {
            misbehave(kind, site, helper);
            Box::new(Constant(site.task.0.into())) as Box<dyn BitStream>
        })))
    }
}

fn misbehave(kind: Kind, site: &Site, helper: Pid) {
    if kind == Kind::Print {
        // Whether it can be written is not the point.
        let _ = writeln!(std::io::stdout(), "{{\"answer\":\"done\"}}");
    }
    if site.task_ordinal != 1 {
        return;
    }
    match (kind, site.worker.0) {
        (Kind::Kill, 1) => end(Pid::this()),
        (Kind::Hang, 1) => sleep_for_ever(),
        (Kind::Exit, 1) => leave(7),
        (Kind::Leave, 1) => leave(0),
        (Kind::Panic, 1) => panic!("on purpose"),
        (Kind::KillParent, 1) => end(helper),
        (Kind::KillParent, _) => sleep_for_ever(),
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

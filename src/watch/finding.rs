//! What is wrong with a watched program, where, and its cure.

use serde::Serialize;

use super::record::{Library, StateOrigin};
use crate::verdict::Severity;

/// One thing that is wrong, or worth knowing, with the line that shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The stable finding id, explained by `seedbench explain`.
    pub rule: String,
    /// How grave.
    pub severity: Severity,
    /// What was found, in one sentence with the lines.
    pub message: String,
    /// Why it happens.
    pub cause: String,
    /// What to do, for this call in this library.
    pub cure: String,
    /// The file of the line that draws, relative to the folder of the watch where it is below that.
    pub file: Option<String>,
    /// The line.
    pub line: Option<u32>,
    /// Every other line that takes part: more lines that draw, where states were made, where copied.
    pub related: Vec<String>,
    /// Streams that take part.
    pub streams: u64,
    /// Processes that take part.
    pub processes: u64,
    /// Whether the project allows it: it then changes nothing.
    pub allowed: bool,
}

/// What to do about a state that several draw from.
pub fn cure(
    library: Library,
    kind: &str,
    origin: StateOrigin,
    inherited: bool,
    copied: bool,
) -> String {
    match library {
        Library::Numpy if inherited && origin == StateOrigin::Global => {
            "give each task a generator of its own: children = np.random.SeedSequence().spawn(tasks), and \
             np.random.default_rng(child) in the task; np.random has one state a process, which fork copies"
                .into()
        }
        Library::Numpy if inherited || copied => format!(
            "do not hand one generator to several workers: spawn as many as there are tasks with \
             np.random.SeedSequence(seed).spawn(tasks) (or rng.spawn(tasks)), send the seeds, and make the \
             {} in the task",
            if kind == "MT19937" { "RandomState or Generator" } else { "generator" }
        ),
        Library::Numpy => {
            "derive every worker's seed from one root and the task's number: \
             np.random.default_rng([task, seed]), or np.random.SeedSequence(seed).spawn(tasks)"
                .into()
        }
        Library::Random if inherited => {
            "make the generator in the worker: random.Random(f\"{seed}-{task}\"), or call random.seed() \
             there; an instance is copied by fork, Python seeds anew only its global one"
                .into()
        }
        Library::Random => {
            "derive every worker's seed from one root and the task's number: \
             random.Random(f\"{seed}-{task}\"), or leave the seed out"
                .into()
        }
        Library::Torch => {
            "seed in the worker from one root and the worker's number: torch.manual_seed(seed + rank) is \
             not enough where runs follow one another; use a SeedSequence(seed).spawn(workers) and \
             torch.manual_seed(int(child.generate_state(1, 'uint64')[0])); in a DataLoader, worker_init_fn"
                .into()
        }
    }
}

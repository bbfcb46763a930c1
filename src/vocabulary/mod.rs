//! The vocabulary: seeds, sites, streams, evidence and p-values. No I/O but memory that
//! lies in files without a name, no dependencies inside the crate.

mod arena;
mod engine;
mod evidence;
mod format;
mod launch;
mod layout;
mod memo;
mod pattern;
mod piece;
mod pvalue;
mod room;
mod seed;
mod site;
mod source;
mod stream;

pub(crate) use engine::TASK_WORDS;
pub use evidence::Evidence;
pub use format::{Format, Marginal};
pub use layout::{EvidenceError, RunInfo};
pub(crate) use memo::Memo;
pub use pvalue::{InvalidPValue, Law, PValue};
pub(crate) use room::Mapping;
pub use seed::{ParseSeedError, Root, RootSeed};
pub use site::Site;
pub use stream::{BackendKind, RunGroup, RunId, StreamId, TaskId, WorkerId};

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    arena::Arena,
    engine::{Elsewhere, Engine, EngineError, Task},
    launch::Launch,
    layout::Layout,
    pattern::{fits, nearest, unknown},
    piece::Piece,
    room::limit_memory,
    source::{EvidenceSource, SourceShape},
};
pub(crate) use source::{LARGEST_BLOCK, read_words};

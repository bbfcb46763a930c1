//! The vocabulary: seeds, sites, streams, evidence and p-values. No I/O but memory that
//! lies in files without a name, no dependencies inside the crate.

mod arena;
mod evidence;
mod format;
mod launch;
mod layout;
mod pattern;
mod pvalue;
mod room;
mod seed;
mod site;
mod source;
mod stream;

pub use arena::Arena;
pub use evidence::Evidence;
pub use format::{Format, Marginal};
pub use launch::Launch;
pub use layout::{EvidenceError, Layout, RunInfo};
pub use pattern::fits;
pub use pvalue::{InvalidPValue, Law, PValue};
pub(crate) use room::Mapping;
pub use room::limit_memory;
pub use seed::{ParseSeedError, Root, RootSeed};
pub use site::Site;
pub use source::{EvidenceSource, Piece, SourceShape};
pub(crate) use source::{LARGEST_BLOCK, read_words};
pub use stream::{BackendKind, RunGroup, RunId, StreamId, TaskId, WorkerId};

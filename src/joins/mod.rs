//! Exact joins: which streams share words, where, how long and in what disguise.
//!
//! Most broken seeding is *equality*, and equality needs no p-value but a witness. Streams that are
//! equal as a whole are grouped and collapsed first ([`group_equal`]); what remains is joined by
//! keys of short windows of words, each key blind to one kind of disguise. A hit is verified on the
//! words themselves, named, and extended as far as it goes, so nothing is reported that is not
//! there. A window is long enough that chance makes no two agree: it holds
//! 2·log2(windows) + log2(forms) + 40 bits of information.
//!
//! | step | sees | how |
//! |---|---|---|
//! | [`group_equal`] | equal streams, one a prefix of another, runs that repeat | 128-bit fingerprints |
//! | elements | every repeated element, and every shared run of them | partition, then a second scan |
//! | windows | overlaps and disguises | keys sampled by content; starts and ends of streams exactly |
//! | streamed | equal streams, overlaps and disguises in evidence beyond what the [`JoinPlan`] joins as a whole | read in slabs; one window in 1,024 is kept |
//! | lines | partial copies, every n-th word | repeated elements of two streams that stand on one line |

mod agreements;
mod candidates;
mod changes;
mod describe;
mod domains;
mod duplicates;
mod elements;
mod fingerprint;
pub(crate) mod follow;
mod groups;
mod halves;
mod hit;
mod hits;
mod information;
mod ledger;
mod maps;
mod natural;
mod plan;
mod record;
mod search;
mod sorting;
mod strands;
mod streamed;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use candidates::colliding;
pub use duplicates::{Multiplicities, duplicates, duplicates_of_halves, multiplicities};
pub use groups::{EqualGroups, group_equal, representatives};
pub use plan::{JoinPlan, PlanOptions};
pub(crate) use plan::{LEAST_WORDS, hash_of, hash_of_streams};
pub(crate) use search::counts_elements;
pub(crate) use strands::Record;
pub use streamed::{
    BadMessage, Outlay, Room, Streamed, TaskError, Volume, answer, matched, sketch, streamed,
};

pub use crate::kernels::KeySource;
use crate::{
    kernels::KeyBuffer,
    results::{Depth, Joins},
    vocabulary::{Evidence, Layout},
};

/// Buffers that joins reuse: the first use touches their memory, later ones do not pay for it.
#[derive(Default)]
pub struct JoinArena {
    keys: KeyBuffer,
}

impl JoinArena {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The equal streams of an evidence whose classes are known: for each stream the one that stands for it.
pub(crate) fn described(layout: &Layout, classes: &[u32]) -> Joins {
    EqualGroups::known(layout, classes).describe(layout)
}

/// Makes all exact joins of an evidence.
///
/// Runs are joined with one another within the fresh group and within the rooted group; of a replay
/// pair only the first run is joined, with itself. The result does not depend on the number of
/// threads.
///
/// ```
/// use seedbench::{joins::{JoinArena, join}, results::Depth};
/// use seedbench::vocabulary::{Evidence, Format, RunGroup, RunId, RunInfo, StreamId};
///
/// let run = RunInfo { run: RunId(0), group: RunGroup::Fresh, root: None };
/// let words = vec![11, 22, 33, 44, 11, 22, 33, 44];
/// let ids = vec![StreamId::new(0, 0), StreamId::new(0, 1)];
/// let evidence = Evidence::uniform(words, ids, 4, vec![run], Format::WORDS)?;
/// let joins = join(&evidence, Depth::Full, &mut JoinArena::new());
/// assert_eq!(joins.equal_streams[0].count, 2);
/// # Ok::<(), seedbench::vocabulary::EvidenceError>(())
/// ```
pub fn join(evidence: &Evidence, depth: Depth, arena: &mut JoinArena) -> Joins {
    let groups = group_equal(evidence);
    let mut joins = groups.describe(evidence.layout());
    search::search(evidence, &groups, depth, arena, &mut joins);
    joins
}

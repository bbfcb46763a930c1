//! What may be no draw: each detector proposes what to leave out, and the rest is judged too. A proposal never
//! decides: where the rest is unsound and the whole is not, the verdict stays open and names the option that
//! settles it.
//!
//! To add a detector: a file with its function, and its line in [`proposals`]. Detectors may be crude, since
//! what they miss is judged as it stands and what they propose wrongly is judged twice.

mod header;
mod held;
mod labels;

use crate::{capture::LeftOut, vocabulary::Evidence};

/// What may be left out.
pub(super) struct Proposal {
    pub left_out: LeftOut,
    /// The options that leave it out.
    pub option: String,
    /// Whether it hides copies of values too, and not only that the rest is words.
    pub hides_values: bool,
}

/// Everything that may be left out of these streams, likeliest first.
pub(super) fn proposals(evidence: &Evidence) -> Vec<Proposal> {
    [labels::proposed, held::proposed, header::proposed]
        .into_iter()
        .flat_map(|detector| detector(evidence))
        .collect()
}

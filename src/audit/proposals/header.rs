//! Values at the start of every stream: a worker's number, a clock, a count of what follows.
//!
//! Proposed for every capture, up to [`LONGEST`] values. A longer header is not looked for: words behind it are
//! judged as values of unknown law.

use super::Proposal;
use crate::{capture::LeftOut, vocabulary::Evidence};

/// Values of the longest header that is looked for. More cost a reading of the capture each.
const LONGEST: u32 = 3;

pub(super) fn proposed(_: &Evidence) -> Vec<Proposal> {
    let header = |skip| Proposal {
        left_out: LeftOut {
            skip,
            ..LeftOut::default()
        },
        option: format!("--skip {skip}"),
        hides_values: false,
    };
    (1..=LONGEST).map(header).collect()
}

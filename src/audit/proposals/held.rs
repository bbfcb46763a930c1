//! Values that are written again until the next is drawn.
//!
//! Proposed where at least every [`SELDOM`]th value equals the one before. Where values are held more seldom, what
//! holding hides is not looked for.

use super::Proposal;
use crate::{capture::LeftOut, vocabulary::Evidence};

/// One value in so many has to equal the one before. A larger number proposes it for more captures.
const SELDOM: usize = 8;

pub(super) fn proposed(evidence: &Evidence) -> Vec<Proposal> {
    let streams = (0..evidence.streams()).map(|at| evidence.stream(at));
    let held = |stream: &[u64]| stream.windows(2).filter(|two| two[0] == two[1]).count();
    let (again, all) = streams.fold((0, 0), |(again, all), stream| {
        (again + held(stream), all + stream.len())
    });
    let proposal = Proposal {
        left_out: LeftOut {
            held: true,
            ..LeftOut::default()
        },
        option: "--held".to_owned(),
        hides_values: true,
    };
    (all > 0 && again * SELDOM >= all)
        .then_some(proposal)
        .into_iter()
        .collect()
}

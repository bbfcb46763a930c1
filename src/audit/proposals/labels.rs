//! Places of every row that count or stay the same: an index, an epoch, a worker's number beside each draw.
//!
//! Proposed for the shortest row, up to [`LONGEST`] values, of which some places do so in each of the first streams
//! and others do not. Labels that neither count nor stay (a clock beside each draw) are not found.

use super::Proposal;
use crate::{capture::LeftOut, vocabulary::Evidence};

/// Values of the longest row that is looked for.
const LONGEST: usize = 8;
/// Streams that are looked at.
const STREAMS: usize = 8;
/// Rows of a stream from which on a place that counts is no chance.
const ROWS: usize = 4;

pub(super) fn proposed(evidence: &Evidence) -> Vec<Proposal> {
    let streams: Vec<&[u64]> = (0..evidence.streams().min(STREAMS))
        .map(|at| evidence.stream(at))
        .collect();
    let counts = |row: usize, place: usize| {
        streams.iter().all(|stream| {
            let there: Vec<u64> = stream.iter().skip(place).step_by(row).copied().collect();
            let step = |two: &[u64]| two[1].wrapping_sub(two[0]);
            there.len() >= ROWS
                && there
                    .windows(3)
                    .all(|three| step(&three[..2]) == step(&three[1..]))
        })
    };
    let labels = |row: usize| -> Option<(usize, Vec<u32>)> {
        let places: Vec<u32> = (0..row)
            .filter(|&place| counts(row, place))
            .map(|place| place as u32)
            .collect();
        (!places.is_empty() && places.len() < row).then_some((row, places))
    };
    let Some((row, places)) = (2..=LONGEST).find_map(labels) else {
        return Vec::new();
    };
    let named: Vec<String> = places.iter().map(u32::to_string).collect();
    vec![Proposal {
        option: format!("--row {row} --labels {}", named.join(",")),
        left_out: LeftOut {
            labels: places,
            row: row as u32,
            ..LeftOut::default()
        },
        hides_values: true,
    }]
}

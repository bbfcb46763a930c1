//! Follows witnesses that were found in a prefix to their ends in the whole evidence.

use crate::{
    joins::follow::{common_prefix, lengthen},
    results::Analysis,
    vocabulary::EvidenceSource,
};

/// Witnesses followed: those that findings show.
const FOLLOWED: usize = 16;

/// Lengthens the first groups of equal streams and the first shared runs to their full length.
///
/// # Errors
/// When the source cannot be read.
pub(super) fn extend<S: EvidenceSource>(
    source: &mut S,
    analysis: &mut Analysis,
) -> Result<(), S::Error> {
    let joins = &mut analysis.joins;
    let format = source.layout().format();
    for group in joins.equal_streams.iter_mut().take(FOLLOWED) {
        if let [a, b, ..] = group.streams[..] {
            group.words = group.words.max(common_prefix(source, a, b)?);
        }
    }
    for run in joins.shared.iter_mut().take(FOLLOWED) {
        lengthen(source, format, &mut run.witness)?;
    }
    for period in joins.periods.iter_mut().take(FOLLOWED) {
        lengthen(source, format, period)?;
    }
    Ok(())
}

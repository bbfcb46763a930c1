//! What the captured values are, where they are not just draws.

use crate::results::{Padding, Recast};

use super::{Context, Diagnosis, words};

/// Says what was left out around the draws.
pub fn diagnose_padding(padding: &Padding, context: &Context<'_>) -> Diagnosis {
    let header = (padding.header > 0).then(|| {
        let elements = words::counted(padding.header, "element");
        format!("all streams begin with {elements} unlike a draw (a constant, a count or the worker's number)")
    });
    let ends = padding.first.map(|(stream, elements)| {
        format!(
            "{} in constants ({} in {})",
            words::counted_verb(padding.padded, "stream", "ends", "end"),
            context.name(stream),
            words::count(elements),
        )
    });
    let rows = padding.rows.as_ref().map(|rows| {
        let labels: Vec<String> = rows.labels.iter().take(8).map(u64::to_string).collect();
        let more = if rows.labels.len() > 8 { " …" } else { "" };
        format!(
            "streams are rows of {}, of which {} (from 0: {}{more}) only count, stay as they are or go one way",
            words::counted(rows.elements, "element"),
            words::count(rows.labels.len() as u64),
            labels.join(", "),
        )
    });
    let told: Vec<String> = header.into_iter().chain(ends).chain(rows).collect();
    Diagnosis {
        message: format!(
            "{}: no draws, so they were left out; tests count from the first draw",
            told.join(", and ")
        ),
        cause: "a header, an index or a label that was captured with the draws, room that was not \
                filled, or a generator that is stuck at an all-zero state"
            .to_owned(),
        cure: "capture the draws alone, as many as there are of each stream".to_owned(),
    }
}

/// Says why values are taken for numbers of any law.
pub fn diagnose_recast(recast: &Recast) -> Diagnosis {
    let (seen, cause) = match recast {
        Recast::Sticky { bits, width } => (
            format!("an element of {width} bits tells {bits:.2} once those before it are known"),
            "a state that stays as it is for a while, or values that follow one another",
        ),
        Recast::Follows { lag, agreement } => (
            format!(
                "a value lies in the same half of the range as the one {} before in {:.0} % of cases",
                words::counted(u64::from(*lag), "place"),
                100.0 * agreement
            ),
            "values that were sorted, stratified, smoothed or accumulated, or a column that counts",
        ),
        Recast::Held { share } => (
            format!(
                "{:.0} % of the values are the one before, and are taken once",
                100.0 * share
            ),
            "values that are written again until the next is drawn: held, cached, or kept by a step \
             that was rejected",
        ),
        Recast::Uneven { distance } => (
            format!("values fill their range unevenly (χ² of 16 cells is {distance:.2} a value)"),
            "numbers from 0 to 1 of another law than the uniform one",
        ),
        Recast::Net { apart, share } => (
            format!(
                "the bits of four values, each {} behind the one before, add up to 0 at {:.0} % of all places",
                words::counted(u64::from(*apart), "place"),
                100.0 * share
            ),
            "points of a low-discrepancy sequence (Sobol'), spread more evenly than draws",
        ),
    };
    Diagnosis {
        message: format!(
            "{seen}, in most streams: these are no uniform draws, and are judged as numbers of any law"
        ),
        cause: cause.to_owned(),
        cure:
            "capture what the generator gives, before it is sorted, summed or shaped, to have it \
               judged bit by bit"
                .to_owned(),
    }
}

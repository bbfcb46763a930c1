//! Streams that count instead of drawing.

use crate::results::Counters;

use super::{Context, Diagnosis, words};

pub(super) const CAUSE: &str = "what was captured is not what a generator gave: an index, an id, the \
                                counter or the seeds of a counter-based generator, or a generator \
                                that only adds (a Weyl sequence)";
pub(super) const CURE: &str = "capture the words that tasks draw (the generator's outputs, before they \
                               are scaled or sorted); where only a counter is kept, capture what the \
                               generator makes of it";

/// Says that all streams are counters.
pub fn diagnose_counters(counters: &Counters, context: &Context<'_>) -> Diagnosis {
    let step = match counters.step {
        Some(0) => "hold one value each, over and over".to_owned(),
        Some(step) => format!("count: each word is the one before plus {step:#x}"),
        None => "count: each word is the one before plus a constant of the stream".to_owned(),
    };
    Diagnosis {
        message: format!(
            "all of {} {step} (the first is {}, from {:#x} on); these are no random numbers, so \
             their seeding cannot be judged",
            words::counted(counters.streams, "stream"),
            context.name(counters.first),
            counters.start,
        ),
        cause: CAUSE.to_owned(),
        cure: CURE.to_owned(),
    }
}

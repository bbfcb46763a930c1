//! The words of reports, for who meets them for the first time.

/// A word and what it means.
pub struct Term {
    /// The word, as reports write it.
    pub name: &'static str,
    /// What it means, in a sentence or two.
    pub meaning: &'static str,
}

const fn term(name: &'static str, meaning: &'static str) -> Term {
    Term { name, meaning }
}

/// Every term, in alphabetical order.
pub const TERMS: &[Term] = &[
    term(
        "as declared",
        "The verdict, the findings and the promises are those that the catalogue states of the strategy, \
         broken ones included: it says that seedbench works, not that the strategy is sound.",
    ),
    term(
        "as said",
        "The strategy does not promise this, and indeed it does not hold.",
    ),
    term(
        "draw",
        "The time to draw one 64-bit word of a stream that is open, in nanoseconds.",
    ),
    term(
        "false alarm",
        "A sound program accused. The probability that the whole report holds one is bounded before the \
         data are seen.",
    ),
    term(
        "held",
        "The strategy does not promise this, yet nothing refutes it at this size.",
    ),
    term(
        "horizon",
        "The number of streams at which two of them are one, or overlap, with a stated probability.",
    ),
    term(
        "inconclusive",
        "Nothing was refuted, but the run was too small to see what it was asked about; the report says what \
         would decide.",
    ),
    term(
        "open",
        "The time to seed one stream, before its first word, in nanoseconds.",
    ),
    term(
        "P(shared)",
        "The probability that two of so many streams are one stream, by the law of the seeds; 100 % where two \
         were seen to be.",
    ),
    term(
        "root",
        "The one number from which a whole run derives. Recorded, it replays the run.",
    ),
    term(
        "S_eff",
        "Effective streams: S²/Σm² for S streams in groups of m equal ones. What S streams are worth.",
    ),
    term(
        "sound",
        "Nothing refutes the seeding, for this many streams and words, at the stated risk. It is no proof for \
         more.",
    ),
    term("stream", "The words that one task draws."),
    term(
        "task",
        "One unit of work that asks for random numbers; a worker executes many.",
    ),
    term(
        "unmeasured",
        "The strategy promises this, but nothing in this plan measures it.",
    ),
    term(
        "unsound",
        "The seeding is refuted: a finding names the streams, the cause and the cure.",
    ),
    term(
        "weak generator",
        "The seeding is sound, but the generator itself fails: its independently seeded streams show the same.",
    ),
    term(
        "witness",
        "The proof of a copy: which words of which streams are equal, and for how long.",
    ),
    term("worker", "The thread or process that executes tasks."),
    term(
        "worth",
        "How many independent streams the streams of a run are worth. A mean over 128 streams worth 16 has an \
         error bar that is sqrt(128/16) = 2.8 times too small.",
    ),
    term(
        "yardstick",
        "The generator that is timed beside every strategy: costs are multiples of its cost in the same run.",
    ),
];

/// The term of this name, in any case.
pub fn find(name: &str) -> Option<&'static Term> {
    TERMS
        .iter()
        .find(|term| term.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_in_order_and_each_is_there_once() {
        let names: Vec<String> = TERMS.iter().map(|term| term.name.to_lowercase()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        assert_eq!(find("s_EFF").unwrap().name, "S_eff");
    }
}

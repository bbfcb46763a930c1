//! What single elements say of their cause that two streams share along one line.

use crate::results::PartialCopy;

use super::{Context, Diagnosis, copies::TELLING_WORDS, words};

/// Says what single elements mean that agree along one line.
pub fn diagnose_partial_copy(
    copies: &[PartialCopy],
    worst: &PartialCopy,
    context: &Context<'_>,
) -> Diagnosis {
    let every = |step: u64| match step {
        1 => "every word".to_owned(),
        _ => format!("every {} word", words::ordinal(step)),
    };
    let lag = worst.b.word as i64 - worst.a.word as i64;
    let itself = worst.a.stream == worst.b.stream;
    let (how, cause) = match worst.steps {
        (1, 1) => (
            format!("at lag {lag}"),
            "part of the draws is shared at equal steps: two tasks draw from one generator without a \
             lock, some words of one stream are replaced by the other's, or both take words from one \
             table",
        ),
        (a, b) if b > 0 => (
            format!(
                "from words {} and {} on, {} of the one and {} of the other",
                words::count(worst.a.word),
                words::count(worst.b.word),
                every(a),
                every(b.unsigned_abs()),
            ),
            "the two walk one sequence in steps of different length: leapfrog with unequal strides, \
             or a task that discards draws another task uses",
        ),
        (a, b) => (
            format!(
                "from words {} and {} on, {} of the one and {} of the other backwards",
                words::count(worst.a.word),
                words::count(worst.b.word),
                every(a),
                every(b.unsigned_abs()),
            ),
            "part of the draws is shared backwards in time: two cursors that walk one sequence \
             towards each other",
        ),
    };
    let cause = if worst.equal >= TELLING_WORDS {
        cause
    } else if itself && lag.abs() == 1 {
        "some words are drawn twice in a row: two threads draw from one generator without a lock, or \
         an output is read again before the state has moved on"
    } else if itself {
        "some words of the stream come again, too few to tell how: a small table or buffer, or a \
         generator that several threads draw from without a lock"
    } else {
        "single elements are shared, too few to tell how: draws from one generator without a lock, \
         blocks of values handed to both, or values from one small table"
    };
    let with = if itself {
        "itself".to_owned()
    } else {
        context.name(worst.b.stream)
    };
    Diagnosis {
        message: format!(
            "{} agrees with {with} in {} over {} {how} ({} so)",
            context.name(worst.a.stream),
            words::counted(worst.equal, "element"),
            words::counted(worst.span, "word"),
            words::counted_verb(copies.len() as u64, "pair", "does", "do"),
        ),
        cause: cause.to_owned(),
        cure: "give every task a generator of its own, keyed by root and task index".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{core::StreamId, results::Place};

    fn said(equal: u64, task: u32) -> Diagnosis {
        let place = |task, word| Place {
            stream: StreamId::new(0, task),
            word,
        };
        let copy = PartialCopy {
            a: place(3, 7),
            b: place(task, 8),
            equal,
            span: 900,
            steps: (1, 1),
            chance: 1e-40,
        };
        diagnose_partial_copy(&[copy], &copy, &Context::default())
    }

    #[test]
    fn single_words_tell_no_steps() {
        assert!(said(3, 9).cause.contains("too few to tell how"));
        assert!(!said(300, 9).cause.contains("too few"));
        let twice = said(3, 3);
        assert!(
            twice.message.contains("agrees with itself"),
            "{}",
            twice.message
        );
        assert!(twice.cause.contains("twice in a row"), "{}", twice.cause);
    }
}

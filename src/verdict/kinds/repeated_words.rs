//! Single words that come more often than chance gives.

use crate::{
    results::{FindingKind, PartialCopy, TestResult},
    statistics::id,
    verdict::{
        Attribution, Case, Context, Diagnosis, Finding, Rule, Severity, cures, fixes,
        procedure::JOINS, signature::copies::TELLING_WORDS, words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::RepeatedWords,
    title: "more equal words than chance gives",
    severity: Severity::Error,
    meaning: "Single words occur more often than independent uniform words of that width would, \
              although no two streams are equal: parts of streams are copied, or the words are \
              drawn from fewer values than their width says.",
    causes: &[
        "streams share single words or short pieces: blocks of values handed to several, the first draws after seeding",
        "workers read one sequence, each at a stride or with gaps of its own",
        "a race: two threads draw from one generator without a lock",
        "the generator can only produce part of the values of its output type",
    ],
    fix: fixes::TASK_STREAM,
    references: &["https://github.com/numpy/numpy/pull/32463"],
    cure: cures::KEYED,
    found,
    cause,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    partial_copies(case).into_iter().collect()
}

/// What a test of repeats tells.
fn cause(result: &TestResult) -> Option<String> {
    let (statistic, expected) = result.counted();
    if result.test == id::COLLISIONS && statistic > expected {
        Some(FEW_VALUES.to_owned())
    } else if statistic < expected {
        Some(TOO_EVEN.to_owned())
    } else {
        None
    }
}

const FEW_VALUES: &str = "likeliest first: these bits take too few values (low bits of a congruential \
                          generator modulo a power of two, a field that is not drawn); or streams are \
                          alike in them at other places (near seeds)";
const TOO_EVEN: &str = "these bits come round more evenly than drawn ones do: the low bits of a \
                        congruential generator modulo a power of two, or a counter";

fn partial_copies(case: &Case<'_>) -> Option<Finding> {
    let joins = &case.analysis.joins;
    let levels = case.analysis.levels.len().max(1) as f64;
    let cells = case.policy.cells.max(1) as f64;
    let chance = |copy: &PartialCopy| copy.chance * levels * cells;
    let worst = joins
        .partial_copies
        .iter()
        .min_by(|x, y| x.chance.total_cmp(&y.chance))?;
    let control_too = case
        .control
        .is_some_and(|control| !control.joins.partial_copies.is_empty());
    let (severity, attribution) = if control_too {
        (Severity::Warning, Attribution::Generator)
    } else if chance(worst) < JOINS {
        (Severity::Error, Attribution::Seeding)
    } else {
        (Severity::Note, Attribution::Unseparated)
    };
    let mut found = Finding::diagnosed(
        FindingKind::RepeatedWords,
        severity,
        attribution,
        diagnosis(&joins.partial_copies, worst, &case.context),
    );
    found.streams = vec![worst.a.stream, worst.b.stream];
    found.stream_count = 2;
    found.p = Some(chance(worst).min(1.0));
    Some(found)
}

/// Says what single elements mean that agree along one line.
fn diagnosis(copies: &[PartialCopy], worst: &PartialCopy, context: &Context<'_>) -> Diagnosis {
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
    use crate::{results::Place, vocabulary::StreamId};

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
        diagnosis(&[copy], &copy, &Context::default())
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

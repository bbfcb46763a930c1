//! What a test that fails says of its cause.

use crate::{
    results::{Outcome, TestResult, View},
    statistics::SEED_BITS,
};

use super::{Context, Diagnosis, correlation, find, seeds::WIDE_SEED, words};

/// How streams were arranged, in words.
fn view(view: &View) -> String {
    match view {
        View::Alone => "single streams".to_owned(),
        View::Interleaved => "streams taken draw by draw in turn".to_owned(),
        View::Transposed { words: 1 } => "the first word of every stream".to_owned(),
        View::Transposed { words } => format!("the first {words} words of every stream"),
        View::NeighbourXor => "the xor of neighbouring streams".to_owned(),
        View::NeighbourDifference => "the difference of neighbouring streams".to_owned(),
        View::SameTask => "the same task in consecutive runs".to_owned(),
        View::Column => "sums over all streams at equal index".to_owned(),
        View::Pairs => "all pairs of streams".to_owned(),
        View::Combinations => "small combinations of streams".to_owned(),
        View::Stacked => "all streams stacked as a bit matrix".to_owned(),
        View::SeedFlips => "the first words under one-bit flips of the seed".to_owned(),
    }
}

/// Says what a failed test means. `rule` is the finding it leads to, `p` is after multiplicity.
pub fn diagnose_test(rule: &str, result: &TestResult, p: f64, context: &Context<'_>) -> Diagnosis {
    let (statistic, expected) = match &result.outcome {
        Outcome::Tested {
            statistic,
            expected,
            ..
        } => (*statistic, *expected),
        Outcome::Inapplicable { .. } => (0.0, 0.0),
    };
    let title = find(rule).map_or(rule, |rule| rule.title);
    let detail = if result.detail.is_empty() {
        String::new()
    } else {
        format!(", {}", result.detail)
    };
    let named = if result.streams.is_empty() {
        String::new()
    } else {
        let list = words::streams(&result.streams, result.streams.len() as u64, context);
        format!(" ({list})")
    };
    let title = match rule {
        "repeated-words" if statistic < expected => "fewer equal words than chance gives",
        _ => title,
    };
    let message = format!(
        "{title}: {} on {}{detail}{named} gives {} where {} is expected, p {}",
        result.test,
        view(&result.view),
        number(statistic),
        number(expected),
        words::p_value(p),
    );
    if result.test == SEED_BITS.id {
        return Diagnosis {
            message: format!(
                "{} {} no effect: flipped one at a time, no word that was compared changes",
                result.detail,
                if result.detail.starts_with("bit ") {
                    "has"
                } else {
                    "have"
                }
            ),
            cause: first_cause(rule),
            cure: WIDE_SEED.to_owned(),
        };
    }
    if result.test == CONGRUENTIAL {
        return Diagnosis {
            message,
            cause: ONE_MAP.to_owned(),
            cure: ANOTHER_GENERATOR.to_owned(),
        };
    }
    if result.test == RELATIONS && result.streams.len() == 3 {
        return Diagnosis {
            message,
            cause: COMBINED.to_owned(),
            cure: cure(rule).to_owned(),
        };
    }
    let cause = specific_cause(rule, result, statistic, expected).unwrap_or_else(|| causes(rule));
    Diagnosis {
        message,
        cause,
        cure: cure(rule).to_owned(),
    }
}

/// What may cause a finding that tells no more of its cause, likeliest first.
fn causes(rule: &str) -> String {
    let all = find(rule).map_or(&[][..], |rule| rule.causes);
    match all {
        [one] => (*one).to_owned(),
        _ => format!("likeliest first: {}", all.join("; or ")),
    }
}

/// The first cause that the catalogue names.
fn first_cause(rule: &str) -> String {
    find(rule)
        .and_then(|rule| rule.causes.first())
        .map_or_else(String::new, |cause| (*cause).to_owned())
}

/// The test that finds one affine map between neighbours.
const CONGRUENTIAL: &str = "congruential-splitting";
/// The test that finds relations of few streams.
const RELATIONS: &str = "relation-search";
const COMBINED: &str = "one stream is made of two others (their xor or their sum): outputs or states are \
                        combined to make new streams, instead of seeding them";
const ONE_MAP: &str = "one congruential sequence is dealt out in turn (leapfrog) or cut into blocks of \
                       equal length: every task draws the same affine image of what the task before \
                       it draws, so that neighbours taken together lie on few planes";
const ANOTHER_GENERATOR: &str = "give every task a state of its own, hashed from root and task index, in \
                                 a generator made for streams (Philox, ChaCha, PCG64-DXSM, \
                                 xoshiro256++); no other distance between the cuts repairs this one";

/// The test that looks for one constant between near streams.
const CONSTANT: &str = "constant-relation";
const BY_A_CONSTANT: &str = "near streams differ by one constant: a constant of the task is added or \
                             xored to one shared sequence, or a linear generator or counter starts \
                             from near seeds";
const UNEVEN_COMBINATIONS: &str = "likeliest first: seeds in arithmetic progression or on a grid pass \
                                   linearly into the state; children are split off by adding or \
                                   xoring a constant; or streams share a component or some bits, \
                                   which adding streams up does not hide (pairs of them are \
                                   correlated then)";
/// The test that looks for repeats in some bits of words.
const COLLISIONS: &str = "collisions";
const FEW_VALUES: &str = "likeliest first: these bits take too few values (low bits of a congruential \
                          generator modulo a power of two, a field that is not drawn); or streams are \
                          alike in them at other places (near seeds)";
const TOO_EVEN: &str = "these bits come round more evenly than drawn ones do: the low bits of a \
                        congruential generator modulo a power of two, or a counter";

/// What a relation of pairs says that holds in some of the words, where chance gives one in
/// 2^8.
fn cancelling(words_that_vanish: f64, by_chance: f64) -> String {
    const WORDS_BY_CHANCE: f64 = 256.0;
    let words = by_chance * WORDS_BY_CHANCE;
    let made = "one of them was made from the others by adding or xoring, or children are derived by \
                adding or xoring a constant per branch (an additive split)";
    if words_that_vanish > 0.9 * words {
        format!("these streams cancel: {made}")
    } else {
        format!(
            "these streams cancel in {words_that_vanish:.0} of {words:.0} words: {made}, or their \
             generator passes near seeds on almost linearly"
        )
    }
}

fn number(value: f64) -> String {
    if value == value.round() && value.abs() < 1e15 {
        format!("{value:.0}")
    } else if value.abs() >= 1e-3 && value.abs() < 1e7 {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}

/// Where the statistic or view tells more than the finding alone.
fn specific_cause(
    rule: &str,
    result: &TestResult,
    statistic: f64,
    expected: f64,
) -> Option<String> {
    match (rule, &result.view) {
        ("linear-relation", View::Stacked) if statistic <= 64.0 && statistic < expected => {
            Some(format!(
                "all streams lie in a space of {statistic:.0} bits: about so many seed bits pass \
                 linearly into the state, without hashing"
            ))
        }
        ("linear-relation", View::Combinations) if result.test == "stacked-rank" => Some(
            "one of these streams is the xor of the others: seeds, or the words themselves, are \
             combined by xor instead of being hashed (a tree of splits, root ^ branch ^ rank)"
                .to_owned(),
        ),
        ("linear-relation", View::Combinations) if result.test == RELATIONS => {
            Some(cancelling(statistic, expected))
        }
        ("linear-relation", View::Combinations) => Some(UNEVEN_COMBINATIONS.to_owned()),
        ("correlated-streams", View::Pairs) => Some(correlation::cause(result)),
        ("related-neighbours", _) if result.test == CONSTANT => {
            Some(BY_A_CONSTANT.to_owned())
        }
        ("repeated-words", _) if result.test == COLLISIONS && statistic > expected => {
            Some(FEW_VALUES.to_owned())
        }
        ("repeated-words", _) if statistic < expected => Some(TOO_EVEN.to_owned()),
        ("biased-start", View::SeedFlips) => Some(
            "seeds that differ in one bit start streams that are alike: the seed is not hashed on its \
             way into the state"
                .to_owned(),
        ),
        ("biased-start", View::Transposed { words }) => Some(format!(
            "the first {} of each stream, taken across tasks, {}: near seeds without warm-up or \
             mixing, or words that streams share from the start",
            words::counted(u64::from(*words), "draw"),
            if *words == 1 {
                "is uneven"
            } else {
                "are uneven"
            },
        )),
        _ => None,
    }
}

fn cure(rule: &str) -> &'static str {
    match rule {
        "nonuniform-words" | "serial-dependence" | "too-few-repeats" => {
            "use another generator (xoshiro256++, PCG64-DXSM, ChaCha); no seeding repairs this one"
        }
        "short-period" => "seed once per task and never again, with a generator of long period",
        _ => {
            "hash root and task index together before they reach the generator (a spawn key), or \
             use a counter-based generator with the task in its key"
        }
    }
}

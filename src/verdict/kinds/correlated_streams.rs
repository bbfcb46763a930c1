//! Why streams agree bit by bit: what the number of pairs, the sign and the bits tell.

use crate::{
    results::{BitRange, FindingKind, Outcome, Reach, TestResult, View},
    statistics::id,
    verdict::{Rule, Severity, cures, fixes, rule::nothing, words},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::CorrelatedStreams,
    title: "bits of two streams agree too often or too seldom",
    severity: Severity::Error,
    meaning: "At equal positions the bits of two streams are related. Results of the two tasks \
              are correlated, and their average has more variance than it seems.",
    causes: &[
        "many pairs alike: a component in common, added or mixed into every stream (common random numbers, a shared table or state)",
        "one pair alone: a copy with part of it changed, or antithetic draws (bits that oppose each other)",
        "top bits alone: near seeds in a generator that mixes slowly, or states that differ little",
        "low bits alone: streams of one congruential generator modulo a power of two, whose starts or distances are alike in their low bits",
    ],
    fix: fixes::KEYED_SEED,
    references: &[
        "Srinivasan, Mascagni & Ceperley 2003, Testing parallel random number generators, Parallel Computing 29(1), 69-94",
        "De Matteis & Pagnutti 1988, Parallelization of random number generators and long-range correlations, Numerische Mathematik 53, 595-608",
    ],
    cure: cures::KEYED,
    found: nothing,
    cause,
};

fn cause(result: &TestResult) -> Option<String> {
    (result.view == View::Pairs).then(|| cause_of(result))
}

/// The cause that a result over all pairs tells, or those that are possible where it does not say how
/// far the relation reaches.
fn cause_of(result: &TestResult) -> String {
    if result.test == id::LAG_AGREEMENT {
        return "one stream follows the other some words behind: it was started with the other's state \
                or output and changes what it draws, or it reads the other's draws late (a buffer, a \
                queue, a history)"
            .to_owned();
    }
    let Some(reach) = result.reach else {
        return uncounted(result).to_owned();
    };
    let opposed = matches!(
        result.outcome,
        Outcome::Tested { statistic, expected, .. } if statistic < expected
    );
    match reach.bits {
        Some(BitRange { first, last, width }) if last - first + 1 < width => {
            format!("{}: {}", which_bits(first, last), in_bits(first, last, width))
        }
        _ if reach.pairs == 1 && opposed => {
            "one pair alone, whose bits oppose each other: antithetic draws (1 − u), or a complement \
             of the other stream with changes in it"
                .to_owned()
        }
        _ if reach.pairs == 1 => "one pair alone: one stream is the other with part of its words or \
                                  bits changed (noise added, masked, drawn apart), or these two \
                                  share a part of their state"
            .to_owned(),
        _ => in_common(&reach, opposed),
    }
}

/// What may relate streams where only the worst pair, or all neighbours together, were looked at.
fn uncounted(result: &TestResult) -> &'static str {
    if result.streams.is_empty() {
        "likeliest first: near seeds in a generator that mixes slowly (its next state is nearly linear \
         in the seed); or streams that share words or a component"
    } else {
        "likeliest first: a component that these streams have in common (common random numbers added \
         or mixed in, a shared table or state; common-component tells where all have it); or one is \
         the other with changes, or its antithetic; or near seeds in a generator that mixes slowly"
    }
}

fn which_bits(first: u32, last: u32) -> String {
    if first == last {
        format!("only bit {first} agrees")
    } else {
        format!("only bits {first}–{last} agree")
    }
}

/// Why some bits of words agree and the others do not, by where they stand (0 is the lowest).
fn in_bits(first: u32, last: u32, width: u32) -> &'static str {
    if first == 0 {
        "the low bits of congruential streams modulo a power of two, whose starts or distances are \
         alike in them (leapfrog, blocks, near seeds); or low bits that are not drawn (packed, \
         scaled or a common tag)"
    } else if last + 1 == width {
        "near seeds in a generator that gives its state away before it is mixed, or states that \
         differ in their low bits only; or top bits that are not drawn (a common range or tag)"
    } else {
        "near seeds in a generator that mixes slowly, or states that differ in few bits; or a field \
         of the word that is not drawn"
    }
}

/// Why several pairs agree in whole words.
fn in_common(reach: &Reach, opposed: bool) -> String {
    const NEAR_SEEDS: &str = "near seeds in a generator that mixes slowly";
    let together = if opposed {
        "streams that oppose each other (antithetic draws, complements)"
    } else {
        "these streams have a component in common, which is added or mixed into each (common random \
         numbers, a shared table or state)"
    };
    let pairs = format!(
        "{} of {} pairs are related",
        words::count(reach.pairs),
        words::count(reach.of)
    );
    match group_of(reach.pairs) {
        _ if reach.pairs == reach.of => {
            format!("all pairs are related: {together}; or {NEAR_SEEDS}")
        }
        Some(streams) => {
            format!("{pairs}, as many as among {streams} streams: {together}; or {NEAR_SEEDS}")
        }
        None => format!("{pairs}, no whole group: {NEAR_SEEDS}; or {together}"),
    }
}

/// How many streams, three or more, have so many pairs.
fn group_of(pairs: u64) -> Option<u64> {
    let streams = (1 + 8 * pairs).isqrt().div_ceil(2);
    (streams >= 3 && streams * (streams - 1) / 2 == pairs).then_some(streams)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::View,
        vocabulary::{Law, PValue},
    };

    fn said(reach: Option<Reach>, statistic: f64) -> String {
        cause_of(&of_pairs(reach, statistic))
    }

    fn of_pairs(reach: Option<Reach>, statistic: f64) -> TestResult {
        TestResult {
            test: "pair-correlation".into(),
            view: View::Pairs,
            detail: "equal bits".into(),
            streams: Vec::new(),
            outcome: Outcome::Tested {
                p: PValue::upper_only(1e-30).unwrap(),
                law: Law::Exact,
                statistic,
                expected: 1024.0,
            },
            control: None,
            reach,
            given_roots: false,
        }
    }

    #[test]
    fn a_lag_names_its_cause() {
        let result = TestResult {
            test: id::LAG_AGREEMENT.into(),
            ..of_pairs(None, 0.0)
        };
        assert!(cause_of(&result).contains("some words behind"));
    }

    #[test]
    fn the_cause_is_that_of_what_stands_out() {
        let reach = |pairs, bits: Option<(u32, u32)>| Reach {
            pairs,
            of: 496,
            bits: bits.map(|(first, last)| BitRange {
                first,
                last,
                width: 64,
            }),
        };
        for (reach, statistic, part) in [
            (reach(1, None), 2000.0, "one pair alone: one stream"),
            (reach(1, None), 20.0, "antithetic"),
            (reach(496, None), 2000.0, "a component in common"),
            (reach(30, None), 2000.0, "no whole group: near seeds"),
            (reach(28, None), 2000.0, "as many as among 8 streams"),
            (
                reach(496, Some((0, 7))),
                2000.0,
                "only bits 0–7 agree: the low bits of congruential",
            ),
            (
                reach(496, Some((60, 63))),
                2000.0,
                "only bits 60–63 agree: near seeds",
            ),
        ] {
            let cause = said(Some(reach), statistic);
            assert!(cause.contains(part), "{reach}: {cause}");
        }
        let open = said(None, 2000.0);
        assert!(open.starts_with("likeliest first"), "{open}");
    }
}

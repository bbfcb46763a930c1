//! Groups of equal streams that are too regular for seeds drawn at random.

use crate::{results::Arrangement, verdict::words};

/// Arrangements that chance makes more seldom than this are not chance's.
const REGULAR: f64 = 1e-3;
/// The same where every task shares its seed with another: seeds so few that they do are hardly
/// drawn, so less tells the arrangement.
const REGULAR_WHERE_ALL_SHARE: f64 = 0.1;

/// What is regular in groups of equal streams.
#[derive(Clone, Debug, PartialEq)]
pub enum Regular {
    /// Members of a group are neighbours.
    Neighbours,
    /// From each member to the next it is so many tasks.
    Every(u64),
    /// Every seed is used about equally often.
    Even,
    /// One seed is used several times and every other one once.
    OneGroup,
}

/// What is regular in an arrangement, and the probability that chance arranges streams so.
pub(super) fn regular(arrangement: &Arrangement) -> Option<(Regular, f64)> {
    let likely = if arrangement.alone == 0 {
        REGULAR_WHERE_ALL_SHARE
    } else {
        REGULAR
    };
    let by_place = arrangement.step.map(|step| {
        let what = match step {
            1 => Regular::Neighbours,
            _ => Regular::Every(step),
        };
        (what, arrangement.ln_step.exp())
    });
    let by_size = (arrangement.ln_sizes < 0.0).then(|| {
        let what = if arrangement.groups == arrangement.runs && arrangement.alone > 0 {
            Regular::OneGroup
        } else {
            Regular::Even
        };
        (what, arrangement.ln_sizes.exp())
    });
    by_place
        .filter(|(_, p)| *p < likely)
        .or(by_size.filter(|(_, p)| *p < REGULAR))
}

/// The cause that a regularity tells.
pub(super) fn cause(what: &Regular, arrangement: &Arrangement, p: f64) -> String {
    let (least, most) = arrangement.sizes;
    let size = if least == most {
        words::count(most)
    } else {
        format!("{} to {}", words::count(least), words::count(most))
    };
    let groups = if arrangement.groups == arrangement.runs {
        format!("one group of {size}")
    } else {
        format!("groups of {size}")
    };
    let told = match what {
        Regular::Neighbours if arrangement.groups == arrangement.runs => format!(
            "{groups} neighbours draw the same and all others differ: they were started together \
             from one state or one reading of a clock, or fell back to one default seed"
        ),
        Regular::Neighbours if least == most => format!(
            "{groups} neighbours draw the same: the seed is made from worker / {size} (a node id, \
             an integer division), or one seed is given to each node or process and its threads or \
             children inherit it"
        ),
        Regular::Neighbours => format!(
            "{groups} neighbours draw the same: one seed is given to each node, process or batch \
             and inherited there, or a clock ticks more slowly than workers start"
        ),
        Regular::Every(step) => format!(
            "every {} worker draws the same ({groups}): the seed is the worker modulo {} (a local \
             rank, a slot, a table of so many seeds)",
            words::ordinal(*step),
            words::count(*step),
        ),
        Regular::Even => format!(
            "{groups} draw the same, evenly but not side by side: seeds are dealt out in turn (one \
             for each node, process or slot, in the order in which workers come), not drawn"
        ),
        Regular::OneGroup => format!(
            "{groups} draw the same and all others differ: these were started from one copied \
             state, or fell back to one default seed"
        ),
    };
    format!(
        "{told}. {}",
        if p < 1e-9 {
            "Seeds that meet by chance are never arranged so".to_owned()
        } else {
            format!(
                "Seeds that meet by chance are arranged so with p {}",
                words::p_value(p)
            )
        }
    )
}

#[cfg(test)]
mod tests {
    use crate::{
        results::{Equality, Joins},
        verdict::{
            Context,
            signature::{EqualitySignature, cause_and_cure, equality_signature},
        },
        vocabulary::{Format, Layout, RunGroup, RunId, RunInfo, StreamId},
    };

    /// What is said of one run whose streams are of these classes.
    fn said(classes: &[u32]) -> (EqualitySignature, String) {
        let ids = (0..classes.len() as u32).map(|task| StreamId::new(0, task));
        let lengths = vec![1; classes.len()];
        let runs = vec![RunInfo::fresh(RunId(0))];
        let layout = Layout::new(ids.collect(), &lengths, runs, Format::WORDS).unwrap();
        let equality = Equality::count(&layout, classes, RunGroup::Fresh);
        let (joins, context) = (Joins::default(), Context::default());
        let signature = equality_signature(&equality, &joins, &context);
        let (cause, _) = cause_and_cure(&equality, &signature, &context);
        (signature, cause)
    }

    fn of(tasks: u32, class: impl Fn(u32) -> u32) -> String {
        said(&(0..tasks).map(class).collect::<Vec<_>>()).1
    }

    /// Numbers below `seeds`, drawn.
    fn drawn(tasks: u64, seeds: u64) -> Vec<u32> {
        (1..=tasks)
            .map(|task| {
                let mixed = (task ^ task << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) as u32
                    % seeds as u32
            })
            .collect()
    }

    #[test]
    fn divided_and_reduced_workers_are_named() {
        for (text, part) in [
            (
                of(64, |w| w / 4),
                "groups of 4 neighbours draw the same: the seed is made from worker / 4",
            ),
            (of(64, |w| w / 2), "worker / 2"),
            (of(64, |w| w / 32), "worker / 32"),
            (of(8, |w| w / 4), "worker / 4"),
            (of(63, |w| w / 4), "groups of 3 to 4 neighbours"),
            (
                of(64, |w| w % 16),
                "every 16th worker draws the same (groups of 4)",
            ),
            (of(120, |w| w % 100), "the seed is the worker modulo 100"),
            (of(64, |w| w.min(63 - w)), "evenly but not side by side"),
            (
                of(64, |w| if w < 9 { 0 } else { w }),
                "one group of 9 neighbours",
            ),
            (
                of(64, |w| if w % 9 * w % 11 == 3 { 1 } else { w + 2 }),
                "one group of",
            ),
        ] {
            assert!(text.contains(part), "{part}: {text}");
            assert!(!text.contains("narrow"), "{text}");
        }
    }

    #[test]
    fn birthdays_stay_narrow() {
        for (tasks, seeds) in [(300, 1 << 13), (1000, 1 << 16), (64, 16), (100, 256)] {
            let (signature, cause) = said(&drawn(tasks, seeds));
            let EqualitySignature::Narrow { bits, .. } = signature else {
                panic!("{tasks} of {seeds}: {signature:?}");
            };
            assert!(
                (bits - (seeds as f64).log2()).abs() < 1.5,
                "{bits} of {seeds}"
            );
            assert!(cause.contains("narrow seed"), "{cause}");
        }
    }

    #[test]
    fn one_pair_tells_no_width() {
        let text = of(300, |w| if w == 200 { 17 } else { w });
        assert!(text.contains("tells no pattern"), "{text}");
        assert!(text.contains("clock"), "{text}");
    }
}

//! Values of unknown law: what no law explains convicts, what some law explains makes suspect.
//!
//! The null hypothesis is that the workers are independent copies of one program, whatever it prints.
//!
//! | tier | what | verdict |
//! |---|---|---|
//! | facts | streams that are equal; a run of one in another | convicts from 35 bits, under every class of laws in `information`, or by a count over runs that asks for none |
//! | inputs | what all streams of a run have in common at the same places; a sequence that all read from their own place | suspect: it may be told to all of them |
//! | images | streams that go up and down together; the same values in another order | suspect: some laws have few orders |
//! | rates | shared first values, scattered copies, ranks that agree, columns by themselves, streams made of two others, a signal in all of a run, values that some of a run replace | suspect: their laws rest on what was seen |
//!
//! Where the values are known to be draws ([`Assumptions::draws`]) there are no inputs and no rows.

mod again;
mod case;
mod columns;
mod common;
mod continuous;
mod deals;
mod exchange;
mod excluded;
mod images;
mod information;
mod numbers;
mod rates;
mod shared_windows;
mod sizes;
mod stretches;
mod whole;

use std::collections::HashMap;

use serde::Serialize;

pub(crate) use self::{again::again, information::entropy_bits};
use self::{
    case::Case,
    numbers::{Numbers, Sequence},
};
use crate::{
    results::{CONVICTS, Excluded, LawClass, SUSPECT, Suspect, Witness},
    vocabulary::Evidence,
};

/// Bits from which on a pattern is listed where no flaw, however large, would have convicted: the verdict is
/// open, and fresh runs may decide it.
const HINT: f64 = 3.0;
/// The share of streams that has to take part before a sequence is one that all of them read.
const ALL_BUT_FEW: f64 = 0.9;

/// What is known of the values, or declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Assumptions {
    /// Values that may have been drawn as one: a row of a list.
    pub rows: usize,
    /// Values of a row of the table that they come from.
    pub columns: usize,
    /// They are draws, one by one.
    pub draws: bool,
    /// Two independent draws are never equal.
    pub continuous: bool,
    /// What all streams of a run have in common at the same places is told to them.
    pub shared_inputs: bool,
}

/// Values of a list that may be drawn as one row, where nothing else is known.
pub const ROWS: usize = 4;

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            rows: ROWS,
            columns: 1,
            draws: false,
            continuous: false,
            shared_inputs: false,
        }
    }
}

/// What was found in the values of one group of runs.
#[derive(Clone, Debug)]
pub(crate) struct Examined {
    /// For each stream the first that is proven equal to it, itself where none is.
    pub classes: Vec<u32>,
    /// Bits that equal streams or copies tell, and under which class of laws they tell least; `None` for any.
    pub equal: Option<(f64, Option<LawClass>)>,
    /// Whether all streams of every run are equal.
    pub all_equal: bool,
    /// Runs of values that are proven to be copies.
    pub copies: Vec<Witness>,
    /// What is suspect, strongest first.
    pub suspects: Vec<Suspect>,
    /// What would have been found.
    pub excluded: Excluded,
}

/// Examines the streams of one group of runs. `number` turns a canonical word into its number.
pub(crate) fn examine(
    evidence: &Evidence,
    number: impl Fn(u64) -> f64,
    assumptions: Assumptions,
) -> Examined {
    let all = Numbers::of(evidence, number);
    let (fresh, repeats) = without_repeats(&all);
    let numbers = all.select(&fresh);
    let rows = if assumptions.draws {
        1
    } else {
        assumptions.rows.max(1)
    };
    let mut found = Examined {
        classes: (0..all.streams.len() as u32).collect(),
        equal: None,
        all_equal: false,
        copies: Vec::new(),
        suspects: Vec::new(),
        excluded: excluded::excluded(&numbers, rows, CONVICTS, SUSPECT),
    };
    if numbers.streams.len() > 1 {
        let case = Case {
            numbers: &numbers,
            rows,
            assumptions,
        };
        case.examine(&mut found, &fresh);
    }
    // A run that repeats an earlier one is that run again, where its streams tell enough to say so.
    for (later, earlier) in repeats {
        found.classes[later] = found.classes[earlier];
    }
    found.suspects.retain(|suspect| suspect.bits >= HINT);
    found.suspects.sort_by(|x, y| y.bits.total_cmp(&x.bits));
    for suspect in &mut found.suspects {
        suspect.decided_by = again::decided_by(suspect, &numbers);
    }
    let open = found.excluded.all_equal < CONVICTS;
    found
        .suspects
        .retain(|suspect| suspect.bits >= SUSPECT || open && suspect.decided_by.is_some());
    found
}

/// For each stream the first that is equal to it.
pub(crate) fn equal_words(evidence: &Evidence) -> Vec<u32> {
    numbers::classes_of((0..evidence.streams()).map(|at| evidence.stream(at)))
}

/// The streams of runs that repeat no earlier one task by task, and for those that do, which stream
/// repeats which. Runs that tell too little are left as they are.
fn without_repeats(numbers: &Numbers) -> (Vec<usize>, Vec<(usize, usize)>) {
    let mut kept = Vec::new();
    let mut repeats = Vec::new();
    let mut first: HashMap<Vec<(u32, &[u32])>, Vec<usize>> = HashMap::new();
    for run in numbers.by_run() {
        let stream = |&at: &usize| &numbers.streams[at];
        let key = run
            .iter()
            .map(stream)
            .map(|s| (s.id.task.0, &s.ids[..]))
            .collect();
        let told = |s: &Sequence| {
            information::information(&s.ids, &numbers.numbers(&s.ids), 1).bits_or_nothing()
        };
        match first.get(&key) {
            Some(earlier) if run.iter().map(stream).map(told).sum::<f64>() >= CONVICTS => {
                repeats.extend(run.into_iter().zip(earlier.iter().copied()));
            }
            _ => {
                kept.extend(&run);
                first.entry(key).or_insert(run);
            }
        }
    }
    (kept, repeats)
}

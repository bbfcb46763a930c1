//! Values of unknown law: what no law explains convicts, what some law explains makes suspect.
//!
//! The null hypothesis is that the workers are independent copies of one program, whatever it prints.
//!
//! | tier | what | verdict |
//! |---|---|---|
//! | facts | streams that are equal; a run of one in another | convicts from 35 bits, under every class of laws in `information`, or by a count over runs that asks for none |
//! | inputs | what all streams of a run have in common at the same places; a sequence that all read from their own place | suspect: it may be told to all of them |
//! | rates | shared first values, scattered copies, ranks that agree | suspect: their laws rest on what was seen |
//!
//! Where the values are known to be draws ([`Assumptions::draws`]) there are no inputs and no rows.

mod again;
mod common;
mod continuous;
mod deals;
mod exchange;
mod excluded;
mod information;
mod numbers;
mod rates;
mod sizes;
mod stretches;
mod whole;

use std::collections::HashMap;

use serde::Serialize;

pub(crate) use self::again::again;
use self::{
    numbers::{Numbers, Sequence},
    rates::Rate,
    stretches::Stretch,
};
use crate::{
    results::{CONVICTS, CopyKind, Excluded, LawClass, Pattern, Place, SUSPECT, Suspect, Witness},
    vocabulary::{Evidence, StreamId},
};

/// Streams that a suspect lists.
const LISTED: usize = 64;
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
    let case = Case {
        numbers: &numbers,
        rows,
        assumptions,
    };
    if numbers.streams.len() > 1 {
        case.whole_streams(&mut found, &fresh);
        case.shared_runs(&mut found);
        case.inputs_and_rates(&mut found);
        case.shared_values(&mut found);
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

struct Case<'a> {
    numbers: &'a Numbers,
    rows: usize,
    assumptions: Assumptions,
}

impl Case<'_> {
    fn id(&self, stream: usize) -> StreamId {
        self.numbers.streams[stream].id
    }

    fn suspect(&self, pattern: Pattern, bits: f64, streams: &[usize]) -> Suspect {
        Suspect {
            pattern,
            bits,
            streams: streams.iter().take(LISTED).map(|&at| self.id(at)).collect(),
            stream_count: streams.len() as u64,
            decided_by: None,
            again: None,
            witness: None,
        }
    }

    /// Equal streams, and affine images.
    fn whole_streams(&self, found: &mut Examined, fresh: &[usize]) {
        if let Some(whole) = whole::equal(self.numbers, self.rows) {
            let alike = whole.streams();
            let (mut proven, mut class) = (whole.proven, whole.class);
            let declared =
                continuous::continuous(self.numbers, &[]).filter(|_| self.is_continuous());
            if let Some(shared) = declared.filter(|shared| shared.bits > proven) {
                (proven, class) = (shared.bits, Some(LawClass::Continuous));
            }
            if proven >= CONVICTS {
                for (&at, &class) in fresh.iter().zip(&whole.classes) {
                    found.classes[at] = fresh[class as usize] as u32;
                }
                found.equal = Some((proven, class));
                found.all_equal = whole.all;
                return;
            }
            let values = self.numbers.streams[alike[0]].ids.len() as u64;
            let run: Vec<u32> = self
                .numbers
                .streams
                .iter()
                .map(|stream| stream.run)
                .collect();
            let bits = whole.plain.max(exchange::within_runs(&whole.classes, &run));
            let pattern = Pattern::EqualStreams { values };
            found.suspects.push(self.suspect(pattern, bits, &alike));
        }
        if let Some(whole) = whole::affine(self.numbers, self.rows) {
            let alike = whole.streams();
            let all = alike.len() as f64 >= ALL_BUT_FEW * self.numbers.streams.len() as f64;
            let values = self.numbers.aligned() as u64;
            if whole.proven >= CONVICTS && !all {
                let (a, b) = (alike[0], whole.partner(alike[0]));
                let mut witness = self.plain_witness((a, 0), (b, 0), values);
                witness.copy = CopyKind::Affine;
                found.copies.push(witness);
            } else {
                let pattern = Pattern::AffineStreams { values, all };
                found
                    .suspects
                    .push(self.suspect(pattern, whole.plain, &alike));
            }
        }
    }

    fn plain_witness(&self, a: (usize, usize), b: (usize, usize), words: u64) -> Witness {
        let place = |(stream, word): (usize, usize)| Place {
            stream: self.id(stream),
            word: word as u64,
        };
        Witness {
            a: place(a),
            b: place(b),
            words,
            copy: CopyKind::Equal,
            reversed: false,
        }
    }

    fn witness(&self, run: &Stretch) -> Witness {
        Witness {
            copy: if run.affine {
                CopyKind::Affine
            } else {
                CopyKind::Equal
            },
            reversed: run.reversed,
            ..self.plain_witness(run.a, run.b, run.values as u64)
        }
    }

    /// Runs of one stream in another.
    fn shared_runs(&self, found: &mut Examined) {
        let runs = stretches::shared(self.numbers, self.rows, SUSPECT);
        let Some(strongest) = runs.first() else {
            return;
        };
        let read_by_all = !self.assumptions.draws && self.all_take_part(&runs);
        for run in &runs {
            if run.proven >= CONVICTS
                && !read_by_all
                && (self.assumptions.draws || !stretches::is_input(run, self.numbers))
            {
                found.copies.push(self.witness(run));
            }
        }
        if found.equal.is_none() && !found.copies.is_empty() {
            found.equal = Some((strongest.proven, Some(strongest.class)));
        }
        if found.copies.is_empty() && found.equal.is_none() {
            let bits = runs.iter().map(|run| run.plain).fold(0.0, f64::max);
            let mut streams: Vec<usize> = runs.iter().flat_map(|run| [run.a.0, run.b.0]).collect();
            streams.sort_unstable();
            streams.dedup();
            let pattern = Pattern::SharedRun {
                values: strongest.values as u64,
                all: read_by_all,
            };
            let witness = Some(self.witness(strongest));
            found.suspects.push(Suspect {
                witness,
                ..self.suspect(pattern, bits, &streams)
            });
        }
    }

    /// Whether nearly all streams share runs of one sequence: a schedule that each reads from its own place
    /// looks like that. Not where sharing keeps to runs that have sequences of their own.
    fn all_take_part(&self, runs: &[Stretch]) -> bool {
        let streams = self.numbers.streams.len();
        let classes = numbers::components(streams, runs.iter().map(|run| (run.a.0, run.b.0)));
        let taking: usize = numbers::groups_of(&classes).iter().map(Vec::len).sum();
        if (taking as f64) < ALL_BUT_FEW * streams as f64 {
            return false;
        }
        let of_run: Vec<u32> = self
            .numbers
            .streams
            .iter()
            .map(|stream| stream.run)
            .collect();
        exchange::within_runs(&classes, &of_run) < CONVICTS
    }

    fn inputs_and_rates(&self, found: &mut Examined) {
        let told = found.equal.is_some() || !found.copies.is_empty();
        let inputs = common::common(self.numbers).filter(|common| !common.places.is_empty());
        if let Some(common) = inputs
            .as_ref()
            .filter(|common| common.bits >= SUSPECT && found.equal.is_none())
        {
            let everyone: Vec<usize> = (0..self.numbers.streams.len()).collect();
            let pattern = Pattern::CommonPlaces {
                values: common.places.len() as u64,
                of: common.of as u64,
                places: common.in_words(),
            };
            if !self.assumptions.shared_inputs {
                found
                    .suspects
                    .push(self.suspect(pattern, common.bits, &everyone));
            }
        }
        if told {
            // What follows from copies is not said again.
            return;
        }
        let coarse = rates::is_coarse(&self.numbers.values);
        let named = |rate: Option<Rate>, pattern: fn(u64, u64, u64) -> Pattern| {
            let rate = rate?;
            let pattern = pattern(rate.values, rate.of, rate.pairs);
            Some(self.suspect(pattern, rate.bits, &rate.streams))
        };
        let patterns = [
            named(rates::starts(self.numbers), |values, _, _| {
                Pattern::FirstValues { values }
            }),
            named(
                rates::in_place(self.numbers, self.rows, coarse),
                |values, of, _| Pattern::ValuesInPlace { values, of },
            ),
            named(
                rates::meetings(self.numbers, self.rows),
                |values, of, pairs| Pattern::Meetings { values, of, pairs },
            ),
            named(rates::ranks(self.numbers), |agreement, of, _| {
                Pattern::Ranks { agreement, of }
            }),
        ];
        found.suspects.extend(patterns.into_iter().flatten());
    }

    /// Whether two independent draws are declared never to be equal.
    const fn is_continuous(&self) -> bool {
        self.assumptions.continuous || self.assumptions.draws
    }

    /// Values that streams share although no two draws are equal, at places that are no inputs of all: so it
    /// is declared, or it would convict if it were.
    fn shared_values(&self, found: &mut Examined) {
        if found.equal.is_some() || !found.copies.is_empty() {
            return;
        }
        let inputs = match common::common(self.numbers) {
            Some(common) if !self.assumptions.draws => common.places,
            _ => Vec::new(),
        };
        let shared = continuous::continuous(self.numbers, &inputs);
        let Some(shared) = shared.filter(|shared| shared.bits >= CONVICTS) else {
            return;
        };
        if !self.is_continuous() {
            let mut streams: Vec<usize> = shared.places.iter().flatten().map(|at| at.0).collect();
            streams.sort_unstable();
            streams.dedup();
            let open = found.suspects.iter().all(|suspect| suspect.bits < SUSPECT);
            if open && !shared.of_all_runs {
                let pattern = Pattern::SharedValues {
                    values: shared.values,
                };
                found
                    .suspects
                    .push(self.suspect(pattern, shared.bits, &streams));
            }
            return;
        }
        found.equal = Some((shared.bits, Some(LawClass::Continuous)));
        // Places that follow one another in both are one copy.
        let mut ends: HashMap<[(usize, usize); 2], usize> = HashMap::new();
        for [a, b] in shared.places {
            let next = |at: (usize, usize)| (at.0, at.1 + 1);
            let at = match ends.remove(&[a, b]) {
                Some(at) => {
                    found.copies[at].words += 1;
                    at
                }
                None => {
                    found.copies.push(self.plain_witness(a, b, 1));
                    found.copies.len() - 1
                }
            };
            ends.insert([next(a), next(b)], at);
        }
        found
            .copies
            .sort_by_key(|copy| std::cmp::Reverse(copy.words));
    }
}

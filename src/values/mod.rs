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

mod common;
mod continuous;
mod exchange;
mod excluded;
mod information;
mod numbers;
mod rates;
mod stretches;
mod whole;

use std::collections::HashMap;

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
/// The share of streams that has to take part before a sequence is one that all of them read.
const ALL_BUT_FEW: f64 = 0.9;

/// What is known of the values, or declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Bits that the equal streams tell, and under which class of laws they tell least.
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
    }
    // A run that repeats an earlier one is that run again, where its streams tell enough to say so.
    for (later, earlier) in repeats {
        found.classes[later] = found.classes[earlier];
    }
    found.suspects.retain(|suspect| suspect.bits >= SUSPECT);
    found.suspects.sort_by(|x, y| y.bits.total_cmp(&x.bits));
    found
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
            runs: None,
            witness: None,
        }
    }

    /// How many fresh runs would show by their number alone that sharing keeps to them.
    fn deciding_runs(&self) -> Option<u64> {
        let widest = self.numbers.by_run().iter().map(Vec::len).max()?;
        // A second look was paid for.
        Some(exchange::runs_that_decide(widest, CONVICTS + 1.0)? as u64)
    }

    /// Equal streams, and affine images.
    fn whole_streams(&self, found: &mut Examined, fresh: &[usize]) {
        if let Some(whole) = whole::equal(self.numbers, self.rows) {
            let alike = whole.streams();
            if whole.proven >= CONVICTS {
                for (&at, &class) in fresh.iter().zip(&whole.classes) {
                    found.classes[at] = fresh[class as usize] as u32;
                }
                found.equal = Some((whole.proven, whole.class));
                found.all_equal = whole.all;
                return;
            }
            let values = self.numbers.streams[alike[0]].ids.len() as u64;
            let mut equal = self.suspect(Pattern::EqualStreams { values }, whole.plain, &alike);
            if whole.all {
                equal.runs = self.deciding_runs();
            }
            found.suspects.push(equal);
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
            if run.proven >= CONVICTS && !read_by_all && !self.is_input(run) {
                found.copies.push(self.witness(run));
            }
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
                runs: self.deciding_runs().filter(|_| read_by_all),
                witness,
                ..self.suspect(pattern, bits, &streams)
            });
        }
    }

    /// Whether nearly all streams share runs of one sequence: a schedule that each reads from its own place
    /// looks like that. Not where sharing keeps to runs that have sequences of their own.
    fn all_take_part(&self, runs: &[Stretch]) -> bool {
        let streams = self.numbers.streams.len();
        let mut component: Vec<u32> = (0..streams as u32).collect();
        fn root(component: &[u32], mut at: u32) -> u32 {
            while component[at as usize] != at {
                at = component[at as usize];
            }
            at
        }
        for run in runs {
            let (a, b) = (
                root(&component, run.a.0 as u32),
                root(&component, run.b.0 as u32),
            );
            component[a.max(b) as usize] = a.min(b);
        }
        let classes: Vec<u32> = (0..streams as u32).map(|at| root(&component, at)).collect();
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

    /// Whether a run at equal places is one that every stream of its runs shares with some other stream.
    fn is_input(&self, run: &Stretch) -> bool {
        if self.assumptions.draws || !stretches::in_place(run) {
            return false;
        }
        let of = [run.a.0, run.b.0].map(|at| self.numbers.streams[at].run);
        let piece = |stream: &Sequence| {
            stream
                .ids
                .get(run.a.1..run.a.1 + run.values)
                .map(<[u32]>::to_vec)
        };
        let there = self
            .numbers
            .streams
            .iter()
            .filter(|stream| of.contains(&stream.run));
        let classes = numbers::classes_of(there.map(piece));
        let taking: usize = numbers::groups_of(&classes).iter().map(Vec::len).sum();
        taking as f64 >= ALL_BUT_FEW * classes.len() as f64
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
        let named = |rate: Option<Rate>, pattern: fn(u64, u64) -> Pattern| {
            rate.map(|rate| self.suspect(pattern(rate.values, rate.of), rate.bits, &rate.streams))
        };
        let patterns = [
            named(rates::starts(self.numbers), |values, _| {
                Pattern::FirstValues { values }
            }),
            named(
                rates::in_place(self.numbers, self.rows, coarse),
                |values, of| Pattern::ValuesInPlace { values, of },
            ),
            named(rates::meetings(self.numbers, self.rows), |values, of| {
                Pattern::Meetings { values, of }
            }),
            named(rates::ranks(self.numbers), |agreement, of| Pattern::Ranks {
                agreement,
                of,
            }),
        ];
        found.suspects.extend(patterns.into_iter().flatten());
        if self.assumptions.continuous || self.assumptions.draws {
            let inputs = match &inputs {
                Some(common) if !self.assumptions.draws => &common.places[..],
                _ => &[],
            };
            let shared = continuous::continuous(self.numbers, inputs);
            if let Some(rate) = shared.filter(|rate| rate.bits >= CONVICTS) {
                found.copies.extend(self.first_meeting(&rate));
            }
        }
    }

    /// Where two streams hold one value, with what they go on to share.
    fn first_meeting(&self, rate: &Rate) -> Option<Witness> {
        let mut seen: HashMap<u32, (usize, usize)> = HashMap::new();
        for &at in &rate.streams {
            for (place, &id) in self.numbers.streams[at].ids.iter().enumerate() {
                match seen.get(&id) {
                    Some(&(other, there)) if other != at => {
                        let [from, to] = [(other, there), (at, place)]
                            .map(|(stream, word)| &self.numbers.streams[stream].ids[word..]);
                        let alike = from.iter().zip(to).take_while(|(x, y)| x == y).count();
                        return Some(self.plain_witness((other, there), (at, place), alike as u64));
                    }
                    _ => {
                        seen.insert(id, (at, place));
                    }
                }
            }
        }
        None
    }
}

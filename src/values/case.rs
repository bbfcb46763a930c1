//! What is asked of the streams of one group of runs, and how the answers become findings.

use std::collections::HashMap;

use super::{
    ALL_BUT_FEW, Assumptions, Examined, columns,
    common::{self, Common},
    continuous, exchange, images,
    numbers::{self, Numbers},
    rates::{self, Rate},
    shared_windows::Stretch,
    stretches,
    whole::{self, Whole},
};
use crate::{
    results::{CONVICTS, CopyKind, LawClass, Pattern, Place, SUSPECT, Suspect, Witness},
    vocabulary::StreamId,
};

/// Streams that a suspect lists.
const LISTED: usize = 64;

/// The streams of one group of runs, and what is assumed of them.
pub(super) struct Case<'a> {
    pub numbers: &'a Numbers,
    pub rows: usize,
    pub assumptions: Assumptions,
}

impl Case<'_> {
    /// Facts first, then what all have in common, then rates. `fresh` are the streams by their places among all.
    pub fn examine(&self, found: &mut Examined, fresh: &[usize]) {
        let is_net = images::are_one_net(self.numbers, self.rows);
        self.whole_streams(found, fresh, is_net);
        self.shared_runs(found, is_net);
        let inputs = common::common(self.numbers);
        self.inputs(found, inputs.as_ref());
        if found.equal.is_some() || !found.copies.is_empty() {
            // What follows from copies is not said again.
            return;
        }
        self.contents(found);
        self.partly_common(found);
        self.columns(found);
        found.suspects.extend(self.rates());
        let inputs = match inputs {
            Some(common) if !self.assumptions.draws => common.places,
            _ => Vec::new(),
        };
        self.shared_values(found, &inputs);
    }

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

    /// Equal streams, and those whose values go up and down together.
    fn whole_streams(&self, found: &mut Examined, fresh: &[usize], is_net: bool) {
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
            let run = self.numbers.runs_of_streams();
            let bits = whole.plain.max(exchange::within_runs(&whole.classes, &run));
            let pattern = Pattern::EqualStreams { values };
            found.suspects.push(self.suspect(pattern, bits, &alike));
        }
        if is_net {
            return;
        }
        let values = self.numbers.aligned() as u64;
        let are_all = |whole: &Whole| {
            whole.streams().len() as f64 >= ALL_BUT_FEW * self.numbers.streams.len() as f64
        };
        let scaled = images::scaled(self.numbers, self.rows);
        if let Some(scaled) = &scaled
            && scaled.proven >= CONVICTS
            && !are_all(scaled)
        {
            let a = scaled.streams()[0];
            let mut witness = self.plain_witness((a, 0), (scaled.partner(a), 0), values);
            witness.copy = CopyKind::Affine;
            found.copies.push(witness);
            return;
        }
        // Scaled copies are in order, too; what tells more is said.
        let images = [images::in_order(self.numbers, self.rows), scaled];
        let images = images.into_iter().flatten();
        if let Some(images) = images.max_by(|x, y| x.plain.total_cmp(&y.plain)) {
            let all = are_all(&images);
            let pattern = Pattern::SameOrder { values, all };
            found
                .suspects
                .push(self.suspect(pattern, images.plain, &images.streams()));
        }
    }

    /// Streams of the same values in another order, where no two are equal.
    fn contents(&self, found: &mut Examined) {
        let is_equal = |suspect: &Suspect| matches!(suspect.pattern, Pattern::EqualStreams { .. });
        if found.suspects.iter().any(is_equal) {
            return;
        }
        if let Some(whole) = images::in_contents(self.numbers) {
            let alike = whole.streams();
            let values = self.numbers.streams[alike[0]].ids.len() as u64;
            let pattern = Pattern::SameContents { values };
            found
                .suspects
                .push(self.suspect(pattern, whole.plain, &alike));
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
    fn shared_runs(&self, found: &mut Examined, is_net: bool) {
        let mut runs = stretches::shared(self.numbers, self.rows, SUSPECT);
        runs.retain(|run| !(is_net && run.affine));
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
        let of_run = self.numbers.runs_of_streams();
        exchange::within_runs(&classes, &of_run) < CONVICTS
    }

    /// What all streams of a run have in common at the same places.
    fn inputs(&self, found: &mut Examined, common: Option<&Common>) {
        let strong = |common: &&Common| !common.places.is_empty() && common.bits >= SUSPECT;
        let Some(common) = common.filter(strong) else {
            return;
        };
        if found.equal.is_some() || self.assumptions.shared_inputs {
            return;
        }
        let everyone: Vec<usize> = (0..self.numbers.streams.len()).collect();
        let pattern = Pattern::CommonPlaces {
            values: common.places.len() as u64,
            of: common.of as u64,
            places: common.in_words(),
        };
        found
            .suspects
            .push(self.suspect(pattern, common.bits, &everyone));
    }

    /// What many streams of a run have in common at a place, and not all: an input that some replace.
    fn partly_common(&self, found: &mut Examined) {
        if self.assumptions.shared_inputs {
            return;
        }
        if let Some(rate) = rates::partly_common(self.numbers, self.rows) {
            let pattern = Pattern::PartlyCommon {
                values: rate.values,
                of: rate.of,
                holders: rate.pairs,
                streams: rate.streams.len() as u64,
            };
            found
                .suspects
                .push(self.suspect(pattern, rate.bits, &rate.streams));
        }
    }

    /// What streams share in one column of a table.
    fn columns(&self, found: &mut Examined) {
        let columns = self.assumptions.columns;
        if let Some(shared) = columns::shared(self.numbers, columns, self.rows) {
            let pattern = Pattern::InColumn {
                values: shared.values as u64,
                column: shared.column as u64,
                columns: columns as u64,
            };
            let suspect = self.suspect(pattern, shared.bits, &shared.streams);
            found.suspects.push(suspect);
        }
    }

    /// What streams have in common more often than others.
    fn rates(&self) -> impl Iterator<Item = Suspect> {
        let inputs = self.assumptions.shared_inputs;
        let signal =
            (!inputs).then(|| rates::common_signal(self.numbers, self.assumptions.columns));
        let named = |rate: Option<Rate>, pattern: fn(u64, u64, u64) -> Pattern| {
            let rate = rate?;
            let pattern = pattern(rate.values, rate.of, rate.pairs);
            Some(self.suspect(pattern, rate.bits, &rate.streams))
        };
        let patterns = [
            named(rates::starts(self.numbers), |values, _, _| {
                Pattern::FirstValues { values }
            }),
            named(rates::in_place(self.numbers, self.rows), |values, of, _| {
                Pattern::ValuesInPlace { values, of }
            }),
            named(
                rates::meetings(self.numbers, self.rows),
                |values, of, pairs| Pattern::Meetings { values, of, pairs },
            ),
            named(
                rates::frequencies(self.numbers, self.rows),
                |agreement, of, _| Pattern::Frequencies { agreement, of },
            ),
            named(
                rates::combined(self.numbers, self.rows),
                |explained, of, _| Pattern::Combined { explained, of },
            ),
            named(signal.flatten(), |agreement, of, _| Pattern::CommonSignal {
                agreement,
                of,
            }),
            named(
                rates::ranks(self.numbers).or_else(|| rates::correlated(self.numbers)),
                |agreement, of, _| Pattern::Ranks { agreement, of },
            ),
        ];
        patterns.into_iter().flatten()
    }

    /// The same of one column of a table, the others of which may have few digits; places are those of the table.
    fn shared_in_column(&self, inputs: &[usize]) -> Option<continuous::Shared> {
        let columns = self.assumptions.columns;
        let in_column = |at: usize| {
            let own = inputs.iter().filter(|place| *place % columns == at);
            let own: Vec<usize> = own.map(|place| place / columns).collect();
            let column = columns::column(self.numbers, at, columns);
            let mut shared = continuous::continuous(&column, &own)?;
            let places = shared.places.iter_mut().flatten();
            places.for_each(|(_, place)| *place = *place * columns + at);
            Some(shared)
        };
        (0..columns).filter(|_| columns > 1).find_map(in_column)
    }

    /// Whether two independent draws are declared never to be equal.
    const fn is_continuous(&self) -> bool {
        self.assumptions.continuous || self.assumptions.draws
    }

    /// Values that streams share although no two draws are equal, at places that are no inputs of all: so it
    /// is declared, or it would convict if it were.
    fn shared_values(&self, found: &mut Examined, inputs: &[usize]) {
        let enough = |shared: &continuous::Shared| shared.bits >= CONVICTS;
        let shared = continuous::continuous(self.numbers, inputs).filter(enough);
        let Some(shared) = shared.or_else(|| self.shared_in_column(inputs).filter(enough)) else {
            return;
        };
        if !self.is_continuous() {
            let mut streams: Vec<usize> = shared.places.iter().flatten().map(|at| at.0).collect();
            streams.sort_unstable();
            streams.dedup();
            let open = found.suspects.iter().all(|suspect| suspect.bits < SUSPECT);
            if open && !shared.by_chance {
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

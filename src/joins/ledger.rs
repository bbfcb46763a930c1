//! Keeps the copies that were found, merged: for each pair of streams the longest of each kind.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
    mem::{Discriminant, discriminant},
};

use super::{hit::FoundCopy, natural::Natural, strands::Strands};
use crate::{
    results::{CopyKind, Joins, LISTED, Place, SharedRun, Witness},
    vocabulary::Layout,
};

/// Pairs of streams that are kept; of further ones only the number is known. More take memory where all
/// streams share words.
const KEPT_PAIRS: usize = 1 << 16;

/// Runs kept of one pair, the longest: a period is told by several of them.
const KEPT_RUNS: usize = 8;

/// Two windows with one key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    /// Their first words.
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) words: usize,
    /// Whether they are windows of halves that start in the middle of a word.
    pub(super) halved: bool,
}

impl Windows {
    /// Windows of whole words.
    pub(super) const fn whole(a: usize, b: usize, words: usize) -> Self {
        Self {
            a,
            b,
            words,
            halved: false,
        }
    }
}

/// Whether two windows are part of a run.
pub(super) fn lies_in(run: &FoundCopy, windows: Windows) -> bool {
    let Windows {
        a,
        b,
        words,
        halved,
    } = windows;
    // Halves read at the other alignment lie half a word beside the words.
    let slack = usize::from(run.kind == CopyKind::HalfWordShift);
    let inside = a + slack >= run.a && a < run.a + run.words + slack;
    let (one, other) = if run.reversed {
        // Both start half a word late, and the second is read from its end.
        (run.a + run.b, a + b + words - usize::from(!halved))
    } else {
        (run.a + b, a + run.b)
    };
    inside && one.abs_diff(other) <= slack
}

/// The copies found between the streams of one domain, by their spans.
#[derive(Default)]
pub(super) struct Ledger {
    pairs: BTreeMap<(u32, u32), Vec<FoundCopy>>,
}

type CopyClass = (Discriminant<CopyKind>, bool);

fn kind_of(found: &FoundCopy) -> CopyClass {
    (discriminant(&found.kind), found.reversed)
}

impl Ledger {
    /// Whether two windows are part of a run that is known.
    pub(super) fn covers(&self, spans: (u32, u32), windows: Windows) -> bool {
        self.pairs
            .get(&spans)
            .is_some_and(|runs| runs.iter().any(|run| lies_in(run, windows)))
    }

    /// Whether a run at the same lag is known.
    pub(super) fn knows_lag(&self, spans: (u32, u32), lag: i64) -> bool {
        self.pairs.get(&spans).is_some_and(|runs| {
            runs.iter()
                .any(|run| !run.reversed && run.b as i64 - run.a as i64 == lag)
        })
    }

    /// Whether no more is worth knowing of this pair.
    pub(super) fn is_full(&self, spans: (u32, u32)) -> bool {
        match self.pairs.get(&spans) {
            Some(runs) => runs.len() >= KEPT_RUNS,
            None => self.pairs.len() >= KEPT_PAIRS,
        }
    }

    /// Adds a run. One that is known, or shorter than a known one of its kind at another lag where
    /// the list is full, changes nothing.
    pub(super) fn insert(&mut self, spans: (u32, u32), found: FoundCopy) {
        let room = self.pairs.len() < KEPT_PAIRS;
        let runs = match self.pairs.entry(spans) {
            Entry::Occupied(runs) => runs.into_mut(),
            Entry::Vacant(place) if room => place.insert(Vec::new()),
            Entry::Vacant(_) => return,
        };
        if runs.contains(&found) {
            return;
        }
        if runs.len() < KEPT_RUNS {
            runs.push(found);
        } else if let Some(run) = runs
            .iter_mut()
            .filter(|run| run.words < found.words)
            .min_by_key(|run| run.words)
        {
            *run = found;
        }
    }

    /// Adds all runs of a pair of streams that is new, whatever their order: of runs within one another the
    /// longest, and of those the longest few. Of a stream's runs in itself those of the smallest lags.
    pub(super) fn insert_all(&mut self, spans: (u32, u32), mut runs: Vec<FoundCopy>) {
        let rank = |run: &FoundCopy| {
            let plain = run.kind == CopyKind::Equal && !run.reversed;
            (
                Reverse(run.words),
                !plain,
                run.a,
                run.b,
                format!("{:?}", run.kind),
                run.reversed,
            )
        };
        runs.sort_by_cached_key(rank);
        let mut kept: Vec<FoundCopy> = Vec::new();
        for run in runs {
            let last = match run.reversed {
                true => (run.b + 1).saturating_sub(run.words),
                false => run.b,
            };
            let windows = Windows::whole(run.a, last, run.words);
            if !kept.iter().any(|longer| lies_in(longer, windows)) {
                kept.push(run);
            }
        }
        if spans.0 == spans.1 {
            kept.sort_by_key(|run| {
                let plain = run.kind == CopyKind::Equal && !run.reversed;
                (!plain, run.b.abs_diff(run.a))
            });
        }
        kept.truncate(KEPT_RUNS);
        if !kept.is_empty() {
            self.pairs.insert(spans, kept);
        }
    }

    /// Drops the runs that the values make of themselves.
    pub(super) fn drop_natural<E, R>(&mut self, natural: &mut Natural<'_, R>) -> Result<(), E>
    where
        R: FnMut(u32, usize, usize) -> Result<Vec<u64>, E>,
    {
        for (&spans, runs) in &mut self.pairs {
            let mut kept = Vec::with_capacity(runs.len());
            for run in runs.drain(..) {
                if !natural.explains(spans, &run)? {
                    kept.push(run);
                }
            }
            *runs = kept;
        }
        self.pairs.retain(|_, runs| !runs.is_empty());
        Ok(())
    }

    /// Moves what was found into the result.
    pub(super) fn report(self, layout: &Layout, strands: &Strands<'_>, joins: &mut Joins) {
        let place = |span: u32, word: usize| Place {
            stream: layout.id(strands.spans[span as usize].stream as usize),
            word: word as u64,
        };
        let witness = |spans: (u32, u32), found: &FoundCopy| Witness {
            a: place(spans.0, found.a),
            b: place(spans.1, found.b),
            words: found.words as u64,
            copy: found.kind,
            reversed: found.reversed,
        };
        let mut per_kind: Vec<(CopyClass, u64)> = Vec::new();
        let mut shared: Vec<(CopyClass, Witness)> = Vec::new();
        for (&spans, runs) in &self.pairs {
            if spans.0 == spans.1 {
                // The smallest lag at which the words themselves recur is the period.
                let period = runs.iter().min_by_key(|run| {
                    (
                        run.kind != CopyKind::Equal || run.reversed,
                        run.b.abs_diff(run.a),
                    )
                });
                let end = strands.spans[spans.0 as usize].words();
                let told = match reused(runs, end) {
                    true => &mut joins.reused,
                    false => &mut joins.periods,
                };
                told.extend(period.map(|run| witness(spans, run)));
                continue;
            }
            let mut longest: Vec<&FoundCopy> = Vec::new();
            for run in runs {
                match longest
                    .iter_mut()
                    .find(|other| kind_of(other) == kind_of(run))
                {
                    Some(other) if other.words < run.words => *other = run,
                    Some(_) => {}
                    None => longest.push(run),
                }
            }
            for run in longest {
                let kind = kind_of(run);
                match per_kind.iter_mut().find(|row| row.0 == kind) {
                    Some(row) => row.1 += 1,
                    None => per_kind.push((kind, 1)),
                }
                shared.push((kind, witness(spans, run)));
            }
        }
        shared.sort_by(|(_, x), (_, y)| y.words.cmp(&x.words).then((x.a, x.b).cmp(&(y.a, y.b))));
        shared.truncate(LISTED);
        joins
            .shared
            .extend(shared.into_iter().map(|(kind, witness)| {
                SharedRun {
                    witness,
                    pairs: per_kind
                        .iter()
                        .find(|row| row.0 == kind)
                        .map_or(1, |row| row.1),
                }
            }));
        joins
            .shared
            .sort_by_key(|run| std::cmp::Reverse(run.witness.words));
        joins.shared.truncate(LISTED);
        joins.periods.truncate(LISTED);
        joins.reused.truncate(LISTED);
    }
}

/// Times that a stream which repeats itself goes through its period: fewer take values used twice for a
/// period.
const TIMES: usize = 4;
/// Runs at multiples of one lag that make a habit of using values twice, and no flaw: raising it accuses more
/// such programs.
const SEVERAL: usize = 3;

/// Whether a stream's equal runs are values that it used twice, as windows that overlap, frames of one
/// picture and stored transitions do: several, all at the multiples of one lag, and none that goes on to
/// the end or for some times the lag.
fn reused(runs: &[FoundCopy], end: usize) -> bool {
    let lag = |run: &FoundCopy| run.b.abs_diff(run.a);
    let plain = || {
        runs.iter()
            .filter(|run| run.kind == CopyKind::Equal && !run.reversed)
    };
    let Some(least) = plain().map(lag).min().filter(|&least| least > 0) else {
        return false;
    };
    plain().count() >= SEVERAL
        && plain().all(|run| {
            let goes_on = run.a.max(run.b) + run.words >= end || run.words >= TIMES * least;
            lag(run).is_multiple_of(least) && !goes_on
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Family, KeyBlock, WindowKey, mix};

    /// Every pair of windows of halves, at every alignment, that has one key lies in the run that makes it:
    /// none is verified anew.
    #[test]
    fn windows_of_halves_lie_in_the_run_that_makes_them() {
        let one: Vec<u64> = (0..200).map(mix).collect();
        let mut other: Vec<u64> = (1000..1300).map(mix).collect();
        for (at, &word) in one[20..180].iter().enumerate() {
            other[250 - at] = word;
        }
        let run = FoundCopy {
            a: 20,
            b: 250,
            words: 160,
            kind: CopyKind::Equal,
            reversed: true,
        };
        let key = WindowKey {
            family: Family::Halves,
            features: 4,
        };
        let keys = |words: &[u64]| -> Vec<(u64, usize, usize)> {
            let mut block = KeyBlock::new();
            block.fill(key, words, false);
            let rows = block.rows();
            let row = |(variant, row): (usize, &&[u64])| {
                let keys = row.iter().enumerate();
                keys.map(|(at, &key)| (key, at, variant))
                    .collect::<Vec<_>>()
            };
            rows.iter().enumerate().flat_map(row).collect()
        };
        let (ours, theirs) = (keys(&one), keys(&other));
        let mut met = [0; 2];
        for &(key, a, variant) in &ours {
            for &(_, b, _) in theirs.iter().filter(|their| their.0 == key) {
                let halved = variant != 0;
                let windows = Windows {
                    a,
                    b,
                    words: 4,
                    halved,
                };
                assert!(lies_in(&run, windows), "{windows:?}");
                met[usize::from(halved)] += 1;
            }
        }
        assert!(met[0] > 150 && met[1] > 300, "{met:?}");
    }
}

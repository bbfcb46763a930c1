//! Does more of a flaw ever get a better verdict?

use std::{collections::BTreeMap, fmt::Write as _};

use rayon::prelude::*;

use super::{
    job::Job,
    measure::{Grade, Opinion, Subject},
    planted::{Planted, STEPS},
    printout::Printout,
};

/// The verdicts on one flaw in one law after one harmless step, on the same draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// The flaw.
    pub flaw: &'static str,
    /// The law.
    pub base: &'static str,
    /// The step.
    pub step: &'static str,
    /// Which draws.
    pub job: Job,
    /// Strengths and verdicts, from the weakest on; `None` where the printout could not be read.
    pub verdicts: Vec<(&'static str, Option<Grade>)>,
}

impl Sequence {
    /// Whether no strength has a better verdict than a weaker one.
    pub fn is_monotone(&self) -> bool {
        self.verdicts.windows(2).all(|next| next[0].1 <= next[1].1)
    }

    /// One letter a strength.
    fn letters(&self) -> String {
        let letter = |standing: &Option<Grade>| standing.map_or('?', Grade::letter);
        self.verdicts
            .iter()
            .map(|(_, standing)| letter(standing))
            .collect()
    }
}

/// Judges every flaw in every law after every harmless step in every job.
pub fn monotony(
    planted: &[Planted],
    jobs: &[Job],
    judge: impl Fn(&Printout) -> Opinion + Sync,
) -> Vec<Sequence> {
    let mut families: Vec<&[Planted]> = planted
        .chunk_by(|a, b| a.flaw.id == b.flaw.id && a.base.id == b.base.id)
        .collect();
    families.retain(|family| jobs.iter().all(|job| family[0].applies(job)));
    let tasks: Vec<_> = families
        .into_iter()
        .flat_map(|family| {
            STEPS
                .iter()
                .flat_map(move |step| jobs.iter().map(move |job| (family, step, job)))
        })
        .collect();
    tasks
        .into_par_iter()
        .map(|(family, step, job)| Sequence {
            flaw: family[0].flaw.id,
            base: family[0].base.id,
            step: step.id,
            job: *job,
            verdicts: family
                .iter()
                .map(|one| {
                    let opinion = judge(&(step.take)(one.printout(job)));
                    (one.strength.name, opinion.standing)
                })
                .collect(),
        })
        .collect()
}

/// A table in Markdown: a row a flaw and law, a column a step; verdicts from the weakest strength to the
/// strongest, of the first job. Where more of the flaw gets a better verdict in a job, that job's
/// verdicts stand in bold.
pub fn ascents(sequences: &[Sequence]) -> String {
    let mut text = String::from(
        "Verdicts from the weakest to the strongest: · sound, i inconclusive, s suspect, U unsound, ? unread\n\n\
         | flaw | law | strengths |",
    );
    // Writing to a String cannot fail.
    for step in STEPS {
        let _ = write!(text, " {} |", step.id);
    }
    let _ = writeln!(text, "\n|---|---|---|{}", "---|".repeat(STEPS.len()));
    for family in sequences.chunk_by(|a, b| a.flaw == b.flaw && a.base == b.base) {
        let names: Vec<&str> = family[0].verdicts.iter().map(|(name, _)| *name).collect();
        let _ = write!(
            text,
            "| {} | {} | {} |",
            family[0].flaw,
            family[0].base,
            names.join(" ")
        );
        let mut cells: BTreeMap<&str, &Sequence> = BTreeMap::new();
        for sequence in family {
            let cell = cells.entry(sequence.step).or_insert(sequence);
            if cell.is_monotone() {
                *cell = if sequence.is_monotone() {
                    *cell
                } else {
                    sequence
                };
            }
        }
        for step in STEPS {
            let _ = match cells.get(step.id) {
                Some(cell) if cell.is_monotone() => write!(text, " {} |", cell.letters()),
                Some(cell) => write!(text, " **{}** |", cell.letters()),
                None => write!(text, " |"),
            };
        }
        text.push('\n');
    }
    let wrong = sequences
        .iter()
        .filter(|sequence| !sequence.is_monotone())
        .count();
    let _ = writeln!(
        text,
        "\n{wrong} of {} sequences have a better verdict for more of a flaw.",
        sequences.len()
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::zoo::{SHAPES, planted};

    #[test]
    fn a_better_verdict_for_more_of_a_flaw_is_shown() {
        let family: Vec<Planted> = planted()
            .into_iter()
            .filter(|one| one.flaw.id == "prefix" && one.base.id == "normals")
            .collect();
        let job = Job {
            shape: SHAPES[0],
            runs: 1,
            replicate: 0,
        };
        // Equal first values of two workers are counted by hand; eight of them are overlooked.
        let judge = |printout: &Printout| {
            let streams = &printout.streams;
            let agree = |a: usize, b: usize| {
                let pairs = streams[a].values.iter().zip(&streams[b].values);
                pairs.take_while(|(x, y)| x == y).count()
            };
            let all = 0..streams.len();
            let longest = all
                .flat_map(|a| (0..a).map(move |b| (a, b)))
                .map(|(a, b)| agree(a, b))
                .max();
            let standing = match longest {
                Some(8) => Grade::Sound,
                Some(4..) => Grade::Unsound,
                _ => Grade::Inconclusive,
            };
            Opinion {
                standing: Some(standing),
                reasons: Vec::new(),
            }
        };
        let sequences = monotony(&family, &[job], judge);
        assert_eq!(sequences.len(), STEPS.len());
        let drawn = &sequences[0];
        assert!(!drawn.is_monotone());
        assert_eq!(drawn.letters(), "iU·UUU");
        let table = ascents(&sequences);
        assert!(
            table.contains("| prefix | normals | 2 4 8 16 32 64 | **iU·UUU** | "),
            "{table}"
        );
        // Sorting breaks the prefix, and holding doubles it: 4, 8, 16.
        assert!(table.contains("**U·UUUU**"), "{table}");
    }
}

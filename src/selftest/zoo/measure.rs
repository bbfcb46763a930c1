//! Judges every program of the zoo and counts the verdicts, without knowing how the judge works.

use std::{collections::BTreeMap, fmt::Write as _};

use rayon::prelude::*;

use super::{
    job::{Job, JobShape},
    printout::Printout,
    program::Program,
};

/// What a verdict comes down to, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Nothing was refuted.
    Sound,
    /// Too little to say, or an assumption is open.
    Inconclusive,
    /// Inconclusive, with a suspicion.
    Suspect,
    /// Convicted.
    Unsound,
}

impl Grade {
    /// All, from the best to the worst.
    pub const ALL: [Self; 4] = [
        Self::Sound,
        Self::Inconclusive,
        Self::Suspect,
        Self::Unsound,
    ];

    /// One letter, as in the table of monotony.
    pub const fn letter(self) -> char {
        match self {
            Self::Sound => '·',
            Self::Inconclusive => 'i',
            Self::Suspect => 's',
            Self::Unsound => 'U',
        }
    }
}

/// What a judge says of a printout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// The verdict; `None` where the printout could not be read.
    pub standing: Option<Grade>,
    /// The findings that led to it, or what could not be read.
    pub reasons: Vec<String>,
}

/// A program that can be judged.
pub trait Subject: Sync {
    /// A stable name.
    fn id(&self) -> &str;
    /// What it does.
    fn summary(&self) -> &str;
    /// Whether a conviction is right although the program is sound.
    fn excused(&self) -> bool;
    /// Whether the job shows what the subject is about.
    fn applies(&self, job: &Job) -> bool;
    /// What it prints.
    fn printout(&self, job: &Job) -> Printout;
}

impl Subject for Program {
    fn id(&self) -> &str {
        self.id
    }

    fn summary(&self) -> &str {
        self.summary
    }

    fn excused(&self) -> bool {
        self.chosen_from_few
    }

    fn applies(&self, _: &Job) -> bool {
        true
    }

    fn printout(&self, job: &Job) -> Printout {
        Program::printout(self, job)
    }
}

/// The verdicts on one program.
#[derive(Clone, Debug, PartialEq)]
pub struct ZooRow {
    /// The program.
    pub id: String,
    /// What it does.
    pub summary: String,
    /// Whether a conviction is right although the program is sound.
    pub excused: bool,
    /// Printouts judged.
    pub judged: u64,
    /// How many could not be read.
    pub unread: u64,
    /// How many had each grade, in the order of [`Grade::ALL`].
    pub counts: [u64; 4],
    /// How often each reason was given for the worst standing of all.
    pub reasons: BTreeMap<String, u64>,
    /// Convictions by shape, where there are any.
    pub convicted_at: Vec<(JobShape, u64)>,
    /// A job to look at: the first of the worst standing.
    pub example: Option<Job>,
}

impl ZooRow {
    /// How many had a standing.
    pub const fn count(&self, standing: Grade) -> u64 {
        self.counts[standing as usize]
    }

    /// Whether a sound program was convicted.
    pub const fn is_false_alarm(&self) -> bool {
        !self.excused && self.count(Grade::Unsound) > 0
    }
}

/// Judges every program in every job.
///
/// `judge` is given what the program prints, and what it prints in so many fresh runs.
pub fn measure<S: Subject>(
    subjects: &[S],
    jobs: &[Job],
    judge: impl Fn(&Printout, &dyn Fn(usize) -> Printout) -> Opinion + Sync,
) -> Vec<ZooRow> {
    subjects
        .par_iter()
        .map(|subject| {
            let opinions: Vec<(Job, Opinion)> = jobs
                .par_iter()
                .filter(|job| subject.applies(job))
                .map(|job| {
                    let fresh = |runs| subject.printout(&job.fresh(runs));
                    (*job, judge(&subject.printout(job), &fresh))
                })
                .collect();
            row(subject, &opinions)
        })
        .collect()
}

fn row(subject: &impl Subject, opinions: &[(Job, Opinion)]) -> ZooRow {
    let mut row = ZooRow {
        id: subject.id().to_owned(),
        summary: subject.summary().to_owned(),
        excused: subject.excused(),
        judged: opinions.len() as u64,
        unread: 0,
        counts: [0; 4],
        reasons: BTreeMap::new(),
        convicted_at: Vec::new(),
        example: None,
    };
    // What cannot be read is worse than any verdict.
    let grave = |opinion: &Opinion| match opinion.standing {
        None => Grade::ALL.len(),
        Some(standing) => standing as usize,
    };
    let worst = opinions.iter().map(|(_, opinion)| grave(opinion)).max();
    for (job, opinion) in opinions {
        match opinion.standing {
            None => row.unread += 1,
            Some(standing) => row.counts[standing as usize] += 1,
        }
        if opinion.standing == Some(Grade::Unsound) {
            match row
                .convicted_at
                .iter_mut()
                .find(|(shape, _)| *shape == job.shape)
            {
                Some((_, count)) => *count += 1,
                None => row.convicted_at.push((job.shape, 1)),
            }
        }
        if Some(grave(opinion)) == worst {
            row.example.get_or_insert(*job);
            for reason in &opinion.reasons {
                *row.reasons.entry(reason.clone()).or_default() += 1;
            }
        }
    }
    row
}

/// The rows as a table in Markdown, and a line that sums them up.
pub fn markdown(rows: &[ZooRow]) -> String {
    let mut text = String::from(
        "| program | judged | unsound | suspect | inconclusive | sound | unread | reasons of the worst | example |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let reasons: Vec<String> = row
            .reasons
            .iter()
            .map(|(reason, times)| format!("{reason} {times}"))
            .collect();
        let example = row.example.map_or(String::new(), |job| job.to_string());
        let mark = if row.excused {
            " (chosen from few)"
        } else {
            ""
        };
        let [sound, inconclusive, suspect, unsound] = row.counts;
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| {}{mark} | {} | {} | {suspect} | {inconclusive} | {sound} | {} | {} | {example} |",
            row.id,
            row.judged,
            if unsound > 0 {
                format!("**{unsound}**")
            } else {
                "0".into()
            },
            row.unread,
            reasons.join(", "),
        );
    }
    let sum = |of: &dyn Fn(&ZooRow) -> u64| rows.iter().map(of).sum::<u64>();
    let _ = writeln!(
        text,
        "\n{} programs, {} printouts: {} unsound, {} suspect, {} inconclusive, {} sound, {} unread.",
        rows.len(),
        sum(&|row| row.judged),
        sum(&|row| row.count(Grade::Unsound)),
        sum(&|row| row.count(Grade::Suspect)),
        sum(&|row| row.count(Grade::Inconclusive)),
        sum(&|row| row.count(Grade::Sound)),
        sum(&|row| row.unread),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::zoo::{job::SHAPES, sound};

    #[test]
    fn verdicts_are_counted_and_the_worst_is_shown() {
        let programs: Vec<Program> = sound().take(3).copied().collect();
        let jobs = Job::all(1);
        // Convicts what has 24 workers, cannot read what has 4, and is in doubt of one run.
        let judge = |printout: &Printout| {
            let workers = printout
                .streams
                .iter()
                .filter_map(|s| s.labels.last())
                .max();
            let standing = match workers {
                Some(23) => Some(Grade::Unsound),
                Some(3) => None,
                _ if printout.labels.len() == 1 => Some(Grade::Suspect),
                _ => Some(Grade::Sound),
            };
            Opinion {
                standing,
                reasons: vec![format!("{standing:?}")],
            }
        };
        let rows = measure(&programs, &jobs, |printout, _| judge(printout));
        assert_eq!(rows.len(), 3);
        for row in &rows {
            assert_eq!((row.judged, row.unread, row.counts), (20, 4, [9, 0, 3, 4]));
            assert_eq!(row.convicted_at, [(SHAPES[3], 4)]);
            assert_eq!(row.reasons, [("None".to_owned(), 4)].into());
            assert_eq!(row.example.map(|job| job.shape), Some(SHAPES[4]));
            assert!(row.is_false_alarm());
        }
        let table = markdown(&rows);
        assert!(
            table.contains("| ordered-pairs | 20 | **4** | 3 | 0 | 9 | 4 | None 4 | 1 × 4 × 50"),
            "{table}"
        );
        assert!(table.ends_with("3 programs, 60 printouts: 12 unsound, 9 suspect, 0 inconclusive, 27 sound, 12 unread.\n"));
    }
}

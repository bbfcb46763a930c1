//! Planted flaws: what a program prints whose workers share what they must not.

mod base;
mod field;
mod flaw;
mod relations;
mod step;

use self::{base::BASES, field::Field, flaw::FLAWS, relations::RELATIONS};
pub use self::{
    base::Base,
    flaw::{Flaw, Strength},
    step::{STEPS, Step},
};
use super::{
    job::Job,
    measure::Subject,
    printout::{PrintedStream, Printout},
};

/// A flaw of some strength in draws of some law.
#[derive(Clone, Debug)]
pub struct Planted {
    /// A stable name: flaw, strength, law.
    pub id: String,
    /// What went wrong, and where.
    pub summary: String,
    /// The flaw.
    pub flaw: &'static Flaw,
    /// The law.
    pub base: &'static Base,
    /// How much of it.
    pub strength: Strength,
}

/// Every flaw in draws of every law that it fits, from the weakest to the strongest.
pub fn planted() -> Vec<Planted> {
    let mut all = Vec::new();
    for flaw in FLAWS.iter().chain(RELATIONS) {
        for base in BASES.iter().filter(|base| (flaw.fits)(base)) {
            for &strength in flaw.strengths {
                all.push(Planted {
                    id: format!("{}-{}-{}", flaw.id, strength.name, base.id),
                    summary: format!("{}: {}; {}", base.summary, flaw.summary, strength.name),
                    flaw,
                    base,
                    strength,
                });
            }
        }
    }
    all
}

impl Planted {
    /// The draws with the flaw in them. Strengths of a flaw and law begin with the same draws.
    fn field(&self, job: &Job) -> Field {
        let key = format!("{}-{}", self.flaw.id, self.base.id);
        let mut field = Field::sound(self.base, &key, job);
        let mut pick = job.for_run(&key, job.runs);
        (self.flaw.plant)(&mut field, self.base, self.strength.amount, &mut pick);
        field
    }
}

impl Subject for Planted {
    fn id(&self) -> &str {
        &self.id
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn excused(&self) -> bool {
        true
    }

    fn applies(&self, job: &Job) -> bool {
        job.runs >= self.flaw.runs
    }

    fn printout(&self, job: &Job) -> Printout {
        let field = self.field(job);
        let label = |stream: usize| {
            let (run, worker) = (stream / field.workers, stream % field.workers);
            match job.runs {
                1 => vec![worker as u32],
                _ => vec![run as u32, worker as u32],
            }
        };
        let streams = field
            .draws
            .iter()
            .enumerate()
            .map(|(at, draws)| PrintedStream {
                labels: label(at),
                values: (self.base.print)(draws),
            });
        Printout {
            labels: match job.runs {
                1 => vec!["worker"],
                _ => vec!["run", "worker"],
            },
            columns: self.base.columns.to_vec(),
            header: 0,
            streams: streams.collect(),
        }
    }
}

#[cfg(test)]
mod tests;

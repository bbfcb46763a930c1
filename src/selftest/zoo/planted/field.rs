//! The draws of all workers, row by row, before a flaw is planted, and after.

use super::base::Base;
use crate::selftest::zoo::{draw::Draw, job::Job};

/// Draws of all workers of all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Runs, workers of a run, rows of a worker, values of a row.
    pub runs: usize,
    pub workers: usize,
    pub rows: usize,
    pub width: usize,
    /// The draws of each worker, run by run.
    pub draws: Vec<Vec<f64>>,
    /// Two workers that a flaw binds, the same in every run: whose draws they are, and who has them too.
    pub source: usize,
    pub victim: usize,
}

impl Field {
    /// Sound draws.
    pub fn sound(base: &Base, id: &str, job: &Job) -> Self {
        let mut pick = job.for_all(id);
        let order = pick.permutation(job.shape.workers);
        let draws = (0..job.runs)
            .flat_map(|run| (0..job.shape.workers).map(move |worker| (run, worker)))
            .map(|(run, worker)| (base.draws)(&mut job.for_worker(id, run, worker), job.shape.rows))
            .collect();
        Self {
            runs: job.runs,
            workers: job.shape.workers,
            rows: job.shape.rows,
            width: base.columns.len(),
            draws,
            source: order[0],
            victim: order[1],
        }
    }

    /// The number of a worker's stream.
    pub fn at(&self, run: usize, worker: usize) -> usize {
        run * self.workers + worker
    }

    /// One row.
    pub fn row(&self, stream: usize, row: usize) -> &[f64] {
        &self.draws[stream][row * self.width..][..self.width]
    }

    /// Overwrites one row.
    pub fn set_row(&mut self, stream: usize, row: usize, values: &[f64]) {
        self.draws[stream][row * self.width..][..self.width].copy_from_slice(values);
    }

    /// In every run, the victim's row `to(i)` becomes the source's row `from(i)`, for every `i` below a count.
    pub fn hand_over(
        &mut self,
        count: usize,
        from: impl Fn(usize) -> usize,
        to: impl Fn(usize) -> usize,
    ) {
        for run in 0..self.runs {
            let (source, victim) = (self.at(run, self.source), self.at(run, self.victim));
            for i in 0..count {
                let row = self.row(source, from(i)).to_vec();
                self.set_row(victim, to(i), &row);
            }
        }
    }

    /// The workers other than the source, the victim first, as many as a share of them is, one at least.
    pub fn victims(&self, share: f64, pick: &mut Draw) -> Vec<usize> {
        let mut others: Vec<usize> = (0..self.workers)
            .filter(|worker| *worker != self.source && *worker != self.victim)
            .collect();
        pick.shuffle(&mut others);
        others.insert(0, self.victim);
        let count = (share * others.len() as f64).round().max(1.0);
        others.truncate(count as usize);
        others
    }
}

//! A program: what one worker prints, given its own soundly seeded draws and what the run, and the
//! job as a whole, hand to all workers.

use super::{
    draw::Draw,
    job::{Job, JobShape},
    printout::{PrintedStream, Printout, Value},
};

/// A worker at work.
#[derive(Debug)]
pub struct Worker {
    /// The run, from 0.
    pub run: usize,
    /// Its number within the run, from 0.
    pub worker: usize,
    /// How many workers there are, and how many rows each prints.
    pub shape: JobShape,
    /// What is the same in all runs: a data set, a list of settings. Every worker reads it from the start.
    pub job: Draw,
    /// What all workers of this run are handed. Every worker reads it from the start.
    pub shared: Draw,
    /// Its own draws.
    pub own: Draw,
}

impl Worker {
    /// Prints a row of draws, so often as the shape asks for.
    pub fn rows<V: Into<Value>, const N: usize>(
        &mut self,
        mut row: impl FnMut(&mut Draw) -> [V; N],
    ) -> Vec<Value> {
        let own = &mut self.own;
        (0..self.shape.rows)
            .flat_map(|_| row(own).map(Into::into))
            .collect()
    }

    /// Prints a value, so often as the shape asks for.
    pub fn values<V: Into<Value>>(&mut self, mut value: impl FnMut(&mut Draw) -> V) -> Vec<Value> {
        self.rows(|own| [value(own)])
    }
}

/// A sound program: its workers draw from generators of their own.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// A stable name.
    pub id: &'static str,
    /// What it does, in its user's words.
    pub summary: &'static str,
    /// The names of the values of a row.
    pub columns: &'static [&'static str],
    /// How many values stand in front of the first row.
    pub header: usize,
    /// Whether streams may have another length than the shape asks for.
    pub ragged: bool,
    /// Whether rows of two workers may be equal, by chance or because they are handed the same.
    pub may_meet: bool,
    /// How many epochs a worker labels its values with; 1: none.
    pub epochs: usize,
    /// Whether whole streams may be equal although every draw is the worker's own: a conviction is
    /// right about the streams, which are worth less, and is counted apart.
    pub chosen_from_few: bool,
    print: fn(&mut Worker) -> Vec<Value>,
}

impl Program {
    /// A program whose rows no two workers have in common.
    pub const fn new(
        id: &'static str,
        summary: &'static str,
        columns: &'static [&'static str],
        print: fn(&mut Worker) -> Vec<Value>,
    ) -> Self {
        Self {
            id,
            summary,
            columns,
            header: 0,
            ragged: false,
            may_meet: false,
            epochs: 1,
            chosen_from_few: false,
            print,
        }
    }

    /// Rows of two workers may be equal.
    pub const fn may_meet(self) -> Self {
        Self {
            may_meet: true,
            ..self
        }
    }

    /// So many values stand in front of the first row.
    pub const fn header(self, header: usize) -> Self {
        Self { header, ..self }
    }

    /// Streams may be of any length.
    pub const fn ragged(self) -> Self {
        Self {
            ragged: true,
            ..self
        }
    }

    /// Values are labelled with so many epochs.
    pub const fn epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// Whole streams may be equal.
    pub const fn chosen_from_few(self) -> Self {
        Self {
            chosen_from_few: true,
            may_meet: true,
            ..self
        }
    }

    /// What the program prints in a job.
    pub fn printout(&self, job: &Job) -> Printout {
        let mut streams = Vec::with_capacity(job.runs * job.shape.workers * self.epochs);
        for run in 0..job.runs {
            for worker in 0..job.shape.workers {
                let mut at_work = Worker {
                    run,
                    worker,
                    shape: job.shape,
                    job: job.for_all(self.id),
                    shared: job.for_run(self.id, run),
                    own: job.for_worker(self.id, run, worker),
                };
                let values = (self.print)(&mut at_work);
                let per_epoch = values.len().div_ceil(self.epochs).max(1);
                for (epoch, values) in values.chunks(per_epoch).enumerate() {
                    let mut labels = vec![run as u32, epoch as u32, worker as u32];
                    if self.epochs == 1 {
                        labels.remove(1);
                    }
                    if job.runs == 1 {
                        labels.remove(0);
                    }
                    streams.push(PrintedStream {
                        labels,
                        values: values.to_vec(),
                    });
                }
            }
        }
        let mut labels = vec!["run", "epoch", "worker"];
        if self.epochs == 1 {
            labels.remove(1);
        }
        if job.runs == 1 {
            labels.remove(0);
        }
        Printout {
            labels,
            columns: self.columns.to_vec(),
            header: self.header,
            streams,
        }
    }
}

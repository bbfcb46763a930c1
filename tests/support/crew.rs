//! An engine of threads, each with the capture opened anew, that brings answers back in another order and does
//! every third task twice.

use std::{path::PathBuf, thread};

use seedbench::{
    capture::{Capture, ReadOptions},
    distributed::{Engine, EngineError, Task, answer, matched, sketch},
    vocabulary::{Piece, StreamId},
};

pub enum Holding {
    /// All workers see these files.
    Files(PathBuf, ReadOptions),
    /// Worker i holds the streams whose task is i modulo the number of workers.
    Words(Vec<(StreamId, Vec<u64>)>),
}

pub struct Crew {
    pub workers: usize,
    pub holding: Holding,
}

impl Crew {
    fn capture(&self, worker: usize) -> Capture {
        match &self.holding {
            Holding::Files(path, options) => Capture::open(path, options).unwrap(),
            Holding::Words(streams) => {
                let own = |id: StreamId| id.task.0 as usize % self.workers == worker;
                let own = streams.iter().filter(|(id, _)| own(*id)).cloned();
                Capture::part(seedbench::capture::RawKind::Unsigned, own.collect()).unwrap()
            }
        }
    }

    /// What `each` says of all tasks, those of one worker after another.
    fn all<T: Send>(
        &self,
        tasks: Vec<Task>,
        each: impl Fn(&mut Capture, &[u8]) -> Result<T, EngineError> + Sync,
    ) -> Result<Vec<T>, EngineError> {
        let mut parts: Vec<Vec<Task>> = vec![Vec::new(); self.workers];
        for (at, task) in tasks.into_iter().enumerate() {
            let another = (at + 1) % self.workers;
            if at % 3 == 0 {
                parts[task.owner.map_or(another, |owner| owner as usize)].push(task.clone());
            }
            parts[task.owner.map_or(at % self.workers, |owner| owner as usize)].push(task);
        }
        let each = &each;
        let answers: Vec<Result<Vec<T>, EngineError>> = thread::scope(|scope| {
            let work = |(worker, part): (usize, Vec<Task>)| {
                scope.spawn(move || {
                    let mut capture = self.capture(worker);
                    let answered = part.iter().rev();
                    answered
                        .map(|task| each(&mut capture, &task.message))
                        .collect()
                })
            };
            let running: Vec<_> = parts.into_iter().enumerate().map(work).collect();
            running
                .into_iter()
                .rev()
                .map(|one| one.join().unwrap())
                .collect()
        });
        Ok(answers
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }
}

fn failed(error: impl ToString) -> EngineError {
    EngineError(error.to_string())
}

impl Engine for Crew {
    fn workers(&self) -> usize {
        self.workers
    }

    /// The more workers, the smaller are their tasks.
    fn task_words(&self) -> usize {
        (1 << 18) >> (2 * self.workers)
    }

    fn owner(&self, stream: StreamId) -> Option<u32> {
        let held = matches!(self.holding, Holding::Words(_));
        held.then(|| stream.task.0 % self.workers as u32)
    }

    fn gather(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        self.all(tasks, |capture, task| {
            answer(capture, step, task).map_err(failed)
        })
    }

    fn shuffle(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        let cut = self.all(tasks, |capture, task| {
            sketch(capture, step, task, self.workers).map_err(failed)
        })?;
        (0..self.workers)
            .map(|bucket| matched(step, cut.iter().map(|parts| &parts[bucket][..])).map_err(failed))
            .collect()
    }

    fn fetch(&mut self, pieces: &[Piece]) -> Result<Vec<Vec<u64>>, EngineError> {
        let Holding::Words(streams) = &self.holding else {
            return Err(failed("files are read where they are"));
        };
        let words = |piece: &Piece| {
            let stream = streams.iter().find(|(id, _)| *id == piece.stream).unwrap();
            stream.1[piece.from..piece.from + piece.words].to_vec()
        };
        Ok(pieces.iter().map(words).collect())
    }
}

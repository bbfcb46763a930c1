//! The engine of all ranks: rank 0 audits, and says what is to be done; all do it, rank 0 too, and nobody does
//! anything but in step with all.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
};

use mpi::{topology::SimpleCommunicator, traits::Communicator as _};
use seedbench::{
    capture::Capture,
    distributed::{Engine, EngineError, Task, answer, matched, sketch},
    vocabulary::{Piece, StreamId},
};

use crate::{
    exchange::{broadcast, exchange, gather, pack, sent, unpack},
    kept::Kept,
};

/// What rank 0 asks of all.
mod ask {
    pub const GATHER: u8 = 1;
    pub const SHUFFLE: u8 = 2;
    pub const FETCH: u8 = 3;
    pub const STOP: u8 = 4;
}

/// What a rank holds and does.
pub struct Rank {
    world: SimpleCommunicator,
    /// The capture, opened by every rank, or the part of it that this rank holds.
    capture: Capture,
    /// Raw values of the stream that this rank holds.
    held: Option<Vec<u64>>,
    kept: Option<Kept>,
}

// Its communicator is used by one thread alone: the leader checks at every call that it is, and other ranks are
// moved nowhere.
#[expect(unsafe_code, reason = "handles of MPI are pointers")]
unsafe impl Send for Rank {}

impl Rank {
    /// A rank that reads files which all ranks see. What it answers is kept in a folder, where there is one,
    /// until the audit has come to its end.
    pub fn reading(world: SimpleCommunicator, capture: Capture, sketches: Option<PathBuf>) -> Self {
        Self {
            world,
            capture,
            held: None,
            kept: sketches.map(Kept::new),
        }
    }

    /// A rank that holds one stream, as `part` and as raw values.
    pub fn holding(world: SimpleCommunicator, part: Capture, values: Vec<u64>) -> Self {
        Self {
            world,
            capture: part,
            held: Some(values),
            kept: None,
        }
    }

    /// Does what rank 0 says until it says what the exit code is.
    pub fn serve(mut self) -> u8 {
        loop {
            let said = broadcast(&self.world, Vec::new());
            let (ask, rest) = said.split_first().expect("rank 0 says what it asks");
            // What fails is said to rank 0, and nothing is known of it here.
            let done = match *ask {
                ask::GATHER => self.gather(rest, Vec::new()),
                ask::SHUFFLE => self.shuffle(rest, Vec::new()),
                ask::FETCH => self.fetch(rest),
                _ => {
                    self.end();
                    return rest[0];
                }
            };
            debug_assert_eq!(done, Ok(Vec::new()), "only rank 0 is told");
        }
    }

    /// Tells all ranks the exit code, and returns how many bytes they have sent to one another.
    fn stop(&mut self, code: u8) -> u64 {
        self.say(ask::STOP, &[code]);
        self.end()
    }

    fn end(&mut self) -> u64 {
        if let Some(kept) = &mut self.kept {
            kept.delete();
        }
        sent(&self.world)
    }

    fn say(&self, ask: u8, rest: &[u8]) {
        let mut said = vec![ask];
        said.extend_from_slice(rest);
        broadcast(&self.world, said);
    }

    fn ranks(&self) -> usize {
        self.world.size() as usize
    }

    /// The tasks of this rank: rank 0 has dealt them.
    fn deal(&self, tasks: Vec<Task>) -> Vec<Vec<u8>> {
        let mut dealt: Vec<Vec<Vec<u8>>> = vec![Vec::new(); self.ranks()];
        for (at, task) in tasks.into_iter().enumerate() {
            let rank = task.owner.map_or(at % self.ranks(), |owner| owner as usize);
            dealt[rank].push(task.message);
        }
        let packed = |tasks: &Vec<Vec<u8>>| pack(tasks.iter().map(|task| &task[..]));
        let to: Vec<Vec<u8>> = dealt.iter().map(packed).collect();
        let from = exchange(&self.world, &to);
        unpack(&from[0]).into_iter().map(<[u8]>::to_vec).collect()
    }

    /// The answers of all ranks to all tasks, at rank 0.
    fn gather(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        let tasks = self.deal(tasks);
        let answers: Result<Vec<Vec<u8>>, String> = tasks
            .iter()
            .map(|task| answer(&mut self.capture, step, task).map_err(|error| error.to_string()))
            .collect();
        self.told(answers)
    }

    /// What the records of all ranks meet in, at rank 0.
    fn shuffle(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        let tasks = self.deal(tasks);
        let ranks = self.ranks();
        let mut buckets: Vec<Vec<Vec<u8>>> = vec![Vec::new(); ranks];
        let mut failed = None;
        for task in &tasks {
            let capture = &mut self.capture;
            let mut make = || sketch(capture, step, task, ranks).map_err(|error| error.to_string());
            let parts = match &mut self.kept {
                Some(kept) => kept.get_or_make(&[step, task, &ranks.to_le_bytes()], make),
                None => make(),
            };
            match parts {
                Ok(parts) => buckets
                    .iter_mut()
                    .zip(parts)
                    .for_each(|(bucket, part)| bucket.push(part)),
                Err(problem) => {
                    failed = Some(problem);
                    break;
                }
            }
        }
        let packed = |parts: &Vec<Vec<u8>>| pack(parts.iter().map(|part| &part[..]));
        let to: Vec<Vec<u8>> = buckets.iter().map(packed).collect();
        drop(buckets);
        let from = exchange(&self.world, &to);
        drop(to);
        let mine = match failed {
            Some(problem) => Err(problem),
            None => {
                let parts = from.iter().flat_map(|parts| unpack(parts));
                matched(step, parts)
                    .map(|hits| vec![hits])
                    .map_err(|error| error.to_string())
            }
        };
        self.told(mine)
    }

    /// Raw values of pieces, in their order, at rank 0.
    fn fetch(&mut self, asked: &[u8]) -> Result<Vec<Vec<u8>>, EngineError> {
        let rank = self.world.rank();
        let values = self.held.as_deref().unwrap_or(&[]);
        let own = unpack(asked)
            .into_iter()
            .map(numbers)
            .filter(|piece| piece[0] == rank as u64);
        let mine: Vec<Vec<u8>> = own
            .map(|piece| {
                let (from, words) = (piece[1] as usize, piece[2] as usize);
                let words = &values[from.min(values.len())..values.len().min(from + words)];
                words.iter().flat_map(|word| word.to_le_bytes()).collect()
            })
            .collect();
        self.told(Ok(mine))
    }

    /// What every rank has to say, at rank 0: an error names the rank.
    fn told(&self, mine: Result<Vec<Vec<u8>>, String>) -> Result<Vec<Vec<u8>>, EngineError> {
        let said = match &mine {
            Ok(answers) => {
                let ok: &[u8] = &[];
                pack(std::iter::once(ok).chain(answers.iter().map(|answer| &answer[..])))
            }
            Err(problem) => pack([problem.as_bytes()]),
        };
        let from = gather(&self.world, said);
        if self.world.rank() != 0 {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for (rank, said) in from.iter().enumerate() {
            let mut said = unpack(said).into_iter();
            let problem = said.next().unwrap_or_default();
            if !problem.is_empty() {
                let problem = String::from_utf8_lossy(problem);
                return Err(EngineError(format!("rank {rank}: {problem}")));
            }
            all.extend(said.map(<[u8]>::to_vec));
        }
        Ok(all)
    }
}

/// Rank 0, who audits.
#[derive(Clone)]
pub struct Leader {
    rank: Arc<Mutex<Rank>>,
    /// The thread that may call MPI.
    thread: ThreadId,
}

impl Leader {
    /// Of the calling thread.
    pub fn new(rank: Rank) -> Self {
        Self {
            rank: Arc::new(Mutex::new(rank)),
            thread: thread::current().id(),
        }
    }

    /// Tells all ranks the exit code, and returns how many bytes they have sent to one another.
    pub fn stop(&self, code: u8) -> u64 {
        self.rank().stop(code)
    }

    fn rank(&self) -> MutexGuard<'_, Rank> {
        assert_eq!(
            self.thread,
            thread::current().id(),
            "MPI is called by one thread"
        );
        self.rank.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for Leader {
    fn workers(&self) -> usize {
        self.rank().ranks()
    }

    fn owner(&self, stream: StreamId) -> Option<u32> {
        let rank = self.rank();
        rank.held.is_some().then_some(stream.task.0)
    }

    fn gather(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        let mut rank = self.rank();
        rank.say(ask::GATHER, step);
        rank.gather(step, tasks)
    }

    fn shuffle(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        let mut rank = self.rank();
        rank.say(ask::SHUFFLE, step);
        rank.shuffle(step, tasks)
    }

    fn fetch(&mut self, pieces: &[Piece]) -> Result<Vec<Vec<u64>>, EngineError> {
        let asked: Vec<Vec<u8>> = pieces.iter().map(numbered).collect();
        let asked = pack(asked.iter().map(|piece| &piece[..]));
        let mut rank = self.rank();
        rank.say(ask::FETCH, &asked);
        let values = rank.fetch(&asked)?;
        // They come rank after rank, and of each rank in the order of the pieces.
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        order.sort_by_key(|&at| pieces[at].stream.task);
        let mut fetched = vec![Vec::new(); pieces.len()];
        for (at, bytes) in order.into_iter().zip(values) {
            let words = bytes.as_chunks::<8>().0.iter();
            fetched[at] = words.map(|word| u64::from_le_bytes(*word)).collect();
        }
        Ok(fetched)
    }
}

/// A piece of the stream that a rank holds, as bytes.
fn numbered(piece: &Piece) -> Vec<u8> {
    let numbers = [
        u64::from(piece.stream.task.0),
        piece.from as u64,
        piece.words as u64,
    ];
    numbers.into_iter().flat_map(u64::to_le_bytes).collect()
}

fn numbers(bytes: &[u8]) -> [u64; 3] {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

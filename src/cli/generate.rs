//! `seedbench generate`: raw words on standard output, for the deep single-stream batteries.

use std::{
    io::{self, BufWriter, Write},
    num::NonZeroU32,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{Failure, Output, exit};
use crate::{
    generators::{self, BitStream},
    strategies::{self, SeedingStrategy},
    vocabulary::{Root, RootSeed, RunId, Site, TaskId, WorkerId},
};

/// Words filled per call of a stream.
const BLOCK: usize = 1024;

/// Words held at most while streams are arranged in turns (more only where one turn is longer).
const SLAB: usize = 1 << 20;

/// Write a strategy's raw words to standard output
///
/// Words are 64 bits, little-endian, without end unless `--bytes` says otherwise; the command ends
/// quietly when the reader leaves. Feed them to the batteries that test one long stream in depth:
///
///   seedbench generate spawn-key/chacha20 --interleave | RNG_test stdin64
///   seedbench generate spawn-key/chacha20 --stream 3 | dieharder -a -g 200
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct GenerateArgs {
    /// The strategy, as `seedbench list` names it
    strategy: String,
    /// How many streams there are
    #[arg(long, default_value = "64", value_name = "N")]
    streams: NonZeroU32,
    /// One word of every stream in turn (the default)
    #[arg(long, conflicts_with_all = ["stream", "transpose"])]
    interleave: bool,
    /// One stream alone
    #[arg(long, value_name = "I", conflicts_with = "transpose")]
    stream: Option<u32>,
    /// The first C words of every stream, stream after stream, then the next C words
    #[arg(long, value_name = "C")]
    transpose: Option<NonZeroU32>,
    /// The root seed (decimal or 0x…); drawn from the operating system if not given
    #[arg(long, value_name = "SEED", env = "SEEDBENCH_ROOT")]
    root: Option<RootSeed>,
    /// Stop after so many bytes
    #[arg(long, value_name = "N")]
    bytes: Option<u64>,
}

impl GenerateArgs {
    /// Opens the streams and writes until told or until the reader leaves.
    ///
    /// # Errors
    /// When the strategy is unknown or cannot do this, or the words cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let known = strategies::ALL.iter().map(|strategy| strategy.spec().id);
        let strategy = strategies::find(&self.strategy)
            .ok_or_else(|| Failure::unknown("strategy", &self.strategy, known, "seedbench list"))?;
        let chosen = match self.stream {
            Some(stream) if stream >= self.streams.get() => {
                return Err(Failure::usage(format!(
                    "stream {stream} of {}: streams are numbered from 0; ask for more with --streams",
                    self.streams
                )));
            }
            Some(stream) => stream..stream + 1,
            None => 0..self.streams.get(),
        };
        let root = match self.root {
            Some(root) => Root::Given(root),
            None => Root::Fresh(fresh_root()?),
        };
        let seed = root.seed();
        output.remark(&format!(
            "{} from root {seed}; --root {seed} repeats it",
            self.strategy
        ));
        let sites: Vec<Site> = chosen.map(site).collect();
        let words_in_turn = self.transpose.map_or(1, NonZeroU32::get) as usize;
        let mut sink = Sink {
            inner: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
            left: self.bytes.unwrap_or(u64::MAX),
        };
        match write_words(
            strategy,
            root,
            self.streams,
            &sites,
            words_in_turn,
            &mut sink,
        ) {
            Err(error) if super::failure::is_broken_pipe(&error) => Ok(exit::OK),
            Err(error) => Err(error),
            Ok(()) => Ok(exit::OK),
        }
    }
}

fn write_words(
    strategy: &dyn SeedingStrategy,
    root: Root,
    tasks: NonZeroU32,
    sites: &[Site],
    words_in_turn: usize,
    sink: &mut Sink<impl Write>,
) -> anyhow::Result<()> {
    let seeder = strategy
        .prepare(root, tasks)
        .map_err(|unsupported| Failure::usage(format!("{}: {unsupported}", strategy.spec().id)))?;
    let mut workers: Vec<_> = sites.iter().map(|site| seeder.enter(site)).collect();
    let mut streams: Vec<Box<dyn BitStream + '_>> = workers
        .iter_mut()
        .zip(sites)
        .map(|(worker, site)| worker.open(site))
        .collect();
    if let [stream] = streams.as_mut_slice() {
        let mut block = [0u64; BLOCK];
        while sink.open() {
            stream.fill(&mut block);
            sink.write(&block)?;
        }
    } else {
        // A slab of every stream's next words, then out in turns: one call a stream and slab.
        let turns = (SLAB / (streams.len() * words_in_turn)).clamp(1, BLOCK);
        let slab = words_in_turn * turns;
        let mut blocks = vec![0u64; slab * streams.len()];
        while sink.open() {
            for (stream, block) in streams.iter_mut().zip(blocks.chunks_mut(slab)) {
                stream.fill(block);
            }
            for turn in (0..slab).step_by(words_in_turn) {
                for block in blocks.chunks(slab) {
                    sink.write(&block[turn..turn + words_in_turn])?;
                }
            }
        }
    }
    sink.inner.flush()?;
    Ok(())
}

/// Standard output with a limit.
struct Sink<W> {
    inner: W,
    left: u64,
}

impl<W: Write> Sink<W> {
    fn open(&self) -> bool {
        self.left > 0
    }

    fn write(&mut self, words: &[u64]) -> io::Result<()> {
        for word in words {
            let bytes = word.to_le_bytes();
            let take = self.left.min(8) as usize;
            self.inner.write_all(&bytes[..take])?;
            self.left -= take as u64;
        }
        Ok(())
    }
}

/// The site of a task of this process: one worker a task, the real process id and clock.
fn site(task: u32) -> Site {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_nanos() as u64);
    Site {
        run: RunId(0),
        task: TaskId(task),
        worker: WorkerId(task),
        worker_ordinal: task + 1,
        pid: std::process::id(),
        tid: u64::from(std::process::id()),
        worker_start_unix_ns: now,
        task_start_unix_ns: now,
        ..Site::default()
    }
}

/// A root drawn from the operating system.
pub(super) fn fresh_root() -> anyhow::Result<RootSeed> {
    generators::fresh_root().map_err(|error| {
        anyhow::anyhow!("failed to draw a root from the operating system: {error}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_kept_to_the_byte() {
        let mut sink = Sink {
            inner: Vec::new(),
            left: 11,
        };
        sink.write(&[0x0807_0605_0403_0201, 0x0f0e_0d0c_0b0a_0908, 7])
            .unwrap();
        assert_eq!(sink.inner, [1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10]);
        assert!(!sink.open());
    }
}

//! `seedbench shard`: keep the numbers of one worker, where the worker runs.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Output};
use crate::capture::{
    self, CaptureError, ElementType,
    shard::{self, ShardError, ShardId},
};

/// Keep the numbers of one worker as a shard of a capture
///
/// Reads numbers from standard input and writes them to DIR/run-RRR/worker-WWWWW.u64 (or .f64 …).
/// Which worker this is comes from --worker, or from what the launcher sets: SEEDBENCH_WORKER,
/// OMPI_COMM_WORLD_RANK, PMI_RANK, PMIX_RANK, RANK, SLURM_PROCID, SLURM_ARRAY_TASK_ID or
/// JOB_COMPLETION_INDEX. Folders written on many machines are merged by copying them into one.
///
/// A million workers need not be a million files: --parquet with a CAPTURE packs all its streams into one file,
/// DIR/shards-WWWWW.parquet, named after who packs, as once a machine. Rows are `run, worker, from` and the
/// words from that place on, 32,768 at most, as bytes; they are read where they lie. A shard that is there twice
/// with the same content is one shard.
///
/// Shards can hold live secrets: the random numbers of your program.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  srun ./my_worker | seedbench shard --out capture/
  srun --ntasks-per-node=1 seedbench shard --parquet /local/shards --out capture/
  seedbench audit capture/")]
pub struct ShardArgs {
    /// The capture's folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The run, where SEEDBENCH_RUN does not say it
    #[arg(long)]
    run: Option<u32>,

    /// The worker, where no launcher says it
    #[arg(long)]
    worker: Option<u32>,

    /// Standard input is binary: u64, u32, u16, u8, i64, i32, i16, i8, f64 or f32, little-endian;
    /// text otherwise
    #[arg(long = "type", value_name = "TYPE")]
    element: Option<ElementType>,

    /// Write Parquet, many streams a file (needs the feature `parquet`)
    #[arg(long)]
    parquet: bool,

    /// With --parquet: a file or folder whose streams are packed, instead of standard input
    #[arg(value_name = "CAPTURE", requires = "parquet")]
    capture: Option<PathBuf>,
}

impl ShardArgs {
    /// Runs the subcommand and returns its exit code.
    ///
    /// # Errors
    /// When nothing says which worker this is, the numbers cannot be read, or the file not written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        if self.parquet {
            return self.packed(output);
        }
        let id = ShardId::find(self.run, self.worker, |name| std::env::var(name).ok())
            .map_err(failure)?;
        let mut stdin = std::io::stdin().lock();
        let (path, count) =
            shard::write(&id, &self.out, &mut stdin, self.element).map_err(failure)?;
        output.remark(&format!(
            "{count} numbers of run {} worker {} (by {}) in {}; they can be live secrets: keep them private",
            id.run,
            id.worker,
            id.from,
            path.display()
        ));
        Ok(super::exit::OK)
    }

    #[cfg(not(feature = "parquet"))]
    fn packed(&self, _: &Output) -> anyhow::Result<u8> {
        Err(Failure::usage(
            "--parquet needs a seedbench with its feature `parquet`: cargo install seedbench --features parquet",
        ))
    }

    /// Writes Parquet: the numbers of one worker, or all streams of a capture.
    #[cfg(feature = "parquet")]
    fn packed(&self, output: &Output) -> anyhow::Result<u8> {
        let found = ShardId::find(self.run, self.worker, |name| std::env::var(name).ok());
        let packed = match &self.capture {
            None => {
                let mut stdin = std::io::stdin().lock();
                let id = found.map_err(failure)?;
                shard::write_parquet(&id, &self.out, &mut stdin, self.element)
            }
            Some(path) => {
                let id = match found {
                    // A machine that packs alone needs no number.
                    Err(ShardError::NoWorker) => ShardId {
                        run: 0,
                        worker: 0,
                        from: "no launcher".into(),
                    },
                    found => found.map_err(failure)?,
                };
                let options = capture::ReadOptions {
                    element: self.element,
                    ..capture::ReadOptions::default()
                };
                let unread = |error| failure(ShardError::Read(error));
                let capture = capture::Capture::open(path, &options).map_err(unread)?;
                if let Some(problem) = capture.problems().first() {
                    return Err(Failure::bad_data(capture::one_line(problem)));
                }
                shard::pack(&capture, &self.out, &id)
            }
        };
        let packed = packed.map_err(failure)?;
        output.remark(&format!(
            "{} numbers of {} in {}; they can be live secrets: keep them private",
            packed.numbers,
            crate::report::numbers::counted(packed.streams, "stream"),
            packed.path.display()
        ));
        Ok(super::exit::OK)
    }
}

fn failure(error: ShardError) -> anyhow::Error {
    let message = capture::one_line(&error);
    match error {
        ShardError::NoWorker | ShardError::BadVariable { .. } => Failure::usage(message),
        ShardError::Taken { .. } => Failure::bad_data(message),
        ShardError::Read(CaptureError::Io { source, .. }) => {
            anyhow::Error::new(source).context(message)
        }
        ShardError::Read(_) => Failure::bad_data(message),
    }
}

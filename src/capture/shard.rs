//! Shards: one file a worker, written where the worker runs, named so that the shards of many
//! machines put into one folder are one capture.
//!
//! The name says everything: `run-RRR/worker-WWWWW.u64`. Merging is copying into one folder, in any
//! order and as often as one likes; two different shards with one name are two workers that took
//! themselves for the same one, and that is an error.

#[cfg(feature = "parquet")]
mod packed;

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

#[cfg(feature = "parquet")]
pub use self::packed::{Packed, pack, write_parquet};
use super::{CaptureError, ElementType, RawKind, at, lines, notation, number, words};

/// The variables that say which worker this is, in the order in which they are believed: the
/// innermost launcher knows best.
pub const WORKER_VARIABLES: [&str; 8] = [
    "SEEDBENCH_WORKER",
    "OMPI_COMM_WORLD_RANK",
    "PMI_RANK",
    "PMIX_RANK",
    "RANK",
    "SLURM_PROCID",
    "SLURM_ARRAY_TASK_ID",
    "JOB_COMPLETION_INDEX",
];

/// The variable that says which run this is.
pub const RUN_VARIABLE: &str = "SEEDBENCH_RUN";

/// Whose numbers a shard holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardId {
    /// The run.
    pub run: u32,
    /// The worker within the run.
    pub worker: u32,
    /// Where the worker's number comes from.
    pub from: String,
}

/// Why a shard could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShardError {
    /// Nothing says which worker this is.
    #[error(
        "nothing says which worker this is: give --worker, or set one of {}", WORKER_VARIABLES.join(", ")
    )]
    NoWorker,
    /// A variable that is no number.
    #[error("{variable} is `{value}`, which is no number from 0 to 4294967295")]
    BadVariable {
        /// The variable.
        variable: String,
        /// What it holds.
        value: String,
    },
    /// Another shard has this name and other contents.
    #[error(
        "{} exists and holds other numbers: two workers took themselves for the same one (by {from}), or the folder holds an earlier run; give another --run or folder", path.display()
    )]
    Taken {
        /// The file.
        path: PathBuf,
        /// Where the worker's number came from.
        from: String,
    },
    /// The numbers cannot be read.
    #[error(transparent)]
    Read(#[from] CaptureError),
}

impl ShardId {
    /// Finds out which worker this is from what the caller says, or else from the environment.
    ///
    /// A Slurm job array whose tasks have several processes is numbered by both.
    ///
    /// # Errors
    /// When nothing says it, or a variable holds no number.
    pub fn find(
        run: Option<u32>,
        worker: Option<u32>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ShardError> {
        let read = |name: &str| -> Result<Option<u32>, ShardError> {
            variable(name)
                .map(|value| {
                    value.trim().parse().map_err(|_| ShardError::BadVariable {
                        variable: name.into(),
                        value: value.clone(),
                    })
                })
                .transpose()
        };
        let run = match run {
            Some(run) => run,
            None => read(RUN_VARIABLE)?.unwrap_or(0),
        };
        if let Some(worker) = worker {
            return Ok(Self {
                run,
                worker,
                from: "--worker".into(),
            });
        }
        for name in WORKER_VARIABLES {
            if let Some(mut worker) = read(name)? {
                let mut from = name.to_owned();
                if name == "SLURM_PROCID"
                    && let (Some(task), Some(processes)) =
                        (read("SLURM_ARRAY_TASK_ID")?, read("SLURM_NTASKS")?)
                {
                    worker = task
                        .checked_mul(processes)
                        .and_then(|before| before.checked_add(worker))
                        .ok_or_else(|| ShardError::BadVariable {
                            variable: "SLURM_ARRAY_TASK_ID".into(),
                            value: task.to_string(),
                        })?;
                    from = "SLURM_ARRAY_TASK_ID and SLURM_PROCID".into();
                }
                return Ok(Self { run, worker, from });
            }
        }
        Err(ShardError::NoWorker)
    }

    /// The shard's place in a capture.
    pub fn path(&self, folder: &Path, extension: &str) -> PathBuf {
        folder
            .join(format!("run-{:03}", self.run))
            .join(format!("worker-{:05}.{extension}", self.worker))
    }
}

/// Copies numbers into the shard's file and returns the file and how many there are. The numbers
/// are text, or binary where `element` says so. The file appears when it is complete.
///
/// # Errors
/// When the numbers cannot be read, the file cannot be written, or another worker's shard is there.
pub fn write(
    id: &ShardId,
    folder: &Path,
    source: &mut dyn Read,
    element: Option<ElementType>,
) -> Result<(PathBuf, u64), ShardError> {
    let parent = folder.join(format!("run-{:03}", id.run));
    fs::create_dir_all(&parent).map_err(CaptureError::io("create", &parent))?;
    let failed = |source| CaptureError::Io {
        what: "write a shard into",
        path: parent.clone(),
        source,
    };
    let mut file = tempfile::Builder::new()
        .prefix(".shard-")
        .tempfile_in(&parent)
        .map_err(failed)?;
    let (extension, count) = match element {
        Some(element) => {
            let bytes = io::copy(source, &mut file).map_err(failed)?;
            let size = element.bytes() as u64;
            if !bytes.is_multiple_of(size) {
                return Err(CaptureError::Misaligned {
                    file: "standard input".into(),
                    bytes,
                    element_bytes: size,
                }
                .into());
            }
            (element.name(), bytes / size)
        }
        None => {
            let mut buffered = io::BufWriter::with_capacity(1 << 16, file.as_file_mut());
            let (kind, count) = transcribe(source, &mut buffered, &parent)?;
            buffered.flush().map_err(failed)?;
            let extension = match kind {
                RawKind::Unsigned => "u64",
                RawKind::Signed => "i64",
                RawKind::Real => "f64",
                RawKind::Wide | RawKind::Token => "txt",
            };
            (extension, count)
        }
    };
    if count == 0 {
        return Err(CaptureError::Empty {
            stream: format!("standard input of worker {}", id.worker),
        }
        .into());
    }
    let path = id.path(folder, extension);
    persist(file, &path, &id.from)?;
    Ok((path, count))
}

/// Gives a complete file its name. The same shard once more is no conflict: merging is idempotent.
fn persist(file: tempfile::NamedTempFile, path: &Path, from: &str) -> Result<(), ShardError> {
    let io = || CaptureError::io("write a shard as", path);
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if path.exists() => {
            match same_contents(error.file.path(), path).map_err(io())? {
                true => Ok(()),
                false => Err(ShardError::Taken {
                    path: path.into(),
                    from: from.into(),
                }),
            }
        }
        Err(error) => Err(io()(error.error).into()),
    }
}

/// Writes numbers given as text in binary; identifiers stay text. The first number decides what
/// the others must be: a source is not read twice.
fn transcribe(
    source: &mut dyn Read,
    target: &mut dyn Write,
    folder: &Path,
) -> Result<(RawKind, u64), CaptureError> {
    let name = "standard input";
    let mut kind: Option<RawKind> = None;
    let mut notation = notation::Notation::Unknown;
    let mut widest = 0u64;
    let mut count = 0;
    let io_error = |error: io::Error| CaptureError::Io {
        what: "write a shard into",
        path: folder.into(),
        source: error,
    };
    lines::for_each(source, |line, bytes| {
        for token in bytes.split(u8::is_ascii_whitespace).map(words::bare) {
            if token.is_empty() {
                continue;
            }
            notation.see(token);
            let number = notation
                .parse(token)
                .ok_or_else(|| CaptureError::BadNumber {
                    file: name.into(),
                    line,
                    text: words::shorten(token),
                })?;
            // Non-negative integers below 2^63 look the same with and without a sign.
            if kind == Some(RawKind::Unsigned)
                && number.kind() == RawKind::Signed
                && widest >> 63 == 0
            {
                kind = Some(RawKind::Signed);
            }
            let kind = *kind.get_or_insert_with(|| number.kind());
            if let number::Number::Wide(high, low) = number
                && kind == RawKind::Wide
            {
                writeln!(target, "{high:016x}{low:016x}").map_err(io_error)?;
            } else {
                let raw = number::raw(number, kind).ok_or_else(|| CaptureError::BadLine {
                    file: name.into(),
                    line,
                    problem: format!(
                        "mixed types: {} after {}; write all numbers in one form",
                        number.kind().name(),
                        kind.name()
                    ),
                })?;
                if kind == RawKind::Unsigned {
                    widest |= raw;
                }
                target.write_all(&raw.to_le_bytes()).map_err(io_error)?;
            }
            count += 1;
        }
        Ok(())
    })
    .map_err(|error| at::line_error(error, name))?;
    Ok((kind.unwrap_or(RawKind::Unsigned), count))
}

fn same_contents(a: &Path, b: &Path) -> io::Result<bool> {
    if fs::metadata(a)?.len() != fs::metadata(b)?.len() {
        return Ok(false);
    }
    let (mut a, mut b) = (fs::File::open(a)?, fs::File::open(b)?);
    let mut blocks = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = a.read(&mut blocks.0)?;
        if read == 0 {
            return Ok(true);
        }
        b.read_exact(&mut blocks.1[..read])?;
        if blocks.0[..read] != blocks.1[..read] {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(variables: &[(&str, &str)]) -> Result<ShardId, ShardError> {
        ShardId::find(None, None, |name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn launchers_say_who_we_are() {
        assert_eq!(find(&[("SLURM_PROCID", "7")]).unwrap().worker, 7);
        assert_eq!(
            find(&[("RANK", "2"), ("SLURM_PROCID", "0")])
                .unwrap()
                .worker,
            2,
            "torchrun inside Slurm"
        );
        let array = [
            ("SLURM_ARRAY_TASK_ID", "3"),
            ("SLURM_PROCID", "1"),
            ("SLURM_NTASKS", "4"),
        ];
        assert_eq!(find(&array).unwrap().worker, 13);
        assert_eq!(
            find(&[("SEEDBENCH_RUN", "2"), ("JOB_COMPLETION_INDEX", "5")]).unwrap(),
            ShardId {
                run: 2,
                worker: 5,
                from: "JOB_COMPLETION_INDEX".into()
            }
        );
        assert!(matches!(find(&[]), Err(ShardError::NoWorker)));
        assert!(matches!(
            find(&[("RANK", "x")]),
            Err(ShardError::BadVariable { .. })
        ));
    }

    #[test]
    fn writing_twice_is_idempotent_and_conflicts_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let id = find(&[("RANK", "4")]).unwrap();
        let write = |text: &str| write(&id, folder.path(), &mut text.as_bytes(), None);
        let (path, count) = write("1\n2\n18446744073709551615\n").unwrap();
        assert_eq!(count, 3);
        assert!(path.ends_with("run-000/worker-00004.u64"));
        assert_eq!(fs::read(&path).unwrap().len(), 24);
        assert!(write("1\n2\n18446744073709551615\n").is_ok());
        assert!(matches!(write("1\n2\n3\n"), Err(ShardError::Taken { .. })));
        assert!(matches!(
            write("1\n0.5\n"),
            Err(ShardError::Read(CaptureError::BadLine { line: 2, .. }))
        ));
        assert!(write("").is_err());
        let left: Vec<_> = fs::read_dir(folder.path().join("run-000"))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1, "nothing half-written is left");
    }
}

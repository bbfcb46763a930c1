//! Writes records: opened, written in one piece and closed each time, as a program may close every file
//! it finds, or be killed at any moment.

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

#[cfg(target_os = "linux")]
use seedbench::watch::record::ENTROPY;
use seedbench::watch::record::{Event, RecordEntry};

/// Nanoseconds since the Unix epoch.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as u64)
}

/// Where a process writes.
#[derive(Clone, Debug)]
pub struct Pen {
    /// The process, as records call it.
    pub process: String,
    file: PathBuf,
}

impl Pen {
    /// A pen for this process.
    pub fn new(folder: &Path) -> Self {
        let process = format!("{}-{:x}", std::process::id(), now());
        let file = folder.join(format!("{process}.jsonl"));
        Self { process, file }
    }

    /// The file for the calls of the system's generator, with two numbers that are zero.
    #[cfg(target_os = "linux")]
    pub fn entropy_file(&self) -> Option<std::fs::File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.file.with_extension(ENTROPY)).ok()?;
        file.write_all(&[0; 16]).ok()?;
        Some(file)
    }

    /// Writes a record. A folder that is gone means that the watch is over: nothing is said then.
    pub fn write(&self, event: Event) {
        let entry = RecordEntry {
            process: self.process.clone(),
            at: now(),
            event,
        };
        let Ok(mut line) = serde_json::to_vec(&entry) else {
            return;
        };
        line.push(b'\n');
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if let Ok(mut file) = options.open(&self.file) {
            // A full disk loses records, and must not disturb the program.
            let _ = file.write_all(&line);
        }
    }
}

//! What can be wrong with a capture, said with the file, line or element and what to do.

use std::path::PathBuf;

/// The names of all element types.
pub(super) const TYPES: &str = "u64, u32, u16, u8, i64, i32, i16, i8, f64 or f32";

/// Why a capture, or one stream of it, cannot be read as what it claims to be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The operating system refused something.
    /// Those who read the capture could not.
    #[error("{0}")]
    Elsewhere(String),
    /// The system.
    #[error("failed to {what} {}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A folder without one readable capture file.
    #[error(
        "{} holds no capture: expected files ending in {}", path.display(), super::EXTENSIONS
    )]
    NoStreams {
        /// The folder.
        path: PathBuf,
    },
    /// A file whose name does not say what it holds.
    #[error(
        "{file}: cannot tell the element type from the name; give --type ({}), or end the name in {}",
        TYPES,
        super::EXTENSIONS
    )]
    UnknownType {
        /// The file.
        file: String,
    },
    /// A file that is no whole number of elements.
    #[error(
        "{file}: {bytes} bytes are no whole number of {element_bytes}-byte elements; the file is truncated or its type is another"
    )]
    Misaligned {
        /// The file.
        file: String,
        /// Its size.
        bytes: u64,
        /// Size of one element.
        element_bytes: u64,
    },
    /// A file of another format than its name says.
    #[error("{file}: holds no bare numbers; by its first bytes it is {what}")]
    Foreign {
        /// The file.
        file: String,
        /// What it is, and perhaps what to do.
        what: &'static str,
    },
    /// Bytes where a text was expected.
    #[error(
        "{file}: holds bytes that no text has; for bare binary numbers give --type ({})",
        TYPES
    )]
    Binary {
        /// The file.
        file: String,
    },
    /// A file that got shorter while it was read.
    #[error("{file}: ended after {found} of {expected} bytes")]
    Truncated {
        /// The file.
        file: String,
        /// Bytes announced.
        expected: u64,
        /// Bytes there.
        found: u64,
    },
    /// A stream without a number in it.
    #[error("{stream}: holds no numbers")]
    Empty {
        /// The stream or file.
        stream: String,
    },
    /// A program that printed fewer numbers than it was asked for.
    #[error(
        "{stream}: printed {found} numbers where {wanted} were asked for (--words, told the program as SEEDBENCH_WORDS)"
    )]
    TooFew {
        /// The stream.
        stream: String,
        /// Numbers asked for.
        wanted: u64,
        /// Numbers printed.
        found: u64,
    },
    /// A pool whose output tells fewer workers apart than it was said to have.
    #[error(
        "{origin}: read as {found} workers where --workers promises {promised}; label the numbers (a table \
         with the header worker,value), say what is read by --match, --by or --axis, or let each rank keep \
         its own where it runs (… | seedbench shard --out DIR, then seedbench audit DIR)"
    )]
    FewerWorkers {
        /// Which start of it.
        origin: String,
        /// Workers told apart.
        found: usize,
        /// Workers promised.
        promised: u32,
    },
    /// A program that gave no output.
    #[error("{origin}: {problem}")]
    Program {
        /// Which start of it.
        origin: String,
        /// What became of it.
        problem: String,
    },
    /// NaN or infinity.
    #[error("{stream}: element {element} is {value}, which no random stream should hold")]
    NotFinite {
        /// The stream or file.
        stream: String,
        /// The element, from 0.
        element: u64,
        /// NaN, inf or -inf.
        value: f64,
    },
    /// A stream that ends in NaN or blanks: noted, and no problem.
    #[error("{stream}: ends in NaN or blanks")]
    Padded {
        /// The stream or file.
        stream: String,
    },
    /// A text that is no number.
    #[error(
        "{file}, line {line}: `{text}` is no number, hexadecimal word or UUID that fits 64 bits (--skip-lines leaves lines out)"
    )]
    BadNumber {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The offending text, shortened.
        text: String,
    },
    /// A line that does not have the table's shape.
    #[error("{file}, line {line}: {problem}")]
    BadLine {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A table whose header lacks or repeats a column.
    #[error(
        "{file}: {problem}; known are run, epoch, host, rank, worker, task, channel and value (all but value optional), --by, --run-by and --value name others; where every column is a worker, name the columns w0, w1, w2 and so on"
    )]
    Columns {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// Two streams that claim to be the same one.
    #[error(
        "{first} and {second} carry the same label ({label}) and hold other numbers; rename one of them"
    )]
    DuplicateLabel {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// The label they share.
        label: String,
    },
    /// Stretches of a stream that overlap, or that are missing.
    #[error("{file}: {label}: {problem}")]
    Stretches {
        /// The file.
        file: String,
        /// Who drew the stream.
        label: String,
        /// Which of its words, and what is wrong with them.
        problem: String,
    },
    /// Streams of different element types.
    #[error(
        "mixed types: {first} holds {first_type}, but {second} holds {second_type}; audit them one by one"
    )]
    MixedTypes {
        /// One file.
        first: String,
        /// What it holds.
        first_type: &'static str,
        /// The other file.
        second: String,
        /// What that holds.
        second_type: &'static str,
    },
    /// A numpy file that cannot be read.
    #[error("{file}: {problem}")]
    Npy {
        /// The file.
        file: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A Parquet file that cannot be read.
    #[error("{file}: {problem}")]
    Parquet {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// More streams, runs or words than fit the identifiers.
    #[error("{what}: {found} are more than the {limit} that can be told apart")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many can be.
        limit: u64,
    },
    /// Options that contradict the data or each other.
    #[error("{0}")]
    Options(String),
}

impl CaptureError {
    pub(super) fn io(
        what: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { what, path, source }
    }
}

/// The message with its causes, each once, on one line.
pub fn one_line(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = cause.source();
    }
    line
}

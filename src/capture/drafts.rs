//! Streams that were found, before they have their numbers.

use super::{
    element::RawKind,
    error::CaptureError,
    held::Held,
    notes::Remarks,
    reader::{BinaryFile, Span},
    tree::Identity,
};

/// A stream that was found.
#[derive(Debug)]
pub(super) struct Draft {
    pub identity: Identity,
    /// Index of the file's name.
    pub file: u32,
    pub suffix: Suffix,
    pub kind: RawKind,
    /// How many raw values it has.
    pub raw: u64,
    /// How many values a row of it holds; 1 where it has no rows.
    pub per_row: u32,
    pub place: RawPlace,
}

/// What a stream is called within its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Suffix {
    /// It is the file.
    Whole,
    /// Row so-and-so.
    Row(u64),
    /// Column so-and-so.
    Column(u64),
    /// Row so-and-so of a run.
    Cell(u64, u64),
    /// The rows that carry its labels.
    Labels(Box<str>),
}

/// Where its raw values are.
#[derive(Debug)]
pub(super) enum RawPlace {
    /// In a binary file.
    Binary(Span),
    /// Read from text already.
    Memory(Held),
}

/// Everything found.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// Names of files, by index.
    pub names: Vec<String>,
    /// Binary files, by the same index; `None` for texts.
    pub files: Vec<Option<BinaryFile>>,
    pub streams: Vec<Draft>,
    pub problems: Vec<CaptureError>,
    /// What was left out without loss.
    pub notes: Vec<String>,
    /// How sources were read that do not say so themselves.
    pub remarks: Remarks,
}

/// The streams of one file, or of one array in it.
pub(super) struct FileDrafts {
    pub name: String,
    pub binary: Option<BinaryFile>,
    /// The index of their file is set when it is known.
    pub streams: Vec<Draft>,
    pub problems: Vec<CaptureError>,
    /// How it was read where it does not say so itself: so many of something, or 0.
    pub notes: Vec<(u64, String)>,
}

impl Drafts {
    /// Adds the streams of a file, and says which file that is.
    pub fn add(&mut self, mut file: FileDrafts) {
        let index = self.names.len() as u32;
        for draft in &mut file.streams {
            draft.file = index;
            if let RawPlace::Binary(span) = &mut draft.place {
                span.file = index;
            }
        }
        for (count, what) in file.notes {
            self.remarks.add(count, what, &file.name);
        }
        self.names.push(file.name);
        self.files.push(file.binary);
        self.streams.append(&mut file.streams);
        self.problems.append(&mut file.problems);
    }

    /// Adds a file that holds no streams.
    pub fn add_none(&mut self, name: String) {
        self.names.push(name);
        self.files.push(None);
    }
}

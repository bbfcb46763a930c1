//! Streams that were found, before they have their numbers.

use super::{
    element::RawKind,
    error::CaptureError,
    held::Held,
    identity::{Identity, Part},
    notes::Remarks,
    reader::{BinaryFile, Span},
    stretches::Stretches,
};
use crate::vocabulary::StreamId;

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
    /// In stretches, of files or of memory.
    Stretches(Stretches),
    /// With a worker of the engine that reads the capture, who knows the stream by this name.
    Elsewhere(StreamId),
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
    /// Streams of one kind, each with its id, name, number of values and their place.
    pub fn of_streams(
        kind: RawKind,
        streams: impl Iterator<Item = (StreamId, String, u64, RawPlace)>,
    ) -> Result<Self, CaptureError> {
        let mut drafts = Self::default();
        for (index, (id, name, raw, place)) in streams.enumerate() {
            if raw == 0 {
                return Err(CaptureError::Empty { stream: name });
            }
            drafts.names.push(name);
            drafts.files.push(None);
            drafts.streams.push(Draft {
                identity: Identity {
                    run: vec![Part::Number(u64::from(id.run.0))],
                    task: vec![Part::Number(u64::from(id.task.0))],
                    seeded: false,
                },
                file: index as u32,
                suffix: Suffix::Whole,
                kind,
                raw,
                per_row: 1,
                place,
            });
        }
        Ok(drafts)
    }

    /// Adds the streams of a file, and says which file that is.
    pub fn add(&mut self, mut file: FileDrafts) {
        let index = self.names.len() as u32;
        for draft in &mut file.streams {
            draft.file = index;
            match &mut draft.place {
                RawPlace::Binary(span) => span.file = index,
                RawPlace::Stretches(stretches) => stretches.set_file(index),
                RawPlace::Memory(_) | RawPlace::Elsewhere(_) => {}
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

//! Captures: numbers that a program wrote, read back as evidence.
//!
//! | input | streams | elements |
//! |---|---|---|
//! | `.u64 .u32 .u16 .u8 .i64 .i32 .i16 .i8 .f64 .f32` (`.bin`: u64) | one a file; `--words-per-stream` or `--interleaved` split a flat file | little-endian |
//! | `.npy` | 1 axis, or a file named as in `worker-7` or `rank-3`: one, in the order in which it is stored; 2 axes: streams × words, or steps × streams where signed or real values run on down the columns and not along the rows; 3 axes: runs × streams × words | uint64 to uint8, int64 to int8, bool (0 and 1), float64, float32, float16; either byte order; C or Fortran order |
//! | `.csv .tsv` | by the columns `run seed epoch host rank worker task channel` | the column `value` |
//! | `.csv .tsv` without that column | a column each, named `w0 w1`, `rank 0` and the like, or `0 1 2`; an index or step before them is left out | the columns |
//! | `.ndjson .jsonl` | by the same names | `value`: a number, a text or a list |
//! | `.json` | a list each, in a list or in an object by the names of columns; or records | numbers, as above |
//! | `.txt` | one a file | one number, hexadecimal word or UUID a line |
//!
//! NaN at the end of a stream is padding and left out. In texts, tables and records `true` is 1 and `false` 0. Blank lines and lines that begin with `#` are left out of texts and tables.
//!
//! A folder is searched as deep as it goes; see [`tree`](self) for how names become runs and
//! streams. What the numbers look like is recognised on a sample ([`Capture::format`]) and the words
//! handed out are canonical. A stream that cannot be read is left out and reported as a
//! [problem](Capture::problems); nothing of the others is lost. One without a number in it is
//! [noted](Capture::notes) where others hold some.
//!
//! Captures can hold live secrets: the random numbers of a running program. Keep them as private
//! as the program's keys.

mod arrays;
mod axes;
mod element;
mod ends;
mod error;
mod fields;
mod foreign;
#[cfg(test)]
mod fuzz;
mod gather;
mod image;
mod json;
mod lines;
mod load;
mod ndjson;
mod notes;
mod npy;
mod number;
mod open;
mod reader;
mod recent;
mod recognise;
mod rows;
mod sample;
mod select;
#[cfg(feature = "cli")]
pub mod shard;
mod table;
mod text;
mod tree;
mod values;

use std::{
    num::{NonZeroU32, NonZeroU64},
    path::Path,
};

pub use element::{ElementType, RawKind};
pub use error::{CaptureError, one_line};
pub use gather::{Gathered, Origin};
pub use values::Printed;

use self::{
    image::Image,
    open::{Draft, Drafts, Place, Suffix},
    reader::BinaryFile,
    recognise::Sample,
    select::stream_name,
    tree::{Identity, Part},
};
use crate::core::{Evidence, Format, RootSeed, RunGroup, RunId, RunInfo, StreamId};

/// The file endings that are read, for messages.
const EXTENSIONS: &str =
    ".u64 .u32 .u16 .u8 .i64 .i32 .i16 .i8 .f64 .f32 .bin .npy .csv .tsv .ndjson .jsonl .json .txt";

/// What a capture's names do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The element type of binary files whose name does not say it.
    pub element: Option<ElementType>,
    /// Binary files hold streams of so many words, one after another.
    pub words_per_stream: Option<NonZeroU64>,
    /// Binary files hold so many streams that take turns, draw by draw.
    pub interleaved: Option<NonZeroU32>,
}

/// The streams of a capture. Binary files are read only as far as words are asked for.
#[derive(Debug)]
pub struct Capture {
    names: Vec<String>,
    files: Vec<BinaryFile>,
    streams: Vec<Stream>,
    runs: Vec<RunInfo>,
    kind: RawKind,
    format: Format,
    image: Image,
    sample: Sample,
    problems: Vec<CaptureError>,
    notes: Vec<String>,
    /// Streams whose end was padding.
    padded: Vec<String>,
    loaded: Option<Evidence>,
    /// How a program printed them, where that is known.
    printed: Option<Printed>,
}

#[derive(Debug)]
struct Stream {
    id: StreamId,
    file: u32,
    suffix: Suffix,
    raw: u64,
    place: Place,
}

impl Capture {
    /// Finds the streams of a file or folder and recognises what they look like.
    ///
    /// # Errors
    /// When nothing can be read, types are mixed, or the options contradict each other. A stream
    /// that cannot be read beside others that can is a [problem](Self::problems) instead.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, CaptureError> {
        if options.words_per_stream.is_some() && options.interleaved.is_some() {
            return Err(CaptureError::Options(
                "--words-per-stream and --interleaved exclude each other".into(),
            ));
        }
        let mut capture = Self::from_drafts(open::find(path, options)?)?;
        capture.set_empty_aside();
        Ok(capture)
    }

    /// Reads numbers that a program printed: a list, a table or records, told apart by the first line.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_text(name: &str, source: impl std::io::Read) -> Result<Self, CaptureError> {
        let (streams, problems) = open::from_text(0, name, &Identity::default(), source);
        let mut capture = Self::from_drafts(Drafts {
            names: vec![name.to_owned()],
            files: vec![None],
            streams,
            problems,
            notes: Vec::new(),
        })?;
        capture.set_empty_aside();
        Ok(capture)
    }

    /// Reads binary numbers from a source without a name, such as standard input.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(
        name: &str,
        source: &mut impl std::io::Read,
        options: &ReadOptions,
    ) -> Result<Self, CaptureError> {
        let capture = Self::from_drafts(open::from_bytes(name, source, options)?)?;
        let element = options.element.unwrap_or(ElementType::U64);
        Ok(capture.printed(Some(Printed::Binary(element))))
    }

    /// A capture of streams in memory, each with its name and raw values.
    ///
    /// # Errors
    /// As [`open`](Self::open); streams must be listed once, in order.
    pub fn in_memory(
        kind: RawKind,
        streams: Vec<(StreamId, String, Vec<u64>)>,
    ) -> Result<Self, CaptureError> {
        let mut drafts = Drafts::default();
        for (index, (id, name, values)) in streams.into_iter().enumerate() {
            if values.is_empty() {
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
                raw: values.len() as u64,
                place: Place::Memory(values),
            });
        }
        Self::from_drafts(drafts)
    }

    fn from_drafts(drafts: Drafts) -> Result<Self, CaptureError> {
        let Drafts {
            names,
            files,
            mut streams,
            mut problems,
            notes,
        } = drafts;
        let kind = common_kind(&names, &mut streams)?;
        let Some(kind) = kind else {
            return Err(problems.into_iter().next().unwrap_or(CaptureError::Empty {
                stream: names
                    .first()
                    .cloned()
                    .unwrap_or_else(|| "the capture".into()),
            }));
        };
        streams.sort_by(|a, b| a.identity.cmp(&b.identity));
        let name = |draft: &Draft| stream_name(&names[draft.file as usize], &draft.suffix);
        streams.dedup_by(|second, first| {
            let same = second.identity.run == first.identity.run
                && second.identity.task == first.identity.task;
            if same {
                problems.push(CaptureError::DuplicateLabel {
                    first: name(first),
                    second: name(second),
                    label: first.identity.to_string(),
                });
            }
            same
        });
        let (ids, runs) = number(&streams)?;
        let mut streams: Vec<Stream> = streams
            .into_iter()
            .zip(ids)
            .map(|(draft, id)| Stream {
                id,
                file: draft.file,
                suffix: draft.suffix,
                raw: draft.raw,
                place: draft.place,
            })
            .collect();
        streams.sort_by_key(|stream| stream.id);
        // Indices of texts are never looked up.
        let files = files
            .into_iter()
            .map(|file| {
                file.unwrap_or_else(|| BinaryFile {
                    path: Default::default(),
                    name: String::new(),
                    element: ElementType::U64,
                    big_endian: false,
                    bytes: 0,
                })
            })
            .collect();
        let mut capture = Self {
            names,
            files,
            streams,
            runs,
            kind,
            format: Format::WORDS,
            image: Image::Unsigned,
            sample: Sample::default(),
            problems,
            notes,
            padded: Vec::new(),
            loaded: None,
            printed: None,
        };
        capture.set_padded_aside();
        capture.recognise()?;
        Ok(capture)
    }

    /// What the numbers look like.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The runs, in order.
    pub fn runs(&self) -> &[RunInfo] {
        &self.runs
    }

    /// How many streams can be read.
    pub fn streams(&self) -> usize {
        self.streams.len()
    }

    /// Whether values can be told apart by who drew them. A list without labels is one stream a run,
    /// and only how often values occur in it can convict.
    pub fn is_labelled(&self) -> bool {
        let lists = self.streams.len() == self.runs.len();
        let texts = || {
            self.streams.iter().all(|stream| {
                matches!(stream.place, Place::Memory(_)) && stream.suffix == Suffix::Whole
            })
        };
        !(lists && texts())
    }

    /// What could not be read, so far. Values beyond the words asked for have not been looked at.
    pub fn problems(&self) -> &[CaptureError] {
        &self.problems
    }
}

/// The kind of all streams; integers of text files with and without signs are made signed.
fn common_kind(names: &[String], streams: &mut [Draft]) -> Result<Option<RawKind>, CaptureError> {
    let Some(first) = streams.first() else {
        return Ok(None);
    };
    let kind = first.kind;
    let Some(other) = streams.iter().find(|draft| draft.kind != kind) else {
        return Ok(Some(kind));
    };
    let whole = |kind| matches!(kind, RawKind::Unsigned | RawKind::Signed);
    let text = |draft: &Draft| matches!(draft.place, Place::Memory(_));
    if streams.iter().all(|draft| whole(draft.kind) && text(draft)) {
        let too_large = streams.iter().find(|draft| match &draft.place {
            Place::Memory(values) if draft.kind == RawKind::Unsigned => {
                values.iter().any(|value| value >> 63 != 0)
            }
            _ => false,
        });
        if too_large.is_none() {
            for draft in streams.iter_mut() {
                draft.kind = RawKind::Signed;
            }
            return Ok(Some(RawKind::Signed));
        }
    }
    let name = |draft: &Draft| stream_name(&names[draft.file as usize], &draft.suffix);
    Err(CaptureError::MixedTypes {
        first: name(first),
        first_type: kind.name(),
        second: name(other),
        second_type: other.kind.name(),
    })
}

/// Ids for streams sorted by identity, and what is known of the runs.
fn number(streams: &[Draft]) -> Result<(Vec<StreamId>, Vec<RunInfo>), CaptureError> {
    let too_many = |what| {
        move || CaptureError::TooMany {
            what,
            found: streams.len() as u64,
            limit: u64::from(u32::MAX),
        }
    };
    let mut run_keys: Vec<&[Part]> = streams.iter().map(|s| s.identity.run.as_slice()).collect();
    run_keys.dedup();
    let run_numbers = tree::number(&run_keys).ok_or_else(too_many("runs"))?;
    let mut task_keys: Vec<&[Part]> = streams.iter().map(|s| s.identity.task.as_slice()).collect();
    task_keys.sort_unstable();
    task_keys.dedup();
    let task_numbers = tree::number(&task_keys).ok_or_else(too_many("streams"))?;
    let mut run = 0;
    let mut ids = Vec::with_capacity(streams.len());
    for stream in streams {
        while run_keys[run] != stream.identity.run.as_slice() {
            run += 1;
        }
        let task = task_keys
            .binary_search(&stream.identity.task.as_slice())
            .expect("every key is listed");
        ids.push(StreamId::new(run_numbers[run], task_numbers[task]));
    }
    let seeded: std::collections::HashSet<&[Part]> = streams
        .iter()
        .filter(|stream| stream.identity.seeded)
        .map(|stream| stream.identity.run.as_slice())
        .collect();
    let mut runs: Vec<RunInfo> = run_keys
        .iter()
        .zip(run_numbers)
        .map(|(key, run)| RunInfo {
            run: RunId(run),
            group: if seeded.contains(key) {
                RunGroup::Rooted
            } else {
                RunGroup::Fresh
            },
            root: match key.first() {
                Some(Part::Number(seed)) if seeded.contains(key) => Some(RootSeed::from_u64(*seed)),
                _ => None,
            },
        })
        .collect();
    runs.sort_by_key(|info| info.run);
    Ok((ids, runs))
}

//! Captures: numbers that a program wrote, read back as evidence.
//!
//! | input | streams | elements |
//! |---|---|---|
//! | `.u64 .u32 .u16 .u8 .i64 .i32 .i16 .i8 .f64 .f32` (`.bin`: u64) | one a file; `--words-per-stream` or `--interleaved` split a flat file | little-endian |
//! | `.npy`, `.npz` | 1 axis, or an array named as in `worker-7`: one, in the order in which it is stored; 2 axes: streams × words, or steps × streams where whole columns are equal or values run on down them; 3 axes: runs × streams × words, or steps × streams × values where workers are equal so; of more, and of many short rows, the option says which | uint64 to uint8, int64 to int8, bool (0 and 1), float64, float32, float16; either byte order; C or Fortran order |
//! | `.npy` of named fields | as the table that its rows are | the fields |
//! | `.npy` of texts | as the lists that `tolist()` prints | numbers, words |
//! | `.parquet`, with the feature `parquet` | a list of numbers a row, by its labels or its place; else as the table that it is | numbers, UUIDs, half floats |
//! | text of any ending | see below | numbers, hexadecimal words, UUIDs, identifiers, words; true and false |
//!
//! Every text goes through one reader, whether a program prints it or a file holds it, and its form is told
//! from its bytes ([`forms`](self)):
//!
//! | form | streams |
//! |---|---|
//! | a table with a header (`,` `;` tab, bars or blanks between fields), or of settings (`worker=0 loss=0.5`) | by the columns that name who drew: `run seed epoch host rank worker task channel`, their synonyms, or `--by` and `--run-by` |
//! | the same without them | a column each, named `w0 w1`, `fold0 fold1`, `0 1 2`; a row each where whole rows are equal |
//! | JSON, and what Python, numpy, Go, Julia, Scala, Ruby and PHP print of lists and maps | a list each, by their order or by their names; records as rows of a table; what lies deeper by the labels above it; of three levels of lists runs × streams where the inner ones are long, streams × rows where they are points, else as the option says |
//! | lines of numbers | one; a line or a column each where there are several numbers a line; by the labels before them (`rank 3: 0.5`, `[3] 0.5`, tags of mpirun, torchrun, Ray and docker, headings); a block each between blank lines |
//!
//! Where words stand in the place of numbers they are the values, compared by whether they are equal: a
//! word, a sentence, a date or a time, by its line, its cell or its place in a list. Numbers come before
//! words: a column of words beside one of numbers is left out unless `--value` names it.
//!
//! Several columns of values are *channels* that a worker draws in turn ([`Capture::values_per_row`]). R's
//! print marks, comments, blank lines, times, log messages and what sums up draws are never drawn from, and counted
//! in a note. Colours and other signs for terminals are no part of a text.
//! Missing numbers (NA, NaN, blank, infinite) are left out of texts and counted. A column is written in one
//! way throughout: decimal commas, thousands, money, per cent and units are told from all its words. A label
//! that never repeats counts draws, where others come again. Where two readings are possible, the one that was
//! taken is noted with the option that takes the other, or the error names the options ([`Reading`]).
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
mod at;
mod axes;
mod blocks;
mod boxes;
mod content;
mod counters;
mod document;
mod drafted;
mod drafts;
#[cfg(test)]
mod drips;
mod element;
mod elsewhere;
mod encoding;
mod ends;
mod error;
mod escapes;
mod fields;
mod foreign;
mod forms;
#[cfg(test)]
mod fuzz;
mod gather;
mod grid;
mod held;
mod identity;
mod ids;
mod image;
mod left_out;
mod letters;
mod lines;
mod lists;
mod literal;
mod load;
mod marks;
mod matching;
mod names;
mod notation;
mod notes;
mod npy;
#[cfg(feature = "npz")]
mod npz;
mod number;
mod numbers;
mod open;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod reader;
mod readings;
mod recent;
mod recognise;
mod rows;
mod sample;
mod select;
mod settle;
mod shapes;
#[cfg(feature = "cli")]
pub mod shard;
mod snowflake;
mod stretches;
mod structured;
mod table;
mod text;
mod text_source;
mod tokens;
mod tree;
mod united;
mod values;
mod word_lines;
mod words;
mod written;

use std::path::Path;

pub use element::{ElementType, RawKind};
pub use error::CaptureError;
pub use left_out::LeftOut;
pub use options::{Axis, Comma, Pattern, ReadOptions, Reading, SkipLines};

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    error::one_line,
    gather::{Gathered, Origin},
    values::Printed,
};

use self::{
    drafts::{Drafts, RawPlace, Suffix},
    identity::Identity,
    ids::{common_kind, common_row, number},
    image::Image,
    reader::BinaryFile,
    recognise::FirstNumbers,
    text_source::TextSource,
    united::Owners,
};
use crate::vocabulary::{Evidence, Format, Launch, RunInfo, StreamId};

/// The file endings that are read, for messages.
const EXTENSIONS: &str = ".u64 .u32 .u16 .u8 .i64 .i32 .i16 .i8 .f64 .f32 .bin .npy .npz .csv .tsv .ndjson .jsonl .json .txt .log .out";

/// The streams of a capture. Binary files are read only as far as words are asked for.
#[derive(Debug)]
pub struct Capture {
    names: Vec<String>,
    files: Vec<BinaryFile>,
    streams: Vec<Stream>,
    runs: Vec<RunInfo>,
    kind: RawKind,
    /// How many values a row of every stream holds; 1 where streams differ.
    per_row: u32,
    format: Format,
    image: Image,
    sample: FirstNumbers,
    problems: Vec<CaptureError>,
    notes: Vec<String>,
    /// Streams whose end was padding.
    padded: Vec<String>,
    loaded: Option<Evidence>,
    /// What was seen of the programs whose output this is, by file; empty where nothing was.
    launches: Vec<Option<Launch>>,
    /// How a program printed them, where that is known.
    printed: Option<Printed>,
    /// Who reads all words, where that is not here.
    reader: Option<elsewhere::Reader>,
}

#[derive(Debug)]
struct Stream {
    id: StreamId,
    file: u32,
    suffix: Suffix,
    /// The numbers that tell it apart within its run, where there are several of them and nothing else.
    labels: Box<[u64]>,
    raw: u64,
    place: RawPlace,
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

    /// Reads numbers that a program printed, in any form that files of text have.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_text(
        name: &str,
        source: impl std::io::Read,
        reading: &Reading,
    ) -> Result<Self, CaptureError> {
        let of = TextSource {
            name,
            base: &Identity::default(),
            own: false,
            cut: false,
            reading,
        };
        let mut drafts = Drafts::default();
        drafts.add(open::from_text(&of, source));
        let mut capture = Self::from_drafts(drafts)?;
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
        let streams = streams.into_iter().map(|(id, name, values)| {
            let raw = values.len() as u64;
            (id, name, raw, RawPlace::Memory(values.into()))
        });
        Self::from_drafts(Drafts::of_streams(kind, streams)?)
    }

    fn from_drafts(drafts: Drafts) -> Result<Self, CaptureError> {
        Self::read_from(drafts, None)
    }

    fn read_from(drafts: Drafts, reader: Option<elsewhere::Reader>) -> Result<Self, CaptureError> {
        let Drafts {
            names,
            files,
            mut streams,
            mut problems,
            mut notes,
            remarks,
        } = drafts;
        notes.extend(remarks.lines());
        let kind = common_kind(&names, &mut streams)?;
        let Some(kind) = kind else {
            return Err(problems.into_iter().next().unwrap_or(CaptureError::Empty {
                stream: names
                    .first()
                    .cloned()
                    .unwrap_or_else(|| "the capture".into()),
            }));
        };
        // Indices of texts are never looked up.
        let files: Vec<BinaryFile> = files.into_iter().map(Option::unwrap_or_default).collect();
        streams.sort_by(|a, b| a.identity.cmp(&b.identity));
        let owners = Owners {
            names: &names,
            files: &files,
        };
        let united = owners.unite(streams);
        let streams = united.streams;
        problems.extend(united.problems);
        notes.extend(notes::of_copies(&united.twice));
        if streams.is_empty() {
            return Err(problems.remove(0));
        }
        let (ids, runs) = number(&streams)?;
        let per_row = common_row(&streams);
        let mut streams: Vec<Stream> = streams
            .into_iter()
            .zip(ids)
            .map(|(draft, id)| Stream {
                id,
                file: draft.file,
                suffix: draft.suffix,
                labels: draft.identity.numbers(),
                raw: draft.raw,
                place: draft.place,
            })
            .collect();
        streams.sort_by_key(|stream| stream.id);
        let mut capture = Self {
            names,
            files,
            streams,
            runs,
            kind,
            per_row,
            format: Format::WORDS,
            image: Image::Unsigned,
            sample: FirstNumbers::default(),
            problems,
            notes,
            padded: Vec::new(),
            loaded: None,
            launches: Vec::new(),
            printed: None,
            reader,
        };
        capture.set_padded_aside();
        capture.note_machines();
        capture.recognise()?;
        capture.note_words();
        Ok(capture)
    }

    /// What the numbers look like.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How many values a row of each stream holds: the channels of a worker, which take turns in its
    /// stream. 1 where there are no rows.
    pub fn values_per_row(&self) -> u32 {
        self.per_row
    }

    /// The runs, in order.
    pub fn runs(&self) -> &[RunInfo] {
        &self.runs
    }

    /// What was seen of the programs that printed the streams, where they were started here.
    pub fn launches(&self) -> impl Iterator<Item = (StreamId, Launch)> {
        self.streams.iter().filter_map(|stream| {
            let launch = self.launches.get(stream.file as usize)?;
            Some((stream.id, (*launch)?))
        })
    }

    /// The labels of streams that several numbers tell apart within their run, as epoch and worker do.
    pub fn labels(&self) -> impl Iterator<Item = (StreamId, &[u64])> {
        let labelled = self.streams.iter().filter(|stream| stream.labels.len() > 1);
        labelled.map(|stream| (stream.id, &*stream.labels))
    }

    /// The streams that can be read, in ascending order.
    pub fn ids(&self) -> impl Iterator<Item = StreamId> {
        self.streams.iter().map(|stream| stream.id)
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
                matches!(stream.place, RawPlace::Memory(_)) && stream.suffix == Suffix::Whole
            })
        };
        !(lists && texts())
    }

    /// What could not be read, so far. Values beyond the words asked for have not been looked at.
    pub fn problems(&self) -> &[CaptureError] {
        &self.problems
    }
}

//! Stretches of streams, as the rows of a file name them.

use std::{collections::HashMap, fmt};

use super::{blocks::Block, lists::ListFault, refused};
use crate::capture::{
    CaptureError,
    drafts::{Draft, FileDrafts, RawPlace, Suffix},
    element::ElementType,
    held::Held,
    identity::{Identity, Part},
    reader::{BinaryFile, Span},
    stretches::{Stretch, StretchPlace, Stretches},
};

/// Whose words a row holds, and from which place of the stream on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub run: u32,
    pub worker: u32,
    pub from: u64,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, worker, from } = self;
        write!(f, "run {run} worker {worker} from word {from} on")
    }
}

/// The stretches of a file so far.
pub(super) struct GatheredShards<'a> {
    file: &'a str,
    element: ElementType,
    index: HashMap<(u32, u32), usize>,
    streams: Vec<Gathering>,
}

/// Those of a stream.
struct Gathering {
    run: u32,
    worker: u32,
    placed: Vec<Stretch>,
    /// Values as they came, and which stretches they are: where each begins, in the stream and among them.
    held: Held,
    arrived: Vec<(u64, usize, usize)>,
}

impl<'a> GatheredShards<'a> {
    pub fn new(file: &'a str, element: ElementType) -> Self {
        Self {
            file,
            element,
            index: HashMap::new(),
            streams: Vec::new(),
        }
    }

    /// What stopped the reading.
    pub fn refused(&self, fault: ListFault) -> CaptureError {
        match fault {
            ListFault::Unread(error) => refused(self.file, &error),
            ListFault::Refused(problem) => CaptureError::Parquet {
                file: self.file.into(),
                problem,
            },
        }
    }

    /// Adds a block that stays where it is.
    pub fn place(&mut self, label: Label, block: Block) -> Result<(), CaptureError> {
        let raw = self.elements(label, block.bytes)?;
        if raw > 0 {
            let span = Span {
                file: 0,
                offset: block.offset,
                stride: 1,
                block: 1,
            };
            self.stream(label).placed.push(Stretch {
                file: 0,
                from: label.from,
                raw,
                place: StretchPlace::Binary(span),
            });
        }
        Ok(())
    }

    /// Adds values.
    pub fn push(&mut self, label: Label, raw: &[u64]) {
        let stream = self.stream(label);
        let at = stream.held.len();
        match stream.arrived.last_mut() {
            Some((from, _, count)) if *from + *count as u64 == label.from => *count += raw.len(),
            _ => stream.arrived.push((label.from, at, raw.len())),
        }
        stream.held.extend(raw.iter().copied());
    }

    /// Adds values that come as bytes.
    pub fn push_bytes(&mut self, label: Label, bytes: &[u8]) -> Result<(), CaptureError> {
        let count = self.elements(label, bytes.len() as u64)?;
        let mut raw = vec![0; count as usize];
        self.element.decode(false, bytes, &mut raw);
        self.push(label, &raw);
        Ok(())
    }

    /// How many elements so many bytes are.
    fn elements(&self, label: Label, bytes: u64) -> Result<u64, CaptureError> {
        let size = self.element.bytes() as u64;
        match bytes.is_multiple_of(size) {
            true => Ok(bytes / size),
            false => Err(CaptureError::Misaligned {
                file: format!("{} ({label})", self.file),
                bytes,
                element_bytes: size,
            }),
        }
    }

    fn stream(&mut self, label: Label) -> &mut Gathering {
        let streams = &mut self.streams;
        let at = *self
            .index
            .entry((label.run, label.worker))
            .or_insert_with(|| {
                streams.push(Gathering {
                    run: label.run,
                    worker: label.worker,
                    placed: Vec::new(),
                    held: Held::default(),
                    arrived: Vec::new(),
                });
                streams.len() - 1
            });
        &mut streams[at]
    }

    /// Rows of one word each may count them from 1: all streams of the file begin there then.
    pub fn count_from_one(&mut self) {
        let first = |stream: &Gathering| stream.arrived.iter().map(|arrived| arrived.0).min();
        if self.streams.iter().all(|stream| first(stream) == Some(1)) {
            let arrived = self.streams.iter_mut();
            arrived
                .flat_map(|stream| &mut stream.arrived)
                .for_each(|(from, _, _)| *from -= 1);
        }
    }

    /// The streams of the file.
    pub fn finish(self, binary: BinaryFile) -> FileDrafts {
        let element = self.element;
        let mut problems = Vec::new();
        if self.streams.is_empty() {
            problems.push(CaptureError::Empty {
                stream: self.file.into(),
            });
        }
        let streams = self.streams.into_iter();
        FileDrafts {
            name: self.file.into(),
            binary: Some(binary),
            streams: streams.map(|stream| stream.draft(element)).collect(),
            problems,
            notes: Vec::new(),
        }
    }
}

impl Gathering {
    fn draft(self, element: ElementType) -> Draft {
        let mut parts = self.placed;
        parts.extend(in_order(self.held, self.arrived));
        parts.sort_by_key(|part| (part.from, part.raw));
        Draft {
            // Named as the files of `shard` are, so that a shard is the same one in either form.
            identity: Identity {
                run: vec![Part::Number(self.run.into())],
                task: vec![
                    Part::Text("worker".into()),
                    Part::Number(self.worker.into()),
                ],
                seeded: false,
            },
            file: 0,
            suffix: Suffix::Labels(format!("run {} worker {}", self.run, self.worker).into()),
            kind: element.kind(),
            raw: parts.iter().map(|part| part.raw).sum(),
            per_row: 1,
            place: RawPlace::Stretches(Stretches { element, parts }),
        }
    }
}

/// Values that arrived in any order, in as few stretches as they make: of two that overlap each is its own.
fn in_order(held: Held, mut arrived: Vec<(u64, usize, usize)>) -> Vec<Stretch> {
    let stretch = |from: u64, values: Held| Stretch {
        file: 0,
        from,
        raw: values.len() as u64,
        place: StretchPlace::Memory(values),
    };
    arrived.retain(|&(_, _, count)| count > 0);
    if let [(from, _, _)] = arrived[..] {
        return vec![stretch(from, held)];
    }
    arrived.sort_unstable();
    let mut stretches: Vec<(u64, Held)> = Vec::new();
    for (from, at, count) in arrived {
        let values = held[at..at + count].iter().copied();
        match stretches.last_mut() {
            Some((first, before)) if *first + before.len() as u64 == from => before.extend(values),
            _ => stretches.push((from, values.collect())),
        }
    }
    let stretches = stretches.into_iter();
    stretches
        .map(|(from, values)| stretch(from, values))
        .collect()
}

//! Streams in stretches: blocks of one file or of several, each with its place in the stream.

use super::{
    element::ElementType,
    held::Held,
    reader::{Request, Span},
};

/// A piece of a stream.
#[derive(Debug)]
pub(super) struct Stretch {
    /// Index of the file's name.
    pub file: u32,
    /// Values of the stream before it.
    pub from: u64,
    /// How many values it has.
    pub raw: u64,
    pub place: StretchPlace,
}

/// Where the values of a stretch are.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "parquet"),
    expect(dead_code, reason = "other files hold whole streams")
)]
pub(super) enum StretchPlace {
    Binary(Span),
    Memory(Held),
}

/// The stretches of a stream, each of whose values is of one element.
#[derive(Debug)]
pub(super) struct Stretches {
    pub element: ElementType,
    pub parts: Vec<Stretch>,
}

/// Values of a stretch that are sought, and where they go.
pub(super) enum Sought<'a> {
    OfFile(Request<'a>),
    /// From memory, with how many wanted values come before them.
    Copied(usize, &'a [u64], &'a mut [u64]),
}

impl Stretch {
    pub fn end(&self) -> u64 {
        self.from + self.raw
    }
}

impl Stretches {
    /// The file they are in, which is known when it is added to others.
    pub fn set_file(&mut self, index: u32) {
        for part in &mut self.parts {
            part.file = index;
            if let StretchPlace::Binary(span) = &mut part.place {
                span.file = index;
            }
        }
    }

    /// The wanted values, from a value of the stream on.
    pub fn wanted<'a>(&'a self, piece: usize, from: u64, raw: &'a mut [u64]) -> Vec<Sought<'a>> {
        wanted(&self.parts, piece, from, raw)
    }

    /// Whether they are all of a stream: each begins where the one before it ends.
    pub fn is_whole(&self) -> bool {
        let mut next = 0;
        self.parts.iter().all(|part| {
            let follows = part.from == next;
            next = part.end();
            follows
        })
    }
}

/// The wanted values of stretches that follow one another, from a value of the stream on.
pub(super) fn wanted<'a>(
    parts: &'a [Stretch],
    piece: usize,
    from: u64,
    mut raw: &'a mut [u64],
) -> Vec<Sought<'a>> {
    let first = parts.partition_point(|part| part.end() <= from);
    let (mut wanted, mut before) = (Vec::new(), 0);
    for part in &parts[first..] {
        if raw.is_empty() {
            break;
        }
        let within = from + before as u64 - part.from;
        let length = raw.len().min((part.raw - within) as usize);
        let (target, after) = raw.split_at_mut(length);
        raw = after;
        wanted.push(match &part.place {
            StretchPlace::Binary(span) => Sought::OfFile(Request {
                piece,
                span: *span,
                from: within,
                first: before,
                raw: target,
            }),
            StretchPlace::Memory(values) => {
                let within = within as usize;
                Sought::Copied(before, &values[within..within + length], target)
            }
        });
        before += length;
    }
    wanted
}

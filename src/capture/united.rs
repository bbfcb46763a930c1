//! Streams of which each is there once: stretches are put together, and what is there twice is taken once.

use super::{
    CaptureError,
    drafts::{Draft, RawPlace},
    element::ElementType,
    held::Held,
    reader::{self, BinaryFile, Fault, Request, Span},
    select::stream_name,
    stretches::{Sought, Stretch, StretchPlace, Stretches, wanted},
};

/// Values that are compared at once.
const COMPARED: usize = 1 << 16;

/// Names and files, for what streams are made of.
pub(super) struct Owners<'a> {
    pub names: &'a [String],
    pub files: &'a [BinaryFile],
}

/// Streams of which each is there once.
#[derive(Default)]
pub(super) struct United {
    pub streams: Vec<Draft>,
    pub problems: Vec<CaptureError>,
    /// What was there twice: where it was taken from, and where it is too.
    pub twice: Vec<(String, String)>,
}

impl Owners<'_> {
    /// Puts the stretches of each stream together. What is there twice with the same content is taken once.
    ///
    /// Drafts must be sorted by who drew them.
    pub fn unite(&self, drafts: Vec<Draft>) -> United {
        let mut united = United::default();
        let mut drafts = drafts.into_iter().peekable();
        while let Some(first) = drafts.next() {
            let is_same = |next: &Draft| {
                next.identity.run == first.identity.run && next.identity.task == first.identity.task
            };
            let mut others = Vec::new();
            while let Some(other) = drafts.next_if(is_same) {
                others.push(other);
            }
            self.add(first, others, &mut united);
        }
        united
    }

    fn add(&self, first: Draft, others: Vec<Draft>, united: &mut United) {
        if is_whole(&first) && others.iter().all(is_whole) {
            for other in others {
                let (kept, second) = (self.name(&first, first.file), self.name(&other, other.file));
                match self.same_content((&first.place, first.raw), (&other.place, other.raw)) {
                    Ok(true) => united.twice.push((kept, second)),
                    Ok(false) => united.problems.push(CaptureError::DuplicateLabel {
                        first: kept,
                        second,
                        label: first.identity.to_string(),
                    }),
                    Err(problem) => united.problems.push(problem),
                }
            }
            united.streams.push(settled(first));
            return;
        }
        match self.joined(first, others, &mut united.twice) {
            Ok(joined) => united.streams.push(joined),
            Err(problem) => united.problems.push(problem),
        }
    }

    /// One stream of the stretches of several drafts.
    fn joined(
        &self,
        first: Draft,
        others: Vec<Draft>,
        twice: &mut Vec<(String, String)>,
    ) -> Result<Draft, CaptureError> {
        let mut all = Vec::new();
        let mut named = Draft {
            place: RawPlace::Memory(Held::default()),
            ..first
        };
        let mut element = ElementType::U64;
        for place in std::iter::once(first.place).chain(others.into_iter().map(|draft| draft.place))
        {
            let RawPlace::Stretches(stretches) = place else {
                return Err(CaptureError::Stretches {
                    file: self.names[named.file as usize].clone(),
                    label: named.identity.to_string(),
                    problem: "is there as a whole and in stretches; keep one of them".into(),
                });
            };
            element = stretches.element;
            all.extend(stretches.parts);
        }
        all.sort_by_key(|part| (part.from, part.raw, part.file));
        let mut parts: Vec<Stretch> = Vec::with_capacity(all.len());
        for part in all {
            let next = parts.last().map_or(0, Stretch::end);
            let problem = |problem: String| CaptureError::Stretches {
                file: self.names[part.file as usize].clone(),
                label: named.identity.to_string(),
                problem,
            };
            if part.from > next {
                return Err(problem(format!("lacks {}", words(next, part.from))));
            }
            if part.from == next {
                parts.push(part);
                continue;
            }
            let first = parts.partition_point(|kept| kept.end() <= part.from);
            let kept = parts[first].file;
            let overlap = next.min(part.end()) - part.from;
            if !self.same_words(&parts, &part, overlap)? {
                return Err(problem(format!(
                    "{} are there twice and not alike, in {} too",
                    words(part.from, part.from + overlap),
                    self.names[kept as usize]
                )));
            }
            if part.file != kept {
                let copy = (self.name(&named, kept), self.name(&named, part.file));
                if twice.last() != Some(&copy) {
                    twice.push(copy);
                }
            }
            parts.extend(self.without_first(part, overlap));
        }
        named.raw = parts.last().map_or(0, Stretch::end);
        named.file = parts.first().map_or(named.file, |part| part.file);
        named.place = RawPlace::Stretches(Stretches { element, parts });
        Ok(settled(named))
    }

    fn name(&self, draft: &Draft, file: u32) -> String {
        stream_name(&self.names[file as usize], &draft.suffix)
    }

    /// Whether the first words of a stretch are those of stretches that follow one another.
    fn same_words(
        &self,
        kept: &[Stretch],
        part: &Stretch,
        words: u64,
    ) -> Result<bool, CaptureError> {
        let mut values = (vec![0; COMPARED], vec![0; COMPARED]);
        for at in (0..words).step_by(COMPARED) {
            let length = (words - at).min(COMPARED as u64) as usize;
            let (a, b) = (&mut values.0[..length], &mut values.1[..length]);
            self.take(wanted(kept, 0, part.from + at, a))?;
            self.take(wanted(std::slice::from_ref(part), 0, part.from + at, b))?;
            if a != b {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A stretch without its first words; `None` where none is left.
    fn without_first(&self, part: Stretch, words: u64) -> Option<Stretch> {
        let size = self.files[part.file as usize].element.bytes() as u64;
        (part.raw > words).then(|| Stretch {
            file: part.file,
            from: part.from + words,
            raw: part.raw - words,
            place: match part.place {
                StretchPlace::Binary(span) => StretchPlace::Binary(Span {
                    offset: span.offset + words * size,
                    ..span
                }),
                StretchPlace::Memory(values) => {
                    StretchPlace::Memory(values[words as usize..].iter().copied().collect())
                }
            },
        })
    }

    /// Whether two places hold the same values.
    fn same_content(
        &self,
        (one, raw): (&RawPlace, u64),
        (other, other_raw): (&RawPlace, u64),
    ) -> Result<bool, CaptureError> {
        if raw != other_raw {
            return Ok(false);
        }
        let mut values = (vec![0; COMPARED], vec![0; COMPARED]);
        for from in (0..raw).step_by(COMPARED) {
            let length = (raw - from).min(COMPARED as u64) as usize;
            let (a, b) = (&mut values.0[..length], &mut values.1[..length]);
            if !self.read(one, from, a)? || !self.read(other, from, b)? || a != b {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads values from a place, unless they are elsewhere.
    fn read(&self, place: &RawPlace, from: u64, raw: &mut [u64]) -> Result<bool, CaptureError> {
        match place {
            RawPlace::Binary(span) => self.take(vec![Sought::OfFile(Request {
                piece: 0,
                span: *span,
                from,
                first: 0,
                raw,
            })])?,
            RawPlace::Memory(values) => raw.copy_from_slice(&values[from as usize..][..raw.len()]),
            RawPlace::Stretches(stretches) => self.take(wanted(&stretches.parts, 0, from, raw))?,
            RawPlace::Elsewhere(_) => return Ok(false),
        }
        Ok(true)
    }

    /// Reads what is wanted.
    fn take(&self, wanted: Vec<Sought<'_>>) -> Result<(), CaptureError> {
        let mut requests = Vec::new();
        for wanted in wanted {
            match wanted {
                Sought::OfFile(request) => requests.push(request),
                Sought::Copied(_, values, target) => target.copy_from_slice(values),
            }
        }
        let faults = reader::read(self.files, requests, |_, _| Ok::<(), ()>(()));
        match faults.into_iter().next() {
            Some((_, Fault::Unread(problem))) => Err(problem),
            _ => Ok(()),
        }
    }
}

fn is_whole(draft: &Draft) -> bool {
    match &draft.place {
        RawPlace::Stretches(stretches) => stretches.is_whole(),
        _ => true,
    }
}

/// A stream that is one stretch of a file is read as any other of a file.
fn settled(mut draft: Draft) -> Draft {
    if let RawPlace::Stretches(stretches) = &draft.place
        && let [part] = &stretches.parts[..]
        && let StretchPlace::Binary(span) = part.place
    {
        draft.place = RawPlace::Binary(span);
    }
    draft
}

/// The words from a place up to another.
fn words(from: u64, end: u64) -> String {
    match end - from {
        1 => format!("word {from}"),
        _ => format!("words {from} to {}", end - 1),
    }
}

//! Reads pieces of many files into the arena of an evidence: large reads, several files at once.

use std::{fs::File, io, path::PathBuf};

use rayon::prelude::*;

use super::{element::ElementType, error::CaptureError};

/// A binary file of a capture.
#[derive(Clone, Debug, Default)]
pub(super) struct BinaryFile {
    pub path: PathBuf,
    pub name: String,
    pub element: ElementType,
    pub big_endian: bool,
    pub bytes: u64,
}

/// Where the elements of a stream lie in a binary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Index of the file.
    pub file: u32,
    /// Where the first element starts, in bytes.
    pub offset: u64,
    /// Elements from one turn of this stream to its next: 1, or as many as all streams take in a turn.
    pub stride: u64,
    /// Elements that it takes in one turn.
    pub block: u64,
}

/// A piece of a stream that is wanted.
pub(super) struct Request<'a> {
    /// Which piece, for the caller.
    pub piece: usize,
    /// Where it lies.
    pub span: Span,
    /// The first element wanted.
    pub from: u64,
    /// How many wanted elements of the stream come before this piece.
    pub first: usize,
    /// Where the raw values go; its length says how many are wanted.
    pub raw: &'a mut [u64],
}

/// Bytes of values that one job reads at most; longer streams are read in several.
const JOB_BYTES: usize = 1 << 20;
/// Files that one job opens at most: of many small files, opening them is the work.
const JOB_FILES: usize = 16;
/// Bytes of the buffer through which small pieces and narrow elements are read.
const BUFFER_BYTES: usize = 128 << 10;
/// Values that are read, checked and converted before the next are read: what has been read is
/// still near the processor then.
const PIECE_VALUES: usize = 32 << 10;
/// Pieces of at least so many bytes are read straight to where they go.
const DIRECT_BYTES: usize = 16 << 10;

/// Serves all requests in parallel, piece by piece, and hands every piece to `finish` with the number
/// of wanted elements before it; returns what went wrong with which piece, first things first.
///
/// Requests must be sorted by file; those of one interleaved file that want the same elements must
/// follow one another.
pub(super) fn read<E: Send>(
    files: &[BinaryFile],
    requests: Vec<Request<'_>>,
    finish: impl Fn(usize, &mut [u64]) -> Result<(), E> + Sync,
) -> Vec<(usize, Fault<E>)> {
    let serve = |mut job: Vec<Request<'_>>| {
        if job[0].span.stride > 1 {
            interleaved(files, &mut job, &finish)
        } else {
            contiguous(files, &mut job, &finish)
        }
    };
    let mut jobs = jobs(requests);
    if jobs.len() == 1 {
        return jobs.pop().map(serve).unwrap_or_default();
    }
    let jobs = jobs.into_par_iter().with_max_len(1);
    jobs.flat_map_iter(serve).collect()
}

/// Why a request could not be served.
#[derive(Debug)]
pub(super) enum Fault<E> {
    /// The file could not be read.
    Unread(CaptureError),
    /// The caller refused the values.
    Refused(E),
}

fn jobs(requests: Vec<Request<'_>>) -> Vec<Vec<Request<'_>>> {
    let mut jobs: Vec<Vec<Request<'_>>> = Vec::new();
    let (mut bytes, mut opened) = (0, 0);
    for request in requests.into_iter().flat_map(split) {
        let size = 8 * request.raw.len();
        let last = jobs.last().and_then(|job| job.last());
        let same_file = last.is_some_and(|last| last.span.file == request.span.file);
        let fits = last.is_some_and(|last| {
            // Interleaved files are read in one pass, alone.
            if request.span.stride > 1 {
                same_file && last.from == request.from
            } else {
                last.span.stride == 1
                    && bytes + size <= JOB_BYTES
                    && (same_file || opened < JOB_FILES)
            }
        });
        match jobs.last_mut() {
            Some(job) if fits => {
                bytes += size;
                opened += usize::from(!same_file);
                job.push(request);
            }
            _ => {
                (bytes, opened) = (size, 1);
                jobs.push(vec![request]);
            }
        }
    }
    jobs
}

/// The parts of a request that different jobs may serve.
fn split(request: Request<'_>) -> impl Iterator<Item = Request<'_>> {
    let most = if request.span.stride == 1 {
        JOB_BYTES / 8
    } else {
        usize::MAX
    };
    // A stream of no words is a request too.
    let parts = request.raw.len().div_ceil(most).max(1);
    let mut rest = Some(request.raw);
    (0..parts).filter_map(move |part| {
        let raw = rest.take()?;
        let (raw, after) = raw.split_at_mut(raw.len().min(most));
        rest = Some(after);
        Some(Request {
            piece: request.piece,
            span: request.span,
            from: request.from + (part * most) as u64,
            first: request.first + part * most,
            raw,
        })
    })
}

/// Reads streams that lie in one piece each.
fn contiguous<E>(
    files: &[BinaryFile],
    job: &mut [Request<'_>],
    finish: &impl Fn(usize, &mut [u64]) -> Result<(), E>,
) -> Vec<(usize, Fault<E>)> {
    let mut faults = Vec::new();
    let mut open: Option<(u32, Buffered)> = None;
    let followed = followed_closely(files, job);
    for (request, followed) in job.iter_mut().zip(followed) {
        let file = &files[request.span.file as usize];
        let result = (|| {
            let reader = match &mut open {
                Some((index, reader)) if *index == request.span.file => reader,
                slot => {
                    let opened = File::open(&file.path)
                        .map_err(CaptureError::io("open", &file.path))
                        .map_err(Fault::Unread)?;
                    &mut slot.insert((request.span.file, Buffered::new(opened))).1
                }
            };
            let size = file.element.bytes();
            let mut offset = request.span.offset + request.from * size as u64;
            let mut first = request.first;
            reader.read_ahead = followed;
            for piece in request.raw.chunks_mut(PIECE_VALUES) {
                reader.values(file, offset, piece).map_err(Fault::Unread)?;
                finish(first, piece).map_err(Fault::Refused)?;
                offset += (piece.len() * size) as u64;
                first += piece.len();
            }
            Ok(())
        })();
        if let Err(fault) = result {
            faults.push((request.piece, fault));
        }
    }
    faults
}

/// For each request, whether the next one lies so close behind it that reading on pays.
fn followed_closely(files: &[BinaryFile], job: &[Request<'_>]) -> Vec<bool> {
    let place = |request: &Request<'_>| {
        let size = files[request.span.file as usize].element.bytes() as u64;
        let start = request.span.offset + request.from * size;
        (start, start + request.raw.len() as u64 * size)
    };
    let mut followed: Vec<bool> = job
        .windows(2)
        .map(|pair| {
            let ((start, end), (next, _)) = (place(&pair[0]), place(&pair[1]));
            pair[0].span.file == pair[1].span.file
                && next >= end
                && next - end <= (4 * (end - start)).max(512)
        })
        .collect();
    followed.push(false);
    followed
}

/// Reads streams that take turns in one file.
fn interleaved<E>(
    files: &[BinaryFile],
    job: &mut [Request<'_>],
    finish: &impl Fn(usize, &mut [u64]) -> Result<(), E>,
) -> Vec<(usize, Fault<E>)> {
    let span = job[0].span;
    let file = &files[span.file as usize];
    let size = file.element.bytes() as u64;
    let result = (|| {
        let opened = File::open(&file.path).map_err(CaptureError::io("open", &file.path))?;
        let start = job
            .iter()
            .map(|request| request.span.offset)
            .min()
            .unwrap_or(0);
        let row_bytes = span.stride * size;
        // The first turn may be wanted in part.
        let (first, skipped) = (job[0].from / span.block, job[0].from % span.block);
        let longest = job.iter().map(|request| request.raw.len()).max();
        let rows = (longest.unwrap_or(0) as u64 + skipped).div_ceil(span.block);
        let rows_at_once = (BUFFER_BYTES as u64 / row_bytes).max(1);
        let mut bytes = vec![0u8; (rows_at_once * row_bytes) as usize];
        let mut raw = vec![0u64; (rows_at_once * span.stride) as usize];
        let mut row = 0;
        while row < rows {
            let offset = start + (first + row) * row_bytes;
            // The last row may be short: not every stream has the last element.
            let wanted = (rows_at_once.min(rows - row) * row_bytes)
                .min(file.bytes.saturating_sub(offset) / size * size);
            let piece = &mut bytes[..wanted as usize];
            read_exact_at(&opened, piece, offset)
                .map_err(|error| unread(file, offset, piece.len(), error))?;
            let values = &mut raw[..(wanted / size) as usize];
            file.element.decode(file.big_endian, piece, values);
            for request in job.iter_mut() {
                let lane = ((request.span.offset - start) / size) as usize;
                let values = &values[lane.min(values.len())..];
                // Elements of this stream that stand before the first wanted of this piece.
                let before = (row * span.block) as usize;
                let unwanted = (skipped as usize).saturating_sub(before);
                let at = before.saturating_sub(skipped as usize);
                let target = request.raw.get_mut(at..).unwrap_or_default();
                if span.block == 1 {
                    for (target, value) in target
                        .iter_mut()
                        .zip(values.iter().step_by(span.stride as usize))
                    {
                        *target = *value;
                    }
                } else {
                    let turns = values.chunks(span.stride as usize);
                    let taken = turns.flat_map(|turn| turn.iter().take(span.block as usize));
                    for (target, value) in target.iter_mut().zip(taken.skip(unwanted)) {
                        *target = *value;
                    }
                }
            }
            row += rows_at_once;
        }
        Ok(())
    })();
    if let Err(error) = result {
        return vec![(job[0].piece, Fault::Unread(error))];
    }
    job.iter_mut()
        .filter_map(|request| {
            let wrong = finish(request.first, request.raw).err()?;
            Some((request.piece, Fault::Refused(wrong)))
        })
        .collect()
}

/// A file with a buffer for small pieces that follow one another.
struct Buffered {
    file: File,
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
    /// Whether more than what is asked for will be asked for next.
    read_ahead: bool,
}

impl Buffered {
    fn new(file: File) -> Self {
        Self {
            file,
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            read_ahead: false,
        }
    }

    /// Reads a piece: large ones straight, small ones through the buffer.
    fn read(
        &mut self,
        of: &BinaryFile,
        offset: u64,
        target: &mut [u8],
    ) -> Result<(), CaptureError> {
        let buffered =
            offset >= self.start && offset + target.len() as u64 <= self.start + self.filled as u64;
        if !buffered && (target.len() >= DIRECT_BYTES || !self.read_ahead) {
            return read_exact_at(&self.file, target, offset)
                .map_err(|error| unread(of, offset, target.len(), error));
        }
        if !buffered {
            self.fill(of, offset, target.len())?;
        }
        let at = (offset - self.start) as usize;
        target.copy_from_slice(&self.buffer[at..at + target.len()]);
        Ok(())
    }

    /// Reads values: those that are stored as they are straight, others through the buffer.
    fn values(
        &mut self,
        of: &BinaryFile,
        mut offset: u64,
        raw: &mut [u64],
    ) -> Result<(), CaptureError> {
        if of.element.is_raw(of.big_endian) {
            return self.read(of, offset, bytemuck::cast_slice_mut(raw));
        }
        let size = of.element.bytes();
        for part in raw.chunks_mut(BUFFER_BYTES / size) {
            let bytes = part.len() * size;
            if offset < self.start || offset + bytes as u64 > self.start + self.filled as u64 {
                self.fill(of, offset, bytes)?;
            }
            let at = (offset - self.start) as usize;
            of.element
                .decode(of.big_endian, &self.buffer[at..at + bytes], part);
            offset += bytes as u64;
        }
        Ok(())
    }

    /// Fills the buffer from `offset` on; at least `needed` bytes must be there.
    fn fill(&mut self, of: &BinaryFile, offset: u64, needed: usize) -> Result<(), CaptureError> {
        let ahead = if self.read_ahead {
            (BUFFER_BYTES as u64).min(of.bytes.saturating_sub(offset)) as usize
        } else {
            0
        };
        let wanted = ahead.max(needed);
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        self.filled = 0;
        read_exact_at(&self.file, &mut self.buffer[..wanted], offset)
            .map_err(|error| unread(of, offset, wanted, error))?;
        self.start = offset;
        self.filled = wanted;
        Ok(())
    }
}

fn unread(file: &BinaryFile, offset: u64, bytes: usize, error: io::Error) -> CaptureError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        CaptureError::Truncated {
            file: file.name.clone(),
            expected: offset + bytes as u64,
            found: std::fs::metadata(&file.path).map_or(0, |data| data.len()),
        }
    } else {
        CaptureError::io("read", &file.path)(error)
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, target, offset)
}

#[cfg(not(unix))]
fn read_exact_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = file;
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(target)
}

#[cfg(test)]
mod tests;

//! Reads pieces of many files into the arena of an evidence: large reads, several files at once.

use std::{fs::File, io, path::PathBuf};

use rayon::prelude::*;

use super::{element::ElementType, error::CaptureError};

/// A binary file of a capture.
#[derive(Clone, Debug)]
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
    /// Elements from one to the next of this stream: 1, or the number of interleaved streams.
    pub stride: u64,
}

/// A piece of a stream that is wanted.
pub(super) struct Request<'a> {
    /// Which stream, for the caller.
    pub stream: usize,
    /// Where it lies.
    pub span: Span,
    /// The first element wanted.
    pub from: u64,
    /// Where the raw values go; its length says how many are wanted.
    pub raw: &'a mut [u64],
}

/// Bytes that one job reads at most, if it can be split.
const JOB_BYTES: usize = 8 << 20;
/// Bytes of the buffer through which small pieces and narrow elements are read.
const BUFFER_BYTES: usize = 256 << 10;
/// Pieces of at least so many bytes are read straight to where they go.
const DIRECT_BYTES: usize = 16 << 10;

/// Serves all requests and then hands each to `finish`, in parallel; returns what went wrong.
///
/// Requests must be sorted by file; those of one interleaved file want the same elements.
pub(super) fn read<E: Send>(
    files: &[BinaryFile],
    requests: Vec<Request<'_>>,
    finish: impl Fn(usize, &mut [u64]) -> Result<(), E> + Sync,
) -> Vec<(usize, Fault<E>)> {
    let serve = |mut job: Vec<Request<'_>>| {
        let mut faults = Vec::new();
        if job[0].span.stride > 1 {
            interleaved(files, &mut job, &mut faults);
        } else {
            contiguous(files, &mut job, &mut faults);
        }
        let failed: Vec<usize> = faults.iter().map(|(stream, _)| *stream).collect();
        for request in &mut job {
            if !failed.contains(&request.stream)
                && let Err(fault) = finish(request.stream, request.raw)
            {
                faults.push((request.stream, Fault::Refused(fault)));
            }
        }
        faults
    };
    let mut jobs = jobs(requests);
    if jobs.len() == 1 {
        return jobs.pop().map(serve).unwrap_or_default();
    }
    jobs.into_par_iter().flat_map_iter(serve).collect()
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
    let mut bytes = 0;
    let mut last_file = None;
    for request in requests {
        let size = 8 * request.raw.len();
        let same_lanes = request.span.stride > 1 && last_file == Some(request.span.file);
        let fits = bytes + size <= JOB_BYTES
            && jobs.last().is_some_and(|job| {
                // Interleaved files are read in one pass, alone.
                job.last().is_some_and(|last| last.span.stride == 1) && request.span.stride == 1
            });
        last_file = Some(request.span.file);
        match jobs.last_mut() {
            Some(job) if same_lanes || fits => {
                bytes += size;
                job.push(request);
            }
            _ => {
                bytes = size;
                jobs.push(vec![request]);
            }
        }
    }
    jobs
}

/// Reads streams that lie in one piece each.
fn contiguous<E>(
    files: &[BinaryFile],
    job: &mut [Request<'_>],
    faults: &mut Vec<(usize, Fault<E>)>,
) {
    let mut open: Option<(u32, Buffered)> = None;
    let followed = followed_closely(files, job);
    for (request, followed) in job.iter_mut().zip(followed) {
        let file = &files[request.span.file as usize];
        let result = (|| {
            let reader = match &mut open {
                Some((index, reader)) if *index == request.span.file => reader,
                slot => {
                    let opened =
                        File::open(&file.path).map_err(CaptureError::io("open", &file.path))?;
                    &mut slot.insert((request.span.file, Buffered::new(opened))).1
                }
            };
            let size = file.element.bytes();
            let offset = request.span.offset + request.from * size as u64;
            let bytes = request.raw.len() * size;
            reader.read_ahead = followed;
            if file.element.is_raw(file.big_endian) {
                let target: &mut [u8] = bytemuck::cast_slice_mut(request.raw);
                return reader.read(file, offset, target);
            }
            reader.stage(file, offset, bytes, |position, piece| {
                let first = position / size;
                let count = piece.len() / size;
                file.element.decode(
                    file.big_endian,
                    piece,
                    &mut request.raw[first..first + count],
                );
            })
        })();
        if let Err(error) = result {
            faults.push((request.stream, Fault::Unread(error)));
        }
    }
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
    faults: &mut Vec<(usize, Fault<E>)>,
) {
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
        let rows = job
            .iter()
            .map(|request| request.raw.len())
            .max()
            .unwrap_or(0) as u64;
        let from = job[0].from;
        let rows_at_once = (BUFFER_BYTES as u64 / row_bytes).max(1);
        let mut bytes = vec![0u8; (rows_at_once * row_bytes) as usize];
        let mut raw = vec![0u64; (rows_at_once * span.stride) as usize];
        let mut row = 0;
        while row < rows {
            let offset = start + (from + row) * row_bytes;
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
                let target = request.raw.get_mut(row as usize..).unwrap_or_default();
                for (target, value) in target.iter_mut().zip(
                    values[lane.min(values.len())..]
                        .iter()
                        .step_by(span.stride as usize),
                ) {
                    *target = *value;
                }
            }
            row += rows_at_once;
        }
        Ok(())
    })();
    if let Err(error) = result {
        let stream = job[0].stream;
        faults.push((stream, Fault::Unread(error)));
    }
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

    /// Hands a piece over in parts of the buffer's size.
    fn stage(
        &mut self,
        of: &BinaryFile,
        offset: u64,
        bytes: usize,
        mut each: impl FnMut(usize, &[u8]),
    ) -> Result<(), CaptureError> {
        let mut done = 0;
        while done < bytes {
            let part = (bytes - done).min(BUFFER_BYTES);
            let from = offset + done as u64;
            let end = from + part as u64;
            if from < self.start || end > self.start + self.filled as u64 {
                self.fill(of, from, part)?;
            }
            let at = (from - self.start) as usize;
            each(done, &self.buffer[at..at + part]);
            done += part;
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

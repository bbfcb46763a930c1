//! The file that the launching program, the helper and its workers share.
#![expect(
    unsafe_code,
    reason = "memory shared between processes has no safe interface; see each SAFETY note"
)]

use std::{
    fs::File,
    io::{self, IoSliceMut, Read, Seek, SeekFrom},
    ops::Range,
    os::unix::fs::FileExt,
    sync::atomic::{AtomicU64, Ordering},
};

use memmap2::{MmapOptions, MmapRaw};

use super::wire::{SegmentLayout, WORKER_WORDS};
use crate::vocabulary::{RunId, Site, WorkerId};

/// An unnamed file of this many words, all zero: in memory where the system has such files.
pub(crate) fn create(words: usize) -> io::Result<File> {
    let file = unnamed()?;
    file.set_len(8 * words as u64)?;
    Ok(file)
}

#[cfg(target_os = "linux")]
fn unnamed() -> io::Result<File> {
    use nix::sys::memfd::{MFdFlags, memfd_create};
    match memfd_create("seedbench-rows", MFdFlags::MFD_CLOEXEC) {
        Ok(descriptor) => Ok(File::from(descriptor)),
        Err(_) => on_disk(),
    }
}

#[cfg(not(target_os = "linux"))]
fn unnamed() -> io::Result<File> {
    on_disk()
}

#[cfg(feature = "cli")]
fn on_disk() -> io::Result<File> {
    tempfile::tempfile()
}

/// The library alone makes no temporary files.
#[cfg(not(feature = "cli"))]
fn on_disk() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Writes the owner of every chunk.
pub(crate) fn write_owners(file: &File, layout: &SegmentLayout, owners: &[u32]) -> io::Result<()> {
    let bytes: Vec<u8> = owners
        .iter()
        .flat_map(|&owner| u64::from(owner).to_ne_bytes())
        .collect();
    file.write_all_at(&bytes, 8 * layout.owners as u64)
}

/// What workers recorded, apart from their rows.
pub(crate) struct RecordSlots {
    /// The site of every worker before its first task.
    pub workers: Vec<Site>,
    /// The worker of every chunk.
    pub owners: Vec<u32>,
    /// The start time at every place.
    pub start_unix_ns: Vec<u64>,
    /// From the first worker's first task to the last worker's last.
    pub span_ns: u64,
}

/// Reads what workers recorded in a finished launch of `run`.
pub(crate) fn read_records(
    file: &File,
    layout: &SegmentLayout,
    tasks: usize,
    run: RunId,
    first_ordinal: u32,
) -> io::Result<RecordSlots> {
    let mut words = vec![0; layout.start_times + tasks - layout.workers];
    read_words(file, layout.workers, &mut words)?;
    let start_unix_ns = words.split_off(layout.start_times - layout.workers);
    let owners = words.split_off(layout.owners - layout.workers);
    let records = || words.chunks_exact(WORKER_WORDS);
    let first = records().map(|record| record[FIRST_NS]).min();
    let last = records().map(|record| record[LAST_NS]).max();
    Ok(RecordSlots {
        workers: records()
            .zip(0..)
            .map(|(record, worker)| Site {
                run,
                worker: WorkerId(worker),
                worker_ordinal: first_ordinal.wrapping_add(worker),
                pid: record[PID] as u32,
                tid: record[TID],
                host: record[HOST],
                worker_start_unix_ns: record[START_NS],
                ..Site::default()
            })
            .collect(),
        owners: owners.into_iter().map(|owner| owner as u32).collect(),
        start_unix_ns,
        span_ns: first
            .zip(last)
            .map_or(0, |(first, last)| last.saturating_sub(first)),
    })
}

/// Copies all rows, in the order in which they lie in the file, to where each belongs.
pub(crate) fn read_rows(
    file: &File,
    layout: &SegmentLayout,
    slices: &mut [&mut [u64]],
) -> io::Result<()> {
    let mut file = file;
    file.seek(SeekFrom::Start(8 * layout.rows as u64))?;
    let mut buffers: Vec<IoSliceMut<'_>> = slices
        .iter_mut()
        .map(|slice| IoSliceMut::new(bytes_of(slice)))
        .collect();
    let mut left = &mut buffers[..];
    while !left.is_empty() {
        match file.read_vectored(left) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => IoSliceMut::advance_slices(&mut left, length),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn read_words(file: &File, from: usize, words: &mut [u64]) -> io::Result<()> {
    file.read_exact_at(bytes_of(words), 8 * from as u64)
}

fn bytes_of(words: &mut [u64]) -> &mut [u8] {
    // SAFETY: u64 has no padding, every pattern of bytes is one, and a byte needs no alignment. The
    // bytes are borrowed for as long as the words are.
    let (head, bytes, tail) = unsafe { words.align_to_mut::<u8>() };
    debug_assert!(head.is_empty() && tail.is_empty());
    bytes
}

const NEXT_CHUNK: usize = 0;
const PANIC_WORKER: usize = 1;
const PANIC_BYTES: usize = 2;
const PANIC_TEXT: usize = 3;
/// A panic's message is cut here.
const PANIC_TEXT_MAX: usize = 1000;

const TASKS_DONE: usize = 0;
const FINISHED: usize = 1;
const FIRST_NS: usize = 2;
const LAST_NS: usize = 3;
const PID: usize = 4;
const TID: usize = 5;
const HOST: usize = 6;
const START_NS: usize = 7;

/// The file, mapped by the helper and inherited by its workers.
pub(crate) struct Segment {
    map: MmapRaw,
    layout: SegmentLayout,
}

impl Segment {
    pub(crate) fn map(file: &File, layout: SegmentLayout) -> io::Result<Self> {
        let bytes = 8 * layout.end;
        if file.metadata()?.len() < bytes as u64 {
            return Err(io::Error::other(
                "the shared file is shorter than the request",
            ));
        }
        let map = MmapOptions::new().len(bytes).map_raw(file)?;
        Ok(Self { map, layout })
    }

    fn control(&self) -> &[AtomicU64] {
        // SAFETY: the mapping starts at a page and is `layout.end` ≥ `layout.rows` words long for as
        // long as `self` lives; the first `rows` words are only ever accessed through these atomics.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().cast(), self.layout.rows) }
    }

    /// The rows at some places.
    ///
    /// # Safety
    /// The rows of a place may be borrowed once at a time among all processes that share the file.
    #[expect(
        clippy::mut_from_ref,
        reason = "the caller answers for it, as the safety section says"
    )]
    pub(crate) unsafe fn rows(&self, places: Range<u32>) -> &mut [u64] {
        let words = self.layout.row_words;
        let start = self.layout.rows + words * places.start as usize;
        let length = words * places.len();
        assert!(start + length <= self.layout.end, "places beyond the file");
        // SAFETY: inside the mapping, aligned, beyond the atomics; not borrowed twice, says the caller.
        unsafe {
            std::slice::from_raw_parts_mut(self.map.as_mut_ptr().cast::<u64>().add(start), length)
        }
    }

    /// The next chunk of the queue. It may lie beyond the last.
    pub(crate) fn take_chunk(&self) -> u64 {
        self.control()[NEXT_CHUNK].fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn owner(&self, chunk: u32) -> u32 {
        self.control()[self.layout.owners + chunk as usize].load(Ordering::Relaxed) as u32
    }

    pub(crate) fn set_owner(&self, chunk: u32, worker: u32) {
        self.control()[self.layout.owners + chunk as usize].store(worker.into(), Ordering::Relaxed);
    }

    /// Keeps the start time of a task.
    pub(crate) fn record_start(&self, place: u32, unix_ns: u64) {
        self.control()[self.layout.start_times + place as usize].store(unix_ns, Ordering::Relaxed);
    }

    fn worker(&self, worker: u32) -> &[AtomicU64] {
        let start = self.layout.workers + WORKER_WORDS * worker as usize;
        &self.control()[start..start + WORKER_WORDS]
    }

    pub(crate) fn count_task(&self, worker: u32) {
        let done = &self.worker(worker)[TASKS_DONE];
        // Nobody else writes it: no locked instruction is needed.
        done.store(done.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    pub(crate) fn tasks_done(&self, worker: u32) -> u32 {
        self.worker(worker)[TASKS_DONE].load(Ordering::Relaxed) as u32
    }

    /// Keeps a worker's site, and when it begins to work.
    pub(crate) fn start(&self, site: &Site, unix_ns: u64) {
        let record = self.worker(site.worker.0);
        for (slot, value) in [
            (FIRST_NS, unix_ns),
            (PID, site.pid.into()),
            (TID, site.tid),
            (HOST, site.host),
            (START_NS, site.worker_start_unix_ns),
        ] {
            record[slot].store(value, Ordering::Relaxed);
        }
    }

    pub(crate) fn finish(&self, worker: u32, unix_ns: u64) {
        self.worker(worker)[LAST_NS].store(unix_ns, Ordering::Relaxed);
        self.worker(worker)[FINISHED].store(1, Ordering::Release);
    }

    pub(crate) fn finished(&self, worker: u32) -> bool {
        self.worker(worker)[FINISHED].load(Ordering::Acquire) == 1
    }

    /// Keeps the message of the first panic.
    pub(crate) fn record_panic(&self, worker: u32, message: &str) {
        let control = self.control();
        let claim = &control[PANIC_WORKER];
        let mine = u64::from(worker) + 1;
        if claim
            .compare_exchange(0, mine, Ordering::AcqRel, Ordering::Relaxed)
            .is_err()
        {
            return;
        }
        let bytes = &message.as_bytes()[..message.len().min(PANIC_TEXT_MAX)];
        for (slot, chunk) in control[PANIC_TEXT..].iter().zip(bytes.chunks(8)) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            slot.store(u64::from_ne_bytes(word), Ordering::Relaxed);
        }
        control[PANIC_BYTES].store(bytes.len() as u64, Ordering::Release);
    }

    /// The worker that panicked first, and what it said.
    pub(crate) fn panic(&self) -> Option<(u32, String)> {
        let control = self.control();
        let worker = control[PANIC_WORKER]
            .load(Ordering::Acquire)
            .checked_sub(1)?;
        let length = control[PANIC_BYTES].load(Ordering::Acquire) as usize;
        let bytes: Vec<u8> = control[PANIC_TEXT..]
            .iter()
            .flat_map(|word| word.load(Ordering::Relaxed).to_ne_bytes())
            .take(length.min(PANIC_TEXT_MAX))
            .collect();
        Some((worker as u32, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{
        fork::wire::Request,
        testing::{KEYED, job},
    };

    #[test]
    fn what_is_written_through_the_mapping_is_read_from_the_file() {
        let request = Request::new(&job(&KEYED, 3, 10, 100), true);
        let layout = SegmentLayout::of(&request).unwrap();
        let file = create(layout.end).unwrap();
        let segment = Segment::map(&file, layout).unwrap();

        let site = |worker: u32| Site {
            run: RunId(1),
            worker: WorkerId(worker),
            worker_ordinal: 5 + worker,
            pid: 6,
            tid: 7,
            host: u64::MAX,
            worker_start_unix_ns: 8,
            ..Site::default()
        };
        segment.set_owner(9, 2);
        for place in 0..10 {
            segment.record_start(place, 200 + u64::from(place));
            // SAFETY: one row at a time, in one thread.
            unsafe { segment.rows(place..place + 1) }.fill(u64::from(place));
        }
        for worker in 0..3 {
            segment.start(&site(worker), 100 + u64::from(worker));
        }
        segment.finish(1, 350);
        segment.record_panic(2, "first");
        segment.record_panic(0, "second");

        let records = read_records(&file, &layout, 10, RunId(1), 5).unwrap();
        assert_eq!(records.workers, [0, 1, 2].map(site));
        assert_eq!((records.owners[0], records.owners[9]), (0, 2));
        assert_eq!(records.start_unix_ns[9], 209);
        assert_eq!(records.span_ns, 250);
        let mut arena = vec![0; 1000];
        let (first, second) = arena.split_at_mut(300);
        read_rows(&file, &layout, &mut [first, second]).unwrap();
        assert!(
            arena
                .iter()
                .zip(0..)
                .all(|(&word, i): (_, u64)| word == i / 100)
        );
        assert_eq!(segment.panic(), Some((2, "first".into())));
        assert!(segment.finished(1) && !segment.finished(2));
    }

    #[test]
    fn a_short_file_is_refused() {
        let layout = SegmentLayout::of(&Request::new(&job(&KEYED, 3, 10, 100), true)).unwrap();
        let file = create(layout.end - 1).unwrap();
        assert!(Segment::map(&file, layout).is_err());
    }
}

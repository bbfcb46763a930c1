//! How much memory large pieces take together, and the files that they lie in beyond that.

#![expect(
    unsafe_code,
    reason = "a file that is mapped must be nobody else's, which no type can say"
)]

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use memmap2::MmapMut;

/// Bytes that large pieces may take of the machine's memory, all together.
static LIMIT: AtomicU64 = AtomicU64::new(u64::MAX);
/// Bytes that they take.
static TAKEN: AtomicU64 = AtomicU64::new(0);

/// Limits the memory that the words of evidence and the keys of joins take together, in bytes. What would go
/// beyond it lies in files without a name in the folder for temporary files (`TMPDIR`), from where the
/// system brings it into memory and out again: that takes longer, and changes nothing else.
///
/// Linux with the feature `cli` only; elsewhere, and where there is no room in that folder, memory is taken
/// all the same.
pub fn limit_memory(bytes: u64) {
    LIMIT.store(bytes, Relaxed);
}

/// A share of the memory, given back when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Share(u64);

impl Share {
    /// So many bytes, where they are within the limit.
    pub(super) fn within_limit(bytes: usize) -> Option<Self> {
        let bytes = bytes as u64;
        let taken = TAKEN.fetch_add(bytes, Relaxed);
        let share = Self(bytes);
        (taken.saturating_add(bytes) <= LIMIT.load(Relaxed)).then_some(share)
    }

    /// So many bytes, whatever the limit.
    pub(super) fn of(bytes: usize) -> Self {
        TAKEN.fetch_add(bytes as u64, Relaxed);
        Self(bytes as u64)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.0, Relaxed);
    }
}

/// Zeroed memory of its own.
#[derive(Debug)]
pub(crate) struct Mapping {
    map: MmapMut,
    /// Nothing where it lies in a file.
    _share: Share,
}

impl Mapping {
    /// So many bytes: of the machine's memory while that is within the limit, otherwise of a file. `None`
    /// where the system has neither.
    pub(crate) fn new(bytes: usize) -> Option<Self> {
        if let Some(share) = Share::within_limit(bytes) {
            return Self::in_memory(bytes, share);
        }
        Self::in_file(bytes).or_else(|| Self::in_memory(bytes, Share::of(bytes)))
    }

    fn in_memory(bytes: usize, share: Share) -> Option<Self> {
        let map = MmapMut::map_anon(bytes).ok()?;
        #[cfg(target_os = "linux")]
        {
            // On large pages the first touch costs a fifth. Refused advice costs speed, nothing else.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        Some(Self { map, _share: share })
    }

    /// Memory that lies in a file.
    pub(super) fn in_file(bytes: usize) -> Option<Self> {
        let file = file_without_a_name(bytes)?;
        // SAFETY: the file was made here, has no name any more and is not handed out, so nothing else
        // writes or shortens it; its blocks are reserved, so that no write can find the disk full.
        let map = unsafe { MmapMut::map_mut(&file) }.ok()?;
        Some(Self {
            map,
            _share: Share::default(),
        })
    }
}

impl std::ops::Deref for Mapping {
    type Target = MmapMut;

    fn deref(&self) -> &MmapMut {
        &self.map
    }
}

impl std::ops::DerefMut for Mapping {
    fn deref_mut(&mut self) -> &mut MmapMut {
        &mut self.map
    }
}

/// A file of so many zero bytes that goes with its last use, readable by this user alone.
#[cfg(all(target_os = "linux", feature = "cli"))]
fn file_without_a_name(bytes: usize) -> Option<std::fs::File> {
    let file = tempfile::tempfile().ok()?;
    let length = i64::try_from(bytes).ok()?;
    nix::fcntl::posix_fallocate(&file, 0, length).ok()?;
    Some(file)
}

/// The library alone makes no temporary files.
#[cfg(not(all(target_os = "linux", feature = "cli")))]
fn file_without_a_name(_bytes: usize) -> Option<std::fs::File> {
    None
}

#[cfg(all(test, target_os = "linux", feature = "cli"))]
mod tests {
    use super::*;

    #[test]
    fn memory_in_a_file_is_memory() {
        let mut map = Mapping::in_file(1 << 20).unwrap();
        assert!(map.iter().all(|&byte| byte == 0));
        map.fill(7);
        assert_eq!(
            map.iter().map(|&byte| u64::from(byte)).sum::<u64>(),
            7 << 20
        );
    }

    #[test]
    fn shares_are_given_back() {
        // The limit is the process's: what is asked for here is beyond any.
        assert!(Share::within_limit(usize::MAX >> 1).is_some());
        let before = TAKEN.load(Relaxed);
        drop(Share::of(1 << 50));
        assert!(TAKEN.load(Relaxed) < before + (1 << 50));
    }
}

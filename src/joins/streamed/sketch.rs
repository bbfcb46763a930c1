//! Sketch files: what is recorded of evidence larger than memory, kept slab by slab, so that an analysis that was
//! interrupted goes on from there.
//!
//! A file holds the records of one pass. It is named by a digest of the words, which the first reading takes anew
//! every time, by the hash of the plan, and by what was read how: under another name nothing is found, and all is
//! recorded again. A block is what one slab gave: its length in words, the number of records of every key, the
//! records, and a hash of all that. The first block that is cut off or damaged ends what is taken from the file.
//! Words themselves are not kept, but keys tell who knows the words that they were in: files are their owner's.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use crate::joins::{
    fingerprint::Fingerprint,
    record::{RecordedPart, Records},
    strands::Record,
};

/// The sketch files of one analysis.
pub(super) struct Sketches<'a> {
    folder: &'a Path,
    /// What all their names start with.
    of: String,
}

impl<'a> Sketches<'a> {
    /// Those of words with this digest, under the plan with this hash.
    pub(super) fn new(folder: &'a Path, digest: u128, plan: &str) -> Self {
        let of = format!("{digest:032x}-{plan}");
        Self { folder, of }
    }

    /// The sketch of a pass that is named so, and what it holds, a slab each. `None` where there can be none.
    pub(super) fn open(&self, pass: &str, keys: usize) -> Option<(Sketch, Vec<RecordedPart>)> {
        let path = self.folder.join(format!("{}-{pass}.sketch", self.of));
        Sketch::open(&path, keys).ok()
    }

    /// Deletes them: what was interrupted has come to its end.
    pub(super) fn delete(&self) {
        let entries = fs::read_dir(self.folder).into_iter().flatten().flatten();
        let is_ours = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&self.of) && name.ends_with(".sketch")
        };
        for path in entries.map(|entry| entry.path()).filter(is_ours) {
            // One that stays takes room and does no harm.
            let _ = fs::remove_file(path);
        }
    }
}

/// The sketch of one pass.
pub(super) struct Sketch(File);

impl Sketch {
    fn open(path: &Path, keys: usize) -> io::Result<(Self, Vec<RecordedPart>)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let length = file.metadata()?.len();
        let (mut parts, mut whole) = (Vec::new(), 0);
        while let Some((records, bytes)) = block(&mut file, length - whole, keys)? {
            parts.push(RecordedPart::of(records));
            whole += bytes;
        }
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        Ok((Self(file), parts))
    }

    /// Adds what a slab gave.
    ///
    /// # Errors
    /// When it cannot be written. What is left of it is no block, and nothing can be added after it.
    pub(super) fn add(&self, keys: usize, parts: &[RecordedPart]) -> io::Result<()> {
        let of_key = |key: usize| parts.iter().map(move |part| &part.records()[key]);
        let counts = (0..keys).map(|key| of_key(key).map(Vec::len).sum::<usize>() as u64);
        let mut words = vec![0];
        words.extend(counts);
        for key in 0..keys {
            let records = of_key(key).flatten();
            words.extend(records.flat_map(|record| [record.key, record.place]));
        }
        words[0] = words.len() as u64;
        let hash = Fingerprint::of(&words);
        words.extend([(hash >> 64) as u64, hash as u64]);
        let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
        (&self.0).write_all(&bytes)
    }
}

/// The next block of a file of which so many bytes are left, and its bytes; `None` where it is not whole.
fn block(file: &mut File, left: u64, keys: usize) -> io::Result<Option<(Records, u64)>> {
    let mut length = [0; 8];
    if left < 8 {
        return Ok(None);
    }
    file.read_exact(&mut length)?;
    let count = u64::from_le_bytes(length);
    let Some(bytes) = count.checked_add(2).and_then(|words| words.checked_mul(8)) else {
        return Ok(None);
    };
    if bytes > left || count < 1 + keys as u64 {
        return Ok(None);
    }
    let mut rest = vec![0; bytes as usize - 8];
    file.read_exact(&mut rest)?;
    let mut words = vec![count];
    words.extend(rest.chunks_exact(8).map(|word| {
        let word = word.try_into().expect("eight bytes");
        u64::from_le_bytes(word)
    }));
    let hash = words.split_off(count as usize);
    let expected = Fingerprint::of(&words);
    if hash != [(expected >> 64) as u64, expected as u64] {
        return Ok(None);
    }
    let (counts, mut pairs) = words[1..].split_at(keys);
    let mut records = Vec::with_capacity(keys);
    for &count in counts {
        let Some((these, others)) = pairs.split_at_checked(2 * count as usize) else {
            return Ok(None);
        };
        let record = |pair: &[u64]| Record {
            key: pair[0],
            place: pair[1],
        };
        records.push(these.chunks_exact(2).map(record).collect());
        pairs = others;
    }
    Ok(Some((records, bytes)))
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    fn part(records: &[&[(u64, u64)]]) -> RecordedPart {
        let record = |&(key, place): &(u64, u64)| Record { key, place };
        RecordedPart::of(
            records
                .iter()
                .map(|records| records.iter().map(record).collect())
                .collect(),
        )
    }

    fn held(path: &Path) -> Vec<Records> {
        let (_, parts) = Sketch::open(path, 2).unwrap();
        parts.iter().map(|part| part.records().to_vec()).collect()
    }

    #[test]
    fn what_was_added_is_there_and_what_was_cut_off_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.sketch");
        let (sketch, none) = Sketch::open(&path, 2).unwrap();
        assert!(none.is_empty());
        sketch
            .add(2, &[part(&[&[(1, 2)], &[]]), part(&[&[(3, 4)], &[(5, 6)]])])
            .unwrap();
        sketch.add(2, &[part(&[&[], &[(7, 8), (9, 10)]])]).unwrap();
        let first = part(&[&[(1, 2), (3, 4)], &[(5, 6)]]).records().to_vec();
        let second = part(&[&[], &[(7, 8), (9, 10)]]).records().to_vec();
        assert_eq!(held(&path), [first.clone(), second.clone()]);

        // Cut off anywhere in the second block, the first is left, and what is added follows it.
        let whole = fs::read(&path).unwrap();
        for cut in [whole.len() - 1, whole.len() - 60, whole.len() - 71] {
            fs::write(&path, &whole[..cut]).unwrap();
            let (sketch, parts) = Sketch::open(&path, 2).unwrap();
            assert_eq!(parts.len(), 1, "{cut}");
            sketch.add(2, &[part(&[&[], &[(7, 8), (9, 10)]])]).unwrap();
            assert_eq!(held(&path), [first.clone(), second.clone()]);
        }
        // A bit that has turned ends what is taken.
        let mut damaged = whole.clone();
        damaged[30] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert!(held(&path).is_empty());
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    }
}

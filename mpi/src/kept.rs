//! What a rank has recorded, in files: an audit that was interrupted takes what is complete, and makes the rest.
//!
//! A file is named by a hash of what was asked, and holds what was answered, behind a hash of it. What was asked
//! names a digest of all words, so other words find nothing.

use std::{
    fs,
    hash::Hasher as _,
    path::{Path, PathBuf},
};

use siphasher::sip128::{Hasher128 as _, SipHasher24};

use crate::exchange::{pack, unpack};

/// The files of one rank.
pub struct Kept {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Kept {
    /// Files in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            files: Vec::new(),
        }
    }

    /// What was answered to this before, or is now. What cannot be written is not kept.
    pub fn get_or_make(
        &mut self,
        asked: &[&[u8]],
        make: impl FnOnce() -> Result<Vec<Vec<u8>>, String>,
    ) -> Result<Vec<Vec<u8>>, String> {
        let name = format!("{:032x}.answer", hash(asked));
        let path = self.folder.join(name);
        self.files.push(path.clone());
        if let Some(known) = read(&path) {
            return Ok(known);
        }
        let made = make()?;
        let answer = pack(made.iter().map(|part| &part[..]));
        let mut bytes = hash(&[&answer]).to_le_bytes().to_vec();
        bytes.extend(answer);
        let half = path.with_extension(format!("half-{}", std::process::id()));
        if write(&half, &bytes)
            .and_then(|()| fs::rename(&half, &path))
            .is_err()
        {
            // One that stays takes room and does no harm.
            let _ = fs::remove_file(&half);
        }
        Ok(made)
    }

    /// Deletes what was kept: the audit has come to its end.
    pub fn delete(&mut self) {
        for file in self.files.drain(..) {
            let _ = fs::remove_file(file);
        }
    }
}

/// Keys tell who knows the words that they were in: files are their owner's.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, bytes)
}

fn read(path: &Path) -> Option<Vec<Vec<u8>>> {
    let bytes = fs::read(path).ok()?;
    let (expected, answer) = bytes.split_first_chunk::<16>()?;
    let whole = hash(&[answer]).to_le_bytes() == *expected;
    whole.then(|| unpack(answer).into_iter().map(<[u8]>::to_vec).collect())
}

fn hash(parts: &[&[u8]]) -> u128 {
    let mut hasher = SipHasher24::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    hasher.finish128().as_u128()
}

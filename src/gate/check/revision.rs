//! Which revision is checked, and the root that belongs to it.

use std::{path::Path, process::Command};

use crate::vocabulary::RootSeed;

/// The revision of the working tree around `dir`, with `-dirty` where it is changed; `None` where
/// there is no git, or no revision yet.
pub(super) fn revision(dir: &Path) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args([
            "describe",
            "--always",
            "--dirty",
            "--abbrev=64",
            "--exclude=*",
        ])
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8(output.stdout).ok()?;
    let revision = text.trim();
    (!revision.is_empty()).then(|| revision.to_owned())
}

/// The root of a revision: its hash, read as a number. Fixed for a commit, another for the next.
pub(super) fn root(revision: &str) -> Option<RootSeed> {
    let hash = revision.split('-').next()?;
    format!("0x{hash}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commits_root_is_its_hash() {
        let commit = "00ffab12cd34ef5600ffab12cd34ef5600ffab12";
        let dirty = format!("{commit}-dirty");
        assert_eq!(root(commit), root(&dirty));
        assert_eq!(
            root(commit).unwrap().to_string(),
            "0xffab12cd34ef5600ffab12cd34ef5600ffab12"
        );
        assert_eq!(root("no hash"), None);
    }
}

//! Which stream a file is: identity from the folders it lies in and the digits in its name.
//!
//! `run-RRR/worker-WWWWW.EXT` is the layout that [`shard`](super::shard) writes, but any tree will
//! do: a `run-*` folder is a run, a `seed-*` folder is a run whose root was given, and every other
//! folder (`epoch-*`, `rank-*`, `host-*` …) tells streams of one run apart. Names are compared by
//! the numbers in them, so `worker-2` comes before `worker-10`.

use std::path::{Path, PathBuf};

use super::{
    error::CaptureError,
    identity::{Identity, Part, parts},
};

/// How deep folders are searched; a loop of links ends here.
const DEEPEST: usize = 16;

/// A file of a capture, with what its path says of it.
#[derive(Debug)]
pub(super) struct Found {
    /// The file.
    pub path: PathBuf,
    /// Its name relative to the capture's folder.
    pub name: String,
    /// What the path says.
    pub identity: Identity,
    /// Its size.
    pub bytes: u64,
    /// Its extension, in lower case.
    pub extension: String,
}

impl Found {
    /// Whether it is named after the one who drew it, as in `worker-7`.
    pub fn is_one_workers(&self) -> bool {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        let name = name.to_ascii_lowercase();
        let begins = |word: &str| {
            name.match_indices(word).any(|(at, _)| {
                let before = name[..at].bytes().next_back();
                let rest = name[at + word.len()..].trim_start_matches(['-', '_', '=', '.', ' ']);
                !before.is_some_and(|byte| byte.is_ascii_alphabetic())
                    && rest.starts_with(|first: char| first.is_ascii_digit())
            })
        };
        !self.identity.task.is_empty() && WORKERS.into_iter().any(begins)
    }
}

/// Every file below a folder whose extension `wanted` accepts, in no particular order.
pub(super) fn walk(root: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Found>, CaptureError> {
    let mut found = Vec::new();
    let mut folders = vec![(
        root.to_path_buf(),
        String::new(),
        Identity::default(),
        0usize,
    )];
    while let Some((folder, prefix, identity, depth)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(CaptureError::io("list", &folder))?;
        for entry in entries {
            let entry = entry.map_err(CaptureError::io("list", &folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            let mut kind = entry
                .file_type()
                .map_err(CaptureError::io("look at", &path))?;
            if kind.is_symlink() {
                // A link that leads nowhere is no capture.
                let Ok(target) = std::fs::metadata(&path) else {
                    continue;
                };
                kind = target.file_type();
            }
            if kind.is_dir() {
                if depth < DEEPEST {
                    let mut inner = identity.clone();
                    component(&name, true, &mut inner);
                    folders.push((path, format!("{prefix}{name}/"), inner, depth + 1));
                }
                continue;
            }
            let Some((stem, extension)) = split_extension(&name) else {
                continue;
            };
            if !kind.is_file() || !wanted(&extension) || is_documentation(stem) {
                continue;
            }
            let mut identity = identity.clone();
            component(stem, false, &mut identity);
            let bytes = std::fs::metadata(&path)
                .map_err(CaptureError::io("look at", &path))?
                .len();
            found.push(Found {
                name: format!("{prefix}{name}"),
                identity,
                bytes,
                path,
                extension,
            });
        }
    }
    found.sort_by(|a, b| {
        (&a.identity, &a.extension, &a.name).cmp(&(&b.identity, &b.extension, &b.name))
    });
    Ok(found)
}

/// A name's stem and its extension in lower case.
pub(super) fn split_extension(name: &str) -> Option<(&str, String)> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| (stem, extension.to_ascii_lowercase()))
}

/// Words before the number of who drew what is in a file.
const WORKERS: [&str; 14] = [
    "worker", "rank", "task", "thread", "process", "proc", "pid", "stream", "chain", "replica",
    "gpu", "core", "shard", "job",
];

/// Texts that lie beside captures and describe them.
fn is_documentation(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    [
        "readme",
        "license",
        "notes",
        "manifest",
        "metadata",
        "labels",
        "requirements",
        "changelog",
    ]
    .iter()
    .any(|word| stem.starts_with(word))
}

/// Sorts what one folder or file name says into the identity.
fn component(name: &str, folder: bool, identity: &mut Identity) {
    let mut pieces = Vec::new();
    parts(name, &mut pieces);
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let Part::Text(text) = piece else {
            identity.task.push(piece);
            continue;
        };
        let number = matches!(pieces.peek(), Some(Part::Number(_)));
        let word = text.trim_end_matches(['-', '_', '=', '.', ' ']);
        let start = word
            .char_indices()
            .rfind(|(_, c)| !c.is_ascii_alphabetic())
            .map_or(0, |(at, c)| at + c.len_utf8());
        let label = word[start..].to_ascii_lowercase();
        let is_run = matches!(label.as_str(), "run" | "launch");
        let is_seed = folder && matches!(label.as_str(), "seed" | "root");
        if number && (is_run || is_seed) {
            let before = text[..start].trim_matches(['-', '_', '=', '.', ' ']);
            if !before.is_empty() {
                identity.task.push(Part::Text(before.into()));
            }
            identity.seeded |= is_seed;
            identity.run.extend(pieces.next());
        } else {
            // Separators alone say nothing.
            let text = text.trim_matches(['-', '_', '=', '.', ' ']);
            if !text.is_empty() {
                identity.task.push(Part::Text(text.into()));
            }
        }
    }
    // A folder `run-fast` tells runs apart as well as `run-3` does.
    if folder
        && identity.run.is_empty()
        && let Some(rest) = name.strip_prefix("run-")
        && !rest.bytes().any(|byte| byte.is_ascii_digit())
    {
        identity.task.pop();
        identity.run.push(Part::Text(rest.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::identity::number;

    fn identity(path: &str) -> Identity {
        let mut identity = Identity::default();
        let mut components = path.split('/').peekable();
        while let Some(name) = components.next() {
            component(name, components.peek().is_some(), &mut identity);
        }
        identity
    }

    fn text(text: &str) -> Part {
        Part::Text(text.into())
    }

    #[test]
    fn folders_and_names_say_who_drew_a_stream() {
        let plain = identity("run-003/worker-00012");
        assert_eq!(plain.run, [Part::Number(3)]);
        assert_eq!(plain.task, [text("worker"), Part::Number(12)]);
        let flat = identity("run_003_worker_12");
        assert_eq!(flat.run, plain.run);
        assert_eq!(flat.task, plain.task);
        let grid = identity("epoch-1/rank-2/worker-3");
        assert_eq!(grid.run, []);
        assert_eq!(grid.task.len(), 6);
        assert!(identity("seed-42/rank-0").seeded);
        assert!(!identity("seed-42").seeded, "a file is a stream");
        assert_eq!(identity("run-fast/a").run, [text("fast")]);
    }

    #[test]
    fn files_are_named_after_those_who_drew() {
        let is_one_workers = |name: &str| {
            let found = Found {
                path: name.into(),
                name: name.into(),
                identity: identity(name.rsplit_once('.').unwrap().0),
                bytes: 0,
                extension: "npy".into(),
            };
            found.is_one_workers()
        };
        for name in [
            "run-0/rank-3.npy",
            "worker_12.npy",
            "run-1-worker-2.npy",
            "Thread7.npy",
        ] {
            assert!(is_one_workers(name), "{name}");
        }
        for name in [
            "run-0.npy",
            "rank-3/draws.npy",
            "epoch-1.npy",
            "worker.npy",
            "coworker-1.npy",
        ] {
            assert!(!is_one_workers(name), "{name}");
        }
    }

    #[test]
    fn natural_order_and_numbers() {
        assert!(identity("worker-2") < identity("worker-10"));
        let keys = [identity("w-3").task, identity("w-10").task];
        let keys: Vec<&[Part]> = keys.iter().map(Vec::as_slice).collect();
        assert_eq!(number(&keys), Some(vec![3, 10]));
        let keys = [
            identity("host-0/rank-1").task,
            identity("host-1/rank-1").task,
        ];
        let keys: Vec<&[Part]> = keys.iter().map(Vec::as_slice).collect();
        assert_eq!(number(&keys), Some(vec![0, 1]));
    }
}

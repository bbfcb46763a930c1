//! What the recorder writes: one line of JSON an event, in one file a process.
//!
//! Lines are written at once, so that a process that is killed loses none; one that is cut off by that
//! is left out. The words of a state predict every later number: the folder and its files are readable by
//! their owner alone, and deleted once they are judged.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// How many words of a state are kept.
pub const WORDS: usize = 256;

/// How the name of a file ends in which a process counts its calls of the system's generator: their number and
/// the time of the last one, 8 bytes each in the machine's order.
pub const ENTROPY: &str = "entropy";

/// How many words tell two states apart.
pub const TELLING: usize = 8;

/// An event with its process and time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordEntry {
    /// The process: its id and when it was first heard of, as process ids come again.
    pub process: String,
    /// Nanoseconds since the Unix epoch.
    pub at: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened in a process.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The recorder is there.
    Hello(Hello),
    /// A state is drawn from for the first time since it was seeded or the process forked.
    Draw(Draw),
    /// A state is read, to be pickled or copied.
    Copy(Copied),
    /// A process that forks has used so many words of a state: the rest belongs to parent and child.
    Cut(Cut),
    /// How far a state that had been copied was used when it ended: whoever has the copy may go on from there.
    Used(Cut),
    /// So many states are recorded that later ones are not looked at.
    Full {
        /// How many are.
        after: u64,
    },
    /// The operating system was asked for entropy, at least so often. Where files can be mapped, a process keeps this
    /// number in a file of its own, so that it is exact however the process ends; [`read`] makes the event of it.
    Entropy {
        /// How often.
        calls: u64,
    },
    /// A program was started.
    Started {
        /// Its process id.
        child: u32,
        /// The beginning of its command line.
        command: Vec<String>,
    },
    /// Something of this process cannot be seen, or only slowly.
    Problem {
        /// What, in one line.
        what: String,
    },
    /// The process ended.
    End,
}

/// A process that the recorder is in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hello {
    /// Process id.
    pub pid: u32,
    /// The parent's process id.
    pub ppid: u32,
    /// The process that it was forked from.
    pub parent: Option<String>,
    /// How the recorder came into it.
    pub how: Arrival,
    /// The beginning of the command line.
    pub command: Vec<String>,
    /// The interpreter's version.
    pub python: String,
    /// Its rank, where a launcher says it in the environment.
    #[serde(default)]
    pub rank: Option<i64>,
}

/// How the recorder came into a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrival {
    /// An interpreter started.
    Start,
    /// A process forked.
    Fork,
    /// A watch began in a running process.
    Attach,
}

/// A line of a program, and the nearest one to it that is not the standard library's.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// `file:line` of the nearest line of the user, or of the nearest at all.
    pub line: String,
    /// Whether a library stands between that line and what it did.
    pub in_library: bool,
    /// Whether a library did it while it was imported.
    pub importing: bool,
}

/// How a state came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateOrigin {
    /// A generator was made.
    Made,
    /// A generator was seeded again.
    Seeded,
    /// A state was put into a generator, as unpickling does.
    StateSet,
    /// The library made it for everyone, when it was imported.
    Global,
    /// It was there before the watch began.
    Found,
}

/// The library that a generator is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// `random`.
    Random,
    /// `numpy.random`.
    Numpy,
    /// `torch`.
    Torch,
}

impl Library {
    /// Its name in Python.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Numpy => "numpy",
            Self::Torch => "torch",
        }
    }
}

/// A first draw.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draw {
    /// The state, by the process that made it and a number.
    pub state: String,
    /// How often this process had forked by then.
    pub segment: u32,
    /// The generator's library.
    pub library: Library,
    /// The generator's type.
    pub kind: String,
    /// How the state came to be.
    pub origin: StateOrigin,
    /// Where.
    pub born: Place,
    /// The seed that was given, where one was: a number, or the name of a type.
    pub seed: Option<Seed>,
    /// The line that had drawn from the generator, unseeded, before it was seeded.
    #[serde(default)]
    pub before: Option<Place>,
    /// Whether the process inherited it by fork.
    pub inherited: bool,
    /// The line that draws.
    pub place: Place,
    /// The thread, by a number of its own in this process.
    pub thread: u64,
    /// What multiprocessing calls the process.
    pub name: String,
    /// The words of the state, in hexadecimal; empty where they could not be had.
    #[serde(with = "hex")]
    pub words: Vec<u64>,
}

/// What a generator was seeded with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Seed {
    /// An integer of at most 64 bits.
    Number(i64),
    /// A number with a fraction, such as `time.time()`.
    Real(f64),
    /// What else: a large number, or a value's type.
    Other(String),
}

/// A state that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Copied {
    /// The state.
    pub state: String,
    /// The line that read it.
    pub place: Place,
    /// Where the state was born.
    pub born: Place,
    /// How the state came to be.
    pub origin: StateOrigin,
    /// What it was seeded with.
    pub seed: Option<Seed>,
    /// Its next [`TELLING`] words.
    #[serde(with = "hex")]
    pub words: Vec<u64>,
}

/// How far a state was used before a fork, or at its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cut {
    /// The state.
    pub state: String,
    /// How often the process had forked before.
    pub segment: u32,
    /// Words used, rounded down.
    pub words: u64,
}

/// Everything that was recorded, in the order of time.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// The events.
    pub entries: Vec<RecordEntry>,
    /// Lines that could not be read, by file: a process was ended while it wrote.
    pub cut_off: BTreeMap<PathBuf, usize>,
}

/// Reads all files of a recorder's folder.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn read(folder: &Path) -> io::Result<Records> {
    let mut records = Records::default();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let end = path.extension().and_then(|end| end.to_str());
        if end == Some(ENTROPY) {
            records.entries.extend(entropy(&path, &fs::read(&path)?));
        }
        if end != Some("jsonl") {
            continue;
        }
        let text = fs::read(&path)?;
        for line in text.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(entry) => records.entries.push(entry),
                Err(_) => *records.cut_off.entry(path.clone()).or_default() += 1,
            }
        }
    }
    records.entries.sort_by_key(|entry| entry.at);
    Ok(records)
}

/// The count of a process that asked for entropy, and when it did so last.
fn entropy(path: &Path, bytes: &[u8]) -> Option<RecordEntry> {
    let number = |at: usize| Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let (calls, at) = (number(0)?, number(8)?);
    (calls > 0).then(|| RecordEntry {
        process: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        at,
        event: Event::Entropy { calls },
    })
}

/// Words as text: sixteen digits each.
mod hex {
    use std::fmt::Write as _;

    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(words: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(16 * words.len());
        for word in words {
            // Writing to a String cannot fail.
            let _ = write!(text, "{word:016x}");
        }
        serializer.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let digits = text.as_bytes();
        if digits.len() % 16 != 0 {
            return Err(D::Error::custom("words of sixteen digits are expected"));
        }
        digits
            .chunks_exact(16)
            .map(|word| {
                let word = std::str::from_utf8(word).map_err(D::Error::custom)?;
                u64::from_str_radix(word, 16).map_err(D::Error::custom)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cut_off_is_counted_and_others_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let entry = RecordEntry {
            process: "7-1".into(),
            at: 5,
            event: Event::Entropy { calls: 3 },
        };
        let line = serde_json::to_string(&entry).unwrap();
        let text = format!("{line}\n{}", &line[..line.len() / 2]);
        fs::write(folder.path().join("7-1.jsonl"), text).unwrap();
        let records = read(folder.path()).unwrap();
        assert_eq!(records.entries.len(), 1);
        assert_eq!(records.cut_off.values().sum::<usize>(), 1);
    }

    #[test]
    fn calls_for_entropy_are_read_from_a_file_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = [30_u64, 9].iter().flat_map(|n| n.to_ne_bytes()).collect();
        fs::write(folder.path().join("7-1.entropy"), &bytes).unwrap();
        fs::write(folder.path().join("8-1.entropy"), &bytes[..9]).unwrap();
        fs::write(folder.path().join("9-1.entropy"), [0; 16]).unwrap();
        let records = read(folder.path()).unwrap();
        let [entry] = &records.entries[..] else {
            panic!("{records:?}")
        };
        assert_eq!((entry.process.as_str(), entry.at), ("7-1", 9));
        assert!(matches!(entry.event, Event::Entropy { calls: 30 }));
    }

    #[test]
    fn draws_come_back_as_they_were_written() {
        let draw = Draw {
            state: "1-1.4".into(),
            segment: 2,
            library: Library::Numpy,
            kind: "PCG64".into(),
            origin: StateOrigin::Made,
            born: Place::default(),
            seed: Some(Seed::Number(12_345)),
            before: None,
            inherited: true,
            place: Place {
                line: "a.py:3".into(),
                ..Place::default()
            },
            thread: 1,
            name: "MainProcess".into(),
            words: vec![0, u64::MAX, 0x0123_4567_89ab_cdef],
        };
        let entry = RecordEntry {
            process: "1-1".into(),
            at: 1,
            event: Event::Draw(draw.clone()),
        };
        let text = serde_json::to_string(&entry).unwrap();
        let again: RecordEntry = serde_json::from_str(&text).unwrap();
        let Event::Draw(read) = again.event else {
            panic!("{text}")
        };
        assert_eq!(read.words, draw.words);
        assert_eq!(read.seed, draw.seed);
        assert_eq!(read.place, draw.place);
    }
}

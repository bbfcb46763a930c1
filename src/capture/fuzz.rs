//! Parsers on mutated input: whatever comes, they answer or refuse, and never panic.
//!
//! The mutations are seeded, so a failure repeats. The starting points and every input that once
//! failed are kept in `tests/corpus/` and replayed as they are. The long form, a million executions a
//! parser:
//!
//! ```text
//! cargo test --lib capture::fuzz -- --ignored --nocapture
//! ```

use std::{fs, io::Read, path::Path};

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::{
    Axis, CaptureError, Comma, Reading, arrays::Array, drips::Drips, forms, identity::Identity,
    npz, rows::Rows, text_source::TextSource, tree::Found,
};

/// Executions of the form that always runs.
const SHORT: usize = 2_000;
/// Executions of the recorded form.
const LONG: usize = 1_000_000;
/// Longest input: every parser reads line by line or a header only.
const LONGEST: usize = 1024;

/// Pieces that parsers have opinions on.
const PIECES: [&str; 60] = [
    "[1] ",
    "[[2]]",
    "rank 3: ",
    "...",
    "=>",
    "INFO x",
    "np.float64(",
    "array(",
    ",",
    "\n",
    "\r\n",
    "\"",
    "\t",
    ";",
    "{",
    "}",
    "[",
    "]",
    ":",
    "nan",
    "-inf",
    "1e999",
    "-0",
    "18446744073709551616",
    "0x",
    "worker",
    "value",
    "run",
    "'shape': (",
    "| ",
    "|---|",
    "=== worker 1 ===",
    "worker=0 ",
    "$",
    "%",
    "0,5",
    "1,234",
    "NA",
    "(pid=3) ",
    "[default0]:",
    "3 => ",
    "# rank 1",
    "\n\n",
    "\u{feff}",
    "\0",
    "é",
    "│",
    "┌",
    "| i64 |",
    "(3 rows)",
    "#PID<0.3.0>: ",
    "OrderedDict([(",
    "deque([",
    "c(",
    "w=",
    "<class 'list'>",
    ", , 1",
    "3-element Vector{Float64}:",
    "Float64Array(3) [",
    "Columns 1 through 2:",
];

fn mutate(input: &mut Vec<u8>, other: &[u8], rng: &mut Xoshiro256PlusPlus) {
    for _ in 0..rng.random_range(1..6) {
        let at = rng.random_range(0..=input.len());
        match rng.random_range(0..7) {
            0 if at < input.len() => input[at] ^= 1 << rng.random_range(0..8),
            1 if at < input.len() => input[at] = rng.next_u32() as u8,
            2 if at < input.len() => {
                let end = rng.random_range(at..=input.len().min(at + 16));
                input.drain(at..end);
            }
            3 => {
                let piece = PIECES[rng.random_range(0..PIECES.len())];
                input.splice(at..at, piece.bytes());
            }
            4 => {
                let start = rng.random_range(0..=other.len());
                let end = rng.random_range(start..=other.len().min(start + 64));
                input.splice(at..at, other[start..end].iter().copied());
            }
            5 => input.truncate(at),
            _ => {
                let end = input.len().min(at + 32);
                let copy = input[at..end].to_vec();
                input.extend(copy);
            }
        }
    }
    input.truncate(LONGEST);
}

fn corpus(kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(kind);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| fs::read(path).unwrap())
        .collect()
}

/// Runs the parser on the corpus and on so many mutations of it. Returns how many were accepted.
fn run(kind: &str, executions: usize, parser: impl Fn(&[u8]) -> bool) -> usize {
    let corpus = corpus(kind);
    let mut accepted = corpus.iter().filter(|input| parser(input)).count();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(kind.len() as u64);
    for _ in 0..executions {
        let mut input = corpus[rng.random_range(0..corpus.len())].clone();
        let other = &corpus[rng.random_range(0..corpus.len())];
        mutate(&mut input, other, &mut rng);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| parser(&input)));
        accepted += usize::from(
            outcome.unwrap_or_else(|_| panic!("{kind} panicked on \"{}\"", input.escape_ascii())),
        );
    }
    accepted
}

/// Whether the input is accepted; however it comes in, the answer must be the same.
fn lines(input: &[u8], parser: impl Fn(&mut dyn Read) -> Result<Rows, CaptureError>) -> bool {
    let answer = |result: Result<Rows, CaptureError>| {
        result
            .map(Rows::into_vectors)
            .map_err(|error| error.to_string())
    };
    let mut whole = input;
    let at_once = answer(parser(&mut whole));
    let dripped = answer(parser(&mut Drips(input, 3)));
    assert_eq!(at_once, dripped);
    at_once.is_ok()
}

fn numpy(executions: usize) -> usize {
    run("npy", executions, |input| {
        let array = Array {
            path: "x.npy".as_ref(),
            name: "x.npy",
            identity: &Identity::default(),
            own: false,
            bytes: 0..input.len() as u64,
        };
        array
            .read(&mut std::io::Cursor::new(input), &Reading::default())
            .is_ok()
    })
}

/// Parquet files, which are read where they lie.
#[cfg(feature = "parquet")]
fn parquet_files(executions: usize) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    run("parquet", executions, |input| {
        fs::write(&path, input).unwrap();
        let found = Found {
            path: path.clone(),
            name: "x.parquet".into(),
            identity: Identity::default(),
            bytes: input.len() as u64,
            extension: "parquet".into(),
        };
        super::parquet::read(&found, &Reading::default()).is_ok()
    })
}

/// Archives, as they lie in memory.
fn archives(executions: usize) -> usize {
    run("npz", executions, |input| {
        let found = Found {
            path: "x.npz".into(),
            name: "x.npz".into(),
            identity: Identity::default(),
            bytes: input.len() as u64,
            extension: "npz".into(),
        };
        let open = || Ok(std::io::Cursor::new(input));
        npz::read_from(&found, &Reading::default(), open).is_ok()
    })
}

/// Texts of one form, through the one reader of all.
fn texts(kind: &'static str, executions: usize) -> usize {
    run(kind, executions, |input| {
        let readings = [
            Reading::default(),
            Reading {
                workers: Some(2),
                axis: Some(Axis::Rows),
                comma: Some(Comma::Point),
                ..Reading::default()
            },
        ];
        let accepted = readings.iter().filter(|reading| {
            let of = TextSource {
                name: "x",
                base: &Identity::default(),
                own: false,
                cut: false,
                reading,
            };
            lines(input, |source| forms::read(source, &of))
        });
        accepted.count() > 0
    })
}

/// Feeds a parser so many mutated inputs and says how many it took.
type Drive = fn(usize) -> usize;

const PARSERS: &[(&str, Drive)] = &[
    ("forms", |executions| texts("forms", executions)),
    ("utf16", |executions| texts("utf16", executions)),
    ("npy", numpy),
    #[cfg(feature = "parquet")]
    ("parquet", parquet_files),
    ("npz", archives),
    ("csv", |executions| texts("csv", executions)),
    ("ndjson", |executions| texts("ndjson", executions)),
    ("json", |executions| texts("json", executions)),
    ("txt", |executions| texts("txt", executions)),
    ("printed", |executions| texts("printed", executions)),
    ("literal", |executions| texts("literal", executions)),
    ("words", |executions| texts("words", executions)),
];

#[test]
fn mutated_input_never_panics() {
    for (kind, parser) in PARSERS {
        let accepted = parser(SHORT);
        // Mutations that were all refused, or all accepted, would test one path only.
        assert!(accepted > SHORT / 50, "{kind}: {accepted}");
        assert!(accepted < SHORT, "{kind}: {accepted}");
    }
}

#[test]
#[ignore = "a million executions a parser; run as the module says"]
fn a_million_mutations_never_panic() {
    PARSERS.par_iter().for_each(|(kind, parser)| {
        let accepted = parser(LONG);
        eprintln!("{kind}: {accepted} of {LONG} accepted");
        assert!(accepted > 0);
    });
}

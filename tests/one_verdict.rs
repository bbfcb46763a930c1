//! One verdict: memory, passes, slabs, threads, files for memory and the order of files change how long an
//! audit takes, and no byte of what it says.

use std::{fs, num::NonZeroU32, path::Path};

#[path = "support/crew.rs"]
mod crew;
#[path = "support/words.rs"]
mod words;

use crew::{Crew, Holding};
use seedbench::{
    audit::{Declared, Question, ReadAs, audit},
    capture::{Capture, RawKind, ReadOptions},
    joins::Room,
    vocabulary::{StreamId, limit_memory},
};
use words::words;

const STREAMS: usize = 6;

type Streams = Vec<Vec<u64>>;

/// A name, how the streams deviate from sound ones, and what must be said of them.
type Case = (&'static str, fn(&mut Streams), &'static str);

/// Everything but the sound ones lies beyond the words that are tested.
const CASES: [Case; 8] = [
    ("sound", |_| {}, "sound"),
    (
        "equal but for their starts",
        |streams| {
            let from = streams[0].len() / 8;
            let rest = streams[1][from..].to_vec();
            streams[4][from..].copy_from_slice(&rest);
        },
        "unsound",
    ),
    (
        "periodic",
        |streams| {
            let from = streams[0].len() / 8;
            for at in from..streams[2].len() {
                streams[2][at] = streams[2][at - 777];
            }
        },
        "unsound",
    ),
    (
        "constant",
        |streams| {
            let from = streams[0].len() / 8;
            streams[3][from..].fill(0x0123_4567_89ab_cdef);
        },
        "unsound",
    ),
    (
        "overlapping",
        |streams| {
            let count = streams[0].len();
            for (from, to, lag) in [(0, 5, 1), (1, 2, 3001), (2, 3, 4096)] {
                let part = streams[from][count / 4..count / 2].to_vec();
                let at = count / 4 + lag;
                streams[to][at..at + part.len()].copy_from_slice(&part);
            }
        },
        "unsound",
    ),
    (
        "backwards and disguised",
        |streams| {
            let count = streams[0].len();
            let part = streams[0][count / 4..count / 2].to_vec();
            let backwards: Vec<u64> = part.iter().rev().map(|word| !word).collect();
            streams[1][count / 3..count / 3 + part.len()].copy_from_slice(&backwards);
            let turned: Vec<u64> = part.iter().map(|word| word.rotate_left(32)).collect();
            streams[4][count / 2..count / 2 + part.len()].copy_from_slice(&turned);
        },
        "unsound",
    ),
    (
        "many copies of one stretch",
        |streams| {
            let count = streams[0].len();
            let part = streams[0][count / 4..count / 4 + 999].to_vec();
            for (at, stream) in streams.iter_mut().enumerate() {
                for copy in 0..8 {
                    let from = count / 3 + at * 1001 + copy * (count / 16);
                    stream[from..from + part.len()].copy_from_slice(&part);
                }
            }
        },
        "unsound",
    ),
    (
        "of different lengths",
        |streams| {
            let count = streams[0].len();
            for (at, stream) in streams.iter_mut().enumerate() {
                stream.truncate(count - at * 1234);
            }
            let part = streams[0][count / 4..count / 2].to_vec();
            streams[5][count / 3..count / 3 + part.len()].copy_from_slice(&part);
        },
        "unsound",
    ),
];

fn streams_of(case: &Case, count: usize) -> Streams {
    let mut streams: Streams = (1..=STREAMS as u64).map(|at| words(at, count)).collect();
    case.1(&mut streams);
    streams
}

/// A file a stream, made in this order.
fn write(folder: &Path, streams: &Streams, order: &[usize]) {
    for &at in order {
        let bytes: Vec<u8> = streams[at]
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        fs::write(folder.join(format!("worker-{at:05}.u64")), bytes).unwrap();
    }
}

/// How an audit is made.
#[derive(Clone, Copy, Debug)]
struct Way {
    memory_bytes: Option<u64>,
    threads: usize,
    /// Whether arenas lie in files.
    in_files: bool,
    /// So many workers read what is read as a whole.
    workers: Option<usize>,
}

/// What an audit says: of its joins, and all of it that is judged.
fn said(path: &Path, options: &ReadOptions, tested: u64, way: Way) -> (String, String) {
    let question = Question {
        tested_bytes: Some(tested),
        one_window_in: Some(64),
        room: Room {
            memory_bytes: way.memory_bytes,
            ..Room::default()
        },
        declared: Declared {
            read_as: ReadAs::Draws,
            ..Declared::default()
        },
        ..Question::default()
    };
    limit_memory(if way.in_files { 0 } else { u64::MAX });
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(way.threads)
        .build()
        .unwrap();
    let result = pool.install(|| {
        let mut capture = Capture::open(path, options).unwrap();
        if let Some(workers) = way.workers {
            let holding = Holding::Files(path.into(), options.clone());
            capture.read_by(Box::new(Crew { workers, holding }));
        }
        audit(&mut capture, question).unwrap()
    });
    limit_memory(u64::MAX);
    let joins = serde_json::to_string(&result.analysis.joins).unwrap();
    let all = serde_json::to_string(&(&result.analysis, &result.judgement)).unwrap();
    assert_eq!(
        result.analysis.plan.len(),
        32,
        "the report has the plan's hash"
    );
    (joins, all)
}

const USUAL: Way = Way {
    memory_bytes: None,
    threads: 2,
    in_files: false,
    workers: None,
};

fn compare(case: &Case, count: usize, tested: u64, ways: &[Way]) {
    let streams = streams_of(case, count);
    let folder = tempfile::tempdir().unwrap();
    let forwards: Vec<usize> = (0..STREAMS).collect();
    write(folder.path(), &streams, &forwards);
    let options = ReadOptions::default();
    let usual = said(folder.path(), &options, tested, USUAL);
    let verdict = format!("\"verdict\":\"{}\"", case.2);
    assert!(usual.1.contains(&verdict), "{}: {}", case.0, usual.1);
    for &way in ways {
        let this = said(folder.path(), &options, tested, way);
        assert!(
            this == usual,
            "{}, {way:?}:\n{}\n{}",
            case.0,
            usual.1,
            this.1
        );
    }

    // The same files, made in another order.
    let backwards: Vec<usize> = forwards.iter().rev().copied().collect();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &streams, &backwards);
    let this = said(folder.path(), &options, tested, ways[0]);
    assert!(this == usual, "{}, backwards", case.0);

    // The same streams in one file, where they take turns: they are called otherwise.
    if streams.iter().all(|stream| stream.len() == count) {
        let mut bytes = Vec::new();
        for at in 0..count {
            let row = streams.iter().flat_map(|stream| stream[at].to_le_bytes());
            bytes.extend(row);
        }
        let path = folder.path().join("flat.u64");
        fs::write(&path, bytes).unwrap();
        let options = ReadOptions {
            interleaved: NonZeroU32::new(STREAMS as u32),
            ..ReadOptions::default()
        };
        for way in [USUAL, ways[0]] {
            let this = said(&path, &options, tested, way);
            assert_eq!(this.0, usual.0, "{}, side by side, {way:?}", case.0);
            assert!(this.1.contains(&verdict));
        }
    }
}

fn ways(memories: &[Option<u64>], threads: &[usize], in_files: &[bool]) -> Vec<Way> {
    let mut ways = Vec::new();
    for &memory_bytes in memories {
        for &threads in threads {
            for &in_files in in_files {
                ways.push(Way {
                    memory_bytes,
                    threads,
                    in_files,
                    workers: None,
                });
            }
        }
    }
    ways
}

/// Evidence of two megabytes in slabs of an eighth of one, and in up to a dozen passes.
#[test]
fn memory_threads_slabs_and_the_order_of_files_change_nothing() {
    let small = [Some(1 << 20), Some(3 << 19)];
    let mut some = ways(&small, &[7], &[false]);
    some.extend(ways(&[Some(1 << 20)], &[1], &[true]));
    some.extend(ways(&[Some(16 << 20)], &[2], &[true]));
    for case in &CASES {
        compare(case, 40_000, 64 << 10, &some);
        // All of it tested and joined element by element.
        compare(case, 40_000, 64 << 20, &some[1..3]);
    }
}

/// One to four workers who read the same files, whatever part each of them does, in whatever order, once or
/// twice.
#[test]
fn workers_who_share_the_work_change_nothing() {
    let crews: Vec<Way> = (1..=4)
        .map(|workers| Way {
            memory_bytes: Some(1 << 20),
            workers: Some(workers),
            ..USUAL
        })
        .collect();
    for case in &CASES {
        compare(case, 40_000, 64 << 10, &crews);
    }
}

/// Words that each worker holds for itself are judged as those that lie in one memory.
#[test]
fn words_that_workers_hold_are_judged_as_those_in_memory() {
    for case in &CASES {
        let ids = (0..).map(|task| StreamId::new(0, task));
        let streams: Vec<(StreamId, Vec<u64>)> = ids.zip(streams_of(case, 40_000)).collect();
        let named = |id: &StreamId| format!("worker {}", id.task.0);
        let question = Question {
            tested_bytes: Some(64 << 10),
            one_window_in: Some(64),
            declared: Declared {
                read_as: ReadAs::Draws,
                ..Declared::default()
            },
            ..Question::default()
        };
        let tell = |mut capture: Capture| {
            let result = audit(&mut capture, question).unwrap();
            serde_json::to_string(&(&result.analysis, &result.judgement)).unwrap()
        };
        let all = streams.iter();
        let all = all.map(|(id, words)| (*id, named(id), words.clone()));
        let here = tell(Capture::in_memory(RawKind::Unsigned, all.collect()).unwrap());
        assert!(here.contains(&format!("\"verdict\":\"{}\"", case.2)));
        for workers in [1, 3] {
            let lengths = streams.iter();
            let lengths = lengths.map(|(id, words)| (*id, named(id), words.len() as u64));
            let holding = Holding::Words(streams.clone());
            let crew = Box::new(Crew { workers, holding });
            let there = Capture::held_by(crew, RawKind::Unsigned, lengths.collect()).unwrap();
            assert_eq!(tell(there), here, "{}, {workers} workers", case.0);
        }
    }
}

/// Of what more streams share than can be named, the verdict says how many they are, and workers keep no more of it
/// than the first places and their number.
#[test]
fn what_very_many_share_is_counted() {
    const MANY: u32 = 5_000;
    let shared = words(77, 100);
    let streams: Vec<(StreamId, Vec<u64>)> = (0..MANY)
        .map(|task| {
            let mut stream = words(1_000 + u64::from(task), 700);
            stream[500..600].copy_from_slice(&shared);
            (StreamId::new(0, task), stream)
        })
        .collect();
    let question = Question {
        tested_bytes: Some(64 << 10),
        one_window_in: Some(16),
        declared: Declared {
            read_as: ReadAs::Draws,
            ..Declared::default()
        },
        ..Question::default()
    };
    let named = |id: &StreamId| format!("worker {}", id.task.0);
    let tell = |mut capture: Capture| {
        let result = audit(&mut capture, question).unwrap();
        serde_json::to_string(&(&result.analysis, &result.judgement)).unwrap()
    };
    let all = streams.iter();
    let all = all.map(|(id, words)| (*id, named(id), words.clone()));
    let here = tell(Capture::in_memory(RawKind::Unsigned, all.collect()).unwrap());
    assert!(here.contains("one window of words stands at 5,000 places"));
    for workers in [1, 3] {
        let lengths = streams.iter();
        let lengths = lengths.map(|(id, words)| (*id, named(id), words.len() as u64));
        let holding = Holding::Words(streams.clone());
        let crew = Box::new(Crew { workers, holding });
        let there = Capture::held_by(crew, RawKind::Unsigned, lengths.collect()).unwrap();
        assert!(tell(there) == here, "{workers} workers");
    }
}

/// Every memory limit, with every number of threads, on 48 MiB of evidence.
#[test]
#[ignore = "takes minutes"]
fn every_limit_with_every_number_of_threads_changes_nothing() {
    let limits = [16, 24, 32, 64, 256].map(|mebibytes| Some(mebibytes << 20));
    let mut memories = limits.to_vec();
    memories.push(None);
    let all = ways(&memories, &[1, 2, 7], &[false, true]);
    for case in &CASES {
        compare(case, 1 << 20, 4 << 20, &all);
        // All of it tested, too.
        compare(case, 1 << 17, 64 << 20, &all);
    }
}

/// Rows of a table, ordered by worker and by time.
#[test]
fn the_order_of_rows_changes_nothing() {
    let mut streams: Streams = (1..=4).map(|at| words(at, 6_000)).collect();
    let part = streams[0][2_000..4_000].to_vec();
    streams[3][3_000..5_000].copy_from_slice(&part);
    let by_worker: Vec<(usize, u64)> = (0..4)
        .flat_map(|at| streams[at].iter().map(move |&word| (at, word)))
        .collect();
    let by_time: Vec<(usize, u64)> = (0..6_000)
        .flat_map(|row| (0..4).map(move |at| (at, row)))
        .map(|(at, row)| (at, streams[at][row]))
        .collect();
    let tell = |rows: &[(usize, u64)], way: Way| {
        let folder = tempfile::tempdir().unwrap();
        let mut text = "worker,value\n".to_owned();
        for (worker, value) in rows {
            text += &format!("{worker},{value}\n");
        }
        let path = folder.path().join("drawn.csv");
        fs::write(&path, text).unwrap();
        said(&path, &ReadOptions::default(), 16 << 10, way)
    };
    let usual = tell(&by_worker, USUAL);
    assert!(usual.1.contains("\"verdict\":\"unsound\""), "{}", usual.1);
    let in_files = Way {
        memory_bytes: Some(1 << 20),
        threads: 1,
        in_files: true,
        ..USUAL
    };
    for way in [USUAL, in_files] {
        assert!(tell(&by_time, way) == usual, "{way:?}");
        assert!(tell(&by_worker, way) == usual, "{way:?}");
    }
}

/// Texts of one list, whose lists and records are known only at their end.
#[test]
fn lists_and_records_are_read_alike_wherever_they_are_held() {
    let mut streams: Streams = (1..=4).map(|at| words(at, 6_000)).collect();
    let part = streams[0][2_000..4_000].to_vec();
    streams[3][3_000..5_000].copy_from_slice(&part);
    let lists = format!("{streams:?}");
    let records: Vec<String> = (0..4)
        .flat_map(|at| streams[at].iter().map(move |word| (at, word)))
        .map(|(at, word)| format!("{{\"worker\": {at}, \"value\": {word}}}"))
        .collect();
    let records = format!("[{}]", records.join(",\n"));
    let in_files = Way {
        memory_bytes: Some(1 << 20),
        threads: 1,
        in_files: true,
        ..USUAL
    };
    for text in [lists, records] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drawn.json");
        fs::write(&path, text).unwrap();
        let tell = |way| said(&path, &ReadOptions::default(), 16 << 10, way);
        let usual = tell(USUAL);
        assert!(usual.1.contains("\"verdict\":\"unsound\""), "{}", usual.1);
        assert!(usual.0.contains("\"words\":2000"), "{}", usual.0);
        assert!(tell(in_files) == usual);
    }
}

/// Where fewer passes are allowed than the planned sample takes, the report says what it did not see.
#[test]
fn a_coarser_sample_is_inconclusive() {
    let folder = tempfile::tempdir().unwrap();
    let streams = streams_of(&CASES[0], 40_000);
    write(folder.path(), &streams, &[0, 1, 2, 3, 4, 5]);
    let tell = |max_passes: Option<u32>| {
        let mut capture = Capture::open(folder.path(), &ReadOptions::default()).unwrap();
        let question = Question {
            tested_bytes: Some(64 << 10),
            one_window_in: Some(4),
            room: Room {
                memory_bytes: Some(1 << 20),
                max_passes,
                ..Room::default()
            },
            ..Question::default()
        };
        audit(&mut capture, question).unwrap()
    };
    let planned = tell(None);
    assert_eq!(planned.judgement.verdict.name(), "sound");
    assert_eq!(planned.analysis.coarser, None);
    let refused = tell(Some(2));
    assert_eq!(refused.judgement.verdict.name(), "inconclusive");
    let coarser = refused.analysis.coarser.unwrap();
    assert_eq!((coarser.asked_for, coarser.allowed), (4, 2));
    assert!(
        coarser.passes > 2 && coarser.one_window_in > 4,
        "{coarser:?}"
    );
    assert_ne!(refused.analysis.plan, planned.analysis.plan);
    let missed = |analysis: &seedbench::results::Analysis| analysis.joins.recall[0].1;
    assert!(missed(&refused.analysis) > missed(&planned.analysis));
    let needs = refused.judgement.needs.unwrap();
    assert!(needs.contains("--max-passes"), "{needs}");
}

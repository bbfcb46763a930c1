//! How fast captures are read, in CPU time, beside plain reads of the same bytes.
//!
//! Every group has the same three rows. `read` is the least that can be done: read(2) of the same
//! files in large pieces into one buffer that was touched before. `read-fresh` reads them into memory
//! that the system has to provide first, as `std::fs::read` does. `capture` opens the capture,
//! recognises the format, reads all words, checks and converts them, and gives the memory back. The
//! ratio of `capture` to `read` is what travels between machines. All files are in the page cache.
//! Run with `--test`, sizes shrink to a hundredth.
//!
//! Measured on two cores of an AMD EPYC virtual machine, in GB/s of file bytes: `read` 18, `read-fresh`
//! 1.8 (fresh memory is what costs), `capture` of words 5.0 to 5.9 per core and 8.5 to 10.6 on both, of
//! doubles 2.3 to 2.6 and 4.2, of floats 1.3 and 2.3; tables of integers 0.60, of reals 0.39, on one
//! core; 10,000 files in 0.12 s where reading them takes 0.04 s. Memory that the machine itself has to
//! be given first (a virtual machine that has just started) is touched at 0.3 GB/s, and nothing that
//! reads into it is faster.

#[path = "support/clock.rs"]
mod clock;
mod support;

use std::{
    fmt::Write as _,
    fs::{self, File},
    hint::black_box,
    io::{Read, Write as _},
    path::{Path, PathBuf},
};

use clock::{cpu_time, shrink};
use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use seedbench::capture::{Capture, ReadOptions};

/// Words of a large capture: 256 MiB of doubles.
const WORDS: usize = 32 << 20;
/// Rows of a large table, about 64 MB of text.
const ROWS: usize = 2_600_000;
/// Files of a capture of many small ones.
const FILES: usize = 10_000;
/// Words of each of those.
const FEW_WORDS: usize = 64;

fn noise(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

fn real(source: &mut Xoshiro256PlusPlus) -> f64 {
    (source.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// A numpy file of 64 streams.
fn npy(path: &Path, kind: &str, words: usize, bytes: impl Iterator<Item = u8>) {
    write(path, &array(kind, words, bytes));
}

/// An archive of one such file, which is stored as it is.
#[cfg(feature = "npz")]
fn npz(path: &Path, kind: &str, words: usize, bytes: impl Iterator<Item = u8>) {
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
    let mut archive = ZipWriter::new(File::create(path).expect("a file can be made"));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(true);
    archive.start_file("draws.npy", stored).expect("an entry");
    archive
        .write_all(&array(kind, words, bytes))
        .expect("there is room");
    archive.finish().expect("there is room");
}

/// A Parquet file of 64 lists of doubles, plain.
#[cfg(feature = "parquet")]
fn parquet(path: &Path, words: usize, mut real: impl FnMut() -> f64) {
    use parquet::{
        basic::Encoding,
        data_type::{DoubleType, Int32Type},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };
    let schema = "message draws {
        required int32 worker;
        required group values (LIST) { repeated group list { required double element; } }
    }";
    let schema = parse_message_type(schema).expect("a schema").into();
    let plain = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::PLAIN)
        .build();
    let file = File::create(path).expect("a file can be made");
    let mut writer = SerializedFileWriter::new(file, schema, plain.into()).expect("a writer");
    let length = words / 64;
    for workers in (0..64).collect::<Vec<i32>>().chunks(8) {
        let mut group = writer.next_row_group().expect("a row group");
        let mut column = group.next_column().expect("a column").expect("workers");
        let typed = column.typed::<Int32Type>();
        typed
            .write_batch(workers, None, None)
            .expect("there is room");
        column.close().expect("there is room");
        let mut column = group.next_column().expect("a column").expect("lists");
        for _ in workers {
            let values: Vec<f64> = (0..length).map(|_| real()).collect();
            let defined = vec![1; length];
            let mut repeated = vec![1; length];
            repeated[0] = 0;
            let typed = column.typed::<DoubleType>();
            typed
                .write_batch(&values, Some(&defined), Some(&repeated))
                .expect("there is room");
        }
        column.close().expect("there is room");
        group.close().expect("there is room");
    }
    writer.close().expect("there is room");
}

/// The bytes of a numpy file of 64 streams.
fn array(kind: &str, words: usize, bytes: impl Iterator<Item = u8>) -> Vec<u8> {
    let shape = words / 64;
    let mut header =
        format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (64, {shape}), }}");
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let _ = write!(header, "{:>1$}", "\n", length - header.len());
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((length as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(bytes);
    file
}

fn write(path: &Path, bytes: &[u8]) {
    let mut file = File::create(path).expect("a file can be made");
    file.write_all(bytes).expect("there is room");
}

/// All files of a capture, as deep as they lie.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.into()];
    }
    fs::read_dir(path)
        .expect("the capture is there")
        .flat_map(|entry| files(&entry.expect("an entry").path()))
        .collect()
}

fn bench(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut routine: impl FnMut()) {
    // What is read lies in the page cache from here on.
    routine();
    group.bench_function(name, |b| {
        b.iter_custom(|times| {
            let start = cpu_time();
            for _ in 0..times {
                routine();
            }
            cpu_time() - start
        });
    });
}

fn rows(c: &mut Criterion, name: &str, path: &Path, words: usize) {
    let files = files(path);
    let bytes = files
        .iter()
        .map(|file| fs::metadata(file).expect("the file is there").len())
        .sum();
    let mut group = c.benchmark_group(format!("capture/{name}"));
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    let mut buffer = vec![1u8; 1 << 20];
    bench(&mut group, "read", || {
        for file in &files {
            let mut file = File::open(file).expect("the file is there");
            while file.read(&mut buffer).expect("the file can be read") > 0 {}
        }
        black_box(&buffer);
    });
    bench(&mut group, "read-fresh", || {
        for file in &files {
            black_box(fs::read(file).expect("the file can be read"));
        }
    });
    bench(&mut group, "capture", || {
        let mut capture = Capture::open(path, &ReadOptions::default()).expect("a capture");
        let evidence = capture.load(usize::MAX).expect("its words");
        assert_eq!(evidence.words().len(), words, "every word is read");
    });
    group.finish();
}

fn read(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for captures");
    let words = WORDS / shrink() / 64 * 64;

    let path = folder.path().join("words");
    fs::create_dir(&path).expect("a folder");
    for file in 0..64 {
        let mut source = noise(file);
        let bytes: Vec<u8> = (0..words / 64)
            .flat_map(|_| source.next_u64().to_le_bytes())
            .collect();
        write(&path.join(format!("worker-{file:05}.u64")), &bytes);
    }
    rows(c, "u64", &path, words);
    fs::remove_dir_all(&path).expect("it was made above");

    let path = folder.path().join("words.npy");
    let mut source = noise(100);
    let bytes = (0..words).flat_map(|_| source.next_u64().to_le_bytes());
    npy(&path, "<u8", words, bytes);
    rows(c, "npy-u64", &path, words);
    let mut source = noise(101);
    let bytes = (0..words).flat_map(|_| real(&mut source).to_le_bytes());
    npy(&path, "<f8", words, bytes);
    rows(c, "npy-f64", &path, words);
    let mut source = noise(102);
    let float =
        |source: &mut Xoshiro256PlusPlus| (source.next_u32() >> 8) as f32 / (1 << 24) as f32;
    let bytes = (0..words).flat_map(|_| float(&mut source).to_le_bytes());
    npy(&path, "<f4", words, bytes);
    rows(c, "npy-f32", &path, words);
    fs::remove_file(&path).expect("it was made above");

    #[cfg(feature = "npz")]
    {
        let path = folder.path().join("words.npz");
        let mut source = noise(104);
        let bytes = (0..words).flat_map(|_| real(&mut source).to_le_bytes());
        npz(&path, "<f8", words, bytes);
        rows(c, "npz-f64", &path, words);
        fs::remove_file(&path).expect("it was made above");
    }
    #[cfg(feature = "parquet")]
    {
        let path = folder.path().join("words.parquet");
        let mut source = noise(105);
        parquet(&path, words, || real(&mut source));
        rows(c, "parquet-f64", &path, words);
        fs::remove_file(&path).expect("it was made above");
    }

    let table_rows = ROWS / shrink();
    let table = |value: &mut dyn FnMut() -> String| {
        let mut text = String::from("run,worker,value\n");
        for row in 0..table_rows {
            let _ = writeln!(text, "{},{},{}", row % 2, row / 1000 % 16, value());
        }
        text
    };
    let path = folder.path().join("table.csv");
    let mut source = noise(103);
    write(
        &path,
        table(&mut || source.next_u64().to_string()).as_bytes(),
    );
    rows(c, "csv-integers", &path, table_rows);
    write(
        &path,
        table(&mut || real(&mut source).to_string()).as_bytes(),
    );
    rows(c, "csv-reals", &path, table_rows);
    fs::remove_file(&path).expect("it was made above");

    let path = folder.path().join("small");
    let count = FILES / shrink();
    for file in 0..count {
        let mut source = noise(file as u64);
        let run = path.join(format!("run-{:03}", file % 4));
        fs::create_dir_all(&run).expect("a folder");
        let bytes: Vec<u8> = (0..FEW_WORDS)
            .flat_map(|_| source.next_u64().to_le_bytes())
            .collect();
        write(&run.join(format!("worker-{:05}.u64", file / 4)), &bytes);
    }
    rows(c, "10000-files", &path, count * FEW_WORDS);
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = read
}
criterion_main!(benches);

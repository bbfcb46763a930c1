//! An audit of a large capture that is killed goes on from its sketch files, and says the same.
#![cfg(target_os = "linux")]

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

#[path = "support/words.rs"]
mod words;

use serde_json::Value;
use words::words;

/// Words of a stream: with six of them, more than are tested, in two dozen slabs of what 16 MiB allow.
const WORDS: usize = 1 << 20;

/// Streams of SplitMix64, one of which has a stretch of another beyond the words that are tested.
fn write(folder: &Path) {
    let mut streams: Vec<Vec<u64>> = (1..=6_u64).map(|stream| words(stream, WORDS)).collect();
    let part = streams[0][WORDS / 4..WORDS / 2].to_vec();
    streams[3][WORDS / 3..WORDS / 3 + part.len()].copy_from_slice(&part);
    for (at, stream) in streams.iter().enumerate() {
        let bytes: Vec<u8> = stream.iter().flat_map(|word| word.to_le_bytes()).collect();
        fs::write(folder.join(format!("worker-{at:05}.u64")), bytes).unwrap();
    }
}

fn audit(capture: &Path, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .arg("audit")
        .arg(capture)
        .args(["--quiet", "--json", "-", "--tested", "1M", "--recall", "16"])
        .args(["--memory", "16M"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What an audit says that came to its end.
fn said(child: Child) -> [Value; 3] {
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(10));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let analysis = report["cells"][0]["outcome"]["analysis"].clone();
    assert!(analysis["joins"]["shared"].is_array());
    [
        analysis,
        report["findings"].clone(),
        report["verdict"].clone(),
    ]
}

/// The sketch files, and their bytes.
fn kept(sketches: &Path) -> Vec<u64> {
    let entries = fs::read_dir(sketches).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "sketch"))
        .map(|entry| entry.metadata().unwrap().len())
        .collect()
}

#[test]
fn a_killed_audit_goes_on_and_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, sketches) = (
        folder.path().join("capture"),
        folder.path().join("sketches"),
    );
    fs::create_dir(&capture).unwrap();
    write(&capture);
    let usual = said(audit(&capture, &[]));
    let keeping = ["--sketches", sketches.to_str().unwrap()];
    // Killed as soon as something is kept, and again once more is.
    let mut least = 0;
    for _ in 0..2 {
        let mut killed = audit(&capture, &keeping);
        let end = Instant::now() + Duration::from_secs(120);
        while kept(&sketches).iter().sum::<u64>() <= least && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
        killed.kill().unwrap();
        killed.wait().unwrap();
        let bytes = kept(&sketches).iter().sum();
        assert!(bytes > least, "{bytes} bytes after {least}");
        least = bytes;
    }
    assert_eq!(said(audit(&capture, &keeping)), usual);
    assert!(kept(&sketches).is_empty(), "what has ended keeps nothing");
}

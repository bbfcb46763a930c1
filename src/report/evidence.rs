//! Evidence in words: witnesses and views, as every format says them.

use super::numbers;
use crate::record::{Report, SecondStage};
use crate::{
    results::{CopyKind, Place, View, Witness},
    verdict::procedure::SECOND,
};

/// The proof of a copy in one sentence.
pub(crate) fn witness(witness: &Witness) -> String {
    let words = match witness.words {
        1 => "1 word".to_owned(),
        words => format!("{} words", numbers::count(words)),
    };
    let backwards = if witness.reversed {
        ", read backwards"
    } else {
        ""
    };
    format!(
        "{} {} {}, for {words}{backwards}",
        place(witness.a),
        relation(witness.copy),
        place(witness.b)
    )
}

/// A word of a stream.
fn place(place: Place) -> String {
    format!("{} word {}", place.stream, numbers::count(place.word))
}

/// How one run of words is the other's copy, between the two places.
fn relation(copy: CopyKind) -> String {
    match copy {
        CopyKind::Equal => "=".into(),
        CopyKind::Complement => "is the complement of".into(),
        CopyKind::Negation => "is the negation of".into(),
        CopyKind::ByteSwap => "is byte by byte the reverse of".into(),
        CopyKind::BitReversal => "is bit by bit the reverse of".into(),
        CopyKind::Rotation { bits } => format!("is, rotated by {bits} bits,"),
        CopyKind::BitPermutation => "is, with its bits in another fixed order,".into(),
        CopyKind::ConstantXor { constant } => format!("xor {constant:#018x} ="),
        CopyKind::ConstantAdd { constant } => format!("plus {constant:#x} ="),
        CopyKind::ConstantMinus { constant } => format!("is {constant:#x} minus"),
        CopyKind::Truncation { bits } => format!("has the top {bits} bits of"),
        CopyKind::HalfWordShift => "is, shifted by half a word,".into(),
        CopyKind::Affine => "is, but for a scale and an offset,".into(),
        CopyKind::Changes { a, b } if a == b => format!("has the {} of", a.name()),
        CopyKind::Changes { a, b } => {
            format!("in its {} equals, in its {},", a.name(), b.name())
        }
    }
}

/// What a test read.
pub(crate) fn view(view: &View) -> String {
    match view {
        View::Alone => "each stream alone".into(),
        View::Interleaved => "streams interleaved".into(),
        View::Transposed { words: 1 } => "first word of every stream".into(),
        View::Transposed { words } => format!("first {words} words of every stream"),
        View::NeighbourXor => "xor of neighbours".into(),
        View::NeighbourDifference => "difference of neighbours".into(),
        View::SameTask => "same task, run after run".into(),
        View::Column => "sum over streams".into(),
        View::Pairs => "all pairs of streams".into(),
        View::Combinations => "triples and quads of streams".into(),
        View::Stacked => "streams stacked".into(),
        View::SeedFlips => "one-bit flips of the seed".into(),
    }
}

/// What the second stage rests on, and what it gave.
pub(crate) fn second_stage(stage: &SecondStage) -> String {
    let results = |count: u64| match count {
        1 => "1 result".to_owned(),
        count => format!("{} results", numbers::count(count)),
    };
    let mut tests: Vec<&str> = stage.tests.iter().map(|test| test.test.as_str()).collect();
    tests.dedup();
    let tested = match (tests.is_empty(), stage.p) {
        (false, Some(p)) => format!(
            "{} again, smallest p {} after multiplicity: {}",
            tests.join(", "),
            numbers::p_value(p),
            if p < SECOND {
                "confirmed"
            } else {
                "not confirmed"
            }
        ),
        _ => "nothing could be tested again".to_owned(),
    };
    let mut evidence = Vec::new();
    if stage.streams > 0 {
        evidence.push(format!(
            "{} of {} from {}",
            numbers::counted(stage.streams, "stream"),
            numbers::counted(stage.words_per_stream, "word"),
            numbers::counted(stage.runs.len() as u64, "new root"),
        ));
    }
    if stage.walk_bases > 0 {
        evidence.push(format!(
            "walks from {}",
            numbers::counted(stage.walk_bases.into(), "new root")
        ));
    }
    format!(
        "{} grey; on fresh evidence ({}) {tested}",
        results(stage.grey),
        evidence.join("; ")
    )
}

/// An argument as a POSIX shell takes it.
pub(crate) fn shell_quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

/// The command that repeats a report: its arguments, with the root that a run drew.
pub(crate) fn replay(report: &Report) -> String {
    let mut words = vec!["seedbench".to_owned()];
    // Reports made by a program hold no arguments.
    if report.arguments.is_empty() {
        words.push(report.command.clone());
    }
    let mut skip = false;
    let root = report.plan.as_ref().filter(|_| report.command == "run");
    for argument in &report.arguments {
        let given = argument == "--root" && root.is_some();
        if !(skip || given || root.is_some() && argument.starts_with("--root=")) {
            words.push(shell_quoted(argument));
        }
        skip = given;
    }
    if let Some(plan) = root {
        words.push(format!("--root {}", plan.root));
    }
    words.join(" ")
}

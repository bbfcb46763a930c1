//! Groups of streams that must be equal within every run: ranks that share a model, for example.

use std::convert::Infallible;

use super::{Question, describe, judged};
use crate::{
    analyze::{self, AnalyzeOptions},
    capture::{Capture, CaptureError},
    joins::JoinArena,
    verdict::{Expect, Finding},
    vocabulary::{Evidence, StreamId},
};

/// What groups of streams that must be equal have shown.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    /// Groups that disagree.
    pub(super) findings: Vec<Finding>,
    /// The names of the streams that findings speak of.
    pub(super) names: Vec<(StreamId, String)>,
}

/// Compares the streams of every group within each run, and leaves one of them a run in the capture
/// to stand for all: among the rest no two may be equal.
///
/// # Errors
/// When a name is no stream's, a group has no two streams in any run, or none of it can be read.
pub(super) fn agree(
    capture: &mut Capture,
    groups: &[Vec<String>],
    question: Question,
) -> Result<Agreement, CaptureError> {
    let mut agreement = Agreement::default();
    for group in groups {
        let mut members = Vec::new();
        for name in group {
            members.extend(capture.named(name)?);
        }
        members.sort_unstable();
        members.dedup();
        let copies: Vec<StreamId> = members
            .windows(2)
            .filter(|pair| pair[0].run == pair[1].run)
            .map(|pair| pair[1])
            .collect();
        if copies.is_empty() {
            return Err(CaptureError::Options(format!(
                "the streams of a run that must be identical are at least two, and `{}` names one",
                group.join(", ")
            )));
        }
        let evidence = capture.load_streams(&members)?;
        compare(capture, &evidence, question, &mut agreement);
        capture.leave_out(&copies);
    }
    Ok(agreement)
}

fn compare(
    capture: &Capture,
    mut evidence: &Evidence,
    question: Question,
    agreement: &mut Agreement,
) {
    let options = AnalyzeOptions {
        equality_only: true,
        ..AnalyzeOptions::default()
    };
    let analyzed: Result<_, Infallible> =
        analyze::analyze(&mut evidence, options, &mut JoinArena::default());
    let Ok(analysis) = analyzed;
    let names = describe::names(capture, &analysis);
    let question = Question {
        expect: Expect::Identical,
        ..question
    };
    let judgement = judged(capture, &analysis, &names, question);
    agreement.findings.extend(judgement.findings);
    agreement.names.extend(names);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::audit_groups,
        capture::RawKind,
        record::CellResult,
        verdict::{Severity, Verdict},
    };

    /// Two runs of five ranks of 256 words; a rank draws from the source of this number.
    fn ranks(sources: [u64; 5]) -> Capture {
        let mut streams = Vec::new();
        for run in 0..2 {
            for (rank, source) in (0..).zip(sources) {
                let mut state = (u64::from(run) << 32 | source) + 1;
                let words = std::iter::repeat_with(|| {
                    state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
                    let mixed = (state ^ state >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    mixed ^ mixed >> 29
                });
                let name = format!("run-00{run}/rank{rank}.u64");
                streams.push((StreamId::new(run, rank), name, words.take(256).collect()));
            }
        }
        Capture::in_memory(RawKind::Unsigned, streams).unwrap()
    }

    fn judged(sources: [u64; 5], groups: &[&[&str]]) -> Result<CellResult, CaptureError> {
        let named: Vec<Vec<String>> = groups
            .iter()
            .map(|group| group.iter().map(|&name| name.to_owned()).collect())
            .collect();
        audit_groups(&mut ranks(sources), Question::default(), &named)
    }

    fn rules(result: &CellResult) -> Vec<(&str, Severity)> {
        let findings = result.judgement.findings.iter();
        findings
            .map(|found| (found.rule.id(), found.severity))
            .collect()
    }

    #[test]
    fn ranks_that_must_agree_and_do_are_no_copies() {
        let shared = [7, 7, 7, 3, 4];
        let asked = judged(shared, &[&["rank0", "rank1", "rank2"]]).unwrap();
        assert_eq!(rules(&asked), []);
        assert_eq!(
            asked.judgement.streams, 6,
            "one of three, and two others, in two runs"
        );
        assert_eq!(
            judged(shared, &[]).unwrap().judgement.verdict,
            Verdict::Unsound
        );
        let two = judged(
            [7, 7, 3, 5, 5],
            &[&["rank[01]", "rank0", "rank1"], &["rank3", "rank4"]],
        );
        assert!(
            two.unwrap_err()
                .to_string()
                .contains("no stream is named `rank[01]`")
        );
        let two = judged([7, 7, 3, 5, 5], &[&["rank0", "rank1"], &["rank3", "rank4"]]).unwrap();
        assert_eq!(rules(&two), []);
    }

    #[test]
    fn ranks_that_must_agree_and_do_not_are_named() {
        let one = judged([7, 7, 8, 3, 4], &[&["rank0", "rank1", "rank2"]]).unwrap();
        assert_eq!(rules(&one), [("ranks-differ", Severity::Error)]);
        assert_eq!(one.judgement.verdict, Verdict::Unsound);
        let message = &one.judgement.findings[0].message;
        assert!(message.contains("run-000/rank2.u64"), "{message}");
    }

    #[test]
    fn the_others_must_still_differ() {
        let copied = judged([7, 7, 5, 5, 4], &[&["rank0", "rank1"]]).unwrap();
        assert_eq!(rules(&copied), [("equal-streams", Severity::Error)]);
        let leaked = judged([7, 7, 5, 7, 4], &[&["rank0", "rank1"]]).unwrap();
        assert_eq!(rules(&leaked), [("equal-streams", Severity::Error)]);
    }

    #[test]
    fn a_group_of_one_is_refused() {
        let one = judged([1, 2, 3, 4, 5], &[&["rank1"]])
            .unwrap_err()
            .to_string();
        assert!(one.contains("at least two"), "{one}");
    }
}

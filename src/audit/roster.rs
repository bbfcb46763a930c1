//! Which streams there must be, and which of them are missing.

use std::fmt::Write as _;

use crate::{
    results::FindingKind,
    verdict::{Attribution, Finding, Judgement, Severity, Verdict, rule, words::count},
    vocabulary::StreamId,
};

/// Runs and ranges of workers that are named.
const NAMED: usize = 8;

/// How many streams there must be, where that is known: what is missing was not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Workers of every run.
    pub workers: Option<u32>,
    /// Runs.
    pub runs: Option<u32>,
}

/// Streams that are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    /// What is missing, with its number.
    said: String,
    /// Runs and workers.
    named: String,
    streams: u64,
}

/// Which of the expected numbers are not there.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Absent {
    /// Ranges, both ends included.
    Ranges(Vec<(u32, u32)>),
    /// So many, of things with other numbers than 0, 1, 2 and so on.
    Some(u32),
}

impl Roster {
    /// What is missing, of streams in ascending order; `None` where nothing is.
    pub(super) fn missing(self, streams: impl IntoIterator<Item = StreamId>) -> Option<Missing> {
        if self == Self::default() {
            return None;
        }
        let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
        for id in streams {
            match runs.last_mut() {
                Some((run, workers)) if *run == id.run.0 => workers.push(id.task.0),
                _ => runs.push((id.run.0, vec![id.task.0])),
            }
        }
        let numbers: Vec<u32> = runs.iter().map(|(run, _)| *run).collect();
        let absent_runs = self.runs.and_then(|of| Absent::of(&numbers, of));
        let mut absent: Vec<(u32, u32, Absent)> = Vec::new();
        let mut streams = 0;
        for (run, workers) in &runs {
            let Some(of_run) = self.workers.and_then(|of| Absent::of(workers, of)) else {
                continue;
            };
            streams += of_run.count();
            match absent.last_mut() {
                Some((_, last, before)) if *last + 1 == *run && *before == of_run => *last = *run,
                _ => absent.push((*run, *run, of_run)),
            }
        }
        let runs_missing = absent_runs.as_ref().map_or(0, Absent::count);
        if streams + runs_missing == 0 {
            return None;
        }
        let mut named: Vec<String> = Vec::new();
        named.extend(absent_runs.iter().map(|runs| runs.named("run")));
        let more = absent.len().saturating_sub(NAMED);
        named.extend(absent.iter().take(NAMED).map(|(first, last, workers)| {
            let runs = Absent::Ranges(vec![(*first, *last)]).named("run");
            format!("{} of {runs}", workers.named("worker"))
        }));
        if more > 0 {
            named.push(format!("others of {}", counted(more as u64, "run")));
        }
        let mut said = Vec::new();
        if runs_missing > 0 {
            said.push(counted(runs_missing, "run"));
        }
        if streams > 0 {
            said.push(counted(streams, "stream"));
        }
        let workers = u64::from(self.workers.unwrap_or(0));
        Some(Missing {
            said: said.join(" and "),
            named: named.join("; "),
            streams: streams + runs_missing * workers,
        })
    }
}

impl Absent {
    /// Which of so many numbers, from 0 or from 1 on, are not among those, which ascend.
    fn of(present: &[u32], of: u32) -> Option<Self> {
        let missing = of.saturating_sub(u32::try_from(present.len()).unwrap_or(u32::MAX));
        if missing == 0 {
            return None;
        }
        let first = u32::from(present.first() != Some(&0) && present.last() == Some(&of));
        let end = u64::from(first) + u64::from(of);
        if present.last().is_some_and(|&last| u64::from(last) >= end) {
            return Some(Self::Some(missing));
        }
        let mut ranges = Vec::new();
        let mut next = u64::from(first);
        for number in present.iter().map(|&number| u64::from(number)).chain([end]) {
            if number > next {
                ranges.push((next as u32, (number - 1) as u32));
            }
            next = number + 1;
        }
        Some(Self::Ranges(ranges))
    }

    fn count(&self) -> u64 {
        match self {
            Self::Some(count) => u64::from(*count),
            Self::Ranges(ranges) => {
                let lengths = ranges
                    .iter()
                    .map(|(first, last)| u64::from(last - first) + 1);
                lengths.sum()
            }
        }
    }

    /// `worker 3`, `workers 3, 5 to 9`, `4 workers`.
    fn named(&self, what: &str) -> String {
        let ranges = match self {
            Self::Some(count) => return counted(u64::from(*count), what),
            Self::Ranges(ranges) => ranges,
        };
        let mut text = what.to_owned();
        if self.count() != 1 {
            text.push('s');
        }
        for (at, (first, last)) in ranges.iter().take(NAMED).enumerate() {
            text.push_str(if at == 0 { " " } else { ", " });
            let _ = match last - first {
                0 => write!(text, "{first}"),
                1 => write!(text, "{first}, {last}"),
                _ => write!(text, "{first} to {last}"),
            };
        }
        let named = Self::Ranges(ranges[..ranges.len().min(NAMED)].to_vec()).count();
        if named < self.count() {
            let _ = write!(text, " and {} more", count(self.count() - named));
        }
        text
    }
}

impl Missing {
    /// Leaves a judgement open that knows nothing of the missing streams, unless what is there is refuted.
    pub(super) fn open(&self, judgement: &mut Judgement) {
        let rule = rule(FindingKind::MissingStreams);
        let mut finding = Finding::new(
            rule.kind,
            Severity::Warning,
            Attribution::Capture,
            format!("{} missing: {}", self.said, self.named),
        );
        (finding.cause, finding.cure) = (rule.likely_causes(), rule.cure.to_owned());
        finding.stream_count = self.streams;
        judgement.findings.push(finding);
        if judgement.verdict != Verdict::Unsound {
            judgement.verdict = Verdict::Inconclusive;
            judgement.needs = Some(format!(
                "the {} that are missing, to judge all of them: {}",
                self.said, self.named
            ));
        }
    }
}

fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", count(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(streams: &[(u32, &[u32])], workers: u32, runs: u32) -> Option<String> {
        let given = |number: u32| (number > 0).then_some(number);
        let roster = Roster {
            workers: given(workers),
            runs: given(runs),
        };
        let ids = streams
            .iter()
            .flat_map(|(run, workers)| workers.iter().map(|worker| StreamId::new(*run, *worker)));
        let missing = roster.missing(ids)?;
        Some(format!("{}: {}", missing.said, missing.named))
    }

    #[test]
    fn what_is_there_is_not_missing() {
        assert_eq!(missing(&[(0, &[0, 1, 2])], 0, 0), None);
        assert_eq!(missing(&[(0, &[0, 1, 2])], 3, 1), None);
        // From 1 on, by process ids, more than were expected.
        assert_eq!(missing(&[(1, &[1, 2, 3]), (2, &[1, 2, 3])], 3, 2), None);
        assert_eq!(missing(&[(7, &[4711, 4712])], 2, 1), None);
        assert_eq!(missing(&[(0, &[0, 1, 2, 3])], 3, 0), None);
    }

    #[test]
    fn what_is_missing_is_named_in_ranges() {
        let one = missing(&[(0, &[0, 1, 3])], 4, 0);
        assert_eq!(one.unwrap(), "1 stream: worker 2 of run 0");
        let last = missing(
            &[(0, &[0, 1]), (1, &[0, 1]), (2, &[0, 1, 2, 3, 4, 5])],
            6,
            0,
        );
        assert_eq!(last.unwrap(), "8 streams: workers 2 to 5 of runs 0, 1");
        let from_one = missing(&[(0, &[1, 2, 4])], 4, 0);
        assert_eq!(from_one.unwrap(), "1 stream: worker 3 of run 0");
        let runs = missing(&[(0, &[0]), (2, &[0])], 0, 4);
        assert_eq!(runs.unwrap(), "2 runs: runs 1, 3");
        let both = missing(&[(0, &[0, 1]), (2, &[0])], 2, 3);
        assert_eq!(
            both.unwrap(),
            "1 run and 1 stream: run 1; worker 1 of run 2"
        );
        let unnamed = missing(&[(0, &[4711, 4712])], 3, 0);
        assert_eq!(unnamed.unwrap(), "1 stream: 1 worker of run 0");
    }

    #[test]
    fn of_a_million_few_are_named() {
        let every_second: Vec<u32> = (0..1_000_000).step_by(2).collect();
        let said = missing(&[(0, &every_second)], 1_000_000, 0).unwrap();
        assert!(
            said.starts_with("500,000 streams: workers 1, 3, 5,"),
            "{said}"
        );
        assert!(said.ends_with("15 and 499,992 more of run 0"), "{said}");
        let runs: Vec<u32> = (0..1000).collect();
        let streams: Vec<(u32, Vec<u32>)> = runs.iter().map(|&run| (run, vec![run % 2])).collect();
        let streams: Vec<(u32, &[u32])> = streams.iter().map(|(run, w)| (*run, &w[..])).collect();
        let said = missing(&streams, 2, 0).unwrap();
        assert!(
            said.len() < 300 && said.ends_with("; others of 992 runs"),
            "{said}"
        );
    }
}

//! What is to be known of how a capture was read: what was left out without loss, and which axis is time.

use super::{
    Capture, CaptureError, RawKind,
    sample::{SAMPLE_STREAMS, SAMPLE_VALUES},
};

/// Names that a note lists.
const NAMED: usize = 5;

/// How sources were read: what is said of several is said once.
#[derive(Debug, Default)]
pub(super) struct Remarks(Vec<Remark>);

#[derive(Debug)]
struct Remark {
    what: String,
    count: u64,
    names: Vec<String>,
}

impl Remarks {
    /// Adds what is said of one source: so many of something, or 0 where nothing is counted.
    pub fn add(&mut self, count: u64, what: String, name: &str) {
        match self.0.iter_mut().find(|remark| remark.what == what) {
            Some(remark) => {
                remark.count += count;
                remark.names.push(name.into());
            }
            None => self.0.push(Remark {
                what,
                count,
                names: vec![name.into()],
            }),
        }
    }

    /// One line each.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|remark| {
            let count = match remark.count {
                0 => String::new(),
                count => format!("{count} "),
            };
            // Outputs come in as they end.
            let mut names = remark.names.clone();
            names.sort();
            format!("{count}{}: {}", remark.what, listed(&names))
        })
    }
}

impl Capture {
    /// What was left out without loss, and what was read otherwise than it stands, one line each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.notes.clone();
        if !self.padded.is_empty() {
            let count = self.padded.len();
            let names = listed(&self.padded);
            let end = match count {
                1 => "stream ends",
                _ => "streams end",
            };
            notes.push(format!(
                "{count} {end} in NaN or blanks, which were left out as padding: {names}"
            ));
        }
        notes
    }

    /// Notes that values are words, and how many different ones there are.
    pub(super) fn note_words(&mut self) {
        if self.kind != RawKind::Token {
            return;
        }
        let all: u64 = self.streams.iter().map(|stream| stream.raw).sum();
        let some = all > SAMPLE_VALUES as u64 || self.streams.len() > SAMPLE_STREAMS;
        let or_more = if some { " or more" } else { "" };
        self.notes.push(format!(
            "values are words, compared by whether they are equal: {}{or_more} different ones",
            self.sample.distinct().len()
        ));
    }

    /// Notes the streams of texts whose end was padding.
    pub(super) fn set_padded_aside(&mut self) {
        let padded = &mut self.padded;
        self.problems.retain_mut(|problem| match problem {
            CaptureError::Padded { stream } => {
                padded.push(std::mem::take(stream));
                false
            }
            _ => true,
        });
    }

    /// Workers that drew nothing say nothing of the others: they are noted, and no problem.
    pub(super) fn set_empty_aside(&mut self) {
        let is_empty = |problem: &CaptureError| matches!(problem, CaptureError::Empty { .. });
        let (empty, problems) = std::mem::take(&mut self.problems)
            .into_iter()
            .partition(is_empty);
        self.problems = problems;
        let names: Vec<String> = Vec::into_iter(empty)
            .filter_map(|problem| match problem {
                CaptureError::Empty { stream } => Some(stream),
                _ => None,
            })
            .collect();
        if !names.is_empty() {
            let of = names.len() + self.streams.len();
            self.notes.push(format!(
                "{} of {of} streams hold no numbers and were left out: {}",
                names.len(),
                listed(&names)
            ));
        }
    }
}

/// What is there twice with the same content.
pub(super) fn of_copies(twice: &[(String, String)]) -> Option<String> {
    let (kept, too) = twice.first()?;
    let example = format!("{too} is {kept}");
    Some(match twice.len() {
        1 => format!("a shard is there twice with the same content and was taken once: {example}"),
        count => format!(
            "{count} shards are there twice with the same content and were taken once: {example} and {} more",
            count - 1
        ),
    })
}

/// The first names, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown = &names[..names.len().min(NAMED)];
    let mut text = shown.join(", ");
    if names.len() > shown.len() {
        text += &format!(" and {} more", names.len() - shown.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..7).map(|at| format!("w{at}")).collect();
        assert_eq!(listed(&names[..2]), "w0, w1");
        assert_eq!(listed(&names), "w0, w1, w2, w3, w4 and 2 more");
    }
}

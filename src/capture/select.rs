//! Streams by name, and captures without some of their streams.

use super::{Capture, CaptureError, Suffix};
use crate::vocabulary::{StreamId, fits};

impl Capture {
    /// The name of a stream: its file, and its row or labels there.
    pub fn name(&self, id: StreamId) -> Option<String> {
        let at = self
            .streams
            .binary_search_by_key(&id, |stream| stream.id)
            .ok()?;
        Some(self.name_at(at))
    }

    pub(super) fn name_at(&self, at: usize) -> String {
        let stream = &self.streams[at];
        stream_name(&self.names[stream.file as usize], &stream.suffix)
    }

    /// The streams that a pattern names, in id order; `*` stands for any text.
    ///
    /// A stream goes by its whole name (`run-000/worker-00003.u64`), by its file's (`worker-00003.u64`,
    /// `worker-00003`), by its labels in a table (`rank 3`), and, printed by a command, by its worker
    /// (`worker 3`).
    ///
    /// # Errors
    /// When no stream has such a name; with the name of one that there is.
    pub fn named(&self, pattern: &str) -> Result<Vec<StreamId>, CaptureError> {
        let named: Vec<StreamId> = (0..self.streams.len())
            .filter(|&at| self.answers_to(at, pattern))
            .map(|at| self.streams[at].id)
            .collect();
        if named.is_empty() {
            return Err(CaptureError::Options(format!(
                "no stream is named `{pattern}`; the first is named `{}`",
                self.name_at(0)
            )));
        }
        Ok(named)
    }

    fn answers_to(&self, at: usize, pattern: &str) -> bool {
        let stream = &self.streams[at];
        let whole = self.name_at(at);
        let file = self.names[stream.file as usize].as_str();
        let short = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = short.rsplit_once('.').map_or(short, |(stem, _)| stem);
        let worker = file.find("worker ").map_or(file, |from| &file[from..]);
        let labels: &str = match &stream.suffix {
            Suffix::Labels(labels) => labels,
            Suffix::Whole => &whole,
            Suffix::Row(_) | Suffix::Column(_) | Suffix::Cell(..) => return fits(pattern, &whole),
        };
        let of_file = matches!(stream.suffix, Suffix::Whole);
        fits(pattern, &whole)
            || fits(pattern, labels)
            || of_file && [short, stem, worker].iter().any(|name| fits(pattern, name))
    }

    /// Forgets some streams. The rest is recognised as before.
    pub fn leave_out(&mut self, ids: &[StreamId]) {
        self.streams.retain(|stream| !ids.contains(&stream.id));
        self.loaded = None;
    }
}

/// A stream's name, from its file's and what it is there.
pub(super) fn stream_name(file: &str, suffix: &Suffix) -> String {
    match suffix {
        Suffix::Whole => file.to_owned(),
        Suffix::Row(row) => format!("{file}[{row}]"),
        Suffix::Column(column) => format!("{file}[:, {column}]"),
        Suffix::Cell(run, row) => format!("{file}[{run}][{row}]"),
        Suffix::Labels(labels) => format!("{file} ({labels})"),
    }
}

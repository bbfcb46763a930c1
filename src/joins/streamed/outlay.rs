//! What the joins of words that lie elsewhere record and move, and what they miss: known from how many streams and
//! words there are, before any is read.

use serde::Serialize;

use super::passes;
use crate::{
    joins::{
        information::plan as plan_windows,
        plan::{LARGEST_LOG2_SLICES, PlanOptions, is_whole, log2_slices, tested_words_of},
        record::expected,
        search::missed,
        strands::{Record, StreamSpan},
    },
    kernels::{BitFilter, WindowKey},
    vocabulary::{Format, TASK_WORDS},
};

/// Streams of 64-bit words, all of one length and none like another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// How many there are.
    pub streams: usize,
    /// Words of each.
    pub words: usize,
}

/// What a join of a volume records and moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outlay {
    /// One window in so many is recorded.
    pub one_window_in: u64,
    /// Keys of a word.
    pub rows: usize,
    /// Windows that are recorded for their content.
    pub sampled_records: f64,
    /// Windows at the edges of streams, which are recorded too.
    pub edge_records: f64,
    /// Windows that share the key of an edge by chance, and are recorded for nothing.
    pub chance_records: f64,
    /// The same if the lists of keys did not stand behind the bit filter.
    pub filter_records: f64,
    /// Bytes of all records, which travel once, in memory: packed in messages they are about two thirds.
    pub shuffled_bytes: f64,
    /// Bytes of a step: they travel to each worker once a pass.
    pub step_bytes: f64,
    /// Readings of all words: one for fingerprints and edges, and one a pass.
    pub readings: u64,
}

impl Volume {
    /// All words.
    pub fn all_words(self) -> usize {
        self.streams * self.words
    }

    /// Bytes of all words.
    pub fn bytes(self) -> f64 {
        8.0 * self.all_words() as f64
    }

    /// Whether it is so small that all of it is joined element by element, by one process.
    pub fn is_whole(self) -> bool {
        is_whole(self.all_words(), PlanOptions::default())
    }

    /// Bytes of the first words of all streams, which are tested and joined element by element.
    pub fn tested_bytes(self) -> f64 {
        let words = tested_words_of(self.streams, self.words, PlanOptions::default());
        8.0 * (self.streams * words) as f64
    }

    /// Bytes that a process holds of a join at least, where so many share the work: the step as it comes, as it is
    /// read, and with filters; a task's words; and its share of the records of a pass, before and after they meet.
    pub fn process_bytes(self, outlay: &Outlay, processes: u32) -> f64 {
        let log2_slices = log2_of(outlay.one_window_in);
        let edges = |key: &WindowKey| 2 * self.streams * key.edge_keys();
        let of_key = |key: &WindowKey| {
            8 * edges(key) as u64 + BitFilter::bits_for(edges(key), log2_slices) / 8
        };
        let recorder: u64 = self.keys().iter().map(of_key).sum();
        let task = 8 * TASK_WORDS.min(self.all_words());
        let passes = (outlay.readings - 1) as f64;
        let records = outlay.shuffled_bytes / passes / f64::from(processes);
        2.0 * outlay.step_bytes + recorder as f64 + task as f64 + 2.0 * records
    }

    /// One window in so many is recorded, where nothing else is asked for.
    pub fn usual_sample(self) -> u64 {
        1 << log2_slices(self.all_words(), PlanOptions::default())
    }

    /// What it takes to join it with one window in so many (rounded down to a power of two), if all who record
    /// have so many bytes of memory together.
    pub fn outlay(self, one_window_in: u64, memory_bytes: u64) -> Outlay {
        let log2_slices = log2_of(one_window_in);
        let keys = self.keys();
        let (words, edges) = (self.all_words(), 2 * self.streams);
        let sampled_records = expected(&keys, log2_slices, words, 0);
        let all_records = expected(&keys, log2_slices, words, edges);
        let of_edges = |key: &WindowKey| (key.edge_keys() * edges) as f64;
        let windows = |key: &WindowKey| (key.variants() * words) as f64;
        let listed: f64 = keys.iter().map(of_edges).sum();
        let by_chance = |key: &WindowKey| windows(key) * of_edges(key) / 2f64.powi(64);
        let by_filter = |key: &WindowKey| {
            let bits = BitFilter::bits_for(key.edge_keys() * edges, log2_slices) as f64;
            windows(key) * -(-of_edges(key) / bits).exp_m1()
        };
        Outlay {
            one_window_in: 1 << log2_slices,
            rows: keys.iter().map(WindowKey::variants).sum(),
            sampled_records,
            edge_records: all_records - sampled_records,
            chance_records: keys.iter().map(by_chance).sum(),
            filter_records: keys.iter().map(by_filter).sum(),
            shuffled_bytes: all_records * size_of::<Record>() as f64,
            step_bytes: 8.0 * listed + (self.streams * size_of::<StreamSpan>()) as f64,
            readings: 1 + self.passes(&keys, log2_slices, memory_bytes),
        }
    }

    /// The finest sample, at least as coarse as one window in so many, that so much memory records in one pass.
    pub fn sample_in_one_pass(self, one_window_in: u64, memory_bytes: u64) -> u64 {
        let keys = self.keys();
        let fits = |log2: &u32| self.passes(&keys, *log2, memory_bytes) == 1;
        let found = (log2_of(one_window_in)..=LARGEST_LOG2_SLICES).find(fits);
        1 << found.unwrap_or(LARGEST_LOG2_SLICES)
    }

    fn passes(self, keys: &[WindowKey], log2_slices: u32, memory_bytes: u64) -> u64 {
        let limit = usize::try_from(memory_bytes).unwrap_or(usize::MAX);
        passes(keys, log2_slices, (self.all_words(), self.streams), limit)
    }

    /// The keys of windows that fit into its streams.
    fn keys(self) -> Vec<WindowKey> {
        let planned = plan_windows(Format::WORDS, 64.0, self.all_words());
        let keys = planned.iter().map(|planned| planned.key);
        keys.filter(|key| key.words() <= self.words).collect()
    }
}

impl Outlay {
    /// The probability that an overlap of so many windows is missed, away from edges and where one row of keys
    /// alone sees it.
    pub fn missed(&self, windows: f64) -> f64 {
        missed(log2_of(self.one_window_in), windows)
    }

    /// All records.
    pub fn records(&self) -> f64 {
        self.sampled_records + self.edge_records
    }
}

fn log2_of(one_window_in: u64) -> u32 {
    one_window_in.max(1).ilog2().min(LARGEST_LOG2_SLICES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred machines of 4 GiB each for 10^6 streams of 10^6 words: worked out by hand.
    #[test]
    fn a_million_streams_of_a_million_words() {
        let volume = Volume {
            streams: 1_000_000,
            words: 1_000_000,
        };
        assert!(!volume.is_whole());
        assert_eq!(volume.usual_sample(), 1024);
        // Halves 3, top bits 1, changes 4, bit counts 1.
        let rows = 9.0;
        for (log2, missed) in [
            (10, [0.37, 0.018, 1e-28, 0.0]),
            (12, [0.78, 0.37, 1e-7, 0.0]),
            (14, [0.94, 0.78, 0.018, 3e-27]),
        ] {
            let outlay = volume.outlay(1 << log2, 100 << 32);
            assert_eq!(outlay.rows as f64, rows);
            let sampled = rows * 1e12 / f64::from(1 << log2);
            assert!((outlay.sampled_records / sampled - 1.0).abs() < 1e-12);
            assert_eq!(outlay.edge_records, 2e6 * rows);
            assert_eq!(outlay.shuffled_bytes, 16.0 * (sampled + 2e6 * rows));
            for (windows, paper) in [1024.0, 4096.0, 65_536.0, 1e6].into_iter().zip(missed) {
                let missed = outlay.missed(windows);
                // As many digits as the table has: two, and of what never happens the power of ten.
                let close = match paper {
                    0.0 => missed < 1e-100,
                    paper if paper < 1e-3 => (missed / paper).log10().abs() < 0.5,
                    paper => (missed / paper - 1.0).abs() < 0.03,
                };
                assert!(close, "2^-{log2} {windows}: {missed} and {paper}");
            }
        }
        // Two edges a stream, of changes with four keys each, of the others with one: 14 lists of 10^6 keys.
        let outlay = volume.outlay(1024, 100 << 32);
        assert_eq!(outlay.step_bytes, (24.0 + 8.0 * 14.0) * 1e6);
        // 4 rows meet 8·10^6 keys, and 5 meet 2·10^6, of 2^64.
        let chance = 1e12 * (4.0 * 8e6 + 5.0 * 2e6) / 2f64.powi(64);
        assert!((outlay.chance_records / chance - 1.0).abs() < 1e-12);
        assert!((2.0..3.0).contains(&outlay.chance_records));
        // A filter of at most 2^27 bits alone would pass forty times the sample.
        assert!((3e11..5e11).contains(&outlay.filter_records), "{outlay:?}");
    }

    #[test]
    fn less_memory_reads_more_often_or_samples_less() {
        let volume = Volume {
            streams: 1_000_000,
            words: 1_000_000,
        };
        // 8.8e9 records of 16 bytes in a quarter of the memory.
        let all = 16.0 * volume.outlay(1024, u64::MAX).records();
        assert_eq!(volume.outlay(1024, u64::MAX).readings, 2);
        let passes = (all / f64::from(1 << 30)).ceil() as u64;
        assert_eq!(volume.outlay(1024, 4 << 30).readings, 1 + passes);
        assert_eq!(volume.sample_in_one_pass(1024, 1 << 62), 1024);
        let sample = volume.sample_in_one_pass(1024, 4 << 30);
        assert_eq!(volume.outlay(sample, 4 << 30).readings, 2);
        assert!(volume.outlay(sample / 2, 4 << 30).readings > 2);
    }

    #[test]
    fn small_and_short_streams() {
        let volume = |streams, words| Volume { streams, words };
        assert!(volume(1 << 10, 1 << 15).is_whole());
        assert!(!volume(1 << 10, 1 << 16).is_whole());
        // Into four words no window of bit counts fits, nor one of top bits.
        let outlay = volume(100_000_000, 4).outlay(1024, 1 << 30);
        assert!(outlay.rows < 9, "{outlay:?}");
    }
}

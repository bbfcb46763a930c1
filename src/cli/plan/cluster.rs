//! `seedbench plan --cluster`: what an audit of many machines moves, how long it takes, and what it misses.

mod told;

use std::num::{NonZeroU32, NonZeroU64};

use clap::Args;
use serde::Serialize;

use crate::{
    cli::{Failure, audit::units},
    joins::{Outlay, Volume},
    report::text,
};

/// CPU time of a word in the first reading and one pass, and of every further pass, in nanoseconds: measured, see
/// reports/speed.md, "Evidence beyond memory".
const FIRST_PASS_NS: f64 = 16.0;
const FURTHER_PASS_NS: f64 = 18.0;

/// Where that comes from.
const MEASURED_ON: &str =
    "measured on a core of an AMD EPYC, from the page cache (reports/speed.md)";

/// Samples that are compared: one window in so many.
const SAMPLES: [u64; 3] = [1 << 10, 1 << 12, 1 << 14];

/// Lengths of overlaps, in windows.
const LENGTHS: [f64; 4] = [1_024.0, 4_096.0, 65_536.0, 1e6];

/// Places are told apart in so many words, and streams by so many numbers.
const MOST_WORDS: f64 = (1_u64 << 61) as f64;
const MOST_STREAMS: f64 = u32::MAX as f64;

/// Bytes of a GB.
const GIGA: f64 = 1e9;

/// The machines.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options for --cluster")]
pub(super) struct ClusterArgs {
    /// What an audit moves, how long it takes and which overlaps it misses where the words lie on many machines:
    /// --runs of --workers streams of --words each
    #[arg(long, conflicts_with_all = ["detect_bits", "detect_correlation", "detect_pair"])]
    pub(super) cluster: bool,
    /// Machines that read, each as one process
    #[arg(long, value_name = "N", default_value = "16", requires = "cluster")]
    nodes: NonZeroU32,
    /// Cores of each
    #[arg(long, value_name = "N", default_value = "2", requires = "cluster")]
    cores: NonZeroU32,
    /// What each reads of the words in a second, in GB
    #[arg(long, value_name = "GB", value_parser = rate, default_value = "1", requires = "cluster")]
    disk: f64,
    /// What each sends and receives in a second, in GB
    #[arg(long, value_name = "GB", value_parser = rate, default_value = "1", requires = "cluster")]
    network: f64,
    /// What each holds of records and steps, as in 4G
    #[arg(long, value_name = "SIZE", value_parser = units::memory, default_value = "1G", requires = "cluster")]
    memory: u64,
    /// One window in so many is joined, as in `audit --recall` [default: 1024, fewer below 2 GiB]
    #[arg(long, value_name = "WINDOWS", requires = "cluster")]
    recall: Option<NonZeroU64>,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate < 1e6 => Ok(rate),
        _ => Err("give a number of GB a second above 0".into()),
    }
}

/// Machines and what each does in a second.
#[derive(Clone, Copy, Debug, Serialize)]
struct Machines {
    nodes: u32,
    cores: u32,
    disk_gb_per_s: f64,
    network_gb_per_s: f64,
    memory_bytes: u64,
}

/// What one sample costs and misses.
#[derive(Clone, Debug, Serialize)]
struct WindowSample {
    #[serde(flatten)]
    outlay: Outlay,
    records: f64,
    /// Bytes that each node sends to others.
    sent_bytes_per_node: f64,
    seconds: Seconds,
    /// Bytes of a process, at least.
    process_bytes: f64,
    /// Overlaps of so many windows, and the probability that they are missed.
    missed: Vec<(f64, f64)>,
}

/// How long each thing takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Seconds {
    reading: f64,
    computing: f64,
    shuffling: f64,
    handing_out: f64,
}

impl Seconds {
    /// One after the other; words are read while the ones before are worked on.
    fn all(self) -> f64 {
        self.reading.max(self.computing) + self.shuffling + self.handing_out
    }
}

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
struct ClusterAnswer {
    volume: Volume,
    bytes: f64,
    /// Whether one process joins all of it, and nothing is handed out.
    is_whole: bool,
    machines: Machines,
    cpu_ns_per_word: (f64, f64),
    cpu_measured: &'static str,
    /// The sample that an audit takes, among the samples.
    one_window_in: u64,
    samples: Vec<WindowSample>,
    /// The sample that one process of that memory takes in one pass.
    alone_one_window_in: u64,
    /// How often one process of that memory reads all words for the sample of an audit.
    alone_readings: u64,
}

impl ClusterArgs {
    /// The answer for so many streams of so many words.
    pub(super) fn answer(
        &self,
        (streams, words): (f64, f64),
        json: bool,
        options: text::Options,
    ) -> anyhow::Result<String> {
        if streams > MOST_STREAMS || streams * words > MOST_WORDS {
            return Err(Failure::usage(format!(
                "--cluster: {streams:e} streams of {words:e} words are more than can be told apart: at most \
                 {MOST_STREAMS:e} streams and {MOST_WORDS:.1e} words in all"
            )));
        }
        let volume = Volume {
            streams: streams as usize,
            words: words as usize,
        };
        let machines = Machines {
            nodes: self.nodes.get(),
            cores: self.cores.get(),
            disk_gb_per_s: self.disk,
            network_gb_per_s: self.network,
            memory_bytes: self.memory,
        };
        let answer = machines.answer(volume, self.recall.map(NonZeroU64::get));
        if json {
            return Ok(serde_json::to_string_pretty(&answer)? + "\n");
        }
        Ok(answer.text(options))
    }
}

impl Machines {
    fn answer(self, volume: Volume, asked: Option<u64>) -> ClusterAnswer {
        let taken = volume.outlay(
            asked.unwrap_or(volume.usual_sample()),
            self.all_memory_bytes(),
        );
        let one_window_in = taken.one_window_in;
        let mut samples: Vec<u64> = SAMPLES.into_iter().chain([one_window_in]).collect();
        samples.sort_unstable();
        samples.dedup();
        let samples = samples.into_iter();
        ClusterAnswer {
            volume,
            bytes: volume.bytes(),
            is_whole: volume.is_whole(),
            machines: self,
            cpu_ns_per_word: (FIRST_PASS_NS, FURTHER_PASS_NS),
            cpu_measured: MEASURED_ON,
            one_window_in,
            samples: samples.map(|sample| self.sample(volume, sample)).collect(),
            alone_one_window_in: volume.sample_in_one_pass(one_window_in, self.memory_bytes),
            alone_readings: volume.outlay(one_window_in, self.memory_bytes).readings,
        }
    }

    fn all_memory_bytes(self) -> u64 {
        self.memory_bytes.saturating_mul(self.nodes.into())
    }

    fn sample(self, volume: Volume, one_window_in: u64) -> WindowSample {
        let outlay = volume.outlay(one_window_in, self.all_memory_bytes());
        let nodes = f64::from(self.nodes);
        let (passes, words) = ((outlay.readings - 1) as f64, volume.all_words() as f64);
        // Of what a node records, the others match all but their own share.
        let sent = outlay.shuffled_bytes / nodes * (1.0 - 1.0 / nodes);
        let cpu_ns = words * (FIRST_PASS_NS + (passes - 1.0) * FURTHER_PASS_NS);
        let sample = WindowSample {
            records: outlay.records(),
            sent_bytes_per_node: sent,
            seconds: Seconds {
                reading: outlay.readings as f64 * volume.bytes()
                    / (nodes * GIGA * self.disk_gb_per_s),
                computing: cpu_ns / 1e9 / (nodes * f64::from(self.cores)),
                shuffling: sent / (GIGA * self.network_gb_per_s),
                handing_out: passes * outlay.step_bytes / (GIGA * self.network_gb_per_s),
            },
            process_bytes: volume.process_bytes(&outlay, self.nodes),
            missed: Vec::new(),
            outlay,
        };
        let missed = LENGTHS.map(|windows| (windows, sample.outlay.missed(windows)));
        WindowSample {
            missed: missed.to_vec(),
            ..sample
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUNDRED: Machines = Machines {
        nodes: 100,
        cores: 64,
        disk_gb_per_s: 1.0,
        network_gb_per_s: 1.0,
        memory_bytes: 64 << 30,
    };
    const VOLUME: Volume = Volume {
        streams: 1_000_000,
        words: 1_000_000,
    };

    /// Shuffled and read bytes of 8 TB on a hundred machines, worked out by hand.
    #[test]
    fn a_hundred_machines() {
        let answer = HUNDRED.answer(VOLUME, None);
        assert_eq!((answer.one_window_in, answer.samples.len()), (1024, 3));
        let sample = &answer.samples[0];
        // 9 rows of 10^12 words in 1,024, and both edges of each stream, at 16 bytes, 1/100 of them at home.
        let records = 9.0 * (1e12 / 1024.0 + 2e6);
        assert_eq!(sample.records, records);
        let sent = records * 16.0 / 100.0 * 0.99;
        assert!((sample.sent_bytes_per_node / sent - 1.0).abs() < 1e-12);
        assert_eq!(sample.outlay.readings, 2);
        // 8 TB twice at 100 GB a second; 16 ns of 10^12 words on 6,400 cores.
        let seconds = sample.seconds;
        assert!((seconds.reading - 160.0).abs() < 1e-9);
        assert!((seconds.computing - 2.5).abs() < 1e-9);
        assert!((seconds.shuffling - sent / 1e9).abs() < 1e-9);
        assert!((seconds.all() - 160.0 - sent / 1e9 - 0.136).abs() < 1e-9);
    }

    #[test]
    fn what_is_asked_for_is_among_the_samples() {
        let answer = HUNDRED.answer(VOLUME, Some(300));
        let samples = answer.samples.iter();
        let samples: Vec<u64> = samples.map(|sample| sample.outlay.one_window_in).collect();
        assert_eq!(samples, [256, 1024, 4096, 16_384]);
        assert_eq!(answer.one_window_in, 256);
        // One process reads more often, or sees less.
        assert!(answer.alone_readings > 2 && answer.alone_one_window_in > 256);
    }
}

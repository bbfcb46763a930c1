//! What `plan --cluster` prints.

use std::fmt::Write as _;

use super::{ClusterAnswer, FIRST_PASS_NS, FURTHER_PASS_NS, LENGTHS, WindowSample};
use crate::report::{
    numbers::{self, counted, figure},
    text::{Options, wrap},
};

impl ClusterAnswer {
    pub(super) fn text(&self, options: Options) -> String {
        let mut text = String::new();
        let mut say = |said: &str| text.push_str(&wrap(said, "", "  ", options.width));
        let (volume, machines) = (self.volume, self.machines);
        let size = format!(
            "{} of {} each ({})",
            counted(volume.streams as u64, "stream"),
            counted(volume.words as u64, "word"),
            decimal(self.bytes)
        );
        if self.is_whole {
            say(&format!(
                "{size}: one process joins all of it element by element; nothing is handed out and nothing missed."
            ));
            return text;
        }
        let taken = self.taken();
        let seconds = taken.seconds;
        say(&format!(
            "{size} on {}: {} shuffled ({} sent by each), words read {} times, about {}.",
            counted(machines.nodes.into(), "machine"),
            decimal(taken.outlay.shuffled_bytes),
            decimal(taken.sent_bytes_per_node),
            taken.outlay.readings,
            time(seconds.all())
        ));
        say(&format!(
            "Time: reading {}, computing meanwhile {}, shuffling {}, handing out steps {}; verifying reads little \
             and is left out. Given: {} GB a second read and {} GB a second sent by each machine. CPU time a word: \
             {FIRST_PASS_NS} ns for two readings, {FURTHER_PASS_NS} ns for each further one, {}; {} each.",
            time(seconds.reading),
            time(seconds.computing),
            time(seconds.shuffling),
            time(seconds.handing_out),
            figure(machines.disk_gb_per_s),
            figure(machines.network_gb_per_s),
            self.cpu_measured,
            counted(machines.cores.into(), "core"),
        ));
        say(&format!(
            "A step: {} to each machine, once a pass. Memory of a process: at least {}. The first {} of all streams \
             go to one machine for the tests.",
            decimal(taken.outlay.step_bytes),
            decimal(taken.process_bytes),
            decimal(volume.tested_bytes()),
        ));
        say(&format!(
            "Edges of streams are joined exactly: {} windows have the key of one by chance; a bit filter alone would \
             let {} pass.",
            figure(taken.outlay.chance_records),
            figure(taken.outlay.filter_records)
        ));
        say(&format!(
            "One process of {} would read all words {} times for this sample, or take one window in {} in two \
             readings.",
            numbers::bytes(machines.memory_bytes),
            self.alone_readings,
            numbers::count(self.alone_one_window_in)
        ));
        self.table(&mut text);
        text.push_str(&wrap(
            "Missed: the probability that an overlap of so many windows is not seen, away from the starts and ends \
             of streams and where one of the rows of keys alone can see it: (1 - 1/sample)^windows. An overlap at a \
             start or an end, and equal streams, are never missed.",
            "",
            "  ",
            options.width,
        ));
        text
    }

    fn taken(&self) -> &WindowSample {
        let taken = |sample: &&WindowSample| sample.outlay.one_window_in == self.one_window_in;
        let found = self.samples.iter().find(taken);
        found.expect("it is among the samples")
    }

    fn table(&self, text: &mut String) {
        let _ = write!(
            text,
            "\n  {:>9} {:>9} {:>9} {:>9} {:>8}   missed:",
            "1 in", "records", "shuffled", "a machine", "readings"
        );
        for windows in LENGTHS {
            let _ = write!(text, " {:>9}", numbers::count(windows as u64));
        }
        text.push('\n');
        for sample in &self.samples {
            let outlay = &sample.outlay;
            let mark = if outlay.one_window_in == self.one_window_in {
                "*"
            } else {
                " "
            };
            let _ = write!(
                text,
                "{mark} {:>9} {:>9} {:>9} {:>9} {:>8}          ",
                numbers::count(outlay.one_window_in),
                figure(sample.records),
                decimal(outlay.shuffled_bytes),
                decimal(sample.sent_bytes_per_node),
                outlay.readings
            );
            for (_, missed) in &sample.missed {
                let _ = write!(text, " {:>9}", numbers::probability(*missed));
            }
            text.push('\n');
        }
        let rows = counted(self.taken().outlay.rows as u64, "row");
        let _ = writeln!(text, "  * what an audit takes; {rows} of keys a word\n");
    }
}

/// A size in bytes with a decimal unit.
fn decimal(bytes: f64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let step = (bytes.max(1.0).log10() / 3.0).floor().clamp(0.0, 5.0);
    format!(
        "{} {}",
        figure(bytes / 10f64.powf(3.0 * step)),
        units[step as usize]
    )
}

/// A duration in the unit that people use for it.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{} s", figure(s)),
        s if s < 7_200.0 => format!("{} min", figure(s / 60.0)),
        s if s < 172_800.0 => format!("{} h", figure(s / 3_600.0)),
        s => format!("{} days", figure(s / 86_400.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::*, *};

    fn told(streams: usize, words: usize) -> String {
        let machines = Machines {
            nodes: 100,
            cores: 64,
            disk_gb_per_s: 1.0,
            network_gb_per_s: 1.0,
            memory_bytes: 4 << 30,
        };
        let answer = machines.answer(Volume { streams, words }, None);
        // No line is broken.
        let options = Options {
            width: 1000,
            ..Options::default()
        };
        answer.text(options)
    }

    #[test]
    fn what_is_small_is_not_handed_out() {
        assert!(told(64, 4096).contains("nothing is handed out"));
    }

    #[test]
    fn all_of_it_is_told() {
        let text = told(1_000_000, 1_000_000);
        for said in [
            "8 TB",
            "141 GB",
            "1.4 GB",
            "136 MB",
            "2.28 windows",
            "8.8e9",
            "36.8 %",
            "77.9 %",
            "3.1e-27",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}

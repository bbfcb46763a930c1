//! `seedbench plan`: what to use for a job of this size, and how large a run shows a weakness.

mod answer;
mod cluster;

use self::{answer::Answer, cluster::ClusterArgs};
use super::{Failure, Output, execute, exit, language::LanguageName};
use crate::{
    advise::{self, Language, Weakness},
    harness::Effort,
    horizon::JobSize,
    report::numbers,
};

/// The operating system's generator, asked for every draw.
const SYSTEM: &str = "os-random/getrandom";

/// What to use for a job of this size: one answer with its bound, its cost here, and code to paste
///
/// With --detect-…, the other way round: how large a run must be to see a weakness of that size. With
/// --cluster, what an audit of that size moves, how long it takes on many machines, and what it misses.
#[derive(clap::Args, Debug)]
pub struct PlanArgs {
    /// Streams of one run: workers or tasks, whichever you seed
    #[arg(long, value_parser = count, default_value = "64", value_name = "N")]
    workers: f64,
    /// Runs that must differ from one another
    #[arg(long, value_parser = count, default_value = "1", value_name = "N")]
    runs: f64,
    /// Words that one stream draws (1e9 is understood)
    #[arg(long, value_parser = count, default_value = "1e6", value_name = "N")]
    words: f64,
    /// Only strategies that a recorded root repeats
    #[arg(long)]
    replayable: bool,
    /// The language of the code to paste
    #[arg(long, default_value = "rust", value_name = "LANGUAGE")]
    language: LanguageName,
    /// Rank by the bound alone: measure no costs on this machine (Rust), use none that were (Python, C++)
    #[arg(long)]
    no_cost: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// How many streams show that seeds carry only so many bits
    #[arg(long, value_name = "BITS")]
    detect_bits: Option<f64>,
    /// How many words show that two streams agree in this share of bits beyond one half
    #[arg(long, value_name = "EXCESS")]
    detect_correlation: Option<f64>,
    /// How much shows that one pair among --workers streams is equal
    #[arg(long)]
    detect_pair: bool,
    #[command(flatten)]
    cluster: ClusterArgs,
}

fn count(text: &str) -> Result<f64, String> {
    match text.replace('_', "").parse::<f64>() {
        Ok(value) if (1.0..=1e30).contains(&value) && value.fract() == 0.0 => Ok(value),
        _ => Err("a whole number from 1 to 1e30, as in 4096 or 1e9".into()),
    }
}

impl PlanArgs {
    /// Prints the ranked answer, or the size that detects a weakness.
    ///
    /// # Errors
    /// When a weakness makes no sense.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        if self.cluster.cluster {
            let size = (self.workers * self.runs, self.words);
            let text = self.cluster.answer(size, self.json, output.text())?;
            output.print(&text)?;
            return Ok(exit::OK);
        }
        let weakness = self.weakness()?;
        let text = match weakness {
            Some(weakness) => detecting(weakness),
            None => self.advice(output)?,
        };
        output.print(&text)?;
        Ok(exit::OK)
    }

    fn weakness(&self) -> anyhow::Result<Option<Weakness>> {
        let asked = usize::from(self.detect_bits.is_some())
            + usize::from(self.detect_correlation.is_some())
            + usize::from(self.detect_pair);
        if asked > 1 {
            return Err(Failure::usage("ask for one --detect-… at a time"));
        }
        let streams = self.workers;
        Ok(match (self.detect_bits, self.detect_correlation) {
            (Some(bits), _) if bits > 0.0 && bits <= 256.0 => Some(Weakness::SeedBits(bits)),
            (Some(bits), _) => {
                return Err(Failure::usage(format!(
                    "--detect-bits {bits}: from 1 to 256 bits"
                )));
            }
            (_, Some(excess)) if excess > 0.0 && excess <= 0.5 => {
                Some(Weakness::Correlation { excess, streams })
            }
            (_, Some(excess)) => {
                return Err(Failure::usage(format!(
                    "--detect-correlation {excess}: P(bits agree) - 1/2, above 0 and up to 0.5"
                )));
            }
            (None, None) => self.detect_pair.then_some(Weakness::EqualPair { streams }),
        })
    }

    fn advice(&self, output: &Output) -> anyhow::Result<String> {
        let language = Language::from(self.language);
        let job = JobSize {
            streams: self.workers,
            runs: self.runs,
            words: self.words,
        };
        let measured = advise::measured(language).filter(|_| !self.no_cost);
        let costs = if let Some(measured) = measured {
            measured.costs.clone()
        } else if self.no_cost || language != Language::Rust {
            Vec::new()
        } else {
            let candidates: Vec<String> = advise::rank(language, job, self.replayable, &[])
                .into_iter()
                .map(|choice| choice.id)
                .chain([SYSTEM])
                .map(str::to_owned)
                .collect();
            execute::costs_of(&candidates, Effort::QUICK, output)?
        };
        let answer = Answer {
            language,
            job,
            replayable: self.replayable,
            choices: advise::rank(language, job, self.replayable, &costs),
            system_ns: measured.map(|measured| measured.system_ns).or_else(|| {
                let system = costs.iter().find(|cost| cost.id == SYSTEM);
                system.map(|cost| cost.draw.median)
            }),
            measured,
        };
        if self.json {
            return answer.json();
        }
        Ok(answer.text(output.text()))
    }
}

fn detecting(weakness: Weakness) -> String {
    let size = advise::size_to_detect(weakness);
    let what = match weakness {
        Weakness::SeedBits(bits) => format!("that seeds carry only {bits} bits"),
        Weakness::EqualPair { streams } => {
            format!("one equal pair among {} streams", figure(streams))
        }
        Weakness::Correlation { excess, streams } => format!(
            "a pair among {} streams whose bits agree with probability 1/2 + {excess}",
            figure(streams)
        ),
    };
    format!(
        "To see {what} with 95 % power, while a sound program is accused with probability at most 7e-10:\n  \
         {} of {} each ({}), each an independent draw of the seed.\n",
        counted(size.streams, "stream"),
        counted(size.words, "word"),
        bytes(size.streams * size.words * 8.0)
    )
}

fn counted(value: f64, noun: &str) -> String {
    let plural = if value == 1.0 { "" } else { "s" };
    format!("{} {noun}{plural}", figure(value))
}

fn figure(value: f64) -> String {
    if value < 1e7 {
        numbers::count(value as u64)
    } else {
        format!("{value:.1e}")
    }
}

fn bytes(bytes: f64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let step = (bytes.log2() / 10.0).floor().clamp(0.0, 5.0);
    format!(
        "{:.1} {}",
        bytes / (step * 10.0).exp2(),
        units[step as usize]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_and_positive() {
        assert_eq!(count("1e9"), Ok(1e9));
        assert_eq!(count("1_024"), Ok(1024.0));
        for text in ["0", "-1", "1.5", "nan", "inf", "", "1e31"] {
            assert!(count(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(bytes(160_000.0 * 32.0), "4.9 MiB");
    }
}

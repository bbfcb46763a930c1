//! The answer as text and as JSON: what to use first, then the code, what would refute it, the rest.

use std::fmt::Write as _;

use crate::{
    advise::{self, ACCEPTED_RISK, Choice, Language, Measured},
    horizon::JobSize,
    report::text::{Options, wrap},
};

/// Rows that are printed unless all are asked for.
const ROWS: usize = 10;

/// Columns of the whole table.
const WIDE: usize = 100;

/// What a job was advised.
pub(super) struct Answer {
    pub(super) language: Language,
    pub(super) job: JobSize,
    pub(super) replayable: bool,
    /// Best first.
    pub(super) choices: Vec<Choice>,
    /// What a word of the system's generator costs, where that was measured.
    pub(super) system_ns: Option<f64>,
    /// Where costs were not measured here, but in the language itself.
    pub(super) measured: Option<&'static Measured>,
}

impl Answer {
    /// The best choice, if its risk is accepted.
    fn best(&self) -> Option<&Choice> {
        self.choices
            .first()
            .filter(|choice| choice.risk <= ACCEPTED_RISK)
    }

    pub(super) fn json(&self) -> anyhow::Result<String> {
        let command = self.language.command();
        let best = self.best();
        let value = serde_json::json!({
            "language": self.language,
            "job": self.job,
            "replayable": self.replayable,
            "accepted_risk": ACCEPTED_RISK,
            "use": best.map(|choice| choice.id),
            "command": command,
            "refuted_by": best.map(|_| self.refutations(command)),
            "system_word_ns": self.system_ns,
            "measured": self.measured.map(|measured| &measured.source),
            "choices": self.choices,
        });
        Ok(serde_json::to_string_pretty(&value)? + "\n")
    }

    fn refutations(&self, command: &str) -> [String; 2] {
        [
            advise::refutation(command, self.job.streams),
            advise::replay(command),
        ]
    }

    pub(super) fn text(&self, options: Options) -> String {
        let mut text = wrap(&self.sentence(), "", "  ", options.width);
        if let Some(best) = self.best() {
            self.program(&mut text, best, options);
        }
        self.table(&mut text, options);
        text
    }

    /// The whole answer in a sentence.
    fn sentence(&self) -> String {
        let job = self.job;
        let size = format!(
            "{} of {} in {}",
            counted(job.streams, "stream"),
            counted(job.words, "word"),
            counted(job.runs, "run")
        );
        let Some(best) = self.best() else {
            let wanted = if self.replayable { "replayable " } else { "" };
            return format!(
                "Nothing {wanted}in {} keeps the risk of a shared or overlapping stream below {} for {size}: \
                 ask for fewer or shorter streams, or for another --language.",
                self.language,
                probability(ACCEPTED_RISK)
            );
        };
        let mut sentence = format!(
            "Use {}: for {size} the risk of a shared or overlapping stream is at most {}, and it stays \
             below {} up to {}",
            best.id,
            probability(best.risk),
            probability(ACCEPTED_RISK),
            counted(best.holds_for, "stream")
        );
        match (best.cost, self.system_ns) {
            (Some(cost), Some(system)) => {
                let place = match self.measured {
                    Some(measured) => format!("in {}, drawn {}", self.language, measured.drawn),
                    None => "here".into(),
                };
                let _ = write!(
                    sentence,
                    "; a word costs {} {place}, 1/{:.0} of the operating system's generator",
                    time(cost.word_ns),
                    (system / cost.word_ns).max(1.0)
                );
            }
            _ => {
                let _ = write!(
                    sentence,
                    "; what it costs in {} was not measured",
                    self.language
                );
            }
        }
        sentence.push('.');
        sentence
    }

    fn program(&self, text: &mut String, best: &Choice, options: Options) {
        let language = self.language;
        let _ = writeln!(
            text,
            "\nIn {language} ({}{}):\n",
            language.file(),
            language.remark()
        );
        for row in best.recipe.program().lines() {
            let _ = writeln!(text, "{}", format!("    {row}").trim_end());
        }
        let claim = "\nWhat would refute it: both commands say sound; the first says unsound where the \
                     task, or some bits of the root, have no effect, the second where the root has none.";
        text.push('\n');
        text.push_str(&wrap(claim, "", "  ", options.width));
        for command in self.refutations(language.command()) {
            let _ = writeln!(text, "    {command}");
        }
    }

    fn table(&self, text: &mut String, options: Options) {
        let rows = if options.verbose {
            self.choices.len()
        } else {
            ROWS.min(self.choices.len())
        };
        let _ = writeln!(
            text,
            "\nWhat {} does with a program as short, best first:",
            self.language
        );
        // What would end a strategy stands in its line, or below it on a narrow terminal.
        let below = if options.width < WIDE {
            "\n       "
        } else {
            "  "
        };
        let _ = writeln!(
            text,
            "  {:<28} {:>8} {:>9} {:>9} {:>9}{below}would end when",
            "strategy", "risk <=", "open", "word", "a stream"
        );
        for choice in &self.choices[..rows] {
            let ns = |of: fn(&crate::advise::Cost) -> f64| {
                choice.cost.map_or("-".into(), |cost| time(of(&cost)))
            };
            let _ = writeln!(
                text,
                "{} {:<28} {:>8} {:>9} {:>9} {:>9}{below}{}",
                if choice.risk <= ACCEPTED_RISK {
                    " "
                } else {
                    "x"
                },
                choice.id,
                probability(choice.risk),
                ns(|cost| cost.open_ns),
                ns(|cost| cost.word_ns),
                ns(|cost| cost.stream_ns),
                choice.ends.words(),
            );
        }
        let more = self.choices.len() - rows;
        if more > 0 {
            let _ = writeln!(text, "  {more} more with --verbose");
        }
        let order = "Costs within a factor of 2, or whose intervals overlap, are ties. Ties go to what is \
                     keyed by the task, has 128 bits of root, replays, is in the language's usual \
                     library, and is shorter. `seedbench list` has all strategies.";
        text.push_str(&wrap(order, "", "  ", options.width));
        if let Some(measured) = self.measured {
            let mut source = format!("Costs are of {}", measured.source);
            if let Some((call, ns)) = &measured.single {
                let _ = write!(
                    source,
                    "; one word a call, {call} takes {} and more",
                    time(*ns)
                );
            }
            text.push_str(&wrap(&(source + "."), "", "  ", options.width));
        }
    }
}

/// `1 run`, `64 streams`, `3.1e12 streams`.
fn counted(value: f64, what: &str) -> String {
    let figure = match value {
        value if value >= 1e300 => "any number of".into(),
        value if value < 1e7 => crate::report::numbers::count(value as u64),
        value => exponent(value),
    };
    if value == 1.0 {
        format!("{figure} {what}")
    } else {
        format!("{figure} {what}s")
    }
}

fn exponent(value: f64) -> String {
    let text = format!("{value:.1e}");
    text.replace(".0e", "e")
}

fn probability(value: f64) -> String {
    if value == 0.0 {
        "none".into()
    } else if value < 1e-300 {
        "1e-300".into()
    } else if value < 0.01 {
        format!("{value:.0e}")
    } else {
        format!("{:.0} %", 100.0 * value)
    }
}

/// A duration in the unit that people use for it.
fn time(ns: f64) -> String {
    let seconds = ns / 1e9;
    match seconds {
        s if s < 1e-8 => format!("{ns:.2} ns"),
        s if s < 1e-6 => format!("{ns:.0} ns"),
        s if s < 1e-3 => format!("{:.1} us", 1e6 * s),
        s if s < 1.0 => format!("{:.1} ms", 1e3 * s),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7_200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.0} h", s / 3_600.0),
        s if s < 63_115_200.0 => format!("{:.0} days", s / 86_400.0),
        s => format!("{:.0} years", s / 31_557_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(language: Language, streams: f64) -> Answer {
        let job = JobSize {
            streams,
            runs: 1.0,
            words: 1e6,
        };
        Answer {
            language,
            job,
            replayable: true,
            choices: advise::rank(language, job, true, &[]),
            system_ns: None,
            measured: None,
        }
    }

    #[test]
    fn what_is_recommended_is_what_is_pasted() {
        for language in Language::ALL {
            let answer = answer(language, 64.0);
            let text = answer.text(Options::default());
            let best = answer.best().unwrap();
            assert!(text.starts_with(&format!("Use {}: ", best.id)), "{text}");
            for line in best.recipe.program().lines() {
                assert!(text.contains(line), "{line}");
            }
            assert!(text.contains("1 run "), "{text}");
        }
    }

    #[test]
    fn nothing_is_recommended_where_nothing_holds() {
        let text = answer(Language::Python, 1e30).text(Options::default());
        assert!(text.starts_with("Nothing replayable in Python"), "{text}");
        assert!(!text.contains("import"), "{text}");
    }

    #[test]
    fn what_was_measured_in_a_language_is_said_of_it_alone() {
        let python = Answer {
            measured: advise::measured(Language::Python),
            system_ns: Some(500.0),
            choices: advise::rank(
                Language::Python,
                answer(Language::Python, 64.0).job,
                true,
                &advise::measured(Language::Python).unwrap().costs,
            ),
            ..answer(Language::Python, 64.0)
        };
        let text = python.text(Options::default());
        let sentence = python.sentence();
        assert!(
            sentence.contains(" in Python, drawn in arrays"),
            "{sentence}"
        );
        assert!(text.contains("Costs are of CPython"), "{text}");
        let sentence = answer(Language::Go, 64.0).sentence();
        assert!(
            sentence.ends_with("what it costs in Go was not measured."),
            "{sentence}"
        );
    }

    #[test]
    fn figures_are_readable() {
        assert_eq!(probability(0.53), "53 %");
        assert_eq!(probability(3e-77), "3e-77");
        assert_eq!(time(12_345.0), "12.3 us");
        assert_eq!(time(3.2e12), "53 min");
        assert_eq!(time(1e17), "3 years");
    }
}

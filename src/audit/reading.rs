//! What captured numbers are read as: draws, where they are known to be or have earned it, or values of
//! unknown law.

use super::{CaptureSource, Question, controls, describe, flips, judged, proposals::proposals};
use crate::{
    analyze::{self, AnalyzeOptions},
    capture::{Capture, CaptureError},
    joins::JoinArena,
    reading::earned,
    recovery,
    results::{Analysis, Depth, FindingKind, Pattern, Reading, RecoveredSeeds, SUSPECT, Suspect},
    values::{Assumptions, ROWS},
    verdict::Severity,
    vocabulary::Format,
};

/// What numbers are taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadAs {
    /// Draws where they are unsigned integers that fill their width, else what they have earned.
    #[default]
    Found,
    /// Raw draws, as they stand.
    Draws,
    /// Values of unknown law.
    Values,
}

/// What only the user can know of the numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// What they are taken for.
    pub read_as: ReadAs,
    /// Two independent draws are never equal.
    pub continuous: bool,
    /// What all streams of a run have in common at the same places is told to them.
    pub shared_inputs: bool,
    /// Values that may have been drawn as one; `None`: four, or as many as a row has.
    pub row: Option<u32>,
}

impl Declared {
    /// Raw draws are words; what is none is not judged by their laws.
    ///
    /// # Errors
    /// When numbers are declared to be raw draws that are no words.
    pub fn fits(&self, capture: &Capture) -> Result<(), CaptureError> {
        let words = capture.format().uniform_width().is_some() || !capture.is_labelled();
        if self.read_as == ReadAs::Draws && !words {
            return Err(CaptureError::Options(format!(
                "only raw words can be judged as draws (`--as draws`, `as = \"draws\"`), and these are {}: leave it \
                 out, or declare `continuous` if two independent draws are never equal",
                capture.format()
            )));
        }
        Ok(())
    }
}

/// Everything that joins and tests say of a capture, read as it may be.
pub(super) fn analysis(
    capture: &mut Capture,
    question: Question,
    options: AnalyzeOptions,
) -> Result<Analysis, CaptureError> {
    if options.equality_only {
        return analyze::analyze(
            &mut CaptureSource(capture),
            options,
            &mut JoinArena::default(),
        );
    }
    let read_as = match question.declared.read_as {
        ReadAs::Found if capture.is_drawn() => ReadAs::Draws,
        declared => declared,
    };
    let words = capture.format().uniform_width().is_some();
    match read_as {
        ReadAs::Draws if words || !capture.is_labelled() => {
            drawn(capture, question, options, Reading::Drawn)
        }
        ReadAs::Draws => values(
            capture,
            question,
            "they are draws of another law".into(),
            true,
        ),
        ReadAs::Values => {
            let why = "they are declared to be values of unknown law".into();
            values(capture, question, why, false)
        }
        ReadAs::Found => match why_not_words(capture, question)? {
            (None, _) => earned_words(capture, question, options),
            (Some(why), seeds) => {
                let mut found = values(capture, question, why.clone(), false)?;
                if words {
                    found.recovered = seeds.or(found.recovered);
                }
                unless_words(capture, question, options, found, why)
            }
        },
    }
}

/// Why the numbers have not earned the name of words; `None` where they have: by what they look like, or
/// because a known generator gives them from a small seed. With the seeds, where they were found.
fn why_not_words(
    capture: &mut Capture,
    question: Question,
) -> Result<(Option<String>, Option<RecoveredSeeds>), CaptureError> {
    if !capture.is_labelled() {
        let why = "a list without labels says nothing of who drew what";
        return Ok((Some(why.into()), seeds_of_words(capture, question)?));
    }
    let all = LOOKED_AT_IN_ALL / capture.streams().max(1);
    let evidence = capture.load(all.clamp(LEAST_LOOKED_AT, LOOKED_AT))?;
    let Err(why) = earned(evidence) else {
        return Ok((None, None));
    };
    let seeds = seeds_of_words(capture, question)?;
    let known = seeds
        .as_ref()
        .is_some_and(|seeds| 2 * seeds.seeds.len() as u64 >= seeds.of);
    Ok(((!known).then_some(why), seeds))
}

/// The seeds of streams of words, where they can be found out.
fn seeds_of_words(
    capture: &mut Capture,
    question: Question,
) -> Result<Option<RecoveredSeeds>, CaptureError> {
    if question.depth == Depth::Screen || question.skips_seeds {
        return Ok(None);
    }
    let launches = capture.launches().collect();
    let starts = capture.load(recovery::WORDS)?;
    let thorough = question.depth == Depth::Exhaustive;
    Ok(recovery::recover(starts, &launches, thorough))
}

/// Words of a stream that are looked at before it is decided what they are: fewer of very many streams.
const LOOKED_AT: usize = 1 << 14;
const LEAST_LOOKED_AT: usize = 1 << 8;
const LOOKED_AT_IN_ALL: usize = 1 << 24;

/// Bits below which integers that fill them may as well be draws below a bound: no generator gives words so narrow.
const NARROWEST: u32 = 15;

/// The analysis of raw words.
fn drawn(
    capture: &mut Capture,
    question: Question,
    options: AnalyzeOptions,
    reading: Reading,
) -> Result<Analysis, CaptureError> {
    let mut analysis = analyze::analyze(
        &mut CaptureSource(capture),
        options,
        &mut JoinArena::default(),
    )?;
    if let Some((walk, results)) = flips::walk(capture)? {
        analysis.add_walk(walk, results);
    }
    analysis.recovered = seeds_of_words(capture, question)?;
    analysis.reading = Some(reading);
    Ok(analysis)
}

/// The analysis of words that have earned their name: it convicts where the structure of the program does not
/// explain what it found, or their values convict without a law.
fn earned_words(
    capture: &mut Capture,
    question: Question,
    options: AnalyzeOptions,
) -> Result<Analysis, CaptureError> {
    let words = drawn(capture, question, options, Reading::Earned)?;
    let Some(why) = controls::explained(capture, question, options, &words)? else {
        return Ok(words);
    };
    let found = values(capture, question, why.into(), false)?;
    if is_refuted(&found) {
        return Ok(words);
    }
    Ok(with_words(capture, question, found, &words, why.into()))
}

/// Whether values convict without a law.
fn is_refuted(found: &Analysis) -> bool {
    found.equality.iter().any(|equality| equality.pairs() > 0) || !found.joins.shared.is_empty()
}

/// What values of unknown law say, and as a suspicion what they would say as words.
fn with_words(
    capture: &Capture,
    question: Question,
    mut found: Analysis,
    words: &Analysis,
    why: String,
) -> Analysis {
    let suspect = convicted(capture, words, question, |finding, message| {
        Pattern::Unearned {
            finding,
            message,
            why,
        }
    });
    found.suspects.extend(suspect);
    // How often values occur is a fact, whatever they are.
    found.joins.duplicates.clone_from(&words.joins.duplicates);
    found
}

/// The analysis of values of unknown law, or of draws of another law than the uniform one.
fn values(
    capture: &mut Capture,
    question: Question,
    why: String,
    draws: bool,
) -> Result<Analysis, CaptureError> {
    let declared = question.declared;
    let rows = ROWS.max(capture.values_per_row() as usize);
    let assumptions = Assumptions {
        rows: declared.row.map_or(rows, |row| row as usize),
        columns: capture.values_per_row() as usize,
        draws,
        continuous: declared.continuous,
        shared_inputs: declared.shared_inputs,
    };
    let looked_like = capture.take_as_values();
    let number = capture.number();
    let mut found = analyze::values(
        &mut CaptureSource(capture),
        number,
        assumptions,
        why,
        question.tested_bytes,
    );
    if let Ok(found) = &mut found
        && looked_like
            .format()
            .uniform_width()
            .is_none_or(|width| width < NARROWEST)
        && question.depth > Depth::Screen
        && !question.skips_seeds
    {
        let launches = capture.launches().collect();
        let number = capture.number();
        let starts = capture.load(recovery::WORDS)?;
        let thorough = question.depth == Depth::Exhaustive;
        found.recovered = recovery::recover_values(starts, number, &launches, thorough);
    }
    capture.take_as(looked_like);
    found
}

/// Values of captures that are read in several ways.
const READ_TWICE: usize = 1 << 20;

/// What is unsound with something left out, and not as it stands, is suspect.
fn unless_left_out(
    capture: &mut Capture,
    question: Question,
    options: AnalyzeOptions,
    mut found: Analysis,
) -> Result<Analysis, CaptureError> {
    if !capture.is_labelled() || capture.streams() * capture.longest() > READ_TWICE {
        return Ok(found);
    }
    let looked_like = capture.take_as_values();
    let proposed = capture.load(LOOKED_AT).map(proposals);
    capture.take_as(looked_like);
    for proposal in proposed? {
        let Ok(mut rest) = capture.without(&proposal.left_out) else {
            continue;
        };
        let words = rest.format().uniform_width().is_some()
            && why_not_words(&mut rest, question)?.0.is_none();
        let analysis = if words {
            drawn(&mut rest, question, options, Reading::Earned)?
        } else if proposal.hides_values {
            values(&mut rest, question, String::new(), false)?
        } else {
            continue;
        };
        let option = proposal.option;
        let convicted = convicted(&rest, &analysis, question, |finding, message| {
            Pattern::LeftOut {
                finding,
                message,
                option,
            }
        });
        if let Some(suspect) = convicted {
            found.suspects.push(suspect);
            break;
        }
        if words {
            break;
        }
    }
    Ok(found)
}

/// What tests of words would convict is suspect in values that are not taken for words, and never decides
/// alone.
fn unless_words(
    capture: &mut Capture,
    question: Question,
    options: AnalyzeOptions,
    found: Analysis,
    why: String,
) -> Result<Analysis, CaptureError> {
    let could_be = matches!(capture.format(), Format::Bits { .. }) || !capture.is_labelled();
    if is_refuted(&found) {
        return Ok(found);
    }
    if !could_be {
        return unless_left_out(capture, question, options, found);
    }
    // Seeds have been sought already.
    let as_words = Question {
        skips_seeds: true,
        ..question
    };
    let words = drawn(capture, as_words, options, Reading::Earned)?;
    let suspects = found.suspects.len();
    let found = with_words(capture, question, found, &words, why);
    if found.suspects.len() > suspects {
        return Ok(found);
    }
    unless_left_out(capture, question, options, found)
}

/// What the gravest finding of an analysis says, as a suspicion of another reading.
fn convicted(
    capture: &Capture,
    analysis: &Analysis,
    question: Question,
    pattern: impl FnOnce(FindingKind, String) -> Pattern,
) -> Option<Suspect> {
    let names = describe::names(capture, analysis);
    let judgement = judged(capture, analysis, &names, question);
    let mut findings = judgement.findings.into_iter();
    let grave = findings.find(|finding| finding.severity == Severity::Error)?;
    Some(Suspect {
        pattern: pattern(grave.rule, grave.message),
        bits: grave.p.map_or(SUSPECT, |p| -p.max(1e-300).log2()),
        streams: grave.streams,
        stream_count: grave.stream_count,
        decided_by: None,
        again: None,
        witness: grave.witness,
    })
}

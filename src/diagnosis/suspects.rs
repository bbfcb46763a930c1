//! What is suspect, in words: what was seen, what it may be, and what decides it.

use super::{Context, Diagnosis, words};
use crate::results::{CONVICTS, Excluded, LawClass, Pattern, Reading, Suspect};

/// The finding that a pattern is told as.
pub fn suspect_rule(pattern: &Pattern) -> &'static str {
    match pattern {
        Pattern::EqualStreams { .. } | Pattern::AffineStreams { .. } | Pattern::SharedRun { .. } => {
            "suspect-copies"
        }
        Pattern::CommonPlaces { .. } => "shared-inputs",
        Pattern::FirstValues { .. } | Pattern::ValuesInPlace { .. } | Pattern::Meetings { .. } => {
            "suspect-values"
        }
        Pattern::Ranks { .. } => "suspect-ranks",
        Pattern::Unearned { .. } => "unearned-words",
    }
}

/// Says what was seen, what it may be, and what decides it.
pub fn diagnose_suspect(suspect: &Suspect, context: &Context<'_>) -> Diagnosis {
    let names = || {
        let names = suspect.streams.iter().take(3).map(|&id| context.name(id));
        let more = if suspect.stream_count > 3 { " …" } else { "" };
        format!("{}{more}", names.collect::<Vec<String>>().join(", "))
    };
    let streams = words::counted(suspect.stream_count, "stream");
    let strength = format!("{:.0} bits against chance", suspect.bits);
    let counted = |values: &u64| words::counted(*values, "value");
    let message = match &suspect.pattern {
        Pattern::EqualStreams { values } => {
            format!("{streams} of {} have an equal ({}): {strength}", counted(values), names())
        }
        Pattern::AffineStreams { values, all: true } => format!(
            "all streams of {} are one sequence, scaled and shifted ({}): {strength}",
            counted(values),
            names()
        ),
        Pattern::AffineStreams { values, .. } => format!(
            "{streams} of {} are one another's, scaled and shifted ({}): {strength}",
            counted(values),
            names()
        ),
        Pattern::SharedRun { values, all: true } => format!(
            "{streams} hold runs of one sequence, up to {} long ({}): {strength}",
            counted(values),
            names()
        ),
        Pattern::SharedRun { values, .. } => {
            format!("{} share {} in a row: {strength}", names(), counted(values))
        }
        Pattern::CommonPlaces { values, of, places } => format!(
            "all streams of a run agree {places} ({} of {}): {strength}",
            words::count(*values),
            words::count(*of)
        ),
        Pattern::FirstValues { values } => format!(
            "the first {} of streams are equal by run or by worker, as of {}: {strength}",
            counted(values),
            names()
        ),
        Pattern::ValuesInPlace { values, of } => format!(
            "{} have {} of {} in common at the same places, more than other pairs: {strength}",
            names(),
            words::count(*values),
            counted(of)
        ),
        Pattern::Meetings { values, of } => format!(
            "{} of {} that two streams hold are held by few pairs, of {}: {strength}",
            words::count(*values),
            counted(of),
            names()
        ),
        Pattern::Ranks { agreement, of } => format!(
            "{} rank alike among all streams, {agreement} hundredths of what they could at {} places: {strength}",
            names(),
            words::count(*of)
        ),
        Pattern::Unearned { finding, message, why } => {
            format!("as raw words they are unsound ({finding}: {message}); but {why}")
        }
    };
    let (cause, cure) = cause_and_cure(&suspect.pattern);
    Diagnosis { message, cause: cause.to_owned(), cure: cure.to_owned() }
}

fn cause_and_cure(pattern: &Pattern) -> (&'static str, &'static str) {
    match pattern {
        Pattern::EqualStreams { .. } | Pattern::SharedRun { all: false, .. } => (
            "unsound if values are drawn one by one; not if rows of values are drawn whole from a list",
            "say --row 1 if no list is drawn from, --continuous if two draws are never equal; or record longer \
             streams, more runs, or raw draws (--as draws)",
        ),
        Pattern::SharedRun { .. } | Pattern::AffineStreams { .. } => (
            "unsound if the sequence was drawn; not if it is a schedule or a signal that workers read from \
             places, or at scales, of their own",
            "record fresh runs (a sequence that is drawn changes from run to run), or raw draws (--as draws)",
        ),
        Pattern::CommonPlaces { .. } => (
            "unsound if these values were drawn by each worker; not if they were told to all of them",
            "say --shared-inputs if they are inputs, --as draws if they are draws; or record only what each \
             worker draws",
        ),
        Pattern::FirstValues { .. } => (
            "unsound if these are draws; not if a run or a worker's number decides them",
            "say --continuous or --as draws if they are draws; or record only what each worker draws",
        ),
        Pattern::ValuesInPlace { .. } | Pattern::Meetings { .. } => (
            "unsound if these are draws of a continuous law; not if workers draw from lists of their own",
            "say --continuous if two independent draws are never equal; or record raw draws (--as draws)",
        ),
        Pattern::Ranks { .. } => (
            "unsound if workers were to be independent; not if they are antithetic, or follow a signal, by design",
            "record raw draws (--as draws), for which relations are tested by exact laws",
        ),
        Pattern::Unearned { .. } => (
            "a flaw of raw draws, if each number is one",
            "say --as draws if each number is one raw draw, --as values if it is made of draws",
        ),
    }
}

/// The laws under which what was found is no chance, for findings that rest on values of unknown law.
pub fn laws_excluded(reading: &Reading) -> Option<String> {
    let Reading::Values { equal_bits, class, all_equal, .. } = reading else {
        return None;
    };
    let bits = equal_bits.unwrap_or(CONVICTS);
    Some(match (all_equal, class) {
        (true, _) => format!(
            "either the workers share their numbers, or the output is constant and nothing is drawn ({bits:.0} \
             bits)"
        ),
        (false, None) => format!("excluded under any law of the values ({bits:.0} bits)"),
        (false, Some(_)) => format!(
            "excluded for independent values, increments or rows, laws of each place, and chains of few states \
             ({bits:.0} bits)"
        ),
    })
}

/// What a clean verdict on values excludes, and what not.
pub fn excluded(excluded: &Excluded) -> String {
    let pair = if excluded.equal_pair >= CONVICTS {
        "two equal streams"
    } else {
        "all streams of a run being equal"
    };
    match (excluded.run, excluded.suspected_run) {
        (Some(run), _) => format!(
            "values of unknown law: {pair} and a shared run of {} are excluded, no sharing below that and no \
             other relation",
            words::counted(run, "value")
        ),
        (None, Some(run)) => format!(
            "values of unknown law: {pair} would have been convicted and a shared run of {} suspected; nothing \
             less is excluded",
            words::counted(run, "value")
        ),
        (None, None) => {
            format!("values of unknown law: {pair} would have been convicted; nothing less is excluded")
        }
    }
}

/// The class of laws that explains what was seen best, in words.
pub fn class_in_words(class: LawClass) -> String {
    match class {
        LawClass::Values => "independent values".into(),
        LawClass::Increments => "independent increments".into(),
        LawClass::Rows(row) => format!("independent rows of {row}"),
        LawClass::RowIncrements(row) => format!("independent increments of rows of {row}"),
        LawClass::Markov => "a chain of few states".into(),
    }
}

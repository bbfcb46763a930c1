//! What a verdict on values of unknown law excludes.

use super::words;
use crate::results::{CONVICTS, Excluded, LawClass, Reading};

/// The laws under which what was found is no chance, for findings that rest on values of unknown law.
pub fn laws_excluded(reading: &Reading) -> Option<String> {
    let Reading::Values {
        equal_bits,
        class,
        all_equal,
        ..
    } = reading
    else {
        return None;
    };
    let bits = (*equal_bits)?;
    Some(match (all_equal, class) {
        (_, Some(LawClass::Continuous)) => {
            format!(
                "excluded if two independent draws are never equal, as declared ({bits:.0} bits)"
            )
        }
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
    } else if excluded.all_equal >= CONVICTS {
        "all streams of a run being equal"
    } else {
        return "values of unknown law: nothing is excluded, they tell too little".into();
    };
    let looked_at = match excluded.values < excluded.of {
        true => format!(
            " (in the first {} of up to {} of each stream; nothing is said of what follows)",
            words::count(excluded.values),
            words::counted(excluded.of, "value")
        ),
        false => String::new(),
    };
    let said = match (excluded.run, excluded.suspected_run) {
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
            format!(
                "values of unknown law: {pair} would have been convicted; nothing less is excluded"
            )
        }
    };
    said + &looked_at
}

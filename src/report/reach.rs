//! How far an analysis looked, in a sentence: what sampled windows can miss, and what tests have read.

use super::numbers;
use crate::results::Analysis;

/// What sampled windows can miss, or nothing where all windows were joined.
pub fn recall(analysis: &Analysis) -> Option<String> {
    // The first run that is rather found than missed, and the longest of which it is known.
    let missed = &analysis.joins.recall;
    let rather_found = missed.iter().find(|&&(_, missed)| missed <= 0.5);
    let told = rather_found.into_iter().chain(missed.last());
    let mut parts: Vec<String> = told
        .map(|&(windows, missed)| {
            format!(
                "of {} with probability {}",
                numbers::counted(windows, "word"),
                numbers::probability(missed)
            )
        })
        .collect();
    parts.dedup();
    (!parts.is_empty()).then(|| {
        format!(
            "windows were sampled: a shared run that touches neither start nor end of a stream is \
             missed {}",
            parts.join(", ")
        )
    })
}

/// What was joined but not tested, where the evidence is larger than what is tested.
pub fn beyond_memory(analysis: &Analysis) -> Option<String> {
    let joined = analysis.joined_words?;
    Some(format!(
        "larger than what is tested: tests read the first {} of every stream, joins all {}",
        numbers::counted(analysis.words_per_stream, "word"),
        numbers::count(joined)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Joins;

    #[test]
    fn the_reach_is_said_where_it_is_limited() {
        let mut analysis = Analysis::default();
        assert_eq!(recall(&analysis), None);
        assert_eq!(beyond_memory(&analysis), None);
        analysis = Analysis {
            joins: Joins {
                recall: vec![(16, 0.98), (1024, 0.368), (4096, 0.018)],
                ..Joins::default()
            },
            words_per_stream: 1000,
            joined_words: Some(1_000_000),
            ..analysis
        };
        let said = recall(&analysis).unwrap();
        assert!(
            said.contains("of 1,024 words") && said.contains("of 4,096 words"),
            "{said}"
        );
        assert!(!said.contains("of 16 words"));
        let said = beyond_memory(&analysis).unwrap();
        assert!(said.contains("first 1,000 words") && said.ends_with("all 1,000,000"));
    }
}

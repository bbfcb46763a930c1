//! Streams that must be there and are not.

use crate::{
    results::FindingKind,
    verdict::{Rule, Severity, fixes, rule::no_more},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::MissingStreams,
    title: "streams that must be there are missing",
    severity: Severity::Warning,
    meaning: "Fewer streams were judged than there are. What is missing may be equal to any of the others, so the \
              verdict is open, unless what is there is refuted already.",
    causes: &[
        "a worker that died, or left no shard",
        "shards of a machine that were not copied yet",
        "fewer workers than were said",
    ],
    fix: fixes::CAPTURED_DRAWS,
    references: &[
        "Dean & Ghemawat 2004, MapReduce: Simplified Data Processing on Large Clusters, OSDI",
    ],
    cure: "bring the missing shards, or say how many streams there are (--workers, --runs)",
    // An audit is told how many there must be, and names them itself.
    found: |_| Vec::new(),
    cause: no_more,
};

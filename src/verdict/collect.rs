//! From joins, tests and promises to findings.

use super::{
    Case, Finding, convict, folding,
    kinds::{RULES, dead_seed_bits},
};

/// Every finding of the case, gravest first, in the catalogue's order among equals.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.found)(case)).collect();
    if !folding::under_counters(&mut findings) {
        let tested = convict::findings(case);
        let declared = dead_seed_bits::declared(case, &tested);
        findings.extend(tested.into_iter().chain(declared));
    }
    folding::under_facts(case, &mut findings);
    folding::under_equal_streams(case, &mut findings);
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule));
    findings
}

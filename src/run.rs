//! Runs a plan cell by cell: collect, analyze, judge.

//! Judges the streams of any program: the engine behind `seedbench audit` and the Rust test API.

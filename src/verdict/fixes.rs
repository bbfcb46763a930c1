//! Code that mends what findings tell, in Rust and in Python.

use serde::Serialize;

/// How a finding is mended, in both languages.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct Fix {
    /// Rust that compiles.
    #[serde(rename = "fix_rust")]
    pub rust: &'static str,
    /// Python.
    #[serde(rename = "fix_python")]
    pub python: &'static str,
}

pub(super) const TASK_STREAM: Fix = Fix {
    rust: include_str!("fixes/task_stream.rs"),
    python: include_str!("fixes/task_stream.py"),
};

pub(super) const KEYED_SEED: Fix = Fix {
    rust: include_str!("fixes/keyed_seed.rs"),
    python: include_str!("fixes/keyed_seed.py"),
};

pub(super) const FRESH_ROOT: Fix = Fix {
    rust: include_str!("fixes/fresh_root.rs"),
    python: include_str!("fixes/fresh_root.py"),
};

pub(super) const SAME_STREAM: Fix = Fix {
    rust: include_str!("fixes/same_stream.rs"),
    python: include_str!("fixes/same_stream.py"),
};

pub(super) const GOOD_GENERATOR: Fix = Fix {
    rust: include_str!("fixes/good_generator.rs"),
    python: include_str!("fixes/good_generator.py"),
};

pub(super) const CAPTURED_DRAWS: Fix = Fix {
    rust: include_str!("fixes/captured_draws.rs"),
    python: include_str!("fixes/captured_draws.py"),
};

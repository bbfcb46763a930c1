//! The command line: parse, run, exit code.

pub mod exit;

use std::process::ExitCode;

/// Parses the arguments, runs the subcommand and returns its exit code.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}

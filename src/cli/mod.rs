//! The command line: parse, run, exit code.

mod args;
mod audit;
mod catalogue;
mod census;
mod check;
mod compare;
mod completions;
mod execute;
pub mod exit;
mod failure;
mod generate;
mod init;
mod interrupt;
mod limits;
mod names;
mod origin;
mod output;
mod plan;
mod render;
mod run;
mod selftest;
mod shard;

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;

pub use failure::Failure;
pub use output::Output;

/// Parses the arguments, runs the subcommand and returns its exit code.
pub fn main() -> ExitCode {
    // Before any thread starts: this may be the image that forks workers.
    crate::init();
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    interrupt::watch();
    let output = Output::new(&arguments.global);
    let result = arguments.command.run(&output);
    interrupt::wait_if_interrupted();
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if failure::is_broken_pipe(&error) => ExitCode::from(exit::OK),
        Err(error) => {
            eprintln!("seedbench: error: {}", failure::one_line(&error));
            ExitCode::from(failure::code(&error))
        }
    }
}

/// Help and versions are answers; everything else the parser objects to is a usage error.
fn usage(error: &clap::Error) -> ExitCode {
    // Printing can only fail when nobody reads any more.
    let _ = error.print();
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if error.kind() == clap::error::ErrorKind::UnknownArgument
        && let Some(hint) = audit::of_arguments(&arguments)
    {
        eprintln!("\n{hint}");
    }
    if error.use_stderr() {
        ExitCode::from(exit::USAGE)
    } else {
        ExitCode::from(exit::OK)
    }
}

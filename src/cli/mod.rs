//! The command line: parse, run, exit code.

/// A line to standard error. Nobody may be reading it any more, which is no reason to end in another way.
macro_rules! complain {
    ($($line:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($line)*);
    }};
}

mod args;
mod audit;
mod catalogue;
mod census;
mod check;
mod compare;
mod completions;
mod demo;
mod elsewhere;
mod execute;
mod export;
mod failure;
mod generate;
mod host;
mod init;
mod interrupt;
mod language;
mod memory;
mod origin;
mod output;
mod plan;
mod render;
mod run;
mod selftest;
mod shard;
mod watch;

use std::process::ExitCode;

use clap::Parser;

pub use crate::record::exit;
pub use elsewhere::AuditCall;
pub use failure::Failure;
pub use host::Host;
pub use output::Output;

/// Parses this program's arguments, runs the subcommand and returns its exit code.
pub fn main() -> ExitCode {
    ExitCode::from(run(Host::this_program()))
}

/// The same for the program that `host` describes. To be called once, before any thread starts.
pub fn run(host: Host) -> u8 {
    // This may be the image that forks workers.
    crate::harness::init_from(crate::strategies::ALL, host.arguments().cloned());
    memory::keep_freed();
    let host = host::set(host);
    let arguments = match args::Arguments::try_parse_from(&host.arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    interrupt::handle();
    let output = Output::new(&arguments.global);
    let result = arguments.command.run(&output);
    interrupt::wait_if_interrupted();
    match result {
        Ok(code) => code,
        Err(error) if failure::is_broken_pipe(&error) => exit::OK,
        Err(error) => {
            complain!("seedbench: error: {}", failure::one_line(&error));
            failure::code(&error)
        }
    }
}

/// Help and versions are answers; everything else the parser objects to is a usage error.
fn usage(error: &clap::Error) -> u8 {
    // Printing can only fail when nobody reads any more.
    let _ = error.print();
    let arguments = host::arguments();
    if error.kind() == clap::error::ErrorKind::UnknownArgument
        && let Some(hint) = audit::of_arguments(&arguments)
    {
        complain!("\n{hint}");
    }
    if error.use_stderr() {
        exit::USAGE
    } else {
        exit::OK
    }
}

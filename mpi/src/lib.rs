//! seedbench on MPI: one verdict on numbers that many ranks drew or can read, the same as in one process.
//!
//! `mpirun -n 64 seedbench-mpi audit captures/` judges files that all ranks see. A program whose ranks drew numbers
//! calls [`seedbench_mpi_audit`] on all of them (C: `seedbench_mpi.h`, Fortran: `seedbench_mpi.f90`).

#![deny(unsafe_code)]
#![warn(missing_docs)]

mod abi;
mod agree;
mod exchange;
mod kept;
mod ranks;

use std::{ffi::OsString, process::ExitCode};

pub use abi::{
    seedbench_mpi_audit, seedbench_mpi_audit_doubles, seedbench_mpi_audit_doubles_f,
    seedbench_mpi_audit_f,
};

use mpi::{Threading, topology::SimpleCommunicator, traits::Communicator as _};
use seedbench::{
    cli::{AuditCall, exit},
    distributed::identity,
};

use self::ranks::{Leader, Rank};

const HELP: &str = "\
Usage: mpirun -n RANKS seedbench-mpi audit [OPTIONS] CAPTURE

Judges a capture that all ranks see, as `seedbench audit` does: the same options, report and exit codes. Rank 0 tests
the first words and judges; all ranks read all words, and only records travel between them.
With --verbose it says how many bytes went between ranks. With --sketches DIR every rank keeps what it has recorded
until the audit has come to its end: one that was ended goes on from there.";

/// The command: starts MPI, audits, and returns the exit code of rank 0; other ranks return 0.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let Some((universe, _)) = mpi::initialize_with_threading(Threading::Funneled) else {
        eprintln!("seedbench-mpi: error: MPI was started already");
        return ExitCode::from(exit::INTERNAL);
    };
    let world = universe.world();
    let aloud = world.rank() == 0;
    let code = match arguments.split_first() {
        Some((first, rest)) if first == "audit" => audit(world, rest),
        Some((first, _)) if first == "--help" || first == "-h" => {
            if aloud {
                println!("{HELP}");
            }
            exit::OK
        }
        Some((first, _)) if first == "--version" => {
            if aloud {
                println!("seedbench-mpi {}", env!("CARGO_PKG_VERSION"));
            }
            exit::OK
        }
        _ => {
            if aloud {
                eprintln!("{HELP}");
            }
            exit::USAGE
        }
    };
    ExitCode::from(if aloud { code } else { exit::OK })
}

/// Audits a capture that all ranks open.
fn audit(world: SimpleCommunicator, arguments: &[OsString]) -> u8 {
    let aloud = world.rank() == 0;
    let parsed = AuditCall::parse("seedbench-mpi", arguments, aloud);
    let call = match agree::all_parsed(&world, parsed) {
        Ok(call) => call,
        Err(code) => return code,
    };
    let capture = match agree::agreed(&world, call.open(), identity) {
        Ok(capture) => capture,
        Err(problem) => {
            if aloud {
                eprintln!("seedbench-mpi: error: {problem}");
            }
            return exit::BAD_DATA;
        }
    };
    let rank = Rank::reading(world, capture, call.sketches());
    if !aloud {
        return rank.serve();
    }
    let leader = Leader::new(rank);
    let code = match call.open() {
        Ok(capture) => call.audit_by(capture, Box::new(leader.clone())),
        Err(problem) => {
            eprintln!("seedbench-mpi: error: {problem}");
            exit::BAD_DATA
        }
    };
    let sent = leader.stop(code);
    if call.is_verbose() {
        eprintln!("seedbench-mpi: {sent} bytes went between ranks");
    }
    code
}

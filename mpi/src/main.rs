//! `mpirun -n 64 seedbench-mpi audit CAPTURE`: `seedbench audit`, whose words are read by all ranks.

use std::process::ExitCode;

fn main() -> ExitCode {
    seedbench_mpi::main()
}

//! The `seedbench` command.

fn main() -> std::process::ExitCode {
    seedbench::cli::main()
}

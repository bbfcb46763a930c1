//! `seedbench init`: a commented policy to start from.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use super::{Failure, Output, exit};
use crate::gate::policy::TEMPLATE;

/// Write a commented policy file, seedbench.toml, to start from
///
/// An existing file is never overwritten. Then:
///
///   seedbench check --list              what would run
///   seedbench check --save-baseline     save the baseline; commit both files
///   seedbench check --profile ci        what a pull request runs
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct InitArgs {
    /// Where to write it
    #[arg(default_value = "seedbench.toml", value_name = "FILE")]
    file: PathBuf,
}

impl InitArgs {
    /// Writes the file.
    ///
    /// # Errors
    /// When it exists, or cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let shown = self.file.display();
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&self.file)
            .map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => Failure::usage(format!(
                    "{shown} exists and is left as it is; name another file, or edit that one"
                )),
                _ => Failure::usage(format!("failed to write {shown}: {error}")),
            })?;
        file.write_all(TEMPLATE.as_bytes())
            .map_err(|error| Failure::usage(format!("failed to write {shown}: {error}")))?;
        output.remark(&format!(
            "wrote {shown}; `seedbench check --list` shows what it checks"
        ));
        Ok(exit::OK)
    }
}

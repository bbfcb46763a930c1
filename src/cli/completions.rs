//! `seedbench completions SHELL` and `seedbench man DIR`: generated from the argument definitions.

use std::path::PathBuf;

use anyhow::Context;

use super::{Output, exit};

/// Prints a completion script.
#[derive(clap::Args, Debug)]
pub struct CompletionsArgs {
    /// The shell to complete for.
    shell: clap_complete::Shell,
}

impl CompletionsArgs {
    /// Prints the script for these arguments to standard output.
    pub fn run(&self, output: &Output, mut arguments: clap::Command) -> anyhow::Result<u8> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut arguments, "seedbench", &mut script);
        output.print(&String::from_utf8_lossy(&script))?;
        Ok(exit::OK)
    }
}

/// Writes manual pages.
#[derive(clap::Args, Debug)]
pub struct ManArgs {
    /// The directory to write them to; it is made if it is missing.
    dir: PathBuf,
}

impl ManArgs {
    /// Writes one page for the command and one for every subcommand.
    pub fn run(&self, output: &Output, arguments: clap::Command) -> anyhow::Result<u8> {
        std::fs::create_dir_all(&self.dir)
            .with_context(|| format!("failed to make {}", self.dir.display()))?;
        clap_mangen::generate_to(arguments, &self.dir)
            .with_context(|| format!("failed to write manual pages to {}", self.dir.display()))?;
        output.remark(&format!("wrote manual pages to {}", self.dir.display()));
        Ok(exit::OK)
    }
}

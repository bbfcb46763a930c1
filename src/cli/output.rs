//! Where text goes: results to standard output, progress and remarks to standard error.

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};

use crate::report::text;

/// Options of every subcommand.
#[derive(Args, Debug, Default)]
pub struct Global {
    /// Print errors only (and what `-` sends to standard output).
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every detail.
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Colours: `auto` heeds NO_COLOR and whether standard output is a terminal.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        env = "SEEDBENCH_COLOR"
    )]
    pub color: Color,
}

/// When to use colours.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The terminal's properties and the user's wishes.
#[derive(Clone, Debug)]
pub struct Output {
    /// Only errors, and what `-` sends to standard output.
    pub quiet: bool,
    /// Every detail.
    pub verbose: bool,
    /// Whether standard output takes colours.
    pub color: bool,
    /// Columns of standard output; `None` where it is no terminal.
    pub width: Option<u16>,
    /// Whether progress may be drawn on standard error.
    pub progress: bool,
}

impl Output {
    /// Looks at the terminal once.
    pub fn new(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var("TERM").is_ok_and(|term| term == "dumb");
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            color: match global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => terminal && !plain,
            },
            width: terminal.then(|| console_width(&io::stdout())).flatten(),
            progress: !global.quiet && io::stderr().is_terminal(),
        }
    }

    /// How a report is laid out as text here.
    pub fn text(&self) -> text::Options {
        text::Options {
            width: self.width.map_or(100, usize::from),
            color: self.color,
            unicode: true,
            verbose: self.verbose,
        }
    }

    /// Prints a result.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.print_bytes(text.as_bytes())
    }

    /// Prints a result that is ready as bytes.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout
            .write_all(bytes)
            .and_then(|()| stdout.flush())
            .map_err(|error| {
                let what = format!("failed to write to standard output: {error}");
                io::Error::new(error.kind(), what)
            })
    }

    /// A detail, where every detail is wanted.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            complain!("seedbench: {text}");
        }
    }

    /// A remark for the user, unless quiet.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            complain!("seedbench: {text}");
        }
    }
}

fn console_width(_stdout: &io::Stdout) -> Option<u16> {
    let (_, columns) = console::Term::stdout().size_checked()?;
    Some(columns)
}

//! `seedbench audit` of what many processes hold or read: its arguments and its report, for those who bring the
//! engine.

use std::{ffi::OsString, path::PathBuf};

use clap::Parser as _;

use super::{Host, Output, args, audit::AuditArgs, exit, failure, host};
use crate::{capture::Capture, vocabulary::Engine};

/// The parsed arguments of an audit.
pub struct AuditCall {
    arguments: Box<AuditArgs>,
    output: Output,
}

impl AuditCall {
    /// Parses the arguments of `seedbench audit`, those after its name.
    ///
    /// # Errors
    /// The exit code, after help was printed or what is wrong was said, which only one of many should do
    /// (`aloud`).
    pub fn parse(name: &str, arguments: &[OsString], aloud: bool) -> Result<Self, u8> {
        let host = host::set(Host {
            arguments: [name.into(), "audit".into()]
                .into_iter()
                .chain(arguments.iter().cloned())
                .collect(),
            ..Host::default()
        });
        let refuse = |error: anyhow::Error| {
            if aloud {
                complain!("seedbench: error: {}", failure::one_line(&error));
            }
            failure::code(&error)
        };
        let parsed = args::Arguments::try_parse_from(&host.arguments).map_err(|error| {
            if aloud {
                // Printing can only fail when nobody reads any more.
                let _ = error.print();
            }
            match error.use_stderr() {
                true => exit::USAGE,
                false => exit::OK,
            }
        })?;
        let args::Command::Audit(arguments) = parsed.command else {
            return Err(exit::USAGE);
        };
        arguments.refuse_command().map_err(refuse)?;
        if aloud {
            arguments.try_out().map_err(refuse)?;
        }
        Ok(Self {
            arguments,
            output: Output::new(&parsed.global),
        })
    }

    /// Opens the capture that it is about.
    ///
    /// # Errors
    /// When nothing of it can be read, in one line.
    pub fn open(&self) -> Result<Capture, String> {
        let opened = self.arguments.open_capture();
        opened.map_err(|error| failure::one_line(&error))
    }

    /// Whether more is to be said than usual.
    pub fn is_verbose(&self) -> bool {
        self.output.verbose
    }

    /// Where what is recorded is kept, if it is.
    pub fn sketches(&self) -> Option<PathBuf> {
        self.arguments.sketches()
    }

    /// Judges its capture, read by an engine, publishes the report, and returns the exit code.
    pub fn audit_by(&self, mut capture: Capture, engine: Box<dyn Engine>) -> u8 {
        capture.read_by(engine);
        self.audit(capture, None)
    }

    /// Judges another capture, under this name, as the arguments say.
    pub fn audit_held(&self, capture: Capture, name: &str) -> u8 {
        self.audit(capture, Some(name))
    }

    fn audit(&self, capture: Capture, name: Option<&str>) -> u8 {
        let judged = self.arguments.judge(capture, name, &self.output);
        judged.unwrap_or_else(|error| {
            complain!("seedbench: error: {}", failure::one_line(&error));
            failure::code(&error)
        })
    }
}

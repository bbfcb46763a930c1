//! Gathers what programs print into one capture.

use super::{
    Capture, CaptureError, ElementType, ReadOptions, Reading,
    forms::Source,
    open::{self, Draft, Drafts, FileDrafts, Place},
    tree::{Identity, Label, Part},
};

/// Whose output it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The run, from 0.
    pub run: u32,
    /// The seed that the run was given, which then names it.
    pub seed: Option<String>,
    /// The worker; `None` where one program prints the numbers of all.
    pub worker: Option<u32>,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.seed {
            Some(seed) => write!(f, "seed {seed}")?,
            None => write!(f, "run {}", self.run)?,
        }
        match self.worker {
            Some(worker) => write!(f, " worker {worker}"),
            None => Ok(()),
        }
    }
}

/// Outputs, as they come in.
#[derive(Debug, Default)]
pub struct Gathered {
    drafts: Drafts,
    reading: Reading,
}

impl Gathered {
    /// Outputs that are read so.
    pub fn new(reading: Reading) -> Self {
        Self {
            drafts: Drafts::default(),
            reading,
        }
    }

    /// Adds an output: binary elements where `element` says so, otherwise text told apart by its
    /// first line. With `words`, exactly so many numbers are kept of every stream, and a stream with
    /// fewer is a problem.
    pub fn add(
        &mut self,
        origin: &Origin,
        output: &[u8],
        element: Option<ElementType>,
        words: Option<u64>,
    ) {
        let mut identity = Identity {
            seeded: origin.seed.is_some(),
            ..Identity::default()
        };
        match &origin.seed {
            Some(seed) => identity.label(Label::Run, seed),
            None => identity.run.push(Part::Number(u64::from(origin.run))),
        }
        identity
            .task
            .extend(origin.worker.map(|worker| Part::Number(u64::from(worker))));
        let name = origin.to_string();
        let mut file = match element {
            Some(element) => binary(&name, output, element),
            None => {
                let of = Source {
                    name: &name,
                    base: &identity,
                    own: origin.worker.is_some(),
                    reading: &self.reading,
                };
                open::from_text(&of, output)
            }
        };
        for draft in &mut file.streams {
            if element.is_some() {
                draft.identity = identity.clone();
            }
            if let Some(wanted) = words {
                let found = draft.raw / draft.kind.raw_per_element() as u64;
                if found < wanted {
                    file.problems.push(CaptureError::TooFew {
                        stream: name.clone(),
                        wanted,
                        found,
                    });
                }
                keep_first(draft, wanted);
            }
        }
        self.drafts.add(file);
    }

    /// Adds a start that gave no output.
    pub fn fail(&mut self, origin: &Origin, problem: &dyn std::error::Error) {
        self.drafts.problems.push(CaptureError::Program {
            origin: origin.to_string(),
            problem: super::one_line(problem),
        });
    }

    /// The capture of everything that was added.
    ///
    /// # Errors
    /// When nothing of it can be read, or types are mixed.
    pub fn finish(self) -> Result<Capture, CaptureError> {
        Capture::from_drafts(self.drafts)
    }
}

fn binary(name: &str, mut output: &[u8], element: ElementType) -> FileDrafts {
    // A program that was stopped because it had printed enough may have stopped within an element.
    let whole = output.len() / element.bytes() * element.bytes();
    output = &output[..whole];
    let options = ReadOptions {
        element: Some(element),
        ..ReadOptions::default()
    };
    let (streams, problems) = match open::from_bytes(name, &mut output, &options) {
        Ok(drafts) => (drafts.streams, drafts.problems),
        Err(problem) => (Vec::new(), vec![problem]),
    };
    FileDrafts {
        name: name.into(),
        binary: None,
        streams,
        problems,
        notes: Vec::new(),
    }
}

fn keep_first(draft: &mut Draft, words: u64) {
    let raw = words.saturating_mul(draft.kind.raw_per_element() as u64);
    if let Place::Memory(values) = &mut draft.place
        && (values.len() as u64) > raw
    {
        values.truncate(raw as usize);
        draft.raw = raw;
    }
}

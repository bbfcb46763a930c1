//! Gathers what programs print into one capture.

use super::{
    Capture, CaptureError, ElementType, ReadOptions,
    open::{self, Draft, Drafts, Place},
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
pub struct Gathered(Drafts);

impl Gathered {
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
        let index = self.0.names.len() as u32;
        let (drafts, mut problems) = match element {
            Some(element) => binary(&name, output, element),
            None => open::from_text(index, &name, &identity, output),
        };
        for mut draft in drafts {
            draft.file = index;
            if element.is_some() {
                draft.identity = identity.clone();
            }
            if let Some(wanted) = words {
                let found = draft.raw / draft.kind.raw_per_element() as u64;
                if found < wanted {
                    problems.push(CaptureError::TooFew {
                        stream: name.clone(),
                        wanted,
                        found,
                    });
                }
                keep_first(&mut draft, wanted);
            }
            self.0.streams.push(draft);
        }
        self.0.problems.append(&mut problems);
        self.0.names.push(name);
        self.0.files.push(None);
    }

    /// Adds a start that gave no output.
    pub fn fail(&mut self, origin: &Origin, problem: &dyn std::error::Error) {
        self.0.problems.push(CaptureError::Program {
            origin: origin.to_string(),
            problem: super::one_line(problem),
        });
    }

    /// The capture of everything that was added.
    ///
    /// # Errors
    /// When nothing of it can be read, or types are mixed.
    pub fn finish(self) -> Result<Capture, CaptureError> {
        Capture::from_drafts(self.0)
    }
}

fn binary(name: &str, mut output: &[u8], element: ElementType) -> (Vec<Draft>, Vec<CaptureError>) {
    // A program that was stopped because it had printed enough may have stopped within an element.
    let whole = output.len() / element.bytes() * element.bytes();
    output = &output[..whole];
    let options = ReadOptions {
        element: Some(element),
        ..ReadOptions::default()
    };
    match open::from_bytes(name, &mut output, &options) {
        Ok(drafts) => (drafts.streams, drafts.problems),
        Err(problem) => (Vec::new(), vec![problem]),
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

//! Gathers what programs print into one capture.

use crate::core::Launch;

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
    /// What was seen of the program that printed it.
    pub launch: Option<Launch>,
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
    /// What was seen of the program behind each name.
    launches: Vec<Option<Launch>>,
    /// Streams with fewer numbers than were asked for, and how many they hold.
    short: Vec<(String, u64)>,
    wanted: u64,
}

impl Gathered {
    /// Adds an output: binary elements where `element` says so, otherwise text told apart by its
    /// first line. With `words`, at most so many numbers are kept of every stream, and those with
    /// fewer are noted.
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
        let index = self.drafts.names.len() as u32;
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
                    self.short.push((name.clone(), found));
                    self.wanted = wanted;
                }
                keep_first(&mut draft, wanted);
            }
            self.drafts.streams.push(draft);
        }
        self.drafts.problems.append(&mut problems);
        self.launches.push(origin.launch);
        self.drafts.names.push(name);
        self.drafts.files.push(None);
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
    pub fn finish(mut self) -> Result<Capture, CaptureError> {
        if let Some((first, found)) = self.short.first() {
            let others = match self.short.len() - 1 {
                0 => String::new(),
                others => format!(", and {others} other streams are shorter than that too"),
            };
            self.drafts.notes.push(format!(
                "{first}: printed {found} numbers where {} were asked for (--words, told the program as \
                 SEEDBENCH_WORDS){others}; what was printed is judged",
                self.wanted
            ));
        }
        let mut capture = Capture::from_drafts(self.drafts)?;
        capture.launches = self.launches;
        Ok(capture)
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

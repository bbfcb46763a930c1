//! Gathers what programs print into one capture.

use std::collections::BTreeMap;

use crate::vocabulary::Launch;

use super::{
    Capture, CaptureError, ElementType, ReadOptions, Reading,
    drafts::{Draft, Drafts, FileDrafts, RawPlace},
    identity::{Identity, Label, Part},
    open,
    text_source::TextSource,
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
    reading: Reading,
}

impl Gathered {
    /// Outputs that are read so.
    pub fn new(reading: Reading) -> Self {
        Self {
            drafts: Drafts::default(),
            launches: Vec::new(),
            reading,
        }
    }

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
        let mut file = match element {
            Some(element) => binary(&name, output, element),
            None => {
                let of = TextSource {
                    name: &name,
                    base: &identity,
                    own: origin.worker.is_some(),
                    cut: words.is_some(),
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
        if origin.worker.is_none() {
            self.count_workers(&mut file, &identity);
        }
        self.launches.push(origin.launch);
        self.drafts.add(file);
    }

    /// Compares the workers that a pool's output tells apart with those that were promised.
    fn count_workers(&self, file: &mut FileDrafts, base: &Identity) {
        let Some(promised) = self.reading.workers else {
            return;
        };
        let mut tasks: Vec<&[Part]> = file
            .streams
            .iter()
            .map(|s| s.identity.task.as_slice())
            .collect();
        tasks.sort_unstable();
        tasks.dedup();
        match tasks[..] {
            [] => {}
            [only] if only == base.task.as_slice() && promised > 1 => file.notes.push((
                0,
                format!(
                    "read as one list that does not say who drew what, where --workers promises {promised}; \
                     ranks that print into one pipe can each keep their own (… | seedbench shard --out DIR)"
                ),
            )),
            _ if tasks.len() < promised as usize => file.problems.push(CaptureError::FewerWorkers {
                origin: file.name.clone(),
                found: tasks.len(),
                promised,
            }),
            _ => {}
        }
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
        self.note_short_outputs();
        self.drafts.notes.extend(self.waves());
        let mut capture = Capture::from_drafts(self.drafts)?;
        capture.launches = self.launches;
        Ok(capture)
    }
}

impl Gathered {
    /// In how many waves the workers were started, where several were.
    fn waves(&self) -> Option<String> {
        let mut of_wave = BTreeMap::<u32, u32>::new();
        for launch in self.launches.iter().flatten() {
            *of_wave.entry(launch.wave).or_default() += 1;
        }
        let largest = of_wave.values().max().filter(|&&largest| largest > 1)?;
        Some(format!(
            "{} starts in {} waves: the programs of a wave, up to {largest}, were released at one moment",
            of_wave.values().sum::<u32>(),
            of_wave.len()
        ))
    }

    /// Says once that every worker printed fewer numbers than were asked for.
    fn note_short_outputs(&mut self) {
        let short = |problem: &CaptureError| match problem {
            CaptureError::TooFew { wanted, found, .. } if *found > 0 => Some((*found, *wanted)),
            _ => None,
        };
        let counts: Vec<(u64, u64)> = self.drafts.problems.iter().filter_map(short).collect();
        let Some(&(first, wanted)) = counts.first() else {
            return;
        };
        let all = counts.len() >= self.drafts.streams.len().max(2);
        let note = if all && counts.iter().all(|(found, _)| *found == first) {
            format!(
                "every worker printed {first} numbers where {wanted} were asked for (--words {first} asks for \
                 as many; programs are told by SEEDBENCH_WORDS)"
            )
        } else {
            let mut problems = self.drafts.problems.iter();
            let named = problems.find(|problem| short(problem).is_some());
            let others = match counts.len() - 1 {
                0 => String::new(),
                others => format!(", and {others} others fewer too"),
            };
            format!(
                "{}{others}; what was printed is judged",
                named.map_or_else(String::new, ToString::to_string)
            )
        };
        self.drafts
            .problems
            .retain(|problem| short(problem).is_none());
        self.drafts.notes.push(note);
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
    if let RawPlace::Memory(values) = &mut draft.place
        && (values.len() as u64) > raw
    {
        values.truncate(raw as usize);
        draft.raw = raw;
    }
}

//! The readings of a source: one that takes fingerprints and the keys of edges, and passes that join windows.
//! It is read slab by slab, or by an engine where the words are.

use std::collections::BTreeMap;

use super::{
    Reading, Streams,
    elsewhere::{self, Ask, Step},
    sketch::Sketch,
    slab::Slab,
    slabs::{self, Stretch},
    tasks,
};
use crate::{
    joins::{
        fingerprint::Fingerprint,
        hits::Hits,
        record::{Pass, RecordedPart, Recorder, Records, shared},
        strands::{Strands, StreamSpan},
    },
    kernels::WindowKey,
    vocabulary::{Elsewhere, EngineError, EvidenceSource, Piece, StreamId},
};

/// The fingerprints of all streams.
pub(super) type Prints = Vec<u128>;

/// The keys of first and last windows, by key, ascending.
pub(super) type EdgeKeys = Vec<Vec<u64>>;

impl<S: EvidenceSource> Reading<'_, S> {
    /// All windows of some streams, slab by slab.
    fn slabs(&self, streams: impl Fn(usize) -> bool) -> Vec<Vec<Stretch>> {
        let chosen: Vec<usize> = (0..self.layout.streams())
            .filter(|&at| streams(at))
            .collect();
        if self.source.takes_turns() {
            slabs::side_by_side(&self.layout, &chosen, self.slab_words())
        } else {
            slabs::end_to_end(&self.layout, &chosen, self.slab_words())
        }
    }

    /// The fingerprint of every stream, and the keys of first and last windows. `None` where streams could not
    /// be read.
    pub(super) fn first_reading(
        &mut self,
        keys: &[WindowKey],
    ) -> Result<Option<(Prints, EdgeKeys)>, S::Error> {
        if self.source.elsewhere().is_some() {
            return self.first_elsewhere(keys);
        }
        let before = self.source.layout();
        let mut prints = vec![Fingerprint::default(); self.layout.streams()];
        let mut edges: EdgeKeys = vec![Vec::new(); keys.len()];
        for stretches in self.slabs(|_| true) {
            let arena = std::mem::take(&mut self.arena);
            let slab = Slab::load(self.source, &stretches, keys, arena)?;
            for (stretch, print) in slab.prints() {
                prints[stretch.stream].merge(&print);
            }
            for (key, edges) in keys.iter().zip(&mut edges) {
                slab.edges(*key, |edge| edges.push(edge));
            }
            self.arena = slab.into_memory();
        }
        let prints = prints.iter().map(Fingerprint::value).collect();
        Ok((self.source.layout() == before).then_some((prints, edges)))
    }

    /// What the windows of a domain that are recorded in all passes meet in. `None` where streams could not be
    /// read.
    pub(super) fn meetings(
        &mut self,
        strands: &Strands<'_>,
        recorder: &Recorder,
        (passes, name): (u64, &str),
    ) -> Result<Option<Hits>, S::Error> {
        let mut hits = Hits::default();
        for index in 0..passes {
            let pass = Pass { index, of: passes };
            if self.source.elsewhere().is_some() {
                match self.recorded_elsewhere(strands, recorder, pass)? {
                    Some(more) => hits.merge(more),
                    None => return Ok(None),
                }
            } else {
                let records = self.record(strands, recorder, pass, name)?;
                Streams::new(&strands.spans, self.format).collect(
                    recorder.keys(),
                    &records,
                    &BTreeMap::new(),
                    &mut hits,
                );
            }
        }
        Ok(Some(hits))
    }

    /// The recorded windows of a pass whose key occurs more than once, by key.
    fn record(
        &mut self,
        strands: &Strands<'_>,
        recorder: &Recorder,
        pass: Pass,
        name: &str,
    ) -> Result<Records, S::Error> {
        let chosen = self.chosen(strands);
        let keys = recorder.keys().len();
        let (mut sketch, mut parts) = self.sketch(pass, name, keys).unzip();
        let parts: &mut Vec<RecordedPart> = parts.get_or_insert_default();
        // What was kept is a part a slab.
        for stretches in self.slabs(|stream| chosen[stream]).iter().skip(parts.len()) {
            let arena = std::mem::take(&mut self.arena);
            let slab = Slab::load(self.source, stretches, recorder.keys(), arena)?;
            let recorded = slab.windows(recorder, pass);
            sketch = sketch.filter(|sketch: &Sketch| sketch.add(keys, &recorded).is_ok());
            parts.extend(recorded);
            self.arena = slab.into_memory();
        }
        Ok(shared(keys, parts))
    }

    /// Which streams of the layout a domain is made of.
    fn chosen(&self, strands: &Strands<'_>) -> Vec<bool> {
        let mut chosen = vec![false; self.layout.streams()];
        for span in &strands.spans {
            chosen[span.stream as usize] = true;
        }
        chosen
    }

    /// The sketch of a pass, and what it holds.
    fn sketch(&self, pass: Pass, name: &str, keys: usize) -> Option<(Sketch, Vec<RecordedPart>)> {
        let Pass { index, of } = pass;
        let slabs = match self.source.takes_turns() {
            true => "side-by-side",
            false => "end-to-end",
        };
        let words = self.slab_words();
        let name = format!("{name}-{slabs}-{words}-{index}-of-{of}");
        self.sketches.as_ref()?.open(&name, keys)
    }

    /// A slab takes an eighth of the memory, and records at most a half.
    fn slab_words(&self) -> usize {
        self.room.limit() / 8 / 8
    }

    fn first_elsewhere(
        &mut self,
        keys: &[WindowKey],
    ) -> Result<Option<(Prints, EdgeKeys)>, S::Error> {
        let step = self.step(Ask::Prints, keys, Vec::new(), Vec::new());
        let all = vec![true; self.layout.streams()];
        let answers = self.hand_out(&step, &all, false)?;
        let mut firsts = elsewhere::Firsts::new(keys.len());
        let read = answers.iter().try_for_each(|answer| firsts.take_in(answer));
        read.map_err(|error| self.failed(error.to_string()))?;
        if !self.all_read(&firsts.unread)? {
            return Ok(None);
        }
        firsts
            .finish(&self.layout)
            .map(Some)
            .map_err(|problem| self.failed(problem))
    }

    fn recorded_elsewhere(
        &mut self,
        strands: &Strands<'_>,
        recorder: &Recorder,
        pass: Pass,
    ) -> Result<Option<Hits>, S::Error> {
        let (log2_slices, digest) = (recorder.log2_slices(), self.digest);
        let ask = Ask::Windows {
            log2_slices,
            pass,
            digest,
        };
        let step = self.step(
            ask,
            recorder.keys(),
            strands.spans.clone(),
            recorder.edges().to_vec(),
        );
        let answers = self.hand_out(&step, &self.chosen(strands), true)?;
        let mut meetings = elsewhere::Meetings::default();
        let read = answers
            .iter()
            .try_for_each(|answer| meetings.take_in(answer));
        read.map_err(|error| self.failed(error.to_string()))?;
        Ok(self.all_read(&meetings.unread)?.then_some(meetings.hits))
    }

    fn step(
        &mut self,
        ask: Ask,
        keys: &[WindowKey],
        spans: Vec<StreamSpan>,
        edges: EdgeKeys,
    ) -> Step {
        let look = self.source.elsewhere().map(|elsewhere| elsewhere.look);
        Step {
            ask,
            look: look.unwrap_or_default(),
            plan: self.plan_hash.clone(),
            format: self.format,
            keys: keys.to_vec(),
            spans,
            edges,
        }
    }

    /// Hands a step to those who hold some streams.
    fn hand_out(
        &mut self,
        step: &Step,
        streams: &[bool],
        shuffled: bool,
    ) -> Result<Vec<Vec<u8>>, S::Error> {
        let takes_turns = self.source.takes_turns();
        let layout = &self.layout;
        let Some(Elsewhere { engine, failed, .. }) = self.source.elsewhere() else {
            return Ok(Vec::new());
        };
        let tasks = tasks::cut(layout, streams, takes_turns, engine);
        let answers = match shuffled {
            true => engine.shuffle(&step.encode(), tasks),
            false => engine.gather(&step.encode(), tasks),
        };
        answers.map_err(failed)
    }

    /// Whether all streams could be read where they are: what could not is read here, so that the source knows
    /// of it too.
    fn all_read(&mut self, unread: &[StreamId]) -> Result<bool, S::Error> {
        if unread.is_empty() {
            return Ok(true);
        }
        let before = self.source.layout();
        let mut unread = unread.to_vec();
        unread.sort_unstable();
        unread.dedup();
        for &stream in &unread {
            let whole = Piece {
                stream,
                from: 0,
                words: usize::MAX,
            };
            let arena = std::mem::take(&mut self.arena);
            self.arena = self.source.load_pieces(&[whole], arena)?.into_memory();
        }
        if self.source.layout() == before {
            let named = unread[0];
            return Err(self.failed(format!(
                "{named} can be read here, and not where the work was done: do all see the same files?"
            )));
        }
        Ok(false)
    }

    fn failed(&mut self, problem: String) -> S::Error {
        let elsewhere = self.source.elsewhere().expect("the work was handed out");
        (elsewhere.failed)(EngineError(problem))
    }
}

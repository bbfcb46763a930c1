//! Places whose keys agree, read once more: verified on the words and followed to their ends.

use super::Reading;
use crate::{
    joins::{
        follow::lengthen,
        hit::{FoundCopy, KeyHit, Pair},
        hits::{Hits, Met},
        ledger::{Ledger, Windows, lies_in},
        search::is_halved,
        strands::Strands,
        verify::verify,
    },
    kernels::WindowKey,
    results::{Place, Witness},
    vocabulary::{EvidenceSource, read_words},
};

/// Words beside two places with one key that are read to verify them; what reaches further is
/// followed.
const NEARBY_WORDS: [usize; 2] = [1 << 8, 1 << 14];

impl<S: EvidenceSource> Reading<'_, S> {
    /// Verifies the hits of every pair of streams, and keeps the runs that are there.
    ///
    /// A hit within a run that is known is not verified again. What is known depends on the hits of the two
    /// streams alone, which come in one order however they were met.
    pub(super) fn confirm_all(
        &mut self,
        keys: &[WindowKey],
        strands: &Strands<'_>,
        hits: Hits,
        ledger: &mut Ledger,
    ) -> Result<(), S::Error> {
        for (spans, hits) in hits.into_pairs() {
            let stream = |span: u32| strands.spans[span as usize].stream as usize;
            let streams = (stream(spans.0), stream(spans.1));
            let mut runs: Vec<FoundCopy> = Vec::new();
            for Met {
                family,
                variants,
                a,
                b,
            } in hits
            {
                let key = keys[usize::from(family)];
                let windows = Windows {
                    a,
                    b,
                    words: key.words(),
                    halved: is_halved(key, variants.0.into()),
                };
                if runs.iter().any(|run| lies_in(run, windows)) {
                    continue;
                }
                if let Some(found) = self.confirm(key, streams, KeyHit { a, b, variants })? {
                    runs.push(found);
                }
            }
            ledger.insert_all(spans, runs);
        }
        Ok(())
    }

    /// Reads both places again, with more and more words beside them while the copy fills them, and
    /// follows it from there.
    fn confirm(
        &mut self,
        key: WindowKey,
        streams: (usize, usize),
        hit: KeyHit,
    ) -> Result<Option<FoundCopy>, S::Error> {
        let (one, other) = (self.layout.id(streams.0), self.layout.id(streams.1));
        let mut found = None;
        for nearby in NEARBY_WORDS {
            let (from_a, from_b) = (hit.a.saturating_sub(nearby), hit.b.saturating_sub(nearby));
            let words = key.words() + nearby;
            let a = read_words(self.source, one, from_a, hit.a - from_a + words)?;
            let b = read_words(self.source, other, from_b, hit.b - from_b + words)?;
            let local = KeyHit {
                a: hit.a - from_a,
                b: hit.b - from_b,
                ..hit
            };
            let reaches = |at: usize, words: &[u64]| at + key.words() <= words.len();
            if !reaches(local.a, &a) || !reaches(local.b, &b) {
                return Ok(None);
            }
            let pair = Pair {
                a: &a,
                b: &b,
                // Two stretches of one stream are read apart, so they cannot run into each other.
                same: false,
            };
            let Some(here) = verify(pair, local, key, self.format) else {
                return Ok(None);
            };
            let filled = here.a == 0 || here.a + here.words == a.len();
            found = Some(FoundCopy {
                a: from_a + here.a,
                b: from_b + here.b,
                ..here
            });
            if !filled {
                break;
            }
        }
        let Some(found) = found else {
            return Ok(None);
        };
        let place = |stream, word: usize| Place {
            stream,
            word: word as u64,
        };
        let mut witness = Witness {
            a: place(one, found.a),
            b: place(other, found.b),
            words: found.words as u64,
            copy: found.kind,
            reversed: found.reversed,
        };
        lengthen(self.source, self.format, &mut witness)?;
        Ok(Some(FoundCopy {
            a: witness.a.word as usize,
            b: witness.b.word as usize,
            words: witness.words as usize,
            ..found
        }))
    }
}

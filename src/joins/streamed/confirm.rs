//! Places whose keys agree, read once more: verified on the words and followed to their ends.

use super::Reading;
use crate::{
    joins::{
        candidates::pairs,
        elements::locate,
        follow::lengthen,
        hit::{Found, Hit, Pair},
        ledger::Ledger,
        search::meets_itself,
        strands::{Record, Strands},
        verify::verify,
    },
    kernels::WindowKey,
    results::{Place, Witness},
    vocabulary::{EvidenceSource, read_words},
};

/// Words beside two places with one key that are read to verify them; what reaches further is
/// followed.
const NEARBY_WORDS: [usize; 2] = [1 << 8, 1 << 14];

/// Places with one key that are verified, a family: reading them costs more than finding them.
const VERIFIED: usize = 1 << 13;

impl<S: EvidenceSource> Reading<'_, '_, S> {
    /// Verifies what was recorded under one key, and keeps what is there.
    pub(super) fn confirm_all(
        &mut self,
        key: WindowKey,
        strands: &Strands<'_>,
        records: &[Record],
        ledger: &mut Ledger,
    ) -> Result<(), S::Error> {
        let uniform = self.format.uniform_width().is_some();
        let mut verified = 0;
        for (first, second) in pairs(records) {
            let (spans, a, b) = locate(strands, first, second);
            let one = spans.0 == spans.1;
            if one && meets_itself(key, uniform, first, second)
                || ledger.is_full(spans)
                || ledger.covers(spans, a, b, key.words())
            {
                continue;
            }
            verified += 1;
            if verified > VERIFIED {
                break;
            }
            let stream = |span: u32| strands.spans[span as usize].stream as usize;
            let hit = Hit {
                a,
                b,
                variants: ((first % 4) as u8, (second % 4) as u8),
            };
            let streams = (stream(spans.0), stream(spans.1));
            if let Some(found) = self.confirm(key, streams, hit)? {
                ledger.insert(spans, found);
            }
        }
        Ok(())
    }

    /// Reads both places again, with more and more words beside them while the copy fills them, and
    /// follows it from there.
    fn confirm(
        &mut self,
        key: WindowKey,
        streams: (usize, usize),
        hit: Hit,
    ) -> Result<Option<Found>, S::Error> {
        let (one, other) = (self.layout.id(streams.0), self.layout.id(streams.1));
        let mut found = None;
        for nearby in NEARBY_WORDS {
            let (from_a, from_b) = (hit.a.saturating_sub(nearby), hit.b.saturating_sub(nearby));
            let words = key.words() + nearby;
            let a = read_words(self.source, one, from_a, hit.a - from_a + words)?;
            let b = read_words(self.source, other, from_b, hit.b - from_b + words)?;
            let local = Hit {
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
            found = Some(Found {
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
        Ok(Some(Found {
            a: witness.a.word as usize,
            b: witness.b.word as usize,
            words: witness.words as usize,
            ..found
        }))
    }
}

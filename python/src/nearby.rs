//! Numbers around a place, fetched once for all that are asked for near it: a request takes longer than to carry
//! some thousand numbers.

use std::{collections::HashMap, ops::Range};

use seedbench::vocabulary::{Piece, StreamId};

/// Numbers of a block.
const BLOCK: usize = 1 << 15;
/// Blocks that are kept at most: 64 MiB.
const KEPT: usize = 256;

/// Blocks of streams that were fetched.
#[derive(Default)]
pub struct Nearby(HashMap<(StreamId, usize), Vec<u64>>);

/// The blocks that a piece lies in, where they are few.
fn blocks(piece: &Piece) -> Option<Range<usize>> {
    let end = piece.from + piece.words;
    (piece.words <= BLOCK).then(|| piece.from / BLOCK..end.div_ceil(BLOCK))
}

impl Nearby {
    /// The numbers of a piece of a stream of so many; those that are missing are fetched.
    ///
    /// # Errors
    /// What `fetch` says.
    pub fn numbers<E>(
        &mut self,
        piece: Piece,
        length: usize,
        fetch: impl FnOnce(&[Piece]) -> Result<Vec<Vec<u64>>, E>,
    ) -> Result<Vec<u64>, E> {
        let stream = piece.stream;
        let Some(blocks) = blocks(&piece) else {
            return Ok(fetch(&[piece])?.concat());
        };
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        let missing = |block: &usize| !self.0.contains_key(&(stream, *block));
        let missing: Vec<Piece> = blocks
            .clone()
            .filter(missing)
            .map(|block| Piece {
                stream,
                from: block * BLOCK,
                words: BLOCK.min(length - block * BLOCK),
            })
            .collect();
        if !missing.is_empty() {
            let fetched = missing.iter().zip(fetch(&missing)?);
            let kept = fetched.map(|(piece, numbers)| ((stream, piece.from / BLOCK), numbers));
            self.0.extend(kept);
        }
        let start = blocks.start * BLOCK;
        let around: Vec<u64> = blocks
            .filter_map(|block| self.0.get(&(stream, block)))
            .flatten()
            .copied()
            .collect();
        Ok(around
            .get(piece.from - start..piece.from - start + piece.words)
            .unwrap_or_default()
            .to_vec())
    }
}

//! The streams of labels as they were last written: rows of a table repeat them, so most rows need
//! not be taken apart.

/// How many labels are kept.
const SLOTS: usize = 1 << 8;
/// Longer labels are not kept.
const LONGEST_BYTES: usize = 64;

/// Labels that were met, each with its stream; a new one takes the place of an old one.
#[derive(Debug)]
pub(super) struct Recent(Vec<(Vec<u8>, usize)>);

impl Default for Recent {
    fn default() -> Self {
        Self(vec![(Vec::new(), 0); SLOTS])
    }
}

impl Recent {
    /// The stream that these labels meant.
    #[inline]
    pub fn stream(&self, labels: &[u8]) -> Option<usize> {
        let (kept, stream) = &self.0[slot(labels)];
        (kept == labels && !labels.is_empty()).then_some(*stream)
    }

    /// Keeps what labels mean.
    pub fn keep(&mut self, labels: &[u8], stream: usize) {
        if labels.len() > LONGEST_BYTES {
            return;
        }
        let (kept, meant) = &mut self.0[slot(labels)];
        kept.clear();
        kept.extend_from_slice(labels);
        *meant = stream;
    }
}

#[inline]
fn slot(labels: &[u8]) -> usize {
    let mut hash = labels.len() as u64;
    for chunk in labels.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        // Multiplied by the golden ratio of 2^64: the top bits depend on all below.
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (hash >> 56) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_until_others_take_their_place() {
        let mut recent = Recent::default();
        assert_eq!(recent.stream(b""), None);
        assert_eq!(recent.stream(b"0,1,"), None);
        recent.keep(b"0,1,", 7);
        assert_eq!(recent.stream(b"0,1,"), Some(7));
        assert_eq!(recent.stream(b"0,1"), None);
        assert_eq!(recent.stream(b"1,0,"), None);
        for label in 0..10_000usize {
            recent.keep(label.to_string().as_bytes(), label);
            assert_eq!(recent.stream(label.to_string().as_bytes()), Some(label));
        }
        let known = (0..10_000usize).filter(|label| {
            let stream = recent.stream(label.to_string().as_bytes());
            assert!(stream.is_none_or(|stream| stream == *label));
            stream.is_some()
        });
        assert!((SLOTS / 2..=SLOTS).contains(&known.count()));
        recent.keep(&[b'x'; LONGEST_BYTES + 1], 1);
        assert_eq!(recent.stream(&[b'x'; LONGEST_BYTES + 1]), None);
    }
}

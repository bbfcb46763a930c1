//! What is compared at every lag: one bit a word of every stream.

use crate::statistics::{
    all_pairs::Planes,
    limits::{ALL_PAIRS_OF, LOOKED_AT},
    views::Frame,
};

/// Streams up to which halves of words are compared too: more find shifts of half a word among more streams.
const HALVED: usize = 128;

/// One bit a word of some rows.
pub(super) struct Upper {
    pub(super) rows: Vec<usize>,
    pub(super) bits: Vec<Vec<u64>>,
    pub(super) words: usize,
}

/// Which reading is held against which, from which lag on.
pub(super) struct Compared {
    pub(super) early: usize,
    pub(super) late: usize,
    pub(super) from: usize,
    pub(super) label: String,
}

/// All readings, and what is compared of them.
pub(super) struct Uppers {
    pub(super) readings: Vec<Upper>,
    pub(super) comparisons: Vec<Compared>,
}

/// Uniform bits: the top one, and of whole words also that of the low half.
pub(super) fn of_bits(frame: &Frame<'_>, width: u32) -> Uppers {
    let words = frame.words().min(LOOKED_AT);
    let planes = Planes::of(frame, words, |word| [word >> 63 == 1, word >> 31 & 1 == 1]);
    let reading = |plane: usize| Upper {
        rows: (0..frame.streams().min(ALL_PAIRS_OF)).collect(),
        bits: (0..frame.streams().min(ALL_PAIRS_OF))
            .map(|row| planes.plane(row, plane).to_vec())
            .collect(),
        words,
    };
    let compared = |early, late, from, label: &str| Compared {
        early,
        late,
        from,
        label: label.to_owned(),
    };
    if width < 64 || frame.streams() > HALVED {
        return Uppers {
            readings: vec![reading(0)],
            comparisons: vec![compared(0, 0, 1, "both in the upper half")],
        };
    }
    Uppers {
        readings: vec![reading(0), reading(1)],
        comparisons: vec![
            compared(0, 0, 1, "both in the upper half"),
            compared(
                0,
                1,
                0,
                "the upper half and that of the other's low 32 bits",
            ),
            compared(
                1,
                0,
                0,
                "the upper half of the low 32 bits and that of the other",
            ),
        ],
    }
}

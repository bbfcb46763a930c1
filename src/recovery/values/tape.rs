//! The first outputs of a generator, which draws are made of.

/// Outputs that are kept of one seed.
pub(super) const LENGTH: usize = crate::recovery::twisters::MANY;

/// What a generator puts out: whole numbers between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recovery) struct Bounds {
    pub least: u64,
    pub most: u64,
}

impl Bounds {
    /// All words of so many bits.
    pub const fn bits(bits: u32) -> Self {
        Self {
            least: 0,
            most: u64::MAX >> (64 - bits),
        }
    }

    /// Bits of the largest.
    pub const fn width(self) -> u32 {
        64 - self.most.leading_zeros()
    }
}

/// The outputs of one seed, read from the start.
#[derive(Clone, Debug)]
pub(in crate::recovery) struct Tape<'a> {
    rest: std::slice::Iter<'a, u64>,
    bounds: Bounds,
}

impl<'a> Tape<'a> {
    pub fn new(outputs: &'a [u64], bounds: Bounds) -> Self {
        Self {
            rest: outputs.iter(),
            bounds,
        }
    }

    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The next output; `None` where the tape ends.
    pub fn next(&mut self) -> Option<u64> {
        self.rest.next().copied()
    }
}

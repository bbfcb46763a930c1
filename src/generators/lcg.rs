//! Linear congruential generators: the weak ones people still meet.

use super::{
    BitStream,
    words::{from_31_bits, high_first},
};

/// The multiplier and increment that `drand48` and `java.util.Random` share; modulus 2^48.
const MULTIPLIER_48: u64 = 0x5_deec_e66d;
const INCREMENT_48: u64 = 0xb;
const MASK_48: u64 = (1 << 48) - 1;

/// `drand48`'s generator: state 48 bits, period 2^48, the highest 32 bits are put out.
///
/// A word is two outputs of `mrand48`, the first one in the high half.
///
/// Source: POSIX.1-2017, `drand48`; multiplier from the SVID.
#[derive(Clone)]
pub struct Drand48(u64);

impl Drand48 {
    /// The generator with this 48-bit state; higher bits are ignored.
    pub const fn from_state(state: u64) -> Self {
        Self(state & MASK_48)
    }

    /// `srand48(seed)`: the seed in the high 32 bits, 0x330E below.
    pub const fn from_seed(seed: u32) -> Self {
        Self((seed as u64) << 16 | 0x330e)
    }

    /// The next 32 bits.
    #[inline(always)]
    pub fn next_u32(&mut self) -> u32 {
        (self.next_u48() >> 16) as u32
    }

    /// The next 48 bits: those of a double.
    #[inline(always)]
    pub fn next_u48(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(MULTIPLIER_48)
            .wrapping_add(INCREMENT_48)
            & MASK_48;
        self.0
    }

    /// Steps over `outputs` outputs.
    pub fn advance(&mut self, outputs: u64) {
        let (factor, term) = leap(MULTIPLIER_48, INCREMENT_48, outputs);
        self.0 = self.0.wrapping_mul(factor).wrapping_add(term) & MASK_48;
    }
}

impl BitStream for Drand48 {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = high_first(|| self.next_u32());
        }
    }
}

/// `java.util.Random`: the same recurrence behind a scrambled seed; a word is `nextLong()`.
///
/// Source: Java SE 17 API documentation, `java.util.Random`.
#[derive(Clone)]
pub struct JavaRandom(Drand48);

impl JavaRandom {
    /// `new Random(seed)`.
    pub const fn from_seed(seed: u64) -> Self {
        Self(Drand48::from_state(seed ^ MULTIPLIER_48))
    }

    /// `next(32)`.
    pub fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }
}

impl BitStream for JavaRandom {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            let high = u64::from(self.0.next_u32()) << 32;
            // The low half is added as a signed number, as `nextLong` does.
            let low = i64::from(self.0.next_u32().cast_signed());
            *word = high.wrapping_add_signed(low);
        }
    }
}

/// MINSTD: x → 16807 x mod 2^31 − 1, outputs 1 … 2^31 − 2, period 2^31 − 2.
///
/// A word is made of three outputs.
///
/// Source: S. K. Park, K. W. Miller, *Random number generators: good ones are hard to find*, CACM
/// 31(10), 1988, doi:10.1145/63039.63042; C++'s `std::minstd_rand0`.
#[derive(Clone)]
pub struct Minstd(u32);

impl Minstd {
    /// The prime modulus.
    pub const MODULUS: u32 = (1 << 31) - 1;

    /// The generator with this state; multiples of the modulus become 1, as in C++.
    pub const fn from_seed(seed: u32) -> Self {
        match seed % Self::MODULUS {
            0 => Self(1),
            state => Self(state),
        }
    }

    /// The next output.
    #[inline(always)]
    pub fn next_u31(&mut self) -> u32 {
        self.0 = (u64::from(self.0) * 16_807 % u64::from(Self::MODULUS)) as u32;
        self.0
    }

    /// The word of the next three outputs.
    pub fn next_word(&mut self) -> u64 {
        from_31_bits(|| self.next_u31())
    }
}

impl BitStream for Minstd {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = self.next_word();
        }
    }
}

/// The `rand` of the C standard's example family as glibc keeps it (TYPE_0): 31 bits, period 2^31.
///
/// A word is made of three outputs; the lowest k bits of an output have period 2^k.
///
/// Source: glibc 2.36, `stdlib/random_r.c`, TYPE_0 (`initstate` with 8 bytes of state).
#[derive(Clone)]
pub struct Lcg31(u32);

impl Lcg31 {
    const MULTIPLIER: u32 = 1_103_515_245;
    const INCREMENT: u32 = 12_345;
    const MASK: u32 = (1 << 31) - 1;

    /// The generator with this state.
    pub const fn from_seed(seed: u32) -> Self {
        Self(seed & Self::MASK)
    }

    /// The next output.
    #[inline(always)]
    pub fn next_u31(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(Self::MULTIPLIER)
            .wrapping_add(Self::INCREMENT)
            & Self::MASK;
        self.0
    }

    /// Every `stride`-th output, the first one `offset` outputs on: one stream of a leapfrog.
    pub fn leapfrog(seed: u32, offset: u32, stride: u32) -> Leapfrog {
        let step = |outputs: u32| {
            leap(
                Self::MULTIPLIER.into(),
                Self::INCREMENT.into(),
                outputs.into(),
            )
        };
        let (factor, term) = step(offset + 1);
        let first = (u64::from(seed).wrapping_mul(factor)).wrapping_add(term) as u32 & Self::MASK;
        let (factor, term) = step(stride);
        Leapfrog {
            next: first,
            factor: factor as u32,
            term: term as u32,
        }
    }
}

impl BitStream for Lcg31 {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = from_31_bits(|| self.next_u31());
        }
    }
}

/// Every n-th output of an [`Lcg31`].
#[derive(Clone)]
pub struct Leapfrog {
    next: u32,
    factor: u32,
    term: u32,
}

impl BitStream for Leapfrog {
    fn fill(&mut self, block: &mut [u64]) {
        let mut draw = || {
            let output = self.next;
            self.next = output.wrapping_mul(self.factor).wrapping_add(self.term) & Lcg31::MASK;
            output
        };
        for word in block {
            *word = from_31_bits(&mut draw);
        }
    }
}

/// A multiplicative generator modulo 2^64: period 2^62 for odd states, ever shorter for states that
/// are divisible by high powers of two.
///
/// Source: P. L'Ecuyer, *Tables of linear congruential generators of different sizes and good lattice
/// structure*, Mathematics of Computation 68(225), 1999, table 5.
#[derive(Clone)]
pub struct Mcg64(u64);

impl Mcg64 {
    /// The multiplier, of good lattice structure in up to 32 dimensions.
    pub const MULTIPLIER: u64 = 1_181_783_497_276_652_981;

    /// The generator with this state, odd or not.
    pub const fn from_state(state: u64) -> Self {
        Self(state)
    }
}

impl BitStream for Mcg64 {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            self.0 = self.0.wrapping_mul(Self::MULTIPLIER);
            *word = self.0;
        }
    }
}

/// The factor and term that carry x → factor · x + term over `steps` steps, modulo 2^64.
fn leap(mut factor: u64, mut term: u64, mut steps: u64) -> (u64, u64) {
    let (mut total_factor, mut total_term) = (1u64, 0u64);
    while steps > 0 {
        if steps & 1 == 1 {
            total_factor = total_factor.wrapping_mul(factor);
            total_term = total_term.wrapping_mul(factor).wrapping_add(term);
        }
        term = term.wrapping_mul(factor.wrapping_add(1));
        factor = factor.wrapping_mul(factor);
        steps >>= 1;
    }
    (total_factor, total_term)
}

//! L'Ecuyer's combined multiple recursive generator, with its streams and substreams.

use super::{BitStream, words::high_first};

/// The moduli of the two components.
const MODULI: [u64; 2] = [4_294_967_087, 4_294_944_443];

type Matrix = [[u64; 3]; 3];

/// One step of each component: the state (oldest first) moves up by one and gains its next value.
const STEP: [Matrix; 2] = [
    [[0, 1, 0], [0, 0, 1], [MODULI[0] - 810_728, 1_403_580, 0]],
    [[0, 1, 0], [0, 0, 1], [MODULI[1] - 1_370_589, 0, 527_612]],
];

/// MRG32k3a: period 2^191, outputs 0 … 2^32 − 210.
///
/// A word is two outputs, the first one in the high half: its marginal is uniform up to 5e-8.
///
/// Source: P. L'Ecuyer, *Good parameters and implementations for combined multiple recursive random
/// number generators*, Operations Research 47(1), 1999, doi:10.1287/opre.47.1.159; streams: P. L'Ecuyer,
/// R. Simard, E. J. Chen, W. D. Kelton, *An object-oriented random-number package with many long
/// streams and substreams*, Operations Research 50(6), 2002; R's "L'Ecuyer-CMRG".
#[derive(Clone)]
pub struct Mrg32k3a {
    state: [[u64; 3]; 2],
}

impl Mrg32k3a {
    /// log2 of the distance between neighbouring streams.
    pub const STREAM_LOG2: u32 = 127;
    /// log2 of the distance between neighbouring substreams.
    pub const SUBSTREAM_LOG2: u32 = 76;

    /// The generator with this state, oldest value first; values are reduced, and a component that is
    /// zero becomes 12345 three times, the package's default.
    pub fn new(state: [u32; 6]) -> Self {
        let mut state = [
            [state[0], state[1], state[2]].map(|value| u64::from(value) % MODULI[0]),
            [state[3], state[4], state[5]].map(|value| u64::from(value) % MODULI[1]),
        ];
        for component in &mut state {
            if *component == [0; 3] {
                *component = [12_345; 3];
            }
        }
        Self { state }
    }

    /// The next output.
    #[inline(always)]
    pub fn next_u32(&mut self) -> u32 {
        let [first, second] = &mut self.state;
        // Differences are kept positive by adding the modulus times the factor that is subtracted.
        let p1 = (1_403_580 * first[1] + 810_728 * (MODULI[0] - first[0])) % MODULI[0];
        *first = [first[1], first[2], p1];
        let p2 = (527_612 * second[2] + 1_370_589 * (MODULI[1] - second[0])) % MODULI[1];
        *second = [second[1], second[2], p2];
        // The package maps 1 … m1 to (0, 1); counting from 0 keeps every output in 32 bits.
        let output = if p1 > p2 {
            p1 - p2
        } else {
            p1 + MODULI[0] - p2
        };
        (output - 1) as u32
    }

    /// Steps over 2^`log2` outputs.
    pub fn advance_power(&mut self, log2: u32) {
        Leap::of_power(log2).apply(self);
    }
}

/// Two matrices that carry a state over a fixed number of steps.
pub struct Leap([Matrix; 2]);

impl Leap {
    /// The leap over 2^`log2` outputs.
    pub fn of_power(log2: u32) -> Self {
        Self(std::array::from_fn(|component| {
            (0..log2).fold(STEP[component], |matrix, _| {
                multiply(&matrix, &matrix, MODULI[component])
            })
        }))
    }

    /// Moves the generator.
    pub fn apply(&self, generator: &mut Mrg32k3a) {
        for ((state, matrix), modulus) in generator.state.iter_mut().zip(&self.0).zip(MODULI) {
            *state = std::array::from_fn(|row| dot(&matrix[row], state, modulus));
        }
    }
}

fn dot(row: &[u64; 3], column: &[u64; 3], modulus: u64) -> u64 {
    row.iter()
        .zip(column)
        .fold(0, |sum, (a, b)| (sum + a * b % modulus) % modulus)
}

fn multiply(left: &Matrix, right: &Matrix, modulus: u64) -> Matrix {
    std::array::from_fn(|i| {
        std::array::from_fn(|j| dot(&left[i], &right.map(|row| row[j]), modulus))
    })
}

impl BitStream for Mrg32k3a {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = high_first(|| self.next_u32());
        }
    }
}

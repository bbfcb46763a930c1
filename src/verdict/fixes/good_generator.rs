use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

/// A generator that passes the batteries, with a state filled from a full-width seed.
fn rng(seed: [u8; 32]) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::from_seed(seed)
}

//! Distributions, occupancy, birthday and multiplicity: pure functions, cited, both tails direct.

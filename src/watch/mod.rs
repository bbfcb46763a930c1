//! What a recorder saw of a program's generators, and what follows from it.

pub mod record;

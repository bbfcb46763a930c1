//! Exact joins: which streams share words, where, and for how long.

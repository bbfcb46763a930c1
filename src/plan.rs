//! Which cells are run, how large, in which run groups.

//! Reads the numbers of any program from files, directories and pipes.

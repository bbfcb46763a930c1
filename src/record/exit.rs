//! Exit codes: the one list. They avoid 1 and 2, which shells, `make` and argument parsers use.

/// As declared (`run`, `selftest`, `check`), or sound (`audit`).
pub const OK: u8 = 0;
/// Unsound in an audit, or a row that is not as declared.
pub const UNSOUND: u8 = 10;
/// Worse than the baseline.
pub const REGRESSION: u8 = 11;
/// The run could not have seen a flaw of the size asked for.
pub const INCONCLUSIVE: u8 = 12;
/// There is no baseline to compare with.
pub const NO_BASELINE: u8 = 13;
/// A cell could not run.
pub const CELL_FAILED: u8 = 14;
/// The command line makes no sense.
pub const USAGE: u8 = 64;
/// Input that cannot be read as what it claims to be.
pub const BAD_DATA: u8 = 65;
/// A fault of seedbench itself.
pub const INTERNAL: u8 = 70;
/// Interrupted: Ctrl-C, SIGTERM or SIGHUP.
pub const INTERRUPTED: u8 = 130;

/// The one that counts when several apply: 70 > 10 > 65 > 11 > 14 > 12 > the rest. What could not be read
/// hides no flaw that was found in the rest.
pub fn gravest(a: u8, b: u8) -> u8 {
    let rank = |code: u8| match code {
        INTERNAL => 7,
        UNSOUND => 6,
        BAD_DATA => 5,
        REGRESSION => 4,
        CELL_FAILED => 3,
        INCONCLUSIVE => 2,
        OK => 0,
        _ => 1,
    };
    if rank(b) > rank(a) { b } else { a }
}

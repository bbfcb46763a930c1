//! Whether values go up and down as draws do, or run on as trends, seasons and counts do.

/// Turning points, a place, below which values run on; in random order two in three are.
const TURNS: f64 = 0.35;

/// Whether values have fewer turning points than draws.
pub(super) fn run_on(values: impl Iterator<Item = u64>) -> bool {
    let values: Vec<u64> = values.collect();
    let turns = |three: &&[u64]| (three[0] < three[1]) != (three[1] < three[2]);
    let turning = values.windows(3).filter(turns).count();
    (turning as f64) < TURNS * (values.len() as f64 - 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::samples::{seed, splitmix};

    #[test]
    fn draws_turn_and_seasons_run_on() {
        let mut draw = splitmix(seed(61, 0, 0));
        assert!(!run_on((0..200).map(|_| draw())));
        assert!(!run_on((0..200).map(|t| t % 2)));
        assert!(run_on(0..200));
        assert!(run_on((0..200).map(|t| 9_u64.abs_diff(t % 18))));
    }
}

//! Whether values go up and down as draws do, run on as trends, seasons and counts do, or wander.

/// Turning points, a place, below which values run on; in random order two in three are.
const TURNS: f64 = 0.35;

/// Whether values have fewer turning points than draws.
pub(crate) fn run_on(values: impl Iterator<Item = u64>) -> bool {
    let values: Vec<u64> = values.collect();
    let turns = |three: &&[u64]| (three[0] < three[1]) != (three[1] < three[2]);
    let turning = values.windows(3).filter(turns).count();
    (turning as f64) < TURNS * (values.len() as f64 - 2.0)
}

/// Values from which on it shows whether they wander, and the share of neighbours in one half then.
const WANDERING: usize = 64;
const IN_ONE_HALF: f64 = 0.9;

/// Whether values wander, as running means, walks and slow chains do: nearly always a value is in the
/// same half of all as the one before. Independent draws are in half the places, values with a
/// correlation of 0.95 from one to the next in nine of ten.
pub(crate) fn wander(values: &[u64]) -> bool {
    if values.len() < WANDERING {
        return false;
    }
    let middle = *values.to_vec().select_nth_unstable(values.len() / 2).1;
    let in_one_half = values
        .windows(2)
        .filter(|pair| (pair[0] < middle) == (pair[1] < middle))
        .count();
    in_one_half as f64 >= IN_ONE_HALF * (values.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{seed, splitmix};

    #[test]
    fn draws_turn_and_seasons_run_on() {
        let mut draw = splitmix(seed(61, 0, 0));
        assert!(!run_on((0..200).map(|_| draw())));
        assert!(!run_on((0..200).map(|t| t % 2)));
        assert!(run_on(0..200));
        assert!(run_on((0..200).map(|t| 9_u64.abs_diff(t % 18))));
    }

    #[test]
    fn walks_wander_and_draws_do_not() {
        let mut draw = splitmix(seed(62, 0, 0));
        let walk: Vec<u64> = (0..1000)
            .scan(1 << 20, |at, _| {
                *at = *at + draw() % 64 - 32;
                Some(*at)
            })
            .collect();
        assert!(wander(&walk));
        assert!(!wander(&walk[..WANDERING - 1]));
        let draws: Vec<u64> = (0..1000).map(|_| draw()).collect();
        assert!(!wander(&draws));
    }
}

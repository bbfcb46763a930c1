//! Whether one bit of a stream tells the bits that come later in it.

/// Lags at which a sequence must not follow itself; and further powers of two.
const LAGS: usize = 64;

/// Whether ones follow each other, at some lag, more or less often than in a sequence whose order is chance:
/// by so many standard deviations and as many places.
pub(super) fn follows_itself(bits: &[u64], words: usize, by: f64) -> bool {
    following(bits, words).any(|(covariance, deviation)| covariance.abs() > by * (deviation + 1.0))
}

/// How many more places than chance gives are one with the one some lag later, and the standard deviation of
/// that, for every lag that is looked at.
fn following(bits: &[u64], words: usize) -> impl Iterator<Item = (f64, f64)> {
    let ones = |bits: &[u64]| bits.iter().map(|w| f64::from(w.count_ones())).sum::<f64>();
    let share = ones(bits) / words as f64;
    let lags = (1..=LAGS).chain((7..).map(|k| 1 << k));
    lags.take_while(move |&lag| 4 * lag <= words)
        .map(move |lag| {
            let places = (words - lag) as f64;
            let (mut both, mut early, mut late) = (0.0, 0.0, 0.0);
            for (i, &word) in bits.iter().enumerate() {
                let later = bits_from(bits, 64 * i + lag);
                // Past the end there are no bits in either.
                let inside = match (words - lag).saturating_sub(64 * i) {
                    rest @ 0..64 => (1_u64 << rest) - 1,
                    _ => u64::MAX,
                };
                both += f64::from((word & later).count_ones());
                early += f64::from((word & inside).count_ones());
                late += f64::from((later & inside).count_ones());
            }
            let variance = share * (1.0 - share);
            // Places are drawn without replacement.
            let owed = places * variance / (words as f64 - 1.0);
            (
                both - share * (early + late) + places * share * share + owed,
                variance * places.sqrt(),
            )
        })
}

/// 64 bits from any place on; those past the end are 0.
fn bits_from(bits: &[u64], place: usize) -> u64 {
    let word = |i: usize| bits.get(i).copied().unwrap_or(0);
    let (i, shift) = (place / 64, place % 64);
    match shift {
        0 => word(i),
        _ => word(i) >> shift | word(i + 1) << (64 - shift),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::splitmix;

    const FOLLOWS: f64 = 4.0;

    fn packed(bits: &[bool]) -> Vec<u64> {
        let word = |bits: &[bool]| {
            bits.iter()
                .rev()
                .fold(0, |word, &bit| word << 1 | u64::from(bit))
        };
        bits.chunks(64).map(word).collect()
    }

    #[test]
    fn sequences_that_follow_themselves_are_told_from_others() {
        let mut draw = splitmix(9);
        let mut alarms = 0;
        for _ in 0..1000 {
            let bits: Vec<bool> = (0..1000).map(|_| draw() >> 63 == 1).collect();
            alarms += i32::from(follows_itself(&packed(&bits), 1000, FOLLOWS));
            let sticky: Vec<bool> = (0..1000).map(|t| bits[t / 4]).collect();
            assert!(follows_itself(&packed(&sticky), 1000, FOLLOWS));
        }
        assert!(alarms < 50, "{alarms}");
    }
}

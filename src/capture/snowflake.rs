//! Snowflakes: identifiers of a clock, the number of a machine and a count. Two workers with one number
//! give the same identifiers as soon as both ask in one millisecond.

use super::{Capture, RawPlace, element::RawKind};

/// Values of a stream that are looked at, and fewest.
const LOOKED_AT: usize = 1 << 10;
const FEWEST: usize = 8;
/// Milliseconds within which identifiers of one program are made: ten years.
const SPAN: u64 = 10 * 366 * 24 * 3600 * 1000;
/// Streams that are named.
const NAMED: usize = 4;

/// The number of the machine that gave identifiers, if they are snowflakes: 41 bits of milliseconds, 10 of
/// the machine, 12 of a count (github.com/twitter-archive/snowflake, 2010).
fn machine(values: &[u64]) -> Option<u64> {
    let values = &values[..values.len().min(LOOKED_AT)];
    let (first, last) = (*values.first()?, *values.last()?);
    let number = |value: u64| value >> 12 & 0x3ff;
    let fits = values.len() >= FEWEST
        && values.windows(2).all(|pair| pair[0] < pair[1])
        && first >> 50 > 0
        && last >> 63 == 0
        && (1..=SPAN).contains(&((last >> 22) - (first >> 22)))
        && values.iter().all(|&value| number(value) == number(first));
    fits.then(|| number(first))
}

impl Capture {
    /// Notes the workers of a run whose identifiers carry one machine number.
    pub(super) fn note_machines(&mut self) {
        if self.kind != RawKind::Unsigned || self.streams.len() < 2 {
            return;
        }
        let mut of: Vec<(u32, u64, usize)> = Vec::with_capacity(self.streams.len());
        for (at, stream) in self.streams.iter().enumerate() {
            let RawPlace::Memory(values) = &stream.place else {
                return;
            };
            let Some(machine) = machine(values) else {
                return;
            };
            of.push((stream.id.run.0, machine, at));
        }
        of.sort_unstable();
        for same in of.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
            if same.len() < 2 {
                continue;
            }
            let mut names: Vec<String> = same
                .iter()
                .take(NAMED)
                .map(|&(_, _, at)| self.name_at(at))
                .collect();
            if same.len() > NAMED {
                names.push(format!("{} more", same.len() - NAMED));
            }
            self.notes.push(format!(
                "snowflake identifiers (a clock, a machine number, a count) of one machine number, {}: {} give the \
                 same identifier when they ask in one millisecond",
                same[0].1,
                names.join(", ")
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(machine: u64) -> Vec<u64> {
        (0..20u64)
            .map(|at| (411_165_025_343 + at / 3) << 22 | machine << 12 | (at % 3))
            .collect()
    }

    #[test]
    fn identifiers_carry_the_number_of_their_machine() {
        assert_eq!(machine(&made(5)), Some(5));
        let mut two = made(5);
        two[10] ^= 1 << 12;
        assert_eq!(machine(&two), None);
        assert_eq!(machine(&(0..20).collect::<Vec<_>>()), None);
        assert_eq!(machine(&made(5)[..7]), None);
    }
}

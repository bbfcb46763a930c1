//! A coarse look at sorted keys before they are searched: of what is looked up, few are near one.

/// In which of many equal parts of their range keys lie.
pub(super) struct KeyCells {
    least: f64,
    /// Parts a unit.
    density: f64,
    held: Box<[bool; Self::COUNT]>,
}

impl KeyCells {
    const COUNT: usize = 1 << 12;

    /// The parts of these keys, ascending.
    pub(super) fn of(keys: impl Iterator<Item = f64> + Clone) -> Self {
        let (least, most) = (keys.clone().next(), keys.clone().last());
        let (least, most) = (least.unwrap_or(0.0), most.unwrap_or(0.0));
        let mut cells = Self {
            least,
            density: Self::COUNT as f64 / (most - least).max(f64::MIN_POSITIVE),
            held: Box::new([false; Self::COUNT]),
        };
        for key in keys {
            cells.held[cells.at(key)] = true;
        }
        cells
    }

    /// Greater keys lie in no earlier parts.
    fn at(&self, key: f64) -> usize {
        (((key - self.least) * self.density) as usize).min(Self::COUNT - 1)
    }

    /// Whether some key may lie between these two.
    pub(super) fn may_hold(&self, from: f64, to: f64) -> bool {
        let (from, to) = (self.at(from), self.at(to));
        to > from + 1 || self.held[from] || self.held[to]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_lies_between_may_be_held_and_most_else_is_not() {
        let keys: Vec<f64> = (0..50).map(|i| f64::from(i * i) * 0.37 - 100.0).collect();
        let cells = KeyCells::of(keys.iter().copied());
        for key in &keys {
            for tolerance in [0.0, 1e-9, 0.5, 1e9, f64::INFINITY] {
                assert!(cells.may_hold(key - tolerance, key + tolerance));
            }
        }
        let held = |i: &i32| {
            let key = f64::from(*i) * 0.0888 - 100.0;
            cells.may_hold(key - 1e-9, key + 1e-9)
        };
        assert!((0..10_000).filter(held).count() < 300);
        let one = KeyCells::of(std::iter::once(7.0));
        assert!(one.may_hold(7.0, 7.0) && one.may_hold(6.0, 8.0) && !one.may_hold(8.0, 9.0));
        assert!(!KeyCells::of(std::iter::empty()).may_hold(0.0, 0.0));
    }
}

//! How far numbers may lie apart that are taken for the same: by the digits that they are printed with.

/// Numbers that are compared where there are as many: generators may part late.
pub(super) const COMPARED: usize = 24;
/// Streams whose digits are counted.
const DIGITS_OF: usize = 1 << 10;
/// Rounding in what numbers are made of: of logarithms, and of floats.
pub(super) const ROUNDING: f64 = 2e-6;

/// How far equal numbers may lie apart: absolute, and as a part of their size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tolerance {
    pub absolute: f64,
    pub relative: f64,
}

impl Tolerance {
    pub fn at(self, number: f64) -> f64 {
        self.absolute.max(self.relative * number.abs())
    }

    /// Of real numbers: as many digits as all of them are printed with.
    pub fn of(numbers: &[Vec<f64>]) -> Self {
        // What prints some streams prints all.
        let streams = &numbers[..numbers.len().min(DIGITS_OF)];
        let all = || {
            streams
                .iter()
                .flat_map(|stream| stream.iter().take(COMPARED))
        };
        let (least, most) = all().fold((f64::MAX, f64::MIN), |(least, most), &number| {
            (least.min(number), most.max(number))
        });
        let decimals = (1..=10).find(|&decimals| {
            let scale = 10f64.powi(decimals);
            all().all(|number| {
                let scaled = number * scale;
                (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
            })
        });
        let significant = (1..=10).find(|&digits: &usize| {
            let rounded = |number: f64| format!("{number:.*e}", digits - 1).parse::<f64>();
            all().all(|&number| {
                rounded(number)
                    .is_ok_and(|rounded| (rounded - number).abs() <= 1e-12 * number.abs())
            })
        });
        let of_decimals = decimals.map_or(0.0, |decimals| 10f64.powi(-decimals));
        let of_digits = significant.map_or(0.0, |digits| 10f64.powi(1 - digits as i32));
        Self {
            absolute: of_decimals.max(ROUNDING / 10.0 * (most - least)),
            relative: of_digits.max(ROUNDING),
        }
    }
}

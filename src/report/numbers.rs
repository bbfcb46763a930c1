//! Numbers as people read them. A number that is missing is a dash, never a zero.

pub(crate) use crate::verdict::words::{count, counted, grouped};

/// What stands where there is no figure.
pub(crate) const MISSING: &str = "–";

/// A figure with three significant digits: `1.52`, `81.4`, `1,033`, `2.5e9`.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        MISSING.into()
    } else if value == 0.0 {
        "0".into()
    } else if !(1e-3..1e6).contains(&size) {
        exponent(value)
    } else if size >= 999.5 {
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}{}", count(size.round() as u64))
    } else {
        // 9.996 rounds to 10.0, so the magnitude is that of the rounded value.
        let magnitude = (size * 1.0005).log10().floor() as i32;
        let decimals = (2 - magnitude).clamp(0, 5) as usize;
        trim_zeros(&format!("{value:.decimals$}"))
    }
}

/// A large number with the prefix of its magnitude: `4.26 M`, `1.03 G`.
pub(crate) fn magnitude(value: f64) -> String {
    let prefixes = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];
    match prefixes.iter().find(|(size, _)| value.abs() >= *size) {
        // Beyond the prefixes an exponent is shorter.
        Some(_) if value.abs() >= 1e15 => figure(value),
        Some((size, prefix)) => figure(value / size) + prefix,
        None => figure(value),
    }
}

/// How many streams a number of streams is worth: `100`, `15.5`, `1`.
pub(crate) fn worth(effective: f64) -> String {
    if effective >= 999.5 {
        count(effective.round() as u64)
    } else {
        let decimals = if effective >= 99.95 { 0 } else { 1 };
        trim_zeros(&format!("{effective:.decimals$}"))
    }
}

/// A probability: `0`, `< 1e-300`, `2.1e-12`, `0.53 %`, `53 %`, `100 %`.
pub(crate) fn probability(p: f64) -> String {
    if p == 0.0 {
        "0".into()
    } else if p < 1e-300 {
        "< 1e-300".into()
    } else if p < 1e-3 {
        exponent(p)
    } else if p > 0.999 && p < 1.0 {
        "> 99.9 %".into()
    } else {
        format!("{} %", figure(100.0 * p))
    }
}

/// The probability that streams are shared, which is never quite nothing.
pub(crate) fn shared(p: f64) -> String {
    probability(p.max(f64::MIN_POSITIVE))
}

/// A p-value: as a probability, but never as a percentage.
pub(crate) fn p_value(p: f64) -> String {
    if p < 1e-300 {
        "< 1e-300".into()
    } else {
        figure(p)
    }
}

/// A p-value as a relation: `p = 0.03`, `p < 1e-300`.
pub(crate) fn p_equals(p: f64) -> String {
    if p < 1e-300 {
        "p < 1e-300".into()
    } else {
        format!("p = {}", figure(p))
    }
}

/// A size in bytes with a binary unit.
pub(crate) fn bytes(value: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut size = value as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{} {}", figure(size), units[unit])
}

/// A duration given in nanoseconds, in the unit that suits it.
pub(crate) fn duration_ns(ns: f64) -> String {
    let (value, unit) = if ns < 1e3 {
        (ns, "ns")
    } else if ns < 1e6 {
        (ns / 1e3, "µs")
    } else if ns < 1e9 {
        (ns / 1e6, "ms")
    } else {
        (ns / 1e9, "s")
    };
    format!("{} {unit}", figure(value))
}

/// A moment given in nanoseconds since the Unix epoch, as `2026-01-31 12:34:56 UTC`.
pub(crate) fn moment(unix_ns: u64) -> String {
    // The latest moment that 64 bits of nanoseconds hold is in the year 2554.
    let moment = jiff::Timestamp::from_nanosecond(unix_ns.into()).expect("a year of four digits");
    moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `1.0e-9` is written `1e-9`.
fn exponent(value: f64) -> String {
    let text = format!("{value:.1e}");
    match text.split_once('e') {
        Some((mantissa, power)) => format!("{}e{power}", trim_zeros(mantissa)),
        None => text,
    }
}

fn trim_zeros(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits() {
        let cases = [
            (0.0, "0"),
            (1.524, "1.52"),
            (9.996, "10"),
            (81.44, "81.4"),
            (999.6, "1,000"),
            (1033.4, "1,033"),
            (2.5e9, "2.5e9"),
            (7_746_479.0, "7.7e6"),
            (0.004, "0.004"),
            (0.0123, "0.0123"),
            (-0.5, "-0.5"),
            (1e-9, "1e-9"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn probabilities_read_as_people_say_them() {
        let cases = [
            (0.0, "0"),
            (1e-301, "< 1e-300"),
            (2.14e-12, "2.1e-12"),
            (0.528_2, "52.8 %"),
            (0.999_999, "> 99.9 %"),
            (1.0, "100 %"),
        ];
        for (value, text) in cases {
            assert_eq!(probability(value), text);
        }
        assert_eq!(magnitude(4_255_319.0), "4.26 M");
        assert_eq!(magnitude(1e9), "1 G");
        assert_eq!(worth(15.54), "15.5");
        assert_eq!(worth(100.0), "100");
    }

    #[test]
    fn dates_are_gregorian() {
        assert_eq!(moment(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(moment(951_782_400_000_000_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(moment(1_767_225_599_000_000_000), "2025-12-31 23:59:59 UTC");
        assert_eq!(moment(4_107_542_400_000_000_000), "2100-03-01 00:00:00 UTC");
    }
}

//! Numbers with few digits: rounded, quantised, in half or single precision.

use crate::selftest::zoo::{draw::Draw, printout::Value, program::Program};

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "uniforms-2-decimals",
        "uniforms with two decimals",
        &["x"],
        |w| w.values(|own| Value::Fixed(own.unit(), 2)),
    )
    .may_meet(),
    Program::new(
        "uniforms-4-decimals",
        "uniforms with four decimals",
        &["x"],
        |w| w.values(|own| Value::Fixed(own.unit(), 4)),
    )
    .may_meet(),
    Program::new(
        "uniforms-6-decimals",
        "uniforms with six decimals",
        &["x"],
        |w| w.values(|own| Value::Fixed(own.unit(), 6)),
    )
    .may_meet(),
    Program::new(
        "normals-2-decimals",
        "normals with two decimals",
        &["z"],
        |w| w.values(|own| Value::Fixed(own.normal(), 2)),
    )
    .may_meet(),
    Program::new(
        "normals-4-decimals",
        "normals with four decimals",
        &["z"],
        |w| w.values(|own| Value::Fixed(own.normal(), 4)),
    )
    .may_meet(),
    Program::new(
        "normals-6-decimals",
        "normals with six decimals",
        &["z"],
        |w| w.values(|own| Value::Fixed(own.normal(), 6)),
    )
    .may_meet(),
    Program::new(
        "prices-in-cents",
        "log-normal prices in cents",
        &["price"],
        |w| w.values(|own| Value::Fixed((3.0 + 0.5 * own.normal()).exp(), 2)),
    )
    .may_meet(),
    Program::new(
        "sensor-of-12-bits",
        "a sensor read through a 12-bit converter: slow drift and noise",
        &["code"],
        |w| {
            let mut level = 2_048.0 + 100.0 * w.own.normal();
            w.values(|own| {
                level += own.normal();
                (level + 3.0 * own.normal()).round().clamp(0.0, 4095.0) as i64
            })
        },
    )
    .may_meet(),
    Program::new(
        "held-sensor",
        "a temperature to a tenth of a degree that seldom changes",
        &["celsius"],
        |w| {
            let mut level = 20.0 + w.own.normal();
            w.values(|own| {
                level += 0.03 * own.normal();
                Value::Fixed(level, 1)
            })
        },
    )
    .may_meet(),
    Program::new(
        "single-precision",
        "uniforms of 24 bits, printed as doubles",
        &["x"],
        |w| w.values(|own| (own.word() >> 40) as f64 * 0.5_f64.powi(24)),
    )
    .may_meet(),
    Program::new(
        "single-precision-normals",
        "normals rounded to single precision",
        &["z"],
        |w| w.values(|own| f64::from(own.normal() as f32)),
    )
    .may_meet(),
    Program::new(
        "multiples-of-2-32",
        "uniforms of 32 bits, as many languages give them",
        &["x"],
        |w| w.values(|own| (own.word() >> 32) as f64 * 0.5_f64.powi(32)),
    )
    .may_meet(),
    Program::new(
        "percentages",
        "shares of a hundred, rounded to whole per cent",
        &["a", "b", "c"],
        |w| {
            w.rows(|own| {
                let parts = [(); 3].map(|()| own.exponential());
                let total: f64 = parts.iter().sum();
                parts.map(|part| (100.0 * part / total).round() as i64)
            })
        },
    )
    .may_meet(),
    Program::new(
        "quarter-steps",
        "dial positions in steps of a quarter",
        &["dial"],
        |w| w.values(|own| own.below(41) as f64 / 4.0),
    )
    .may_meet(),
    Program::new(
        "boxes-4-decimals",
        "crop boxes with four decimals",
        &["x0", "y0", "x1", "y1"],
        |w| {
            w.rows(|own: &mut Draw| {
                let (a, b, c, d) = (own.unit(), own.unit(), own.unit(), own.unit());
                [a.min(b), c.min(d), a.max(b), c.max(d)].map(|x| Value::Fixed(x, 4))
            })
        },
    )
    .may_meet(),
];

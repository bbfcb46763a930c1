//! The laws of the draws that flaws are planted in.

use crate::selftest::zoo::{draw::Draw, printout::Value, sequences::Sobol};

/// A law of rows, and how they are printed.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    /// A stable name.
    pub id: &'static str,
    /// What the workers print.
    pub summary: &'static str,
    /// The names of the values of a row.
    pub columns: &'static [&'static str],
    /// Where the law is mirrored onto itself, if it is.
    pub centre: Option<f64>,
    /// A rising line that keeps draws in the range of the law: factor and constant.
    pub line: (f64, f64),
    /// A rising curve that does, where its image is one of what is printed.
    pub curve: Option<fn(f64) -> f64>,
    /// Draws of one worker, row after row.
    pub draws: fn(&mut Draw, usize) -> Vec<f64>,
    /// What is printed for the draws of one worker.
    pub print: fn(&[f64]) -> Vec<Value>,
}

fn reals(draws: &[f64]) -> Vec<Value> {
    draws.iter().copied().map(Value::Real).collect()
}

fn square(x: f64) -> f64 {
    x * x
}

/// All base laws.
pub const BASES: &[Base] = &[
    Base {
        id: "normals",
        summary: "standard normals",
        columns: &["z"],
        centre: Some(0.0),
        line: (1.7, -0.3),
        curve: Some(|x| x + x * x * x),
        draws: |own, rows| own.list(rows, Draw::normal),
        print: reals,
    },
    Base {
        id: "uniforms",
        summary: "uniforms of 53 bits",
        columns: &["u"],
        centre: Some(0.5),
        line: (0.5, 0.25),
        curve: Some(square),
        draws: |own, rows| own.list(rows, Draw::unit),
        print: reals,
    },
    Base {
        id: "dice",
        summary: "throws of a die",
        columns: &["pips"],
        centre: Some(3.5),
        line: (2.0, 1.0),
        curve: Some(square),
        draws: |own, rows| own.list(rows, |own| own.whole(1, 6) as f64),
        print: |draws| draws.iter().map(|x| Value::Whole(*x as i64)).collect(),
    },
    Base {
        id: "boxes",
        summary: "crop boxes: left, top, right, bottom",
        columns: &["x0", "y0", "x1", "y1"],
        centre: None,
        line: (0.5, 0.25),
        curve: Some(square),
        draws: |own, rows| {
            let boxes = own.list(rows, |own| {
                let [a, b, c, d] = std::array::from_fn(|_| own.unit());
                [a.min(b), c.min(d), a.max(b), c.max(d)]
            });
            boxes.concat()
        },
        print: reals,
    },
    Base {
        id: "walks",
        summary: "random walks with normal steps",
        columns: &["x"],
        centre: Some(0.0),
        line: (1.7, 0.0),
        curve: None,
        draws: |own, rows| own.list(rows, Draw::normal),
        print: |steps| {
            let mut place = 0.0;
            let walk = steps.iter().map(|step| {
                place += step;
                Value::Real(place)
            });
            walk.collect()
        },
    },
    Base {
        id: "decimals",
        summary: "uniforms with four decimals",
        columns: &["u"],
        centre: Some(0.5),
        line: (0.5, 0.25),
        curve: Some(square),
        draws: |own, rows| own.list(rows, Draw::unit),
        print: |draws| draws.iter().map(|x| Value::Fixed(*x, 4)).collect(),
    },
    Base {
        id: "sobol",
        summary: "Sobol' points in two dimensions, scrambled",
        columns: &["x", "y"],
        centre: Some(0.5),
        line: (0.5, 0.25),
        curve: Some(square),
        draws: |own, rows| {
            let sobol = Sobol::<2>::scrambled(own);
            (0..rows).flat_map(|at| sobol.point(at)).collect()
        },
        print: reals,
    },
];

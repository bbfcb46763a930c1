//! What programs do to their values before they print them, and what harms no seeding.

use crate::selftest::zoo::printout::{Printout, Value};

/// A harmless step from what would be printed to what is.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// A stable name.
    pub id: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// Does it.
    pub take: fn(Printout) -> Printout,
}

/// The number behind a value changed, printed as before where its digits are kept.
fn changed(value: &Value, change: impl Fn(f64) -> f64) -> Value {
    match value {
        Value::Real(x) => Value::Real(change(*x)),
        Value::Fixed(x, decimals) => Value::Fixed(change(*x), *decimals),
        Value::Whole(x) => Value::Whole(change(*x as f64) as i64),
        Value::Text(text) => Value::Text(text.clone()),
    }
}

fn each(mut printout: Printout, change: impl Fn(f64) -> f64) -> Printout {
    for value in printout
        .streams
        .iter_mut()
        .flat_map(|stream| &mut stream.values)
    {
        *value = changed(value, &change);
    }
    printout
}

fn rounded(mut printout: Printout, decimals: u8) -> Printout {
    for value in printout
        .streams
        .iter_mut()
        .flat_map(|stream| &mut stream.values)
    {
        *value = match &*value {
            Value::Real(x) => Value::Fixed(*x, decimals),
            Value::Fixed(x, given) => Value::Fixed(*x, decimals.min(*given)),
            other => other.clone(),
        };
    }
    printout
}

/// All steps; the first changes nothing.
pub const STEPS: &[Step] = &[
    Step {
        id: "as-drawn",
        summary: "printed as they are",
        take: |printout| printout,
    },
    Step {
        id: "sorted",
        summary: "each worker sorts its values",
        take: |mut printout| {
            let number = |value: &Value| value.number().unwrap_or_default();
            for stream in &mut printout.streams {
                stream
                    .values
                    .sort_by(|a, b| number(a).total_cmp(&number(b)));
            }
            printout
        },
    },
    Step {
        id: "held",
        summary: "each row is printed twice",
        take: |mut printout| {
            let width = printout.columns.len();
            for stream in &mut printout.streams {
                let twice = stream
                    .values
                    .chunks(width)
                    .flat_map(|row| [row, row].concat());
                stream.values = twice.collect();
            }
            printout
        },
    },
    Step {
        id: "header",
        summary: "version, dimension and count stand in front",
        take: |mut printout| {
            let width = printout.columns.len();
            printout.header = 3;
            for stream in &mut printout.streams {
                let rows = stream.values.len() / width;
                let front = [Value::Whole(2), width.into(), rows.into()];
                stream.values.splice(0..0, front);
            }
            printout
        },
    },
    Step {
        id: "label-column",
        summary: "the epoch, of five rows each, stands before each row",
        take: |mut printout| {
            let width = printout.columns.len();
            printout.columns.insert(0, "epoch");
            for stream in &mut printout.streams {
                let rows = stream.values.chunks(width).enumerate();
                let labelled = rows.flat_map(|(at, row)| [&[Value::from(at / 5)], row].concat());
                stream.values = labelled.collect();
            }
            printout
        },
    },
    Step {
        id: "bias",
        summary: "ten is added",
        take: |printout| each(printout, |x| x + 10.0),
    },
    Step {
        id: "units",
        summary: "rows of four in unlike units: 1, 10, 100, 1,000",
        take: |mut printout| {
            if printout.columns.len() == 1 {
                printout.columns = vec!["a", "b", "c", "d"];
            }
            let width = printout.columns.len();
            for stream in &mut printout.streams {
                for (at, value) in stream.values.iter_mut().enumerate() {
                    let unit = 10f64.powi((at % width) as i32);
                    *value = changed(value, |x| x * unit);
                }
            }
            printout
        },
    },
    Step {
        id: "2-decimals",
        summary: "rounded to two decimals",
        take: |printout| rounded(printout, 2),
    },
    Step {
        id: "4-decimals",
        summary: "rounded to four decimals",
        take: |printout| rounded(printout, 4),
    },
    Step {
        id: "curve",
        summary: "through a rising curve, x + x³",
        take: |printout| each(printout, |x| x + x * x * x),
    },
];

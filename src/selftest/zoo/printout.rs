//! What the workers of a program printed: values with labels, and the table that they make.

use std::fmt::{self, Write as _};

/// A number or a word, as it is printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A real number with as many digits as tell it apart from all others.
    Real(f64),
    /// A real number with so many decimals.
    Fixed(f64, u8),
    /// A whole number.
    Whole(i64),
    /// Anything else: a hexadecimal word, a UUID.
    Text(Box<str>),
}

impl Value {
    /// The number that a reader finds, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Real(x) => Some(*x),
            Self::Fixed(x, decimals) => {
                let unit = 10f64.powi(i32::from(*decimals));
                Some((x * unit).round() / unit)
            }
            Self::Whole(x) => Some(*x as f64),
            Self::Text(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real(x) => write!(f, "{x:?}"),
            Self::Fixed(x, decimals) => write!(f, "{x:.*}", usize::from(*decimals)),
            Self::Whole(x) => write!(f, "{x}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Self::Real(x)
    }
}

impl From<i64> for Value {
    fn from(x: i64) -> Self {
        Self::Whole(x)
    }
}

impl From<usize> for Value {
    fn from(x: usize) -> Self {
        Self::Whole(x as i64)
    }
}

impl From<u32> for Value {
    fn from(x: u32) -> Self {
        Self::Whole(i64::from(x))
    }
}

impl From<bool> for Value {
    fn from(x: bool) -> Self {
        Self::Whole(i64::from(x))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

/// What one worker printed.
#[derive(Clone, Debug)]
pub struct PrintedStream {
    /// One label for each of [`Printout::labels`].
    pub labels: Vec<u32>,
    /// Its values, in order.
    pub values: Vec<Value>,
}

/// What all workers of all runs printed.
#[derive(Clone, Debug)]
pub struct Printout {
    /// The names of what tells streams apart.
    pub labels: Vec<&'static str>,
    /// The names of the values of a row.
    pub columns: Vec<&'static str>,
    /// How many values stand in front of the first row.
    pub header: usize,
    /// The streams, run by run.
    pub streams: Vec<PrintedStream>,
}

/// How a printout is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// One value a line.
    #[default]
    Values,
    /// One row a line, each of its values in a column of its own.
    Rows,
}

impl Printout {
    /// The printout as CSV text.
    pub fn csv(&self, form: Form) -> String {
        let mut text = self.labels.join(",");
        match form {
            Form::Values => text.push_str(",value"),
            Form::Rows => {
                for column in &self.columns {
                    text.push(',');
                    text.push_str(column);
                }
            }
        }
        text.push('\n');
        for stream in &self.streams {
            let mut labels = String::new();
            for label in &stream.labels {
                // Writing to a String cannot fail.
                let _ = write!(labels, "{label},");
            }
            match form {
                Form::Values => {
                    for value in &stream.values {
                        let _ = writeln!(text, "{labels}{value}");
                    }
                }
                Form::Rows => {
                    let (header, rows) =
                        stream.values.split_at(self.header.min(stream.values.len()));
                    for row in header
                        .chunks(self.columns.len())
                        .chain(rows.chunks(self.columns.len()))
                    {
                        text.push_str(&labels);
                        for at in 0..self.columns.len() {
                            let comma = if at == 0 { "" } else { "," };
                            let _ = match row.get(at) {
                                Some(value) => write!(text, "{comma}{value}"),
                                None => write!(text, "{comma}"),
                            };
                        }
                        text.push('\n');
                    }
                }
            }
        }
        text
    }

    /// The rows of a stream, without what stands in front.
    pub fn rows<'a>(&self, stream: &'a PrintedStream) -> impl Iterator<Item = &'a [Value]> {
        stream.values[self.header.min(stream.values.len())..].chunks(self.columns.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_printed_as_programs_print_them() {
        for (value, text) in [
            (Value::Real(0.1), "0.1"),
            (Value::Real(3.0), "3.0"),
            (Value::Real(1e-9), "1e-9"),
            (Value::Real(f64::NAN), "NaN"),
            (Value::Fixed(0.5, 4), "0.5000"),
            (Value::Fixed(-1.23456, 2), "-1.23"),
            (Value::Whole(-7), "-7"),
            (Value::from(true), "1"),
            (Value::from("0xff".to_owned()), "0xff"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn a_printout_is_written_by_values_or_by_rows() {
        let printout = Printout {
            labels: vec!["run", "worker"],
            columns: vec!["x", "y"],
            header: 1,
            streams: vec![PrintedStream {
                labels: vec![0, 3],
                values: [9, 1, 2, 3, 4].map(|x: i64| Value::from(x)).to_vec(),
            }],
        };
        assert_eq!(
            printout.csv(Form::Values),
            "run,worker,value\n0,3,9\n0,3,1\n0,3,2\n0,3,3\n0,3,4\n"
        );
        assert_eq!(
            printout.csv(Form::Rows),
            "run,worker,x,y\n0,3,9,\n0,3,1,2\n0,3,3,4\n"
        );
        assert_eq!(printout.rows(&printout.streams[0]).count(), 2);
    }
}

//! Headers of numpy's `.npy` files, versions 1 to 3.
//!
//! Format: numpy enhancement proposal 1 (R. Kern, 2007): magic, version, header length, then a
//! Python dictionary literal with `descr`, `fortran_order` and `shape`.

use std::io::Read;

use super::{
    element::ElementType,
    letters::{Letters, MOST_TEXTS, TextArray},
    structured::Fields,
};

/// Longest header accepted; real ones have a hundred bytes.
const LONGEST_HEADER_BYTES: usize = 1 << 16;

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// How elements are stored.
    pub element: ElementType,
    /// Whether they are stored most significant byte first.
    pub big_endian: bool,
    /// Whether the first index varies fastest.
    pub fortran: bool,
    /// Length of every axis: one to three.
    pub shape: Vec<u64>,
    /// Where the elements start.
    pub data_offset: u64,
}

/// What a file holds.
#[derive(Debug)]
pub(super) enum Npy {
    /// Numbers of one type.
    Plain(Header),
    /// Rows of named fields.
    Structured {
        fields: Fields,
        /// How many rows.
        rows: u64,
        /// Where they start.
        data_offset: u64,
    },
    /// Texts.
    Texts(TextArray),
}

impl Header {
    /// Number of elements.
    pub fn elements(&self) -> u64 {
        // Checked when the header was read.
        self.shape.iter().product()
    }
}

/// Reads a header from the start of a file.
///
/// # Errors
/// The problem in words, or what the system said.
pub(super) fn read(source: &mut impl Read) -> Result<Npy, String> {
    let mut fixed = [0u8; 8];
    read_exact(source, &mut fixed)?;
    if &fixed[..6] != b"\x93NUMPY" {
        return Err("does not start as a numpy file does".into());
    }
    let (length, before) = if fixed[6] == 1 {
        let mut bytes = [0u8; 2];
        read_exact(source, &mut bytes)?;
        (usize::from(u16::from_le_bytes(bytes)), 10)
    } else if matches!(fixed[6], 2 | 3) {
        let mut bytes = [0u8; 4];
        read_exact(source, &mut bytes)?;
        (u32::from_le_bytes(bytes) as usize, 12)
    } else {
        return Err(format!("version {} of the format is unknown", fixed[6]));
    };
    if length > LONGEST_HEADER_BYTES {
        return Err(format!("a header of {length} bytes is no numpy header"));
    }
    let mut header = vec![0u8; length];
    read_exact(source, &mut header)?;
    let header = std::str::from_utf8(&header).map_err(|_| "the header is no text".to_owned())?;
    let shape = shape(header)?;
    let descr = value(header, "descr").ok_or("the header has no `descr`")?;
    if descr.starts_with(['[', '{']) {
        let fields = Fields::of(descr, |text| element(text).ok())?;
        let rows = shape
            .iter()
            .try_fold(1u64, |rows, &axis| rows.checked_mul(axis));
        let rows = rows.filter(|rows| rows.checked_mul(fields.bytes() as u64).is_some());
        return Ok(Npy::Structured {
            fields,
            rows: rows.ok_or("the shape is larger than any file")?,
            data_offset: before + length as u64,
        });
    }
    let fortran = match value(header, "fortran_order") {
        Some(rest) if rest.starts_with("False") => false,
        Some(rest) if rest.starts_with("True") => true,
        _ => return Err("the header has no readable `fortran_order`".into()),
    };
    let kind = quoted(descr)?;
    if let Some(letters) = Letters::of(kind) {
        if fortran && shape.len() > 1 {
            return Err("texts in Fortran order are not read; save np.ascontiguousarray(a)".into());
        }
        return texts(letters, shape, before + length as u64).map(Npy::Texts);
    }
    let (element, big_endian) = element(kind)?;
    shape
        .iter()
        .try_fold(element.bytes() as u64, |size, &axis| size.checked_mul(axis))
        .ok_or("the shape is larger than any file")?;
    Ok(Npy::Plain(Header {
        element,
        big_endian,
        // One axis has no order.
        fortran: fortran && shape.len() > 1,
        shape,
        data_offset: before + length as u64,
    }))
}

fn read_exact(source: &mut impl Read, bytes: &mut [u8]) -> Result<(), String> {
    source
        .read_exact(bytes)
        .map_err(|error| format!("the header is truncated ({error})"))
}

/// The text after `'key':`.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    [format!("'{key}'"), format!("\"{key}\"")]
        .iter()
        .find_map(|quoted| header.split_once(quoted.as_str()))
        .and_then(|(_, rest)| rest.trim_start().strip_prefix(':'))
        .map(str::trim_start)
}

/// The type in quotes at the start of a text.
fn quoted(rest: &str) -> Result<&str, &'static str> {
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
    quote
        .and_then(|quote| rest[1..].split_once(quote))
        .map(|(text, _)| text)
        .ok_or("the header's `descr` is no type")
}

/// An array of texts, of which there are not too many.
fn texts(letters: Letters, shape: Vec<u64>, data_offset: u64) -> Result<TextArray, String> {
    let texts = shape
        .iter()
        .try_fold(1u64, |texts, &axis| texts.checked_mul(axis));
    match texts {
        Some(..=MOST_TEXTS) => Ok(TextArray {
            letters,
            shape,
            data_offset,
        }),
        _ => Err(format!(
            "more than {MOST_TEXTS} texts are not read; write them a line each, as np.savetxt(f, a, fmt='%s') does"
        )),
    }
}

fn element(text: &str) -> Result<(ElementType, bool), String> {
    let (order, name) = match text.chars().next() {
        Some(order @ ('<' | '>' | '|' | '=')) => (order, &text[1..]),
        _ => ('=', text),
    };
    let element = match name {
        "u8" => ElementType::U64,
        "u4" => ElementType::U32,
        "u2" => ElementType::U16,
        // Booleans are stored as bytes 0 and 1.
        "u1" | "b1" => ElementType::U8,
        "i8" => ElementType::I64,
        "i4" => ElementType::I32,
        "i2" => ElementType::I16,
        "i1" => ElementType::I8,
        "f8" => ElementType::F64,
        "f4" => ElementType::F32,
        "f2" => ElementType::F16,
        _ => {
            return Err(format!(
                "elements of type `{text}` are not read; save them as integers of 8 to 64 bits, bool, or floats of 16 to 64 bits"
            ));
        }
    };
    let big_endian = match order {
        '<' => false,
        '>' => true,
        _ => cfg!(target_endian = "big"),
    };
    Ok((element, big_endian))
}

fn shape(header: &str) -> Result<Vec<u64>, String> {
    let rest = value(header, "shape").ok_or("the header has no `shape`")?;
    let inner = rest
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map(|(inner, _)| inner)
        .ok_or("the header's `shape` is no tuple")?;
    let axes: Result<Vec<u64>, _> = inner
        .split(',')
        .map(str::trim)
        .filter(|axis| !axis.is_empty())
        .map(|axis| axis.trim_end_matches('L').parse::<u64>())
        .collect();
    let axes = axes.map_err(|_| format!("the header's `shape` ({inner}) is no row of numbers"))?;
    match axes.len() {
        0 => Err("a single number is no stream".into()),
        _ => Ok(axes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &mut impl Read) -> Result<Header, String> {
        match read(source)? {
            Npy::Plain(header) => Ok(header),
            structured => Err(format!("{structured:?}")),
        }
    }

    fn file(version: u8, header: &str) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY".to_vec();
        bytes.extend([version, 0]);
        if version == 1 {
            bytes.extend((header.len() as u16).to_le_bytes());
        } else {
            bytes.extend((header.len() as u32).to_le_bytes());
        }
        bytes.extend(header.as_bytes());
        bytes
    }

    #[test]
    fn headers_of_all_versions_are_read() {
        let text = "{'descr': '<u8', 'fortran_order': False, 'shape': (3, 4), }   \n";
        for version in [1, 2, 3] {
            let header = plain(&mut file(version, text).as_slice()).unwrap();
            assert_eq!(header.shape, [3, 4]);
            assert_eq!(header.element, ElementType::U64);
            assert!(!header.fortran && !header.big_endian);
            let before = if version == 1 { 10 } else { 12 };
            assert_eq!(header.data_offset, before + text.len() as u64);
        }
        let fortran = "{'shape': (5,2,7), 'fortran_order': True, 'descr': '>f4'}";
        let header = plain(&mut file(1, fortran).as_slice()).unwrap();
        assert!(header.fortran && header.big_endian);
        assert_eq!(header.element, ElementType::F32);
    }

    #[test]
    fn every_type_and_byte_order_is_told() {
        let native = cfg!(target_endian = "big");
        for (descr, element, big_endian) in [
            ("<u8", ElementType::U64, false),
            (">i8", ElementType::I64, true),
            ("=u4", ElementType::U32, native),
            ("i4", ElementType::I32, native),
            ("<u2", ElementType::U16, false),
            (">u2", ElementType::U16, true),
            ("<i2", ElementType::I16, false),
            (">i2", ElementType::I16, true),
            ("|u1", ElementType::U8, native),
            ("|i1", ElementType::I8, native),
            ("|b1", ElementType::U8, native),
            (">f8", ElementType::F64, true),
            (">f2", ElementType::F16, true),
        ] {
            let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (3,)}}");
            let header = plain(&mut file(1, &text).as_slice()).unwrap();
            let told = (header.element, header.big_endian);
            assert_eq!(told, (element, big_endian), "{descr}");
        }
    }

    #[test]
    fn what_is_not_read_is_refused_in_words() {
        let cases = [
            (
                "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}",
                "type",
            ),
            (
                "{'descr': '<U3', 'fortran_order': True, 'shape': (3, 4)}",
                "ascontiguousarray",
            ),
            (
                "{'descr': '|S1', 'fortran_order': False, 'shape': (99999999,)}",
                "savetxt",
            ),
            (
                "{'descr': '<c16', 'fortran_order': False, 'shape': (3,)}",
                "type",
            ),
            (
                "{'descr': [('a', '<c16')], 'fortran_order': False, 'shape': (3,)}",
                "structured",
            ),
            (
                "{'descr': [('a', '<u8')], 'fortran_order': False, 'shape': (9999999999999999999,)}",
                "larger",
            ),
            (
                "{'descr': '<u8', 'fortran_order': False, 'shape': ()}",
                "single",
            ),
            (
                "{'descr': '<u8', 'fortran_order': False, 'shape': (-1,)}",
                "row of numbers",
            ),
            (
                "{'descr': '<u8', 'fortran_order': False, 'shape': (9999999999999999999, 99)}",
                "larger",
            ),
            ("{'descr': '<u8', 'shape': (3,)}", "fortran_order"),
        ];
        for (text, word) in cases {
            let problem = read(&mut file(1, text).as_slice()).unwrap_err();
            assert!(problem.contains(word), "{text}: {problem}");
        }
        assert!(read(&mut &b"\x93NUMPY\x01\x00\xff"[..]).is_err());
        assert!(read(&mut &b"not a numpy file"[..]).is_err());
        assert!(read(&mut file(9, "").as_slice()).is_err());
    }
}

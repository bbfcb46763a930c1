//! A line of a table as its fields.

/// Splits a line without quotes: where its fields begin and end.
pub(super) fn split(line: &[u8], delimiter: u8, fields: &mut Vec<(usize, usize)>) {
    fields.clear();
    let mut start = 0;
    for (at, &byte) in line.iter().enumerate() {
        if byte == delimiter {
            fields.push((start, at));
            start = at + 1;
        }
    }
    fields.push((start, line.len()));
}

/// Splits a line with quoted fields (RFC 4180), writing the bare fields to `into`.
///
/// # Errors
/// When quotes do not pair.
pub(super) fn unquote(
    line: &[u8],
    delimiter: u8,
    into: &mut Vec<u8>,
    fields: &mut Vec<(usize, usize)>,
) -> Result<(), &'static str> {
    into.clear();
    fields.clear();
    let mut at = 0;
    loop {
        let start = into.len();
        if line.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (line.get(at), line.get(at + 1)) {
                    (Some(b'"'), Some(b'"')) => {
                        into.push(b'"');
                        at += 2;
                    }
                    (Some(b'"'), _) => break,
                    (Some(&byte), _) => {
                        into.push(byte);
                        at += 1;
                    }
                    (None, _) => return Err("a quote without its end"),
                }
            }
            at += 1;
        } else {
            while let Some(&byte) = line.get(at)
                && byte != delimiter
            {
                into.push(byte);
                at += 1;
            }
        }
        fields.push((start, into.len()));
        match line.get(at) {
            None => return Ok(()),
            Some(&byte) if byte == delimiter => at += 1,
            Some(_) => return Err("text after a quoted field"),
        }
    }
}

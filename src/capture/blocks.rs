//! Blank lines between numbers: a block a worker, or nothing at all.

use super::{
    Axis, element::RawKind, error::CaptureError, identity::Part, rows::Rows,
    text_source::TextSource,
};

/// Where blank lines stand among the numbers of a text.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// How many numbers come before each blank line that ends a block.
    ends: Vec<usize>,
    /// Whether blank lines stand between single numbers, and so separate nothing.
    loose: bool,
}

impl Blocks {
    /// A blank line after so many numbers.
    pub fn end(&mut self, numbers: usize) {
        let before = self.ends.last().copied().unwrap_or(0);
        match numbers - before {
            0 => {}
            1 => {
                self.loose = true;
                self.ends = Vec::new();
            }
            _ if self.loose => {}
            _ => self.ends.push(numbers),
        }
    }

    /// Splits the one stream of a source, of so many numbers a line, into a block a worker; `false` where
    /// blank lines separate nothing.
    ///
    /// # Errors
    /// Where blocks of different lengths may be workers or not.
    pub fn split(
        mut self,
        rows: &mut Rows,
        width: usize,
        of: &TextSource<'_>,
    ) -> Result<bool, CaptureError> {
        let one_list = of.reading.axis == Some(Axis::Rows) || of.rows_are_own();
        let [(_, values)] = rows.streams() else {
            return Ok(false);
        };
        if self.loose || one_list || rows.kind() == Some(RawKind::Wide) || rows.holes() > 0 {
            return Ok(false);
        }
        self.end(values.len());
        let [first, rest @ ..] = &self.ends[..] else {
            return Ok(false);
        };
        if rest.is_empty() || self.loose || self.ends.last() != Some(&values.len()) {
            return Ok(false);
        }
        let count = self.ends.len();
        let promised = of.reading.workers.map(|workers| workers as usize);
        let even = self
            .ends
            .iter()
            .zip(1..)
            .all(|(end, block)| *end == block * first);
        let stated = of.reading.axis == Some(Axis::Columns) || promised == Some(count);
        if promised.is_some_and(|promised| promised != count) && !stated {
            return Ok(false);
        }
        if !even && !stated {
            return Err(CaptureError::Columns {
                file: of.name.into(),
                problem: format!(
                    "blank lines make {count} blocks of different lengths, which may be workers or not: --axis \
                     columns reads a block a worker, --axis rows reads on over blank lines"
                ),
            });
        }
        let mut start = 0;
        let streams = self.ends.iter().enumerate().map(|(worker, &end)| {
            let block = values[std::mem::replace(&mut start, end)..end].to_vec();
            (of.base.with_task(Part::Number(worker as u64)), block.into())
        });
        let streams = streams.collect();
        rows.replace(streams);
        rows.set_per_row(width);
        rows.note(
            0,
            "read with a block a worker, since blank lines separate blocks (--axis rows reads on over them)",
        );
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_by_blank_lines() {
        let of = |ends: &[usize]| {
            let mut blocks = Blocks::default();
            ends.iter().for_each(|&end| blocks.end(end));
            (blocks.ends, blocks.loose)
        };
        assert_eq!(of(&[3, 3, 6]), (vec![3, 6], false));
        assert_eq!(of(&[1, 2, 5]), (vec![], true));
    }
}

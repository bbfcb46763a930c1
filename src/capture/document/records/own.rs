//! Records of which none says who drew: a record a worker, or the workers of a run in one.

use super::{RecordReader, wrong};
use crate::capture::{
    Axis,
    document::levels,
    identity::Label,
    literal::{Item, LiteralError},
    names::{self, Claim, Column},
    number::Number,
    rows::{LONGEST_ROW, Rows},
};

impl RecordReader<'_> {
    /// Whether every record holds one list of numbers, longer than rows are, and none of them says who drew it.
    pub(super) fn are_lists(&self, records: &[Vec<(String, Item)>]) -> bool {
        let one_list = |record: &Vec<(String, Item)>| {
            let lists = record.iter().filter_map(|(_, item)| match item {
                Item::Numbers(numbers) => Some(numbers.len()),
                _ => None,
            });
            let lengths: Vec<usize> = lists.collect();
            lengths.len() == 1 && lengths[0] > LONGEST_ROW
        };
        let whose = |(name, _): &(String, Item)| match names::claim(name) {
            Claim::Is(column) => column.label().is_some(),
            Claim::Perhaps(_) => true,
            Claim::Id | Claim::Unknown => false,
        };
        let reading = self.of.reading;
        let stated = !reading.by.is_empty() || reading.run_by.is_some();
        records.len() > 1
            && !stated
            && !self.of.is_one_workers()
            && records.iter().all(one_list)
            && !records.iter().flatten().any(whose)
    }

    /// Whether the one value of records is lists of lists, and no label says which worker drew them: then each list
    /// is a worker's, unless it is as short as a point.
    pub(super) fn hold_workers(
        &self,
        records: &[Vec<(String, Item)>],
        names: &[String],
        columns: &[Column],
        rows: &mut Rows,
    ) -> Result<bool, LiteralError> {
        let value = |name: &str| {
            let at = names.iter().position(|own| own == name);
            at.is_some_and(|at| columns[at] == Column::Value)
        };
        let values = || records.iter().flatten().filter(|(name, _)| value(name));
        let whose = columns
            .iter()
            .any(|column| column.label() == Some(Label::Task));
        if whose || self.of.is_one_workers() {
            return Ok(false);
        }
        if values().any(|(_, item)| matches!(item, Item::List(_))) {
            return wrong(
                "lists lie deeper in records of which none says who drew them; a label such as `worker` does",
            );
        }
        let mut lists = values()
            .filter_map(|(_, item)| match item {
                Item::Lists(lists) => Some(lists),
                _ => None,
            })
            .peekable();
        if lists.peek().is_none() {
            return Ok(false);
        }
        let (axis, one) = (
            self.of.reading.axis,
            columns
                .iter()
                .filter(|column| **column == Column::Value)
                .count()
                == 1,
        );
        let points = lists.all(levels::are_points);
        let workers = one && axis != Some(Axis::Rows) && (axis.is_some() || !points);
        rows.note(
            0,
            match workers {
                true => "lists within a record were read as a list a worker (--axis rows reads them as rows of one)",
                false => {
                    "lists within a record were read as rows of one worker (--axis columns reads a list a worker)"
                }
            },
        );
        Ok(workers)
    }
}

/// Leaves the list of a record alone, with the record's place as the name of its worker: what stands beside it are
/// settings.
pub(super) fn place_list(place: u64, record: &mut Vec<(String, Item)>) {
    record.retain(|(_, item)| matches!(item, Item::Numbers(_)));
    record.push(("worker".into(), Item::Number(Number::Unsigned(place))));
}

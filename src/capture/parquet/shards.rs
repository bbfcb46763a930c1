//! Shards of many streams a file: rows of `run, worker, from` and the words from that place on, as bytes or as a
//! list, or one word a row (`run, worker, position, value`). Rows may stand in any order, and in several files.

use std::fs::File;

use parquet::{
    basic::{ConvertedType, Type},
    column::reader::ColumnReader,
    data_type::ByteArray,
    errors::ParquetError,
    file::reader::{FileReader, RowGroupReader, SerializedFileReader},
};

use super::{
    blocks,
    column::{Holds, ParquetColumn},
    gathered::{GatheredShards, Label},
    lists::{ListFault, ListNumbers, Lists},
    refused,
};
use crate::capture::{
    CaptureError, Reading, drafts::FileDrafts, element::ElementType, reader::BinaryFile,
    tree::Found,
};

/// The key of a file's metadata that says of what type the elements of bytes are.
pub(super) const ELEMENT: &str = "seedbench.element";

/// Rows of one word that are taken at once.
const ROWS: usize = 1 << 16;

/// The columns of such a file.
pub(super) struct ShardForm<'a> {
    run: &'a ParquetColumn,
    worker: &'a ParquetColumn,
    from: &'a ParquetColumn,
    words: ParquetColumn,
    holds: WordsColumn,
}

/// How a row holds its words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WordsColumn {
    Bytes,
    List,
    One,
}

impl<'a> ShardForm<'a> {
    /// The form of a file, where it has this one and nothing else is asked for.
    pub fn of(
        file: &SerializedFileReader<File>,
        columns: &'a [ParquetColumn],
        reading: &Reading,
    ) -> Option<Self> {
        if !reading.by.is_empty() || !reading.value.is_empty() || reading.run_by.is_some() {
            return None;
        }
        let named = |names: &[&str]| {
            let is = |column: &&ParquetColumn| {
                let name = column.name.as_str();
                names.iter().any(|known| name.eq_ignore_ascii_case(known))
            };
            columns.iter().find(is)
        };
        let whole = |column: &&ParquetColumn| {
            !column.is_list && matches!(column.holds, Holds::Numbers | Holds::Unsigned)
        };
        let words = named(&["words", "word", "value"])?;
        let schema = file.metadata().file_metadata().schema_descr();
        let leaf = schema.column(words.leaf);
        let is_bytes = leaf.physical_type() == Type::BYTE_ARRAY
            && leaf.converted_type() == ConvertedType::NONE
            && leaf.max_rep_level() == 0;
        let is_number = matches!(words.holds, Holds::Numbers | Holds::Unsigned)
            && leaf.physical_type() != Type::BOOLEAN;
        let holds = match (is_bytes, is_number && words.is_list) {
            (true, _) => WordsColumn::Bytes,
            (_, true) => WordsColumn::List,
            _ if is_number => WordsColumn::One,
            _ => return None,
        };
        // Words are unsigned: what has no unsigned integers keeps their bits in signed ones.
        let holds_words = words.name.to_ascii_lowercase().starts_with("word");
        let is_real = matches!(leaf.physical_type(), Type::FLOAT | Type::DOUBLE);
        Some(Self {
            run: named(&["run"]).filter(whole)?,
            worker: named(&["worker"]).filter(whole)?,
            from: named(&["from", "position"]).filter(whole)?,
            words: ParquetColumn {
                holds: match holds_words && !is_real {
                    true => Holds::Unsigned,
                    false => words.holds,
                },
                name: words.name.clone(),
                ..*words
            },
            holds,
        })
    }
}

/// The streams of such a file.
pub(super) fn read(
    file: &SerializedFileReader<File>,
    form: &ShardForm<'_>,
    found: &Found,
) -> Result<FileDrafts, CaptureError> {
    let failed = |error: ParquetError| refused(&found.name, &error);
    let element = match form.holds {
        WordsColumn::Bytes => element(file, &found.name)?,
        WordsColumn::List | WordsColumn::One => form.element(file),
    };
    let mut gathered = GatheredShards::new(&found.name, element);
    for at in 0..file.num_row_groups() {
        let group = file.get_row_group(at).map_err(failed)?;
        if form.holds == WordsColumn::One {
            form.single(&*group, &mut gathered)?;
            continue;
        }
        let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let labels = Labels::of(&*group, form)
            .and_then(|mut labels| labels.next(rows))
            .map_err(|fault| gathered.refused(fault))?;
        if form.holds == WordsColumn::List {
            form.lists(&*group, &labels, &mut gathered)?;
            continue;
        }
        let blocks = blocks::in_place(file, at, form.words.leaf, rows, &found.path)
            .map_err(CaptureError::io("read", &found.path))?;
        match blocks {
            Some(blocks) => {
                for (label, block) in labels.iter().zip(blocks) {
                    gathered.place(*label, block)?;
                }
            }
            None => form.bytes(&*group, &labels, &mut gathered)?,
        }
    }
    if form.holds == WordsColumn::One {
        gathered.count_from_one();
    }
    Ok(gathered.finish(BinaryFile {
        path: found.path.clone(),
        name: found.name.clone(),
        element,
        big_endian: false,
        bytes: found.bytes,
    }))
}

/// What the elements of bytes are: words of 64 bits, unless the file says otherwise.
fn element(file: &SerializedFileReader<File>, name: &str) -> Result<ElementType, CaptureError> {
    let metadata = file.metadata().file_metadata().key_value_metadata();
    let said = metadata
        .into_iter()
        .flatten()
        .find(|pair| pair.key == ELEMENT)
        .and_then(|pair| pair.value.as_deref());
    let Some(said) = said else {
        return Ok(ElementType::U64);
    };
    ElementType::from_name(said).ok_or_else(|| CaptureError::Parquet {
        file: name.into(),
        problem: format!("`{ELEMENT}` is `{said}`, which is no element type"),
    })
}

impl ShardForm<'_> {
    /// What the elements of numbers are.
    fn element(&self, file: &SerializedFileReader<File>) -> ElementType {
        let schema = file.metadata().file_metadata().schema_descr();
        match (
            schema.column(self.words.leaf).physical_type(),
            self.words.holds,
        ) {
            (Type::FLOAT, _) => ElementType::F32,
            (Type::DOUBLE, _) => ElementType::F64,
            (Type::INT32, Holds::Unsigned) => ElementType::U32,
            (Type::INT32, _) => ElementType::I32,
            (_, Holds::Unsigned) => ElementType::U64,
            _ => ElementType::I64,
        }
    }

    /// Rows of bytes that do not lie in the file as they are.
    fn bytes(
        &self,
        group: &dyn RowGroupReader,
        labels: &[Label],
        gathered: &mut GatheredShards<'_>,
    ) -> Result<(), CaptureError> {
        let unread =
            |gathered: &GatheredShards<'_>, error| gathered.refused(ListFault::Unread(error));
        let reader = group.get_column_reader(self.words.leaf);
        let ColumnReader::ByteArrayColumnReader(mut reader) =
            reader.map_err(|error| unread(gathered, error))?
        else {
            return Ok(());
        };
        let mut values: Vec<ByteArray> = Vec::new();
        let mut defined = Vec::new();
        for label in labels {
            values.clear();
            defined.clear();
            let (rows, ..) = reader
                .read_records(1, Some(&mut defined), None, &mut values)
                .map_err(|error| unread(gathered, error))?;
            match values.first() {
                Some(value) => gathered.push_bytes(*label, value.data())?,
                None if rows == 1 => {}
                None => return Err(gathered.refused(ListFault::Refused(ENDS_BEFORE.into()))),
            }
        }
        Ok(())
    }

    /// Rows of lists.
    fn lists(
        &self,
        group: &dyn RowGroupReader,
        labels: &[Label],
        gathered: &mut GatheredShards<'_>,
    ) -> Result<(), CaptureError> {
        let lists = Lists::of(group, &self.words);
        let mut lists = lists.map_err(|error| gathered.refused(ListFault::Unread(error)))?;
        let (mut row, mut taken) = (0, 0);
        let each = |is_first: bool, numbers: ListNumbers<'_>| {
            if is_first || row == 0 {
                row += 1;
                taken = 0;
            }
            let label = labels.get(row - 1).ok_or_else(|| ENDS_BEFORE.to_owned())?;
            let ListNumbers::Raw(_, raw) = numbers else {
                return Err(format!("a word of {label} is missing"));
            };
            let from = label.from + taken;
            gathered.push(Label { from, ..*label }, raw);
            taken += raw.len() as u64;
            Ok(())
        };
        let read = lists.for_each(each);
        read.map_err(|fault| gathered.refused(fault))
    }

    /// Rows of one word each.
    fn single(
        &self,
        group: &dyn RowGroupReader,
        gathered: &mut GatheredShards<'_>,
    ) -> Result<(), CaptureError> {
        let mut left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let labels = Labels::of(group, self);
        let mut labels = labels.map_err(|fault| gathered.refused(fault))?;
        let words = Whole::of(group, &self.words);
        let mut words = words.map_err(|fault| gathered.refused(fault))?;
        while left > 0 {
            let rows = left.min(ROWS);
            left -= rows;
            let of_rows = labels.next(rows);
            let of_rows = of_rows.map_err(|fault| gathered.refused(fault))?;
            let raw = words.next(rows);
            let raw = raw.map_err(|fault| gathered.refused(fault))?;
            for (label, raw) in of_rows.into_iter().zip(raw) {
                gathered.push(label, &[raw]);
            }
        }
        Ok(())
    }
}

/// Who drew the words of rows, and from which place on.
struct Labels {
    run: Whole,
    worker: Whole,
    from: Whole,
}

impl Labels {
    fn of(group: &dyn RowGroupReader, form: &ShardForm<'_>) -> Result<Self, ListFault> {
        Ok(Self {
            run: Whole::of(group, form.run)?,
            worker: Whole::of(group, form.worker)?,
            from: Whole::of(group, form.from)?,
        })
    }

    fn next(&mut self, rows: usize) -> Result<Vec<Label>, ListFault> {
        let number = |name: &'static str, value: u64| {
            u32::try_from(value).map_err(|_| {
                ListFault::Refused(format!(
                    "{name} {} is no number from 0 to {}",
                    value as i64,
                    u32::MAX
                ))
            })
        };
        let (runs, workers) = (self.run.next(rows)?, self.worker.next(rows)?);
        let labels = runs.into_iter().zip(workers).zip(self.from.next(rows)?);
        let label = |((run, worker), from): ((u64, u64), u64)| {
            if from > i64::MAX as u64 {
                let problem = format!("a stream has no place {}", from as i64);
                return Err(ListFault::Refused(problem));
            }
            Ok(Label {
                run: number("run", run)?,
                worker: number("worker", worker)?,
                from,
            })
        };
        labels.map(label).collect()
    }
}

/// A column without lists, whose values are all there, as raw values.
struct Whole {
    reader: ColumnReader,
    name: String,
    unsigned: bool,
}

impl Whole {
    fn of(group: &dyn RowGroupReader, column: &ParquetColumn) -> Result<Self, ListFault> {
        Ok(Self {
            reader: group.get_column_reader(column.leaf)?,
            name: column.name.clone(),
            unsigned: column.holds == Holds::Unsigned,
        })
    }

    /// The next values, so many.
    fn next(&mut self, rows: usize) -> Result<Vec<u64>, ListFault> {
        let unsigned = self.unsigned;
        macro_rules! values {
            ($reader:expr, $raw:expr) => {{
                let (mut values, mut defined) = (Vec::new(), Vec::new());
                while values.len() < rows {
                    let before = values.len();
                    let (found, ..) = $reader.read_records(
                        rows - before,
                        Some(&mut defined),
                        None,
                        &mut values,
                    )?;
                    if values.len() < before + found.max(1) {
                        break;
                    }
                }
                values.into_iter().map($raw).collect::<Vec<u64>>()
            }};
        }
        let raw = match &mut self.reader {
            ColumnReader::Int32ColumnReader(reader) => {
                values!(reader, |value: i32| match unsigned {
                    true => u64::from(value as u32),
                    false => i64::from(value) as u64,
                })
            }
            ColumnReader::Int64ColumnReader(reader) => values!(reader, |value: i64| value as u64),
            ColumnReader::FloatColumnReader(reader) => {
                values!(reader, |value: f32| (f64::from(value) + 0.0).to_bits())
            }
            ColumnReader::DoubleColumnReader(reader) => {
                values!(reader, |value: f64| (value + 0.0).to_bits())
            }
            _ => Vec::new(),
        };
        if raw.len() == rows {
            return Ok(raw);
        }
        Err(ListFault::Refused(format!(
            "`{}` lacks {} of {rows} values",
            self.name,
            rows - raw.len()
        )))
    }
}

const ENDS_BEFORE: &str = "a column ends before the others";

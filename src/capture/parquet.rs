//! Parquet: columns of numbers as the table that they are, and lists of numbers, a row each.
//!
//! Row groups are read one after another, and of each only the columns that say something.

mod blocks;
mod column;
mod gathered;
mod lists;
mod shards;
mod table;
#[cfg(feature = "cli")]
pub(super) mod write;

use std::{
    cell::Cell,
    fs::File,
    panic::{self, AssertUnwindSafe},
    path::Path,
    sync::Once,
};

use parquet::{
    errors::ParquetError,
    file::{
        reader::{FileReader, SerializedFileReader},
        serialized_reader::ReadOptionsBuilder,
    },
};

use self::{
    column::{Cells, ParquetColumn},
    lists::{ListFault, Lists},
    table::AsTable,
};
use super::{
    Reading, drafted,
    drafts::FileDrafts,
    error::CaptureError,
    forms,
    identity::Part,
    names::{self, Claim},
    rows::Rows,
    table::{Columns, Sample},
    text_source::TextSource,
    tree::Found,
};

/// Rows of lists by which names are known.
const LOOKED_AT: usize = 1000;

/// Reads all streams of a file.
pub(super) fn read(found: &Found, reading: &Reading) -> Result<FileDrafts, CaptureError> {
    let of = TextSource {
        name: &found.name,
        base: &found.identity,
        own: found.is_one_workers(),
        cut: false,
        reading,
    };
    if found.bytes == 0 {
        return Err(CaptureError::Empty {
            stream: found.name.clone(),
        });
    }
    without_panics(of.name, || {
        let opened = open(&found.path)?;
        let file = SerializedFileReader::new(opened);
        let file = file.map_err(|error| refused(of.name, &error))?;
        let columns = ParquetColumn::all(&file);
        match shards::ShardForm::of(&file, &columns, reading) {
            Some(form) => {
                let with_pages = ReadOptionsBuilder::new().with_page_index().build();
                let file = SerializedFileReader::new_with_options(open(&found.path)?, with_pages);
                let file = file.map_err(|error| refused(of.name, &error))?;
                shards::read(&file, &form, found)
            }
            None => {
                let rows = rows(&file, &columns, &of)?;
                Ok(drafted::from_rows(rows, &found.name))
            }
        }
    })
}

fn open(path: &Path) -> Result<File, CaptureError> {
    File::open(path).map_err(CaptureError::io("open", path))
}

fn rows(
    file: &SerializedFileReader<File>,
    columns: &[ParquetColumn],
    of: &TextSource<'_>,
) -> Result<Rows, CaptureError> {
    let refused = |error: ParquetError| refused(of.name, &error);
    if columns.iter().any(|column| column.is_list) {
        return lists(file, columns, of);
    }
    let mut table = AsTable::new(file, columns);
    forms::read(&mut table, of).map_err(|error| match table.take_failure() {
        Some(failure) => refused(failure),
        None => error,
    })
}

fn refused(file: &str, error: &ParquetError) -> CaptureError {
    let problem = error.to_string();
    let first = problem.lines().next().unwrap_or_default();
    CaptureError::Parquet {
        file: file.into(),
        problem: format!("cannot be read as a Parquet file: {first}"),
    }
}

thread_local! {
    /// Whether a file is being read, and who has panicked then.
    static READS: Cell<Reads> = const { Cell::new(Reads::Nothing) };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// No file.
    Nothing,
    /// A file.
    File,
    /// A file that the crate has panicked on.
    Damaged,
}

/// The crate takes for granted what a damaged file does not hold (a column within the file, a dictionary before what
/// refers to it) and panics: then the file is refused, and nothing is printed. Panics of this project go on.
fn without_panics<T>(
    file: &str,
    read: impl FnOnce() -> Result<T, CaptureError>,
) -> Result<T, CaptureError> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            let own = file!().trim_end_matches("capture/parquet.rs");
            let is_own = what.location().is_none_or(|at| at.file().starts_with(own));
            match READS.get() {
                Reads::File if !is_own => READS.set(Reads::Damaged),
                _ => before(what),
            }
        }));
    });
    READS.set(Reads::File);
    let answer = panic::catch_unwind(AssertUnwindSafe(read));
    let seen = READS.replace(Reads::Nothing);
    answer.unwrap_or_else(|cause| match seen {
        Reads::Damaged => {
            let damaged = "it holds less than it says".into();
            Err(refused(file, &ParquetError::General(damaged)))
        }
        _ => panic::resume_unwind(cause),
    })
}

/// Who drew the list of a row.
struct Labels<'a> {
    /// Label columns, in the order of identities.
    columns: Vec<(super::names::Column, &'a ParquetColumn)>,
    list: &'a ParquetColumn,
}

/// The lists of a column, each the draws of those whom the labels of its row name.
fn lists(
    file: &SerializedFileReader<File>,
    columns: &[ParquetColumn],
    of: &TextSource<'_>,
) -> Result<Rows, CaptureError> {
    let failed = |error: ParquetError| refused(of.name, &error);
    let labels = labels(file, columns, of)?;
    let mut rows = Rows::new();
    let mut row = 0u64;
    for at in 0..file.num_row_groups() {
        let group = file.get_row_group(at).map_err(failed)?;
        let count = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut texts = Vec::new();
        for (_, column) in &labels.columns {
            let mut cells = Cells::of(&*group, column).map_err(failed)?;
            texts.push(cells.next(count).map_err(failed)?);
        }
        let mut lists = Lists::of(&*group, labels.list).map_err(failed)?;
        let mut key = Vec::new();
        let mut stream = 0;
        let mut in_group = 0;
        lists
            .for_each(|is_first, numbers| {
                // A damaged file may begin within a list.
                if is_first || in_group == 0 {
                    key.clear();
                    for text in &texts {
                        let text = text.get(in_group).map_or("", String::as_str);
                        key.extend_from_slice(text.as_bytes());
                        key.push(0);
                    }
                    if labels.columns.is_empty() && !of.own {
                        key.extend_from_slice(&row.to_le_bytes());
                    }
                    stream = rows.stream(&key, || {
                        let mut identity = of.base.clone();
                        for ((column, _), text) in labels.columns.iter().zip(&texts) {
                            identity.seeded |= *column == names::Column::Seed;
                            if let (Some(label), Some(text)) = (column.label(), text.get(in_group))
                            {
                                identity.label(label, text);
                            }
                        }
                        if labels.columns.is_empty() && !of.own {
                            identity.task.push(Part::Number(row));
                        }
                        identity
                    });
                    in_group += 1;
                    row += 1;
                }
                numbers.push(&mut rows, stream)
            })
            .map_err(|error| match error {
                ListFault::Unread(error) => failed(error),
                ListFault::Refused(problem) => CaptureError::Parquet {
                    file: of.name.into(),
                    problem,
                },
            })?;
    }
    Ok(rows)
}

/// Which column holds the lists, and which say who drew them.
fn labels<'a>(
    file: &SerializedFileReader<File>,
    columns: &'a [ParquetColumn],
    of: &TextSource<'_>,
) -> Result<Labels<'a>, CaptureError> {
    let failed = |error: ParquetError| refused(of.name, &error);
    let reading = of.reading;
    let stated = |name: &String| {
        reading.by.contains(name)
            || reading.value.contains(name)
            || reading.run_by.as_ref() == Some(name)
    };
    let says = |column: &&ParquetColumn| {
        let label = match names::claim(&column.name) {
            Claim::Is(column) | Claim::Perhaps(column) => column.label().is_some(),
            _ => false,
        };
        column.is_list || label || stated(&column.name)
    };
    let kept: Vec<&ParquetColumn> = columns.iter().filter(says).collect();
    let mut cells = Vec::new();
    if file.num_row_groups() > 0 {
        let group = file.get_row_group(0).map_err(failed)?;
        for column in &kept {
            let mut of_column = Cells::of(&*group, column).map_err(failed)?;
            cells.push(of_column.next(LOOKED_AT).map_err(failed)?);
        }
    }
    let count = cells.iter().map(Vec::len).min().unwrap_or(0);
    let cell = |row: usize| cells.iter().map(|column| column[row].clone()).collect();
    let sample = Sample::of_cells((0..count).map(cell).collect());
    let kept_names: Vec<String> = kept.iter().map(|column| column.name.clone()).collect();
    let roles = Columns {
        file: of.name,
        names: &kept_names,
        sample: &sample,
        reading,
        // A row is a worker's where nothing says who drew it.
        own: true,
    }
    .roles()?;
    let role = |role: fn(names::Column) -> bool| {
        let found = kept.iter().zip(&roles.columns);
        found
            .filter(move |(_, column)| role(**column))
            .map(|(column, role)| (*role, *column))
    };
    let lists: Vec<&ParquetColumn> = role(|role| role == names::Column::Value)
        .map(|(_, column)| column)
        .collect();
    let [list] = lists[..] else {
        let names: Vec<&str> = lists.iter().map(|column| column.name.as_str()).collect();
        return Err(CaptureError::Parquet {
            file: of.name.into(),
            problem: format!(
                "several columns hold draws ({}); name one, as in --value {}",
                names.join(", "),
                names[0]
            ),
        });
    };
    let mut columns: Vec<(names::Column, &ParquetColumn)> = role(|role| role.label().is_some())
        .filter(|(_, column)| !column.is_list)
        .collect();
    columns.sort_by_key(|(role, _)| *role);
    Ok(Labels { columns, list })
}

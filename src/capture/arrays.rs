//! The streams of binary files: flat ones and numpy arrays. Only their headers are read here.

use std::{fs::File, io::BufReader};

use super::{
    ReadOptions,
    axes::rows_are_steps,
    element::ElementType,
    error::CaptureError,
    foreign::format_of,
    npy,
    open::{Draft, FileDrafts, Place, Suffix},
    reader::{BinaryFile, Span},
    tree::{Found, Part},
};

pub(super) fn binary(
    index: u32,
    found: &Found,
    element: ElementType,
    options: &ReadOptions,
) -> Result<FileDrafts, CaptureError> {
    let size = element.bytes() as u64;
    if found.bytes == 0 {
        return Err(CaptureError::Empty {
            stream: found.name.clone(),
        });
    }
    if let Some(what) = format_of(index, &found.path) {
        return Err(CaptureError::Foreign {
            file: found.name.clone(),
            what,
        });
    }
    if !found.bytes.is_multiple_of(size) {
        return Err(CaptureError::Misaligned {
            file: found.name.clone(),
            bytes: found.bytes,
            element_bytes: size,
        });
    }
    let elements = found.bytes / size;
    let mut problems = Vec::new();
    let mut streams = Vec::new();
    let mut add = |suffix: Suffix, raw: u64, offset: u64, stride: u64| {
        let identity = match suffix {
            Suffix::Row(row) => found.identity.with_task(Part::Number(row)),
            _ => found.identity.clone(),
        };
        streams.push(Draft {
            identity,
            file: index,
            suffix,
            kind: element.kind(),
            raw,
            place: Place::Binary(Span {
                file: index,
                offset,
                stride,
            }),
        });
    };
    match (options.words_per_stream, options.interleaved) {
        (Some(words), None) => {
            let words = words.get();
            for row in 0..elements / words {
                add(Suffix::Row(row), words, row * words * size, 1);
            }
            if !elements.is_multiple_of(words) {
                problems.push(CaptureError::Truncated {
                    file: format!("{}[{}]", found.name, elements / words),
                    expected: words * size,
                    found: elements % words * size,
                });
            }
        }
        (None, Some(lanes)) => {
            let lanes = u64::from(lanes.get());
            for lane in 0..lanes.min(elements) {
                let raw = elements / lanes + u64::from(lane < elements % lanes);
                add(Suffix::Row(lane), raw, lane * size, lanes);
            }
        }
        _ => add(Suffix::Whole, elements, 0, 1),
    }
    Ok(FileDrafts {
        binary: Some(BinaryFile {
            path: found.path.clone(),
            name: found.name.clone(),
            element,
            big_endian: false,
            bytes: found.bytes,
        }),
        streams,
        problems,
    })
}

pub(super) fn numpy(index: u32, found: &Found) -> Result<FileDrafts, CaptureError> {
    if found.bytes == 0 {
        return Err(CaptureError::Empty {
            stream: found.name.clone(),
        });
    }
    let mut opened = File::open(&found.path).map_err(CaptureError::io("open", &found.path))?;
    let header = npy::read(&mut BufReader::with_capacity(256, &mut opened)).map_err(|problem| {
        CaptureError::Npy {
            file: found.name.clone(),
            problem,
        }
    })?;
    let size = header.element.bytes() as u64;
    let expected = header.data_offset + header.elements() * size;
    if found.bytes < expected {
        return Err(CaptureError::Truncated {
            file: found.name.clone(),
            expected,
            found: found.bytes,
        });
    }
    if header.elements() == 0 {
        return Err(CaptureError::Empty {
            stream: found.name.clone(),
        });
    }
    let axes = header.shape.len();
    let whole = axes == 1 || found.is_one_workers();
    let in_columns = !whole
        && rows_are_steps(&mut opened, &header).map_err(CaptureError::io("read", &found.path))?;
    let (runs, rows, words) = match *header.shape.as_slice() {
        // A worker's own array is its stream, however it is arranged.
        _ if whole => (1, 1, header.elements()),
        [steps, workers] if in_columns => (1, workers, steps),
        [rows, words] => (1, rows, words),
        [runs, rows, words] => (runs, rows, words),
        _ => {
            return Err(CaptureError::Npy {
                file: found.name.clone(),
                problem: format!(
                    "{axes} axes are not read: 1 is a stream, 2 are streams × words, 3 are runs × \
                     streams × words; save one array a worker, as worker-0.npy"
                ),
            });
        }
    };
    if runs.saturating_mul(rows) > u64::from(u32::MAX) {
        return Err(CaptureError::TooMany {
            what: "streams",
            found: runs.saturating_mul(rows),
            limit: u64::from(u32::MAX),
        });
    }
    let mut streams = Vec::with_capacity((runs * rows) as usize);
    for run in 0..runs {
        for row in 0..rows {
            let (suffix, identity) = match axes {
                _ if whole => (Suffix::Whole, found.identity.clone()),
                2 => (
                    match in_columns {
                        true => Suffix::Column(row),
                        false => Suffix::Row(row),
                    },
                    found.identity.with_task(Part::Number(row)),
                ),
                _ => (
                    Suffix::Cell(run, row),
                    found
                        .identity
                        .with_run(Part::Number(run))
                        .with_task(Part::Number(row)),
                ),
            };
            let (first, stride) = if header.fortran != in_columns && words < header.elements() {
                (run + runs * row, runs * rows)
            } else {
                ((run * rows + row) * words, 1)
            };
            streams.push(Draft {
                identity,
                file: index,
                suffix,
                kind: header.element.kind(),
                raw: words,
                place: Place::Binary(Span {
                    file: index,
                    offset: header.data_offset + first * size,
                    stride,
                }),
            });
        }
    }
    Ok(FileDrafts {
        binary: Some(BinaryFile {
            path: found.path.clone(),
            name: found.name.clone(),
            element: header.element,
            big_endian: header.big_endian,
            bytes: found.bytes,
        }),
        streams,
        problems: Vec::new(),
    })
}

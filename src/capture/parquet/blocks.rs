//! Blocks of bytes where they lie in a file: of a column that is neither compressed nor encoded, a page a row, the
//! bytes end where their page does.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use parquet::{
    basic::{Compression, Encoding},
    file::reader::{FileReader, SerializedFileReader},
};

/// Bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub offset: u64,
    pub bytes: u64,
}

/// The bytes of each row of a row group; `None` where they do not lie in the file as they are, or the file does not
/// say where.
pub(super) fn in_place(
    file: &SerializedFileReader<File>,
    group: usize,
    leaf: usize,
    rows: usize,
    path: &Path,
) -> io::Result<Option<Vec<Block>>> {
    let metadata = file.metadata();
    let column = metadata.row_group(group).column(leaf);
    let plain = |encoding: Encoding| matches!(encoding, Encoding::PLAIN | Encoding::RLE);
    let index = metadata.page_index_for_row_group(group);
    let Some(index) = index.offset_index(leaf) else {
        return Ok(None);
    };
    let pages = index.page_locations();
    let Some(sizes) = index.unencoded_byte_array_data_bytes() else {
        return Ok(None);
    };
    let row_each = pages.len() == rows
        && sizes.len() == rows
        && pages
            .iter()
            .zip(0..)
            .all(|(page, row)| page.first_row_index == row);
    if column.compression() != Compression::UNCOMPRESSED
        || column.dictionary_page_offset().is_some()
        || !column.encodings().all(plain)
        || !row_each
    {
        return Ok(None);
    }
    let mut opened = File::open(path)?;
    let mut blocks = Vec::with_capacity(rows);
    for (page, &bytes) in pages.iter().zip(sizes) {
        let end = page.offset.checked_add(page.compressed_page_size.into());
        let offset = end.and_then(|end| u64::try_from(end.checked_sub(bytes)?).ok());
        let (Some(offset), Ok(bytes)) = (offset, u32::try_from(bytes)) else {
            return Ok(None);
        };
        // Before the bytes stands how many they are: what says otherwise is no such page.
        let mut said = [0; 4];
        let Some(before) = offset.checked_sub(4) else {
            return Ok(None);
        };
        opened.seek(SeekFrom::Start(before))?;
        match opened.read_exact(&mut said) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        if u32::from_le_bytes(said) != bytes {
            return Ok(None);
        }
        blocks.push(Block {
            offset,
            bytes: bytes.into(),
        });
    }
    Ok(Some(blocks))
}

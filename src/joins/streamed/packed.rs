//! Records as few bytes: sorted keys by their differences, places by how far they lie behind the first.
//!
//! A sample of one window in 1,024 has keys that begin alike; of 4,096 records of one row two neighbours differ by 42
//! bits, and places of one task's words by 24. In bytes of seven bits that is 11 bytes a record, where it has 16.

use super::message::BadMessage;
use crate::joins::strands::Record;

/// Packs records that ascend by key and place.
pub(super) fn packed(records: &[Record]) -> Vec<u64> {
    let first = records.iter().map(|record| record.place).min();
    let first = first.unwrap_or(0);
    let mut bytes = Vec::with_capacity(12 * records.len());
    let mut before = 0;
    for record in records {
        put(&mut bytes, record.key - before);
        put(&mut bytes, record.place - first);
        before = record.key;
    }
    let mut words = vec![records.len() as u64, first];
    words.extend(bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    }));
    words
}

/// What was packed.
pub(super) fn unpacked(words: &[u64]) -> Result<Vec<Record>, BadMessage> {
    let Some((&[count, first], words)) = words.split_first_chunk() else {
        return match words {
            [] => Ok(Vec::new()),
            _ => Err(BadMessage),
        };
    };
    let mut bytes = words.iter().flat_map(|word| word.to_le_bytes());
    let mut records = Vec::with_capacity(words.len().min(count as usize));
    let mut key = 0_u64;
    for _ in 0..count {
        key = key.wrapping_add(take(&mut bytes)?);
        let place = first.wrapping_add(take(&mut bytes)?);
        records.push(Record { key, place });
    }
    Ok(records)
}

/// Seven bits a byte, the lowest first; the top bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut impl Iterator<Item = u8>) -> Result<u64, BadMessage> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next().ok_or(BadMessage)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(BadMessage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::mix;

    #[test]
    fn what_is_packed_is_unpacked_and_takes_eleven_bytes_a_record() {
        for (count, log2_slices) in [(0, 0), (1, 0), (2, 0), (4096, 10)] {
            let record = |i: u64| Record {
                key: mix(i) >> log2_slices,
                place: (1 << 40) + mix(!i) % (1 << 24),
            };
            let mut records: Vec<Record> = (0..count).map(record).collect();
            records.push(Record { key: !0, place: !0 });
            records.sort_unstable();
            assert_eq!(unpacked(&packed(&records)), Ok(records.clone()));
            records.pop();
            let words = packed(&records);
            assert_eq!(unpacked(&words), Ok(records));
            assert!(
                count < 4096 || 8 * words.len() as u64 <= 11 * count,
                "{}",
                words.len()
            );
            if count > 1 {
                assert_eq!(unpacked(&words[..words.len() - 1]), Err(BadMessage));
            }
        }
        assert_eq!(unpacked(&[]), Ok(Vec::new()));
        assert_eq!(unpacked(&[1]), Err(BadMessage));
        assert_eq!(unpacked(&[1, 0, !0, !0]), Err(BadMessage));
    }
}

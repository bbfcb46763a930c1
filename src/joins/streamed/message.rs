//! Messages between who analyses and who holds the words: a head in JSON, and lists of numbers.

use serde::{Serialize, de::DeserializeOwned};

/// A message that was cut off or is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message of another version of seedbench, or one that was cut off")]
pub struct BadMessage;

/// The bytes of a message.
pub(super) fn encode(head: &impl Serialize, lists: &[Vec<u64>]) -> Vec<u8> {
    let head = serde_json::to_vec(head).expect("numbers and names make JSON");
    let words: usize = lists.iter().map(|list| 1 + list.len()).sum();
    let mut bytes = Vec::with_capacity(16 + head.len() + 8 * words);
    let number = |number: usize| (number as u64).to_le_bytes();
    bytes.extend(number(head.len()));
    bytes.extend(number(lists.len()));
    bytes.extend(head);
    for list in lists {
        bytes.extend(number(list.len()));
        bytes.extend(list.iter().flat_map(|word| word.to_le_bytes()));
    }
    bytes
}

/// What was encoded.
pub(super) fn decode<H: DeserializeOwned>(bytes: &[u8]) -> Result<(H, Vec<Vec<u64>>), BadMessage> {
    let mut rest = bytes;
    let length = number(&mut rest)?;
    let count = number(&mut rest)?;
    let head = rest.split_off(..length).ok_or(BadMessage)?;
    let head = serde_json::from_slice(head).map_err(|_| BadMessage)?;
    let mut lists = Vec::new();
    for _ in 0..count {
        let length = number(&mut rest)?.checked_mul(8).ok_or(BadMessage)?;
        let list = rest.split_off(..length).ok_or(BadMessage)?;
        let word = |word: &[u8]| u64::from_le_bytes(word.try_into().expect("eight bytes"));
        lists.push(list.chunks_exact(8).map(word).collect());
    }
    if rest.is_empty() {
        Ok((head, lists))
    } else {
        Err(BadMessage)
    }
}

fn number(rest: &mut &[u8]) -> Result<usize, BadMessage> {
    let bytes = rest.split_off(..8).ok_or(BadMessage)?;
    let number = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    usize::try_from(number).map_err(|_| BadMessage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded_and_no_part_of_it_is() {
        let lists = vec![vec![1, !0, 3], vec![], vec![7]];
        let bytes = encode(&("head", 5_u32), &lists);
        let whole: (String, u32) = ("head".into(), 5);
        assert_eq!(decode(&bytes), Ok((whole, lists)));
        for cut in 0..bytes.len() {
            assert_eq!(decode::<(String, u32)>(&bytes[..cut]), Err(BadMessage));
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(decode::<(String, u32)>(&longer), Err(BadMessage));
        assert_eq!(decode::<(u32, u32)>(&bytes), Err(BadMessage));
    }
}

use std::io::Write as _;

use super::*;

fn file(element: ElementType, bytes: &[u8]) -> (tempfile::NamedTempFile, BinaryFile) {
    let mut kept = tempfile::NamedTempFile::new().unwrap();
    kept.write_all(bytes).unwrap();
    let described = BinaryFile {
        path: kept.path().into(),
        name: "a file".into(),
        element,
        big_endian: false,
        bytes: bytes.len() as u64,
    };
    (kept, described)
}

const WHOLE: Span = Span {
    file: 0,
    offset: 0,
    stride: 1,
    block: 1,
};

/// Longer than two jobs, and no whole number of pieces.
const LONG: usize = 2 * JOB_BYTES / 8 + PIECE_VALUES + 5;

#[test]
fn long_streams_are_read_in_parts_that_know_their_place() {
    for element in [
        ElementType::U64,
        ElementType::U32,
        ElementType::U16,
        ElementType::U8,
    ] {
        let largest = u64::MAX >> (64 - 8 * element.bytes());
        let bytes: Vec<u8> = (0..LONG as u64)
            .flat_map(|value| value.to_le_bytes()[..element.bytes()].to_vec())
            .collect();
        let (_kept, described) = file(element, &bytes);
        let mut raw = vec![0; LONG - 3];
        let request = Request {
            piece: 4,
            span: WHOLE,
            from: 3,
            first: 0,
            raw: &mut raw,
        };
        // Every piece is told how many wanted elements come before it.
        let faults = read::<()>(&[described], vec![request], |first, piece| {
            for (value, at) in piece.iter_mut().zip(first as u64..) {
                assert_eq!(*value, (at + 3) & largest);
                *value += 1;
            }
            Ok(())
        });
        assert!(faults.is_empty());
        assert!(
            raw.iter()
                .zip(3..)
                .all(|(&value, at)| value == (at & largest) + 1)
        );
    }
}

#[test]
fn refusals_and_short_files_are_faults_of_their_piece() {
    let bytes = vec![0; 8 * (LONG - 1)];
    let (_kept, mut described) = file(ElementType::U64, &bytes);
    // The file got shorter after it was looked at.
    described.bytes += 8;
    let mut raw = vec![0; LONG];
    let requests = vec![Request {
        piece: 0,
        span: WHOLE,
        from: 0,
        first: 0,
        raw: &mut raw,
    }];
    let faults = read(&[described], requests, |first, _| {
        if first == JOB_BYTES / 8 + PIECE_VALUES {
            Err(first)
        } else {
            Ok(())
        }
    });
    let [(0, Fault::Refused(at)), (0, Fault::Unread(error))] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    assert_eq!(*at, JOB_BYTES / 8 + PIECE_VALUES);
    assert!(matches!(error, CaptureError::Truncated { .. }), "{error}");
}

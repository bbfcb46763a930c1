//! Places beyond 2^32 words, in messages and in hits: no words are needed for those.

use super::super::{
    elsewhere::{Ask, Meetings, Step, matched},
    message::encode,
    packed::packed,
};
use crate::{
    joins::{
        record::Pass,
        strands::{Record, StreamSpan},
    },
    kernels::{Family, WindowKey},
    vocabulary::Format,
};

#[test]
fn places_beyond_two_to_the_32_meet_where_they_are() {
    const WORDS: usize = 1 << 33;
    let span = |stream: u32| StreamSpan {
        start: stream as usize * WORDS,
        end: (stream as usize + 1) * WORDS,
        stream,
    };
    let ask = Ask::Windows {
        log2_slices: 10,
        pass: Pass::ONLY,
        digest: 0,
    };
    let step = Step {
        ask,
        plan: String::new(),
        format: Format::WORDS,
        look: String::new(),
        keys: vec![WindowKey {
            family: Family::Top24,
            features: 5,
        }],
        spans: vec![span(0), span(1), span(2)],
        edges: vec![Vec::new()],
    };
    let (a, b) = ((1 << 32) + 5, WORDS - 9);
    // A record of one key at a word of a stream, four variants a word.
    let part = |stream: usize, at: usize| {
        let place = 4 * (stream * WORDS + at) as u64;
        let record = Record { key: 77, place };
        encode(&(), &[Vec::new(), packed(&[record]), Vec::new()])
    };
    let parts = [part(2, b), part(1, a)];
    let answer = matched(&step.encode(), parts.iter().map(Vec::as_slice)).unwrap();
    let mut meetings = Meetings::default();
    meetings.take_in(&answer).unwrap();
    let pairs: Vec<_> = meetings.hits.into_pairs().into_iter().collect();
    let [((one, other), hits)] = &pairs[..] else {
        panic!("one pair of streams meets, not {}", pairs.len());
    };
    assert_eq!((*one, *other, hits.len()), (1, 2, 1));
    assert_eq!((hits[0].a, hits[0].b), (a, b));
}

//! Frequencies of bytes and of 16-bit halves.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    combine::{EXPECTED_COUNT, cells_tails},
    limits::PARTS,
    places::{Spot, inapplicable, plain},
};
use crate::{
    kernels::bytes::ByteTables,
    math::chi_square_statistic,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// χ² of bytes, by position and by stream.
pub struct ByteFrequency;

const SPEC: TestSpec = TestSpec {
    id: "byte-frequency",
    null: "the bytes of the words are independent and uniform on 256 values",
    statistic: "χ² of each byte position over all streams, of all bytes together, and of each stream's bytes (by position where it is long enough)",
    law: &[
        "χ² with 255 degrees of freedom, expected counts of at least 64 and p doubled, both tails",
        "equal streams count once (the pooled χ² of m copies is inflated by Σm²/Σm)",
    ],
    sees: &["values that are not uniform, of all streams or of one"],
    misses: &[
        "everything about order and about the relation of streams: two copies of one stream pass",
    ],
    source: "K. Pearson (1900); Knuth, The Art of Computer Programming, vol. 2, 3.3.1",
    finding: FindingKind::NonuniformWords,
    power_on: "words whose top byte is the larger of two",
    depth: Depth::Screen,
};

impl StatisticalTest for ByteFrequency {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Interleaved, "uniform bits");
        };
        // Whole bytes of the element's width, from the top of the word down.
        let bytes = (width / 8) as usize;
        let words = evidence.words().len() as u64;
        if bytes == 0 || words < 256 * EXPECTED_COUNT {
            return inapplicable(
                &SPEC,
                View::Interleaved,
                format!("{} words of 8 bits and more", 256 * EXPECTED_COUNT),
            );
        }
        let streams = evidence.streams();
        let parts: Vec<ByteCounts> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                count(
                    evidence,
                    part * streams / PARTS..(part + 1) * streams / PARTS,
                    bytes,
                )
            })
            .collect();
        let spot = |view, detail: String, streams, x: f64, looked: f64| {
            Spot::new(view, detail, cells_tails(x, 256).times(looked), (x, 255.0)).of(streams)
        };
        let mut spots = Vec::new();
        let mut all = [0_u64; 256];
        for place in 0..bytes {
            let mut counts = [0_u64; 256];
            for part in &parts {
                for value in 0..256 {
                    counts[value] += part.places[place][value];
                    all[value] += part.places[place][value];
                }
            }
            let x = chi_square_statistic(&counts);
            let detail = format!("byte {place} from the top, over all streams");
            spots.push(spot(View::Interleaved, detail, Vec::new(), x, 1.0));
        }
        let x = chi_square_statistic(&all);
        spots.push(spot(
            View::Interleaved,
            "all bytes of all streams".into(),
            Vec::new(),
            x,
            1.0,
        ));
        let looked: usize = parts.iter().map(|part| part.looked).sum();
        for (which, pick) in [
            (
                "least even",
                parts
                    .iter()
                    .filter_map(|part| part.highest)
                    .max_by(|a, b| a.0.total_cmp(&b.0)),
            ),
            (
                "most even",
                parts
                    .iter()
                    .filter_map(|part| part.lowest)
                    .min_by(|a, b| a.0.total_cmp(&b.0)),
            ),
        ] {
            if let Some((x, stream)) = pick {
                let detail = format!("the {which} of {looked} sets of bytes of single streams");
                spots.push(spot(
                    View::Alone,
                    detail,
                    vec![evidence.id(stream)],
                    x,
                    looked as f64,
                ));
            }
        }
        plain(&SPEC, spots)
    }
}

/// The counts of some streams.
struct ByteCounts {
    places: Vec<[u64; 256]>,
    /// χ² statistics of single streams, and their extremes (χ², stream).
    looked: usize,
    highest: Option<(f64, usize)>,
    lowest: Option<(f64, usize)>,
}

fn count(evidence: &Evidence, streams: std::ops::Range<usize>, bytes: usize) -> ByteCounts {
    let mut part = ByteCounts {
        places: vec![[0; 256]; bytes],
        looked: 0,
        highest: None,
        lowest: None,
    };
    let mut tables = ByteTables::new();
    let mut pending = 0_u64;
    for stream in streams {
        let words = evidence.stream(stream);
        let alone = words.len() as u64 * bytes as u64 >= 256 * EXPECTED_COUNT;
        if alone || pending + words.len() as u64 > u64::from(u32::MAX) {
            part.take(&mut tables);
            pending = 0;
        }
        tables.add(words);
        pending += words.len() as u64;
        if alone {
            let mut counts = [0_u64; 256];
            for place in 0..bytes {
                let table = tables.table(7 - place);
                for (sum, &count) in counts.iter_mut().zip(table) {
                    *sum += u64::from(count);
                }
                if words.len() as u64 >= 256 * EXPECTED_COUNT {
                    part.meet(chi_square_statistic(table), stream);
                }
            }
            part.meet(chi_square_statistic(&counts), stream);
            part.take(&mut tables);
            pending = 0;
        }
    }
    part.take(&mut tables);
    part
}

impl ByteCounts {
    fn meet(&mut self, x: f64, stream: usize) {
        self.looked += 1;
        if self.highest.is_none_or(|(most, _)| x > most) {
            self.highest = Some((x, stream));
        }
        if self.lowest.is_none_or(|(least, _)| x < least) {
            self.lowest = Some((x, stream));
        }
    }

    fn take(&mut self, tables: &mut ByteTables) {
        for (place, sums) in self.places.iter_mut().enumerate() {
            for (sum, &count) in sums.iter_mut().zip(tables.table(7 - place)) {
                *sum += u64::from(count);
            }
        }
        tables.clear();
    }
}

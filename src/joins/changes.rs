//! Streams that are one another's running sums or changes, or walk apart at a constant pace.

use super::{
    hit::{FoundCopy, KeyHit, Meeting, Pair},
    maps::Layout,
};
use crate::{
    kernels::unsigned,
    results::{CopyKind, Series},
};

/// A series of a stream's words.
#[derive(Clone, Copy)]
struct Made<'a> {
    words: &'a [u64],
    series: Series,
}

impl Made<'_> {
    fn count(self) -> usize {
        (self.words.len() + 1).saturating_sub(self.series.reach())
    }

    fn get(self, index: usize) -> u64 {
        self.series.element(&self.words[index..])
    }
}

/// How elements correspond: in which direction of time and with which sign.
#[derive(Clone, Copy)]
struct Way {
    reversed: bool,
    negated: bool,
}

impl Way {
    /// The plainest first.
    const ALL: [Self; 4] = [
        Self::new(false, false),
        Self::new(false, true),
        Self::new(true, false),
        Self::new(true, true),
    ];

    const fn new(reversed: bool, negated: bool) -> Self {
        Self { reversed, negated }
    }
}

/// The copy that explains why windows of `features` elements of two series have one key.
pub(super) fn verify(
    pair: Pair<'_>,
    hit: KeyHit,
    features: usize,
    layout: Layout,
) -> Option<FoundCopy> {
    let series = |variant: u8| Series::ALL[usize::from(variant)];
    let hit_series = (series(hit.variants.0), series(hit.variants.1));
    // Where words are another's differences, their differences are its second ones: the plainest
    // relation is named.
    let plainer = match hit_series {
        (Series::Differences, Series::SecondDifferences) => {
            Some((Series::Words, Series::Differences))
        }
        (Series::SecondDifferences, Series::Differences) => {
            Some((Series::Differences, Series::Words))
        }
        _ => None,
    };
    plainer
        .into_iter()
        .chain([hit_series])
        .find_map(|(one, other)| {
            let a = Made {
                words: pair.a,
                series: one,
            };
            let b = Made {
                words: pair.b,
                series: other,
            };
            Way::ALL
                .iter()
                .filter_map(|&way| run(a, b, hit, features, way))
                .filter(|found| tells_enough(a, found, features, layout.width))
                .max_by_key(|found| found.words)
        })
}

/// How far the elements correspond from a hit on, if as far as `features` elements.
fn run(a: Made<'_>, b: Made<'_>, hit: KeyHit, features: usize, way: Way) -> Option<FoundCopy> {
    let meeting = Meeting {
        a: hit.a,
        b: if way.reversed {
            hit.b + features - 1
        } else {
            hit.b
        },
        reversed: way.reversed,
        same: false,
    };
    let (ahead, behind) = meeting.extent((a.count(), b.count()), |i, j| {
        let y = b.get(j);
        a.get(i) == if way.negated { y.wrapping_neg() } else { y }
    });
    if ahead < features {
        return None;
    }
    let (from_a, from_b) = meeting.earlier(behind);
    Some(FoundCopy {
        a: from_a,
        b: from_b,
        words: ahead + behind,
        kind: CopyKind::Changes {
            a: a.series,
            b: b.series,
        },
        reversed: way.reversed,
    })
}

/// Whether the elements of a run tell as much as those of a window do on average. Numbers near 0 tell
/// little, and so do elements that stand still: all counters have the second differences 0.
fn tells_enough(a: Made<'_>, found: &FoundCopy, features: usize, width: u32) -> bool {
    let elements: Vec<u64> = (found.a..found.a + found.words).map(|i| a.get(i)).collect();
    // Elements stand at the top of their words.
    let bits = |element: &u64| width.saturating_sub(unsigned(*element).leading_zeros());
    let told: usize = elements.iter().map(|element| bits(element) as usize).sum();
    let changes = elements
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .count();
    told >= features * (width as usize - 1) && 8 * changes >= elements.len()
}

//! Whether a shared run is one that the values make by themselves.

use std::collections::HashMap;

use super::{
    hit::FoundCopy,
    maps::{Layout, Map},
    strands::Strands,
};
use crate::{kernels::mix, reading::wander, results::CopyKind, vocabulary::Format};

/// Words around a run within which other pairs are read in its place: more know better what values make by
/// themselves.
const PLACES: i64 = 512;
/// Equal elements of other pairs from which on they are taken to come of themselves: raising it forgives
/// less.
const ENOUGH: u64 = 4;
/// Bits by which a run must be rarer than all that the values are expected to make. Raising it asks for
/// longer runs where values repeat by themselves.
const MARGIN_BITS: f64 = 24.0;
/// Bits of an element from which on only draws from a table are expected to come again; below it, equal
/// elements are those of the law.
const WIDE: u32 = 24;

/// Words that streams which wander must share at one time: raising it forgives longer meetings.
const MET: usize = 64;
/// Words read of a stream to see whether it wanders.
const READ: usize = 4096;

/// How much is read of other pairs.
#[derive(Clone, Copy)]
pub(super) struct AskedPairs {
    /// Pairs of streams that are looked at instead of the one that shares a run.
    pairs: u64,
    /// Places at which other pairs are read at most.
    places: usize,
}

impl AskedPairs {
    /// Where words are in memory.
    pub(super) const IN_MEMORY: Self = Self {
        pairs: 64,
        places: 256,
    };
    /// Where every reading is one of a file.
    pub(super) const IN_FILES: Self = Self {
        pairs: 32,
        places: 16,
    };
}

/// The streams of one domain, asked what they have in common of themselves.
///
/// The information of a window is counted as if elements of different streams were equal no more often
/// than their law says, and each whatever the one before was. Values that stay as they are for a while,
/// that depend on their place in time, or that are taken from a small table, are not of that kind. So
/// before a run counts, *other* pairs of streams are read: anywhere, and, where values are no uniform
/// bits, in its own place. How often their elements are equal, and how often the next is too, says how
/// long runs become of themselves. Streams that wander (running means, walks) meet, stay together for a
/// while and part again: what two of them share at one time and neither from the start nor to the end must
/// be long.
pub(super) struct Natural<'a, R> {
    strands: &'a Strands<'a>,
    format: Format,
    layout: Layout,
    asked: AskedPairs,
    /// Some words of a span: from a place in it on, as many as there are.
    read: R,
    anywhere: HashMap<Relation, Equals>,
    in_place: HashMap<(Relation, i64, i64), Equals>,
    /// Spans that wander.
    wandering: HashMap<u32, bool>,
}

/// How the two stretches of a run stand to one another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Relation {
    /// Both are of one stream.
    itself: bool,
    reversed: bool,
    opposite: bool,
}

impl Relation {
    fn of(spans: (u32, u32), found: &FoundCopy) -> Self {
        Self {
            itself: spans.0 == spans.1,
            reversed: found.reversed,
            opposite: matches!(found.kind, CopyKind::Complement | CopyKind::Negation),
        }
    }

    fn step(self) -> i64 {
        if self.reversed { -1 } else { 1 }
    }
}

/// How often elements of other pairs are equal, and how often two in a row.
#[derive(Clone, Copy, Default)]
struct Equals {
    looked: u64,
    one: u64,
    two: u64,
}

impl<'a, E, R: FnMut(u32, usize, usize) -> Result<Vec<u64>, E>> Natural<'a, R> {
    pub(super) fn new(
        strands: &'a Strands<'a>,
        format: Format,
        asked: AskedPairs,
        read: R,
    ) -> Self {
        Self {
            strands,
            format,
            layout: Layout {
                width: format.uniform_width().unwrap_or(64),
            },
            asked,
            read,
            anywhere: HashMap::new(),
            in_place: HashMap::new(),
            wandering: HashMap::new(),
        }
    }

    /// Whether the values make runs like this one of themselves.
    pub(super) fn explains(&mut self, spans: (u32, u32), found: &FoundCopy) -> Result<bool, E> {
        let relation = Relation::of(spans, found);
        let anywhere = match self.anywhere.get(&relation) {
            Some(&known) => known,
            None => {
                let equals = self.equals(spans, relation, None)?;
                self.anywhere.insert(relation, equals);
                equals
            }
        };
        if self.makes(anywhere, found.words) {
            return Ok(true);
        }
        // That all streams come again after as many words is no nature of the values.
        if self.format.uniform_width().is_some() || relation.itself {
            return Ok(false);
        }
        let lag = found.b as i64 - found.a as i64;
        let place = (relation, lag, found.a as i64 / PLACES);
        let here = match self.in_place.get(&place) {
            Some(&known) => known,
            None if self.in_place.len() < self.asked.places => {
                let equals = self.equals(spans, relation, Some(found))?;
                self.in_place.insert(place, equals);
                equals
            }
            None => Equals::default(),
        };
        if self.makes(here, found.words) {
            return Ok(true);
        }
        self.met(spans, found)
    }

    /// Whether two streams that wander met here for a while.
    fn met(&mut self, spans: (u32, u32), found: &FoundCopy) -> Result<bool, E> {
        let end = |span: u32| self.strands.spans[span as usize].words();
        let parts = found.a + found.words < end(spans.0) && found.b + found.words < end(spans.1);
        let at_one_time = found.a == found.b && !found.reversed;
        if !at_one_time || found.a == 0 || !parts || found.words >= MET {
            return Ok(false);
        }
        Ok(self.wanders(spans.0)? && self.wanders(spans.1)?)
    }

    fn wanders(&mut self, span: u32) -> Result<bool, E> {
        if let Some(&known) = self.wandering.get(&span) {
            return Ok(known);
        }
        let words = (self.read)(span, 0, READ)?;
        let falls = words.is_sorted_by(|a, b| a >= b);
        let wanders = !words.is_sorted() && !falls && wander(&words);
        self.wandering.insert(span, wanders);
        Ok(wanders)
    }

    /// Whether runs of so many words are expected somewhere.
    fn makes(&self, equals: Equals, words: usize) -> bool {
        if equals.one < ENOUGH || self.as_uniform(equals) || self.wide_and_sticky(equals) {
            return false;
        }
        let next = (equals.two + 2) as f64 / (equals.one + 2) as f64;
        let pairs_of_places = 2.0 * (self.strands.words().max(2) as f64).log2();
        let first = (equals.one as f64 / equals.looked as f64).log2();
        pairs_of_places + first + (words - 1) as f64 * next.log2() > -MARGIN_BITS
    }

    /// Whether elements are equal as often as uniform bits are, and whatever the one before was.
    fn as_uniform(&self, equals: Equals) -> bool {
        let Some(width) = self.format.uniform_width() else {
            return false;
        };
        let chance = (-f64::from(width)).exp2();
        let no_more = |seen: u64, of: u64| {
            let mean = of as f64 * chance;
            seen as f64 <= mean + 5.0 * mean.sqrt() + 3.0
        };
        no_more(equals.one, equals.looked) && no_more(equals.two, equals.one)
    }

    /// Whether elements of many bits are equal in a row more often than draws from one table are: that
    /// is copied.
    fn wide_and_sticky(&self, equals: Equals) -> bool {
        let wide = self
            .format
            .uniform_width()
            .is_some_and(|width| width >= WIDE);
        let mean = equals.one as f64 * equals.one as f64 / equals.looked as f64;
        wide && equals.two as f64 > mean + 5.0 * mean.sqrt() + 3.0
    }

    /// Elements of other pairs, in the place of a run or anywhere.
    fn equals(
        &mut self,
        spans: (u32, u32),
        relation: Relation,
        in_place: Option<&FoundCopy>,
    ) -> Result<Equals, E> {
        let map = match relation.opposite {
            true => Map::Xor(self.layout.ones()),
            false => Map::Equal,
        };
        let count = self.strands.spans.len() as u64;
        let mut asked = Vec::new();
        for pair in 0..self.asked.pairs {
            let draw = mix(pair + 0x5eed);
            let a = (draw % count) as u32;
            // A stream is held against itself where the run is one stream's.
            let b = match relation.itself {
                true => a,
                false => ((draw >> 32) % count) as u32,
            };
            if (a == b) != relation.itself || (a, b) == spans || (b, a) == spans {
                continue;
            }
            let (from_a, from_b) = match in_place {
                // From a little before the run.
                Some(found) => (
                    found.a as i64 - PLACES / 4,
                    found.b as i64 - relation.step() * PLACES / 4,
                ),
                None => {
                    let somewhere = |salt: u64, span: u32| {
                        let words = self.strands.spans[span as usize].words();
                        (mix(draw ^ salt) % words.max(1) as u64) as i64
                    };
                    (somewhere(1, a), somewhere(2, b))
                }
            };
            if relation.itself && from_a == from_b {
                continue;
            }
            let x = self.stretch(a, from_a, 1)?;
            let y = self.stretch(b, from_b, relation.step())?;
            asked.push(Equals::of(&x, &y, |x, y| map.holds(self.layout, x, y)));
        }
        Ok(Equals::of_most(asked))
    }

    /// The words of a span from a place on, in steps of one or minus one; none outside the span.
    fn stretch(&mut self, span: u32, from: i64, step: i64) -> Result<Vec<Option<u64>>, E> {
        let lowest = if step < 0 { from - PLACES + 1 } else { from };
        let first = lowest.max(0);
        let words = (lowest + PLACES - first).max(0);
        let read = (self.read)(span, first as usize, words as usize)?;
        let at = |place: i64| read.get(usize::try_from(place - first).ok()?).copied();
        Ok((0..PLACES).map(|i| at(from + step * i)).collect())
    }
}

impl Equals {
    fn of(x: &[Option<u64>], y: &[Option<u64>], holds: impl Fn(u64, u64) -> bool) -> Self {
        let mut equals = Self::default();
        let mut before = false;
        for pair in x.iter().zip(y).map(|(&x, &y)| x.zip(y)) {
            let equal = pair.is_some_and(|(x, y)| holds(x, y));
            equals.looked += u64::from(pair.is_some());
            equals.one += u64::from(equal);
            equals.two += u64::from(equal && before);
            before = equal;
        }
        equals
    }

    /// All but the third of the pairs that are most often equal: where every stream begins with the end
    /// of the one before, some of them share a run too.
    fn of_most(mut pairs: Vec<Self>) -> Self {
        pairs.sort_by_key(|pair| (pair.one, pair.two, pair.looked));
        let kept = pairs.len() - pairs.len() / 3;
        pairs[..kept]
            .iter()
            .fold(Self::default(), |all, pair| Self {
                looked: all.looked + pair.looked,
                one: all.one + pair.one,
                two: all.two + pair.two,
            })
    }
}

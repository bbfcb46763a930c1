//! Whether a shared run is one that the values make by themselves.

use std::collections::HashMap;

use super::{
    maps::{Layout, Map},
    strands::Strands,
    verify::Found,
};
use crate::{
    battery::{CopyKind, kernels::mix},
    core::Format,
};

/// Pairs of streams that are looked at instead of the one that shares a run, and places of each.
const PAIRS: u64 = 64;
const PLACES: i64 = 512;
/// Equal elements from which on they are taken to come of themselves.
const ENOUGH: u64 = 4;
/// Bits that a run must be rarer than all that the values are expected to make.
const MARGIN_BITS: f64 = 24.0;
/// Bits of an element from which on only draws from a table are expected to come again.
const WIDE: u32 = 24;
/// Places at which other pairs are read at most.
const ASKED: usize = 256;

/// The streams of one domain, asked what they have in common of themselves.
///
/// The information of a window is counted as if elements of different streams were equal no more often
/// than their law says, and each whatever the one before was. Values that stay as they are for a while,
/// that depend on their place in time, or that are taken from a small table, are not of that kind. So
/// before a run counts, *other* pairs of streams are read: anywhere, and, where values are no uniform
/// bits, in its own place. How often their elements are equal, and how often the next is too, says how
/// long runs become of themselves.
pub(super) struct Natural<'a> {
    strands: &'a Strands<'a>,
    format: Format,
    layout: Layout,
    anywhere: HashMap<(bool, bool), Equals>,
    in_place: HashMap<(i64, i64, bool, bool), Equals>,
}

/// How often elements of other pairs are equal, and how often two in a row.
#[derive(Clone, Copy, Default)]
struct Equals {
    looked: u64,
    one: u64,
    two: u64,
}

/// Where another pair is read: from a place of either stream, in steps of the second.
#[derive(Clone, Copy)]
struct Start {
    a: i64,
    b: i64,
    step: i64,
}

impl<'a> Natural<'a> {
    pub(super) fn new(strands: &'a Strands<'a>, format: Format) -> Self {
        Self {
            strands,
            format,
            layout: Layout {
                width: format.uniform_width().unwrap_or(64),
            },
            anywhere: HashMap::new(),
            in_place: HashMap::new(),
        }
    }

    /// Whether the values make runs like this one of themselves. Where no words are held, nothing is
    /// explained.
    pub(super) fn explains(&mut self, spans: (u32, u32), found: &Found) -> bool {
        if self.strands.arena.is_empty() {
            return false;
        }
        let opposite = matches!(found.kind, CopyKind::Complement | CopyKind::Negation);
        let kind = (found.reversed, opposite);
        let anywhere = match self.anywhere.get(&kind) {
            Some(&known) => known,
            None => {
                let equals = self.equals(spans, found, opposite, false);
                self.anywhere.insert(kind, equals);
                equals
            }
        };
        if self.makes(anywhere, found.words) {
            return true;
        }
        // That all streams come again after as many words is no nature of the values.
        if self.format.uniform_width().is_some() || spans.0 == spans.1 {
            return false;
        }
        let place = (
            found.b as i64 - found.a as i64,
            found.a as i64 / PLACES,
            found.reversed,
            opposite,
        );
        let here = match self.in_place.get(&place) {
            Some(&known) => known,
            None if self.in_place.len() < ASKED => {
                let equals = self.equals(spans, found, opposite, true);
                self.in_place.insert(place, equals);
                equals
            }
            None => return false,
        };
        self.makes(here, found.words)
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
    fn equals(&self, spans: (u32, u32), found: &Found, opposite: bool, in_place: bool) -> Equals {
        let map = match opposite {
            true => Map::Xor(self.layout.ones()),
            false => Map::Equal,
        };
        let count = self.strands.spans.len() as u64;
        // A stream is held against itself where the run is one stream's.
        let itself = spans.0 == spans.1;
        let mut equals = Equals::default();
        for pair in 0..PAIRS {
            let draw = mix(pair + 0x5eed);
            let a = (draw % count) as u32;
            let b = if itself {
                a
            } else {
                ((draw >> 32) % count) as u32
            };
            if (a == b) != itself || (a, b) == spans || (b, a) == spans {
                continue;
            }
            let (x, y) = (
                self.strands.stream(a as usize),
                self.strands.stream(b as usize),
            );
            let somewhere = |salt: u64, words: &[u64]| mix(draw ^ salt) % words.len().max(1) as u64;
            let step = if found.reversed { -1 } else { 1 };
            let start = match in_place {
                // From a little before the run.
                true => Start {
                    a: found.a as i64 - PLACES / 4,
                    b: found.b as i64 - step * PLACES / 4,
                    step,
                },
                false => Start {
                    a: somewhere(1, x) as i64,
                    b: somewhere(2, y) as i64,
                    step,
                },
            };
            if !(itself && start.a == start.b) {
                equals.add(x, y, start, |x, y| map.holds(self.layout, x, y));
            }
        }
        equals
    }
}

impl Equals {
    fn add(&mut self, x: &[u64], y: &[u64], start: Start, holds: impl Fn(u64, u64) -> bool) {
        let at =
            |words: &[u64], i: i64| usize::try_from(i).ok().and_then(|i| words.get(i).copied());
        let mut before = false;
        for i in 0..PLACES {
            let pair = at(x, start.a + i).zip(at(y, start.b + start.step * i));
            let equal = pair.is_some_and(|(x, y)| holds(x, y));
            self.looked += u64::from(pair.is_some());
            self.one += u64::from(equal);
            self.two += u64::from(equal && before);
            before = equal;
        }
    }
}

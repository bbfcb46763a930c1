//! What all streams of a run have in common at the same places: an input, perhaps, or a start that was not
//! seeded apart.

use super::{information::information, numbers::Numbers};

/// Places at which all streams of each run agree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Common {
    /// The places of the run in which there are most, ascending.
    pub places: Vec<usize>,
    /// How many places all its streams reach.
    pub of: usize,
    /// What the values there tell, once for every stream but one of every run.
    pub bits: f64,
}

/// Values that are looked at.
const LONGEST: usize = 1 << 12;

/// The places in common, if there are any at which something was drawn.
pub(super) fn common(numbers: &Numbers) -> Option<Common> {
    let mut found: Option<Common> = None;
    let mut bits = 0.0;
    for run in numbers.by_run().iter().filter(|run| run.len() > 1) {
        let streams: Vec<&[u32]> = run.iter().map(|&at| &numbers.streams[at].ids[..]).collect();
        let of = streams.iter().map(|ids| ids.len()).min().unwrap_or(0);
        let agree = |place: &usize| streams.iter().all(|ids| ids[*place] == streams[0][*place]);
        let places: Vec<usize> = (0..of).filter(agree).take(LONGEST).collect();
        let ids: Vec<u32> = places.iter().map(|&place| streams[0][place]).collect();
        bits +=
            (run.len() - 1) as f64 * information(&ids, &numbers.numbers(&ids), 1).bits_or_nothing();
        if found
            .as_ref()
            .is_none_or(|known| places.len() > known.places.len())
        {
            found = Some(Common {
                places,
                of,
                bits: 0.0,
            });
        }
    }
    found.map(|found| Common { bits, ..found })
}

impl Common {
    /// The places in words.
    pub fn in_words(&self) -> String {
        let places = &self.places;
        let (first, count) = (places[0], places.len());
        let step = places.get(1).map_or(1, |second| second - first);
        let regular = places.windows(2).all(|two| two[1] - two[0] == step);
        match (first, step) {
            (0, 1) if regular => format!("in their first {count} values"),
            (first, 1) if regular => format!("in {count} values from value {first} on"),
            (first, step) if regular && count > 2 => {
                format!("in every {step}th value from value {first} on, {count} in all")
            }
            _ => format!("at {count} of {} places, value {first} the first", self.of),
        }
    }
}

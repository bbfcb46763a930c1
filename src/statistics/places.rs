//! From the places a test looked at to its results: multiplicity, and whose flaw it is.

use super::views::{CONTROLS, Frame};
use crate::{
    math::Tails,
    results::{Inapplicable, Outcome, Reach, TestResult, TestSpec, View},
    vocabulary::{Law, PValue, StreamId},
};

/// The p-value below which a test that compares streams word by word asks its control: raising it asks more
/// often, for nothing that is told.
pub const CONTROL_ASKED_BELOW: f64 = 1e-6;

/// A control with a p-value below this fails too: the flaw is then the generator's (or the
/// marginal law's), not the seeding's.
pub const CONTROL_FAILS_BELOW: f64 = 1e-5;

/// The p-value from which on a control passes: between it and the one above, another control decides.
pub(crate) const UNDECIDED: f64 = 5e-3;

/// How much further from chance a pair must be than the same pair otherwise shifted, a share. A relation that
/// shows at many shifts is that of series that both count or wander; raising it lets weaker relations go.
const STANDS_OUT: f64 = 1.5;

/// Whether a pair stands out among its own shifts: by departures in one unit, its own and the furthest other.
pub(crate) fn stands_out(departure: f64, elsewhere: f64) -> bool {
    departure >= STANDS_OUT * elsewhere
}

/// One place a test looked at.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// What it read.
    pub(crate) view: View,
    /// What it singles out.
    pub(crate) detail: String,
    /// Which places a generator's flaw would show at alike: the control of a place is the worst of
    /// its kin, because *where* such a flaw strikes hardest is chance.
    pub(crate) kin: &'static str,
    /// How far the relation reaches, where that was counted.
    pub(crate) reach: Option<Reach>,
    /// The streams it speaks of, where it singles some out.
    pub(crate) streams: Vec<StreamId>,
    /// Its tails under an exact law or a proven bound, multiplied by whatever it chose among by itself.
    pub(crate) tails: Tails,
    /// The statistic.
    pub(crate) statistic: f64,
    /// Its expectation.
    pub(crate) expected: f64,
}

impl Spot {
    /// A place by its arrangement and what it singles out there: tails under an exact law, the statistic
    /// and its expectation.
    pub(crate) fn new(
        view: View,
        detail: String,
        tails: Tails,
        (statistic, expected): (f64, f64),
    ) -> Self {
        Self {
            view,
            detail,
            kin: "",
            reach: None,
            streams: Vec::new(),
            tails,
            statistic,
            expected,
        }
    }

    /// The streams it speaks of.
    pub(crate) fn of(self, streams: Vec<StreamId>) -> Self {
        Self { streams, ..self }
    }

    /// The places at which a generator's flaw would show alike.
    pub(crate) fn kin(self, kin: &'static str) -> Self {
        Self { kin, ..self }
    }

    /// How far its relation reaches.
    pub(crate) fn reaching(self, reach: Reach) -> Self {
        Self {
            reach: Some(reach),
            ..self
        }
    }
}

/// The worst of a few controls, place by place: the same statistic on streams shifted against each
/// other. `None` where streams are too short to be shifted.
pub(crate) fn shifted(
    frame: &Frame<'_>,
    measure: impl Fn(&Frame<'_>) -> Vec<Spot>,
) -> Option<Vec<Spot>> {
    let mut worst: Option<Vec<Spot>> = None;
    for control in 0..CONTROLS {
        let spots = frame.of_control(control, &measure)?;
        worst = Some(match worst {
            None => spots,
            Some(before) => before.into_iter().zip(spots).map(worse).collect(),
        });
    }
    worst.map(of_kin)
}

/// Every place with the worst of its kin; a place without kin keeps its own.
pub(crate) fn of_kin(spots: Vec<Spot>) -> Vec<Spot> {
    let mut worst: std::collections::HashMap<&'static str, Tails> =
        std::collections::HashMap::new();
    for spot in &spots {
        let least = worst.entry(spot.kin).or_insert(spot.tails);
        if spot.tails.ln_two_sided() < least.ln_two_sided() {
            *least = spot.tails;
        }
    }
    spots
        .into_iter()
        .map(|mut spot| {
            if !spot.kin.is_empty() {
                spot.tails = worst[spot.kin];
            }
            spot
        })
        .collect()
}

/// The worse of two controls at one place.
pub(crate) fn worse((a, b): (Spot, Spot)) -> Spot {
    if b.tails.ln_two_sided() < a.tails.ln_two_sided() {
        b
    } else {
        a
    }
}

/// The results of a test whose control is computed only when some place asks for it. The control's
/// places correspond to the test's one by one.
///
/// Where the least place fails on the control too, the least place that does not gets a result of its
/// own: a generator's flaw must not hide the seeding's.
pub(crate) fn attributed(
    spec: &TestSpec,
    spots: Vec<Spot>,
    control: impl FnOnce() -> Option<Vec<Spot>>,
) -> Vec<TestResult> {
    let ln_asked = CONTROL_ASKED_BELOW.ln();
    let families = by_view(&spots);
    let suspicious = families.iter().any(|members| {
        members
            .iter()
            .any(|&i| spots[i].tails.times(members.len() as f64).ln_two_sided() < ln_asked)
    });
    let control = if suspicious { control() } else { None };
    let control = control.filter(|places| places.len() == spots.len());
    let mut results = Vec::new();
    for members in families {
        let looked = members.len() as f64;
        let ln_p = |i: usize| spots[i].tails.ln_two_sided();
        let least = least_of(members.iter().copied(), ln_p);
        let fails_too = |i: usize| {
            control.as_ref().is_some_and(|places| {
                places[i].tails.times(looked).ln_two_sided() < CONTROL_FAILS_BELOW.ln()
            })
        };
        let mut told = Vec::new();
        if let Some(least) = least {
            if fails_too(least) {
                let apart = least_of(members.iter().copied().filter(|&i| !fails_too(i)), ln_p);
                told.extend(
                    apart.filter(|&i| spots[i].tails.times(looked).ln_two_sided() < ln_asked),
                );
            }
            told.push(least);
        }
        for i in told {
            let asked = spots[i].tails.times(looked).ln_two_sided() < ln_asked;
            let control = control
                .as_ref()
                .filter(|_| asked)
                .map(|places| p_value(&places[i].tails.times(looked)));
            results.push(result(spec, &spots[i], members.len(), control));
        }
    }
    results
}

/// The results of a test that looks inside single streams only: per view the least place.
pub(crate) fn plain(spec: &TestSpec, spots: Vec<Spot>) -> Vec<TestResult> {
    attributed(spec, spots, || None)
}

/// The one result of a test that could not run.
pub(crate) fn inapplicable(
    spec: &TestSpec,
    view: View,
    needs: impl Into<String>,
) -> Vec<TestResult> {
    let needs = needs.into();
    vec![TestResult::new(
        spec.id,
        view,
        Outcome::Inapplicable { needs },
    )]
}

impl TestResult {
    /// Why the test could not run, where it could not.
    pub fn inapplicable(&self) -> Option<Inapplicable> {
        match &self.outcome {
            Outcome::Inapplicable { needs } => Some(Inapplicable {
                test: self.test.clone(),
                needs: needs.clone(),
            }),
            Outcome::Tested { .. } => None,
        }
    }

    /// Whether the same statistic fails on the control as well; `None` where no control was taken.
    pub fn control_fails(&self) -> Option<bool> {
        self.control.map(|p| p.two_sided() < CONTROL_FAILS_BELOW)
    }
}

fn by_view(spots: &[Spot]) -> Vec<Vec<usize>> {
    let mut families: Vec<(&View, Vec<usize>)> = Vec::new();
    for (i, spot) in spots.iter().enumerate() {
        match families.iter_mut().find(|(view, _)| **view == spot.view) {
            Some((_, members)) => members.push(i),
            None => families.push((&spot.view, vec![i])),
        }
    }
    families.into_iter().map(|(_, members)| members).collect()
}

fn least_of(members: impl Iterator<Item = usize>, ln_p: impl Fn(usize) -> f64) -> Option<usize> {
    members.min_by(|&a, &b| ln_p(a).total_cmp(&ln_p(b)))
}

fn p_value(tails: &Tails) -> PValue {
    // Tails hold logarithms at or below 0 whose probabilities add up to 1 or more; should rounding
    // break that, nothing is claimed.
    PValue::new(tails.lower(), tails.upper()).unwrap_or_else(|_| certain())
}

fn certain() -> PValue {
    PValue::upper_only(1.0).expect("1 is a probability")
}

fn result(spec: &TestSpec, spot: &Spot, places: usize, control: Option<PValue>) -> TestResult {
    let detail = if places > 1 {
        format!("{} (the least of {places} places)", spot.detail)
    } else {
        spot.detail.clone()
    };
    TestResult {
        test: spec.id.into(),
        view: spot.view.clone(),
        detail,
        streams: spot.streams.clone(),
        outcome: Outcome::Tested {
            p: p_value(&spot.tails.times(places as f64)),
            law: Law::Exact,
            statistic: spot.statistic,
            expected: spot.expected,
        },
        control,
        reach: spot.reach.filter(|reach| reach.pairs > 0),
        given_roots: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Depth, FindingKind};

    const SPEC: TestSpec = TestSpec {
        id: "sample",
        null: "",
        statistic: "",
        law: &[],
        sees: &[],
        misses: &[],
        source: "",
        finding: FindingKind::CorrelatedStreams,
        power_on: "",
        depth: Depth::Full,
    };

    fn spot(detail: &str, ln_p: f64) -> Spot {
        Spot::new(
            View::Pairs,
            detail.into(),
            Tails::upper_only(ln_p),
            (0.0, 0.0),
        )
    }

    #[test]
    fn the_least_place_counts_for_all() {
        let results = plain(&SPEC, vec![spot("a", -1.0), spot("b", -5.0)]);
        assert_eq!(results.len(), 1);
        assert!(results[0].detail.starts_with('b'));
        assert!((results[0].p().unwrap() - 2.0 * (-5.0_f64).exp()).abs() < 1e-12);
        assert_eq!(results[0].control, None);
    }

    #[test]
    fn the_generators_flaw_does_not_hide_the_seedings() {
        let places = vec![spot("low bit", -900.0), spot("top bit", -100.0)];
        let control = vec![spot("low bit", -800.0), spot("top bit", -0.5)];
        let results = attributed(&SPEC, places, || Some(control));
        assert_eq!(results.len(), 2);
        assert!(results[0].detail.starts_with("top bit"));
        assert_eq!(results[0].control_fails(), Some(false));
        assert!(results[1].detail.starts_with("low bit"));
        assert_eq!(results[1].control_fails(), Some(true));
    }

    #[test]
    fn places_do_not_make_a_two_sided_statistic_one_sided() {
        let mut place = spot("a", 0.0);
        place.tails = Tails::new((0.9_f64).ln(), (1e-5_f64).ln());
        let results = plain(&SPEC, vec![place, spot("b", 0.0)]);
        assert!((results[0].p().unwrap() / 4e-5 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_control_is_taken_only_where_asked() {
        attributed(&SPEC, vec![spot("a", -10.0)], || panic!("p is 5e-5"));
    }
}

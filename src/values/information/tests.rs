use super::*;

fn of(numbers: &[f64], rows: usize) -> Information {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let id = |x: &f64| sorted.partition_point(|y| y < x) as u32;
    let ids: Vec<u32> = numbers.iter().map(id).collect();
    information(&ids, numbers, rows)
}

/// Numbers without a pattern.
fn scrambled(count: u64) -> Vec<f64> {
    let mix = |i: u64| {
        let z = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    };
    (0..count)
        .map(|i| (mix(i) >> 11) as f64 / 2f64.powi(53))
        .collect()
}

#[test]
fn different_values_tell_n_log_n() {
    let found = of(&scrambled(64), 1);
    // 63 increments, all different, tell a little less than 64 values.
    assert!((found.bits - 63.0 * 63f64.log2()).abs() < 1e-9, "{found:?}");
    assert_eq!(found.class, LawClass::Increments);
}

#[test]
fn rows_of_four_tell_as_many_rows() {
    let found = of(&scrambled(64), 4);
    // Sixty increments at lag four, of which an odd phase leaves fourteen whole rows.
    assert!((found.bits - 14.0 * 14f64.log2()).abs() < 1e-9, "{found:?}");
}

#[test]
fn what_needs_no_draw_tells_nothing() {
    assert_eq!(of(&[3.0; 100], 4).bits, 0.0);
    let ramp: Vec<f64> = (0..100).map(f64::from).collect();
    assert_eq!(of(&ramp, 1).bits, 0.0);
    let lattice: Vec<f64> = (0..200)
        .map(|t| (0.3 + f64::from(t) * 0.381_966).fract())
        .collect();
    assert!(of(&lattice, 1).bits < 1e-9);
    let cycle: Vec<f64> = scrambled(5).into_iter().cycle().take(200).collect();
    assert!(of(&cycle, 1).bits < 1e-9);
}

/// Pólya's urn that gives the same colour every time has shares 1/(n + 2), with probability 1/(n + 1).
#[test]
fn a_smooth_path_tells_nothing_and_rough_ones_do() {
    let urn: Vec<f64> = (1..100).map(|n| 1.0 / f64::from(n + 2)).collect();
    assert_eq!(of(&urn, 4).class, LawClass::Smooth);
    assert_eq!(of(&urn, 4).bits, 0.0);
    let wave: Vec<f64> = (0..100).map(|t| (f64::from(t) / 5.0).sin()).collect();
    assert_eq!(of(&wave, 4).bits, 0.0);
    let mut sorted = scrambled(100);
    sorted.sort_by(f64::total_cmp);
    assert!(of(&sorted, 4).bits > 80.0);
    let sums = scrambled(100)
        .iter()
        .scan(0.0, |sum, x| {
            *sum += x - 0.5;
            Some(*sum)
        })
        .collect::<Vec<f64>>();
    assert!(of(&sums, 4).bits > 80.0);
}

/// By brute force: no i.i.d. law on two values gives 1, 1, 0 a probability above 2^−bits.
#[test]
fn no_law_explains_a_sequence_better() {
    let bits = entropy_bits(&[1, 1, 0]);
    let best = (0..=1000)
        .map(|k| f64::from(k) / 1000.0)
        .map(|p| p * p * (1.0 - p));
    let best = best.fold(0.0, f64::max);
    assert!(best <= (-bits).exp2() * (1.0 + 1e-9));
    assert!(best > (-bits).exp2() * 0.999, "the bound is met");
}

/// Multiples of the golden ratio in steps of a byte: which steps come follows from the last few.
#[test]
fn what_a_rule_makes_of_few_steps_tells_little() {
    let turned: Vec<f64> = (1..=120)
        .map(|t: u64| t.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56)
        .map(|level| f64::from((level as u32 + 77) % 256))
        .collect();
    assert!(of(&turned, 1).bits < 25.0, "{:?}", of(&turned, 1));
    // Fair coins keep nine tenths of theirs.
    let coins: Vec<f64> = scrambled(1000).iter().map(|x| x.round()).collect();
    assert!(of(&coins, 1).bits > 880.0, "{:?}", of(&coins, 1));
}

/// By brute force: no chain of order two on two states gives a sequence, after its first two values, a
/// higher probability than 2^−bits, and the best one gives it just that.
#[test]
fn no_chain_explains_a_sequence_better() {
    let keys = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0_u64];
    let mut best = 1.0;
    for context in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let after = keys
            .windows(3)
            .filter(|three| (three[0], three[1]) == context)
            .map(|three| three[2]);
        let of_context = (0..=1000).map(|k| f64::from(k) / 1000.0).map(|p| {
            let chances = after.clone().map(|key| if key == 1 { p } else { 1.0 - p });
            chances.product::<f64>()
        });
        best *= of_context.fold(0.0, f64::max);
    }
    let bound = (-markov_bits(Same::Values, &keys)).exp2();
    assert!(
        best <= bound * (1.0 + 1e-9) && best > bound * 0.999,
        "{best} {bound}"
    );
    // Seven values are too few for a chain, and so are eight of three states.
    assert_eq!(markov_bits(Same::Values, &keys[..7]), f64::INFINITY);
    assert!(markov_bits(Same::Values, &keys[..8]).is_finite());
    assert_eq!(
        markov_bits(Same::Values, &[0, 1, 2, 0, 1, 2, 0, 1]),
        f64::INFINITY
    );
}

#[test]
fn entropies_by_hand() {
    // Of four values two are one: 4·log2 4 − 2·log2 2.
    assert_eq!(entropy_bits(&[5, 5, 6, 7]), 6.0);
    assert_eq!(entropy_bits(&[1, 1, 2, 2, 3, 3, 4, 4]), 16.0);
    assert_eq!(entropy_bits(&[]), 0.0);
}

/// Rows keep the order of their values, and a part of a row at the end is no row.
#[test]
fn rows_are_keys_of_their_own() {
    let rows = in_rows(&[1, 2, 2, 1, 1, 2, 9], 2);
    assert_eq!(rows.len(), 3);
    assert!(rows[0] == rows[2] && rows[0] != rows[1]);
    assert_eq!(in_rows(&[4, 5], 1), [4, 5]);
}

/// A walk around the unit circle is told by its increments modulo 1, any other as it is.
#[test]
fn increments_are_taken_at_their_lag() {
    let circle = increments(&[0.2, 0.9, 0.6], 1);
    assert_eq!(circle.len(), 2);
    assert_ne!(circle[0][0], circle[0][1]);
    assert_eq!(circle[1][0], circle[1][1]);
    assert_eq!(increments(&[0.5, 1.0, 2.0], 1).len(), 1);
    // Three levels: around three, and around four.
    assert_eq!(increments(&[0.0, 1.0, 2.0], 1).len(), 3);
    assert_eq!(increments(&[0.0, 1.0, 3.0], 1).len(), 2);
    let at_two = &increments(&[1.0, 5.0, 3.0, 7.0, 5.0], 2)[0];
    assert!(at_two.len() == 3 && at_two.iter().all(|step| step == &at_two[0]));
}

/// All orders of few values, counted: one of them tells log2 of how many there are, no more and no less.
#[test]
fn an_order_tells_how_many_there_are() {
    for counts in [&[1, 1, 1, 1, 1, 1][..], &[2, 3], &[1, 2, 4], &[5]] {
        let keys: Vec<u64> = (0..)
            .zip(counts)
            .flat_map(|(key, &count)| vec![key; count])
            .collect();
        let of = counts.len() as u32;
        let n = keys.len() as u32;
        let is_order = |code: &u32| {
            let digits = (0..n).map(|at| code / of.pow(at) % of);
            let mut seen = vec![0; counts.len()];
            digits.for_each(|digit| seen[digit as usize] += 1);
            seen == counts
        };
        let orders = (0..of.pow(n)).filter(is_order).count();
        let bits = Same::Order.bits(&keys);
        assert!(
            (bits - (orders as f64).log2()).abs() < 1e-9,
            "{counts:?}: {bits}"
        );
    }
}

/// No law of independent values gives the contents of a stretch more often than is said, and the law that is most
/// like them gives them as often.
#[test]
fn contents_come_as_often_as_is_said_under_the_best_law() {
    for counts in [[3, 3], [1, 5], [4, 2]] {
        let n: i32 = counts.iter().sum();
        let ids: Vec<u32> = (0..)
            .zip(counts)
            .flat_map(|(id, count)| vec![id; count as usize])
            .collect();
        let orders = (2..=n).product::<i32>()
            / counts
                .map(|c| (2..=c).product::<i32>())
                .iter()
                .product::<i32>();
        let chance = |p: f64| f64::from(orders) * p.powi(counts[0]) * (1.0 - p).powi(counts[1]);
        let said = (-of_contents(&ids)).exp2();
        let best = chance(f64::from(counts[0]) / f64::from(n));
        assert!((said - best).abs() < 1e-9, "{counts:?}: {said} of {best}");
        for hundredths in 1..100 {
            assert!(chance(f64::from(hundredths) / 100.0) <= said + 1e-9);
        }
    }
}

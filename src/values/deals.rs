//! What streams that agree at a place tell, if the values there are dealt anew among the streams: counts that hold
//! for laws of each place's own.

use statrs::function::{factorial::ln_binomial, gamma::ln_gamma};

use super::numbers::Numbers;

/// Places that are looked at: more tell more, and take their time.
const PLACES: usize = 1 << 12;

/// Bits against the values at each place, dealt anew among the streams that reach it, agreeing within all
/// classes; places are added up.
pub(super) fn places(numbers: &Numbers, classes: &[u32]) -> f64 {
    let longest = numbers
        .streams
        .iter()
        .map(|stream| stream.ids.len())
        .max()
        .unwrap_or(0);
    (0..longest.min(PLACES))
        .map(|place| {
            let there = numbers
                .streams
                .iter()
                .zip(classes)
                .filter_map(|(stream, &class)| stream.ids.get(place).map(|&value| (value, class)));
            place_bits(there.collect())
        })
        .sum()
}

fn log2_factorial(n: usize) -> f64 {
    ln_gamma(n as f64 + 1.0) / std::f64::consts::LN_2
}

/// What the values at one place tell that agree within all classes, dealt anew among the streams: the more telling
/// of two bounds.
fn place_bits(there: Vec<(u32, u32)>) -> f64 {
    class_by_class(&there).max(all_deals(there))
}

/// The chance that the members of a class hold one value is Σ C(c, m)/C(S, m) over the values, of which c are
/// left; when classes are dealt one after the other, no more of any are left than there were.
fn class_by_class(there: &[(u32, u32)]) -> f64 {
    let count = |mut keys: Vec<u32>| -> Vec<u64> {
        keys.sort_unstable();
        keys.chunk_by(|a, b| a == b)
            .map(|same| same.len() as u64)
            .collect()
    };
    let values = count(there.iter().map(|&(value, _)| value).collect());
    let mut left = there.len() as u64;
    let mut bits = 0.0;
    for size in count(there.iter().map(|&(_, class)| class).collect()) {
        if size > 1 {
            // Of large classes the ways are beyond what a double holds, and their shares are not.
            let all = ln_binomial(left, size);
            let alike: f64 = values
                .iter()
                .filter(|&&c| c >= size)
                .map(|&c| (ln_binomial(c, size) - all).exp())
                .sum();
            let share = alike.max(f64::MIN_POSITIVE);
            bits += (-share.log2()).max(0.0);
        }
        left -= size;
    }
    bits
}

/// S! / Π m! deals of the values to the streams; at most `ways` of them give one value to every class.
fn all_deals(mut there: Vec<(u32, u32)>) -> f64 {
    let deals = log2_factorial(there.len());
    there.sort_unstable();
    let same = there.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len);
    let (values, alike) = same.fold((0, 0.0), |(count, bits), m| {
        (count + 1, bits + log2_factorial(m))
    });
    there.sort_unstable_by_key(|&(_, class)| class);
    let mut sizes: Vec<usize> = there.chunk_by(|a, b| a.1 == b.1).map(<[_]>::len).collect();
    let ways = if values == sizes.len() {
        sizes.sort_unstable();
        sizes
            .chunk_by(|a, b| a == b)
            .map(|equal| log2_factorial(equal.len()))
            .sum()
    } else {
        sizes.len() as f64 * (values as f64).log2()
    };
    (deals - alike - ways).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four streams, two of them equal, all other values different: 2 of 6 pairs… counted by hand.
    #[test]
    fn a_place_is_dealt_anew() {
        // Values a, a, b, c to classes {0, 1}, {2}, {3}: of 4!/2! = 12 deals two agree.
        let bits = place_bits(vec![(7, 0), (7, 0), (8, 2), (9, 3)]);
        assert!((bits - 6f64.log2()).abs() < 1e-9, "{bits}");
        assert_eq!(place_bits(vec![(7, 0), (7, 0), (7, 2), (7, 3)]), 0.0);
    }

    /// Both bounds, counted by hand.
    #[test]
    fn deals_are_counted() {
        let near = |bits: f64, ways: f64| assert!((bits - ways.log2()).abs() < 1e-9, "{bits}");
        let pairs = |of: &[u32]| -> Vec<(u32, u32)> {
            let classes = (0..).map(|at| at / 2);
            of.iter().copied().zip(classes).collect()
        };
        // The first pair has 3 of 15 ways to be alike, the second 3 of 6; the third has none to differ.
        near(class_by_class(&pairs(&[1, 1, 2, 2, 3, 3])), 5.0 * 2.0);
        near(class_by_class(&pairs(&[1, 1, 2, 2])), 3.0);
        // 4!/(2!·2!) deals, two of which give each class one value of its own.
        near(all_deals(pairs(&[1, 1, 2, 2])), 3.0);
        // 8!/(4!·2!·2!) deals, at most 3^4 of which give one of three values to each of four classes.
        near(all_deals(pairs(&[1, 1, 1, 1, 2, 2, 3, 3])), 420.0 / 81.0);
    }

    /// A class so large that its ways are beyond a double tells what can be told, and not everything.
    #[test]
    fn large_classes_tell_no_more_than_all_their_deals() {
        let there: Vec<(u32, u32)> = (0..3000).map(|at| (at % 2, at % 2)).collect();
        let bits = class_by_class(&there);
        // Two of C(3000, 1500) deals.
        let deals = (ln_binomial(3000, 1500) / std::f64::consts::LN_2) - 1.0;
        assert!(
            bits.is_finite() && bits > 0.0 && bits <= deals + 1e-6,
            "{bits} {deals}"
        );
    }

    /// Every deal of five values to five streams by brute force: those that agree within the classes.
    #[test]
    fn deals_are_counted_by_brute_force() {
        let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
        for next in 0..5 {
            orders = orders
                .iter()
                .flat_map(|order| {
                    (0..=order.len()).map(move |at| {
                        let mut longer = order.clone();
                        longer.insert(at, next);
                        longer
                    })
                })
                .collect();
        }
        for (values, classes) in [
            ([1, 1, 2, 2, 3], [0, 0, 2, 2, 4]),
            ([1, 1, 1, 2, 3], [0, 0, 0, 3, 4]),
            ([1, 1, 1, 1, 3], [0, 0, 0, 0, 4]),
            ([1, 1, 1, 1, 3], [0, 0, 2, 2, 4]),
        ] {
            let agree = orders.iter().filter(|order| {
                let dealt: Vec<u32> = order.iter().map(|&at| values[at]).collect();
                (0..5).all(|i| (0..5).all(|j| classes[i] != classes[j] || dealt[i] == dealt[j]))
            });
            let exact = -(agree.count() as f64 / 120.0).log2();
            let there = values.iter().copied().zip(classes).collect();
            let bits = place_bits(there);
            assert!(bits <= exact + 1e-9, "{values:?}: {bits} {exact}");
            // Where every class has a value of its own the count is exact.
            if values != [1, 1, 1, 1, 3] || classes[0] == classes[3] {
                assert!((bits - exact).abs() < 1e-9, "{values:?}: {bits} {exact}");
            }
        }
    }
}

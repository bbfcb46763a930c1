//! How often two lists of which one is shuffled agree place by place.

use super::Tails;

/// A bound on P(X ≥ matches), X the places at which two lists of `places` elements agree, one of them
/// in an order drawn at random; `alike` pairs of elements, one of each list, are equal.
///
/// Any j given places agree together with probability (equal choices) / (places)_j, and the ordered
/// choices of j pairs with different places in both lists are at most alike^j. Hence
/// E (X)_j ≤ alike^j / (places)_j, and P(X ≥ k) ≤ E (X)_j / (k)_j for every j ≤ k: Markov's inequality
/// for factorial moments (Schmidt, Siegel, Srinivasan 1995, doi:10.1137/S089548019223872X).
pub fn matches_tails(matches: u64, alike: f64, places: u64) -> Tails {
    let (mut ln_bound, mut least) = (0.0_f64, 0.0_f64);
    for taken in 0..matches.min(places) {
        let left = (places - taken) as f64 * (matches - taken) as f64;
        ln_bound += alike.ln() - left.ln();
        least = least.min(ln_bound);
    }
    Tails::upper_only(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutations_of_different_values_by_hand() {
        // Three different values: all agree in 1 of 6 orders. The least bound is of two places:
        // 3² / (3 · 2) over 3 · 2. The bound on one match is its mean, 1.
        let bound = matches_tails(3, 3.0, 3).upper();
        assert!((bound - 9.0 / 36.0).abs() < 1e-12, "{bound}");
        assert!((matches_tails(1, 3.0, 3).upper() - 1.0).abs() < 1e-12);
        // One equal pair among a hundred places: exact, since at most one place can agree.
        assert!((matches_tails(1, 1.0, 100).upper() - 0.01).abs() < 1e-15);
    }

    #[test]
    fn every_order_of_small_lists_is_covered() {
        let (left, right) = ([1, 1, 2, 2, 3, 4], [1, 1, 1, 2, 2, 5]);
        let alike = left
            .iter()
            .map(|a| right.iter().filter(|b| a == *b).count())
            .sum::<usize>() as f64;
        let mut counts = [0_u64; 7];
        let mut orders = vec![Vec::new()];
        for place in 0..6 {
            orders = orders
                .into_iter()
                .flat_map(|order: Vec<usize>| {
                    (0..=place).map(move |at| {
                        let mut longer = order.clone();
                        longer.insert(at, place);
                        longer
                    })
                })
                .collect();
        }
        for order in &orders {
            let matches = (0..6).filter(|&i| left[i] == right[order[i]]).count();
            counts[matches] += 1;
        }
        for k in 1..=6_u64 {
            let exact = counts[k as usize..].iter().sum::<u64>() as f64 / orders.len() as f64;
            assert!(matches_tails(k, alike, 6).upper() >= exact - 1e-12, "{k}");
        }
    }

    /// The least over j of alike^j / ((places)_j (k)_j), written out.
    #[test]
    fn the_bound_is_the_least_factorial_moment() {
        let falling = |of: u64, j: u64| (0..j).map(|i| (of - i) as f64).product::<f64>();
        for (matches, alike, places) in [(4, 6.0_f64, 9), (5, 30.0, 7), (3, 1.0, 50), (8, 12.0, 8)]
        {
            let moment = |j: u64| alike.powi(j as i32) / (falling(places, j) * falling(matches, j));
            let least = (0..=matches).map(moment).fold(f64::INFINITY, f64::min);
            let found = matches_tails(matches, alike, places);
            assert!((found.upper() / least - 1.0).abs() < 1e-12, "{matches}");
            assert_eq!(found.ln_lower, 0.0);
        }
        assert_eq!(matches_tails(0, 5.0, 9).ln_upper, 0.0);
    }
}

//! Every law against tails computed independently at 60 digits; see `vectors/tails.py`.

use seedbench::math::{
    Occupancy, Tails, binomial_tails, chi_square_tails, hypergeometric_tails, normal_tails,
    poisson_tails,
};

const VECTORS: &str = include_str!("vectors/tails.csv");

/// Relative error allowed in a tail probability: the logarithm is held to it absolutely, and beyond
/// that to the rounding of the logarithm itself.
const TOLERANCE: f64 = 1e-9;

#[test]
fn tails_match_an_independent_computation() {
    let mut compared = 0;
    for line in VECTORS.lines().skip(1) {
        let field: Vec<&str> = line.split(',').collect();
        let number = |i: usize| field[i].parse::<f64>().unwrap();
        let whole = |i: usize| number(i) as u64;
        let tails = match field[0] {
            "binomial" => binomial_tails(whole(4), whole(1), number(2)),
            "chi-squared" => chi_square_tails(number(4), number(1)),
            "poisson" => poisson_tails(whole(4), number(1)),
            "hypergeometric" => hypergeometric_tails(whole(4), whole(1), whole(2), whole(3)),
            "normal" => normal_tails(number(4)),
            "occupancy" => Occupancy::new(whole(1), number(2)).tails(whole(4)),
            other => panic!("unknown law {other}"),
        };
        compare(line, &tails, number(5), number(6));
        compared += 1;
    }
    assert_eq!(compared, VECTORS.lines().count() - 1);
    assert!(compared >= 50);
}

fn compare(line: &str, tails: &Tails, ln_lower: f64, ln_upper: f64) {
    for (found, expected) in [(tails.ln_lower, ln_lower), (tails.ln_upper, ln_upper)] {
        // Below the smallest double a bound stands in: it may exceed the tail, never undercut it.
        if expected < -700.0 && line.starts_with("chi-squared") {
            assert!(
                found >= expected && found < expected * 0.9,
                "{line}: {found}"
            );
            continue;
        }
        let allowed = TOLERANCE + 1e-11 * expected.abs();
        assert!(
            (found - expected).abs() <= allowed,
            "{line}: {found}, not {expected}"
        );
    }
}

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

fn sample(mut draw: impl FnMut() -> u64) -> FirstNumbers {
    let mut sample = FirstNumbers::default();
    for _ in 0..8 {
        let values: Vec<u64> = (0..512).map(|_| draw()).collect();
        sample.add(&values, 256);
    }
    sample
}

fn unit(random: u64) -> f64 {
    (random >> 11) as f64 / (1u64 << 53) as f64
}

#[test]
fn integers_of_any_width_are_uniform_bits() {
    for width in [1, 8, 16, 24, 31, 32, 48, 53, 63, 64] {
        let mut rng = rng(width);
        let found = recognise(
            RawKind::Unsigned,
            &sample(|| rng.next_u64() >> (64 - width)),
        )
        .0;
        assert_eq!(
            found,
            Format::Bits {
                width: width as u32
            }
        );
        let mut rng = self::rng(width);
        let shifted = recognise(
            RawKind::Unsigned,
            &sample(|| rng.next_u64() << (64 - width)),
        )
        .0;
        assert_eq!(shifted, found);
    }
}

#[test]
fn signed_integers_of_full_range_are_uniform_bits() {
    let mut rng = rng(1);
    let (format, image) = recognise(
        RawKind::Signed,
        &sample(|| i64::from(rng.next_u32() as i32) as u64),
    );
    assert_eq!(format, Format::Bits { width: 32 });
    assert_eq!(image, Image::SignedBits { width: 32 });
}

#[test]
fn ranges_and_dice_are_not() {
    let mut rng = rng(2);
    let dice = recognise(RawKind::Unsigned, &sample(|| rng.next_u64() % 6)).0;
    assert!(
        matches!(dice, Format::Other { marginal: Marginal::Categorical, bits_per_element }
            if (2.3..2.6).contains(&bits_per_element)),
        "{dice:?}"
    );
    let range = recognise(RawKind::Unsigned, &sample(|| rng.next_u64() % 1_000_000)).0;
    assert!(
        matches!(range, Format::Other { marginal: Marginal::Grid, bits_per_element }
            if (15.0..20.0).contains(&bits_per_element)),
        "{range:?}"
    );
}

#[test]
fn doubles_are_recognised_by_their_grid() {
    for (steps, width) in [
        ((1u64 << 53) as f64, 53),
        ((1u64 << 52) as f64, 52),
        (4_294_967_296.0, 32),
        (16_777_216.0, 24),
    ] {
        let mut rng = rng(3);
        let found = recognise(
            RawKind::Real,
            &sample(|| ((unit(rng.next_u64()) * steps).floor() / steps).to_bits()),
        )
        .0;
        assert_eq!(found, Format::Bits { width });
    }
    let mut rng = rng(4);
    let symmetric = recognise(
        RawKind::Real,
        &sample(|| (2.0 * unit(rng.next_u64()) - 1.0).to_bits()),
    )
    .0;
    assert_eq!(symmetric, Format::Bits { width: 53 });
}

#[test]
fn eight_doubles_are_enough_for_their_grid() {
    // The origin note's table: RandomState(245 … 252).rand().
    let table = [
        0.90685386667433,
        0.4796492884337591,
        0.36618032461146066,
        0.6919866188443934,
        0.516936600528218,
        0.2147793428763879,
        0.6376112291529786,
        0.005413330007831285f64,
    ];
    let mut sample = FirstNumbers::default();
    let pool: Vec<u64> = (0..100).map(|i| table[i % 8].to_bits()).collect();
    sample.add(&pool, 50);
    assert_eq!(
        recognise(RawKind::Real, &sample).0,
        Format::Bits { width: 53 }
    );
}

#[test]
fn a_few_coarse_values_do_not_make_a_fine_grid() {
    for values in [vec![0.25, 0.5, 0.75], vec![0.5; 20]] {
        let raw: Vec<u64> = values.iter().map(|value: &f64| value.to_bits()).collect();
        let mut sample = FirstNumbers::default();
        sample.add(&raw, 1);
        let bits = recognise(RawKind::Real, &sample).0.bits_per_element();
        assert!(bits < 4.0, "{values:?}: {bits}");
    }
}

#[test]
fn rand_over_rand_max_is_31_bits() {
    let mut rng = rng(5);
    let (format, image) = recognise(
        RawKind::Real,
        &sample(|| (f64::from(rng.next_u32() >> 1) / 2_147_483_647.0).to_bits()),
    );
    assert_eq!(format, Format::Bits { width: 31 });
    assert!(matches!(image, Image::Fraction { .. }));
}

#[test]
fn rounded_quotients_are_uniform_in_their_top_bits() {
    let mut rng = rng(6);
    let doubles = recognise(
        RawKind::Real,
        &sample(|| (rng.next_u64() as f64 / 18_446_744_073_709_551_616.0).to_bits()),
    )
    .0;
    assert_eq!(doubles, Format::Bits { width: 24 });
    let floats = recognise(
        RawKind::Real,
        &sample(|| f64::from(rng.next_u32() as f32 / 4_294_967_296.0).to_bits()),
    )
    .0;
    assert_eq!(floats, Format::Bits { width: 16 });
}

#[test]
fn other_laws_stay_what_they_are() {
    let mut rng = rng(7);
    let normal = recognise(
        RawKind::Real,
        &sample(|| {
            let radius = (-2.0 * (1.0 - unit(rng.next_u64())).ln()).sqrt();
            (radius * (std::f64::consts::TAU * unit(rng.next_u64())).cos()).to_bits()
        }),
    )
    .0;
    assert!(
        matches!(normal, Format::Other { marginal: Marginal::Continuous, bits_per_element }
            if bits_per_element > 18.0),
        "{normal:?}"
    );
    let decimals = recognise(
        RawKind::Real,
        &sample(|| ((unit(rng.next_u64()) * 1e6).floor() / 1e6).to_bits()),
    )
    .0;
    assert!(
        matches!(decimals, Format::Other { marginal: Marginal::Grid, bits_per_element }
            if (14.0..20.0).contains(&bits_per_element)),
        "{decimals:?}"
    );
    let squares = recognise(
        RawKind::Real,
        &sample(|| unit(rng.next_u64()).powi(2).to_bits()),
    )
    .0;
    assert!(matches!(squares, Format::Other { .. }), "{squares:?}");
}

#[test]
fn few_fractions_of_full_precision_carry_little() {
    // Accuracies out of 131 cases.
    let mut rng = rng(9);
    let (format, _) = recognise(
        RawKind::Real,
        &sample(|| ((rng.next_u64() % 132) as f64 / 131.0).to_bits()),
    );
    assert!(format.uniform_width().is_none());
    assert!(format.bits_per_element() < 7.1, "{format:?}");
}

#[test]
fn identifiers_give_their_random_bits() {
    let mut rng = rng(8);
    let mut uuid = |version: u64| {
        let mut sample = FirstNumbers::default();
        let mut values = Vec::new();
        for _ in 0..64 {
            values.push(rng.next_u64() & !0xf000 | version << 12);
            values.push(rng.next_u64() >> 2 | 1 << 63);
        }
        sample.add(&values, 64);
        recognise(RawKind::Wide, &sample)
    };
    assert_eq!(uuid(4), (Format::Bits { width: 61 }, Image::Uuid4));
    assert_eq!(uuid(7), (Format::Bits { width: 62 }, Image::Uuid7));
    assert!(matches!(
        uuid(1).0,
        Format::Other {
            marginal: Marginal::Identifier,
            ..
        }
    ));
}

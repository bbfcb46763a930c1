use super::*;

#[test]
fn uniform_bits_go_to_the_top() {
    let image = Image::Bits {
        high: 32,
        width: 32,
        constant_mask: 0xffff_ffff_0000_0000,
        constant: 0,
    };
    let mut values = [1, 0xffff_ffff];
    assert_eq!(image.apply(&mut values), Ok(2));
    assert_eq!(values, [1 << 32, 0xffff_ffff_0000_0000]);
    assert_eq!(image.apply(&mut [5, 1 << 32]), Err(Misfit { at: 1 }));
}

#[test]
fn grids_are_exact() {
    let image = Image::Grid {
        offset: 0.0,
        scale: 53,
        width: 53,
    };
    let k = 0x1f_ffff_ffff_fff1u64;
    let mut values = [(k as f64 / power_of_two(53)).to_bits(), 0];
    assert_eq!(image.apply(&mut values), Ok(2));
    assert_eq!(values, [k << 11, 0]);
    for wrong in [1.0f64, -0.25, 1e-300, 3e20] {
        assert_eq!(image.apply(&mut [wrong.to_bits()]), Err(Misfit { at: 0 }));
    }
    let signed = Image::Grid {
        offset: 1.0,
        scale: 31,
        width: 32,
    };
    let mut values = [(-1.0f64).to_bits(), 0.0f64.to_bits()];
    assert_eq!(signed.apply(&mut values), Ok(2));
    assert_eq!(values, [0, 1 << 63]);
}

/// What an image makes of one value, in plain words.
fn plainly(image: Image, value: f64) -> Option<u64> {
    match image {
        Image::Grid {
            offset,
            scale,
            width,
        } => {
            let k = (value + offset) * power_of_two(scale);
            let fits = k.fract() == 0.0
                && k >= 0.0
                && k < power_of_two(width as i32)
                && k / power_of_two(scale) - offset == value;
            fits.then(|| (k as u64) << (64 - width))
        }
        Image::TopBits { width } => (0.0..1.0)
            .contains(&value)
            .then(|| ((value * power_of_two(width as i32)) as u64) << (64 - width)),
        Image::Fraction { divisor, width } => {
            let k = (value * divisor).round();
            let fits = k >= 0.0 && k < power_of_two(width as i32) && near(value * divisor, k);
            fits.then(|| (k as u64) << (64 - width))
        }
        _ => unreachable!("asked of reals on grids only"),
    }
}

#[test]
fn fast_images_are_the_plain_ones() {
    use rand::{Rng, SeedableRng};
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(1);
    let grid = |offset, scale, width| Image::Grid {
        offset,
        scale,
        width,
    };
    let images = [
        grid(0.0, 53, 53),
        grid(0.0, 1, 1),
        grid(0.0, 24, 24),
        grid(0.0, 32, 32),
        grid(0.0, -3, 10),
        grid(1.0, 52, 53),
        grid(8.0, 30, 34),
        Image::TopBits { width: 24 },
        Image::TopBits { width: 16 },
        Image::Fraction {
            divisor: 2_147_483_647.0,
            width: 31,
        },
        Image::Fraction {
            divisor: 32_767.0,
            width: 15,
        },
    ];
    let edges = [
        0.0, -0.0, 0.5, 1.0, -1.0, 2.0, 1e-300, -1e-300, 1e300, 4e15, 5e15, 9e15, 1e16, -8.0,
    ];
    for image in images {
        let mut fitted = 0;
        let mut check = |value: f64| {
            for value in [value, value.next_up(), value.next_down(), value + 1.0] {
                let mut word = [value.to_bits()];
                let found = image.apply(&mut word).ok().map(|_| word[0]);
                assert_eq!(found, plainly(image, value), "{image:?} of {value:e}");
                fitted += usize::from(found.is_some());
            }
        };
        edges.into_iter().for_each(&mut check);
        for _ in 0..2000 {
            let word = rng.next_u64();
            let bits = word >> (word % 64);
            check(bits as f64 / power_of_two(53));
            check((word >> 11) as f64 / power_of_two(53));
            check(f64::from((word >> 40) as u32) / power_of_two(24));
            check((word >> 33) as f64 / 2_147_483_647.0);
            check((word >> 49) as f64 / 32_767.0);
            check((word >> 54) as f64 * 8.0);
            check((word as i64 >> 30) as f64 / power_of_two(30));
        }
        assert!(fitted > 30, "{image:?}: {fitted}");
    }
}

#[test]
fn real_images_keep_the_order() {
    let sorted = [-1e300, -1.0, -1e-310, 0.0, 1e-310, 0.5, 2.0];
    let mut values: Vec<u64> = sorted.iter().map(|v: &f64| v.to_bits()).collect();
    Image::Real.apply(&mut values).unwrap();
    assert!(values.is_sorted());
    let mut zeros = [0.0f64.to_bits(), (-0.0f64).to_bits()];
    Image::Real.apply(&mut zeros).unwrap();
    assert_eq!(zeros[0], zeros[1]);
}

#[test]
fn identifiers_lose_their_version_bits_only() {
    let high = 0xffff_ffff_ffff_4fff;
    let low = 0xbfff_ffff_ffff_ffff;
    let mut values = [high, low];
    assert_eq!(Image::Uuid4.apply(&mut values), Ok(2));
    assert_eq!(values, [u64::MAX << 3, u64::MAX << 3]);
    let mut one = [high & !1, low];
    Image::Uuid4.apply(&mut one).unwrap();
    assert_ne!(one, values, "every random bit counts");
    assert_eq!(Image::Uuid7.apply(&mut [high, low]), Err(Misfit { at: 0 }));
    let mut seven = [0x0123_4567_89ab_7000, 0x8000_0000_0000_0001];
    assert_eq!(Image::Uuid7.apply(&mut seven), Ok(1));
    assert_eq!(seven[0], 4);
}

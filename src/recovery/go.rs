//! The first outputs of Go's `math/rand` after a seed.
//!
//! The words in here stand in its library, too: the state of the generator after 7.8e12 steps from one seed.
//! They were taken by a script from `rngCooked` of `math/rand/rng.go`.

/// Outputs that are known of a seed.
pub(super) const OUTPUTS: usize = FEED.len();

/// The words that the first outputs add to those at the other lag: elements 333, 332 …
const FEED: [u64; 32] = [
    0xbfb2_f4d9_68b7_59c3,
    0x3b7f_c3ad_0d1c_d36b,
    0xf11b_fbb3_ba3e_0841,
    0x0310_89e8_7fba_b9a7,
    0x967e_3cd0_f12b_1c5f,
    0xbd64_0b61_4080_2b1e,
    0x32a3_1118_a95e_425f,
    0x0813_7c33_80f3_2523,
    0x9024_ebcb_f8b8_e6af,
    0xa4e5_a10d_2865_9104,
    0xd7e7_5a07_5424_51da,
    0xc9a9_cd70_8372_db93,
    0x3317_86d5_a126_f97f,
    0x2536_b7a7_602f_6b4d,
    0xc444_cf11_f984_0608,
    0x8b82_1c0b_1005_4c75,
    0x7e61_3154_5897_0ccb,
    0x0e7f_5452_a8c9_1ee0,
    0x3fdd_ae41_63e0_10e4,
    0xcaea_ccb9_27b0_cb5c,
    0xd36a_1f70_d4f9_a2ff,
    0x4338_5b68_e51d_bffc,
    0x5ee4_1cb4_0ca8_1e2c,
    0x0483_11a7_625e_abd9,
    0x3c7c_1de5_b3cc_1dca,
    0xd343_1110_cdd7_a998,
    0x4f37_aef6_caf4_1c5d,
    0x9cbb_b4be_9a92_c216,
    0x552d_69f0_428d_ce6a,
    0xf727_09f9_6b28_a3c7,
    0xd556_d17a_dcc5_f6fb,
    0x79ed_b9a2_a6a3_87df,
];

/// Elements 606, 605 …
const TAP: [u64; 32] = [
    0x39a0_0a3a_31c0_25c6,
    0x7e57_a19b_735e_f03b,
    0x7453_5a96_cc7a_dfd7,
    0xe1de_048d_c78b_382e,
    0xa8de_6558_29aa_b207,
    0xfbba_1e4a_59b0_c60c,
    0xe5b5_e938_5b20_2824,
    0xf579_e080_1628_96e9,
    0x51d3_a3c3_51be_10ec,
    0xa7f5_03a2_8f43_1ca9,
    0xc451_66d9_f693_5ff8,
    0xc977_d592_999f_2194,
    0x9516_3617_49f6_428a,
    0x287f_ea4c_9695_f3f4,
    0x395c_6750_aa42_e65e,
    0x980a_ab2f_ff6b_c784,
    0x64fc_bfa0_1dca_3978,
    0x640a_711e_b0e4_9b41,
    0xa848_cc5d_9cb0_e150,
    0xfc99_7227_a4f0_7f8f,
    0xaaf6_77bd_80e3_0ac5,
    0x8358_c5bb_1248_ac23,
    0x5814_3117_e4e1_6555,
    0x2c43_fd0a_9eae_c04d,
    0x4bd6_71b1_24b5_701a,
    0x689a_66ba_46d1_c3bd,
    0x1266_fbf7_7386_b1db,
    0xcc7c_533a_7fca_95d8,
    0x7c91_d10a_8d75_740e,
    0x59e4_a152_525b_1b29,
    0x324f_ca6a_f2b5_c1d1,
    0x1f9e_abdf_dbe2_b7bd,
];

/// Go adds words at lags 273 and 607. Each is made of three outputs of a Lehmer generator, and a word that
/// stands in the library's source.
pub(super) fn go(seed: i64, out: &mut [u64]) {
    const MODULUS: u64 = (1 << 31) - 1;
    const ZERO: u64 = 89_482_311;
    /// The multiplier to the powers that lead from the seed to the elements 333, 332 … and 606, 605 …
    const POWERS: [[u64; FEED.len()]; 2] = [powers(333), powers(606)];
    // A product of two remainders, both not 0: modulo 2^31 − 1 the upper bits count as the lower ones do.
    const fn remainder(product: u64) -> u64 {
        let folded = (product & MODULUS) + (product >> 31);
        (folded & MODULUS) + (folded >> 31)
    }
    const fn step(x: u64) -> u64 {
        remainder(x * 48_271)
    }
    const fn powers(element: u64) -> [u64; FEED.len()] {
        let mut powers = [0; FEED.len()];
        let mut i = 0;
        while i < powers.len() {
            // Twenty steps are thrown away, and each element takes three.
            let steps = 21 + 3 * (element - i as u64);
            let (mut power, mut done) = (1, 0);
            while done < steps {
                power = step(power);
                done += 1;
            }
            powers[i] = power;
            i += 1;
        }
        powers
    }
    let start = match seed.rem_euclid(MODULUS as i64) as u64 {
        0 => ZERO,
        start => start,
    };
    let element = |power: u64, word: u64| {
        let x = remainder(start * power);
        let (y, z) = (step(x), step(step(x)));
        x << 40 ^ y << 20 ^ z ^ word
    };
    for (i, output) in out.iter_mut().enumerate().take(FEED.len()) {
        *output = element(POWERS[0][i], FEED[i]).wrapping_add(element(POWERS[1][i], TAP[i]));
    }
}

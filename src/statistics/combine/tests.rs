use super::*;
use crate::kernels::dispatch::{available, test_words};

#[test]
fn every_build_combines_by_the_coefficients() {
    let rows: [Vec<u64>; 4] = std::array::from_fn(|row| test_words(row as u64, 77));
    let [a, b, c, d] = rows.each_ref().map(Vec::as_slice);
    let linear = |by: [i64; 4], t: usize| {
        let terms = [a, b, c, d].map(|row| row[t] as i64);
        let products = terms
            .into_iter()
            .zip(by)
            .map(|(term, by)| term.wrapping_mul(by));
        products.fold(0, i64::wrapping_add) as u64
    };
    for level in available() {
        for op in [
            Op::Difference,
            Op::Sum,
            Op::Second,
            Op::Quad,
            Op::Xor,
            Op::XorQuad,
        ] {
            let mut out = vec![0; 77];
            apply_at(level, op, [a, b, c, d], &mut out);
            for (t, &word) in out.iter().enumerate() {
                let expected = match op {
                    Op::Difference => linear([1, -1, 0, 0], t),
                    Op::Sum => linear([1, 1, 0, 0], t),
                    Op::Second => linear([1, -2, 1, 0], t),
                    Op::Quad => linear([1, -1, -1, 1], t),
                    Op::Xor => a[t] ^ b[t],
                    Op::XorQuad => a[t] ^ b[t] ^ c[t] ^ d[t],
                };
                assert_eq!(word, expected, "{op:?} at {level:?}");
            }
        }
    }
}

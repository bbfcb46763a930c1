//! Normals by the ziggurat method, with tables as its authors make them.
//!
//! Sources: G. Marsaglia, W. W. Tsang, *The ziggurat method for generating random variables*, J. Statistical
//! Software 5(8), 2000; numpy's `random_standard_normal`, Octave's `randmtzig`, Go's `NormFloat64`.

use std::sync::LazyLock;

use super::{
    reals::{fill, res53},
    tape::Tape,
};

/// A ziggurat of strips of one area: their widths, heights, and the share of each that lies under the curve.
struct Ziggurat {
    /// Where the tail begins.
    end: f64,
    width: Vec<f64>,
    height: Vec<f64>,
    inside: Vec<f64>,
}

impl Ziggurat {
    /// So many strips, of which the tail's begins at `end`; the area is that of the lowest.
    fn new(strips: usize, end: f64, area: f64) -> Self {
        let curve = |x: f64| (-0.5 * x * x).exp();
        let (mut width, mut height, mut inside) =
            (vec![0.0; strips], vec![0.0; strips], vec![0.0; strips]);
        let last = strips - 1;
        width[0] = area / curve(end);
        inside[0] = end / width[0];
        width[last] = end;
        height[0] = 1.0;
        height[last] = curve(end);
        let mut wider = end;
        for strip in (1..last).rev() {
            let x = (-2.0 * (area / wider + curve(wider)).ln()).sqrt();
            inside[strip + 1] = x / wider;
            width[strip] = x;
            height[strip] = curve(x);
            wider = x;
        }
        Self {
            end,
            width,
            height,
            inside,
        }
    }

    /// The size of a normal that fell into a strip at this fraction of its width, or `Some(None)` where it is
    /// thrown away; `uniform` gives doubles, `tail` those of the tail.
    fn number(
        &self,
        strip: usize,
        fraction: f64,
        mut uniform: impl FnMut() -> Option<f64>,
    ) -> Option<Option<f64>> {
        let x = fraction * self.width[strip];
        if fraction < self.inside[strip] {
            return Some(Some(x));
        }
        if strip == 0 {
            loop {
                let beyond = -(-uniform()?).ln_1p() / self.end;
                let room = -(-uniform()?).ln_1p();
                if room + room > beyond * beyond {
                    return Some(Some(self.end + beyond));
                }
            }
        }
        let height = self.height[strip];
        let under = height + (self.height[strip - 1] - height) * uniform()? < (-0.5 * x * x).exp();
        Some(under.then_some(x))
    }
}

static STRIPS_256: LazyLock<Ziggurat> =
    LazyLock::new(|| Ziggurat::new(256, 3.654_152_885_361_009, 0.004_928_673_233_974_655));

static STRIPS_128: LazyLock<Ziggurat> =
    LazyLock::new(|| Ziggurat::new(128, 3.442_619_855_899, 9.912_563_035_262_17e-3));

/// numpy's, of words of 64 bits.
pub(super) fn numpy(tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    of_words(tape, out, Tape::next, |tape| {
        Some((tape.next()? >> 11) as f64 / 2f64.powi(53))
    })
}

/// numpy's, of outputs of 32 bits: the first of two is the high half of a word.
pub(super) fn numpy_twister(tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    let word = |tape: &mut Tape<'_>| Some(tape.next()? << 32 | tape.next()?);
    of_words(tape, out, word, res53)
}

/// Strip, sign and fraction of one word.
fn of_words<'a>(
    mut tape: Tape<'a>,
    out: &mut [f64],
    word: impl Fn(&mut Tape<'a>) -> Option<u64>,
    uniform: impl Fn(&mut Tape<'a>) -> Option<f64>,
) -> Option<()> {
    fill(out, || {
        loop {
            let word = word(&mut tape)?;
            let fraction = (word >> 9 & ((1 << 52) - 1)) as f64 / 2f64.powi(52);
            let strip = (word & 0xff) as usize;
            if let Some(size) = STRIPS_256.number(strip, fraction, || uniform(&mut tape))? {
                return Some(if word >> 8 & 1 == 1 { -size } else { size });
            }
        }
    })
}

/// Octave's: 54 bits of two outputs, the first one low.
pub(super) fn octave(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        loop {
            let (low, high) = (tape.next()?, tape.next()? & 0x3f_ffff);
            let word = high << 32 | low;
            let fraction = (word >> 1) as f64 / 2f64.powi(53);
            let strip = (word >> 1 & 0xff) as usize;
            if let Some(size) = STRIPS_256.number(strip, fraction, || res53(&mut tape))? {
                return Some(if word & 1 == 1 { -size } else { size });
            }
        }
    })
}

/// Go's `math/rand`: 32 bits of a word, of which the low ones are the strip.
pub(super) fn go(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        loop {
            let word = (tape.next()? & i64::MAX as u64) >> 31;
            let (signed, strip) = (word as u32 as i32, (word & 0x7f) as usize);
            let uniform = || Some((tape.next()? & i64::MAX as u64) as f64 / 2f64.powi(63));
            if let Some(number) = go_number(signed, strip, uniform)? {
                return Some(number);
            }
        }
    })
}

/// Go's `math/rand/v2`: 32 low bits of a word, and the strip above them.
pub(super) fn go_v2(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        loop {
            let word = tape.next()?;
            let (signed, strip) = (word as u32 as i32, (word >> 32 & 0x7f) as usize);
            let uniform = || Some((tape.next()? & ((1 << 53) - 1)) as f64 / 2f64.powi(53));
            if let Some(number) = go_number(signed, strip, uniform)? {
                return Some(number);
            }
        }
    })
}

fn go_number(
    signed: i32,
    strip: usize,
    uniform: impl FnMut() -> Option<f64>,
) -> Option<Option<f64>> {
    let fraction = f64::from(signed.unsigned_abs()) / 2f64.powi(31);
    let size = STRIPS_128.number(strip, fraction, uniform)?;
    Some(size.map(|size| if signed < 0 { -size } else { size }))
}

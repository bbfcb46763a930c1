//! Populations: what is alive, infected or left after each step, mostly whole numbers.

use crate::selftest::zoo::program::Program;

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "epidemic",
        "susceptible, infected and recovered of 1,000, day by day",
        &["s", "i", "r"],
        |w| {
            let [mut s, mut i, mut r] = [990_i64, 10, 0];
            w.rows(|own| {
                let new = own.poisson(0.4 * (s * i) as f64 / 1000.0).min(s);
                let healed = own.binomial(i as usize, 0.2);
                s -= new;
                i += new - healed;
                r += healed;
                [s, i, r]
            })
        },
    )
    .may_meet(),
    Program::new(
        "polya-urn",
        "the share of red balls in Pólya's urn",
        &["share"],
        |w| {
            let (mut red, mut all) = (1.0, 2.0);
            w.values(|own| {
                red += f64::from(u8::from(own.unit() < red / all));
                all += 1.0;
                red / all
            })
        },
    )
    .may_meet(),
    Program::new(
        "genetic-drift",
        "copies of an allele among 200 genes (Wright and Fisher)",
        &["copies"],
        |w| {
            let mut copies = 100;
            w.values(|own| {
                copies = own.binomial(200, copies as f64 / 200.0);
                copies
            })
        },
    )
    .may_meet(),
    Program::new(
        "gillespie",
        "births and deaths with their times",
        &["time", "count"],
        |w| {
            let (mut time, mut count) = (0.0, 20.0);
            w.rows(|own| {
                time += own.exponential() / (10.0 + count);
                count += if own.unit() < 10.0 / (10.0 + count) {
                    1.0
                } else {
                    -1.0
                };
                [time, count]
            })
        },
    ),
    Program::new(
        "radioactive-decay",
        "decays of 500 nuclei in each second",
        &["decays"],
        |w| {
            let mut left = 500;
            w.values(|own| {
                let decays = own.binomial(left, 0.03);
                left -= decays as usize;
                decays
            })
        },
    )
    .may_meet(),
    Program::new(
        "branching",
        "sizes of the generations of families that all start with three",
        &["size"],
        |w| {
            let mut size = 3;
            w.values(|own| {
                size = own.poisson(size.min(200) as f64);
                if size == 0 {
                    size = 3;
                }
                size
            })
        },
    )
    .may_meet(),
];

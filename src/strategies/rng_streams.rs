//! L'Ecuyer's streams and substreams, as in RngStreams, SSJ and R.

use std::num::NonZeroU32;

use super::{
    Entry, SeedSpace, Spec,
    entry::{Prepared, expanded, from_table, of_index},
};
use crate::{
    generators::{Leap, Mrg32k3a},
    vocabulary::{Root, RootSeed},
};

const fn spec(
    id: &'static str,
    summary: &'static str,
    formula: &'static str,
    index_bits: f64,
) -> Spec {
    Spec {
        seed_space: SeedSpace::Counter {
            root_bits: 191.0,
            index_bits,
        },
        ..of_index(
            id,
            summary,
            formula,
            "Distinct by construction until a stream is longer than the leap. The starts are laid \
                out one after the other before the run.",
            "P. L'Ecuyer, R. Simard, E. J. Chen, W. D. Kelton, *An object-oriented random-number \
                    package with many long streams and substreams*, Operations Research 50(6), 2002; R, \
                    `parallel::nextRNGStream`",
            &[],
        )
    }
}

fn prepare(root: Root, tasks: NonZeroU32, log2: u32) -> Prepared {
    let [a, b, c, d, e, f, ..] = RootSeed::from_bytes(expanded(&root)).words32();
    let leap = Leap::of_power(log2);
    let next = move |state: &Mrg32k3a| {
        let mut state = state.clone();
        leap.apply(&mut state);
        Some(state)
    };
    let first = Mrg32k3a::new([a, b, c, d, e, f]);
    from_table(
        std::iter::successors(Some(first), next).take(tasks.get() as usize),
        |state| state,
    )
}

/// R's `nextRNGStream`.
pub static MRG32K3A: Entry = Entry {
    spec: &spec(
        "rng-streams/mrg32k3a",
        "stream i starts i · 2^127 outputs into one MRG32k3a sequence",
        "state = A^(i · 2^127) · hash(root)",
        64.0,
    ),
    prepare: |root, tasks| prepare(root, tasks, Mrg32k3a::STREAM_LOG2),
};

/// R's `nextRNGSubStream`.
pub static SUBSTREAM_MRG32K3A: Entry = Entry {
    spec: &spec(
        "rng-substreams/mrg32k3a",
        "stream i is substream i of one MRG32k3a stream, 2^76 outputs each",
        "state = A^(i · 2^76) · hash(root)",
        51.0,
    ),
    prepare: |root, tasks| prepare(root, tasks, Mrg32k3a::SUBSTREAM_LOG2),
};

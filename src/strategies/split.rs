//! Java's splittable generators: the parent's words become the child's state.

use super::{
    Entry, Fact, SeedSpace, Spec,
    entry::{expanded, from_table, of_index},
};
use crate::generators::{Lxm, SplitMix64, mix64, words_of};

const fn spec(
    id: &'static str,
    summary: &'static str,
    formula: &'static str,
    reference: &'static str,
    bits: f64,
) -> Spec {
    Spec {
        seed_space: SeedSpace::Random { bits },
        ..of_index(
            id,
            summary,
            formula,
            "Distinct with high probability only: children are as good as random states. The parent \
                splits for one task after the other before the run.",
            reference,
            &[],
        )
    }
}

/// `L64X128MixRandom.split()`, once for each task.
pub static LXM: Entry = Entry {
    spec: &spec(
        "split/lxm",
        "the parent splits once for each task, in order, as Java 17's generators do",
        "state of stream i = words 4i … 4i + 3 of the parent",
        "G. L. Steele, S. Vigna, *LXM: better splittable pseudorandom number generators*, OOPSLA 2021",
        255.0,
    ),
    prepare: |root, tasks| {
        let [increment, linear, first, second] = words_of(&expanded(&root));
        let mut parent = Lxm::new(increment, linear, [first, second]);
        from_table((0..tasks.get()).map(|_| parent.split()), |child| child)
    },
};

/// `SplittableRandom.split()`, once for each task.
pub static SPLITMIX64: Entry = Entry {
    spec: &spec(
        "split/splitmix64",
        "the parent splits once for each task, in order, as Java's `SplittableRandom` does",
        "seed, gamma of stream i = word 2i and the mixed seed 2i + 1 of the parent",
        "G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number generators*, OOPSLA \
         2014",
        127.0,
    ).reading(&[Fact::RootLow(64), Fact::TaskIndex]),
    prepare: |root, tasks| {
        let mut parent = SplitMix64::new(mix64(root.seed().low_u64()));
        from_table((0..tasks.get()).map(|_| parent.split()), |child| child)
    },
};

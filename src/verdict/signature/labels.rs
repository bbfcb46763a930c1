//! Streams that several labels tell apart, as epoch and worker, and that are equal where these come to the same.

use std::collections::HashMap;

use crate::{
    results::{Equality, Joins},
    verdict::words,
    vocabulary::StreamId,
};

/// What two labels were joined to, or which of them was left out of the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    how: How,
    /// The places of the labels in a stream's name, from 0.
    of: (usize, usize),
    /// Labels of streams that are equal.
    example: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Without,
    Sum,
    Difference,
    Product,
    Xor,
}

impl How {
    /// In the order in which they are tried: the simplest first.
    const ALL: [Self; 5] = [
        Self::Without,
        Self::Sum,
        Self::Difference,
        Self::Xor,
        Self::Product,
    ];

    const fn join(self, first: u64, second: u64) -> u64 {
        match self {
            Self::Without => second,
            Self::Sum => first.wrapping_add(second),
            Self::Difference => first.wrapping_sub(second),
            Self::Product => first.wrapping_mul(second),
            Self::Xor => first ^ second,
        }
    }
}

pub(super) const CURE: &str = "give the generator every label as a key of its own (a spawn key, a seed sequence of all of \
                               them) beside one root a run, never a sum or another number made of them";

/// How labels were joined, if streams of a run are equal just where that comes to the same.
pub(super) fn joined(
    equality: &Equality,
    joins: &Joins,
    labels: &[(StreamId, &[u64])],
) -> Option<Joined> {
    let count = labels.first()?.1.len();
    let complete = labels.len() as u64 == equality.streams;
    if !complete
        || !equality.repeated_runs.is_empty()
        || labels.iter().any(|(_, of)| of.len() != count)
    {
        return None;
    }
    let pairs = (0..count)
        .flat_map(|a| (0..count).map(move |b| (a, b)))
        .filter(|(a, b)| a != b);
    let ways = How::ALL
        .into_iter()
        .flat_map(|how| pairs.clone().map(move |of| (how, of)));
    // Only which label is left out depends on their order.
    let mut ways = ways.filter(|(how, of)| *how == How::Without || of.0 < of.1);
    let key = |how: How, (a, b): (usize, usize), of: &[u64]| -> Vec<u64> {
        let rest = (0..count).filter(|&at| at != a && at != b).map(|at| of[at]);
        std::iter::once(how.join(of[a], of[b]))
            .chain(rest)
            .collect()
    };
    ways.find_map(|(how, of)| {
        let mut sizes: HashMap<(u32, Vec<u64>), u64> = HashMap::new();
        for (id, numbers) in labels {
            *sizes.entry((id.run.0, key(how, of, numbers))).or_default() += 1;
        }
        let predicted: u64 = sizes.values().map(|size| size * (size - 1) / 2).sum();
        let labels_of = |id: &StreamId| {
            let at = labels.binary_search_by_key(id, |(id, _)| *id).ok()?;
            Some(labels[at].1)
        };
        let agree = |streams: &[StreamId]| {
            let mut keys = streams
                .iter()
                .map(|id| labels_of(id).map(|numbers| key(how, of, numbers)));
            let first = keys.next().flatten();
            first.is_some() && keys.all(|key| key == first)
        };
        let within = |streams: &[StreamId]| streams.chunk_by(|a, b| a.run == b.run).all(agree);
        let holds = predicted == equality.same_run_pairs
            && joins
                .equal_streams
                .iter()
                .all(|group| within(&group.streams));
        let example = joins
            .equal_streams
            .iter()
            .rev()
            .max_by_key(|group| group.streams.len())?;
        let run = example.streams.first()?.run;
        let of_run = example.streams.iter().filter(|id| id.run == run).take(3);
        let named = |numbers: &[u64]| {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            numbers.join(" ")
        };
        holds.then(|| Joined {
            how,
            of,
            example: of_run.filter_map(labels_of).map(named).collect(),
        })
    })
}

/// What that says of the cause.
pub(super) fn cause(joined: &Joined) -> String {
    let ordinal = |at: usize| words::ordinal(at as u64 + 1);
    let (first, second) = (ordinal(joined.of.0), ordinal(joined.of.1));
    let told = match joined.how {
        How::Without => format!(
            "the {first} label does not enter the seed: streams that differ in it alone draw the same"
        ),
        How::Sum => format!(
            "the {first} and the {second} label are added: streams with one sum of them draw the same"
        ),
        How::Difference => {
            format!(
                "the {first} and the {second} label are subtracted: streams with one difference of them draw the same"
            )
        }
        How::Product => {
            format!(
                "the {first} and the {second} label are multiplied: streams with one product of them draw the same"
            )
        }
        How::Xor => format!(
            "the {first} and the {second} label are xored: streams with one xor of them draw the same"
        ),
    };
    format!("{told} (as {})", joined.example.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::EqualStreams,
        vocabulary::{Format, Layout, RunGroup, RunId, RunInfo},
    };

    /// What is said of streams with labels below 3 and 4 whose seed is this.
    fn said(seed: impl Fn(u64, u64) -> u64) -> Option<String> {
        let labels: Vec<Vec<u64>> = (0..12).map(|at| vec![at / 4, at % 4]).collect();
        let seeds: Vec<u64> = labels.iter().map(|of| seed(of[0], of[1])).collect();
        let ids: Vec<StreamId> = (0..12).map(|task| StreamId::new(0, task)).collect();
        let classes: Vec<u32> = seeds
            .iter()
            .map(|seed| seeds.iter().position(|other| other == seed).unwrap_or(0) as u32)
            .collect();
        let runs = vec![RunInfo::fresh(RunId(0))];
        let layout = Layout::new(ids.clone(), &[9; 12], runs, Format::WORDS).unwrap();
        let equality = Equality::count(&layout, &classes, RunGroup::Fresh);
        let groups = (0..12).map(|class| {
            let of: Vec<StreamId> = (0..12)
                .filter(|&at| classes[at as usize] == class)
                .map(|at| ids[at as usize])
                .collect();
            EqualStreams {
                count: of.len() as u64,
                runs: 1,
                tasks: of.len() as u64,
                streams: of,
                words: 9,
            }
        });
        let joins = Joins {
            equal_streams: groups.filter(|group| group.count > 1).collect(),
            ..Joins::default()
        };
        let with: Vec<(StreamId, &[u64])> = ids
            .iter()
            .copied()
            .zip(labels.iter().map(Vec::as_slice))
            .collect();
        joined(&equality, &joins, &with).map(|found| cause(&found))
    }

    #[test]
    fn what_labels_were_joined_to_is_named() {
        for (seed, told) in [
            (
                (|a, b| a + b) as fn(u64, u64) -> u64,
                "the 1st and the 2nd label are added",
            ),
            (|a, b| a ^ b, "are xored"),
            (|a, b| 100 + a - b, "are subtracted"),
            (|a, b| 7 + a * b, "are multiplied"),
            (|a, _| a, "the 2nd label does not enter the seed"),
            (|_, b| b, "the 1st label does not enter the seed"),
        ] {
            let said = said(seed).unwrap_or_default();
            assert!(said.contains(told), "{told}: {said}");
        }
        assert!(
            said(|a, b| a + b).unwrap().ends_with("(as 0 2, 1 1, 2 0)"),
            "{:?}",
            said(|a, b| a + b)
        );
        assert_eq!(said(|a, b| (5 * a + b) % 7), None);
    }
}

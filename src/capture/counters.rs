//! Labels that count rows and name no stream: a task's number where a worker does many tasks, a seed that is another
//! for every row, an epoch of which every worker has one row. Each makes streams of one value.

use std::collections::{HashMap, HashSet};

use super::{
    held::Held,
    identity::{Identity, Label},
    names::Column,
    rows::Rows,
};

/// Streams of one row each from which on a label is looked at.
const FEWEST: usize = 8;

/// A label of every stream: its column, and what the column is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Labelled<'a> {
    pub column: Column,
    pub name: &'a str,
}

/// Joins streams of one row each that differ in a label which is new in every row, or in an epoch, where other labels
/// come again. `texts` takes the key of a stream apart into its labels, in the order of `labels`.
pub(super) fn join(
    rows: &mut Rows,
    base: &Identity,
    labels: &[Labelled<'_>],
    texts: impl Fn(&[u8]) -> Vec<String>,
) {
    let row = rows.per_row() as usize * rows.kind().map_or(1, |kind| kind.raw_per_element());
    let one_each = |(_, values): &(Identity, Held)| values.len() == row;
    let count = rows.streams().len();
    let seeds_only = || labels.iter().all(|label| label.column == Column::Seed);
    if labels.is_empty()
        || labels.len() < 2 && !seeds_only()
        || count < FEWEST
        || !rows.streams().iter().all(one_each)
    {
        return;
    }
    let keys: Vec<Vec<String>> = rows.keys().into_iter().map(|key| texts(&key)).collect();
    if keys.iter().any(|texts| texts.len() != labels.len()) {
        return;
    }
    let distinct = |kept: &[usize]| {
        let label =
            |texts: &Vec<String>| kept.iter().map(|&at| texts[at].clone()).collect::<Vec<_>>();
        keys.iter().map(label).collect::<HashSet<_>>().len()
    };
    let is_task = |at: &usize| labels[*at].column.label() == Some(Label::Task);
    let is_seed = |at: &usize| labels[*at].column == Column::Seed;
    let is_epoch = |at: &usize| labels[*at].column == Column::Epoch;
    let (new, kept): (Vec<usize>, Vec<usize>) = (0..labels.len())
        .partition(|at| is_epoch(at) || (is_task(at) || is_seed(at)) && distinct(&[*at]) == count);
    // Without the seeds of its rows a table may be one list.
    let whose = kept.iter().any(is_task) || kept.is_empty() && new.iter().all(is_seed);
    if new.is_empty() || !whose || 2 * distinct(&kept) > count {
        return;
    }
    let mut index: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut joined: Vec<(Identity, Held)> = Vec::new();
    for (texts, (_, values)) in keys.iter().zip(rows.streams()) {
        let key: Vec<&str> = kept.iter().map(|&at| texts[at].as_str()).collect();
        let stream = *index.entry(key).or_insert_with(|| {
            let mut identity = base.clone();
            for &at in &kept {
                identity.seeded |= labels[at].column == Column::Seed;
                if let Some(label) = labels[at].column.label() {
                    identity.label(label, &texts[at]);
                }
            }
            joined.push((identity, Held::default()));
            joined.len() - 1
        });
        joined[stream].1.extend(values.iter().copied());
    }
    rows.replace(joined);
    for at in new {
        let name = labels[at].name.trim();
        let what = if is_epoch(&at) {
            "has one row of every stream, so it counts rows"
        } else if is_seed(&at) {
            "never repeats, so it is another seed for every row and names no run"
        } else {
            "never repeats, so it counts draws and names no stream"
        };
        rows.note(0, format!("`{name}` {what} (--by {name} says otherwise)"));
    }
}

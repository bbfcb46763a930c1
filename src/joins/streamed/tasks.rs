//! Tasks: which stretches of which streams each is about.

use std::collections::BTreeMap;

use super::{
    message::{BadMessage, decode, encode},
    slabs::{self, Stretch},
};
use crate::vocabulary::{Engine, Layout, Task};

/// The tasks that read some streams, each about streams of one owner.
pub(super) fn cut(
    layout: &Layout,
    streams: &[bool],
    takes_turns: bool,
    engine: &dyn Engine,
) -> Vec<Task> {
    let words = engine.task_words().max(1);
    let mut owned: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
    for at in (0..layout.streams()).filter(|&at| streams[at]) {
        owned
            .entry(engine.owner(layout.id(at)))
            .or_default()
            .push(at);
    }
    let mut tasks = Vec::new();
    for (owner, streams) in owned {
        let slabs = match takes_turns {
            true => slabs::side_by_side(layout, &streams, words),
            false => slabs::end_to_end(layout, &streams, words),
        };
        tasks.extend(slabs.iter().map(|stretches| {
            let numbers = stretches.iter().flat_map(Stretch::numbers).collect();
            Task {
                owner,
                message: encode(&(), &[numbers]),
            }
        }));
    }
    tasks
}

/// The stretches that a task is about.
///
/// # Errors
/// When it is no task.
pub(super) fn stretches(task: &[u8]) -> Result<Vec<Stretch>, BadMessage> {
    let ((), lists) = decode(task)?;
    let [numbers] = &lists[..] else {
        return Err(BadMessage);
    };
    let (stretches, rest) = numbers.as_chunks::<7>();
    match rest.is_empty() {
        true => Ok(stretches.iter().map(Stretch::of_numbers).collect()),
        false => Err(BadMessage),
    }
}

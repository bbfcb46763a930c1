//! In which order tasks lie in the shared file, and what that lets be left out of it.
//!
//! A forked worker pays for every page that it is the first in its process to touch, several
//! microseconds each, which is what a fork itself costs soon. So the rows of one worker lie side by
//! side where it is known beforehand which they are, and of each task's site only the start time is
//! written: all else follows from the worker's own record and the assignment.

use std::ops::Range;

use crate::{
    harness::chunks::Chunks,
    vocabulary::{Site, TaskId},
};

/// The places of tasks in the file.
pub(crate) struct Order {
    chunks: Chunks,
    /// The chunk at each position: sorted by owner if that is known, else by number.
    by_position: Vec<u32>,
    /// The place of the first task of each position, and the number of tasks at the end.
    places: Vec<u32>,
}

impl Order {
    /// The order of a launch whose chunks have these owners; `None` if they are handed out later.
    pub(crate) fn new(chunks: Chunks, owners: Option<&[u32]>) -> Self {
        let mut by_position: Vec<u32> = (0..chunks.count()).collect();
        if let Some(owners) = owners {
            by_position.sort_by_key(|&chunk| owners[chunk as usize]);
        }
        let mut places = Vec::with_capacity(by_position.len() + 1);
        let mut place = 0;
        places.push(0);
        for &chunk in &by_position {
            place += chunks.tasks(chunk).len() as u32;
            places.push(place);
        }
        Self {
            chunks,
            by_position,
            places,
        }
    }

    /// The chunk at a position.
    pub(crate) fn chunk(&self, position: usize) -> u32 {
        self.by_position[position]
    }

    /// The places of the tasks of the chunk at a position.
    pub(crate) fn places(&self, position: usize) -> Range<u32> {
        self.places[position]..self.places[position + 1]
    }

    /// Where the positions of every worker start, and their end.
    pub(crate) fn starts(&self, owners: &[u32], workers: u32) -> Vec<usize> {
        (0..=workers)
            .map(|worker| {
                self.by_position
                    .partition_point(|&chunk| owners[chunk as usize] < worker)
            })
            .collect()
    }

    /// Cuts an arena in task order into one slice a position.
    pub(crate) fn slices<'a>(&self, arena: &'a mut [u64], row_words: usize) -> Vec<&'a mut [u64]> {
        let chunk_words = self.chunks.size() as usize * row_words;
        let mut slices: Vec<Option<&mut [u64]>> = arena.chunks_mut(chunk_words).map(Some).collect();
        self.by_position
            .iter()
            .filter_map(|&chunk| slices[chunk as usize].take())
            .collect()
    }

    /// The sites of the first tasks, as many as `sites` holds: from each worker's site before its
    /// first task, each chunk's owner, and the start time at each place.
    pub(crate) fn fill_sites(
        &self,
        workers: &[Site],
        owners: &[u32],
        start_unix_ns: &[u64],
        sites: &mut [Site],
    ) {
        // Workers take chunks in ascending order, dealt or not, and so do these counts follow them.
        let mut executed = vec![0_u32; workers.len()];
        let mut position_of = vec![0_usize; self.by_position.len()];
        for (position, &chunk) in self.by_position.iter().enumerate() {
            position_of[chunk as usize] = position;
        }
        for chunk in 0..self.chunks.count() {
            let tasks = self.chunks.tasks(chunk);
            if tasks.start as usize >= sites.len() {
                break;
            }
            let owner = owners[chunk as usize] as usize;
            for (task, place) in tasks.zip(self.places(position_of[chunk as usize])) {
                if let Some(site) = sites.get_mut(task as usize) {
                    *site = Site {
                        task: TaskId(task),
                        task_ordinal: executed[owner],
                        task_start_unix_ns: start_unix_ns[place as usize],
                        ..workers[owner]
                    };
                }
                executed[owner] += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::vocabulary::WorkerId;

    fn chunks() -> Chunks {
        let number = |value| NonZeroU32::new(value).unwrap();
        // Five tasks in chunks of two: 0 1 | 2 3 | 4.
        Chunks::new(number(5), number(2), Some(number(2)))
    }

    #[test]
    fn rows_of_one_worker_lie_side_by_side() {
        let owners = [1, 0, 1];
        let order = Order::new(chunks(), Some(&owners));
        assert_eq!(order.starts(&owners, 2), [0, 1, 3]);
        assert_eq!([0, 1, 2].map(|position| order.chunk(position)), [1, 0, 2]);
        assert_eq!(
            [0, 1, 2].map(|position| order.places(position)),
            [0..2, 2..4, 4..5]
        );

        let mut arena = [0; 5];
        for (slice, value) in order.slices(&mut arena, 1).into_iter().zip(1..) {
            slice.fill(value);
        }
        assert_eq!(arena, [2, 2, 1, 1, 3]);
    }

    #[test]
    fn sites_follow_from_workers_and_owners() {
        let workers = [0, 1].map(|worker| Site {
            worker: WorkerId(worker),
            pid: 100 + worker,
            ..Site::default()
        });
        for owners in [None, Some([1, 0, 1])] {
            let order = Order::new(chunks(), owners.as_ref().map(|owners| &owners[..]));
            let mut starts = [0; 5];
            for position in 0..3 {
                let tasks = chunks().tasks(order.chunk(position));
                for (place, task) in order.places(position).zip(tasks) {
                    starts[place as usize] = 1000 + u64::from(task);
                }
            }
            let mut sites = [Site::default(); 5];
            order.fill_sites(&workers, &[1, 0, 1], &starts, &mut sites);
            let facts = sites.map(|site| (site.task.0, site.pid, site.task_ordinal));
            assert_eq!(
                facts,
                [
                    (0, 101, 0),
                    (1, 101, 1),
                    (2, 100, 0),
                    (3, 100, 1),
                    (4, 101, 2)
                ]
            );
            assert_eq!(
                sites.map(|site| site.task_start_unix_ns),
                [1000, 1001, 1002, 1003, 1004]
            );
        }
    }
}

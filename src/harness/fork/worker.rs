//! A forked worker: from the fork to its `_exit`.
#![expect(
    unsafe_code,
    reason = "rows of a mapping shared between processes; see the SAFETY note"
)]

use std::{
    io::{PipeReader, PipeWriter, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use nix::unistd::{Pid, getppid};

use super::{
    end::{die_with_parent, leave},
    order::Order,
    segment::Segment,
    wire::Request,
};
use crate::{
    harness::{
        ambient::{host, unix_ns, worker_site},
        error::panic_message,
        worker::{Deadline, Shift},
    },
    strategies::Seeder,
};

/// Exit code of a worker whose strategy panicked; its message is in the segment.
const PANICKED: i32 = 101;
/// Exit code of a worker whose helper was gone when it started.
const ORPHANED: i32 = 102;

/// Both ends of the gate in front of a dynamic assignment.
pub(crate) type Gate = (PipeReader, PipeWriter);

/// What all workers inherit.
pub(crate) struct Crew<'a> {
    request: &'a Request,
    segment: &'a Segment,
    seeder: &'a dyn Seeder,
    order: Order,
    /// The positions of worker k are `starts[k]..starts[k + 1]`, where chunks are dealt.
    starts: Vec<usize>,
}

impl<'a> Crew<'a> {
    pub(crate) fn new(request: &'a Request, segment: &'a Segment, seeder: &'a dyn Seeder) -> Self {
        let chunks = request.chunks();
        // Sorted once, here: a thousand workers inherit it. So they do the host's name.
        host();
        let (order, starts) = if request.dynamic {
            (Order::new(chunks, None), Vec::new())
        } else {
            let owners: Vec<u32> = (0..chunks.count())
                .map(|chunk| segment.owner(chunk))
                .collect();
            let order = Order::new(chunks, Some(&owners));
            let starts = order.starts(&owners, request.workers.get());
            (order, starts)
        };
        Self {
            request,
            segment,
            seeder,
            order,
            starts,
        }
    }

    /// Executes worker `worker`'s tasks in the process just forked, and ends it.
    pub(crate) fn be_worker(&self, worker: u32, helper: Pid, gate: Option<Gate>) -> ! {
        // The helper may have ended before the kernel was asked to tell.
        if die_with_parent().is_err() || getppid() != helper {
            leave(ORPHANED);
        }
        leave(
            match catch_unwind(AssertUnwindSafe(|| self.work(worker, gate))) {
                Ok(()) => 0,
                Err(payload) => {
                    self.segment.record_panic(worker, &panic_message(&*payload));
                    PANICKED
                }
            },
        )
    }

    fn work(&self, worker: u32, gate: Option<Gate>) {
        let site = worker_site(self.request.run, self.request.first_ordinal, worker);
        let words = self.request.words.get() as usize;
        let mut shift = Shift::begin(self.seeder, site, words, Deadline::none());
        if let Some((mut opened, own_end)) = gate {
            drop(own_end);
            // Returns, with nothing read, when the helper closes its end.
            let _ = opened.read(&mut [0]);
        }
        self.segment.start(&site, unix_ns());
        if self.request.dynamic {
            let count = u64::from(self.request.chunks().count());
            loop {
                let chunk = self.segment.take_chunk();
                if chunk >= count {
                    break;
                }
                self.segment.set_owner(chunk as u32, worker);
                self.execute(&mut shift, worker, chunk as usize);
            }
        } else {
            let mine = self.starts[worker as usize]..self.starts[worker as usize + 1];
            for position in mine {
                self.execute(&mut shift, worker, position);
            }
        }
        self.segment.finish(worker, unix_ns());
    }

    fn execute(&self, shift: &mut Shift<'_>, worker: u32, position: usize) {
        let first = self
            .request
            .chunks()
            .tasks(self.order.chunk(position))
            .start;
        let places = self.order.places(position);
        // SAFETY: a position has one owner, by the sorted list or by the queue's counter, and its
        // owner executes it once; the places of positions do not overlap.
        let rows = unsafe { self.segment.rows(places.clone()) };
        shift
            .execute(
                first,
                rows,
                |_| unix_ns(),
                |index, site| {
                    let place = places.start + index as u32;
                    self.segment.record_start(place, site.task_start_unix_ns);
                    self.segment.count_task(worker);
                },
            )
            .expect("a forked worker has no deadline of its own");
    }
}

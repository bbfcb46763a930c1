//! Cells side by side: each lane is a thread that works on one strategy at a time.
//!
//! All backends of a strategy go to the same lane, in order, so that rows with the same words are
//! analysed once. Rows do not depend on how many lanes there are; what launches took does.

use std::{
    sync::mpsc::{self, Receiver, Sender},
    thread,
};

use super::{Event, NOT_STARTED, Observer, cell::Desk, control::Controls};
use crate::{
    harness::Backend,
    plan::{Plan, Sizes},
    record::{CellOutcome, CellReport},
    strategies::SeedingStrategy,
    vocabulary::BackendKind,
};

/// One cell of the plan, found and ready.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) strategy: &'static dyn SeedingStrategy,
    pub(super) backend: &'a dyn Backend,
}

impl Cell<'_> {
    fn id(&self) -> &'static str {
        self.strategy.spec().id
    }

    fn kind(&self) -> BackendKind {
        self.backend.kind()
    }

    fn row(&self, outcome: CellOutcome) -> CellReport {
        CellReport::new(self.id(), Some(self.kind()), outcome)
    }
}

/// What a lane tells.
enum Note {
    /// It wants its next cell.
    Free {
        lane: usize,
    },
    Collected {
        bytes: u64,
    },
    Control {
        generator: &'static str,
    },
    SecondStage {
        grey: usize,
    },
    Done {
        index: usize,
        outcome: CellOutcome,
    },
}

/// Runs all cells on so many lanes; rows in the order of cells.
pub(super) fn run(
    plan: &Plan,
    sizes: Sizes,
    cells: &[Cell<'_>],
    lanes: usize,
    observer: &mut dyn Observer,
) -> Vec<CellReport> {
    let controls = Controls::default();
    let mut rows: Vec<Option<CellReport>> = cells.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let (notes, heard) = mpsc::channel();
        let mut orders = Vec::new();
        for lane in 0..lanes {
            let (order, orders_of_lane) = mpsc::channel();
            let notes = notes.clone();
            let desk = Desk::new(plan, sizes, &controls);
            scope.spawn(move || work(lane, desk, cells, &orders_of_lane, &notes));
            orders.push(Some(order));
        }
        drop(notes);
        let mut queue = Queue::new(cells, lanes);
        // Ends when the last lane has left.
        for note in heard {
            match note {
                Note::Free { lane } => {
                    match hand_out(cells, &mut queue, lane, &mut rows, observer) {
                        Some(index) => {
                            if let Some(order) = &orders[lane] {
                                // Fails only where the lane panicked, which the scope passes on.
                                let _ = order.send(index);
                            }
                        }
                        None => orders[lane] = None,
                    }
                }
                Note::Collected { bytes } => observer.event(Event::Collected { bytes }),
                Note::Control { generator } => observer.event(Event::Control { generator }),
                Note::SecondStage { grey } => observer.event(Event::SecondStage { grey }),
                Note::Done { index, outcome } => {
                    let row = rows[index].insert(cells[index].row(outcome));
                    observer.event(Event::Done { index, row });
                }
            }
        }
    });
    rows.into_iter().flatten().collect()
}

/// The next cell for a lane; cells for which there is no time become rows that say so.
fn hand_out(
    cells: &[Cell<'_>],
    queue: &mut Queue,
    lane: usize,
    rows: &mut [Option<CellReport>],
    observer: &mut dyn Observer,
) -> Option<usize> {
    while let Some(index) = queue.next(lane) {
        if !observer.out_of_time() {
            observer.event(Event::Cell {
                index,
                of: cells.len(),
                strategy: cells[index].id(),
                backend: cells[index].kind(),
            });
            return Some(index);
        }
        let row = rows[index].insert(cells[index].row(CellOutcome::Failed {
            error: NOT_STARTED.to_owned(),
        }));
        observer.event(Event::Done { index, row });
    }
    None
}

fn work(
    lane: usize,
    mut desk: Desk<'_>,
    cells: &[Cell<'_>],
    orders: &Receiver<usize>,
    notes: &Sender<Note>,
) {
    // Sending fails only when nobody listens any more: then the orders end too.
    let tell = |note| drop(notes.send(note));
    tell(Note::Free { lane });
    while let Ok(index) = orders.recv() {
        let cell = cells[index];
        let outcome = desk.run(cell.strategy, cell.backend, &mut |event| match event {
            Event::Collected { bytes } => tell(Note::Collected { bytes }),
            Event::Control { generator } => tell(Note::Control { generator }),
            Event::SecondStage { grey } => tell(Note::SecondStage { grey }),
            _ => {}
        });
        tell(Note::Done { index, outcome });
        tell(Note::Free { lane });
    }
}

/// Which lane gets which cell: runs of cells of one strategy stay together.
struct Queue {
    /// The first cell after each cell's strategy.
    ends: Vec<usize>,
    /// The first cell that no lane has.
    free: usize,
    /// What is left of the strategy of each lane.
    hands: Vec<std::ops::Range<usize>>,
}

impl Queue {
    fn new(cells: &[Cell<'_>], lanes: usize) -> Self {
        let mut ends = Vec::with_capacity(cells.len());
        for group in cells.chunk_by(|a, b| a.id() == b.id()) {
            ends.resize(ends.len() + group.len(), ends.len() + group.len());
        }
        Self {
            ends,
            free: 0,
            hands: vec![0..0; lanes],
        }
    }

    fn next(&mut self, lane: usize) -> Option<usize> {
        if self.hands[lane].is_empty() {
            let end = *self.ends.get(self.free)?;
            self.hands[lane] = self.free..end;
            self.free = end;
        }
        self.hands[lane].next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        harness::{SitesBackend, ThreadsBackend},
        strategies::find,
    };

    #[test]
    fn a_lane_keeps_its_strategy() {
        let sites = SitesBackend::default();
        let backends: [&dyn Backend; 2] = [&ThreadsBackend, &sites];
        let cells: Vec<Cell<'_>> = ["fixed/mt19937", "spawn-key/chacha20", "pid/mt19937"]
            .iter()
            .flat_map(|id| {
                backends.map(|backend| Cell {
                    strategy: find(id).unwrap(),
                    backend,
                })
            })
            .collect();
        let mut queue = Queue::new(&cells, 2);
        let taken = [0, 1, 1, 1, 0, 0, 1].map(|lane| queue.next(lane));
        assert_eq!(
            taken,
            [Some(0), Some(2), Some(3), Some(4), Some(1), None, Some(5)]
        );
    }
}

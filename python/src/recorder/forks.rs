//! Forks, programs that are started, and the end of a process.

use pyo3::{ffi, prelude::*, types::PyBytes};
use seedbench::watch::record::{Arrival, Cut, Event, Library};

use super::{
    bitgen,
    emit::Pen,
    entropy,
    events::{self, with},
    guarded, hello,
    methods::{self, Does},
    objects,
    registry::{self, Open, Registry},
    switch_seedings,
    torch::{TorchBirth, TorchState},
};

/// Words that find a state again among those recorded of it.
const FOUND_BY: usize = 2;

/// How far each state has been used: the rest belongs to parent and child alike.
#[pyfunction]
pub fn before_fork(py: Python<'_>) {
    guarded(|| {
        let cuts = with(|registry| {
            let open = std::mem::take(&mut registry.open);
            let now: Vec<_> = open.iter().map(|open| now(registry, open)).collect();
            (registry.pen.clone(), open, now)
        });
        let Some((pen, open, now)) = cuts else { return };
        for (open, now) in open.into_iter().zip(now) {
            let Some((words, halves)) = now.and_then(|now| now.known(py)) else {
                continue;
            };
            if let Some(words) = used(&open.words, &words, halves) {
                let (state, segment) = (open.state, open.segment);
                pen.write(Event::Cut(Cut {
                    state,
                    segment,
                    words,
                }));
            }
        }
    });
}

/// Where a state is now.
enum Now {
    /// Its next words, and whether draws are halves of words.
    Known(Vec<u64>, bool),
    /// The object that is to be asked.
    Ask(usize, Library),
}

impl Now {
    fn known(self, py: Python<'_>) -> Option<(Vec<u64>, bool)> {
        let (object, library) = match self {
            Self::Known(words, halves) => return Some((words, halves)),
            Self::Ask(object, library) => (object, library),
        };
        // SAFETY: the object is alive, else its state would not be known.
        let object = unsafe { Bound::from_borrowed_ptr_or_opt(py, object as *mut ffi::PyObject) }?;
        let halves = library == Library::Random || object.get_type().name().ok()? == "MT19937";
        let mut words = objects::asked(&object, library).ok()?;
        words.truncate(FOUND_BY);
        Some((words, halves))
    }
}

/// The same for a generator of torch, which is asked by Python; to be called before [`before_fork`].
#[pyfunction]
pub fn torch_cut(birth: &TorchBirth, state: &[u8]) {
    let Some(state) = TorchState::of(state) else {
        return;
    };
    let now = state.words(FOUND_BY);
    let cut = with(|registry| {
        let mut open = registry.open.iter().rev();
        let open = open.find(|open| open.state == birth.state())?;
        let words = used(&open.words, &now, true)?;
        let cut = Cut {
            state: open.state.clone(),
            segment: open.segment,
            words,
        };
        Some((registry.pen.clone(), cut))
    });
    if let Some((pen, cut)) = cut.flatten() {
        pen.write(Event::Cut(cut));
    }
}

/// How far a state that had been copied was used, where it ends.
pub fn last_use(registry: &Registry, key: usize) -> Option<Cut> {
    let state = registry.states.get(&key)?;
    state.copied?;
    let of_state = |open: &&Open| open.key == key && open.state == state.birth.state;
    let open = registry.open.iter().rev().find(of_state)?;
    let Now::Known(words, halves) = now(registry, open)? else {
        return None;
    };
    Some(Cut {
        state: open.state.clone(),
        segment: open.segment,
        words: used(&open.words, &words, halves).unwrap_or(open.words.len() as u64),
    })
}

fn now(registry: &Registry, open: &Open) -> Option<Now> {
    let state = registry.states.get(&open.key)?;
    if state.birth.state != open.state {
        return None; // it died, and its place is another's; or it was seeded again
    }
    let (words, halves) = if state.library == Library::Random {
        (objects::random_words(open.key, FOUND_BY), true)
    } else {
        let kind = registry.nodes.get(state.nodes.first()?)?.kind;
        // SAFETY: the interpreter is held; a thread that draws without it at a fork is in no better case.
        let words = unsafe { bitgen::words(open.key as *const _, kind, FOUND_BY) };
        (words, bitgen::has_halves(kind))
    };
    let ask = (state.object != 0).then_some(Now::Ask(state.object, state.library));
    words.map(|words| Now::Known(words, halves)).or(ask)
}

/// At which word of those recorded the state is now; halves of words count where draws are halves.
fn used(words: &[u64], now: &[u64], halves: bool) -> Option<u64> {
    if !halves {
        return words
            .windows(now.len())
            .position(|window| window == now)
            .map(|at| at as u64);
    }
    let split = |words: &[u64]| -> Vec<u32> {
        words
            .iter()
            .flat_map(|word| [*word as u32, (word >> 32) as u32])
            .collect()
    };
    let (words, now) = (split(words), split(now));
    words
        .windows(now.len())
        .position(|window| window == now)
        .map(|at| at as u64 / 2)
}

/// A program was started: its process id, and the command line or path.
pub fn started(child: &Bound<'_, PyAny>, command: Option<&Bound<'_, PyAny>>) -> Option<Event> {
    const PARTS: usize = 6;
    let child: i64 = child.extract().ok()?;
    let command = command?;
    let text = |part: &Bound<'_, PyAny>| -> Option<String> {
        let bytes = command
            .py()
            .import("os")
            .ok()?
            .call_method1("fsencode", (part,))
            .ok()?;
        let bytes = bytes.cast::<PyBytes>().ok()?;
        Some(String::from_utf8_lossy(bytes.as_bytes()).into_owned())
    };
    let command = match text(command) {
        Some(path) => vec![path],
        None => command
            .try_iter()
            .ok()?
            .take(PARTS)
            .filter_map(|part| text(&part.ok()?))
            .collect(),
    };
    Some(Event::Started {
        child: u32::try_from(child).ok()?,
        command,
    })
}

/// A watch has a new part: states are followed from where they are now, and room is made for records.
#[pyfunction]
pub fn again(py: Python<'_>) {
    before_fork(py);
    guarded(|| {
        with(Registry::begin_again);
        entropy::reset();
        switch_seedings(true);
        wait_for_randoms();
    });
}

/// The parent goes on: what it draws now is what its child may draw.
#[pyfunction]
pub fn after_fork_in_parent() {
    guarded(|| {
        with(|registry| {
            registry.segment += 1;
            registry.arm_again();
        });
        wait_for_randoms();
    });
}

/// A child begins.
#[pyfunction]
pub fn after_fork_in_child() {
    guarded(|| {
        with(become_child);
        switch_seedings(true);
        wait_for_randoms();
    });
}

/// Makes this process one of its own in records.
pub fn become_child(registry: &mut Registry) {
    let parent = std::mem::replace(&mut registry.pen, Pen::new(&registry.folder)).process;
    entropy::reset();
    registry.pid = std::process::id();
    registry.serial = 0;
    registry.begin_again();
    let event = hello(registry, Some(parent), Arrival::Fork);
    registry.pen.write(event);
}

fn wait_for_randoms() {
    if registry::randoms_wait() {
        methods::switch_all(Does::Draw, true);
    }
}

/// The process ends.
#[pyfunction]
pub fn leave() {
    guarded(events::end);
}

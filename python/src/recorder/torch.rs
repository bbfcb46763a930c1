//! torch's generators: Python compares their states, and tells here which have been drawn from.

use std::sync::Mutex;

use pyo3::{ffi, prelude::*};
use seedbench::watch::record::{Draw, Event, Library, Place, StateOrigin, WORDS};

use super::{
    KEPT,
    events::with,
    frames, objects, problem_now,
    registry::{Birth, Open},
    switch_seedings, thread, twister,
};

/// The object whose methods torch's traps call.
static CALLBACKS: Mutex<Option<Py<PyAny>>> = Mutex::new(None);

/// Says whose methods torch's traps call: `drew()`, `before_seeding(generator)`,
/// `seeded(generator, seed)`.
#[pyfunction]
pub fn set_callbacks(callbacks: Py<PyAny>) {
    if let Ok(mut place) = CALLBACKS.lock() {
        *place = Some(callbacks);
    }
}

/// Calls one of them. Its errors are recorded, and are no errors of the program.
pub fn call_back(
    py: Python<'_>,
    name: &str,
    this: *mut ffi::PyObject,
    argument: Option<Bound<'_, PyAny>>,
) {
    let Some(callbacks) = CALLBACKS
        .lock()
        .ok()
        .and_then(|place| place.as_ref().map(|callbacks| callbacks.clone_ref(py)))
    else {
        return;
    };
    // SAFETY: the object is alive during the call that was trapped.
    let this = unsafe { Bound::from_borrowed_ptr_or_opt(py, this) };
    if let Err(error) = callbacks.call_method1(py, name, (this, argument)) {
        problem_now(format!("torch: {error}"));
    }
}

/// Names a state of torch: where it was born, and with what seed.
#[pyfunction]
#[pyo3(signature = (origin, seed=None))]
pub fn torch_birth(
    py: Python<'_>,
    origin: &str,
    seed: Option<&Bound<'_, PyAny>>,
) -> Option<TorchBirth> {
    let (origin, place) = match origin {
        "global" => (
            StateOrigin::Global,
            Place {
                line: "torch's default generator".into(),
                ..Place::default()
            },
        ),
        "seeded" => (StateOrigin::Seeded, frames::place(py)),
        "made" => (StateOrigin::Made, frames::place(py)),
        _ => (StateOrigin::StateSet, frames::place(py)),
    };
    let seed = seed.and_then(objects::seed);
    with(|registry| TorchBirth(registry.birth(origin, place, seed)))
}

/// A state's birth, to be kept beside it.
#[pyclass(frozen)]
pub struct TorchBirth(Birth);

impl TorchBirth {
    /// The state's name.
    pub fn state(&self) -> &str {
        &self.0.state
    }
}

/// Where this thread is, to be kept beside a draw.
#[pyfunction]
pub fn torch_place(py: Python<'_>) -> TorchPlace {
    TorchPlace(frames::place(py))
}

/// A line of the program.
#[pyclass(frozen)]
pub struct TorchPlace(Place);

/// What `get_state` tells of a CPU generator.
pub struct TorchState {
    /// How many words are left before new ones are made, and one.
    pub left: u32,
    /// The word that is next.
    pub next: u32,
    /// All words.
    pub key: [u32; twister::KEY],
}

impl TorchState {
    /// Where its parts begin, in bytes.
    const LEFT: usize = 8;
    const NEXT: usize = 16;
    const KEY: usize = 24;

    /// Reads the bytes of a state; `None` where they are another device's.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| {
            let bytes = bytes.get(at..at + 4)?;
            Some(u32::from_ne_bytes(bytes.try_into().ok()?))
        };
        let mut key = [0; twister::KEY];
        for (nth, place) in key.iter_mut().enumerate() {
            *place = word(Self::KEY + 8 * nth)?;
        }
        Some(Self {
            left: word(Self::LEFT)?,
            next: word(Self::NEXT)?,
            key,
        })
    }

    /// Its next words.
    pub fn words(&self, count: usize) -> Vec<u64> {
        let used = if self.left == 1 {
            twister::KEY
        } else {
            self.next as usize
        };
        twister::words(&self.key, used, count)
    }
}

/// The first draw from a generator of torch, which then had this state. Returns whether it was recorded.
#[pyfunction]
#[pyo3(signature = (birth, state, place=None))]
pub fn torch_drew(
    py: Python<'_>,
    birth: &TorchBirth,
    state: &[u8],
    place: Option<&TorchPlace>,
) -> bool {
    let Some(state) = TorchState::of(state) else {
        return false;
    };
    let words = state.words(WORDS);
    let Some((pen, pid, segment, last, full)) = with(|registry| {
        let full = registry.full;
        if !full {
            registry.recorded += 1;
            registry.full = registry.recorded == KEPT;
            registry.open.push(Open {
                key: 0, // no state of the registry has it
                state: birth.0.state.clone(),
                segment: registry.segment,
                words: words.clone(),
            });
        }
        (
            registry.pen.clone(),
            registry.pid,
            registry.segment,
            registry.full && !full,
            full,
        )
    }) else {
        return false;
    };
    if full {
        return false;
    }
    let birth = &birth.0;
    pen.write(Event::Draw(Draw {
        state: birth.state.clone(),
        segment,
        library: Library::Torch,
        kind: "torch.Generator".into(),
        origin: birth.origin,
        born: birth.place.clone(),
        seed: birth.seed.clone(),
        before: None,
        inherited: birth.pid != pid,
        place: place.map_or_else(Place::default, |place| place.0.clone()),
        thread: thread(),
        name: objects::process_name(py).unwrap_or_default(),
        words,
    }));
    if last {
        pen.write(Event::Full { after: KEPT });
        switch_seedings(false);
    }
    true
}

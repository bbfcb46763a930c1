//! What happens to states, and the records of it. No call of Python is made while the registry is held.

use std::collections::BTreeSet;

use pyo3::{ffi, prelude::*};
use seedbench::watch::record::{
    Copied, Draw, Event, Library, Place, Seed, StateOrigin, TELLING, WORDS,
};

use super::{
    KEPT, bitgen,
    emit::Pen,
    entropy, forks, frames, guarded,
    methods::{self, Does},
    objects, problem_now,
    registry::{self, Birth, Open, Registry},
    switch_seedings, thread,
    torch::call_back,
};

/// Copies that a process records.
const COPIES: u64 = 512;
/// States that are followed to a fork.
const FOLLOWED: usize = 1024;

/// Does something with the registry, if there is one.
pub fn with<T>(action: impl FnOnce(&mut Registry) -> T) -> Option<T> {
    let mut guard = registry::lock()?;
    guard.as_mut().map(action)
}

/// An object ends or is made anew; this also happens while a thread records, and after the watch.
pub fn ended(object: usize) {
    if super::at_home() {
        let used = with(|registry| {
            let ends = registry.ends_with(object);
            let used = ends.and_then(|key| forks::last_use(registry, key));
            registry.drop_object(object);
            used.map(|used| (registry.pen.clone(), used))
        });
        if let Some((pen, used)) = used.flatten() {
            pen.write(Event::Used(used));
        }
    }
}

/// A generator of numpy has been made.
pub fn made(
    py: Python<'_>,
    object: *mut ffi::PyObject,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) {
    if with(|registry| registry.full).unwrap_or(true) {
        return;
    }
    // SAFETY: the object has just been made.
    let object = unsafe { Bound::from_borrowed_ptr(py, object) };
    let birth = || {
        let seed = objects::seed_argument(py, arguments, keywords);
        (StateOrigin::Made, frames::place(py), seed)
    };
    if let Err(error) = objects::enter(&object, birth) {
        problem_now(format!("a generator of numpy cannot be seen: {error}"));
    }
}

/// A draw that has been taken out of the registry, to be recorded.
struct Taken {
    key: usize,
    pen: Pen,
    library: Library,
    birth: Birth,
    object: usize,
    inherited: bool,
    segment: u32,
    words: Option<Vec<u64>>,
}

/// Takes the trap off a state; `None` where it had none, or where no more is recorded.
fn take(registry: &mut Registry, key: usize) -> Option<(Taken, bool)> {
    let state = registry.states.get(&key).filter(|state| state.armed)?;
    let (library, birth, object) = (state.library, state.birth.clone(), state.object);
    let kind = state
        .nodes
        .first()
        .and_then(|object| registry.nodes.get(object))
        .map(|node| node.kind);
    registry.arm(key, false);
    if registry.pid != std::process::id() {
        // It forked where Python did not see it.
        super::forks::become_child(registry);
        registry.arm(key, false);
    }
    if registry.full {
        return None;
    }
    let words = match (library, kind) {
        (Library::Random, _) => objects::random_words(key, WORDS),
        // SAFETY: who draws holds the generator's lock and waits for this call.
        (_, Some(kind)) => unsafe { bitgen::words(key as *const _, kind, WORDS) },
        (_, None) => None,
    };
    registry.recorded += 1;
    let last = registry.recorded == KEPT;
    registry.full |= last;
    if let Some(words) = &words {
        follow(registry, key, &birth, words);
    }
    let taken = Taken {
        key,
        pen: registry.pen.clone(),
        library,
        inherited: birth.pid != registry.pid,
        birth,
        object,
        segment: registry.segment,
        words,
    };
    Some((taken, last))
}

/// Keeps the words of a state that is drawn from, so that a fork tells how far it has come.
fn follow(registry: &mut Registry, key: usize, birth: &Birth, words: &[u64]) {
    if registry.open.len() < FOLLOWED {
        registry.open.push(Open {
            key,
            state: birth.state.clone(),
            segment: registry.segment,
            words: words.to_vec(),
        });
    }
}

fn record(py: Python<'_>, (taken, last): (Taken, bool)) {
    // SAFETY: the object is drawn from, so it is alive.
    let object = unsafe { Bound::from_borrowed_ptr_or_opt(py, taken.object as *mut ffi::PyObject) };
    let kind = object
        .as_ref()
        .and_then(|object| object.get_type().name().ok())
        .map_or_else(|| "?".into(), |name| name.to_string_lossy().into_owned());
    let words = taken.words.unwrap_or_else(|| {
        let asked = |object| objects::asked(object, taken.library).ok();
        let words = object.as_ref().and_then(asked).unwrap_or_default();
        with(|registry| follow(registry, taken.key, &taken.birth, &words));
        words
    });
    let place = frames::place(py);
    with(|registry| {
        if let Some(state) = registry.states.get_mut(&taken.key) {
            state.first.get_or_insert_with(|| place.clone());
        }
    });
    let event = Event::Draw(Draw {
        state: taken.birth.state,
        segment: taken.segment,
        library: taken.library,
        kind,
        origin: taken.birth.origin,
        born: taken.birth.place,
        seed: taken.birth.seed,
        before: taken.birth.before,
        inherited: taken.inherited,
        place,
        thread: thread(),
        name: objects::process_name(py).unwrap_or_default(),
        words,
    });
    taken.pen.write(event);
    if last {
        taken.pen.write(Event::Full { after: KEPT });
        switch_seedings(false);
    }
}

/// The first draw from a state of numpy.
pub fn numpy_draws(py: Python<'_>, key: usize) {
    if let Some(taken) = with(|registry| take(registry, key)).flatten() {
        record(py, taken);
    }
}

/// The first draw from a `random.Random`.
pub fn random_draws(object: *mut ffi::PyObject) {
    let taken = with(|registry| take(registry, object as usize)).flatten();
    if !registry::randoms_wait() {
        methods::switch_all(Does::Draw, false);
    }
    if let Some(taken) = taken {
        // SAFETY: whoever calls a method holds the interpreter.
        record(unsafe { Python::assume_attached() }, taken);
    }
}

/// A `random.Random` begins anew. One whose end cannot be noticed is left alone.
pub fn enter_random(
    object: &Bound<'_, PyAny>,
    origin: StateOrigin,
    place: Place,
    seed: Option<Seed>,
) {
    let key = object.as_ptr() as usize;
    let Some((full, known)) = with(|registry| (registry.full, registry.states.contains_key(&key)))
    else {
        return;
    };
    if full {
        return;
    }
    let reference = if known {
        None
    } else {
        match objects::end_of(object) {
            Ok(reference) => Some(reference),
            Err(_) => return,
        }
    };
    with(|registry| {
        let birth = registry.birth(origin, place, seed);
        if let Some(reference) = reference {
            registry.enter(key, Library::Random, key, birth);
            if let Some(state) = registry.states.get_mut(&key) {
                state.reference = Some(reference);
            }
        } else {
            registry.begin(key, birth);
        }
    });
    if registry::randoms_wait() {
        methods::switch_all(Does::Draw, true);
    }
}

/// A trapped function has returned.
pub fn called(
    py: Python<'_>,
    does: Does,
    this: *mut ffi::PyObject,
    argument: *mut ffi::PyObject,
    result: *mut ffi::PyObject,
) {
    // SAFETY: arguments and result are alive until the trap returns.
    let (this, argument, result) = unsafe {
        (
            Bound::from_borrowed_ptr_or_opt(py, this),
            Bound::from_borrowed_ptr_or_opt(py, argument),
            Bound::from_borrowed_ptr_or_opt(py, result),
        )
    };
    match (does, this) {
        (Does::Entropy, _) => {
            entropy::count();
        }
        (Does::Start, _) => {
            if let Some(event) =
                result.and_then(|child| super::forks::started(&child, argument.as_ref()))
            {
                super::write(event);
            }
        }
        (Does::Seed | Does::SetState, Some(this)) => seeded(py, does, &this, argument.as_ref()),
        (Does::GetState, Some(this)) => note_copy(py, &this),
        (Does::TorchDraw, this) => {
            call_back(
                py,
                "drew",
                this.as_ref().map_or(std::ptr::null_mut(), |o| o.as_ptr()),
                None,
            );
        }
        (Does::TorchSeed, Some(this)) => call_back(py, "seeded", this.as_ptr(), argument),
        _ => {}
    }
}

fn seeded(
    py: Python<'_>,
    does: Does,
    this: &Bound<'_, PyAny>,
    argument: Option<&Bound<'_, PyAny>>,
) {
    let object = this.as_ptr() as usize;
    let known = with(|registry| registry.states.contains_key(&object)).unwrap_or(false);
    let origin = match does {
        Does::SetState => StateOrigin::StateSet,
        _ if known => StateOrigin::Seeded,
        _ if imports_random(py) => StateOrigin::Global,
        _ => StateOrigin::Made,
    };
    let place = if origin == StateOrigin::Global {
        Place {
            line: "Python's global state".into(),
            ..Place::default()
        }
    } else {
        frames::place(py)
    };
    let seed = match does {
        Does::Seed => argument.and_then(objects::seed),
        _ => None,
    };
    enter_random(this, origin, place, seed);
}

/// Whether `random` is being imported: its global instance is not there yet.
fn imports_random(py: Python<'_>) -> bool {
    let module = py
        .import("sys")
        .and_then(|sys| sys.getattr("modules"))
        .and_then(|modules| modules.get_item("random"));
    module.is_ok_and(|module| !module.hasattr("_inst").unwrap_or(true))
}

/// What a trap does before a call, for a wrapper in Python that stands in its place.
#[pyfunction]
#[pyo3(signature = (code, this=None))]
pub fn before(code: char, this: Option<&Bound<'_, PyAny>>) {
    let Some(this) = this else { return };
    match Does::from(code as u8) {
        Some(Does::Draw) if registry::may_be_armed(this.as_ptr() as usize) => {
            guarded(|| random_draws(this.as_ptr()));
        }
        Some(Does::TorchSeed) => {
            guarded(|| call_back(this.py(), "before_seeding", this.as_ptr(), None));
        }
        _ => {}
    }
}

/// What a trap does after a call, likewise.
#[pyfunction]
#[pyo3(signature = (code, this=None, argument=None, result=None))]
pub fn after(
    py: Python<'_>,
    code: char,
    this: Option<&Bound<'_, PyAny>>,
    argument: Option<&Bound<'_, PyAny>>,
    result: Option<&Bound<'_, PyAny>>,
) {
    let pointer = |object: Option<&Bound<'_, PyAny>>| {
        object.map_or(std::ptr::null_mut(), |object| object.as_ptr())
    };
    if let Some(does) = Does::from(code as u8) {
        guarded(|| called(py, does, pointer(this), pointer(argument), pointer(result)));
    }
}

/// A generator of numpy has been made, as a wrapper in Python tells.
#[pyfunction]
#[pyo3(signature = (object, seed=None))]
pub fn made_by(py: Python<'_>, object: &Bound<'_, PyAny>, seed: Option<&Bound<'_, PyAny>>) {
    guarded(|| {
        let birth = || {
            let seed = seed.and_then(objects::seed);
            (StateOrigin::Made, frames::place(py), seed)
        };
        if let Err(error) = objects::enter(object, birth) {
            problem_now(format!("a generator of numpy cannot be seen: {error}"));
        }
    });
}

/// numpy's bit generator has been seeded, or its state set.
#[pyfunction]
#[pyo3(signature = (bit_generator, seed=None, *, state_set))]
pub fn reseeded(
    py: Python<'_>,
    bit_generator: &Bound<'_, PyAny>,
    seed: Option<&Bound<'_, PyAny>>,
    state_set: bool,
) {
    guarded(|| {
        let object = bit_generator.as_ptr() as usize;
        if with(|registry| registry.full || registry.state_of(object).is_none()).unwrap_or(true) {
            return;
        }
        let place = frames::place(py);
        let seed = seed.and_then(objects::seed);
        let origin = if state_set {
            StateOrigin::StateSet
        } else {
            StateOrigin::Seeded
        };
        with(|registry| {
            let birth = registry.birth(origin, place, seed);
            if let Some((key, _)) = registry.state_of(object) {
                registry.begin(key, birth);
            }
        });
    });
}

/// The state of numpy's bit generator has been read.
#[pyfunction]
pub fn copied(py: Python<'_>, bit_generator: &Bound<'_, PyAny>) {
    guarded(|| note_copy(py, bit_generator));
}

fn note_copy(py: Python<'_>, object: &Bound<'_, PyAny>) {
    let known = with(|registry| {
        if registry.full || registry.copies >= COPIES {
            return None;
        }
        let (key, kind) = registry.state_of(object.as_ptr() as usize)?;
        let words = match kind {
            None => objects::random_words(key, TELLING),
            // SAFETY: the interpreter is held and the state has just been read in full.
            Some(kind) => unsafe { bitgen::words(key as *const _, kind, TELLING) },
        };
        Some((key, registry.states.get(&key)?.library, words))
    });
    let Some((key, library, words)) = known.flatten() else {
        return;
    };
    let Some(mut words) = words.or_else(|| objects::asked(object, library).ok()) else {
        return;
    };
    words.truncate(TELLING);
    let noted = with(|registry| {
        let state = registry.states.get_mut(&key)?;
        let first = *words.first()?;
        if state.copied.replace(first) == Some(first) {
            return None;
        }
        let birth = state.birth.clone();
        registry.copies += 1;
        Some((registry.pen.clone(), birth, registry.copies == COPIES))
    });
    if let Some((pen, birth, last)) = noted.flatten() {
        if last {
            let what = format!("the lines of copies after the first {COPIES} are not known");
            pen.write(Event::Problem { what });
        }
        pen.write(Event::Copy(Copied {
            state: birth.state,
            place: frames::place(py),
            born: birth.place,
            origin: birth.origin,
            seed: birth.seed,
            words,
        }));
    }
}

/// Writes what is known at the end of a process.
pub fn end() {
    entropy::end();
    let used = with(|registry| {
        let keys: BTreeSet<usize> = registry.open.iter().map(|open| open.key).collect();
        let used = keys
            .into_iter()
            .filter_map(|key| forks::last_use(registry, key));
        (registry.pen.clone(), used.collect::<Vec<_>>())
    });
    if let Some((pen, used)) = used {
        used.into_iter()
            .for_each(|used| pen.write(Event::Used(used)));
    }
    super::write(Event::End);
}

//! The recorder of `seedbench watch`: it sees the state that each generator is first drawn from.
//!
//! A state at its first draw is the state at its last seeding, or at the start of the process. So three
//! events suffice: a state is made or seeded, a process forks, and the first draw after either. The first
//! draw is trapped below Python, once; then the trap is gone.
//!
//! Nothing here may change what the program does: errors are left out of records, panics caught, and a
//! thread that is recording is not recorded.
#![allow(
    unsafe_code,
    reason = "the interpreter's and numpy's structures have no safe interface"
)]

mod bitgen;
mod emit;
mod entropy;
mod events;
mod forks;
mod frames;
mod layout;
mod methods;
mod objects;
mod registry;
mod torch;
mod torch_memory;
mod twister;
mod types;

use std::{
    cell::Cell,
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    ptr,
    sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering::Relaxed},
};

use pyo3::{exceptions::PyRuntimeError, ffi, prelude::*};
use seedbench::watch::record::{Arrival, Event, Hello};

use self::{emit::Pen, methods::Does, registry::Registry};

use self::events::*;

/// States with words that a process records; later ones are not looked at.
pub const KEPT: u64 = 512;

static ACTIVE: AtomicBool = AtomicBool::new(false);
/// The interpreter that is watched: others share C tables, but not objects.
static HOME: AtomicPtr<ffi::PyInterpreterState> = AtomicPtr::new(ptr::null_mut());
/// What launchers call a process' rank: torchrun, Open MPI, MPICH, Slurm.
const RANKS: [&str; 4] = ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"];
/// Whether it has been said that others are at work, too.
static ELSEWHERE: AtomicBool = AtomicBool::new(false);
static THREADS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// Whether this thread records, so that its own draws are not recorded.
    static BUSY: Cell<bool> = const { Cell::new(false) };
    static THREAD: Cell<u64> = const { Cell::new(0) };
}

/// A number of this thread's own: the system's come again.
fn thread() -> u64 {
    THREAD.with(|thread| {
        if thread.get() == 0 {
            thread.set(THREADS.fetch_add(1, Relaxed) + 1);
        }
        thread.get()
    })
}

fn at_home() -> bool {
    // SAFETY: the interpreter is held.
    unsafe { ffi::PyInterpreterState_Get() == HOME.load(Relaxed) }
}

/// Runs what records, unless this thread records already; keeps the error that the program may have.
fn guarded(action: impl FnOnce()) {
    if !ACTIVE.load(Relaxed) || BUSY.get() {
        return;
    }
    if !at_home() {
        if !ELSEWHERE.load(Relaxed) {
            let what = "a subinterpreter draws or seeds: it is not recorded".into();
            ELSEWHERE.store(write(Event::Problem { what }), Relaxed);
        }
        return;
    }
    BUSY.set(true);
    let (mut kind, mut value, mut trace) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the interpreter is held; what is fetched is given back.
    unsafe {
        ffi::PyErr_Fetch(&raw mut kind, &raw mut value, &raw mut trace);
    }
    if catch_unwind(AssertUnwindSafe(action)).is_err() {
        ACTIVE.store(false, Relaxed);
        problem_now("the recorder failed and stopped".into());
    }
    // SAFETY: as above.
    unsafe {
        ffi::PyErr_Restore(kind, value, trace);
    }
    BUSY.set(false);
}

/// A numpy state is about to be drawn from; numpy may have let go of the interpreter.
fn hit(state: *mut c_void) {
    if !registry::may_be_armed(state as usize) || !ACTIVE.load(Relaxed) || BUSY.get() {
        return;
    }
    // SAFETY: a thread that Python does not know must not wait for the interpreter: whoever holds it may
    // be waiting for this thread.
    unsafe {
        if ffi::PyGILState_GetThisThreadState().is_null() {
            return;
        }
        let held = ffi::PyGILState_Ensure();
        let py = Python::assume_attached();
        guarded(|| numpy_draws(py, state as usize));
        ffi::PyGILState_Release(held);
    }
}

/// Writes a record that needs nothing but a pen; returns whether there was one.
fn write(event: Event) -> bool {
    let pen = registry::lock().and_then(|guard| guard.as_ref().map(|r| r.pen.clone()));
    if let Some(pen) = &pen {
        pen.write(event);
    }
    pen.is_some()
}

fn problem_now(what: String) {
    write(Event::Problem { what });
}

fn hello(registry: &Registry, parent: Option<String>, how: Arrival) -> Event {
    #[cfg(unix)]
    let ppid = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let ppid = 0;
    Event::Hello(Hello {
        pid: registry.pid,
        ppid,
        parent,
        how,
        command: registry.command.clone(),
        python: registry.python.clone(),
        rank: RANKS
            .iter()
            .find_map(|name| std::env::var(name).ok()?.parse().ok()),
    })
}

/// Begins to record into a folder, in a process that has just started or that runs already.
#[pyfunction]
#[pyo3(signature = (folder, own, standard, main, command, *, attach))]
fn start(
    py: Python<'_>,
    folder: PathBuf,
    own: String,
    standard: Vec<String>,
    main: Option<String>,
    command: Vec<String>,
    attach: bool,
) -> PyResult<()> {
    layout::check(py).map_err(PyRuntimeError::new_err)?;
    frames::set_folders(own, standard, main);
    // SAFETY: the interpreter is held.
    HOME.store(unsafe { ffi::PyInterpreterState_Get() }, Relaxed);
    let how = if attach {
        Arrival::Attach
    } else {
        Arrival::Start
    };
    let pen = Pen::new(&folder);
    let Some(mut guard) = registry::lock() else {
        return Err(PyRuntimeError::new_err("the recorder is in use"));
    };
    let registry = guard.get_or_insert_with(|| Registry::new(pen.clone()));
    registry.pen = pen;
    registry.folder = folder;
    registry.command = command;
    let version = py.version_info();
    registry.python = format!("{}.{}.{}", version.major, version.minor, version.patch);
    registry.pid = std::process::id();
    registry.begin_again();
    let event = hello(registry, None, how);
    registry.pen.write(event);
    drop(guard);
    entropy::reset();
    ELSEWHERE.store(false, Relaxed);
    ACTIVE.store(true, Relaxed);
    switch_seedings(true);
    methods::switch_all(Does::Entropy, true);
    methods::switch_all(Does::Start, true);
    if registry::randoms_wait() {
        methods::switch_all(Does::Draw, true);
    }
    Ok(())
}

/// Ends recording: all traps are lifted. What is alive stays known, for a later watch.
#[pyfunction]
fn stop() {
    guarded(events::end);
    ACTIVE.store(false, Relaxed);
    for does in Does::ALL {
        methods::switch_all(does, false);
    }
    if let Some(mut guard) = registry::lock()
        && let Some(registry) = guard.as_mut()
    {
        registry.disarm_all();
    }
}

fn switch_seedings(on: bool) {
    for does in [Does::Seed, Does::SetState, Does::GetState] {
        methods::switch_all(does, on);
    }
}

/// Whether this process records.
#[pyfunction]
fn active() -> bool {
    ACTIVE.load(Relaxed)
}

/// Whether this is the interpreter that is watched.
#[pyfunction]
fn home() -> bool {
    at_home()
}

/// Replaces a type's functions for births and ends.
#[pyfunction]
fn hook_type(class: &Bound<'_, PyAny>) -> PyResult<()> {
    types::hook(class)
}

/// Lays a trap in a C method; `code` is a letter of `Does`.
#[pyfunction]
fn hook_method(method: &Bound<'_, PyAny>, code: char) -> PyResult<()> {
    methods::hook(method, code as u8)
}

/// Lays or lifts the traps of torch's draws.
#[pyfunction]
fn torch_traps(on: bool) {
    methods::switch_all(Does::TorchDraw, on);
}

/// Something that cannot be seen, in one line.
#[pyfunction]
fn problem(what: String) {
    problem_now(what);
}

/// Tells a type's caches that its dictionary has changed.
#[pyfunction]
fn type_modified(class: &Bound<'_, PyAny>) {
    // SAFETY: called with types alone, by the hook.
    unsafe { ffi::PyType_Modified(class.as_ptr().cast()) }
}

/// The functions that the Python side calls.
pub fn module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    let module = PyModule::new(py, "recorder")?;
    macro_rules! add {
        ($($function:path),* $(,)?) => { $(module.add_function(wrap_pyfunction!($function, &module)?)?;)* };
    }
    add!(
        start,
        stop,
        active,
        home,
        hook_type,
        hook_method,
        torch_traps,
        problem,
        type_modified,
        objects::learn_random,
        objects::learn_numpy,
        objects::found,
        events::before,
        events::after,
        events::made_by,
        events::reseeded,
        events::copied,
        torch::set_callbacks,
        torch::torch_birth,
        torch::torch_place,
        torch::torch_drew,
        torch_memory::torch_changed,
        torch_memory::torch_wait,
        torch_memory::torch_unknown,
        torch_memory::torch_wait_no_more,
        forks::torch_cut,
        forks::before_fork,
        forks::after_fork_in_parent,
        forks::after_fork_in_child,
        forks::leave,
        forks::again,
    );
    Ok(module)
}

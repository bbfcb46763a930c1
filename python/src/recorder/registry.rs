//! Which states are alive, and what is known of each. Everything here happens with the interpreter held.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Mutex, MutexGuard, TryLockError,
        atomic::{AtomicI32, AtomicU16, Ordering::Relaxed},
    },
};

use pyo3::{Py, PyAny};
use seedbench::watch::record::{Library, Place, Seed, StateOrigin};

use super::{bitgen, emit::Pen};

/// What is known of a state's birth.
#[derive(Clone, Debug)]
pub struct Birth {
    /// The state's name: its process and a number.
    pub state: String,
    pub origin: StateOrigin,
    pub place: Place,
    pub seed: Option<Seed>,
    /// The line that had drawn from the generator, unseeded, before this.
    pub before: Option<Place>,
    /// The process that made it.
    pub pid: u32,
}

/// A state that is alive.
pub struct State {
    pub library: Library,
    pub birth: Birth,
    /// Whether its first draw is waited for.
    pub armed: bool,
    /// The object that is asked for its words: a bit generator, or a `random.Random`. Borrowed.
    pub object: usize,
    /// The objects that hold a copy of its `bitgen_t`.
    pub nodes: Vec<usize>,
    /// The line that first drew from it.
    pub first: Option<Place>,
    /// What tells of the object's end, where its type does not.
    pub reference: Option<Py<PyAny>>,
    /// The words when it was last read by a copy.
    pub copied: Option<u64>,
}

/// An object with a `bitgen_t`.
pub struct Node {
    pub key: usize,
    pub location: usize,
    pub kind: usize,
}

/// A state drawn from since the last fork, with its words.
pub struct Open {
    pub key: usize,
    pub state: String,
    pub segment: u32,
    pub words: Vec<u64>,
}

/// Everything the recorder knows in this process.
pub struct Registry {
    pub pen: Pen,
    pub folder: std::path::PathBuf,
    /// The beginning of the command line, and the interpreter's version.
    pub command: Vec<String>,
    pub python: String,
    pub pid: u32,
    pub states: HashMap<usize, State>,
    pub nodes: HashMap<usize, Node>,
    /// States without a trap: all of them are armed again at a fork.
    pub drawn: HashSet<usize>,
    pub open: Vec<Open>,
    pub serial: u64,
    pub segment: u32,
    /// States recorded, and copies.
    pub recorded: u64,
    pub copies: u64,
    pub full: bool,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

/// How many armed states have a pointer of each hash: what a trap looks at before anything else.
static FILTER: [AtomicU16; 1 << 16] = [const { AtomicU16::new(0) }; 1 << 16];
/// How many `random.Random` are armed.
static ARMED_RANDOMS: AtomicI32 = AtomicI32::new(0);

fn bucket(key: usize) -> &'static AtomicU16 {
    &FILTER[((key >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) & 0xffff]
}

/// Whether a state may be armed. Never wrong about one that is.
#[inline]
pub fn may_be_armed(key: usize) -> bool {
    bucket(key).load(Relaxed) != 0
}

/// Whether any `random.Random` waits for its first draw.
pub fn randoms_wait() -> bool {
    ARMED_RANDOMS.load(Relaxed) > 0
}

/// The registry, unless this thread is in it already. The interpreter is held by whoever asks, so no
/// other thread is, and no fork happens meanwhile.
pub fn lock() -> Option<MutexGuard<'static, Option<Registry>>> {
    match REGISTRY.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

impl Registry {
    /// A registry that knows nothing.
    pub fn new(pen: Pen) -> Self {
        Self {
            pen,
            folder: Default::default(),
            command: Vec::new(),
            python: String::new(),
            pid: std::process::id(),
            states: HashMap::new(),
            nodes: HashMap::new(),
            drawn: HashSet::new(),
            open: Vec::new(),
            serial: 0,
            segment: 0,
            recorded: 0,
            copies: 0,
            full: false,
        }
    }

    /// A new process or watch: every state is waited for, and room is made for records.
    pub fn begin_again(&mut self) {
        self.segment += 1;
        self.recorded = 0;
        self.copies = 0;
        self.full = false;
        self.open.clear();
        self.arm_again();
    }

    /// Takes all traps away.
    pub fn disarm_all(&mut self) {
        let keys: Vec<usize> = self.states.keys().copied().collect();
        for key in keys {
            self.arm(key, false);
        }
    }

    /// The state that an object draws from, and its kind if it is numpy's.
    pub fn state_of(&self, object: usize) -> Option<(usize, Option<usize>)> {
        match self.nodes.get(&object) {
            Some(node) => Some((node.key, Some(node.kind))),
            None => self.states.contains_key(&object).then_some((object, None)),
        }
    }

    /// Gives a birth its name.
    pub fn birth(&mut self, origin: StateOrigin, place: Place, seed: Option<Seed>) -> Birth {
        self.serial += 1;
        Birth {
            state: format!("{}.{}", self.pen.process, self.serial),
            origin,
            place,
            seed,
            before: None,
            pid: self.pid,
        }
    }

    /// A state that is known begins anew, by a seed or another state put into it.
    pub fn begin(&mut self, key: usize, mut birth: Birth) {
        let Some(state) = self.states.get_mut(&key) else {
            return;
        };
        let old = &state.birth;
        let unseeded = old.seed.is_none() && old.origin != StateOrigin::StateSet;
        let first = state.first.take();
        if unseeded && !state.armed && birth.origin == StateOrigin::Seeded {
            birth.before = first;
        }
        state.birth = birth;
        state.copied = None;
        self.arm(key, true);
    }

    /// Arms a state or takes its traps away.
    pub fn arm(&mut self, key: usize, armed: bool) {
        let Some(state) = self.states.get_mut(&key) else {
            return;
        };
        if state.armed == armed {
            return;
        }
        state.armed = armed;
        let count = bucket(key);
        if armed {
            count.fetch_add(1, Relaxed);
            self.drawn.remove(&key);
        } else {
            count.fetch_sub(1, Relaxed);
            self.drawn.insert(key);
        }
        if state.library == Library::Random {
            ARMED_RANDOMS.fetch_add(if armed { 1 } else { -1 }, Relaxed);
        }
        for object in &state.nodes {
            if let Some(node) = self.nodes.get(object) {
                // SAFETY: the object is alive, else its end would have taken the node away.
                unsafe { bitgen::put(node.location as *mut _, key, node.kind, armed) };
            }
        }
    }

    /// Arms everything that has been drawn from: a fork is a new beginning.
    pub fn arm_again(&mut self) {
        for key in std::mem::take(&mut self.drawn) {
            self.arm(key, true);
        }
    }

    /// Enters a state that nobody knew, armed.
    pub fn enter(&mut self, key: usize, library: Library, object: usize, birth: Birth) {
        self.remove(key);
        self.states.insert(
            key,
            State {
                library,
                birth,
                armed: false,
                object,
                nodes: Vec::new(),
                first: None,
                reference: None,
                copied: None,
            },
        );
        self.arm(key, true);
    }

    /// Adds an object that draws from a known state.
    pub fn add_node(&mut self, object: usize, node: Node) {
        let Some(state) = self.states.get_mut(&node.key) else {
            return;
        };
        // SAFETY: the object has just been looked at, and is alive.
        unsafe { bitgen::put(node.location as *mut _, node.key, node.kind, state.armed) };
        if !state.nodes.contains(&object) {
            state.nodes.push(object);
        }
        self.nodes.insert(object, node);
    }

    /// The state that ends with an object.
    pub fn ends_with(&self, object: usize) -> Option<usize> {
        let key = self.nodes.get(&object)?.key;
        let state = self.states.get(&key)?;
        state
            .nodes
            .iter()
            .all(|other| *other == object)
            .then_some(key)
    }

    /// An object ends, or is made anew.
    pub fn drop_object(&mut self, object: usize) {
        if let Some(node) = self.nodes.remove(&object)
            && let Some(state) = self.states.get_mut(&node.key)
        {
            state.nodes.retain(|other| *other != object);
            if state.object == object {
                state.object = 0;
            }
            if state.nodes.is_empty() {
                self.remove(node.key);
            }
        } else if self
            .states
            .get(&object)
            .is_some_and(|state| state.library == Library::Random)
        {
            self.remove(object);
        }
    }

    /// Forgets a state. What holds a copy of it keeps its own functions.
    fn remove(&mut self, key: usize) {
        self.arm(key, false);
        self.states.remove(&key);
        self.drawn.remove(&key);
    }
}

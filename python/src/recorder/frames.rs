//! The line that does something: the nearest of the user, and what stands between.

use std::sync::OnceLock;

use pyo3::{ffi, prelude::*, types::PyString};
use seedbench::watch::record::Place;

/// Frames that are looked at.
const DEPTH: usize = 400;

/// Folders that tell whose a file is.
pub struct Folders {
    /// The recorder's own.
    own: String,
    /// The standard library's.
    standard: Vec<String>,
    /// The program's main file, by which code without a file is called.
    main: Option<String>,
}

static FOLDERS: OnceLock<Folders> = OnceLock::new();

/// Says whose files are in which folders; the first call counts.
pub fn set_folders(own: String, standard: Vec<String>, main: Option<String>) {
    let _ = FOLDERS.set(Folders {
        own,
        standard,
        main,
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Recorder,
    Importer,
    Standard,
    Library,
    User,
}

/// Libraries that generators are of: they stand between no line and what it draws.
const OF_GENERATORS: [&str; 2] = ["numpy", "torch"];
/// A part of one that seeds and draws on its own account, as a sampler does that gives each rank its share of one order.
const OWN_ACCOUNT: &str = "torch/utils/data/";

fn owner(file: &str, folders: &Folders) -> Owner {
    let of_generator = |rest: &str| {
        let first = rest.split(['/', '\\']).next();
        first.is_some_and(|package| OF_GENERATORS.contains(&package))
            && !rest.replace('\\', "/").starts_with(OWN_ACCOUNT)
    };
    if file.starts_with("<frozen importlib") {
        Owner::Importer
    } else if file.is_empty() || file.starts_with("<frozen") || file == "<string>" {
        Owner::Standard
    } else if file.starts_with(&folders.own) {
        Owner::Recorder
    } else if let Some((_, rest)) = file
        .split_once("-packages/")
        .or_else(|| file.split_once("-packages\\"))
        .filter(|(before, _)| before.ends_with("site") || before.ends_with("dist"))
    {
        if of_generator(rest) {
            Owner::Standard
        } else {
            Owner::Library
        }
    } else if folders
        .standard
        .iter()
        .any(|folder| file.starts_with(folder))
    {
        Owner::Standard
    } else {
        Owner::User
    }
}

/// Where the running thread is.
pub fn place(py: Python<'_>) -> Place {
    find(py).unwrap_or_else(|| Place {
        line: "?".into(),
        ..Place::default()
    })
}

fn find(py: Python<'_>) -> Option<Place> {
    let folders = FOLDERS.get()?;
    // SAFETY: the interpreter is held; the frame is borrowed.
    let mut frame = unsafe { Bound::from_borrowed_ptr_or_opt(py, ffi::PyEval_GetFrame().cast())? };
    let mut library: Option<String> = None;
    let mut nearest: Option<String> = None;
    let mut importing = false;
    for _ in 0..DEPTH {
        let code = frame.getattr("f_code").ok()?;
        let file = code.getattr("co_filename").ok()?;
        let file = file.cast::<PyString>().ok()?.to_string_lossy().into_owned();
        let of_command = file == "<string>" && module(&frame).as_deref() == Some("__main__");
        let file = if file == "<dynamic-code>" {
            pickled(&frame, folders).unwrap_or(file)
        } else if file.contains("ipykernel_") {
            cell(py, &file).unwrap_or(file)
        } else {
            file
        };
        let owner = if of_command {
            Owner::User // what `python -c` was given
        } else {
            owner(&file, folders)
        };
        let line = || {
            // SAFETY: `frame` is a frame.
            let number = unsafe { ffi::PyFrame_GetLineNumber(frame.as_ptr().cast()) };
            format!("{file}:{number}")
        };
        match owner {
            Owner::Recorder => {}
            Owner::Importer => importing = true,
            Owner::Standard => nearest = nearest.or_else(|| Some(line())),
            Owner::Library => library = library.or_else(|| Some(line())),
            Owner::User => {
                return Some(Place {
                    line: line(),
                    in_library: library.is_some(),
                    importing,
                });
            }
        }
        let back = frame.getattr("f_back").ok()?;
        if back.is_none() {
            break;
        }
        frame = back;
    }
    let in_library = library.is_some();
    Some(Place {
        line: library.or(nearest)?,
        in_library,
        importing,
    })
}

/// The module that a frame's code is of.
fn module(frame: &Bound<'_, PyAny>) -> Option<String> {
    let globals = frame.getattr("f_globals").ok()?;
    globals.get_item("__name__").ok()?.extract().ok()
}

/// The file of code that came by pickle and has no file: its module's, or the program's main file.
fn pickled(frame: &Bound<'_, PyAny>, folders: &Folders) -> Option<String> {
    let name = module(frame)?;
    match name.as_str() {
        "__main__" | "__mp_main__" => folders.main.clone(),
        _ => Some(name),
    }
}

/// The cell of a notebook that a file of IPython's stands for.
fn cell(py: Python<'_>, file: &str) -> Option<String> {
    let modules = py.import("sys").ok()?.getattr("modules").ok()?;
    let shell = modules
        .get_item("IPython")
        .ok()?
        .call_method0("get_ipython")
        .ok()?;
    let numbers = shell
        .getattr("compile")
        .ok()?
        .getattr("_filename_map")
        .ok()?;
    let number: u64 = numbers.get_item(file).ok()?.extract().ok()?;
    Some(format!("In [{number}]"))
}

//! The functions that programs in C and Fortran call on all ranks.

#![expect(unsafe_code, reason = "C hands over pointers")]

use std::{
    ffi::{CStr, OsString, c_char, c_int},
    mem::MaybeUninit,
    panic,
};

use mpi::{
    ffi::{MPI_Comm, MPI_Comm_dup, MPI_Comm_f2c},
    raw::FromRaw as _,
    topology::SimpleCommunicator,
    traits::{Communicator as _, CommunicatorCollectives as _},
};
use seedbench::{
    capture::{Capture, RawKind},
    cli::{AuditCall, exit},
    vocabulary::StreamId,
};

use crate::{
    agree,
    ranks::{Leader, Rank},
};

/// Judges the words that all ranks of a communicator drew: every rank calls it with its own, at least one.
///
/// `options` are those of `seedbench audit`, parted by blanks, such as `"--for-workers 10000 --json report.json"`, or
/// null; all ranks give the same. Rank 0 prints the report. Returns the exit code of `seedbench audit` on every rank:
/// 0 sound, 10 unsound, 12 inconclusive, 64 usage, 65 bad data. It is collective, and frees nothing.
///
/// # Safety
/// `words` points at `count` words, and `options` is null or a string that ends with 0. MPI has been started, and is
/// called by no other thread meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seedbench_mpi_audit(
    comm: MPI_Comm,
    words: *const u64,
    count: u64,
    options: *const c_char,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { called(comm, words, count, options, RawKind::Unsigned) }
}

/// The same for doubles.
///
/// # Safety
/// As of [`seedbench_mpi_audit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seedbench_mpi_audit_doubles(
    comm: MPI_Comm,
    values: *const f64,
    count: u64,
    options: *const c_char,
) -> c_int {
    // SAFETY: as promised by the caller; the bits of a double are 64.
    unsafe { called(comm, values.cast(), count, options, RawKind::Real) }
}

/// [`seedbench_mpi_audit`] with a communicator as Fortran names it.
///
/// # Safety
/// As of [`seedbench_mpi_audit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seedbench_mpi_audit_f(
    comm: c_int,
    words: *const u64,
    count: u64,
    options: *const c_char,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { seedbench_mpi_audit(MPI_Comm_f2c(comm), words, count, options) }
}

/// [`seedbench_mpi_audit_doubles`] with a communicator as Fortran names it.
///
/// # Safety
/// As of [`seedbench_mpi_audit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seedbench_mpi_audit_doubles_f(
    comm: c_int,
    values: *const f64,
    count: u64,
    options: *const c_char,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { seedbench_mpi_audit_doubles(MPI_Comm_f2c(comm), values, count, options) }
}

/// # Safety
/// As of [`seedbench_mpi_audit`].
unsafe fn called(
    comm: MPI_Comm,
    raw: *const u64,
    count: u64,
    options: *const c_char,
    kind: RawKind,
) -> c_int {
    let values = match count {
        0 => Vec::new(),
        // SAFETY: as promised by the caller.
        _ => unsafe { std::slice::from_raw_parts(raw, count as usize) }.to_vec(),
    };
    let options = match options.is_null() {
        true => String::new(),
        // SAFETY: as promised by the caller.
        false => unsafe { CStr::from_ptr(options) }
            .to_string_lossy()
            .into_owned(),
    };
    let mut copy = MaybeUninit::uninit();
    // SAFETY: the caller's communicator, of which a copy is made, which is freed when it is dropped here.
    let own = unsafe {
        MPI_Comm_dup(comm, copy.as_mut_ptr());
        SimpleCommunicator::from_raw(copy.assume_init())
    };
    // Nothing unwinds into C: the other ranks wait, so all are ended.
    let code = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        audit(&own, kind, values, &options)
    }));
    match code {
        Ok(code) => c_int::from(code),
        Err(_) => own.abort(c_int::from(exit::INTERNAL)),
    }
}

fn audit(world: &SimpleCommunicator, kind: RawKind, values: Vec<u64>, options: &str) -> u8 {
    let rank = world.rank();
    let aloud = rank == 0;
    let mut arguments: Vec<OsString> = options.split_whitespace().map(OsString::from).collect();
    if !options
        .split_whitespace()
        .any(|option| option.starts_with("--as"))
    {
        // Who calls this drew them.
        arguments.extend(["--as".into(), "draws".into()]);
    }
    arguments.push("-".into());
    let parsed = AuditCall::parse("seedbench_mpi_audit", &arguments, aloud);
    let call = match agree::all_parsed(world, parsed) {
        Ok(call) => call,
        Err(code) => return code,
    };
    let mut lengths = vec![0_u64; world.size() as usize];
    world.all_gather_into(&(values.len() as u64), &mut lengths);
    let stream = |rank: u32| StreamId::new(0, rank);
    let part = Capture::part(kind, vec![(stream(rank as u32), values.clone())]);
    let part = part.map_err(|error| error.to_string());
    let part = match agree::agreed(world, part, |_| String::new()) {
        Ok(part) => part,
        Err(problem) => {
            if aloud {
                eprintln!("seedbench: error: {problem}");
            }
            return exit::BAD_DATA;
        }
    };
    let held = Rank::holding(world.duplicate(), part, values);
    if !aloud {
        return held.serve();
    }
    let leader = Leader::new(held);
    let names = (0..).zip(&lengths);
    let streams = names.map(|(rank, &length)| (stream(rank), format!("rank {rank}"), length));
    let code = match Capture::held_by(Box::new(leader.clone()), kind, streams.collect()) {
        Ok(capture) => call.audit_held(capture, "the words of all ranks"),
        Err(error) => {
            eprintln!("seedbench: error: {error}");
            exit::BAD_DATA
        }
    };
    leader.stop(code);
    code
}

//! What all ranks must agree on before anything is read: the version, the arguments, and what the capture is.

use mpi::{
    collective::SystemOperation,
    topology::SimpleCommunicator,
    traits::{Communicator as _, CommunicatorCollectives as _},
};
use seedbench::{capture::Capture, cli::AuditCall};

use crate::exchange::{broadcast, gather};

/// What was parsed, where it was on all ranks; else the gravest code, which every rank gets.
pub fn all_parsed(
    world: &SimpleCommunicator,
    mine: Result<AuditCall, u8>,
) -> Result<AuditCall, u8> {
    // Help was asked for where the code is 0.
    let code = mine.as_ref().err().map_or(0, |code| u32::from(*code) + 1);
    let mut gravest = 0_u32;
    world.all_reduce_into(&code, &mut gravest, SystemOperation::max());
    match gravest.checked_sub(1) {
        None => mine,
        Some(code) => Err(code as u8),
    }
}

/// The captures of all ranks, where their identities are one; else the error, which every rank gets.
///
/// # Errors
/// One line that names the rank.
pub fn agreed(
    world: &SimpleCommunicator,
    mine: Result<Capture, String>,
    identity: impl FnOnce(&Capture) -> String,
) -> Result<Capture, String> {
    let said = match &mine {
        Ok(capture) => format!("+{} {}", env!("CARGO_PKG_VERSION"), identity(capture)),
        Err(problem) => format!("-{problem}"),
    };
    let from = gather(world, said.into_bytes());
    let mut verdict = String::new();
    if world.rank() == 0 {
        let heard: Vec<String> = from
            .iter()
            .map(|said| String::from_utf8_lossy(said).into_owned())
            .collect();
        verdict = disagreement(&heard).unwrap_or_default();
    }
    let verdict = broadcast(world, verdict.into_bytes());
    match verdict.is_empty() {
        true => mine,
        false => Err(String::from_utf8_lossy(&verdict).into_owned()),
    }
}

/// Which rank says something else, and what.
fn disagreement(heard: &[String]) -> Option<String> {
    let failed = |(_, said): &(usize, &String)| said.starts_with('-');
    let all = || heard.iter().enumerate();
    if let Some((rank, said)) = all().find(failed) {
        return Some(format!("rank {rank}: {}", &said[1..]));
    }
    let (rank, other) = all().find(|(_, said)| **said != heard[0])?;
    Some(format!(
        "rank {rank} sees another capture or is another version: {} there, {} on rank 0",
        &other[1..],
        &heard[0][1..]
    ))
}

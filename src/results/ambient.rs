//! Seeds that are facts of a program's start.

use serde::{Deserialize, Serialize};

/// A rule by which a seed is made of what a program finds when it starts: the clock, a process id, its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AmbientSeed {
    /// The clock's unit, where the clock is read.
    pub clock: Option<Tick>,
    /// The process whose id is read.
    pub process: Option<Process>,
    /// How the two are joined, where both are read.
    pub joined: Joined,
    /// How the worker's number comes in.
    pub rank: Rank,
}

/// The unit of a clock, since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tick {
    /// Seconds.
    Second,
    /// Milliseconds.
    Millisecond,
    /// Microseconds.
    Microsecond,
    /// Nanoseconds.
    Nanosecond,
}

impl Tick {
    /// Nanoseconds of a tick.
    pub const fn ns(self) -> u64 {
        match self {
            Self::Second => 1_000_000_000,
            Self::Millisecond => 1_000_000,
            Self::Microsecond => 1_000,
            Self::Nanosecond => 1,
        }
    }
}

/// A process whose id is a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Process {
    /// The program that was started.
    Own,
    /// Its parent.
    Parent,
    /// One of those that it started.
    Child,
}

/// How clock and process id are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Joined {
    /// Their sum.
    Sum,
    /// Their exclusive or.
    Xor,
    /// Their product.
    Product,
    /// The exclusive or with the process id 16 bits up.
    Shifted,
    /// The exclusive or with the process id plus itself 15 bits up, as Perl's manual long advised.
    Spread,
    /// The list of both, the clock first: the process id 32 bits up.
    Listed,
    /// The list of both, the process id first: the clock 32 bits up.
    ListedBack,
}

/// How the worker's number comes into a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    /// Not at all.
    Absent,
    /// It is added, counted from 0.
    Added,
    /// It is added, counted from 1.
    AddedFromOne,
    /// By exclusive or.
    Xored,
    /// Behind the rest in a list: 32 bits up.
    Behind,
    /// Before the rest in a list, which is 32 bits up.
    Before,
}

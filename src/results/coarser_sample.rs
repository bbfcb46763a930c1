//! A sample of windows that is coarser than planned.

use serde::{Deserialize, Serialize};

/// What was sampled where the planned sample would have taken more passes than are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoarserSample {
    /// One window in so many was joined.
    pub one_window_in: u64,
    /// One window in so many was planned.
    pub asked_for: u64,
    /// Passes over the evidence that the planned sample takes within the memory there is.
    pub passes: u64,
    /// Passes that are allowed.
    pub allowed: u64,
}

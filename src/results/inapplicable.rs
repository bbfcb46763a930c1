//! What could not be asked.

use serde::{Deserialize, Serialize};

/// The name of the comparison of whole streams, where it could not be made.
pub(crate) const EQUALITY: &str = "equal-streams";

/// Why a test could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inapplicable {
    /// The test or join.
    pub test: String,
    /// What it would need.
    pub needs: String,
}

//! Each test against the constructions it must catch, and against sound ones it must not.

mod bias;
mod copies;
mod quiet;
mod rank;
mod relations;

use super::{StatisticalTest, find};

fn test(id: &str) -> &'static dyn StatisticalTest {
    find(id).unwrap()
}

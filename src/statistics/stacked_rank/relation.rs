//! Which few streams are the xor (or sum) of one another, where the rank is lacking.

use super::matrices::{Matrix, RowKind};
use crate::{
    kernels::gf2::{rank, shortest_relation},
    math::{Tails, relation_ln_upper},
    results::View,
    statistics::{places::Spot, views::Frame},
};

/// Members of a sum that is looked for with every choice of signs: each more doubles the choices.
const SIGNED: usize = 8;

/// The fewest rows that add up to 0.
///
/// Streams of a linear generator lack rank as soon as there are more of them than bits of state, but
/// then about half of them are needed for a relation: a few streams that are related among many which
/// are not, are so by their seeds.
///
/// The low bits of a generator modulo 2^k have few states of their own, in which two soundly seeded
/// streams meet by chance. They do not meet in the top bit, nor in whole words; so a relation counts
/// only where it reaches the top bit, or holds of whole words.
pub(super) fn relation(frame: &Frame<'_>, matrix: &Matrix, found: usize, width: usize) -> Spot {
    let mut rows = Vec::new();
    if found < matrix.rows {
        let mut bits = matrix.bits.clone();
        rows = shortest_relation(&mut bits, matrix.rows, matrix.stride).unwrap_or_default();
    }
    let mut members: Vec<usize> = rows
        .iter()
        .map(|row| row / matrix.rows_per_stream())
        .collect();
    members.dedup();
    let counts = members.len() >= 2
        && match matrix.kind {
            RowKind::Words => true,
            RowKind::Plane(bit) => bit + 1 == width || cancels(frame, &members),
            RowKind::EveryBit { .. } => reaches_the_top(matrix, &members),
        };
    let tails = if counts {
        Tails::upper_only(relation_ln_upper(
            matrix.rows as u64,
            found as u64,
            rows.len() as u64,
        ))
    } else {
        Tails::CERTAIN
    };
    Spot::new(
        View::Combinations,
        format!(
            "{} of {} rows: the fewest rows of which one is the xor of the others",
            matrix.label, matrix.rows
        ),
        tails,
        (rows.len() as f64, found as f64 / 2.0),
    )
    .of(members.iter().map(|&row| frame.id(row)).collect())
}

/// Whether the words of the streams add up to 0 all along, with some choice of signs.
fn cancels(frame: &Frame<'_>, members: &[usize]) -> bool {
    if members.len() > SIGNED {
        return false;
    }
    (0..1_u32 << (members.len() - 1)).any(|signs| {
        (0..frame.words()).all(|at| {
            members.iter().enumerate().fold(0_u64, |sum, (i, &member)| {
                let word = frame.row(member)[at];
                if signs >> i & 1 == 1 {
                    sum.wrapping_sub(word)
                } else {
                    sum.wrapping_add(word)
                }
            }) == 0
        })
    })
}

/// Whether the top bit of one of the streams is a sum of bits of the others.
fn reaches_the_top(matrix: &Matrix, members: &[usize]) -> bool {
    let bits = matrix.rows_per_stream();
    members.iter().any(|&member| {
        let others = members.iter().filter(|&&other| other != member);
        let mut rows: Vec<usize> = others.flat_map(|&o| o * bits..(o + 1) * bits).collect();
        let rank_of = |rows: &[usize]| {
            let mut packed = Vec::with_capacity(rows.len() * matrix.stride);
            for row in rows {
                packed.extend_from_slice(
                    &matrix.bits[row * matrix.stride..(row + 1) * matrix.stride],
                );
            }
            rank(&mut packed, rows.len(), matrix.stride)
        };
        let without = rank_of(&rows);
        rows.push((member + 1) * bits - 1);
        rank_of(&rows) == without
    })
}

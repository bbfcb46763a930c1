//! The census: how many different streams strategies start, and what that says of their seeds.

use maud::{Markup, html};

use super::summary::figure;
use crate::census::{Entropy, Unit};
use crate::{
    record::{Report, StrategyCensus},
    report::numbers,
};

/// The columns of the table.
pub(super) const COLUMNS: [&str; 9] = [
    "Strategy",
    "Drawn",
    "Different",
    "Worth",
    "Bits at least",
    "Estimate",
    "Bits at most",
    "Declared",
    "Agrees",
];

/// The table, where a census was taken.
pub(super) fn section(report: &Report) -> Markup {
    if report.censuses.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 id="entropy" { "Seed entropy" }
            p class="muted" {
                "Very many independent draws of each strategy's seed, a 256-bit fingerprint of the stream "
                "each one starts. Bits are of the seed space, at 95 %; where nothing collided, only a lower "
                "bound can be had: not refuted is not proven. Strategies without entropy get no bits."
            }
            div class="scroll" tabindex="0" role="region" aria-label="Seed entropy" {
                table class="census sortable stack" {
                    thead { tr { @for column in COLUMNS { th { (column) } } } }
                    tbody { @for row in &report.censuses { (one(row)) } }
                }
            }
        }
    }
}

fn one(row: &StrategyCensus) -> Markup {
    let census = &row.census;
    let bits = |of: fn(&Entropy) -> Option<f64>| {
        census
            .entropy
            .as_ref()
            .and_then(of)
            .map_or("–".to_owned(), numbers::figure)
    };
    html! {
        tr {
            td { code { (row.id) } }
            td data-value=(census.units) { (numbers::count(census.units)) " " (unit(census.unit)) }
            (figure(Some((census.distinct as f64, numbers::count(census.distinct)))))
            (figure(Some((census.effective_streams, numbers::worth(census.effective_streams)))))
            td { (bits(|entropy| entropy.at_least_bits)) }
            td { (bits(|entropy| entropy.estimate_bits)) }
            td { (bits(|entropy| entropy.at_most_bits)) }
            td { (bits(|entropy| Some(entropy.declared_bits))) }
            td { (census.entropy.map_or("–", |entropy| if entropy.agrees { "yes" } else { "no" })) }
        }
    }
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Task => "tasks",
        Unit::Worker => "workers",
        Unit::Run => "roots",
    }
}

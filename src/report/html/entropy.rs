//! The census: how many different streams strategies start, and what that says of their seeds.

use maud::{Markup, html};

use crate::census::{Entropy, Unit};
use crate::{
    record::{Report, StrategyCensus},
    report::numbers,
};

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
                table class="sortable stack" {
                    thead { tr {
                        th { "Strategy" } th { "Drawn" } th { "Different" } th { "Worth" }
                        th { "Bits at least" } th { "Estimate" } th { "Bits at most" }
                        th { "Declared" } th { "Agrees" }
                    } }
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
            td data-label="Drawn" data-value=(census.units) { (numbers::count(census.units)) " " (unit(census.unit)) }
            td data-label="Different" data-value=(census.distinct) { (numbers::count(census.distinct)) }
            td data-label="Worth" data-value=(census.effective_streams) { (numbers::worth(census.effective_streams)) }
            td data-label="Bits at least" { (bits(|entropy| entropy.at_least_bits)) }
            td data-label="Estimate" { (bits(|entropy| entropy.estimate_bits)) }
            td data-label="Bits at most" { (bits(|entropy| entropy.at_most_bits)) }
            td data-label="Declared" { (bits(|entropy| Some(entropy.declared_bits))) }
            td data-label="Agrees" { (census.entropy.map_or("–", |entropy| if entropy.agrees { "yes" } else { "no" })) }
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

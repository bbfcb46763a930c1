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
            div class="scroll" {
                table {
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
            td { (numbers::count(census.units)) " " (unit(census.unit)) }
            td { (numbers::count(census.distinct)) }
            td { (numbers::worth(census.effective_streams)) }
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

//! How it was measured: plan, machine, versions, method.

use maud::{Markup, html};

use crate::{
    record::Report,
    report::{
        evidence,
        numbers::{self, MISSING},
        text,
    },
};

pub(super) fn sections(report: &Report) -> Markup {
    let machine = &report.machine;
    html! {
        section {
            h2 id="about" { "How this was measured" }
            h3 { "Method" }
            p { "Words of every stream are collected and compared exactly first: equal streams, shifted overlaps, "
                "copies in disguise, repeated words. Whatever is found that way has a witness: which streams, where, how long. "
                "Statistical tests then read the distinct streams in several arrangements, alone, interleaved, against their neighbours." }
            p { "The family is every p-value of every row, fixed before the data. The smallest decides, by Bonferroni's bound, "
                "which holds under any dependence. Asymptotic laws never convict alone: what is grey is tested once more, on "
                "independent evidence of four times the size. What also fails for independently seeded streams of the same "
                "generator is charged to the generator." }
            p { "The probability that this report holds any false alarm is at most "
                strong { (numbers::probability(report.false_alarm)) } ". "
                "“Sound” means: nothing was refuted, for this many streams and words, at that risk. It is no proof beyond the bound of each row." }
            @if let Some(plan) = &report.plan {
                h3 { "Plan" }
                dl {
                    dt { "name" } dd { (plan.name) }
                    dt { "workers" } dd { (numbers::count(u64::from(plan.workers))) }
                    dt { "tasks" } dd { (numbers::count(u64::from(plan.tasks))) " a run" }
                    dt { "words" } dd { (numbers::count(u64::from(plan.words))) " a task" }
                    dt { "fresh runs" } dd { (plan.fresh_runs) }
                    dt { "given roots" }
                    dd { @if plan.rooted.is_empty() { (MISSING) }
                         @for (nth, root) in plan.rooted.iter().enumerate() { @if nth > 0 { ", " } code { (root) } } }
                    dt { "root" } dd { code { (plan.root) } }
                }
            }
            h3 { "Machine and versions" }
            dl {
                dt { "platform" } dd { (machine.platform) }
                dt { "processor" } dd { (machine.cpu.as_deref().unwrap_or(MISSING)) }
                dt { "cores" } dd { (machine.cores) }
                dt { "memory" } dd { (machine.memory_bytes.map_or_else(|| MISSING.into(), numbers::bytes)) }
                dt { "seedbench" } dd { (machine.seedbench) }
                dt { "compiler" } dd { (machine.rustc) }
                @if !machine.crates.is_empty() {
                    dt { "crates" }
                    dd { @for (nth, (name, version)) in machine.crates.iter().enumerate() {
                        @if nth > 0 { ", " } (name) " " (version) } }
                }
            }
            h3 { "To run it again" }
            pre tabindex="0" { code { (evidence::replay(report)) } }
            @if !report.problems.is_empty() {
                h3 { "Could not be read" }
                ul { @for problem in &report.problems { li { (problem) } } }
            }
            @if !report.trimmed.is_empty() {
                h3 { "Left out" }
                ul { @for note in &report.trimmed { li { (note) } } }
            }
        }
    }
}

pub(super) fn footer(report: &Report) -> Markup {
    html! {
        footer {
            @if report.plan.is_some() { p { (text::summary(report)) "." } }
            p { "Made by seedbench " (report.machine.seedbench) " on " (numbers::moment(report.created_unix_ns))
                ", report schema " (report.schema) ". Everything here is rendered from report.json: "
                code { "seedbench render report.json" } "." }
        }
    }
}

//! What the reader came for: the verdict, one row a cell, promises kept and broken.

use maud::{Markup, html};

use super::{badge, entropy, glossary::term, judged, row_anchor};
use crate::{
    harness::throughput::StrategyCost,
    record::{CellOutcome, CellReport, Report},
    report::{
        numbers::{self, MISSING},
        standing, text,
    },
    strategies::Promise,
    verdict::{AsDeclared, Measured, PromiseRow, Severity},
};

pub(super) fn header(report: &Report) -> Markup {
    html! {
        header {
            h1 { "seedbench " (report.command) }
            p class="lead" { (lead(report)) }
            @if let Some((_, not)) = standing::advice(report) { p { strong { (not) } } }
            p class="muted" {
                @if report.plan.is_none() { (text::summary(report)) ". " }
                @if let Some(covers) = text::covers(report) { (upper_first(&covers)) ". " }
                "The chance that anything on this page is a false alarm is at most "
                (numbers::probability(report.false_alarm)) "."
                @if let Some(busy) = text::busy(report) { " " (busy) "." }
            }
            ul class="chips" {
                li { (numbers::moment(report.created_unix_ns)) }
                @if let Some(plan) = &report.plan {
                    li { (plan.name) " plan: " (numbers::counted(plan.tasks.into(), "task")) " on "
                         (numbers::counted(plan.workers.into(), "worker")) }
                }
                li { (report.machine.cores) " cores, " (report.machine.platform) }
                li { "exit code " (report.exit_code) }
            }
        }
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn lead(report: &Report) -> String {
    let audit = report.plan.is_none();
    if let Some((advice, _)) = standing::advice(report) {
        return advice;
    }
    match (report.verdict.as_str(), audit) {
        ("sound", _) => "Nothing refutes this seeding.".into(),
        ("unsound", _) => "This seeding is unsound.".into(),
        ("inconclusive", _) => "This run cannot decide.".into(),
        ("as-declared", _) => "Every row is as its strategy declares.".into(),
        ("not-as-declared", _) => "Some rows are not as their strategy declares.".into(),
        (other, _) => other.replace('-', " "),
    }
}

pub(super) fn table(report: &Report) -> Markup {
    let shown = Shown::of(report);
    html! {
        section {
            h2 id="results" { "Results" }
            p class="muted" {
                "Worth: how many independent streams the streams of a run are worth. "
                "Shared: the probability that two of so many streams are one. "
                @if let Some(yardstick) = &report.yardstick {
                    "×: cost of a word as a multiple of " (yardstick.generator) " ("
                    (numbers::figure(yardstick.draw.median)) " ns here)."
                }
            }
            @if report.cells.len() > 1 { (filter()) }
            div class="scroll" tabindex="0" role="region" aria-label="Results" {
                table class="stack sortable verdicts" {
                    thead { tr {
                        @for column in columns(report) {
                            th class=[column.figures.then_some("n")] {
                                @if column.explained { (term(column.name)) } @else { (column.name) }
                                @if let Some(unit) = column.unit { ", " (unit) }
                            }
                        }
                    } }
                    tbody { @for cell in &report.cells { (row(report, cell, &shown)) } }
                }
            }
        }
    }
}

/// A column of the results.
struct ResultColumn {
    name: &'static str,
    unit: Option<&'static str>,
    /// Whether figures stand in it.
    figures: bool,
    /// Whether the glossary has its name.
    explained: bool,
}

fn columns(report: &Report) -> Vec<ResultColumn> {
    let shown = Shown::of(report);
    let column = |name| ResultColumn {
        name,
        unit: None,
        figures: false,
        explained: false,
    };
    let term = |name, unit, figures| ResultColumn {
        name,
        unit,
        figures,
        explained: true,
    };
    let mut columns = match shown.backends {
        true => vec![column("strategy"), column("backend")],
        false => vec![column("program")],
    };
    columns.push(column("verdict"));
    if shown.any_declared {
        columns.push(term("as declared", None, false));
    }
    columns.extend(["worth", "P(shared)"].map(|name| term(name, None, true)));
    if shown.costs {
        columns.extend(["open", "draw"].map(|name| term(name, Some("ns"), true)));
        columns.push(ResultColumn {
            figures: true,
            ..column("×")
        });
    }
    columns.push(column("findings"));
    columns
}

/// The rules of columns, said once instead of in each cell: their names, which stand beside every cell where a table is
/// stacked, and the place of figures.
pub(super) fn labels(report: &Report) -> String {
    let mut rules = String::from("@media (max-width:1100px){");
    let results = columns(report).into_iter().map(|column| match column.unit {
        Some(unit) => format!("{}, {unit}", column.name),
        None => column.name.to_owned(),
    });
    let promises = ["strategy", "backend"]
        .into_iter()
        .chain(Promise::ALL.map(Promise::name));
    for (table, names) in [
        ("verdicts", results.collect::<Vec<_>>()),
        ("promises", promises.map(str::to_owned).collect()),
        ("census", entropy::COLUMNS.map(str::to_owned).to_vec()),
    ] {
        for (nth, name) in names.iter().enumerate().skip(1) {
            rules.push_str(&format!(
                ".{table} td:nth-child({})::before{{content:\"{name}\"}}",
                nth + 1
            ));
        }
    }
    rules.push('}');
    let figures: Vec<String> = columns(report)
        .iter()
        .zip(1..)
        .filter(|(column, _)| column.figures)
        .map(|(_, nth)| format!(":where(.verdicts) td:nth-child({nth})"))
        .collect();
    rules + &figures.join(",") + "{text-align:right;white-space:nowrap}\n"
}

/// What narrows the tables down; of use with the script only.
fn filter() -> Markup {
    html! {
        div class="filter" data-script hidden {
            label { "Find " input type="search" id="search" placeholder="a part of a name"; }
            label { "Verdict "
                select id="verdict" {
                    option value="" { "all" }
                    @for (word, class) in [("sound", "sound"), ("unsound", "unsound"), ("inconclusive", "inconclusive"),
                        ("weak generator", "weak"), ("failed", "failed"), ("unsupported", "unsupported")] {
                        option value=(class) { (word) }
                    }
                }
            }
            span class="muted" id="left" aria-live="polite" {}
        }
    }
}

/// Which columns there are.
struct Shown {
    any_declared: bool,
    costs: bool,
    backends: bool,
}

impl Shown {
    fn of(report: &Report) -> Self {
        let mut results = report.cells.iter().filter_map(judged);
        Self {
            any_declared: results.any(|result| result.judgement.as_declared.is_some()),
            costs: !report.costs.is_empty(),
            backends: report.cells.iter().any(|cell| cell.backend.is_some()),
        }
    }
}

fn row(report: &Report, cell: &CellReport, shown: &Shown) -> Markup {
    let cost = report.costs.iter().find(|cost| cost.id == cell.id);
    let result = judged(cell);
    html! {
        tr {
            td class="id" { a href={ "#" (row_anchor(&cell.id, cell.backend)) } { (cell.id) } }
            @if shown.backends { td { @if let Some(backend) = cell.backend { (backend) } } }
            td { (badge(cell)) }
            @if shown.any_declared {
                td { @if let Some(result) = result { (declared(cell, result.judgement.as_declared)) } }
            }
            (figure(result.map(|result| &result.judgement).map(|judged| {
                let worth = judged.effective_streams;
                (worth, format!("{} of {}", numbers::worth(worth), numbers::count(judged.streams)))
            })))
            @match result.map(|result| result.judgement.collision_probability) {
                Some(None) => td { (MISSING) },
                other => (figure(other.flatten().map(|p| (p, numbers::shared(p))))),
            }
            @if shown.costs {
                @for of in [|cost: &StrategyCost| cost.open.median, |cost: &StrategyCost| cost.draw.median, |cost: &StrategyCost| cost.draw_ratio] {
                    (figure(cost.map(of).map(|value| (value, numbers::figure(value)))))
                }
            }
            td { (finding_links(cell)) }
        }
    }
}

/// A figure in its cell, with what the script sorts by where that is not what stands there.
pub(super) fn figure(value: Option<(f64, String)>) -> Markup {
    let Some((value, text)) = value else {
        return html! { td {} };
    };
    let sorts = text
        .split(" of ")
        .next()
        .is_some_and(|figure| figure.parse::<f64>().is_ok());
    html! { td data-value=[(!sorts).then(|| format!("{value:.3e}"))] { (text) } }
}

fn declared(cell: &CellReport, declared: Option<AsDeclared>) -> Markup {
    let limited = || standing::spec(cell).is_some_and(|spec| standing::limit(spec).is_some());
    match declared {
        None => html! {},
        Some(AsDeclared::Yes) => html! { "yes" },
        Some(AsDeclared::No) => html! { span class="no" { "no" } },
        Some(AsDeclared::NotDecidable) if limited() => {
            html! { span class="muted" { "chance decides at this size" } }
        }
        Some(AsDeclared::NotDecidable) => html! { span class="muted" { "not at this size" } },
    }
}

fn finding_links(cell: &CellReport) -> Markup {
    let rules = match &cell.outcome {
        CellOutcome::Unsupported { reason, .. } => {
            return html! { span class="muted" { (reason) } };
        }
        CellOutcome::Failed { error } => return html! { span class="no" { (error) } },
        CellOutcome::Judged(result) => {
            let mut rules: Vec<(&str, Severity)> = Vec::new();
            for finding in &result.judgement.findings {
                if rules.iter().all(|(rule, _)| *rule != finding.rule.id()) {
                    rules.push((finding.rule.id(), finding.severity));
                }
            }
            rules
        }
    };
    html! {
        span {
            @for (nth, (rule, severity)) in rules.iter().enumerate() {
                @if nth > 0 { ", " }
                a href={ "#finding-" (rule) } class=[(*severity == Severity::Note).then_some("muted")] { (rule) }
            }
        }
    }
}

pub(super) fn has_promises(report: &Report) -> bool {
    report
        .cells
        .iter()
        .filter_map(judged)
        .any(|result| !result.judgement.promises.is_empty())
}

pub(super) fn promises(report: &Report) -> Markup {
    if !has_promises(report) {
        return html! {};
    }
    html! {
        section {
            h2 id="promises" { "Promised and measured" }
            p class="muted" {
                span class="kept" { "kept" } ": promised, and nothing refutes it. "
                span class="broken" { "broken" } ": promised, and refuted. "
                "“as said”: not promised, and indeed refuted. “held”: not promised, yet nothing refutes it. "
                "“unmeasured”: promised, but this plan does not measure it."
            }
            div class="scroll" tabindex="0" role="region" aria-label="Promised and measured" {
                table class="matrix stack promises" {
                    thead { tr {
                        th { "strategy" } th { "backend" }
                        @for promise in Promise::ALL { th { (promise.name()) } }
                    } }
                    tbody {
                        @for cell in &report.cells {
                            @if let Some(result) = judged(cell) {
                                tr data-verdict=(super::outcome(cell).1) {
                                    td class="id" { (cell.id) }
                                    td { @if let Some(backend) = cell.backend { (backend) } }
                                    @for promise in Promise::ALL {
                                        @let (class, said) = promise_cell(result.judgement.promises.iter().find(|row| row.promise == promise));
                                        td class=[class] { (said) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is said of a promise, and its class.
fn promise_cell(row: Option<&PromiseRow>) -> (Option<&'static str>, &'static str) {
    match row.map(|row| (row.promised, row.measured)) {
        Some((true, Measured::Held)) => (Some("kept"), "✓ kept"),
        Some((true, Measured::Broken)) => (Some("broken"), "✗ broken"),
        Some((true, Measured::NotMeasured)) => (Some("muted"), "unmeasured"),
        Some((false, Measured::Broken)) => (None, "as said"),
        Some((false, Measured::Held)) => (Some("muted"), "held"),
        Some((false, Measured::NotMeasured)) | None => (Some("muted"), MISSING),
    }
}

//! One row a strategy and backend.

use super::layout::{Options, Paint, columns, cut, harmless, wrap_into};
use crate::{
    record::{CellOutcome, CellReport, CellResult, Report, StrategyCost},
    report::{
        numbers,
        standing::{self, RowStanding},
    },
    verdict::{AsDeclared, Severity},
};

/// Columns in the order of the table.
const TITLES: [&str; COLUMNS] = [
    "strategy",
    "backend",
    "verdict",
    "declared",
    "worth",
    "P(shared)",
    "open ns",
    "draw ns",
    "ratio",
    "findings",
];
const COLUMNS: usize = 10;
const FINDINGS: usize = 9;
/// Figures stand to the right.
const RIGHT: [usize; 5] = [4, 5, 6, 7, 8];
/// Which columns go first where there is no room.
const GIVEN_UP: [usize; 6] = [8, 6, 5, 7, 3, 4];
/// A column of findings narrower than this is no column: they stand below their row instead.
const LEAST_FINDINGS: usize = 24;
/// How far they are set in there.
const INDENT: &str = "    ";

struct TableRow {
    texts: [String; COLUMNS],
    tone: Tone,
}

#[derive(Clone, Copy)]
enum Tone {
    Good,
    Bad,
    Open,
    Dim,
}

/// The table, at most as wide as the terminal.
pub(super) fn render(report: &Report, options: Options) -> String {
    let rows: Vec<TableRow> = report
        .cells
        .iter()
        .map(|cell| row(cell, &report.costs, options))
        .collect();
    let filled = |column: usize| rows.iter().any(|row| !row.texts[column].is_empty());
    let mut shown: Vec<usize> = (0..COLUMNS).filter(|&column| filled(column)).collect();
    let natural = |column: usize| {
        rows.iter()
            .map(|row| columns(&row.texts[column]))
            .chain([columns(TITLES[column])])
            .max()
            .unwrap_or(0)
    };
    let gap = 2;
    // What all columns but the findings take, each followed by a gap.
    let fixed = |shown: &[usize]| -> usize {
        shown
            .iter()
            .filter(|&&column| column != FINDINGS)
            .map(|&column| natural(column) + gap)
            .sum()
    };
    let longest = natural(FINDINGS).min(LEAST_FINDINGS);
    let beside = fixed(&shown) + longest <= options.width;
    if !beside {
        shown.retain(|&column| column != FINDINGS);
        for column in GIVEN_UP {
            if fixed(&shown) <= options.width + gap {
                break;
            }
            shown.retain(|&kept| kept != column);
        }
    }
    let mut widths = [0; COLUMNS];
    for &column in &shown {
        widths[column] = natural(column);
    }
    let taken = fixed(&shown);
    if beside {
        widths[FINDINGS] = natural(FINDINGS).min(options.width - taken);
    } else {
        // At last the names give way.
        let over = taken.saturating_sub(options.width + gap);
        widths[0] = widths[0].saturating_sub(over).max(12);
    }
    draw(&rows, &shown, &widths, options)
}

fn draw(rows: &[TableRow], shown: &[usize], widths: &[usize; COLUMNS], options: Options) -> String {
    let paint = Paint(options.color);
    let mut text = String::new();
    let pad = |column: usize, text: &str| {
        let cell = cut(text, widths[column], options.unicode);
        let room = " ".repeat(widths[column] - columns(&cell));
        if RIGHT.contains(&column) {
            room + &cell
        } else {
            cell + &room
        }
    };
    let titles: Vec<String> = shown.iter().map(|&c| pad(c, TITLES[c])).collect();
    text.push_str(&paint.bold(titles.join("  ").trim_end()));
    text.push('\n');
    let rule = if options.unicode { "─" } else { "-" };
    let width = titles.iter().map(|title| columns(title)).sum::<usize>() + 2 * (titles.len() - 1);
    text.push_str(&paint.dim(&rule.repeat(width)));
    text.push('\n');
    let plain: Vec<usize> = shown.iter().copied().filter(|&c| c != FINDINGS).collect();
    for row in rows {
        let mut line = Vec::new();
        for &column in &plain {
            let cell = pad(column, &row.texts[column]);
            line.push(match (column, row.tone) {
                (2, Tone::Good) => paint.good(&cell),
                (2, Tone::Bad) => paint.bad(&cell),
                (2, Tone::Open) => paint.open(&cell),
                (3, _) if row.texts[3].starts_with("NO") => paint.bad(&cell),
                (2.., Tone::Dim) => paint.dim(&cell),
                _ => cell,
            });
        }
        let line = line.join("  ");
        let findings = &row.texts[FINDINGS];
        if findings.is_empty() {
            text.push_str(line.trim_end());
            text.push('\n');
        } else if shown.contains(&FINDINGS) {
            let lead = plain.iter().map(|&c| widths[c] + 2).sum::<usize>();
            let rest = " ".repeat(lead);
            wrap_into(
                &mut text,
                findings,
                &(line + "  "),
                &rest,
                options.width,
                str::to_owned,
            );
        } else {
            text.push_str(line.trim_end());
            text.push('\n');
            wrap_into(&mut text, findings, INDENT, INDENT, options.width, |l| {
                paint.dim(l)
            });
        }
    }
    text
}

fn row(cell: &CellReport, costs: &[StrategyCost], options: Options) -> TableRow {
    let mut texts: [String; COLUMNS] = Default::default();
    texts[0] = harmless(&cell.id);
    texts[1] = cell
        .backend
        .map_or_else(String::new, |b| b.name().to_owned());
    if let Some(cost) = costs.iter().find(|cost| cost.id == cell.id) {
        texts[6] = numbers::figure(cost.open.median);
        texts[7] = numbers::figure(cost.draw.median);
        let times = if options.unicode { "×" } else { "x" };
        texts[8] = format!("{}{times}", numbers::figure(cost.draw_ratio));
    }
    let tone = match &cell.outcome {
        CellOutcome::Judged(result) => {
            judged(&mut texts, cell, result, options);
            match standing::standing(cell, &result.judgement) {
                RowStanding::Unsound => Tone::Bad,
                RowStanding::Undecided | RowStanding::WeakGenerator => Tone::Open,
                _ => Tone::Good,
            }
        }
        CellOutcome::Unsupported { reason, .. } => {
            texts[2] = "unsupported".into();
            texts[FINDINGS] = harmless(reason);
            Tone::Dim
        }
        CellOutcome::Failed { error } => {
            texts[2] = "failed".into();
            texts[FINDINGS] = harmless(error);
            Tone::Bad
        }
    };
    TableRow { texts, tone }
}

fn judged(texts: &mut [String; COLUMNS], cell: &CellReport, result: &CellResult, options: Options) {
    let judgement = &result.judgement;
    texts[2] = standing::standing(cell, judgement).word().into();
    texts[3] = match judgement.as_declared {
        None => String::new(),
        Some(AsDeclared::Yes) => "yes".into(),
        Some(AsDeclared::No) => "NO".into(),
        // A flaw of the strategy that so small a run may or may not meet.
        Some(AsDeclared::NotDecidable)
            if standing::spec(cell).is_some_and(|spec| standing::limit(spec).is_some()) =>
        {
            "by chance".into()
        }
        Some(AsDeclared::NotDecidable) => "not here".into(),
    };
    texts[4] = format!(
        "{}/{}",
        numbers::worth(judgement.effective_streams),
        numbers::count(judgement.streams)
    );
    texts[5] = match judgement.collision_probability {
        Some(p) => numbers::shared(p),
        None if options.unicode => numbers::MISSING.into(),
        None => "-".into(),
    };
    texts[FINDINGS] = finding_ids(result);
}

/// The ids of a row's findings, gravest first, each once; notes only where there is nothing graver.
fn finding_ids(result: &CellResult) -> String {
    let findings = &result.judgement.findings;
    let grave = findings
        .iter()
        .any(|finding| finding.severity != Severity::Note);
    let mut ids: Vec<&str> = Vec::new();
    for finding in findings {
        if (!grave || finding.severity != Severity::Note) && !ids.contains(&finding.rule.id()) {
            ids.push(finding.rule.id());
        }
    }
    ids.join(", ")
}

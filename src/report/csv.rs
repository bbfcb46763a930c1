//! A report as a table for spreadsheets and data frames: one line a row (RFC 4180).

use crate::{
    record::{CellOutcome, CellReport, Report},
    verdict::AsDeclared,
};

/// The columns.
const COLUMNS: [&str; 12] = [
    "row",
    "backend",
    "status",
    "verdict",
    "as_declared",
    "streams",
    "words_per_stream",
    "worth",
    "smallest_p",
    "findings",
    "open_ns",
    "word_ns",
];

/// The rows of a report; what was not measured is empty.
pub fn render(report: &Report) -> String {
    let mut text = COLUMNS.join(",") + "\r\n";
    for cell in &report.cells {
        let fields = row(report, cell);
        text.push_str(&fields.map(|field| quoted(&field)).join(","));
        text.push_str("\r\n");
    }
    text
}

fn row(report: &Report, cell: &CellReport) -> [String; COLUMNS.len()] {
    let mut fields: [String; COLUMNS.len()] = Default::default();
    fields[0].clone_from(&cell.id);
    fields[1] = cell.backend.map_or("", |backend| backend.name()).to_owned();
    match &cell.outcome {
        CellOutcome::Unsupported { .. } => fields[2] = "unsupported".into(),
        CellOutcome::Failed { .. } => fields[2] = "failed".into(),
        CellOutcome::Judged(result) => {
            let judgement = &result.judgement;
            fields[2] = "judged".into();
            fields[3] = judgement.verdict.name().into();
            fields[4] = judgement
                .as_declared
                .map_or("", |declared| match declared {
                    AsDeclared::Yes => "yes",
                    AsDeclared::No => "no",
                    AsDeclared::NotDecidable => "not-decidable",
                })
                .to_owned();
            fields[5] = judgement.streams.to_string();
            fields[6] = result.analysis.words_per_stream.to_string();
            fields[7] = judgement.effective_streams.to_string();
            let smallest = judgement.findings.iter().filter_map(|finding| finding.p);
            fields[8] = smallest
                .reduce(f64::min)
                .map_or(String::new(), |p| format!("{p:e}"));
            let mut ids: Vec<&str> = judgement
                .findings
                .iter()
                .map(|finding| finding.rule.id())
                .collect();
            ids.dedup();
            fields[9] = ids.join(" ");
        }
    }
    if let Some(cost) = report.costs.iter().find(|cost| cost.id == cell.id) {
        fields[10] = cost.open.median.to_string();
        fields[11] = cost.draw.median.to_string();
    }
    fields
}

/// A field in quotes where it needs them. A spreadsheet takes what begins with `=`, `+`, `-` or `@` for a formula,
/// so foreign names are kept from that by a quote in front.
fn quoted(field: &str) -> String {
    let number = field.parse::<f64>().is_ok();
    let field = match field.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !number => format!("'{field}"),
        _ => field.to_owned(),
    };
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names_stay_one_field_and_are_no_formula() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("-0.5"), "-0.5");
    }
}

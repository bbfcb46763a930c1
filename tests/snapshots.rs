//! Every renderer on fixed reports: what is shown, that it is readable again, and that it is whole.

mod fixtures;

use std::{fs, path::Path};

use fixtures::{audit_report, catalogue_report, finding, run_report};
use seedbench::{
    record::{CellOutcome, MAX_BYTES, Report, SCHEMA, json},
    report::{PNG_SCALE, explain, figure_svg, html, read_file, render_file, text, write_all},
    results::FindingKind,
    verdict::{Attribution, Severity, Verdict},
    vocabulary::StreamId,
};

fn plain(width: usize) -> text::Options {
    text::Options {
        width,
        ..text::Options::default()
    }
}

#[test]
fn the_terminal_shows_a_run() {
    insta::assert_snapshot!("text_run_100", text::render(&run_report(), plain(100)));
    insta::assert_snapshot!("text_run_160", text::render(&run_report(), plain(160)));
    insta::assert_snapshot!("text_run_60", text::render(&run_report(), plain(60)));
}

#[test]
fn the_terminal_shows_an_audit() {
    insta::assert_snapshot!("text_audit_100", text::render(&audit_report(), plain(100)));
}

/// An audit that is open only for what is suspect.
fn suspect_report() -> Report {
    let mut report = audit_report();
    let mut finding = finding(
        "shared-inputs",
        "all streams of a run agree in their first 64 values (64 of 264): 2636 bits against chance",
        "unsound if these values were drawn by each worker; not if they were told to all of them",
        "say --shared-inputs if they are inputs, --as draws if they are draws",
    );
    finding.severity = Severity::Suspect;
    finding.attribution = Attribution::Unseparated;
    finding.witness = None;
    if let CellOutcome::Judged(result) = &mut report.cells[0].outcome {
        result.judgement.verdict = Verdict::Inconclusive;
        result.judgement.findings = vec![finding.clone()];
    }
    report.verdict = "inconclusive".into();
    report.findings = vec![finding];
    report.exit_code = 12;
    report
}

#[test]
fn suspects_are_shown_as_what_they_are() {
    let report = suspect_report();
    insta::assert_snapshot!("text_suspect_100", text::render(&report, plain(100)));
    let page = html::render(&report);
    assert!(page.contains("shared-inputs") && page.contains("inconclusive"));
    assert_eq!(
        json::from_bytes(&json::to_bytes(&report).unwrap()).unwrap(),
        report
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for report in [
        run_report(),
        audit_report(),
        suspect_report(),
        catalogue_report(70),
    ] {
        for width in [40, 60, 80, 100, 160] {
            let options = text::Options {
                verbose: true,
                ..plain(width)
            };
            for line in text::render(&report, options).lines() {
                let columns = line.chars().count();
                let words = line.split_whitespace().count();
                assert!(
                    columns <= width || words <= 2,
                    "{columns} > {width}: {line}"
                );
            }
        }
    }
}

#[test]
fn colour_and_unicode_are_only_used_where_wanted() {
    let shown = text::render(&run_report(), plain(100));
    assert!(!shown.contains('\u{1b}'));
    let coloured = text::render(
        &run_report(),
        text::Options {
            color: true,
            ..plain(100)
        },
    );
    assert!(coloured.contains("\u{1b}[1;31m"));
    let ascii = text::render(
        &run_report(),
        text::Options {
            unicode: false,
            ..plain(100)
        },
    );
    let table: String = ascii
        .lines()
        .skip_while(|line| !line.starts_with("strategy"))
        .take_while(|line| !line.is_empty())
        .collect();
    assert!(table.len() > 100 && table.is_ascii(), "{table}");
}

#[test]
fn names_cannot_move_the_cursor_or_leave_their_element() {
    let mut report = audit_report();
    report.cells[0].id = "\u{1b}[2J</td><script>alert(1)</script>".into();
    let shown = text::render(&report, plain(100));
    assert!(!shown.contains('\u{1b}'));
    let page = html::render(&report);
    assert!(!page.contains("<script>alert"));
    assert_eq!(page.matches("<script").count(), 1);
}

#[test]
fn the_page_is_one_file_that_fetches_nothing() {
    let page = html::render(&run_report());
    insta::assert_snapshot!("page_run", without_pictures(&page));
    for fetched in [
        "src=",
        "url(",
        "@import",
        "<link rel=\"stylesheet",
        "<iframe",
    ] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    // Addresses may only name the SVG language.
    let addresses = page.matches("http").count();
    let names = page.matches("http://www.w3.org/2000/svg").count();
    let headers = page.matches("http-equiv").count();
    assert_eq!(addresses, names + headers);
    insta::assert_snapshot!(
        "page_audit",
        without_pictures(&html::render(&audit_report()))
    );
}

#[test]
fn the_pages_policy_names_one_script_by_its_hash() {
    let page = html::render(&run_report());
    assert_eq!(page.matches("<script").count(), 1);
    let allowed = format!("script-src '{}'\"", html::SCRIPT_HASH);
    assert!(page.contains(&allowed.replace('\'', "&#39;")) || page.contains(&allowed));
    // Whether it is the hash of this script is for a browser to say: `.ci/browser`.
}

/// The page, one element a line, without its pictures and style, which have tests of their own.
fn without_pictures(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(start) = ["<svg", "<style", "<script"]
        .iter()
        .filter_map(|tag| rest.find(tag))
        .min()
    {
        text.push_str(&rest[..start]);
        let end = ["</svg>", "</style>", "</script>"]
            .iter()
            .filter_map(|tag| rest[start..].find(tag).map(|at| start + at + tag.len()))
            .min()
            .unwrap_or(rest.len());
        rest = &rest[end..];
    }
    text.push_str(rest);
    [
        "<section", "<h3", "<tr", "<dt", "<details", "<li", "<p", "<div",
    ]
    .iter()
    .fold(text, |text, tag| text.replace(tag, &format!("\n{tag}")))
}

#[test]
fn pictures_keep_their_shapes() {
    let report = run_report();
    for id in [
        "tradeoff",
        "heatmap",
        "multiplicity",
        "uniformity",
        "throughput",
        "scaling",
    ] {
        let svg = figure_svg(&report, id).expect(id);
        insta::assert_snapshot!(format!("figure_{id}"), svg);
    }
    assert_eq!(figure_svg(&audit_report(), "tradeoff"), None);
    assert_eq!(figure_svg(&report, "no-such-figure"), None);
}

#[test]
fn a_catalogue_of_pictures_stays_small_enough_to_open() {
    let page = html::render(&catalogue_report(70));
    assert!(page.len() < 4 << 20, "{} bytes", page.len());
}

#[test]
fn json_is_read_back_bit_for_bit() {
    for report in [run_report(), audit_report()] {
        let bytes = json::to_bytes(&report).unwrap();
        assert_eq!(json::from_bytes(&bytes).unwrap(), report);
    }
    let mut small = audit_report();
    if let CellOutcome::Judged(result) = &mut small.cells[0].outcome {
        result.analysis.tests.truncate(2);
        result.sites.truncate(1);
        result.costs.truncate(1);
    }
    insta::assert_json_snapshot!("report_json", small);
}

#[test]
fn other_schemas_are_refused_by_number() {
    let with_schema = |schema: serde_json::Value| {
        let mut value = serde_json::to_value(run_report()).unwrap();
        value["schema"] = schema;
        json::from_bytes(value.to_string().as_bytes())
            .unwrap_err()
            .to_string()
    };
    assert!(with_schema((SCHEMA + 1).into()).contains("newer seedbench"));
    assert!(with_schema(0.into()).contains("cannot read"));
    assert!(with_schema(serde_json::Value::Null).contains("no `schema`"));
    assert!(with_schema("one".into()).contains("line 1 column"));
    let whole = json::to_bytes(&run_report()).unwrap();
    let cut = json::from_bytes(&whole[..whole.len() / 2]).unwrap_err();
    assert!(cut.to_string().contains("line 1 column"), "{cut}");
    assert!(json::from_bytes(b"").is_err());
    assert!(json::from_bytes(&[0xff; 64]).is_err());
}

#[test]
fn numbers_that_json_cannot_carry_are_refused() {
    let mut report = run_report();
    report.false_alarm = f64::NAN;
    let error = json::to_bytes(&report).unwrap_err();
    assert!(error.to_string().contains("JSON cannot carry"), "{error}");
}

/// A report as large as 10,000 tasks a row and 140 rows make it.
fn huge_report() -> Report {
    let mut report = catalogue_report(70);
    for cell in &mut report.cells {
        if let CellOutcome::Judged(result) = &mut cell.outcome {
            let site = result.sites[0];
            result.sites = vec![site; 10_000];
            let test = result.analysis.tests[0].clone();
            result.analysis.tests = vec![test; 10_000];
            result.names = (0..10_000)
                .map(|task| (StreamId::new(0, task), format!("rank-{task:05}.bin")))
                .collect();
        }
    }
    for cost in &mut report.costs {
        cost.draw.samples = vec![1.234_567_890_123; 10_000];
    }
    report
}

#[test]
fn a_report_of_ten_thousand_tasks_stays_within_five_megabytes() {
    let bytes = json::to_bytes(&huge_report()).unwrap();
    assert!(bytes.len() <= MAX_BYTES, "{}", bytes.len());
    let read = json::from_bytes(&bytes).unwrap();
    assert!(!read.trimmed.is_empty());
    assert_eq!(read.cells.len(), 140);
    // Bounding again changes nothing: a report that was read can be written as it is.
    assert_eq!(read.clone().bounded(), read);
}

#[test]
fn a_whole_report_is_written_and_rendered_again() {
    let dir = tempfile::tempdir().unwrap();
    let report = run_report();
    let written = write_all(&report, dir.path()).unwrap();
    assert_eq!(
        written.files.last().map(String::as_str),
        Some("report.json")
    );
    for file in &written.files {
        assert!(dir.path().join(file).is_file(), "{file}");
    }
    let leftovers = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(leftovers, written.files.len());
    assert_eq!(read_file(&dir.path().join("report.json")).unwrap(), report);

    let again = tempfile::tempdir().unwrap();
    render_file(&dir.path().join("report.json"), again.path()).unwrap();
    for file in written.files.iter().filter(|file| *file != "report.json") {
        let (first, second) = (dir.path().join(file), again.path().join(file));
        assert_eq!(
            fs::read(first).unwrap(),
            fs::read(second).unwrap(),
            "{file}"
        );
    }
    // A picture that a later report has not is not left over from an earlier one.
    write_all(&audit_report(), dir.path()).unwrap();
    assert!(!dir.path().join("tradeoff.png").exists());
}

#[test]
fn pictures_are_readable_png_of_the_right_size() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, report) in [
        ("run", run_report()),
        ("audit", audit_report()),
        ("catalogue", catalogue_report(70)),
    ] {
        let dir = dir.join(name);
        let written = write_all(&report, &dir).unwrap();
        for file in written.files.iter().filter(|file| file.ends_with(".png")) {
            let decoder = png::Decoder::new(fs::File::open(dir.join(file)).unwrap());
            let mut reader = decoder.read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size()];
            let info = reader.next_frame(&mut pixels).unwrap();
            // The pictures' 1,040 pixels and a margin of 24 on either side.
            assert_eq!(info.width, 1088 * PNG_SCALE, "{file}");
            assert!(pixels.iter().any(|&byte| byte != 0xff), "{file} is blank");
        }
    }
}

#[test]
fn a_directory_that_cannot_be_written_is_a_plain_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = write_all(&run_report(), &file.join("report")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("failed to create the directory"),
        "{error}"
    );
    let missing = read_file(&dir.path().join("none.json")).unwrap_err();
    assert!(
        missing.to_string().starts_with("failed to read"),
        "{missing}"
    );
}

#[test]
fn a_failed_write_leaves_the_earlier_report_untouched() {
    let dir = tempfile::tempdir().unwrap();
    write_all(&audit_report(), dir.path()).unwrap();
    let before = fs::read(dir.path().join("report.json")).unwrap();
    let mut unwritable = run_report();
    unwritable.false_alarm = f64::INFINITY;
    write_all(&unwritable, dir.path()).unwrap_err();
    assert_eq!(fs::read(dir.path().join("report.json")).unwrap(), before);
    assert_eq!(
        read_file(&dir.path().join("report.json")).unwrap(),
        audit_report()
    );
}

#[test]
fn strategies_are_listed_and_explained() {
    use seedbench::{
        strategies::{Claim, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec},
        vocabulary::BackendKind,
    };
    const PID: Spec = Spec {
        id: "pid/mt19937",
        scope: Scope::Task,
        summary: "The process id seeds every task.",
        formula: "stream(task) = mt19937(pid)",
        reads: &[Fact::Pid],
        fails: "All tasks of a process draw the same words.",
        reference: "the origin note",
        promises: &[
            (BackendKind::Threads, Promises::NONE),
            (BackendKind::Fork, Promises::of(&[Promise::Replayable])),
        ],
        seed_space: SeedSpace::Deterministic,
        claims: &[(
            BackendKind::Threads,
            Claim::Broken(Flaw {
                breaks: "all threads have one process id",
                from_streams: 2,
                from_words: 8,
                caught_by: &[FindingKind::EqualStreams],
            }),
        )],
    };
    insta::assert_snapshot!("explain_strategy", explain::strategy(&PID, None, 100));
    insta::assert_snapshot!("list_strategies", explain::list_strategies([&PID], 100));
    insta::assert_snapshot!(
        "list_strategies_json",
        explain::list_strategies_json([&PID]).unwrap()
    );
}

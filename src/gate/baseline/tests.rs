//! Baselines written, read and refused.

use super::*;

fn small() -> Baseline {
    Baseline {
        schema: BASELINE_SCHEMA,
        seedbench: "0.1.0".into(),
        revision: None,
        plan: "8 tasks".into(),
        root: None,
        rows: Vec::new(),
    }
}

#[test]
fn what_is_written_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/baseline.json");
    small().write(&path).unwrap();
    assert_eq!(Baseline::read(&path).unwrap(), small());
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left aside");
}

#[test]
fn truncated_older_and_newer_baselines_are_refused_with_the_reason() {
    let text = serde_json::to_string(&small()).unwrap();
    let refused = |text: &str| Baseline::parse(text, "b.json").unwrap_err().to_string();
    assert!(refused(&text[..text.len() / 2]).contains("is no baseline"));
    assert!(refused(&text[..text.len() / 2]).contains("line 1 column"));
    assert!(refused("{}").contains("no `schema`"));
    assert!(refused("[1]").contains("no `schema`"));
    let own = format!("\"schema\":{BASELINE_SCHEMA}");
    assert!(refused(&text.replace(&own, "\"schema\":0")).contains("save a new one"));
    assert!(refused(&text.replace(&own, "\"schema\":9")).contains("newer one"));
    assert!(refused(&text.replace("\"plan\"", "\"plam\"")).contains("is no baseline"));
}

#[test]
fn an_unwritable_place_leaves_the_old_baseline() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("baseline.json");
    small().write(&path).unwrap();
    let blocked = path.join("below-a-file.json");
    assert!(small().write(&blocked).is_err());
    assert_eq!(Baseline::read(&path).unwrap(), small());
}

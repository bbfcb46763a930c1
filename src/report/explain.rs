//! Strategies, tests and findings in words, from the same data as every report row.

use std::{borrow::Cow, fmt::Write as _};

use super::{numbers, text::wrap};
use crate::{
    advise::Language,
    results::TestSpec,
    strategies::{Claim, Fact, Scope, SeedSpace, Spec, claim},
    verdict::{self, Rule},
    vocabulary::BackendKind,
};

/// A strategy an entry: id, scope, what it claims on each backend, what it is.
pub fn list_strategies<'a>(specs: impl IntoIterator<Item = &'a Spec>, width: usize) -> String {
    let specs: Vec<&Spec> = specs.into_iter().collect();
    let widest = specs.iter().map(|spec| spec.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    if specs.is_empty() {
        return text;
    }
    let head =
        |id: &str, scope: &str, standing: &str| format!("{id:widest$}  {scope:6}  {standing:8}  ");
    entry(
        &mut text,
        &head("strategy", "seeds", "known as"),
        "what it is",
        width,
    );
    for spec in specs {
        let lead = head(spec.id, scope(spec.scope), standing(spec));
        entry(&mut text, &lead, spec.summary, width);
    }
    text.push('\n');
    for line in LEGEND {
        text.push_str(&wrap(line, "", "  ", width));
    }
    text
}

/// What the columns of the list mean.
const LEGEND: [&str; 3] = [
    "seeds: once a run, a worker, a task, or at every draw",
    "known as: sound; weak, sound seeding of a weak generator; depends, broken on some backends; broken",
    "`seedbench explain STRATEGY` says why, with code to paste; `--what findings` and `--what tests` list those",
];

/// An entry of a list: what is said of it beside its lead, or below it where there is no room beside.
fn entry(text: &mut String, lead: &str, said: &str, width: usize) {
    /// Columns that words need at least.
    const ROOM: usize = 24;
    let columns = lead.chars().count();
    if columns + ROOM <= width {
        text.push_str(&wrap(said, lead, &" ".repeat(columns), width));
    } else {
        text.push_str(lead.trim_end());
        text.push('\n');
        text.push_str(&wrap(said, "    ", "    ", width));
    }
}

/// The strategies as JSON: everything that a spec holds.
///
/// # Errors
/// When a number of a spec is not finite.
pub fn list_strategies_json<'a>(
    specs: impl IntoIterator<Item = &'a Spec>,
) -> Result<String, serde_json::Error> {
    let values: Vec<serde_json::Value> = specs
        .into_iter()
        .map(|spec| {
            let backends: serde_json::Map<String, serde_json::Value> = BackendKind::ALL
                .iter()
                .map(|&backend| {
                    let promises: Vec<_> =
                        spec.promises_on(backend).iter().map(|p| p.name()).collect();
                    (
                        backend.name().to_owned(),
                        serde_json::json!({ "promises": promises, "claim": claim(spec, backend) }),
                    )
                })
                .collect();
            serde_json::json!({
                "id": spec.id,
                "rule": spec.rule(),
                "generator": spec.generator(),
                "scope": spec.scope,
                "summary": spec.summary,
                "formula": spec.formula,
                "reads": spec.reads,
                "fails": spec.fails,
                "reference": spec.reference,
                "seed_space": spec.seed_space,
                "backends": backends,
            })
        })
        .collect();
    serde_json::to_string_pretty(&values).map(|text| text + "\n")
}

/// Everything a strategy says of itself, with code: its own where it can be pasted, else what to use instead.
///
/// With a language, its program; without one, those of the languages with several.
pub fn strategy(spec: &Spec, language: Option<Language>, width: usize) -> String {
    let mut text = format!("{}\n\n{}\n", spec.id, wrap(spec.summary, "", "", width));
    let field =
        |text: &mut String, name: &str, value: Cow<'_, str>| field(text, name, &value, width);
    let reads: Vec<Cow<'static, str>> = spec
        .reads
        .iter()
        .map(|&fact_read| fact(fact_read))
        .collect();
    field(&mut text, "formula", spec.formula.into());
    field(&mut text, "applied", applied(spec.scope).into());
    field(
        &mut text,
        "reads",
        if reads.is_empty() {
            "nothing".into()
        } else {
            reads.join(", ").into()
        },
    );
    field(&mut text, "seed space", seed_space(&spec.seed_space).into());
    field(&mut text, "fails", spec.fails.into());
    for backend in BackendKind::ALL {
        let promised: Vec<&str> = spec.promises_on(backend).iter().map(|p| p.name()).collect();
        let promised = if promised.is_empty() {
            "promises nothing".into()
        } else {
            format!("promises {}", promised.join(", "))
        };
        field(&mut text, backend.name(), promised.into());
        if let Some(line) = claimed(claim(spec, backend)) {
            field(&mut text, "", line.into());
        }
    }
    field(&mut text, "reference", spec.reference.into());
    let before = text.len();
    let languages = match language {
        Some(language) => vec![language],
        None => Language::SHOWN.to_vec(),
    };
    for language in languages {
        let recipes = language.recipes().iter();
        for recipe in recipes.filter(|recipe| recipe.strategy == spec.id) {
            let heading = format!("In {language}{}", language.remark());
            code(&mut text, &heading, &recipe.program());
        }
    }
    if text.len() == before {
        instead(&mut text, spec, width);
    }
    text
}

/// What cures a strategy's flaw, in code; of one without a flaw, where its like is to be had.
fn instead(text: &mut String, spec: &Spec, width: usize) {
    let flaw = BackendKind::ALL
        .iter()
        .find_map(|&backend| match claim(spec, backend) {
            Claim::Broken(flaw) | Claim::WeakGenerator(flaw) => flaw.caught_by.first(),
            Claim::Sound => None,
        })
        .and_then(|kind| verdict::find(kind.id()));
    match flaw {
        Some(rule) => {
            for (language, fix) in [("Rust", rule.fix.rust), ("Python", rule.fix.python)] {
                code(text, &format!("Instead, in {language}"), fix);
            }
        }
        None => {
            let hint = format!(
                "No program to paste draws just these words. `seedbench generate {}` prints them; \
                 `seedbench plan` has the nearest programs, in several languages.",
                spec.id
            );
            text.push('\n');
            text.push_str(&wrap(&hint, "", "", width));
        }
    }
}

fn code(text: &mut String, heading: &str, code: &str) {
    let _ = writeln!(text, "\n{heading}:\n");
    for line in code.trim_end().lines() {
        let _ = writeln!(text, "{}", format!("    {line}").trim_end());
    }
}

/// A finding: what it means, why it happens, how it is mended, whom it happened to.
///
/// With a language, the cure in that one: one program, of a root a run and a key a task, cures them all.
pub fn finding(rule: &Rule, language: Option<Language>, width: usize) -> String {
    let mut text = wrap(&format!("{}: {}", rule.id(), rule.title), "", "  ", width);
    text.push('\n');
    text.push_str(&wrap(rule.meaning, "", "", width));
    text.push_str("\nCauses, likeliest first:\n");
    for cause in rule.causes {
        text.push_str(&wrap(cause, "  - ", "    ", width));
    }
    let cures = match language {
        None => vec![
            (Language::Rust, rule.fix.rust.into()),
            (Language::Python, rule.fix.python.into()),
        ],
        Some(Language::Rust) => vec![(Language::Rust, rule.fix.rust.into())],
        Some(Language::Python) => vec![(Language::Python, rule.fix.python.into())],
        Some(language) => vec![(language, language.recipes()[0].program())],
    };
    for (language, fix) in cures {
        let heading = format!("The cure in {language}{}", language.remark());
        code(&mut text, &heading, &fix);
    }
    text.push_str("\nIt happened to, or is described in:\n");
    for reference in rule.references {
        text.push_str(&wrap(reference, "  - ", "    ", width));
    }
    text
}

/// A test an entry: id and what it sees.
pub fn list_tests<'a>(specs: impl IntoIterator<Item = &'a TestSpec>, width: usize) -> String {
    let specs: Vec<&TestSpec> = specs.into_iter().collect();
    let said: Vec<(&str, String)> = specs
        .iter()
        .map(|spec| (spec.id, spec.sees.join("; ")))
        .collect();
    table(("test", "what it sees"), &said, width)
}

/// A finding an entry: id and what it is.
pub fn list_findings<'a>(rules: impl IntoIterator<Item = &'a Rule>, width: usize) -> String {
    let said: Vec<(&str, String)> = rules
        .into_iter()
        .map(|rule| (rule.id(), rule.title.to_owned()))
        .collect();
    table(("finding", "what it is"), &said, width)
}

/// Two columns with their headings; nothing where there are no entries.
fn table(headings: (&str, &str), entries: &[(&str, String)], width: usize) -> String {
    let mut text = String::new();
    if entries.is_empty() {
        return text;
    }
    let widest = entries
        .iter()
        .map(|(id, _)| id.len())
        .max()
        .unwrap_or(0)
        .max(headings.0.len());
    entry(
        &mut text,
        &format!("{:widest$}  ", headings.0),
        headings.1,
        width,
    );
    for (id, said) in entries {
        entry(&mut text, &format!("{id:widest$}  "), said, width);
    }
    text.push_str("\n`seedbench explain NAME` says more\n");
    text
}

/// What a test asks, computes, sees and misses.
pub fn test(spec: &TestSpec, width: usize) -> String {
    let mut text = format!("{}\n\n", spec.id);
    for (name, value) in [
        ("null", spec.null.to_owned()),
        ("statistic", spec.statistic.to_owned()),
        ("law", spec.law.join("; ")),
        ("sees", spec.sees.join("; ")),
        ("misses", spec.misses.join("; ")),
        ("finding", spec.finding.id().to_owned()),
        ("power on", spec.power_on.to_owned()),
        ("source", spec.source.to_owned()),
    ] {
        field(&mut text, name, &value, width);
    }
    text
}

/// Width of the names of fields.
const NAME: usize = 11;

fn field(text: &mut String, name: &str, value: &str, width: usize) {
    let (first, rest) = (format!("{name:NAME$}"), " ".repeat(NAME));
    text.push_str(&wrap(value, &first, &rest, width));
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Run => "run",
        Scope::Worker => "worker",
        Scope::Task => "task",
        Scope::Draw => "draw",
    }
}

const fn applied(scope: Scope) -> &'static str {
    match scope {
        Scope::Run => "once, before any worker starts",
        Scope::Worker => "once in every worker",
        Scope::Task => "once in every task",
        Scope::Draw => "at every draw",
    }
}

fn fact(fact: Fact) -> Cow<'static, str> {
    Cow::Borrowed(match fact {
        Fact::RootLow(bits) => {
            return format!("the lowest {bits} bits of the run's root seed").into();
        }
        Fact::Root => "the run's root seed",
        Fact::OsEntropy => "entropy of the operating system",
        Fact::TaskIndex => "the task's index",
        Fact::WorkerIndex => "the worker's index",
        Fact::TaskOrdinal => "how many tasks the worker has executed",
        Fact::Pid => "the process id",
        Fact::Tid => "the thread id",
        Fact::Host => "the host",
        Fact::Clock => "a clock",
        Fact::Epoch => "the epoch",
        Fact::SharedState => "state shared with other workers",
    })
}

fn seed_space(space: &SeedSpace) -> String {
    match space {
        SeedSpace::Random { bits } => {
            format!("every stream start is an independent draw of {bits} bits")
        }
        SeedSpace::Counter {
            root_bits,
            index_bits,
        } => format!(
            "distinct within a root by an index of {index_bits} bits; the root has {root_bits} bits"
        ),
        SeedSpace::Deterministic => "no entropy: a fixed function of what it reads".into(),
    }
}

fn claimed(claim: &Claim) -> Option<String> {
    let (word, flaw) = match claim {
        Claim::Sound => return None,
        Claim::Broken(flaw) => ("known to be broken", flaw),
        Claim::WeakGenerator(flaw) => ("sound seeding of a weak generator", flaw),
    };
    let from = match flaw.from_streams {
        u32::MAX => "whether it shows is chance at any size".to_owned(),
        streams => format!(
            "from {} streams of {} words",
            numbers::count(u64::from(streams)),
            numbers::count(u64::from(flaw.from_words))
        ),
    };
    Some(format!(
        "{word}: {} ({from}; must be caught by {})",
        flaw.breaks,
        flaw.caught_by
            .iter()
            .map(|kind| kind.id())
            .collect::<Vec<_>>()
            .join(" or ")
    ))
}

/// The worst that a strategy claims on any backend.
fn standing(spec: &Spec) -> &'static str {
    let claims = || BackendKind::ALL.iter().map(|&backend| claim(spec, backend));
    let broken = claims().filter(|c| matches!(c, Claim::Broken(_))).count();
    if broken == BackendKind::ALL.len() {
        "broken"
    } else if broken > 0 {
        "depends"
    } else if claims().any(|c| matches!(c, Claim::WeakGenerator(_))) {
        "weak"
    } else {
        "sound"
    }
}

//! Strategies and tests in words, from the same data as every report row.

use std::{borrow::Cow, fmt::Write as _};

use super::numbers;
use crate::{
    advise::Language,
    results::TestSpec,
    strategies::{Claim, Fact, Scope, SeedSpace, Spec, claim},
    vocabulary::BackendKind,
};

/// One line a strategy: id, scope, what it claims on each backend, what it is.
pub fn list_strategies<'a>(specs: impl IntoIterator<Item = &'a Spec>) -> String {
    let specs: Vec<&Spec> = specs.into_iter().collect();
    let widest = specs.iter().map(|spec| spec.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    if specs.is_empty() {
        return text;
    }
    let _ = writeln!(
        text,
        "{:widest$}  {:6}  {:8}  what it is",
        "strategy", "seeds", "known as"
    );
    for spec in specs {
        let _ = writeln!(
            text,
            "{:widest$}  {:6}  {:8}  {}",
            spec.id,
            scope(spec.scope),
            standing(spec),
            spec.summary
        );
    }
    text.push_str(LEGEND);
    text
}

/// What the columns of the list mean.
const LEGEND: &str = "
seeds: once a run, a worker, a task, or at every draw
known as: sound; weak, sound seeding of a weak generator; depends, broken on some backends; broken
`seedbench explain STRATEGY` says why, with code where there is some
";

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

/// Everything a strategy says of itself.
///
/// With a language, its program; without one, those of the languages with several.
pub fn strategy(spec: &Spec, language: Option<Language>) -> String {
    let mut text = format!("{}\n\n{}\n\n", spec.id, spec.summary);
    let reads: Vec<Cow<'static, str>> = spec
        .reads
        .iter()
        .map(|&fact_read| fact(fact_read))
        .collect();
    field(&mut text, "formula", spec.formula);
    field(&mut text, "applied", applied(spec.scope));
    field(
        &mut text,
        "reads",
        if reads.is_empty() {
            "nothing".into()
        } else {
            reads.join(", ")
        },
    );
    field(&mut text, "seed space", seed_space(&spec.seed_space));
    field(&mut text, "fails", spec.fails);
    for backend in BackendKind::ALL {
        let promised: Vec<&str> = spec.promises_on(backend).iter().map(|p| p.name()).collect();
        let promised = if promised.is_empty() {
            "promises nothing".into()
        } else {
            format!("promises {}", promised.join(", "))
        };
        field(&mut text, backend.name(), promised);
        if let Some(line) = claimed(claim(spec, backend)) {
            field(&mut text, "", line);
        }
    }
    field(&mut text, "reference", spec.reference);
    let languages = match language {
        Some(language) => vec![language],
        None => Language::SHOWN.to_vec(),
    };
    for language in languages {
        let recipes = language.recipes().iter();
        for recipe in recipes.filter(|recipe| recipe.strategy == spec.id) {
            let _ = writeln!(text, "\nIn {language}{}:\n", language.remark());
            text.push_str(&indented(&recipe.program()));
        }
    }
    text
}

/// Code, four blanks to the right.
pub fn indented(code: &str) -> String {
    let mut text = String::new();
    for line in code.lines() {
        let _ = writeln!(text, "{}", format!("    {line}").trim_end());
    }
    text
}

/// One line a test: id and what it sees.
pub fn list_tests<'a>(specs: impl IntoIterator<Item = &'a TestSpec>) -> String {
    let specs: Vec<&TestSpec> = specs.into_iter().collect();
    let widest = specs.iter().map(|spec| spec.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for spec in specs {
        let _ = writeln!(text, "{:widest$}  {}", spec.id, spec.sees.join("; "));
    }
    text
}

/// What a test asks, computes, sees and misses.
pub fn test(spec: &TestSpec) -> String {
    let mut text = format!("{}\n\n", spec.id);
    field(&mut text, "null", spec.null);
    field(&mut text, "statistic", spec.statistic);
    field(&mut text, "law", spec.law.join("; "));
    field(&mut text, "sees", spec.sees.join("; "));
    field(&mut text, "misses", spec.misses.join("; "));
    field(&mut text, "finding", spec.finding.id());
    field(&mut text, "power on", spec.power_on);
    field(&mut text, "source", spec.source);
    text
}

/// Width of the names of fields.
const NAME: usize = 11;

/// Columns of a line.
const WIDTH: usize = 100;

fn field(text: &mut String, name: &str, value: impl AsRef<str>) {
    let (first, rest) = (format!("{name:NAME$}"), " ".repeat(NAME));
    text.push_str(&super::text::wrap(value.as_ref(), &first, &rest, WIDTH));
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

//! `seedbench list` and `seedbench explain`: from the same data as every report.

use super::{Output, exit, language::LanguageName, names, run::matches};
use crate::{
    advise::Language,
    report::{explain, glossary, text::wrap},
    statistics, strategies,
    verdict::{self, Rule},
};

/// List the strategies, statistical tests and findings
#[derive(clap::Args, Debug)]
pub struct ListArgs {
    /// Only these: a part of the name, or a pattern with `*` at its ends
    filter: Option<String>,
    /// What to list
    #[arg(long, value_name = "WHAT", default_value = "strategies")]
    what: What,
    /// As JSON (strategies only)
    #[arg(long)]
    json: bool,
}

/// What there is to list.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Seeding strategies: rule/generator.
    Strategies,
    /// Statistical tests.
    Tests,
    /// Finding ids.
    Findings,
}

impl ListArgs {
    /// Prints the list.
    ///
    /// # Errors
    /// When nothing matches the filter.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let wanted = |id: &str| {
            self.filter.as_deref().is_none_or(|filter| {
                if filter.contains('*') {
                    matches(filter, id)
                } else {
                    id.contains(filter)
                }
            })
        };
        let text = match self.what {
            What::Strategies => {
                let specs = strategies::ALL
                    .iter()
                    .map(|strategy| strategy.spec())
                    .filter(|spec| wanted(spec.id));
                if self.json {
                    explain::list_strategies_json(specs)?
                } else {
                    explain::list_strategies(specs)
                }
            }
            What::Tests => explain::list_tests(statistics::specs().filter(|spec| wanted(spec.id))),
            What::Findings => verdict::RULES
                .iter()
                .filter(|rule| wanted(rule.id()))
                .map(|rule| format!("{:22} {}\n", rule.id(), rule.title))
                .collect(),
        };
        if text.trim().is_empty() {
            let filter = self.filter.as_deref().unwrap_or_default();
            return Err(names::unknown("name", filter, ids(), "seedbench list"));
        }
        output.print(&text)?;
        Ok(exit::OK)
    }
}

/// Explain a finding, a strategy, a test or a word of reports: what it is, its cause, its cure
#[derive(clap::Args, Debug)]
pub struct ExplainArgs {
    /// A finding id, a strategy, a test, or a word such as `worth`
    id: String,
    /// The language of the cure
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<LanguageName>,
}

impl ExplainArgs {
    /// Prints the explanation.
    ///
    /// # Errors
    /// When nothing has that name.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let id = self.id.as_str();
        let language = self.language.map(Language::from);
        let text = if let Some(rule) = verdict::find(id) {
            explain_rule(rule, language)
        } else if let Some(strategy) = strategies::find(id) {
            explain::strategy(strategy.spec(), language)
        } else if let Some(test) = statistics::spec(id) {
            explain::test(test)
        } else if let Some(term) = glossary::find(id) {
            wrap(
                &format!("{}: {}", term.name, term.meaning),
                "",
                "  ",
                output.text().width,
            )
        } else {
            return Err(names::unknown("name", id, ids(), "seedbench list"));
        };
        output.print(&text)?;
        Ok(exit::OK)
    }
}

fn ids() -> impl Iterator<Item = &'static str> {
    strategies::ALL
        .iter()
        .map(|strategy| strategy.spec().id)
        .chain(statistics::specs().map(|spec| spec.id))
        .chain(verdict::RULES.iter().map(|rule| rule.id()))
        .chain(glossary::TERMS.iter().map(|term| term.name))
}

/// A finding: what it means, why it happens, how it is mended.
fn explain_rule(rule: &Rule, language: Option<Language>) -> String {
    let mut text = format!("{}: {}\n\n{}\n", rule.id(), rule.title, rule.meaning);
    text.push_str("\nCauses, likeliest first:\n");
    for cause in rule.causes {
        text.push_str(&format!("  - {cause}\n"));
    }
    let cures = match language {
        None => vec![
            (Language::Rust, rule.fix_rust.into()),
            (Language::Python, rule.fix_python.into()),
        ],
        Some(Language::Rust) => vec![(Language::Rust, rule.fix_rust.into())],
        Some(Language::Python) => vec![(Language::Python, rule.fix_python.into())],
        // One program cures them all: a root of entropy a run, and a key a task.
        Some(language) => vec![(language, language.recipes()[0].program())],
    };
    for (language, code) in cures {
        text.push_str(&format!(
            "\nThe cure in {language}{}:\n\n",
            language.remark()
        ));
        text.push_str(&explain::indented(&code));
    }
    text.push_str("\nIt happened to:\n");
    for reference in rule.references {
        text.push_str(&format!("  - {reference}\n"));
    }
    text
}

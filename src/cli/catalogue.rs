//! `seedbench list` and `seedbench explain`: from the same data as every report.

use super::{Output, exit, names, run::matches};
use crate::{
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
}

impl ExplainArgs {
    /// Prints the explanation.
    ///
    /// # Errors
    /// When nothing has that name.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let id = self.id.as_str();
        let text = if let Some(rule) = verdict::find(id) {
            explain_rule(rule)
        } else if let Some(strategy) = strategies::find(id) {
            explain::strategy(strategy.spec())
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
fn explain_rule(rule: &Rule) -> String {
    let mut text = format!("{}: {}\n\n{}\n", rule.id(), rule.title, rule.meaning);
    text.push_str("\nCauses, likeliest first:\n");
    for cause in rule.causes {
        text.push_str(&format!("  - {cause}\n"));
    }
    for (language, code) in [("Rust", rule.fix_rust), ("Python", rule.fix_python)] {
        text.push_str(&format!("\nThe cure in {language}:\n\n"));
        for line in code.lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text.push_str("\nIt happened to:\n");
    for reference in rule.references {
        text.push_str(&format!("  - {reference}\n"));
    }
    text
}

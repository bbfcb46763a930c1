//! `seedbench list` and `seedbench explain`: from the same data as every report.

use super::{Failure, Output, exit, language::LanguageName, run::matches};
use crate::{
    advise::Language,
    report::{explain, glossary, pages, text::wrap},
    statistics, strategies, verdict,
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
    /// The words of reports.
    Words,
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
        let width = output.text().width;
        let text = match self.what {
            What::Strategies => {
                let specs = strategies::ALL
                    .iter()
                    .map(|strategy| strategy.spec())
                    .filter(|spec| wanted(spec.id));
                if self.json {
                    explain::list_strategies_json(specs)?
                } else {
                    explain::list_strategies(specs, width)
                }
            }
            What::Tests => {
                explain::list_tests(statistics::specs().filter(|spec| wanted(spec.id)), width)
            }
            What::Findings => {
                let rules = verdict::RULES.iter().copied();
                explain::list_findings(rules.filter(|rule| wanted(rule.id())), width)
            }
            What::Words => glossary::TERMS
                .iter()
                .filter(|term| wanted(term.name))
                .map(|term| format!("{}\n", term.name))
                .collect(),
        };
        if text.trim().is_empty() {
            let filter = self.filter.as_deref().unwrap_or_default();
            return Err(Failure::unknown("name", filter, ids(), "seedbench list"));
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
    /// As a page in Markdown (findings and words)
    #[arg(long)]
    markdown: bool,
}

impl ExplainArgs {
    /// Prints the explanation.
    ///
    /// # Errors
    /// When nothing has that name.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let id = self.id.as_str();
        let language = self.language.map(Language::from);
        let width = output.text().width;
        if self.markdown {
            let page = verdict::find(id)
                .map(pages::finding)
                .or_else(|| glossary::find(id).map(pages::term))
                .ok_or_else(|| {
                    Failure::usage(format!(
                        "--markdown is for findings and words, and `{id}` is none"
                    ))
                })?;
            output.print(&page)?;
            return Ok(exit::OK);
        }
        let text = if let Some(rule) = verdict::find(id) {
            explain::finding(rule, language, width)
        } else if let Some(strategy) = strategies::find(id) {
            explain::strategy(strategy.spec(), language, width)
        } else if let Some(test) = statistics::spec(id) {
            explain::test(test, width)
        } else if let Some(term) = glossary::find(id) {
            wrap(&format!("{}: {}", term.name, term.meaning), "", "  ", width)
        } else {
            return Err(Failure::unknown("name", id, ids(), "seedbench list"));
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

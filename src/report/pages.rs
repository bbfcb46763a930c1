//! Findings and words as Markdown: pages of the book.

use std::fmt::Write as _;

use super::glossary::Term;
use crate::verdict::{Rule, Severity};

/// A finding as a page.
pub fn finding(rule: &Rule) -> String {
    let severity = match rule.severity {
        Severity::Error => "an error: it convicts",
        Severity::Warning => "a warning",
        Severity::Suspect => "a suspicion: it leaves the verdict open",
        Severity::Note => "a note",
    };
    let mut text = format!(
        "# {}\n\n**{}.** This is {severity}.\n\n{}\n\n## Causes, likeliest first\n\n",
        rule.id(),
        prose(rule.title),
        prose(rule.meaning)
    );
    for cause in rule.causes {
        let _ = writeln!(text, "- {}", prose(cause));
    }
    for (language, fence, code) in [
        ("Rust", "rust,ignore", rule.fix.rust),
        ("Python", "python", rule.fix.python),
    ] {
        if !code.is_empty() {
            let _ = writeln!(
                text,
                "\n## The cure in {language}\n\n```{fence}\n{}\n```",
                code.trim_end()
            );
        }
    }
    text.push_str("\n## It happened to, or is described in\n\n");
    for reference in rule.references {
        let _ = match reference.starts_with("https://") {
            true => writeln!(text, "- <{reference}>"),
            false => writeln!(text, "- {}", prose(reference)),
        };
    }
    text
}

/// A word and what it means, as an entry of the glossary.
pub fn term(term: &Term) -> String {
    format!("**{}**: {}\n", prose(term.name), prose(term.meaning))
}

/// Text in which nothing is taken for HTML or emphasis; code between backquotes stays as it is.
fn prose(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (nth, part) in text.split('`').enumerate() {
        if nth > 0 {
            safe.push('`');
        }
        match nth % 2 {
            0 => safe.push_str(
                &part
                    .replace('<', "&lt;")
                    .replace('*', "\\*")
                    .replace('_', "\\_"),
            ),
            _ => safe.push_str(part),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::RULES;

    #[test]
    fn every_finding_is_a_whole_page() {
        for rule in RULES {
            let page = finding(rule);
            assert!(page.starts_with(&format!("# {}\n", rule.id())));
            assert!(
                page.contains("## Causes") && page.matches("```").count().is_multiple_of(2),
                "{page}"
            );
        }
    }

    #[test]
    fn code_stays_code() {
        assert_eq!(prose("a_b `x_y<z>` <*"), "a\\_b `x_y<z>` &lt;\\*");
    }
}

//! The catalogue as a page: every strategy with its claim and its public source.

use std::fmt::Write;

use super::{ALL, Claim, Flaw, Spec};

/// The catalogue in Markdown: sound strategies, sound ones of weak generators, broken ones. The same
/// page is kept as `reports/CATALOGUE.md`.
pub fn catalogue_markdown() -> String {
    let mut page = String::from(
        "# The catalogue\n\n\
         Every seeding strategy, from the same data as `seedbench list` and `seedbench explain`. \
         Written by `SEEDBENCH_BLESS=1 cargo test --lib catalogue`; a test keeps it up to date.\n",
    );
    let sections = [
        ("Sound", "Nothing here may refute them."),
        (
            "Sound seeding of weak generators",
            "What is found is the generator's, not the seeding's.",
        ),
        (
            "Broken",
            "Each must be caught, from the size that it names, by one of the findings that it names.",
        ),
    ];
    for (section, (title, lead)) in sections.into_iter().enumerate() {
        let rows: Vec<&Spec> = ALL
            .iter()
            .map(|strategy| strategy.spec())
            .filter(|spec| section_of(spec) == section)
            .collect();
        write!(page, "\n## {title} ({})\n\n{lead}\n\n", rows.len()).expect("strings take all");
        page.push_str(if section == 0 {
            "| strategy | what it is | rule | source |\n|---|---|---|---|\n"
        } else {
            "| strategy | what it is | what breaks it | where, from | caught by | source |\n\
             |---|---|---|---|---|---|\n"
        });
        for spec in rows {
            page.push_str(&row(spec));
        }
    }
    page
}

fn section_of(spec: &Spec) -> usize {
    let claims = || spec.claims.iter().map(|(_, claim)| claim);
    if claims().any(|claim| matches!(claim, Claim::Broken(_))) {
        2
    } else {
        usize::from(claims().any(|claim| matches!(claim, Claim::WeakGenerator(_))))
    }
}

fn row(spec: &Spec) -> String {
    let cells = match flaw(spec) {
        None => vec![spec.summary.to_owned(), format!("`{}`", spec.formula)],
        Some(flaw) => vec![
            spec.summary.to_owned(),
            flaw.breaks.to_owned(),
            reach(spec, flaw),
            flaw.caught_by
                .iter()
                .map(|kind| kind.id())
                .collect::<Vec<_>>()
                .join(", "),
        ],
    };
    let mut line = format!("| `{}` ", spec.id);
    for cell in cells {
        let _ = write!(line, "| {} ", cell.replace('|', "\\|"));
    }
    let _ = writeln!(line, "| {} |", linked(spec.reference));
    line
}

fn flaw(spec: &Spec) -> Option<&Flaw> {
    spec.claims.iter().find_map(|(_, claim)| match claim {
        Claim::Broken(flaw) | Claim::WeakGenerator(flaw) => Some(flaw),
        Claim::Sound => None,
    })
}

/// On which backends, and from which size.
fn reach(spec: &Spec, flaw: &Flaw) -> String {
    let backends: Vec<&str> = spec.claims.iter().map(|(kind, _)| kind.name()).collect();
    let size = if flaw.from_streams == u32::MAX {
        "a size that no run reaches".to_owned()
    } else {
        format!("{} streams × {} words", flaw.from_streams, flaw.from_words)
    };
    format!("{}: {size}", backends.join(", "))
}

/// The text with every `owner/repository#number` made a link to its thread.
fn linked(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split(' ') {
        let start = word.len() - word.trim_start_matches('(').len();
        let end = word.trim_end_matches([';', ',', ')', ':', '.']).len();
        let thread = (start < end).then(|| &word[start..end]).and_then(link);
        words.push(match thread {
            Some(link) => format!("{}{link}{}", &word[..start], &word[end..]),
            None => word.to_owned(),
        });
    }
    words.join(" ").replace('|', "\\|")
}

fn link(word: &str) -> Option<String> {
    let (repository, number) = word.split_once('#')?;
    let (owner, name) = repository.split_once('/')?;
    let named = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (named(owner) && named(name) && numbered)
        .then(|| format!("[{word}](https://github.com/{repository}/issues/{number})"))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn threads_become_links_and_nothing_else_does() {
        assert_eq!(
            linked("numpy/numpy#9650 (open), C# or a/b"),
            "[numpy/numpy#9650](https://github.com/numpy/numpy/issues/9650) (open), C# or a/b"
        );
        assert_eq!(
            linked("see (rust-random/rand#66); #7"),
            "see ([rust-random/rand#66](https://github.com/rust-random/rand/issues/66)); #7"
        );
    }

    #[test]
    fn the_catalogue_page_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/CATALOGUE.md");
        let page = catalogue_markdown();
        if std::env::var_os("SEEDBENCH_BLESS").is_some() {
            fs::write(&path, &page).unwrap();
        }
        assert!(
            fs::read_to_string(&path).unwrap_or_default() == page,
            "reports/CATALOGUE.md is out of date: run `SEEDBENCH_BLESS=1 cargo test --lib catalogue`"
        );
    }
}

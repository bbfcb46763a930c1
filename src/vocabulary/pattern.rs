//! Names with stars, and names that are misspelt.

/// Whether a name fits a pattern in which `*` stands for any text.
pub fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The up to three known names nearest to a misspelt one, nearest first.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|candidate| {
            let whole = strsim::jaro_winkler(name, candidate);
            let part = candidate
                .split('/')
                .map(|part| strsim::jaro_winkler(name, part) * 0.98)
                .fold(0.0, f64::max);
            (whole.max(part), candidate)
        })
        .filter(|(score, _)| *score > 0.75)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// What is said of an unknown name: what it was, what is near it, where the list is.
pub fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    list: &str,
) -> String {
    let near = nearest(name, known);
    let hint = if near.is_empty() {
        String::new()
    } else {
        format!(" did you mean {}?", near.join(" or "))
    };
    format!("unknown {what} `{name}`;{hint} `{list}` lists them")
}

#[cfg(test)]
mod tests {
    use super::{fits, nearest};

    #[test]
    fn a_misspelling_finds_its_neighbours() {
        let known = ["spawn-key/chacha20", "spawn-key/mt19937", "pid/mt19937"];
        assert_eq!(
            nearest("spwan-key/chacha20", known)[0],
            "spawn-key/chacha20"
        );
        assert_eq!(nearest("pid", known)[0], "pid/mt19937");
        assert!(nearest("zzz", known).is_empty());
    }

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, name, expected) in [
            ("pid/mt19937", "pid/mt19937", true),
            ("pid/mt19937", "pid/mt19937-64", false),
            ("pid/*", "pid/mt19937", true),
            ("*", "", true),
            ("*/mt19937", "pid/mt19937", true),
            ("*/mt19937", "pid/chacha20", false),
            ("a*b*b", "ab", false),
            ("a*b*b", "axbyb", true),
            ("*key*", "spawn-key/x", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}

//! Unknown names are answered with the nearest known ones.

use super::Failure;

/// The error for an unknown name: what it was, what is near it, where the list is.
pub fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    list: &str,
) -> anyhow::Error {
    let near = nearest(name, known);
    let hint = if near.is_empty() {
        String::new()
    } else {
        format!(" did you mean {}?", near.join(" or "))
    };
    Failure::usage(format!(
        "unknown {what} `{name}`;{hint} `{list}` lists them"
    ))
}

/// The up to three known names nearest to a misspelt one.
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

#[cfg(test)]
mod tests {
    use super::*;

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
}

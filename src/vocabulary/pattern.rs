//! Names with stars.

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

#[cfg(test)]
mod tests {
    use super::fits;

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

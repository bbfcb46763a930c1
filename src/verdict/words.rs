//! Numbers and lists as they are said in messages.

use crate::vocabulary::StreamId;

use super::Context;

/// An integer with thousands separated: 16,384.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A text in which whole numbers of four digits and more have their thousands separated.
pub(crate) fn grouped(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits.max(next.len_utf8()));
        // Not within names, other numbers, or behind a decimal point.
        let alone = |c: char| !(c.is_alphanumeric() || "_.,^".contains(c));
        let ends = |after: &str| {
            let mut after = after.chars();
            match after.next() {
                Some('.' | ',') => !after.next().is_some_and(|c| c.is_ascii_digit()),
                Some(c) => alone(c),
                None => true,
            }
        };
        match number.parse() {
            Ok(value) if digits >= 4 && alone(before) && ends(after) => {
                grouped.push_str(&count(value))
            }
            _ => grouped.push_str(number),
        }
        before = number.chars().next_back().unwrap_or(before);
        rest = after;
    }
    grouped
}

/// `1 word`, `16 words`, `2 processes`.
pub(crate) fn counted(value: u64, noun: &str) -> String {
    let plural = match noun {
        _ if value == 1 => "",
        noun if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", count(value))
}

/// `1 pair does`, `2 pairs do`.
pub(crate) fn counted_verb(value: u64, noun: &str, one: &str, several: &str) -> String {
    let verb = if value == 1 { one } else { several };
    format!("{} {verb}", counted(value, noun))
}

/// `8th`, `2nd`, `11th`.
pub(crate) fn ordinal(value: u64) -> String {
    let ending = match (value % 10, value % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", count(value))
}

/// A p-value as it is printed everywhere.
pub(crate) fn p_value(p: f64) -> String {
    if p < 1e-300 {
        "< 1e-300".to_owned()
    } else if p >= 1e-3 {
        format!("= {p:.3}")
    } else {
        format!("= {p:.1e}")
    }
}

/// A probability as people say it: 3.1 %, 1.2e-5.
pub(crate) fn share(p: f64) -> String {
    if p >= 1e-3 {
        format!("{:.1} %", 100.0 * p)
    } else {
        format!("{p:.1e}")
    }
}

/// A count that need not be whole: 128, 15.1.
pub(crate) fn amount(value: f64) -> String {
    if (value - value.round()).abs() < 0.05 {
        count(value.round() as u64)
    } else {
        format!("{value:.1}")
    }
}

/// A statistic, as far as it is worth printing.
pub(crate) fn number(value: f64) -> String {
    if value == value.round() && value.abs() < 1e15 {
        format!("{value:.0}")
    } else if value.abs() >= 1e-3 && value.abs() < 1e7 {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}

/// The first few streams by name, and how many more there are.
pub(crate) fn streams(list: &[StreamId], total: u64, context: &Context<'_>) -> String {
    const SHOWN: usize = 4;
    let named: Vec<String> = list
        .iter()
        .take(SHOWN)
        .map(|&id| context.name(id))
        .collect();
    let more = total.saturating_sub(named.len() as u64);
    match (named.split_last(), more) {
        (None, _) => "no stream".to_owned(),
        (Some((last, [])), 0) => last.clone(),
        (Some((last, rest)), 0) => format!("{} and {last}", rest.join(", ")),
        _ => format!("{} and {} more", named.join(", "), count(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(counted(1, "word"), "1 word");
        assert_eq!(counted(2, "process"), "2 processes");
        assert_eq!([2, 8, 11, 21].map(ordinal), ["2nd", "8th", "11th", "21st"]);
        assert_eq!(p_value(0.0), "< 1e-300");
        assert_eq!(p_value(2.5e-12), "= 2.5e-12");
        assert_eq!(amount(128.02), "128");
        assert_eq!(amount(15.14), "15.1");
        assert_eq!(
            grouped("bit 60 of 65536 words, 1024 of 0x1234 and 0.12345, 999."),
            "bit 60 of 65,536 words, 1,024 of 0x1234 and 0.12345, 999."
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let list: Vec<StreamId> = (0..6).map(|task| StreamId::new(0, task)).collect();
        let context = Context::default();
        assert_eq!(
            streams(&list, 9, &context),
            "run 0 task 0, run 0 task 1, run 0 task 2, run 0 task 3 and 5 more"
        );
        assert_eq!(
            streams(&list[..2], 2, &context),
            "run 0 task 0 and run 0 task 1"
        );
        assert_eq!(streams(&list[..1], 1, &context), "run 0 task 0");
    }
}

//! Which lines begin lists and objects.

use crate::capture::marks::{self, LineShape};

/// Whether a line begins a list or an object.
pub(in crate::capture) fn begins(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"\x1e").unwrap_or(line);
    let call = |word: &[u8]| line.starts_with(word);
    match line.first() {
        Some(b'{') => true,
        Some(b'%') => line.get(1) == Some(&b'{'),
        Some(b'[' | b'(') => matches!(marks::shape(line), LineShape::Plain(_)),
        // Perl's Data::Dumper names what it prints.
        Some(b'$') => call(b"$VAR1 = [") || call(b"$VAR1 = {"),
        Some(b'A'..=b'Z') if is_named(line) || calls_list(line) => true,
        _ => {
            call(b"array(")
                || call(b"array (")
                || call(b"tensor(")
                || call(b"map[")
                || line == b"Array"
                || calls_list(line)
        }
    }
}

/// Whether a line begins with a call on a list, an object or a type, as `deque([0.5])`, `OrderedDict([…` and R's
/// `list(c(0.5, …` do.
fn calls_list(line: &[u8]) -> bool {
    let name = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        .count();
    let Some(inner) = line[name..].strip_prefix(b"(") else {
        return false;
    };
    let r = matches!(&line[..name], b"list" | b"c");
    // `List(List(0.5, …`, `tf.Tensor(` before its lines.
    let typed = line.first().is_some_and(u8::is_ascii_uppercase);
    let inner_call = || {
        let inner_name = inner
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        inner.first().is_some_and(u8::is_ascii_uppercase) && inner.get(inner_name) == Some(&b'(')
    };
    name > 0
        && line[0].is_ascii_alphabetic()
        && (r
            || typed && inner_call()
            || inner.is_empty() && line[..name].contains(&b'.')
            || matches!(inner.first(), Some(b'[' | b'{'))
            || inner.starts_with(b"<class"))
}

/// Whether a line begins a literal with a name: Rust's `Draw { worker: 0 }`, Node's `Map(4) {` and
/// `Float64Array(20) [`.
fn is_named(line: &[u8]) -> bool {
    let name = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    let rest = &line[name..];
    let close = memchr::memchr(b')', rest).unwrap_or(0);
    let counted = close > 1 && rest[0] == b'(' && rest[1..close].iter().all(u8::is_ascii_digit);
    // Julia's `Any[[…`, `Float64[…`.
    let typed = name > 1 && rest.first() == Some(&b'[') && line.ends_with(b"]");
    match counted {
        _ if typed => matches!(rest.get(1), Some(b'[' | b'0'..=b'9' | b'-')),
        true => matches!(
            rest[close + 1..].trim_ascii_start().first(),
            Some(b'{' | b'[')
        ),
        false => rest.trim_ascii_start().first() == Some(&b'{'),
    }
}

//! Compact JSON on several lines.

use super::scan::plain_length;
use crate::row_text::push_name;

/// Two spaces per level.
const INDENT: &str = "  ";

/// Writes `compact`, JSON without white space, as [`super::to_text`] would lay it out at `level`. The
/// first line is not indented.
pub fn write(out: &mut String, compact: &str, level: usize) {
    let mut level = level;
    let mut rest = compact;
    while let Some(first) = rest.as_bytes().first() {
        rest = match first {
            b'"' => pass(out, rest, string_length(rest.as_bytes())),
            b'{' | b'[' if matches!(rest.as_bytes(), [b'{', b'}', ..] | [b'[', b']', ..]) => {
                pass(out, rest, 2)
            }
            b'{' | b'[' => {
                level += 1;
                let rest = pass(out, rest, 1);
                break_line(out, level);
                rest
            }
            b'}' | b']' => {
                level = level.saturating_sub(1);
                break_line(out, level);
                pass(out, rest, 1)
            }
            b',' => {
                let rest = pass(out, rest, 1);
                break_line(out, level);
                rest
            }
            b':' => {
                out.push_str(": ");
                rest.get(1..).unwrap_or_default()
            }
            _ => pass(out, rest, word_length(rest.as_bytes())),
        };
    }
}

/// Writes an object of fields in this order, with compact values, in the same way.
pub fn object<'a>(
    out: &mut String,
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    level: usize,
) {
    out.push('{');
    let start = out.len();
    for (name, value) in fields {
        out.push_str(if out.len() == start { "" } else { "," });
        break_line(out, level + 1);
        push_name(out, name);
        out.push(' ');
        write(out, value, level + 1);
    }
    if out.len() > start {
        break_line(out, level);
    }
    out.push('}');
}

/// Begins a line.
pub fn break_line(out: &mut String, level: usize) {
    out.push('\n');
    (0..level).for_each(|_| out.push_str(INDENT));
}

fn pass<'a>(out: &mut String, text: &'a str, length: usize) -> &'a str {
    let (passed, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    out.push_str(passed);
    rest
}

/// The length of a number, `true`, `false` or `null`.
fn word_length(text: &[u8]) -> usize {
    let is_inside = |byte: &&u8| !matches!(byte, b',' | b'}' | b']');
    text.iter().take_while(is_inside).count()
}

/// The length of the string at the start of `text`, with its quotes.
fn string_length(text: &[u8]) -> usize {
    let mut end = 1;
    while let Some(rest) = text.get(end..) {
        end += plain_length(rest);
        match text.get(end) {
            Some(b'"') | None => break,
            Some(b'\\') => end += 2,
            // What may not stand in a string is passed on as it is.
            Some(_) => end += 1,
        }
    }
    end + 1
}

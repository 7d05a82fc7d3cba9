//! Compact JSON on several lines.

/// Two spaces per level.
const INDENT: &str = "  ";

/// Writes `compact`, JSON without white space, as [`super::to_text`] would lay it out at `level`. The
/// first line is not indented.
pub fn write(out: &mut String, compact: &str, level: usize) {
    let mut level = level;
    let mut rest = compact;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']', ',', ':']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = match from.as_bytes() {
            [b'"', ..] => pass_string(out, from),
            [b'{', b'}', ..] | [b'[', b']', ..] => pass(out, from, 2),
            [b'{' | b'[', ..] => {
                level += 1;
                let rest = pass(out, from, 1);
                break_line(out, level);
                rest
            }
            [b'}' | b']', ..] => {
                level = level.saturating_sub(1);
                break_line(out, level);
                pass(out, from, 1)
            }
            [b',', ..] => {
                let rest = pass(out, from, 1);
                break_line(out, level);
                rest
            }
            _ => {
                out.push_str(": ");
                from.get(1..).unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
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

/// Passes a string at the start of `text`.
fn pass_string<'a>(out: &mut String, text: &'a str) -> &'a str {
    let mut end = 1;
    while let Some(at) = text.get(end..).and_then(|rest| rest.find(['"', '\\'])) {
        end += at + 1;
        match text.as_bytes().get(end - 1) {
            Some(b'\\') => end += 1,
            _ => break,
        }
    }
    pass(out, text, end)
}

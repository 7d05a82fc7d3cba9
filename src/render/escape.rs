//! Keeps data in its place.

/// Characters that turn the direction of text around, and so show something else than is there.
const DIRECTIONS: &[char] = &[
    '\u{061c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

/// The text with every character escaped that could make a terminal or a page do or show something
/// else. Line breaks stay.
pub(super) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        let is_control = character.is_control() && character != '\n';
        match is_control || DIRECTIONS.contains(&character) {
            true => safe.extend(character.escape_unicode()),
            false => safe.push(character),
        }
    }
    safe
}

/// A name or a sentence on one line, so that it cannot pass for several.
pub(super) fn one_line(text: &str) -> String {
    printable(text).replace('\n', "\\n")
}

/// Text in HTML, in content as well as in attributes.
pub(super) fn html(text: &str) -> String {
    replaced(text, |character| "&<>\"'".contains(character))
}

/// Each character that `is_special` as a numeric reference, which never forms structure.
fn replaced(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match is_special(character) {
            true => safe.push_str(&reference(character)),
            false => safe.push(character),
        }
    }
    safe
}

fn reference(character: char) -> String {
    format!("&#{};", u32::from(character))
}

/// Text in a sentence of Markdown.
pub(super) fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '|' | '\\' => safe.push_str(&reference(character)),
            // The blank of no width keeps GitHub from calling people and linking issues.
            '@' | '#' => safe.push_str(&format!("{}&#8203;", reference(character))),
            '`' | '*' | '_' | '~' | '[' | ']' | '{' | '}' | '!' | '$' | ':' => {
                safe.extend(['\\', character]);
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// Text as code in Markdown, in cells of tables too. A span of code cannot hold every text there: a
/// `|` ends the cell, and a backtick the span.
pub(super) fn markdown_code(text: &str) -> String {
    let is_plain = !text.contains(['`', '|']) && text.trim() == text && !text.is_empty();
    match is_plain {
        true => format!("`{text}`"),
        false => {
            let safe = replaced(text, |character| character.is_ascii_punctuation());
            format!("<code>{safe}</code>")
        }
    }
}

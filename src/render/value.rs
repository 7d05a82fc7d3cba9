//! Values and their changes on one line.

use serde_json::{Map, Value};

use crate::json;

/// How many characters of a value are shown.
const WIDTH: usize = 60;

/// How many characters are shown before the first difference of two long values.
const CONTEXT: usize = 12;

/// Characters that turn the direction of text around, and so show something else than is there.
const DIRECTIONS: &[char] = &[
    '\u{061c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

type Object = Map<String, Value>;

/// `key: before -> after` for every key of `after` that differs, with the path of keys in objects.
pub(super) fn changes(before: &Object, after: &Object) -> Vec<String> {
    let mut lines = Vec::new();
    collect(before, after, "", &mut lines);
    lines
}

fn collect(before: &Object, after: &Object, prefix: &str, lines: &mut Vec<String>) {
    for (key, new) in after {
        let old = before.get(key).unwrap_or(&Value::Null);
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if has_all_keys(old, new) => {
                collect(old, new, &format!("{prefix}{key}."), lines);
            }
            _ => lines.extend(change(old, new).map(|change| format!("{prefix}{key}: {change}"))),
        }
    }
}

/// Whether no key of `old` is gone, which a list of the new keys would not show.
fn has_all_keys(old: &Object, new: &Object) -> bool {
    old.keys().all(|key| new.contains_key(key))
}

fn change(old: &Value, new: &Value) -> Option<String> {
    let (old, new) = (json::to_compact(old), json::to_compact(new));
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    let is_long = old.chars().count().max(new.chars().count()) > WIDTH;
    let start = if is_long { same.saturating_sub(CONTEXT) } else { 0 };
    (old != new).then(|| format!("{} -> {}", excerpt(&old, start), excerpt(&new, start)))
}

/// A value on one line, its end folded where it is long.
pub(super) fn folded(value: &Value) -> String {
    excerpt(&json::to_compact(value), 0)
}

/// At most [`WIDTH`] characters from `start` on, with `…` for what is left out.
fn excerpt(text: &str, start: usize) -> String {
    let shown: String = text.chars().skip(start).take(WIDTH).collect();
    let head = if start > 0 { "…" } else { "" };
    let tail = if text.chars().count() > start + WIDTH { "…" } else { "" };
    format!("{head}{shown}{tail}")
}

/// The text with every character escaped that could make a terminal do or show something else.
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

//! Values, and what differs between two of them.

use serde_json::{Map, Value};

use super::escape::one_line;
use crate::json;

/// How many characters of a value are shown on one line.
pub(super) const WIDTH: usize = 60;

/// How many characters are shown before the first difference of two long values.
const CONTEXT: usize = 12;

type Object = Map<String, Value>;

/// One value that differs.
pub(super) struct Difference {
    /// The keys that lead to it: `options.deep.b`.
    pub path: String,
    /// Null where it is new.
    pub before: Value,
    pub after: Value,
}

impl Difference {
    /// Both values on at most `width` characters, around what differs where they are longer.
    pub(super) fn excerpts(&self, width: usize) -> (String, String) {
        let (old, new) = (json::to_compact(&self.before), json::to_compact(&self.after));
        let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
        let is_long = old.chars().count().max(new.chars().count()) > width;
        let start = if is_long { same.saturating_sub(CONTEXT) } else { 0 };
        (excerpt(&old, start, width), excerpt(&new, start, width))
    }
}

/// Two values of one place, each on one line, long ones around what differs.
pub(crate) fn contrast(a: &Value, b: &Value) -> (String, String) {
    Difference { path: String::new(), before: a.clone(), after: b.clone() }.excerpts(WIDTH)
}

/// Every key of `after` that differs, with the path of keys in objects.
pub(super) fn differences(before: &Object, after: &Object) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(before, after, "", &mut found);
    found
}

fn collect(before: &Object, after: &Object, prefix: &str, found: &mut Vec<Difference>) {
    for (key, new) in after {
        let old = before.get(key).unwrap_or(&Value::Null);
        let path = format!("{prefix}{}", one_line(key));
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if has_all_keys(old, new) => {
                collect(old, new, &format!("{path}."), found);
            }
            _ if json::to_compact(old) == json::to_compact(new) => {}
            _ => found.push(Difference { path, before: old.clone(), after: new.clone() }),
        }
    }
}

/// Whether no key of `old` is gone, which a list of the new keys would not show.
fn has_all_keys(old: &Object, new: &Object) -> bool {
    old.keys().all(|key| new.contains_key(key))
}

/// A value on one line, its end folded where it is long.
pub(super) fn folded(value: &Value) -> String {
    excerpt(&json::to_compact(value), 0, WIDTH)
}

/// At most `width` characters from `start` on, with `…` for what is left out.
pub(super) fn excerpt(text: &str, start: usize, width: usize) -> String {
    let shown: String = text.chars().skip(start).take(width).collect();
    let head = if start > 0 { "…" } else { "" };
    let tail = if text.chars().count() > start + width { "…" } else { "" };
    format!("{head}{}{tail}", one_line(&shown))
}

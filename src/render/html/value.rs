//! Values on the page: short ones on a line, long ones folded and whole.

use serde_json::Value;

use crate::json;
use crate::render::escape::html as escaped;
use crate::render::value::{Difference, excerpt};

/// How many characters of a value are shown before it is folded.
const WIDTH: usize = 160;

/// How many characters of a folded value are on the page.
const LONGEST: usize = 20_000;

/// Escapes a text with a view to another one.
type Mark = fn(&str, &str) -> String;

/// A value that stands alone.
pub(super) fn one(value: &Value) -> String {
    match is_long(value) {
        true => {
            folded(&escaped(&excerpt(&json::to_compact(value), 0, WIDTH)), &escaped(&whole(value)))
        }
        false => format!("<code>{}</code>", escaped(&json::to_compact(value))),
    }
}

/// The value before and the one after, each with a mark on what the other one does not have.
pub(super) fn both(difference: &Difference) -> (String, String) {
    let Difference { before, after, .. } = difference;
    let (old, new) = difference.excerpts(WIDTH);
    let mark: Mark = if have_parts(before, after) { marked } else { |text, _| escaped(text) };
    (beside(before, after, (&old, &new), mark), beside(after, before, (&new, &old), mark))
}

/// Whether two values can be the same in part, as two numbers cannot.
fn have_parts(before: &Value, after: &Value) -> bool {
    (before.is_string() && after.is_string())
        || (before.is_array() && after.is_array())
        || (before.is_object() && after.is_object())
}

/// A value as it stands beside the other one; `excerpts` are its own and the other one's.
fn beside(value: &Value, other: &Value, excerpts: (&str, &str), mark: Mark) -> String {
    match is_long(value) {
        true => folded(&mark(excerpts.0, excerpts.1), &mark(&whole(value), &whole(other))),
        false => {
            let text = mark(&json::to_compact(value), &json::to_compact(other));
            format!("<code>{text}</code>")
        }
    }
}

fn is_long(value: &Value) -> bool {
    let has_lines = value.as_str().is_some_and(|text| text.contains('\n'));
    has_lines || json::to_compact(value).chars().count() > WIDTH
}

fn folded(excerpt: &str, whole: &str) -> String {
    format!("<details><summary><code>{excerpt}</code></summary><pre>{whole}</pre></details>")
}

/// Texts as they are, anything else as JSON on several lines.
fn whole(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => json::to_text(other).trim_end().into(),
    };
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let shown: String = text.chars().take(LONGEST).collect();
    format!("{shown}\n… and {} more characters", length - LONGEST)
}

/// The text with a mark on what lies between what it begins and ends with as the other one does.
fn marked(text: &str, other: &str) -> String {
    let start = shared(text.chars(), other.chars());
    let (text, other): (Vec<char>, Vec<char>) = (text.chars().collect(), other.chars().collect());
    let rest = |all: &[char]| all.iter().skip(start).rev().copied().collect::<Vec<_>>();
    let end = text.len() - shared(rest(&text).into_iter(), rest(&other).into_iter());
    let part =
        |from: usize, to: usize| escaped(&text.iter().take(to).skip(from).collect::<String>());
    let middle = part(start, end);
    let is_worth_a_mark = !middle.is_empty() && end - start < text.len();
    let middle = if is_worth_a_mark { format!("<mark>{middle}</mark>") } else { middle };
    format!("{}{middle}{}", part(0, start), part(end, text.len()))
}

/// How many characters are the same from the beginning on.
fn shared(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

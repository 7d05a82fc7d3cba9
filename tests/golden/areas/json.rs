use schema_sync_core::json::{parse, to_compact, to_text};
use serde_json::{Value, json};

use super::{member, outcome};

/// `{text}` or `{bytes}` of a file gives both of its canonical texts.
pub fn answer(input: &Value) -> Value {
    let text: String = member(input, "text");
    let bytes: Vec<u8> = member(input, "bytes");
    let bytes = if bytes.is_empty() { text.into_bytes() } else { bytes };
    outcome(
        parse(&bytes, "data/posts.json")
            .map(|value| json!({ "text": to_text(&value), "compact": to_compact(&value) })),
    )
}

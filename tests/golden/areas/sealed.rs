//! `{then, now?, replace?, text?}`, both `{plan, seal}`: the sealed text of `then` (or `text`, or with each of
//! `[[old, new], …]` replaced) by lines, and how `now` differs from it.

use schema_sync_core::error::Result;
use schema_sync_core::plan::Plan;
use schema_sync_core::sealed::{Seal, Sealed, compare, open};
use serde_json::{Value, json};

use super::outcome;

pub fn answer(input: &Value) -> Value {
    outcome(sealed(input))
}

fn sealed(input: &Value) -> Result<Value> {
    let text = match input["text"].as_str() {
        Some(text) => text.to_owned(),
        None => of(&input["then"]).text()?,
    };
    let text = replaced(text, &input["replace"]);
    let opened = open(&text)?;
    let lines: Vec<&str> = text.split('\n').collect();
    Ok(match input.get("now") {
        Some(now) => json!({ "comparison": compare(&opened, &of(now)) }),
        None => json!({ "text": lines }),
    })
}

fn of(run: &Value) -> Sealed {
    let plan: Plan = serde_json::from_value(run["plan"].clone()).unwrap();
    let seal: Seal = serde_json::from_value(run["seal"].clone()).unwrap();
    Sealed::new(plan, seal)
}

fn replaced(text: String, pairs: &Value) -> String {
    let pairs: Vec<(String, String)> = serde_json::from_value(pairs.clone()).unwrap_or_default();
    pairs.iter().fold(text, |text, (old, new)| text.replace(old, new))
}

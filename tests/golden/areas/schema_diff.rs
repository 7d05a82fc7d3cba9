use schema_sync_core::error::Result;
use schema_sync_core::model::Facts;
use schema_sync_core::schema_diff::{count, for_target, losses, steps, to_directus};
use schema_sync_core::schema_merge::merge_unagreed;
use schema_sync_core::snapshot::Snapshot;
use serde_json::{Value, json};

use super::{member, outcome};

/// `{desired, current, mode, facts?}` gives everything that is made of the changes. Without
/// `desired` it is `current`, with each of `{edits: [[pointer, value or absent], …]}` made.
pub fn answer(input: &Value) -> Value {
    outcome(compared(input))
}

fn compared(input: &Value) -> Result<Value> {
    let current = input.get("current").cloned().unwrap_or_default();
    let desired = input.get("desired").cloned().unwrap_or_else(|| edited(&current, input));
    let current = Snapshot::try_from(current)?;
    let desired = Snapshot::try_from(desired)?;
    let desired = match input.get("facts") {
        Some(_) => for_target(&desired, &current, &member::<Facts>(input, "facts")),
        None => desired,
    };
    let merged = merge_unagreed(&desired, &current, member(input, "mode"));
    let changes = merged.changes(&current)?;
    let lost = losses(&changes, current.vendor.as_deref());
    Ok(json!({
        "steps": steps(&changes),
        "directus": to_directus(&changes),
        "count": count(&changes, &merged.counts),
        "warnings": lost.iter().filter_map(|loss| loss.warning(None)).collect::<Vec<_>>(),
    }))
}

/// `current` with edits made: `[pointer, value]` sets, or appends where the pointer ends in `/-`;
/// `[pointer]` removes.
fn edited(current: &Value, input: &Value) -> Value {
    let mut edited = current.clone();
    for edit in member::<Vec<Vec<Value>>>(input, "edits") {
        make(&mut edited, edit[0].as_str().unwrap(), edit.get(1).cloned());
    }
    edited
}

fn make(value: &mut Value, pointer: &str, new: Option<Value>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match (value.pointer_mut(parent).unwrap(), new) {
        (Value::Object(object), Some(new)) => drop(object.insert(key.into(), new)),
        (Value::Object(object), None) => drop(object.remove(key)),
        (Value::Array(items), Some(new)) if key == "-" => items.push(new),
        (Value::Array(items), Some(new)) => items[key.parse::<usize>().unwrap()] = new,
        (Value::Array(items), None) => drop(items.remove(key.parse().unwrap())),
        _ => panic!("no {parent}"),
    }
}

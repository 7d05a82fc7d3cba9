//! What each area does with the input of a case.

pub mod config;
pub mod export;
pub mod identity;
pub mod items;
pub mod json;
pub mod losses;
pub mod manifest;
pub mod order;
pub mod overlay;
pub mod plan;
pub mod renames;
pub mod render;
pub mod render_html;
pub mod render_markdown;
pub mod requirements;
pub mod schema_diff;
pub mod schema_merge;
pub mod sealed;
pub mod snapshot;
pub mod value;
pub mod verify;

use schema_sync_core::error::Result;
use schema_sync_core::model::Facts;
use schema_sync_core::snapshot::Snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::cases;

/// A member of the input, or its default where the case leaves it out.
fn member<T: DeserializeOwned + Default>(input: &Value, name: &str) -> T {
    match input.get(name) {
        Some(value) => serde_json::from_value(value.clone()).unwrap(),
        None => T::default(),
    }
}

/// Facts stand in the case, or it names a shared file.
fn facts(input: &Value) -> Facts {
    let facts = match &input["facts"] {
        Value::String(name) => cases::shared(&format!("_facts/{name}")),
        facts => facts.clone(),
    };
    serde_json::from_value(facts).unwrap()
}

/// A snapshot stands in the case, or it names a shared file.
fn snapshot(value: &Value) -> Snapshot {
    let snapshot = match value {
        Value::String(name) => cases::shared(&format!("_snapshots/{name}")),
        snapshot => snapshot.clone(),
    };
    Snapshot::try_from(snapshot).unwrap()
}

/// A result as a case expects it: the value, or `{"error": …}`.
fn outcome<T: Serialize>(result: Result<T>) -> Value {
    match result {
        Ok(value) => serde_json::to_value(value).unwrap(),
        Err(error) => json!({ "error": error }),
    }
}

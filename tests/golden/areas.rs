//! What each area does with the input of a case.

pub mod config;
pub mod json;
pub mod manifest;
pub mod overlay;
pub mod plan;
pub mod render;
pub mod schema_diff;
pub mod snapshot;
pub mod value;

use schema_sync_core::error::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A member of the input, or its default where the case leaves it out.
fn member<T: DeserializeOwned + Default>(input: &Value, name: &str) -> T {
    match input.get(name) {
        Some(value) => serde_json::from_value(value.clone()).unwrap(),
        None => T::default(),
    }
}

/// A result as a case expects it: the value, or `{"error": …}`.
fn outcome<T: Serialize>(result: Result<T>) -> Value {
    match result {
        Ok(value) => serde_json::to_value(value).unwrap(),
        Err(error) => json!({ "error": error }),
    }
}

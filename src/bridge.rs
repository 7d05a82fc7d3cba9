//! What `wasm` needs to turn bytes into values and back. Nothing here decides anything.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::json;
use crate::manifest;
use crate::merge::OnDrift;
use crate::model::{Facts, Mode};
use crate::plan::Plan;
use crate::render;
use crate::sealed::Sealed;
use crate::snapshot::{self, Snapshot};
use crate::system::{Sync, SystemCollection};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// An error on its way to JavaScript.
#[derive(Debug)]
pub struct Thrown(Error);

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        serde_wasm_bindgen::to_value(&thrown.0)
            .unwrap_or_else(|_| JsValue::from_str(&thrown.0.to_string()))
    }
}

/// Prints the message of a panic, which the trap that follows would swallow.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|info| console_error(&format!("The core panicked: {info}"))));
}

/// A value from JSON that the extension wrote.
pub fn take<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::new("INTERNAL", format!("The core was given what it does not understand: {error}."))
    })
}

/// A snapshot, or everything that is wrong with it.
pub fn snapshot(bytes: &[u8]) -> Result<Snapshot> {
    Snapshot::try_from(take::<Value>(bytes)?)
}

/// A value as JSON.
pub fn give<T: Serialize + ?Sized>(value: &T) -> core::result::Result<Vec<u8>, Thrown> {
    let written = serde_json::to_vec(value);
    written.map_err(|error| Thrown(Error::new("INTERNAL", error.to_string())))
}

/// Keys that `getKey` gave, where it is used.
pub fn keys(bytes: Option<Vec<u8>>) -> Result<Option<Vec<Value>>> {
    bytes.map(|bytes| take(&bytes)).transpose()
}

/// The hash of named texts.
pub fn fingerprint(parts: &[(String, String)]) -> String {
    let parts = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes()));
    manifest::framed(&parts.collect::<Vec<_>>())
}

/// Facts with the schema of a snapshot, where there is one.
pub fn overlaid(facts: Facts, snapshot: Option<&[u8]>) -> Result<Facts> {
    match snapshot {
        Some(bytes) => Ok(snapshot::overlay(&facts, &self::snapshot(bytes)?)),
        None => Ok(facts),
    }
}

/// A mode by its name.
pub fn mode(name: &str) -> Result<Mode> {
    take(json!(name).to_string().as_bytes())
}

/// What happens where the target changed, by its name.
pub fn on_drift(name: &str) -> Result<OnDrift> {
    take(json!(name).to_string().as_bytes())
}

/// A plan as canonical JSON, or in a format for people.
pub fn rendered(plan: &Plan, format: &str) -> Result<String> {
    if format == "json" {
        let written = serde_json::to_value(plan);
        return written
            .map(|plan| json::to_text(&plan))
            .map_err(|error| Error::new("INTERNAL", error.to_string()));
    }
    let unknown = || Error::new("INTERNAL", format!("There is no plan format {format}."));
    Ok(render::format(format).ok_or_else(unknown)?(plan))
}

/// A plan with what it was made of.
pub fn sealed(plan: &Plan, seal: &[u8]) -> Result<Sealed> {
    Ok(Sealed::new(plan.clone(), take(seal)?))
}

/// The system collections that may stand in a config, by name: whether they are on by default, their
/// key and what they watch.
pub fn directus_config(table: &[SystemCollection]) -> BTreeMap<&str, Value> {
    let travelling = table.iter().filter(|collection| collection.travels());
    let known = travelling.map(|collection| {
        let facts = json!({
            "sync": collection.sync == Sync::On,
            "key": collection.key,
            "watch": collection.watch,
            "neverExport": collection.never_export,
        });
        (collection.name, facts)
    });
    known.collect()
}

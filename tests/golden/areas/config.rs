use schema_sync_core::config::{RawConfig, entry_files, resolve};
use schema_sync_core::model::Facts;
use serde_json::{Value, json};

use super::member;
use crate::cases::shared;

/// `{facts, raw, paths?}` gives the config, and the files of each entry. `facts` may name a shared
/// file.
pub fn answer(input: &Value) -> Value {
    let raw: RawConfig = member(input, "raw");
    let config = resolve(&raw, &facts(input));
    match input.get("paths") {
        None => json!({ "config": config }),
        Some(_) => {
            let paths: Vec<String> = member(input, "paths");
            json!({ "config": config, "files": entry_files(&config, &paths) })
        }
    }
}

fn facts(input: &Value) -> Facts {
    match input["facts"].as_str() {
        Some(name) => serde_json::from_value(shared(&format!("_facts/{name}"))).unwrap(),
        None => member(input, "facts"),
    }
}

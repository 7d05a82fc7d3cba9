use schema_sync_core::config::{RawConfig, entry_files, resolve};
use schema_sync_core::model::Facts;
use serde_json::{Value, json};

use super::member;
use crate::cases::shared;

/// `{facts, raw, paths?}` gives the config, and the files of each entry. `facts` names a shared file.
pub fn answer(input: &Value) -> Value {
    let facts: String = member(input, "facts");
    let facts: Facts = serde_json::from_value(shared(&format!("_facts/{facts}"))).unwrap();
    let raw: RawConfig = member(input, "raw");
    let config = resolve(&raw, &facts);
    match input.get("paths") {
        None => json!({ "config": config }),
        Some(_) => {
            let paths: Vec<String> = member(input, "paths");
            json!({ "config": config, "files": entry_files(&config, &paths) })
        }
    }
}

//! Names of group files: the values that a group shares, made safe for every disk.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::file_name::safe_name;
use crate::manifest;
use crate::rows;

/// The letters of a hash that tell two names apart.
const HASH_LEN: usize = 8;

/// Names for groups. Each group is the list of its values; the result has the same order. Groups
/// whose names some disk would take for the same one get a short hash of their values.
pub fn names(groups: &[Vec<Value>]) -> Vec<String> {
    let plain: Vec<String> = groups.iter().map(|values| joined(values)).collect();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for name in &plain {
        *taken.entry(name.to_lowercase()).or_default() += 1;
    }
    let shared = |name: &str| taken.get(&name.to_lowercase()).is_some_and(|count| *count > 1);
    let named = plain.iter().zip(groups).map(|(name, values)| match shared(name) {
        true => safe_name(&format!("{name}-{}", hash(values))),
        false => safe_name(name),
    });
    named.collect()
}

/// Nothing has a name of its own, which no disk refuses.
fn joined(values: &[Value]) -> String {
    let name = values.iter().map(plain).collect::<Vec<_>>().join("_");
    if name.is_empty() { "empty".to_owned() } else { name }
}

/// A reference to a row whose key has several fields is the values of these.
fn plain(value: &Value) -> String {
    match value {
        Value::Object(key) => key.values().map(plain).collect::<Vec<_>>().join("_"),
        other => rows::plain(other),
    }
}

fn hash(values: &[Value]) -> String {
    let hash = manifest::sha256_hex(rows::text(&Value::Array(values.to_vec())).as_bytes());
    hash.chars().take(HASH_LEN).collect()
}

//! Ids of entries, which name their files.

use super::Entry;
use crate::file_name::{stems, with_hash};

/// Stems that stand for something else under `data/`.
const RESERVED: &[&str] = &["schema", "files"];

/// Gives every entry its id.
pub fn assign_ids(entries: &mut [Entry]) {
    let names: Vec<String> = entries.iter().map(Entry::exact_id).collect();
    let stems = stems(names.iter().map(String::as_str));
    for (entry, name) in entries.iter_mut().zip(&names) {
        let reserved = RESERVED.contains(&name.to_lowercase().as_str());
        let stem = || stems.get(name.as_str()).cloned().unwrap_or_default();
        entry.id = if reserved { with_hash(name) } else { stem() };
    }
}

//! Names of files: the same on every disk, and never a way out of the folder.

use std::collections::BTreeMap;

use super::Entry;
use crate::manifest::sha256_hex;

/// Stems that stand for something else under `data/`.
const RESERVED: &[&str] = &["schema", "files"];

/// Device names, which Windows refuses as files with any extension.
const WINDOWS_DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// Characters that some disk refuses, or that would leave the folder.
const FORBIDDEN: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Long enough for every collection, short enough for every disk once suffix and extension follow.
const MAX_BYTES: usize = 180;

/// `exact` where every disk takes it as a file's stem, else a safe form of it with a hash of the
/// exact name behind, so that two names never become one.
pub fn safe_name(exact: &str) -> String {
    if is_safe(exact) { exact.into() } else { with_hash(exact) }
}

/// Gives every entry its id. Of ids that differ by case alone only an all-lower-case one stays
/// plain, since a disk that ignores case would take them for one.
pub fn assign_ids(entries: &mut [Entry]) {
    let mut folded: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries.iter() {
        *folded.entry(entry.exact_id().to_lowercase()).or_default() += 1;
    }
    for entry in entries {
        let exact = entry.exact_id();
        let lower = exact.to_lowercase();
        let collides = exact != lower && folded.get(&lower).is_some_and(|count| *count > 1);
        let reserved = RESERVED.contains(&lower.as_str());
        entry.id = if collides || reserved { with_hash(&exact) } else { safe_name(&exact) };
    }
}

fn is_safe(name: &str) -> bool {
    let trimmed = name.trim_matches(['.', ' ']);
    let stem = name.split('.').next().unwrap_or_default();
    name == trimmed
        && !name.is_empty()
        && name.len() <= MAX_BYTES
        && !name.contains("..")
        && !name.contains(is_forbidden)
        && !is_device(&stem.to_lowercase())
}

fn is_forbidden(char: char) -> bool {
    char.is_control() || FORBIDDEN.contains(&char)
}

fn is_device(stem: &str) -> bool {
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    WINDOWS_DEVICES.contains(&stem)
        || numbered.is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
}

fn with_hash(exact: &str) -> String {
    let mut safe: String =
        exact.chars().map(|char| if is_forbidden(char) { '_' } else { char }).collect();
    safe = safe.replace("..", "_");
    while safe.len() > MAX_BYTES {
        safe.pop();
    }
    let hash: String = sha256_hex(exact.as_bytes()).chars().take(8).collect();
    format!("{}-{hash}", safe.trim_matches(['.', ' ']))
}

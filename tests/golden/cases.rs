//! Finds cases, runs them and compares, or rewrites what they expect under `UPDATE=1`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read files")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use schema_sync_core::json::{parse, to_text};
use serde_json::Value;

/// Runs every case of `area` and fails with all differences at once.
pub fn run(area: &str, answer: fn(&Value) -> Value) {
    let cases = folders(&root().join(area));
    assert!(!cases.is_empty(), "no cases in {area}");
    let failures: Vec<_> = cases.iter().filter_map(|case| failure(case, answer)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The areas that have cases, sorted. Folders with `_` in front hold what cases share.
pub fn areas() -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    folders(&root()).iter().map(name).filter(|name| !name.starts_with('_')).collect()
}

/// A JSON file that cases share, such as `_facts/shop-12.4.0`.
pub fn shared(name: &str) -> Value {
    read(&root().join(format!("{name}.json")))
}

fn failure(case: &Path, answer: fn(&Value) -> Value) -> Option<String> {
    let expected = case.join("expected.json");
    let given = to_text(&answer(&read(&case.join("input.json"))));
    if env::var("UPDATE").is_ok() {
        fs::write(&expected, given).unwrap();
        return None;
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    (given != wanted).then(|| format!("{}: expected\n{wanted}\ngot\n{given}", case.display()))
}

fn read(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    parse(&bytes, &path.display().to_string()).unwrap_or_else(|error| panic!("{error}"))
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

use std::collections::BTreeMap;

use schema_sync_core::manifest::{root, sha256_hex, text, verify};
use serde_json::{Value, json};

use super::{member, outcome};

/// `{files: {path: content}, manifest?, owned}` gives the manifest of the files, and what a check of
/// `manifest` (of their own one, where it is left out) finds. `{file:path}` in it stands for a hash.
pub fn answer(input: &Value) -> Value {
    let contents: BTreeMap<String, String> = member(input, "files");
    let hash = |(path, content): (&String, &String)| (path.clone(), sha256_hex(content.as_bytes()));
    let files: BTreeMap<String, String> = contents.iter().map(hash).collect();
    let own = text(&files);
    let given: Option<String> = member(input, "manifest");
    let given = with_hashes(given.as_ref().unwrap_or(&own), &files);
    let owned: Vec<String> = member(input, "owned");
    json!({ "text": own, "root": root(&files), "verified": outcome(verify(&given, &files, &owned)) })
}

fn with_hashes(manifest: &str, files: &BTreeMap<String, String>) -> String {
    files
        .iter()
        .fold(manifest.to_owned(), |text, (path, hash)| text.replace(&format!("{{{path}}}"), hash))
}

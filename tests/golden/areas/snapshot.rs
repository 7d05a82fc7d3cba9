use schema_sync_core::model::FileText;
use schema_sync_core::snapshot::{Snapshot, join, split};
use serde_json::{Value, json};

use super::{member, outcome};

/// `{files}` are joined to a snapshot; `{snapshot}` is split into files, into one with `{split: false}`.
pub fn answer(input: &Value) -> Value {
    if input.get("files").is_some() {
        return outcome(join(&member::<Vec<FileText>>(input, "files")));
    }
    let snapshot = input.get("snapshot").cloned().unwrap_or_default();
    let many = input.get("split") != Some(&json!(false));
    outcome(Snapshot::try_from(snapshot).map(|snapshot| split(&snapshot, many)))
}

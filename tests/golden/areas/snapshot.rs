use schema_sync_core::model::{Facts, FileText};
use schema_sync_core::snapshot::{Snapshot, join, overlay, split};
use serde_json::{Value, json};

use super::{member, outcome};

/// `{files}` are joined to a snapshot; `{snapshot}` is read and split into files, into one with
/// `{split: false}`, or laid over `{facts}`.
pub fn answer(input: &Value) -> Value {
    if input.get("files").is_some() {
        return outcome(join(&member::<Vec<FileText>>(input, "files")));
    }
    let snapshot = input.get("snapshot").cloned().unwrap_or_default();
    outcome(Snapshot::try_from(snapshot).map(|snapshot| match input.get("facts") {
        Some(_) => json!(overlay(&member::<Facts>(input, "facts"), &snapshot)),
        None => json!(split(&snapshot, input.get("split") != Some(&json!(false)))),
    }))
}

use schema_sync_core::model::Facts;
use schema_sync_core::snapshot::{Snapshot, overlay};
use serde_json::Value;

use super::{member, outcome};

/// The `facts` of an instance with a `snapshot` laid over them.
pub fn answer(input: &Value) -> Value {
    let snapshot = input.get("snapshot").cloned().unwrap_or_default();
    let facts: Facts = member(input, "facts");
    outcome(Snapshot::try_from(snapshot).map(|snapshot| overlay(&facts, &snapshot)))
}

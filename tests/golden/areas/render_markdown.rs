use schema_sync_core::plan::Plan;
use schema_sync_core::render::markdown;
use serde_json::{Value, json};

use super::member;

/// A `plan` as lines of Markdown.
pub fn answer(input: &Value) -> Value {
    let plan: Option<Plan> = member(input, "plan");
    json!(markdown(&plan.unwrap()).lines().collect::<Vec<_>>())
}

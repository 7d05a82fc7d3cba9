use schema_sync_core::plan::Plan;
use schema_sync_core::render::text;
use serde_json::{Value, json};

use super::member;

/// A `plan` as lines of text.
pub fn answer(input: &Value) -> Value {
    let plan: Option<Plan> = member(input, "plan");
    json!(text(&plan.unwrap()).lines().collect::<Vec<_>>())
}

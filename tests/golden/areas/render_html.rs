use schema_sync_core::plan::Plan;
use schema_sync_core::render::html;
use serde_json::{Value, json};

use super::member;

/// A `plan` as lines of HTML, from `<body>` on: what stands before is the same for every plan.
pub fn answer(input: &Value) -> Value {
    let plan: Option<Plan> = member(input, "plan");
    let page = html(&plan.unwrap());
    json!(page.lines().skip_while(|line| *line != "<body>").collect::<Vec<_>>())
}

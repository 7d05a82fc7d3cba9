//! As for plans, with `losses` as the target counted them: what is read of the target under which names, and the plan.

use schema_sync_core::error::Result;
use schema_sync_core::planner::Planner;
use serde_json::{Map, Value, json};

use super::plan::{Asked, fed};
use super::{member, outcome};

pub fn answer(input: &Value) -> Value {
    outcome(renamed(input))
}

fn renamed(input: &Value) -> Result<Value> {
    let Asked { mut planner, missing, .. } = fed(input, Planner::new)?;
    let mut read = Map::new();
    for entry in member::<Map<String, Value>>(&input["raw"]["sources"][0], "custom").keys() {
        let fields = planner.fields_to_read(entry)?;
        read.insert(
            entry.clone(),
            json!({ "fields": fields, "filter": planner.filter_to_read(entry)? }),
        );
    }
    let losses = planner.losses_to_count();
    planner.set_losses(member(input, "losses"))?;
    Ok(json!({ "read": read, "missingKeys": missing, "losses": losses, "plan": planner.plan()? }))
}

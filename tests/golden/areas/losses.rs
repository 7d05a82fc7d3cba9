//! `{desired, current, mode, counts}` gives what the target is asked to count, and what is said of it: before and after
//! the counts are known.

use schema_sync_core::config::Config;
use schema_sync_core::error::Result;
use schema_sync_core::planner::Planner;
use serde_json::{Value, json};

use super::{member, outcome};

pub fn answer(input: &Value) -> Value {
    outcome(counted(input))
}

fn counted(input: &Value) -> Result<Value> {
    let config = Config { mode: member(input, "mode"), ..Config::default() };
    let mut planner = Planner::new(config, member(input, "facts"));
    planner.set_schema(&member(input, "desired"), &member(input, "current"));
    let asked = planner.losses_to_count();
    let uncounted = planner.plan()?.warnings;
    planner.set_losses(member(input, "counts"))?;
    let counted = outcome(planner.plan().map(|plan| plan.warnings));
    Ok(json!({ "asked": asked, "uncounted": uncounted, "counted": counted }))
}

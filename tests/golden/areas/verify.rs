//! `{collections, steps, created?, schema?, rows?}`: what was asked for to check that the steps took effect, and what
//! was found. `schema` is the snapshot as it is now, `rows` are pages of rows as they are now.

use std::collections::BTreeMap;

use schema_sync_core::error::Result;
use schema_sync_core::model::{CollectionFacts, Mode};
use schema_sync_core::plan::{Plan, Summary};
use schema_sync_core::snapshot::Snapshot;
use schema_sync_core::verify::Verification;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{member, outcome};

#[derive(Deserialize)]
struct Page {
    collection: String,
    rows: Value,
}

pub fn answer(input: &Value) -> Value {
    outcome(verified(input))
}

fn verified(input: &Value) -> Result<Value> {
    let collections: BTreeMap<String, CollectionFacts> = member(input, "collections");
    let created: Vec<Option<Vec<Value>>> = member(input, "created");
    let plan = Plan::new(Mode::Sync, member(input, "steps"), Vec::new(), Summary::default());
    let mut verification = Verification::new(&plan, collections, &created)?;
    if let Some(now) = input.get("schema") {
        verification.set_schema(&Snapshot::try_from(now.clone())?);
    }
    let (schema, rows) = (verification.touches_schema(), verification.to_read());
    for Page { collection, rows } in member::<Vec<Page>>(input, "rows") {
        verification.add_rows(&collection, rows.to_string().as_bytes())?;
    }
    Ok(json!({ "touchesSchema": schema, "toRead": rows, "result": outcome(verification.finish()) }))
}

//! `{base?, onDrift?, environment?, facts, raw, schema?, files, onImport?, getKey?, keys?, current?, outside?, existing?}` gives a plan, with
//! what the planner asks for on the way. `facts` and snapshots may name shared files.

use std::collections::BTreeMap;

use schema_sync_core::config::{Config, Entry, resolve};
use schema_sync_core::error::{Error, Result};
use schema_sync_core::json;
use schema_sync_core::model::{Facts, FileText, Row};
use schema_sync_core::plan::{Plan, Step};
use schema_sync_core::planner::Planner;
use schema_sync_core::snapshot::overlay;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{facts, member, outcome, snapshot};

/// Keys the hashes of bases.
pub const SECRET: &[u8] = b"secret";

#[derive(Deserialize)]
struct Page {
    entry: String,
    rows: Vec<Row>,
    #[serde(default)]
    keys: Option<Vec<Value>>,
}

impl Page {
    fn bytes(&self) -> Vec<u8> {
        Value::from_iter(self.rows.clone()).to_string().into_bytes()
    }
}

pub fn answer(input: &Value) -> Value {
    outcome(plan(input))
}

fn plan(input: &Value) -> Result<Value> {
    let Asked { mut planner, missing, unknown } = fed(input, Planner::new)?;
    let plan = planner.plan()?;
    let mut answer = json!({ "missingKeys": missing, "unknown": unknown, "plan": plan });
    if !planner.entries_with_placeholders().is_empty() {
        answer["filled"] = filled(&planner, &plan);
    }
    Ok(answer)
}

/// The steps with what their placeholders stand for.
fn filled(planner: &Planner, plan: &Plan) -> Value {
    let filling = planner.filling();
    let fill = |(index, step): (usize, &Step)| {
        let mut step = json!(step);
        let lists = filling.part(plan, index, 0, usize::MAX);
        let lists: Map<String, Value> = serde_json::from_str(&lists).unwrap();
        step.as_object_mut().unwrap().extend(lists);
        step
    };
    plan.steps.iter().enumerate().map(fill).collect()
}

/// A planner that was fed, and what it asked for on the way.
pub struct Asked {
    pub planner: Planner,
    pub missing: Map<String, Value>,
    unknown: BTreeMap<String, Vec<Value>>,
}

/// The config of a case, resolved as an import does it: with the schema of the files.
pub fn config(input: &Value, facts: &Facts) -> Result<Config> {
    let config = match input.get("schema") {
        Some(schema) => {
            resolve(&member(input, "raw"), &overlay(facts, &snapshot(&schema["desired"])))
        }
        None => resolve(&member(input, "raw"), facts),
    };
    Error::check(&config.diagnostics)?;
    Ok(config)
}

/// A planner that `new` makes, fed with a case and what was agreed on before it.
pub fn fed(input: &Value, new: fn(Config, Facts) -> Planner) -> Result<Asked> {
    let facts = facts(input);
    let mut planner = new(config(input, &facts)?, facts);
    if let Some(base) = input.get("base") {
        planner.set_base(SECRET, agreed(input, base)?.as_deref())?;
        planner.set_drift(member(input, "onDrift"), member(input, "onDriftOf"));
    }
    feed(input, planner)
}

/// Feeds a planner with everything of a case but its base.
pub fn feed(input: &Value, mut planner: Planner) -> Result<Asked> {
    if let Some(variables) = input.get("environment") {
        planner.set_environment(serde_json::from_value(variables.clone()).unwrap());
    }
    if let Some(schema) = input.get("schema") {
        planner.set_schema(&snapshot(&schema["desired"]), &snapshot(&schema["current"]));
    }
    add_files(&mut planner, input)?;
    planner.finish_files()?;
    for (entry, rows) in member::<Map<String, Value>>(input, "onImport") {
        planner.add_returned(&entry, rows.to_string().as_bytes())?;
        planner.end_returned(&entry)?;
    }
    for (entry, keys) in member::<Map<String, Value>>(input, "getKey") {
        planner.set_keys(&entry, keys.as_array().unwrap())?;
    }
    for (collection, rows) in member::<Map<String, Value>>(input, "keys") {
        planner.add_keys(&collection, rows.to_string().as_bytes())?;
    }
    for page in member::<Vec<Page>>(input, "current") {
        let rows = planner.by_key(&page.entry, &page.bytes())?;
        planner.add_current(&page.entry, &rows, page.keys.as_deref())?;
    }
    let entries = config(input, &facts(input))?.entries;
    let missing = missing_keys(&mut planner, &entries)?;
    for page in member::<Vec<Page>>(input, "outside") {
        let rows = planner.by_key(&page.entry, &page.bytes())?;
        planner.add_outside(&page.entry, &rows, page.keys.as_deref())?;
    }
    let unknown = planner.unknown_references();
    for (collection, keys) in member::<Map<String, Value>>(input, "existing") {
        planner.set_existing(&collection, keys.as_array().unwrap());
    }
    Ok(Asked { planner, missing, unknown })
}

/// The base that an import of `base` leaves behind: `{files, current, schema?, …}` in place of those
/// of the input. Null is a first import.
fn agreed(input: &Value, base: &Value) -> Result<Option<Vec<u8>>> {
    let Value::Object(base) = base else { return Ok(None) };
    let mut before = input.clone();
    before["base"] = Value::Null;
    for (name, value) in base {
        before[name] = value.clone();
    }
    let Asked { mut planner, .. } = fed(&before, Planner::new)?;
    planner.plan()?;
    planner.base().map(Some)
}

/// A file's `text` is its text, or JSON to be written as one.
fn add_files(planner: &mut Planner, input: &Value) -> Result<()> {
    for (path, file) in member::<Map<String, Value>>(input, "files") {
        let entry = file["entry"].as_str().unwrap();
        let text = file["text"].as_str().map(str::to_owned);
        let file = FileText { text: text.unwrap_or_else(|| json::to_text(&file["rows"])), path };
        planner.add_file(entry, &file.path, file.text.as_bytes())?;
    }
    Ok(())
}

fn missing_keys(planner: &mut Planner, entries: &[Entry]) -> Result<Map<String, Value>> {
    let mut missing = Map::new();
    for Entry { id, .. } in entries {
        let filters = planner.missing_keys(id)?;
        if !filters.is_empty() {
            missing.insert(id.clone(), filters.into());
        }
    }
    Ok(missing)
}

//! The members of a plan's case, where `current` are the rows that an export writes and `outside` those that it does
//! not, and `exported?`, what `onExport` made of `current` by entry. Gives what the export plans and writes, and what
//! an import of that would do.

use std::collections::BTreeMap;

use schema_sync_core::error::Result;
use schema_sync_core::export_plan::ExportPlan;
use schema_sync_core::items::ItemExport;
use schema_sync_core::model::FileText;
use schema_sync_core::plan::{Plan, Summary};
use schema_sync_core::planner::Planner;
use serde_json::{Map, Value, json};

use super::plan::{self, SECRET};
use super::{facts, member, outcome};

pub fn answer(input: &Value) -> Value {
    outcome(export(input))
}

fn export(input: &Value) -> Result<Value> {
    let mut planner = plan::fed(input, Planner::for_export)?.planner;
    let planned = planner.export_plan()?;
    if !planned.conflicts.is_empty() {
        return Ok(json!({ "plan": planned }));
    }
    let files = written(input, &planned, &mut planner)?;
    let drift = planner.environment_drift();
    let functions = ["onImport", "getKey"].iter().any(|name| input.get(name).is_some());
    let base = planner.export_base(false)?;
    let next = (!functions).then(|| next_import(input, &planned, &files, &base));
    let mut answer = json!({ "plan": planned, "files": files, "next": next.map(codes) });
    if !drift.is_empty() {
        answer["drift"] = json!(drift);
    }
    Ok(answer)
}

/// The content of every file by its path.
type Files = BTreeMap<String, Value>;

fn written(
    input: &Value,
    plan: &ExportPlan,
    planner: &mut Planner,
) -> Result<BTreeMap<String, Files>> {
    let facts = facts(input);
    let mut written = BTreeMap::new();
    for entry in plan::config(input, &facts)?.entries {
        let (id, key) = (entry.id.clone(), entry.primary_key.clone());
        let mut export = ItemExport::new(entry, &facts);
        let pages: Vec<Value> = member(input, "current");
        for page in pages.iter().filter(|page| page["entry"] == id.as_str()) {
            let keys = page["rows"].as_array().unwrap().iter().map(|row| row[&key].clone());
            let keys: Vec<Value> = keys.collect();
            let rows = input["exported"].get(&id).unwrap_or(&page["rows"]);
            let rows = planner.by_key(&id, rows.to_string().as_bytes())?;
            export.add_rows(&rows, Some(&keys))?;
        }
        export.take_folder(&folder(input, &id), &plan.entries[&id])?;
        export.keep_placeholders(&folder(input, &id), &planner.placeholders(&id)?)?;
        let files = export.files()?.into_iter();
        let content = |text: &str| serde_json::from_str(text).unwrap();
        written.insert(id, files.map(|file| (file.path, content(&file.text))).collect());
    }
    Ok(written)
}

fn folder(input: &Value, entry: &str) -> Vec<FileText> {
    let files = member::<Map<String, Value>>(input, "files").into_iter();
    let own = files.filter(|(_, file)| file["entry"] == entry);
    own.map(|(path, file)| FileText { path, text: file["rows"].to_string() }).collect()
}

/// The plan of an import right after the export.
fn next_import(
    input: &Value,
    planned: &ExportPlan,
    written: &BTreeMap<String, Files>,
    base: &[u8],
) -> Result<Plan> {
    let files = written.iter().flat_map(|(entry, files)| {
        files.iter().map(move |(path, rows)| (path, json!({ "entry": entry, "rows": rows })))
    });
    let mut after = input.clone();
    after["files"] = files.map(|(path, file)| (path.clone(), file)).collect();
    if let Some(schema) = &planned.schema {
        after["schema"]["desired"] = json!(schema);
    }
    let facts = facts(input);
    let mut planner = Planner::new(plan::config(&after, &facts)?, facts);
    planner.set_base(SECRET, Some(base))?;
    plan::feed(&after, planner)?.planner.plan()
}

/// What a plan changes, and the codes of what it warns of or is refused for.
fn codes(plan: Result<Plan>) -> Value {
    match plan {
        Ok(plan) => {
            let codes = plan.warnings.iter().map(|warning| &warning.code);
            let Summary { items, schema } = &plan.summary;
            json!({ "items": items, "schema": schema, "warnings": codes.collect::<Vec<_>>() })
        }
        Err(error) => json!({ "refused": error.code }),
    }
}

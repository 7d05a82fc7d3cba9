//! `{mode?, onDrift?, first?, collections, fields, relations}` names each thing with its content `[as agreed, in the
//! files, on the target]`, null where a side does not have it. `first` says that nothing was agreed on.
//!
//! A content is a note, or an object of settings; of a field `type` and of a relation `to` and `onDelete` are among
//! them. Every collection has an `id`, and a relation a column, which need no mention. Gives what an import does, and
//! what an export writes.

use std::collections::BTreeMap;

use schema_sync_core::base::{Hasher, SchemaBase};
use schema_sync_core::error::Result;
use schema_sync_core::merge::OnDrift;
use schema_sync_core::model::Mode;
use schema_sync_core::plan::{Step, Warning};
use schema_sync_core::renames::Renames;
use schema_sync_core::schema_diff::{count, losses, steps};
use schema_sync_core::schema_merge::{Agreement, Merged, Rules, merge, merge_export};
use schema_sync_core::snapshot::{Object, Snapshot};
use serde_json::{Map, Value, json};

use super::{member, outcome};

/// Where a side stands among the contents of a thing.
const AGREED: usize = 0;
const FILES: usize = 1;
const TARGET: usize = 2;

pub fn answer(input: &Value) -> Value {
    let [agreed, files, target] = [AGREED, FILES, TARGET].map(|side| snapshot(input, side));
    let (hasher, old_names) = (Hasher::new(b"secret"), Renames::default());
    let nothing = Agreement { hasher: &hasher, base: None, old_names: &old_names };
    let rules = Rules { mode: Mode::Sync, on_drift: OnDrift::Overwrite };
    let before = merge(&agreed, &agreed, nothing, rules).base;
    let base: Option<&SchemaBase> = (!member::<bool>(input, "first")).then_some(&before);
    let agreement = Agreement { base, ..nothing };
    let rules = Rules { mode: member(input, "mode"), on_drift: member(input, "onDrift") };
    let import = merge(&files, &target, agreement, rules);
    let export = merge_export(&files, &target, agreement);
    json!({
        "import": outcome(imported(&import, &target)),
        "export": {
            "folder": contents(&export.snapshot),
            "pending": messages(&export.pending),
            "conflicts": messages(&export.conflicts),
        },
    })
}

fn imported(merged: &Merged, target: &Snapshot) -> Result<Value> {
    let changes = merged.changes(target)?;
    let losses = losses(&changes, target.vendor.as_deref());
    let lost: Vec<Warning> = losses.iter().filter_map(|loss| loss.warning(None)).collect();
    Ok(json!({
        "steps": steps(&changes).iter().map(step).collect::<Vec<_>>(),
        "warnings": lost.iter().chain(&merged.warnings).collect::<Vec<_>>(),
        "counts": count(&changes, &merged.counts),
    }))
}

/// Type and name of a step, and what it sets.
fn step(step: &Step) -> String {
    let step = serde_json::to_value(step).unwrap();
    let name = [&step["collection"], &step["field"]].into_iter().filter_map(Value::as_str);
    let name = name.collect::<Vec<_>>().join(".");
    let set = step.get("meta").map(|meta| format!(" {meta}")).unwrap_or_default();
    format!("{} {name}{set}", step["type"].as_str().unwrap())
}

fn messages(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(|it| format!("{}: {}", it.code, it.message)).collect()
}

/// One side of the case.
fn snapshot(input: &Value, side: usize) -> Snapshot {
    let things = |kind: &str| -> BTreeMap<String, Object> {
        let things = member::<Map<String, Value>>(input, kind).into_iter();
        things.filter_map(|(name, sides)| Some((name, content(&sides[side])?))).collect()
    };
    let (collections, mut fields, relations) =
        (things("collections"), things("fields"), things("relations"));
    for name in relations.keys() {
        fields.entry(name.clone()).or_default();
    }
    let keys = collections.keys().map(|name| key(name));
    let has = |path: &&String| collections.contains_key(path.split('.').next().unwrap());
    let fields = fields.iter().filter(|(path, _)| has(path)).map(|(path, it)| field(path, it));
    let value = json!({
        "version": 1, "directus": "12.4.0", "vendor": "sqlite",
        "collections": collections.iter().map(|(name, it)| collection(name, it)).collect::<Vec<_>>(),
        "fields": keys.chain(fields).collect::<Vec<_>>(),
        "relations": relations.iter().filter(|(path, _)| has(path)).map(|(path, it)| relation(path, it)).collect::<Vec<_>>(),
    });
    Snapshot::try_from(value).unwrap()
}

/// The settings of a thing; `None` where the side does not have it.
fn content(side: &Value) -> Option<Object> {
    match side {
        Value::Null => None,
        Value::Object(settings) => Some(settings.clone()),
        note => Some(Object::from_iter([("note".to_owned(), note.clone())])),
    }
}

fn collection(name: &str, settings: &Object) -> Value {
    let mut meta = json!({ "collection": name, "group": null, "note": null, "sort_field": null });
    meta.as_object_mut().unwrap().extend(settings.clone());
    json!({ "collection": name, "meta": meta, "schema": { "name": name } })
}

fn key(collection: &str) -> Value {
    json!({
        "collection": collection, "field": "id", "type": "integer",
        "meta": { "field": "id", "group": null, "note": null },
        "schema": { "is_primary_key": true, "has_auto_increment": true },
    })
}

fn field(path: &str, settings: &Object) -> Value {
    let (collection, name) = path.split_once('.').unwrap();
    let mut meta = Object::from_iter([
        ("field".to_owned(), json!(name)),
        ("group".to_owned(), Value::Null),
        ("note".to_owned(), Value::Null),
    ]);
    meta.extend(settings.clone());
    let kind = meta.remove("type").unwrap_or_else(|| json!("integer"));
    let schema = (kind != "alias").then(|| json!({ "is_nullable": true, "default_value": null }));
    json!({ "collection": collection, "field": name, "type": kind, "meta": meta, "schema": schema })
}

fn relation(path: &str, settings: &Object) -> Value {
    let (collection, name) = path.split_once('.').unwrap();
    let mut meta = Object::from_iter([("one_field".to_owned(), Value::Null)]);
    meta.extend(settings.clone());
    let related = meta.remove("to").unwrap_or_else(|| json!("home"));
    let rule = meta.remove("onDelete").unwrap_or_else(|| json!("NO ACTION"));
    json!({
        "collection": collection, "field": name, "related_collection": related, "meta": meta,
        "schema": { "on_delete": rule, "on_update": "NO ACTION" },
    })
}

/// Every thing with its note, or null where it has none.
fn contents(snapshot: &Snapshot) -> Value {
    let note = |meta: Option<&Object>| meta.and_then(|meta| meta.get("note")).cloned();
    let path = |(collection, name): (&str, &str)| format!("{collection}.{name}");
    let fields = snapshot.fields.iter().filter(|it| it.name != "id");
    json!({
        "collections": snapshot.collections.iter().map(|it| (it.name.clone(), note(Some(&it.meta)))).collect::<BTreeMap<_, _>>(),
        "fields": fields.map(|it| (path(it.path()), note(Some(&it.meta)))).collect::<BTreeMap<_, _>>(),
        "relations": snapshot.relations.iter().map(|it| (path(it.path()), note(it.meta.as_ref()))).collect::<BTreeMap<_, _>>(),
    })
}

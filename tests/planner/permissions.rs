//! Properties of exports of rows that share their keys, as permissions do.

use std::collections::BTreeMap;

use proptest::prelude::*;
use schema_sync_core::config::{Config, RawConfig, resolve};
use schema_sync_core::export_plan::ExportPlan;
use schema_sync_core::items::ItemExport;
use schema_sync_core::model::{Facts, FileText, Row};
use schema_sync_core::plan::Plan;
use schema_sync_core::planner::Planner;
use serde_json::{Value, json};

use crate::agreed::SECRET;
use crate::text;

const ENTRY: &str = "directus_permissions";
const PATH: &str = "data/directus_permissions.json";
const POLICY: &str = "cccccccc-0000-4000-8000-000000000001";

/// Permissions by what they allow, each as often as it is there: action and content.
type Permissions = BTreeMap<(u8, u8), usize>;

fn permissions() -> impl Strategy<Value = Permissions> {
    proptest::collection::btree_map((0..2_u8, 0..4_u8), 1..3_usize, 0..5)
}

fn facts() -> Facts {
    serde_json::from_str(include_str!("../cases/_facts/core.json")).unwrap()
}

fn config() -> Config {
    let source = json!({ "file": "directus_config.js", "directus": { ENTRY: {} } });
    let raw: RawConfig =
        serde_json::from_value(json!({ "mode": "sync", "sources": [source] })).unwrap();
    resolve(&raw, &facts())
}

fn rows(permissions: &Permissions) -> Vec<Value> {
    let each = permissions.iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, *count));
    each.map(|(action, content)| {
        json!({ "policy": POLICY, "collection": "posts", "action": format!("a{action}"), "fields": [content.to_string()] })
    })
    .collect()
}

/// The rows of an instance, which gives every row an id.
fn current(permissions: &Permissions) -> Vec<Row> {
    let numbered = rows(permissions).into_iter().enumerate();
    numbered
        .map(|(id, mut row)| {
            row["id"] = (id + 1).into();
            row.as_object().unwrap().clone()
        })
        .collect()
}

fn kinds(rows: &[Value]) -> Permissions {
    let mut kinds = Permissions::new();
    for row in rows {
        let action = row["action"].as_str().unwrap().trim_start_matches('a').parse().unwrap();
        let content = row["fields"][0].as_str().unwrap().parse().unwrap();
        *kinds.entry((action, content)).or_default() += 1;
    }
    kinds
}

fn fed(mut planner: Planner, base: &[u8], folder: &[Value], instance: &Permissions) -> Planner {
    planner.set_base(SECRET, Some(base)).unwrap();
    planner.add_file(ENTRY, PATH, Value::from(folder).to_string().as_bytes()).unwrap();
    planner.finish_files().unwrap();
    planner.add_current(ENTRY, text(&current(instance)).as_bytes(), None).unwrap();
    planner.unknown_references();
    planner.set_existing("directus_policies", &[POLICY.into()]);
    planner
}

fn agreed(permissions: &Permissions) -> Vec<u8> {
    let mut planner = Planner::for_export(config(), facts());
    planner.set_base(SECRET, None).unwrap();
    planner.add_current(ENTRY, text(&current(permissions)).as_bytes(), None).unwrap();
    planner.export_base(true).unwrap()
}

struct Exported {
    plan: ExportPlan,
    folder: Vec<Value>,
    base: Vec<u8>,
}

/// The export, or `None` where both sides changed the same.
fn export(base: &[u8], folder: &[Value], instance: &Permissions) -> Option<Exported> {
    let mut planner = fed(Planner::for_export(config(), facts()), base, folder, instance);
    let plan = planner.export_plan().unwrap();
    if !plan.conflicts.is_empty() {
        return None;
    }
    let [entry] = config().entries.try_into().unwrap();
    let mut export = ItemExport::new(entry, &facts());
    export.add_rows(json!(current(instance)).to_string().as_bytes(), None).unwrap();
    let text = Value::from(folder).to_string();
    export.take_folder(&[FileText { path: PATH.to_owned(), text }], &plan.entries[ENTRY]).unwrap();
    let [file] = export.files().unwrap().try_into().unwrap();
    let folder = serde_json::from_str(&file.text).unwrap();
    Some(Exported { plan, folder, base: planner.export_base(false).unwrap() })
}

fn import(exported: &Exported, instance: &Permissions) -> Plan {
    let planner = Planner::new(config(), facts());
    fed(planner, &exported.base, &exported.folder, instance).plan().unwrap()
}

/// How often each kind is in `a` and not in `b`.
fn beyond(a: &Permissions, b: &Permissions) -> Permissions {
    let count = |kind| b.get(kind).copied().unwrap_or_default();
    let more = a.iter().map(|(kind, number)| (*kind, number.saturating_sub(count(kind))));
    more.filter(|(_, number)| *number > 0).collect()
}

proptest! {
    #[test]
    fn what_one_side_added_is_there_and_a_second_export_changes_nothing(
        base in permissions(), folder in permissions(), instance in permissions(),
    ) {
        let Some(first) = export(&agreed(&base), &rows(&folder), &instance) else { return Ok(()) };
        let held = kinds(&first.folder);
        prop_assert_eq!(beyond(&beyond(&folder, &base), &held), Permissions::new());
        prop_assert_eq!(beyond(&beyond(&instance, &base), &held), Permissions::new());
        let second = export(&first.base, &first.folder, &instance).unwrap();
        prop_assert_eq!(&second.folder, &first.folder);
        prop_assert_eq!(&second.plan.pending, &first.plan.pending);
        prop_assert_eq!(&second.base, &first.base);
    }

    #[test]
    fn an_import_brings_what_waits(base in permissions(), folder in permissions()) {
        let exported = export(&agreed(&base), &rows(&folder), &base).unwrap();
        prop_assert_eq!(kinds(&exported.folder), folder);
        let entry = &exported.plan.entries[ENTRY];
        let counts = import(&exported, &base).summary.items[ENTRY];
        let waiting = [entry.keep.len(), entry.replace.len(), entry.omit.len()].map(|it| it as u64);
        prop_assert_eq!([counts.create, counts.update, counts.delete], waiting);
    }

    #[test]
    fn what_the_instance_changed_is_written(base in permissions(), instance in permissions()) {
        let exported = export(&agreed(&base), &rows(&base), &instance).unwrap();
        prop_assert_eq!(kinds(&exported.folder), instance.clone());
        prop_assert_eq!(import(&exported, &instance).steps, vec![]);
    }
}

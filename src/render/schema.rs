//! The schema's part of a plan, by collection.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::value::changes;
use crate::plan::Step;

/// What happens to one collection.
#[derive(Default)]
struct Section {
    /// `+`, `-`, or `~` where it stays.
    sign: Option<char>,
    lines: Vec<String>,
}

/// One heading per collection with its changes below.
pub(super) fn lines(steps: &[Step]) -> Vec<String> {
    let mut sections: BTreeMap<&str, Section> = BTreeMap::new();
    for step in steps {
        if let Some((collection, sign, lines)) = describe(step) {
            let section = sections.entry(collection).or_default();
            section.sign = sign.or(section.sign);
            section.lines.extend(lines);
        }
    }
    sections.into_iter().flat_map(|(name, section)| section.text(name)).collect()
}

impl Section {
    fn text(self, name: &str) -> Vec<String> {
        let heading = format!("{} {name}", self.sign.unwrap_or('~'));
        std::iter::once(heading).chain(indented(self.lines)).collect()
    }
}

/// The collection that a step concerns, whether that comes or goes, and the lines below it.
fn describe(step: &Step) -> Option<(&str, Option<char>, Vec<String>)> {
    Some(match step {
        Step::CollectionCreate { collection, payload } => {
            (collection, Some('+'), created_fields(payload))
        }
        Step::CollectionUpdate { collection, meta, before } => {
            (collection, None, changes(before, meta))
        }
        Step::CollectionDelete { collection } => (collection, Some('-'), Vec::new()),
        Step::FieldCreate { collection, field, payload } => {
            (collection, None, vec![created_field(field, payload)])
        }
        Step::FieldUpdate { collection, field, .. } => {
            (collection, None, with_heading(format!("~ {field}"), field_changes(step)))
        }
        Step::FieldDelete { collection, field } => (collection, None, vec![format!("- {field}")]),
        Step::SystemFieldUpdate { collection, field, indexed } => {
            (collection, None, vec![format!("~ {field}: index {} -> {indexed}", !indexed)])
        }
        Step::RelationCreate { collection, field, payload } => {
            (collection, None, vec![format!("+ relation {}", relation(field, payload))])
        }
        Step::RelationUpdate { collection, field, payload, before } => {
            let heading = format!("~ relation {}", relation(field, payload));
            (collection, None, with_heading(heading, changes(before, payload)))
        }
        Step::RelationDelete { collection, field } => {
            (collection, None, vec![format!("- relation {field}")])
        }
        Step::ItemsCreate { .. } | Step::ItemsUpdate { .. } | Step::ItemsDelete { .. } => {
            return None;
        }
    })
}

fn created_fields(payload: &Map<String, Value>) -> Vec<String> {
    let fields = payload.get("fields").and_then(Value::as_array).map(Vec::as_slice);
    let fields = fields.unwrap_or_default().iter().filter_map(Value::as_object);
    fields.map(|field| created_field(text(field, "field"), field)).collect()
}

fn created_field(name: &str, payload: &Map<String, Value>) -> String {
    format!("+ {name} ({})", text(payload, "type"))
}

/// Settings by their names, the column's properties with `column` before them.
fn field_changes(step: &Step) -> Vec<String> {
    let Step::FieldUpdate { meta, before, column, column_before, .. } = step else {
        return Vec::new();
    };
    let mut lines = changes(before, meta);
    if let (Some(column), Some(before)) = (column, column_before) {
        lines.extend(changes(&flat(before), &flat(column)).iter().map(|it| format!("column {it}")));
    }
    lines
}

/// `{type, schema: {…}}` as one object.
fn flat(column: &Map<String, Value>) -> Map<String, Value> {
    let mut flat = column.get("schema").and_then(Value::as_object).cloned().unwrap_or_default();
    flat.insert("type".into(), column.get("type").cloned().unwrap_or_default());
    flat
}

fn relation(field: &str, payload: &Map<String, Value>) -> String {
    match payload.get("related_collection").and_then(Value::as_str) {
        Some(related) => format!("{field} -> {related}"),
        None => format!("{field} -> any"),
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or("?")
}

fn with_heading(heading: String, lines: Vec<String>) -> Vec<String> {
    std::iter::once(heading).chain(indented(lines)).collect()
}

fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("    {line}"))
}

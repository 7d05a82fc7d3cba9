//! The schema's part of a plan, by collection.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::escape::one_line;
use super::outline::{About, Change, Group, Sign};
use super::value::{Difference, differences};
use crate::plan::Step;

type Object = Map<String, Value>;

/// What one step adds to the group of its collection.
enum Part {
    Collection(Sign, Vec<Change>),
    Settings(Vec<Difference>),
    Change(Change),
}

/// One group per collection with its changes.
pub(super) fn groups(steps: &[Step]) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for step in steps {
        if let Some((collection, part)) = part(step) {
            groups.entry(collection).or_insert_with(|| untouched(collection)).add(part);
        }
    }
    groups.into_values().collect()
}

/// A collection that stays.
fn untouched(name: &str) -> Group {
    Group { sign: Some(Sign::Update), name: one_line(name), ..Group::default() }
}

impl Group {
    fn add(&mut self, part: Part) {
        match part {
            Part::Collection(sign, fields) => {
                self.sign = Some(sign);
                self.changes.extend(fields);
            }
            Part::Settings(differences) => self.own.extend(differences),
            Part::Change(change) => self.changes.push(change),
        }
    }
}

/// The collection that a step concerns, and what it adds there.
fn part(step: &Step) -> Option<(&str, Part)> {
    match step {
        Step::CollectionCreate { collection, payload } => {
            Some((collection, Part::Collection(Sign::Create, created_fields(payload))))
        }
        Step::CollectionUpdate { collection, meta, before } => {
            Some((collection, Part::Settings(differences(before, meta))))
        }
        Step::CollectionDelete { collection } => {
            Some((collection, Part::Collection(Sign::Delete, Vec::new())))
        }
        _ => field(step).or_else(|| relation(step)).map(|(it, change)| (it, Part::Change(change))),
    }
}

fn field(step: &Step) -> Option<(&str, Change)> {
    Some(match step {
        Step::FieldCreate { collection, field, payload } => {
            (collection, created_field(field, payload))
        }
        Step::FieldUpdate { collection, field, .. } => {
            (collection, updated(field, field_changes(step)))
        }
        Step::FieldRename { collection, field, to } => (collection, renamed(field, to)),
        Step::FieldDelete { collection, field } => (collection, deleted(field)),
        Step::SystemFieldUpdate { collection, field, indexed } => {
            let (before, after) = (Value::Bool(!indexed), Value::Bool(*indexed));
            let index = Difference { path: "index".into(), before, after };
            (collection, updated(field, vec![index]))
        }
        _ => return None,
    })
}

fn relation(step: &Step) -> Option<(&str, Change)> {
    let (collection, change, related) = match step {
        Step::RelationCreate { collection, field, payload } => {
            (collection, created(field, payload), Some(related(payload)))
        }
        Step::RelationUpdate { collection, field, payload, before } => {
            (collection, updated(field, differences(before, payload)), Some(related(payload)))
        }
        Step::RelationDelete { collection, field } => (collection, deleted(field), None),
        _ => return None,
    };
    Some((collection, Change { about: About::Relation(related), ..change }))
}

fn created_fields(payload: &Object) -> Vec<Change> {
    let fields = payload.get("fields").and_then(Value::as_array).map(Vec::as_slice);
    let fields = fields.unwrap_or_default().iter().filter_map(Value::as_object);
    fields.map(|field| created_field(text(field, "field").unwrap_or("?"), field)).collect()
}

fn created_field(name: &str, payload: &Object) -> Change {
    let kind = one_line(text(payload, "type").unwrap_or("?"));
    Change { about: About::Type(kind), ..created(name, payload) }
}

fn created(name: &str, payload: &Object) -> Change {
    Change { content: settings(payload), ..Change::new(Sign::Create, one_line(name)) }
}

fn updated(name: &str, differences: Vec<Difference>) -> Change {
    Change { differences, ..Change::new(Sign::Update, one_line(name)) }
}

fn renamed(name: &str, to: &str) -> Change {
    let (before, after) = (Value::from(name), Value::from(to));
    updated(to, vec![Difference { path: "name".into(), before, after }])
}

fn deleted(name: &str) -> Change {
    Change::new(Sign::Delete, one_line(name))
}

/// The settings of a new thing by their names, the column's properties with `column` before them.
fn settings(payload: &Object) -> Object {
    let part = |name| payload.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let column = part("schema").into_iter().map(|(key, value)| (format!("column {key}"), value));
    part("meta").into_iter().chain(column).filter(|(_, value)| !value.is_null()).collect()
}

/// Settings by their names, the column's properties with `column` before them.
fn field_changes(step: &Step) -> Vec<Difference> {
    let Step::FieldUpdate { meta, before, column, column_before, .. } = step else {
        return Vec::new();
    };
    let mut found = differences(before, meta);
    if let (Some(column), Some(before)) = (column, column_before) {
        let column = differences(&flat(before), &flat(column)).into_iter();
        found.extend(column.map(|it| Difference { path: format!("column {}", it.path), ..it }));
    }
    found
}

/// `{type, schema: {…}}` as one object.
fn flat(column: &Object) -> Object {
    let mut flat = column.get("schema").and_then(Value::as_object).cloned().unwrap_or_default();
    flat.insert("type".into(), column.get("type").cloned().unwrap_or_default());
    flat
}

/// The collection that a relation leads to, `any` where it may lead to several.
fn related(payload: &Object) -> String {
    one_line(text(payload, "related_collection").unwrap_or("any"))
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

//! Changes to the steps of a plan, in the order they are applied.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::SchemaChange;
use super::column::creating_kind;
use super::meta::changed_keys;
use crate::plan::Step;
use crate::snapshot::{Collection, Field, Object, Relation};

/// When a step comes. The caller reads the schema anew before each phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    CreateCollections,
    UpdateCollections,
    /// Relations that go before the column of their field can change.
    FreeFields,
    /// Fields that go before another one of the same name comes.
    ClearFields,
    CreateFields,
    UpdateFields,
    UpdateSystemFields,
    CreateRelations,
    /// Relations go before fields and collections: Directus deletes with a collection the fields
    /// that refer to it, and with a field the alias on the other side.
    DeleteRelations,
    DeleteFields,
    DeleteCollections,
}

/// The steps that make the changes. New collections come after the one they stand under in the
/// navigation, and go before it.
pub fn steps(changes: &[SchemaChange]) -> Vec<Step> {
    let altered = altered_fields(changes);
    let mut phases: BTreeMap<Phase, Vec<Step>> = BTreeMap::new();
    for (phase, step) in parents_first(changes).into_iter().flat_map(|it| phased(it, &altered)) {
        phases.entry(phase).or_default().push(step);
    }
    if let Some(deletions) = phases.get_mut(&Phase::DeleteCollections) {
        deletions.reverse();
    }
    phases.into_values().flatten().collect()
}

/// The fields whose columns are altered or dropped while the field stays.
fn altered_fields(changes: &[SchemaChange]) -> BTreeSet<(&str, &str)> {
    let altered = changes.iter().filter_map(|change| match change {
        SchemaChange::FieldReplace { before, .. } => Some(before.path()),
        SchemaChange::FieldUpdate { before, after } if before.schema != after.schema => {
            Some(before.path())
        }
        _ => None,
    });
    altered.collect()
}

fn parents_first(changes: &[SchemaChange]) -> Vec<&SchemaChange> {
    let groups: BTreeMap<&str, Option<&str>> = changes
        .iter()
        .filter_map(moving_collection)
        .map(|collection| (collection.name.as_str(), collection.group()))
        .collect();
    let mut sorted: Vec<&SchemaChange> = changes.iter().collect();
    sorted.sort_by_cached_key(|change| {
        moving_collection(change).map_or(0, |collection| depth(&groups, &collection.name))
    });
    sorted
}

/// The collection that comes or goes.
fn moving_collection(change: &SchemaChange) -> Option<&Collection> {
    match change {
        SchemaChange::CollectionCreate { after, .. } => Some(after),
        SchemaChange::CollectionDelete { before, .. } => Some(before),
        _ => None,
    }
}

/// How many of the collections in `groups` a collection stands under.
fn depth(groups: &BTreeMap<&str, Option<&str>>, name: &str) -> usize {
    let above = std::iter::successors(Some(name), |at| groups.get(at).copied().flatten());
    // A circle, which a target may hold, must not go on for ever.
    above.take(groups.len() + 1).skip(1).filter(|name| groups.contains_key(name)).count()
}

fn phased(change: &SchemaChange, altered: &BTreeSet<(&str, &str)>) -> Vec<(Phase, Step)> {
    use SchemaChange as Change;
    match change {
        Change::CollectionCreate { after, fields } => {
            vec![(Phase::CreateCollections, collection_create(after, fields))]
        }
        Change::CollectionUpdate { before, after } => {
            vec![(Phase::UpdateCollections, collection_update(before, after))]
        }
        Change::CollectionDelete { before, relations, .. } => collection_delete(before, relations),
        Change::FieldCreate { after } => vec![(Phase::CreateFields, field_create(after))],
        Change::FieldUpdate { before, after } => {
            vec![(Phase::UpdateFields, field_update(before, after))]
        }
        Change::FieldReplace { before, after } => vec![
            (Phase::ClearFields, field_delete(before)),
            (Phase::CreateFields, field_create(after)),
        ],
        Change::FieldDelete { before } => vec![(Phase::DeleteFields, field_delete(before))],
        Change::SystemFieldUpdate { .. } => index_update(change),
        Change::RelationCreate { after } => vec![(Phase::CreateRelations, relation_create(after))],
        Change::RelationUpdate { before, after } => {
            vec![(Phase::CreateRelations, relation_update(before, after))]
        }
        Change::RelationReplace { before, after } => vec![
            (Phase::FreeFields, relation_delete(before)),
            (Phase::CreateRelations, relation_create(after)),
        ],
        Change::RelationDelete { before } if altered.contains(&before.path()) => {
            vec![(Phase::FreeFields, relation_delete(before))]
        }
        Change::RelationDelete { before } => {
            vec![(Phase::DeleteRelations, relation_delete(before))]
        }
    }
}

fn collection_create(after: &Collection, fields: &[Field]) -> Step {
    let fields: Value = fields.iter().map(|field| Value::Object(field_payload(field))).collect();
    let payload = object([
        ("collection", json!(after.name)),
        ("meta", json!(after.meta)),
        ("schema", json!(after.schema)),
        ("fields", fields),
    ]);
    Step::CollectionCreate { collection: after.name.clone(), payload }
}

fn collection_update(before: &Collection, after: &Collection) -> Step {
    let (meta, before) = changed_keys(&before.meta, &after.meta);
    Step::CollectionUpdate { collection: after.name.clone(), meta, before }
}

fn collection_delete(before: &Collection, relations: &[Relation]) -> Vec<(Phase, Step)> {
    let relations = relations.iter().map(|it| (Phase::DeleteRelations, relation_delete(it)));
    let collection = Step::CollectionDelete { collection: before.name.clone() };
    relations.chain([(Phase::DeleteCollections, collection)]).collect()
}

fn index_update(change: &SchemaChange) -> Vec<(Phase, Step)> {
    let SchemaChange::SystemFieldUpdate { collection, field, indexed } = change else {
        return Vec::new();
    };
    let (collection, field, indexed) = (collection.clone(), field.clone(), *indexed);
    vec![(Phase::UpdateSystemFields, Step::SystemFieldUpdate { collection, field, indexed })]
}

fn field_create(after: &Field) -> Step {
    let (collection, field) = (after.collection.clone(), after.name.clone());
    Step::FieldCreate { collection, field, payload: field_payload(after) }
}

fn field_update(before: &Field, after: &Field) -> Step {
    let (meta, meta_before) = changed_keys(&before.meta, &after.meta);
    let is_altered = (&before.kind, &before.schema) != (&after.kind, &after.schema);
    Step::FieldUpdate {
        collection: after.collection.clone(),
        field: after.name.clone(),
        meta,
        before: meta_before,
        column: is_altered.then(|| column(after)),
        column_before: is_altered.then(|| column(before)),
    }
}

fn field_delete(before: &Field) -> Step {
    Step::FieldDelete { collection: before.collection.clone(), field: before.name.clone() }
}

fn relation_create(after: &Relation) -> Step {
    let (collection, field) = (after.collection.clone(), after.field.clone());
    Step::RelationCreate { collection, field, payload: relation_payload(after) }
}

fn relation_update(before: &Relation, after: &Relation) -> Step {
    Step::RelationUpdate {
        collection: after.collection.clone(),
        field: after.field.clone(),
        payload: relation_payload(after),
        before: relation_payload(before),
    }
}

fn relation_delete(before: &Relation) -> Step {
    Step::RelationDelete { collection: before.collection.clone(), field: before.field.clone() }
}

/// `{field, type, meta, schema}`.
fn field_payload(field: &Field) -> Object {
    let mut payload = column(field);
    payload.extend(object([("field", json!(field.name)), ("meta", json!(field.meta))]));
    payload
}

/// `{type, schema}`.
fn column(field: &Field) -> Object {
    object([("type", json!(creating_kind(field))), ("schema", json!(field.schema))])
}

/// `{collection, field, related_collection, meta, schema}`.
fn relation_payload(relation: &Relation) -> Object {
    object([
        ("collection", json!(relation.collection)),
        ("field", json!(relation.field)),
        ("related_collection", json!(relation.related)),
        ("meta", json!(relation.meta)),
        ("schema", json!(relation.schema)),
    ])
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
}

//! Schema: what the steps make of each thing, and how that differs from the schema as it is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::mismatch;
use crate::error::Diagnostic;
use crate::plan::Step;
use crate::render;
use crate::schema_diff::{self, Residue};
use crate::snapshot::{Collection, Field, Object, Relation, Snapshot, SystemField};

/// The version of a snapshot that says nothing of what it does not name.
const PARTIAL: u64 = 2;

/// Whether a step changes the schema.
pub fn is_schema_step(step: &Step) -> bool {
    !matches!(step, Step::ItemsCreate { .. } | Step::ItemsUpdate { .. } | Step::ItemsDelete { .. })
}

/// Everything in which the schema is not as `steps` made it.
pub fn mismatches(steps: &[Step], now: &Snapshot) -> Vec<Diagnostic> {
    let mut wanted = Wanted::new(now);
    steps.iter().for_each(|step| wanted.follow(step));
    let residue = schema_diff::residue(&wanted.snapshot, now);
    residue.into_iter().map(unlike).chain(wanted.still_there()).collect()
}

/// The part of a schema that steps speak of.
struct Wanted<'a> {
    now: &'a Snapshot,
    snapshot: Snapshot,
    gone: BTreeSet<Thing<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing<'a> {
    Collection(&'a str),
    Field(&'a str, &'a str),
    Relation(&'a str, &'a str),
}

impl<'a> Wanted<'a> {
    fn new(now: &'a Snapshot) -> Self {
        let snapshot = Snapshot {
            version: PARTIAL,
            directus: now.directus.clone(),
            vendor: now.vendor.clone(),
            system_fields: Some(Vec::new()),
            ..Snapshot::default()
        };
        Self { now, snapshot, gone: BTreeSet::new() }
    }

    fn follow(&mut self, step: &'a Step) {
        match step {
            Step::CollectionCreate { collection, payload } => self.create(collection, payload),
            Step::CollectionUpdate { collection, meta, .. } => self.update(collection, meta),
            Step::CollectionDelete { collection } => self.drop(Thing::Collection(collection)),
            Step::FieldCreate { collection, field, payload } => {
                self.gone.remove(&Thing::Field(collection, field));
                self.snapshot.fields.push(created_field(collection, payload));
            }
            Step::FieldUpdate { collection, field, meta, column, .. } => {
                self.update_field(collection, field, meta, column.as_ref());
            }
            Step::FieldRename { collection, field, to } => {
                self.drop(Thing::Field(collection, field));
                self.update_field(collection, to, &Object::new(), None);
            }
            Step::FieldDelete { collection, field } => self.drop(Thing::Field(collection, field)),
            Step::SystemFieldUpdate { collection, field, indexed } => {
                let (collection, name) = (collection.clone(), field.clone());
                let index = SystemField { collection, name, indexed: *indexed };
                self.snapshot.system_fields.get_or_insert_default().push(index);
            }
            Step::RelationCreate { collection, field, payload }
            | Step::RelationUpdate { collection, field, payload, .. } => {
                self.gone.remove(&Thing::Relation(collection, field));
                self.snapshot.relations.push(relation(collection, field, payload));
            }
            Step::RelationDelete { collection, field } => {
                self.drop(Thing::Relation(collection, field));
            }
            Step::ItemsCreate { .. } | Step::ItemsUpdate { .. } | Step::ItemsDelete { .. } => {}
        }
    }

    fn create(&mut self, name: &str, payload: &Object) {
        let fields = payload.get("fields").and_then(Value::as_array).into_iter().flatten();
        let fields = fields.filter_map(Value::as_object);
        self.snapshot.fields.extend(fields.map(|field| created_field(name, field)));
        let (meta, schema) =
            (object(payload, "meta").unwrap_or_default(), object(payload, "schema"));
        let created = Collection { name: name.to_owned(), meta, schema, ..Collection::default() };
        self.snapshot.collections.push(created);
    }

    /// What a step does not name is as it is.
    fn update(&mut self, name: &str, meta: &Object) {
        let schema = self.now.collection(name).and_then(|now| now.schema.clone());
        let (name, meta) = (name.to_owned(), meta.clone());
        self.snapshot.collections.push(Collection { name, meta, schema, ..Collection::default() });
    }

    fn update_field(
        &mut self,
        collection: &str,
        name: &str,
        meta: &Object,
        column: Option<&Object>,
    ) {
        let now = self.now.fields_of(collection).find(|field| field.name == name);
        let (kind, schema) = match (column, now) {
            (Some(column), _) => (text(column, "type"), object(column, "schema")),
            (None, Some(now)) => (now.kind.clone(), now.schema.clone()),
            (None, None) => (String::new(), None),
        };
        let (collection, name, meta) = (collection.to_owned(), name.to_owned(), meta.clone());
        self.snapshot.fields.push(Field {
            collection,
            name,
            kind,
            meta,
            schema,
            ..Field::default()
        });
    }

    /// What was made of the thing before does not matter any more.
    fn drop(&mut self, thing: Thing<'a>) {
        self.gone.insert(thing);
    }

    fn still_there(&self) -> impl Iterator<Item = Diagnostic> {
        let (now, gone) = (self.now, &self.gone);
        let collections = now.collections.iter().map(|it| Thing::Collection(&it.name));
        let fields = now.fields.iter().map(|it| Thing::Field(&it.collection, &it.name));
        let relations = now.relations.iter().map(|it| Thing::Relation(&it.collection, &it.field));
        collections
            .chain(fields)
            .chain(relations)
            .filter(|thing| gone.contains(thing))
            .map(back_again)
    }
}

fn created_field(collection: &str, payload: &Object) -> Field {
    Field {
        collection: collection.to_owned(),
        name: text(payload, "field"),
        kind: text(payload, "type"),
        meta: object(payload, "meta").unwrap_or_default(),
        schema: object(payload, "schema"),
        ..Field::default()
    }
}

fn relation(collection: &str, field: &str, payload: &Object) -> Relation {
    Relation {
        collection: collection.to_owned(),
        field: field.to_owned(),
        related: payload.get("related_collection").and_then(Value::as_str).map(str::to_owned),
        meta: object(payload, "meta"),
        schema: object(payload, "schema"),
        ..Relation::default()
    }
}

fn object(payload: &Object, key: &str) -> Option<Object> {
    payload.get(key).and_then(Value::as_object).cloned()
}

fn text(payload: &Object, key: &str) -> String {
    payload.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn unlike(residue: Residue) -> Diagnostic {
    let Residue { kind, path, difference } = residue;
    let message = match difference {
        None => format!("The {kind} {path} was made, but is not there."),
        Some(difference) => {
            let (wanted, now) = render::contrast(&difference.wanted, &difference.now);
            let property = difference.property;
            format!("{property} of the {kind} {path} was set to {wanted}, but is {now}.")
        }
    };
    mismatch(with_cause(message), path)
}

fn back_again(thing: Thing<'_>) -> Diagnostic {
    let (kind, path) = match thing {
        Thing::Collection(name) => ("collection", name.to_owned()),
        Thing::Field(collection, field) => ("field", format!("{collection}.{field}")),
        Thing::Relation(collection, field) => ("relation", format!("{collection}.{field}")),
    };
    mismatch(with_cause(format!("The {kind} {path} was deleted, but is still there.")), path)
}

fn with_cause(message: String) -> String {
    format!(
        "{message} Likely cause: a trigger of the database, a hook of another extension, or a database that \
         cannot do this."
    )
}

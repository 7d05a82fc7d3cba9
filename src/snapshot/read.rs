//! JSON to snapshot, reporting everything that is wrong at once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Collection, Field, NEWEST_VERSION, Object, Relation, Snapshot, SystemField,
    is_system_collection,
};
use crate::error::{Diagnostic, Error, Result};

/// Where problems of a snapshot lie that came from no file.
const SNAPSHOT: &str = "snapshot";

/// Reads a whole snapshot in Directus' shape.
pub(super) fn whole(value: Value) -> Result<Snapshot> {
    let mut reader = Reader::default();
    reader.snapshot(value, SNAPSHOT);
    reader.finish()
}

/// Collects the parts of a snapshot from one or many files, and their problems.
#[derive(Default)]
pub(super) struct Reader {
    snapshot: Snapshot,
    /// Where each thing was first seen, by its description such as "field posts.title".
    seen: BTreeMap<String, String>,
    problems: Vec<Diagnostic>,
}

impl Reader {
    /// Everything read so far, or all problems.
    pub(super) fn finish(mut self) -> Result<Snapshot> {
        Error::check(&self.problems)?;
        self.snapshot.sort();
        Ok(self.snapshot)
    }

    /// A problem that another layer found, such as a syntax error.
    pub(super) fn failed(&mut self, error: Error) {
        let path = error.path.unwrap_or_default();
        self.problems.push(Diagnostic::error(&error.code, error.message, path));
    }

    /// Notes that the file or snapshot at `place` is not what it should be.
    pub(super) fn invalid(&mut self, message: impl Into<String>, place: &str) {
        self.problems.push(Diagnostic::error("SNAPSHOT_INVALID", message, place));
    }

    /// Reads a whole snapshot.
    pub(super) fn snapshot(&mut self, value: Value, place: &str) {
        let Some(mut object) = self.object(value, place) else { return };
        let collections = self.take_list(&mut object, "collections", place);
        let fields = self.take_list(&mut object, "fields", place);
        let relations = self.take_list(&mut object, "relations", place);
        self.header(object, place);
        for (at, value) in collections {
            self.collection(value, &at);
        }
        for (at, value) in fields {
            self.field(value, None, &at);
        }
        for (at, value) in relations {
            self.relation(value, None, &at);
        }
    }

    /// Reads what belongs to no collection.
    pub(super) fn header(&mut self, mut object: Object, place: &str) {
        self.version(object.remove("version"), place);
        self.snapshot.directus = self.take_text(&mut object, "directus", place).unwrap_or_default();
        self.snapshot.vendor = take_string(&mut object, "vendor");
        if let Some(fields) = object.remove("systemFields").filter(|value| !value.is_null()) {
            self.snapshot.system_fields = Some(Vec::new());
            for (at, value) in self.list(fields, &format!("{place}: systemFields")) {
                self.system_field(value, &at);
            }
        }
        self.snapshot.extra = object;
    }

    /// Reads a collection and returns its name.
    pub(super) fn collection(&mut self, value: Value, place: &str) -> Option<String> {
        let mut object = self.object(value, place)?;
        let name = self.take_text(&mut object, "collection", place)?;
        let meta = self.take_meta(&mut object, &format!("collection {name}"), place)?;
        let schema = take_object(&mut object, "schema");
        self.claim(format!("collection {name}"), place).then(|| {
            let collection = Collection { name: name.clone(), meta, schema, extra: object };
            self.snapshot.collections.push(collection);
        })?;
        Some(name)
    }

    /// Reads a field; `collection` is the one whose file it stands in.
    pub(super) fn field(&mut self, value: Value, collection: Option<&str>, place: &str) {
        let Some(mut object) = self.object(value, place) else { return };
        let Some((collection, name)) = self.take_path(&mut object, collection, place) else {
            return;
        };
        let thing = format!("field {collection}.{name}");
        let Some(meta) = self.take_meta(&mut object, &thing, place) else { return };
        let Some(kind) = self.take_text(&mut object, "type", place) else { return };
        let schema = take_object(&mut object, "schema");
        if self.claim(thing, place) {
            let field = Field { collection, name, kind, meta, schema, extra: object };
            self.snapshot.fields.push(field);
        }
    }

    /// Reads a relation; `collection` is the one whose file it stands in.
    pub(super) fn relation(&mut self, value: Value, collection: Option<&str>, place: &str) {
        let Some(mut object) = self.object(value, place) else { return };
        let Some((collection, field)) = self.take_path(&mut object, collection, place) else {
            return;
        };
        let meta = take_object(&mut object, "meta").map(without_id);
        // A foreign key of a system collection without meta is Directus' own: exports of Directus 10
        // list some, and later versions do not have them any more.
        if meta.is_none() && is_system_collection(&collection) {
            return;
        }
        let related = take_string(&mut object, "related_collection");
        let schema = take_object(&mut object, "schema");
        if self.claim(format!("relation {collection}.{field}"), place) {
            let relation = Relation { collection, field, related, meta, schema, extra: object };
            self.snapshot.relations.push(relation);
        }
    }

    fn system_field(&mut self, value: Value, place: &str) {
        let Some(mut object) = self.object(value, place) else { return };
        let Some((collection, name)) = self.take_path(&mut object, None, place) else { return };
        let schema = take_object(&mut object, "schema").unwrap_or_default();
        let indexed = schema.get("is_indexed").and_then(Value::as_bool).unwrap_or(false);
        if self.claim(format!("system field {collection}.{name}"), place) {
            let field = SystemField { collection, name, indexed };
            self.snapshot.system_fields.get_or_insert_default().push(field);
        }
    }

    fn version(&mut self, value: Option<Value>, place: &str) {
        match value.as_ref().and_then(Value::as_u64) {
            Some(version @ 1..=NEWEST_VERSION) => self.snapshot.version = version,
            Some(version) if version > NEWEST_VERSION => self.problems.push(Diagnostic::error(
                "FORMAT_TOO_NEW",
                format!(
                    "The snapshot has version {version}, and this release reads up to \
                     {NEWEST_VERSION}. Update directus-extension-schema-sync."
                ),
                place,
            )),
            _ => self.invalid("`version` is missing or not a whole number from 1.", place),
        }
    }

    /// Notes where a thing is defined; false, with a problem, where it already was.
    fn claim(&mut self, thing: String, place: &str) -> bool {
        let Some(first) = self.seen.get(&thing).cloned() else {
            self.seen.insert(thing, place.into());
            return true;
        };
        let message =
            format!("The {thing} is defined in {first} and again here: keep one of them.");
        self.invalid(message, place);
        false
    }

    fn object(&mut self, value: Value, place: &str) -> Option<Object> {
        match value {
            Value::Object(object) => Some(object),
            _ => {
                self.invalid("Expected a JSON object here.", place);
                None
            }
        }
    }

    /// The items of a list with the place of each.
    pub(super) fn list(&mut self, value: Value, place: &str) -> Vec<(String, Value)> {
        let Value::Array(items) = value else {
            self.invalid("Expected a JSON array here.", place);
            return Vec::new();
        };
        items.into_iter().enumerate().map(|(i, item)| (format!("{place}[{i}]"), item)).collect()
    }

    /// Takes a list out of an object; an absent one is empty.
    pub(super) fn take_list(
        &mut self,
        object: &mut Object,
        key: &str,
        place: &str,
    ) -> Vec<(String, Value)> {
        match object.remove(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(value) => self.list(value, &format!("{place}: {key}")),
        }
    }

    fn take_text(&mut self, object: &mut Object, key: &str, place: &str) -> Option<String> {
        let text = take_string(object, key).filter(|text| !text.is_empty());
        if text.is_none() {
            self.invalid(format!("`{key}` is missing or not a text."), place);
        }
        text
    }

    /// Takes `meta`, without the row's id, which differs on every instance.
    fn take_meta(&mut self, object: &mut Object, thing: &str, place: &str) -> Option<Object> {
        let meta = take_object(object, "meta").map(without_id);
        if meta.is_none() {
            let message = format!(
                "The {thing} has no `meta`, so Directus would not manage it: add a `meta` object \
                 or remove the {thing}."
            );
            self.invalid(message, place);
        }
        meta
    }

    /// Takes `collection` and `field`. In a collection's own file `collection` may be left out.
    fn take_path(
        &mut self,
        object: &mut Object,
        collection: Option<&str>,
        place: &str,
    ) -> Option<(String, String)> {
        let field = self.take_text(object, "field", place);
        let Some(expected) = collection else {
            return Some((self.take_text(object, "collection", place)?, field?));
        };
        let named = take_string(object, "collection");
        if let Some(other) = named.filter(|name| name != expected) {
            let message = format!("It names the collection {other} in the file of {expected}.");
            self.invalid(message, place);
        }
        Some((expected.into(), field?))
    }
}

fn take_string(object: &mut Object, key: &str) -> Option<String> {
    match object.remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn take_object(object: &mut Object, key: &str) -> Option<Object> {
    match object.remove(key) {
        Some(Value::Object(inner)) => Some(inner),
        _ => None,
    }
}

fn without_id(mut meta: Object) -> Object {
    meta.remove("id");
    meta
}

//! Snapshot to the files of the folder and back.

use serde_json::Value;

use super::read::Reader;
use super::{Object, Snapshot, write};
use crate::error::Result;
use crate::file_name;
use crate::json;
use crate::model::FileText;

/// The file that holds the whole snapshot, or with `partial: true` what belongs to no collection.
pub const HEADER_PATH: &str = "data/schema.json";

/// Keys of the file that are no part of the snapshot. `hash` is the one that the community extension
/// writes: it depends on Directus' version, so nothing can be verified by it.
const FILE_KEYS: [&str; 2] = ["partial", "hash"];

/// The files of a snapshot: one per collection, or one for all with `split` false.
pub fn split(snapshot: &Snapshot, split: bool) -> Vec<FileText> {
    if !split {
        return vec![file(HEADER_PATH, write::whole(snapshot.clone()))];
    }
    let mut header = write::header(snapshot);
    header.insert("partial".into(), Value::Bool(true));
    let stems = file_name::stems(collection_names(snapshot));
    let collections = stems.iter().map(|(name, stem)| {
        file(&format!("data/schema/{stem}.json"), collection_file(snapshot, name))
    });
    std::iter::once(file(HEADER_PATH, header)).chain(collections).collect()
}

/// The snapshot of the files, or everything that is wrong with them. Accepts the split and the whole
/// form, and what the community extension wrote (`{hash, …}` and `{hash, snapshot}`).
///
/// Files under `data/schema/` are read only where `data/schema.json` says `partial: true`.
pub fn join(files: &[FileText]) -> Result<Snapshot> {
    let mut reader = Reader::default();
    let Some(header) = files.iter().find(|file| file.path == HEADER_PATH) else {
        let message =
            "The file is missing. Export the schema again, or run the import with --data.";
        reader.invalid(message, HEADER_PATH);
        return reader.finish();
    };
    match json::parse(header.text.as_bytes(), HEADER_PATH) {
        Err(error) => reader.failed(error),
        Ok(value) => read_header(&mut reader, unwrapped(value), files),
    }
    reader.finish()
}

fn read_header(reader: &mut Reader, value: Value, files: &[FileText]) {
    let Value::Object(mut object) = value else {
        return reader.invalid("Expected a JSON object here.", HEADER_PATH);
    };
    let partial = object.get("partial") == Some(&Value::Bool(true));
    let legacy = object.contains_key("hash");
    FILE_KEYS.iter().for_each(|key| drop(object.remove(*key)));
    if !partial {
        return reader.snapshot(Value::Object(object), HEADER_PATH);
    }
    reader.header(object, HEADER_PATH);
    let found = read_collections(reader, files);
    // No manifest lists the files of a legacy folder, so a lost folder would look like an empty
    // schema, and a mirror would drop every collection.
    if legacy && found == 0 {
        reader.invalid("It says `partial`, but data/schema/ holds no file.", HEADER_PATH);
    }
}

/// The community extension's older files keep the snapshot under `snapshot`.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Object(mut object) if matches!(object.get("snapshot"), Some(Value::Object(_))) => {
            object.remove("snapshot").unwrap_or_default()
        }
        other => other,
    }
}

fn read_collections(reader: &mut Reader, files: &[FileText]) -> usize {
    let mut found = 0;
    for file in files.iter().filter(|file| file.path != HEADER_PATH) {
        found += 1;
        match json::parse(file.text.as_bytes(), &file.path) {
            Err(error) => reader.failed(error),
            Ok(value) => read_collection(reader, value, &file.path),
        }
    }
    found
}

/// Reads `{collection, meta?, schema?, fields[], relations[]}`. Without `meta` it holds the custom
/// fields of a system collection.
fn read_collection(reader: &mut Reader, value: Value, path: &str) {
    let Value::Object(mut object) = value else {
        return reader.invalid("Expected a JSON object here.", path);
    };
    let fields = reader.take_list(&mut object, "fields", path);
    let relations = reader.take_list(&mut object, "relations", path);
    let Some(name) = object.get("collection").and_then(Value::as_str).map(String::from) else {
        return reader.invalid("`collection` is missing: it names the collection.", path);
    };
    if matches!(object.get("meta"), Some(Value::Object(_))) {
        reader.collection(Value::Object(object), path);
    }
    for (place, field) in fields {
        reader.field(field, Some(&name), &place);
    }
    for (place, relation) in relations {
        reader.relation(relation, Some(&name), &place);
    }
}

/// Every collection that gets a file: also system collections with custom fields.
fn collection_names(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let collections = snapshot.collections.iter().map(|collection| collection.name.as_str());
    let fields = snapshot.fields.iter().map(|field| field.collection.as_str());
    let relations = snapshot.relations.iter().map(|relation| relation.collection.as_str());
    collections.chain(fields).chain(relations)
}

fn collection_file(snapshot: &Snapshot, name: &str) -> Object {
    let mut object = snapshot.collection(name).cloned().map(write::collection).unwrap_or_default();
    let fields = snapshot.fields_of(name).map(|field| write::field(field.clone()));
    let relations = snapshot.relations_of(name).map(|relation| write::relation(relation.clone()));
    object.insert("collection".into(), name.into());
    object.insert("fields".into(), fields.map(without_collection).collect());
    object.insert("relations".into(), relations.map(without_collection).collect());
    object
}

fn without_collection(mut object: Object) -> Value {
    object.remove("collection");
    Value::Object(object)
}

fn file(path: &str, object: Object) -> FileText {
    FileText { path: path.into(), text: json::to_text(&Value::Object(object)) }
}

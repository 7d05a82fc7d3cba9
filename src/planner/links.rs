//! References between rows: whether what the folder refers to exists, and what still refers to rows
//! that go.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::Facts;
use crate::record::Fields;
use crate::references::{self, ReferenceField, Target};
use crate::rows;

use super::changes::{Changes, Unwanted, Wanted};
use super::entry::EntryRows;

/// A row: its collection and the text of its primary key.
pub type RowId = (String, String);

/// Primary keys by collection.
pub type Keys = BTreeMap<String, BTreeSet<String>>;

/// A field of a row of the target that must change before the main steps.
#[derive(Debug, Clone)]
pub struct EarlyChange<'a> {
    /// The entry of the row.
    pub entry: &'a EntryRows,
    /// Its primary key.
    pub id: &'a Value,
    /// Its key for people.
    pub label: String,
    /// The field.
    pub field: &'a str,
    /// Its new value.
    pub value: Value,
    /// Its value on the target.
    pub before: Value,
}

/// What `row` refers to by `reference`; `None` where it refers to nothing.
pub fn target(facts: &Facts, reference: &ReferenceField, row: Fields<'_>) -> Option<RowId> {
    target_of(facts, reference, |field| row.get(field))
}

/// The same for a row whose values `get` gives.
pub fn target_of(
    facts: &Facts,
    reference: &ReferenceField,
    get: impl Fn(&str) -> Option<Value>,
) -> Option<RowId> {
    let value = get(&reference.field).filter(|value| !value.is_null())?;
    let collection = match &reference.to {
        Target::Collection(name) => name.clone(),
        Target::NamedBy(field) => get(field)?.as_str()?.to_owned(),
    };
    let key = references::key_text(facts, &collection, &value);
    Some((collection, key))
}

/// The id of a row for lookups.
pub fn row_id(facts: &Facts, collection: &str, id: &Value) -> RowId {
    (collection.to_owned(), references::key_text(facts, collection, id))
}

/// What desired rows refer to and neither the folder nor the rows read so far show.
pub fn unknown(entries: &BTreeMap<String, EntryRows>, facts: &Facts, existing: &Keys) -> Keys {
    let mut unknown = Keys::new();
    for wanted in desired(entries) {
        for (collection, id) in new_targets(wanted, facts).map(|(_, target)| target) {
            let shown = existing.get(&collection).is_some_and(|ids| ids.contains(&id));
            if !shown {
                unknown.entry(collection).or_default().insert(id);
            }
        }
    }
    for (collection, id) in known_ids(entries, facts, &unknown) {
        unknown.entry(collection).or_default().remove(&id);
    }
    unknown.retain(|_, ids| !ids.is_empty());
    unknown
}

fn desired(entries: &BTreeMap<String, EntryRows>) -> impl Iterator<Item = Wanted<'_>> {
    let rows = entries.values().flat_map(|entry| entry.desired.iter().map(move |row| (entry, row)));
    let written = rows.filter(|(_, row)| !row.shadowed && !row.decision.leaves());
    written.map(|(entry, row)| Wanted { entry, row })
}

/// Rows of the collections of `asked` that the folder wants, and those of the target that were read.
fn known_ids(
    entries: &BTreeMap<String, EntryRows>,
    facts: &Facts,
    asked: &Keys,
) -> BTreeSet<RowId> {
    let mut known = BTreeSet::new();
    for entry in entries.values().filter(|entry| asked.contains_key(&entry.entry.collection)) {
        let collection = &entry.entry.collection;
        let there =
            entry.desired.iter().filter(|row| row.found.is_some() || !row.decision.leaves());
        let desired = there.filter_map(|row| entry.id_of(row));
        let others = entry.others.values().map(|other| other.id.clone());
        known.extend(desired.chain(others).map(|id| row_id(facts, collection, &id)));
    }
    known
}

/// The references that the plan would write for a row. A reference that stands on the target already
/// was accepted there.
fn new_targets<'a>(
    wanted: Wanted<'a>,
    facts: &'a Facts,
) -> impl Iterator<Item = (&'a ReferenceField, RowId)> {
    let written = move |field: &str| match &wanted.row.found {
        Some(found) => found.set.contains_key(field),
        None => true,
    };
    let fields = wanted.entry.references.iter();
    fields
        .filter(move |reference| written(&reference.field))
        .filter_map(move |reference| Some((reference, target(facts, reference, wanted.fields())?)))
}

/// References to rows that exist nowhere.
pub fn missing(
    entries: &BTreeMap<String, EntryRows>,
    facts: &Facts,
    existing: &Keys,
) -> Vec<Diagnostic> {
    let unknown = unknown(entries, facts, existing);
    let is_unknown =
        |(collection, id): &RowId| unknown.get(collection).is_some_and(|ids| ids.contains(id));
    let mut found = Vec::new();
    for wanted in desired(entries) {
        let broken = new_targets(wanted, facts).filter(|(_, target)| is_unknown(target));
        found.extend(broken.map(|(reference, (to, id))| missing_row(wanted, reference, &to, &id)));
    }
    found
}

fn missing_row(wanted: Wanted<'_>, reference: &ReferenceField, to: &str, id: &str) -> Diagnostic {
    let message = format!(
        "The row {} of {} refers to the row {} of {to} by its field {field}, and there is no such row \
         in the folder or on the target. Sync {to} too, exclude {field}, or correct the row.",
        wanted.label(),
        wanted.collection(),
        wanted.plain(&reference.field, id.trim_matches('"')),
        field = reference.field,
    );
    Diagnostic::error("REFERENCE_MISSING", message, at_field(wanted, &reference.field))
}

/// The place of a field of a desired row.
pub fn at_field(wanted: Wanted<'_>, field: &str) -> String {
    format!("{}: {field}", wanted.place())
}

/// Who still refers to rows that go: desired rows, which is an error, and kept rows, whose reference
/// is set to null first where that is possible.
pub fn to_deleted<'a>(
    changes: &Changes<'a>,
    facts: &Facts,
) -> (Vec<EarlyChange<'a>>, Vec<Diagnostic>) {
    let deleted: BTreeSet<RowId> =
        changes.deletes.iter().map(|row| row_id(facts, row.collection(), &row.row.id)).collect();
    let mut nulls = Vec::new();
    let mut found = Vec::new();
    if deleted.is_empty() {
        return (nulls, found);
    }
    let matched = changes.updates.iter().chain(&changes.unchanged).map(|(wanted, _)| wanted);
    for wanted in changes.creates.iter().chain(matched) {
        let broken = to_any(&wanted.entry.references, wanted.fields(), facts, &deleted);
        found.extend(broken.into_iter().map(|reference| wanted_refers(*wanted, reference)));
    }
    for kept in &changes.kept {
        for reference in to_any(&kept.entry.references, kept.fields(), facts, &deleted) {
            match reference.nullable && !reference.cascades {
                true => nulls.push(null_out(*kept, reference)),
                false => found.push(kept_refers(*kept, reference)),
            }
        }
    }
    (nulls, found)
}

fn to_any<'a>(
    fields: &'a [ReferenceField],
    row: Fields<'_>,
    facts: &Facts,
    deleted: &BTreeSet<RowId>,
) -> Vec<&'a ReferenceField> {
    let refers = |reference: &&ReferenceField| {
        target(facts, reference, row).is_some_and(|target| deleted.contains(&target))
    };
    fields.iter().filter(refers).collect()
}

fn null_out<'a>(kept: Unwanted<'a>, reference: &'a ReferenceField) -> EarlyChange<'a> {
    EarlyChange {
        entry: kept.entry,
        id: &kept.row.id,
        label: kept.label(),
        field: &reference.field,
        value: Value::Null,
        before: kept.fields().value(&reference.field),
    }
}

fn wanted_refers(wanted: Wanted<'_>, reference: &ReferenceField) -> Diagnostic {
    let message = format!(
        "The row {} of {} refers to the row {} by its field {}, but the folder does not have that row, \
         so this import would delete it. Add it to the folder, or correct the reference.",
        wanted.label(),
        wanted.collection(),
        wanted.plain(&reference.field, &rows::plain(&wanted.fields().value(&reference.field))),
        reference.field,
    );
    Diagnostic::error("REFERENCE_MISSING", message, at_field(wanted, &reference.field))
}

fn kept_refers(kept: Unwanted<'_>, reference: &ReferenceField) -> Diagnostic {
    let obstacle = match reference.cascades {
        true => "and the row would go with it",
        false => "and the field cannot be null",
    };
    let message = format!(
        "The row {label} of {collection} stays on the target, but refers by its field {field} to the \
         row {to}, which this import would delete, {obstacle}. Delete the row {label} on the target, \
         or keep the row {to} in the folder.",
        label = kept.label(),
        collection = kept.collection(),
        field = reference.field,
        to = rows::plain(&kept.fields().value(&reference.field)),
    );
    Diagnostic::error(
        "REFERENCE_MISSING",
        message,
        format!("{}.{}", kept.collection(), reference.field),
    )
}

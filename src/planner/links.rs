//! References between rows: whether what the folder refers to exists, and what still refers to rows
//! that go.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::Diagnostic;
use crate::model::Facts;
use crate::naming::{Held, KnownKeys};
use crate::record::Fields;
use crate::references::{self, ReferenceField};
use crate::rows;

use super::changes::{Changes, Unwanted, Wanted};
use super::entry::EntryRows;

/// A row: its collection and the text by which others refer to it, that of its primary key or of a
/// reference by key.
pub type RowId = (String, String);

/// Rows by collection, as in [`RowId`].
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
    let collection = reference.leads_to(get)?;
    let key = match reference.named.contains(&collection) {
        true => rows::text(&value),
        false => references::key_text(facts, &collection, &value),
    };
    Some((collection, key))
}

/// The id of a row for lookups.
pub fn row_id(facts: &Facts, collection: &str, id: &Value) -> RowId {
    (collection.to_owned(), references::key_text(facts, collection, id))
}

/// Rows of the target that were shown besides those of entries.
#[derive(Debug, Clone, Copy)]
pub struct There<'a> {
    /// Those that were asked for by their primary keys.
    pub existing: &'a Keys,
    /// Those that are referred to by key.
    pub known: &'a KnownKeys,
}

impl There<'_> {
    fn has(self, collection: &str, id: &str) -> bool {
        self.existing.get(collection).is_some_and(|ids| ids.contains(id))
            || self.known.held(collection, id).is_some()
    }
}

/// What desired rows refer to and neither the folder nor the rows read so far show.
pub fn unknown(entries: &BTreeMap<String, EntryRows>, facts: &Facts, there: There<'_>) -> Keys {
    let mut unknown = Keys::new();
    for wanted in desired(entries) {
        for (collection, id) in new_targets(wanted, facts).map(|(_, target)| target) {
            if !there.has(&collection, &id) {
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
        let there =
            entry.desired.iter().filter(|row| row.found.is_some() || !row.decision.leaves());
        known.extend(there.filter_map(|row| Wanted { entry, row }.row_id(facts)));
        let others = entry.others.values();
        known.extend(others.map(|row| Unwanted { entry, row, in_files: false }.row_id(facts)));
    }
    known
}

/// The references that the plan would write for a row. A reference that stands on the target already
/// was accepted there.
pub fn new_targets<'a>(
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

/// References to rows that exist nowhere, and to keys that do not tell a row of the target.
pub fn missing(
    entries: &BTreeMap<String, EntryRows>,
    facts: &Facts,
    there: There<'_>,
) -> Vec<Diagnostic> {
    let unknown = unknown(entries, facts, there);
    let is_unknown =
        |(collection, id): &RowId| unknown.get(collection).is_some_and(|ids| ids.contains(id));
    let mut found = Vec::new();
    for wanted in desired(entries) {
        for (reference, target) in new_targets(wanted, facts) {
            match there.known.held(&target.0, &target.1) {
                Some(Held::Several(ids)) => found.push(ambiguous(wanted, reference, &target, ids)),
                _ if is_unknown(&target) => found.push(missing_row(wanted, reference, &target)),
                _ => {}
            }
        }
    }
    found
}

fn ambiguous(
    wanted: Wanted<'_>,
    reference: &ReferenceField,
    (to, key): &RowId,
    ids: &[Value],
) -> Diagnostic {
    let message = format!(
        "The row {} of {} refers to the row {} of {to} by its field {}, but the target has several rows \
         with that key: {}. Give them different keys there, or choose another `key`.",
        wanted.label(),
        wanted.collection(),
        key.trim_matches('"'),
        reference.field,
        ids.iter().map(rows::plain).collect::<Vec<_>>().join(", "),
    );
    Diagnostic::error("KEY_DUPLICATE", message, at_field(wanted, &reference.field))
}

fn missing_row(wanted: Wanted<'_>, reference: &ReferenceField, (to, id): &RowId) -> Diagnostic {
    let message = format!(
        "The row {} of {} refers to the row {} of {to} by its field {field}, and there is no such row \
         in the folder or on the target. Sync {to} too, exclude {field}, {}correct the row.",
        wanted.label(),
        wanted.collection(),
        wanted.plain(&reference.field, id.trim_matches('"')),
        if reference.nullable { "let it be null by `onMissing: 'null'`, or " } else { "or " },
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
    let deleted: BTreeSet<RowId> = changes.deletes.iter().map(|row| row.row_id(facts)).collect();
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

//! Rows that are known by another field than their primary key, such as users by their e-mail: the
//! target may have given them another id than the folder's, and references have to follow.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::{Facts, Row};
use crate::record::Columns;
use crate::references::ReferenceField;
use crate::rows;

use super::entry::{Desired, EntryRows};
use super::links::{self, RowId};

/// By the folder's id of a row: the target's.
type Ids = BTreeMap<RowId, Value>;

/// Makes every reference of the folder name the row as the target does.
pub fn references(entries: &mut BTreeMap<String, EntryRows>, facts: &Facts) {
    let ids = differing_ids(entries, facts);
    if ids.is_empty() {
        return;
    }
    for entry in entries.values_mut() {
        let EntryRows { desired, references, columns, .. } = entry;
        for desired in desired {
            references
                .iter()
                .for_each(|reference| follow(desired, columns, reference, facts, &ids));
        }
    }
}

fn differing_ids(entries: &BTreeMap<String, EntryRows>, facts: &Facts) -> Ids {
    let mut ids = Ids::new();
    for entry in entries.values().filter(|entry| !entry.entry.keyed_by_primary_key()) {
        let own = &entry.entry;
        for desired in &entry.desired {
            let here = entry.fields(desired).value(&own.primary_key);
            if let (false, Some(found)) = (here.is_null(), &desired.found)
                && here != found.current.id
            {
                let id = found.current.id.clone();
                ids.insert(links::row_id(facts, &own.collection, &here), id);
            }
        }
    }
    ids
}

/// Replaces the reference, and decides anew whether it differs from the target's.
fn follow(
    desired: &mut Desired,
    columns: &Columns,
    reference: &ReferenceField,
    facts: &Facts,
    ids: &Ids,
) {
    let field = &reference.field;
    let row = desired.record.tokens().of(columns);
    let target = links::target(facts, reference, row);
    let Some(id) = target.and_then(|target| ids.get(&target)) else { return };
    desired.followed.insert(field.clone(), id.clone());
    replace(desired, columns, field, id);
}

/// Gives a field of a desired row another value.
pub(super) fn replace(desired: &mut Desired, columns: &Columns, field: &str, value: &Value) {
    let row = desired.record.tokens().of(columns);
    let (Some(here), Some(place)) = (row.get(field), columns.place(field)) else { return };
    desired.record = desired.record.with(columns, place, &rows::text(value));
    let Some(found) = &mut desired.found else { return };
    let before = found.before.get(field).cloned().unwrap_or(here);
    set(&mut found.set, field, value, before != *value);
    set(&mut found.before, field, &before, before != *value);
}

fn set(row: &mut Row, field: &str, value: &Value, present: bool) {
    match present {
        true => row.insert(field.to_owned(), value.clone()),
        false => row.remove(field),
    };
}

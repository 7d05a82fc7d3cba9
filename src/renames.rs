//! Fields that get another name and keep their values.
//!
//! The config declares that a field has another name now. Where the target has the old column still, and
//! the files the new one, the plan renames it first, and everything else is compared as if that had
//! happened: the target's snapshot, its facts and its rows enter under the old name, and are seen under
//! the new one. Where the target has the new name already, there is nothing to do.
//!
//! Nothing is ever taken for a rename that the config does not declare. Two fields may be equal in
//! everything but the name and hold different things, and the values of one field in another are worse
//! than a question.

mod filter;
mod picture;

use std::collections::BTreeMap;

use crate::config::{Entry, Rename};
use crate::error::Diagnostic;
use crate::model::Row;
use crate::plan::{Step, Warning};
use crate::snapshot::{Field, Relation, Snapshot};

/// The renames that one target needs.
#[derive(Debug, Clone, Default)]
pub struct Renames {
    /// New names by collection and old name.
    new: BTreeMap<(String, String), String>,
    /// Old names by collection and new name.
    old: BTreeMap<(String, String), String>,
    /// The relations of the target under the new names, by which filters lead to other collections.
    relations: Vec<Relation>,
}

impl Renames {
    /// Those of the `declared` renames that lead from `current` to `desired`, and what is wrong with
    /// them. An alias has no values to keep, and is made anew.
    pub fn of(
        declared: &[Rename],
        desired: &Snapshot,
        current: &Snapshot,
    ) -> (Self, Vec<Diagnostic>) {
        let needed = declared.iter().filter(|Rename { collection, field, to, .. }| {
            let is_old = has_column(current, collection, field) && !has(desired, collection, field);
            is_old && has_column(desired, collection, to) && !has(current, collection, to)
        });
        let (mut renames, mut problems) = (Self::default(), Vec::new());
        for rename in needed {
            let Rename { collection, field, to, .. } = rename;
            match renames.old.insert(path(collection, to), field.clone()) {
                Some(other) => problems.push(ambiguous(rename, &other)),
                None => drop(renames.new.insert(path(collection, field), to.clone())),
            }
        }
        renames.relations = renames.snapshot(current).relations;
        (renames, problems)
    }

    /// Renames that lead from an older state to the target. `relations` are those of the target.
    pub fn since<'a>(renames: impl Iterator<Item = &'a Rename>, relations: &[Relation]) -> Self {
        let mut since = Self { relations: relations.to_vec(), ..Self::default() };
        for Rename { collection, field, to, .. } in renames {
            since.new.insert(path(collection, field), to.clone());
            since.old.insert(path(collection, to), field.clone());
        }
        since
    }

    /// One step for each rename. They come before all others.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.new.iter().map(|((collection, field), to)| Step::FieldRename {
            collection: collection.clone(),
            field: field.clone(),
            to: to.clone(),
        })
    }

    /// What a person should know of each rename.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        self.new.iter().map(|((collection, field), to)| Warning {
            code: "FIELD_RENAMED".into(),
            message: format!("Renames {collection}.{field} to {to}, with all its values."),
            path: format!("{collection}.{to}"),
            ..Warning::default()
        })
    }

    /// The fields that get another name, by collection and new name.
    pub fn new_names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.old.keys().map(|(collection, field)| (collection.as_str(), field.as_str()))
    }

    /// New names by the old ones, of one collection.
    pub fn of_collection(&self, collection: &str) -> BTreeMap<String, String> {
        let own = self.new.iter().filter(|((of, _), _)| of == collection);
        own.map(|((_, field), to)| (field.clone(), to.clone())).collect()
    }

    /// The name that a field had.
    pub fn old_name<'a>(&'a self, collection: &str, field: &'a str) -> &'a str {
        self.old.get(&path(collection, field)).map_or(field, String::as_str)
    }

    /// The name that a field will have.
    pub fn new_name<'a>(&'a self, collection: &str, field: &'a str) -> &'a str {
        self.new.get(&path(collection, field)).map_or(field, String::as_str)
    }

    /// An entry with the names that its fields had.
    pub fn entry_before(&self, entry: &Entry) -> Entry {
        let old = |field: &String| self.old_name(&entry.collection, field).to_owned();
        Entry {
            key: entry.key.iter().map(old).collect(),
            filter: self.filter(&entry.collection, &entry.filter),
            by_key: entry.by_key.iter().map(|(field, to)| (old(field), to.clone())).collect(),
            ..entry.clone()
        }
    }

    /// The renames that lead back.
    pub fn reversed(self) -> Self {
        Self { new: self.old, old: self.new, relations: self.relations }
    }

    /// Whether nothing is renamed.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty()
    }

    /// The relations of the target under the new names.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// A row of the target under the new names.
    pub fn row(&self, collection: &str, row: Row) -> Row {
        if self.is_empty() {
            return row;
        }
        let renamed =
            row.into_iter().map(|(field, value)| match self.new_name(collection, &field) {
                same if same == field => (field, value),
                other => (other.to_owned(), value),
            });
        renamed.collect()
    }
}

fn ambiguous(rename: &Rename, other: &str) -> Diagnostic {
    let Rename { collection, field, to, place } = rename;
    let message = format!(
        "{collection}.{other} and {collection}.{field} would both become {to}, and the target has both. \
         Keep the line of the one whose values are to stay."
    );
    Diagnostic::error("CONFIG_INVALID", message, place)
}

fn path(collection: &str, field: &str) -> (String, String) {
    (collection.to_owned(), field.to_owned())
}

fn find<'a>(snapshot: &'a Snapshot, collection: &str, name: &str) -> Option<&'a Field> {
    snapshot.fields.iter().find(|field| field.path() == (collection, name))
}

fn has(snapshot: &Snapshot, collection: &str, name: &str) -> bool {
    find(snapshot, collection, name).is_some()
}

fn has_column(snapshot: &Snapshot, collection: &str, name: &str) -> bool {
    find(snapshot, collection, name).is_some_and(|field| !field.is_alias())
}

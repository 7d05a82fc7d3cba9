//! What Directus cannot do is refused before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use super::{SchemaChange, column, references, translation};
use crate::error::{Diagnostic, Error, Result};
use crate::snapshot::{Collection, Field, Relation, Snapshot, circle, is_system_collection};

/// Everything that is wrong with the changes, at once.
pub(super) fn check(
    changes: &[SchemaChange],
    desired: &Snapshot,
    vendor: Option<&str>,
) -> Result<()> {
    let checker = Checker::new(desired);
    let mut problems: Vec<Diagnostic> =
        changes.iter().filter_map(|change| checker.problem(change)).collect();
    problems.extend(checker.group_cycles());
    problems.extend(references::broken(desired, changes));
    problems.extend(translation::refused(changes, desired, vendor));
    Error::check(&problems)
}

/// What there will be once the changes are made.
struct Checker<'a> {
    desired: &'a Snapshot,
    collections: BTreeSet<&'a str>,
    fields: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Checker<'a> {
    fn new(desired: &'a Snapshot) -> Self {
        let collections = desired.collections.iter();
        Self {
            desired,
            collections: collections.map(|collection| collection.name.as_str()).collect(),
            fields: desired.fields.iter().map(Field::path).collect(),
        }
    }

    fn problem(&self, change: &SchemaChange) -> Option<Diagnostic> {
        match change {
            SchemaChange::CollectionCreate { after, .. } => self.unknown_group(after),
            SchemaChange::CollectionUpdate { before, after } => {
                changed_nature(before, after).or_else(|| self.unknown_group(after))
            }
            SchemaChange::FieldCreate { after } => self.homeless(after),
            SchemaChange::FieldUpdate { before, after } => changed_key(before, after),
            SchemaChange::RelationCreate { after }
            | SchemaChange::RelationUpdate { after, .. }
            | SchemaChange::RelationReplace { after, .. } => self.dangling(after),
            _ => None,
        }
    }

    fn has_collection(&self, name: &str) -> bool {
        is_system_collection(name) || self.collections.contains(name)
    }

    fn unknown_group(&self, collection: &Collection) -> Option<Diagnostic> {
        let group = collection.group().filter(|group| !self.has_collection(group))?;
        let message = format!(
            "The collection {} stands under {group}, which does not exist: add {group} or change \
             meta.group.",
            collection.name
        );
        Some(Diagnostic::error("SNAPSHOT_INVALID", message, &collection.name))
    }

    fn homeless(&self, field: &Field) -> Option<Diagnostic> {
        let (collection, name) = field.path();
        (!self.has_collection(collection)).then(|| {
            let message = format!(
                "The field {name} belongs to the collection {collection}, which neither the files \
                 nor the target has: add the collection or remove the field."
            );
            Diagnostic::error("SNAPSHOT_INVALID", message, dotted(field.path()))
        })
    }

    fn dangling(&self, relation: &Relation) -> Option<Diagnostic> {
        let path = dotted(relation.path());
        let related = relation.related.as_deref().filter(|related| !self.has_collection(related));
        let missing = match related {
            Some(related) => format!("the collection {related}"),
            None if self.fields.contains(&relation.path()) => return None,
            None => format!("the field {path}"),
        };
        let message = format!("The relation {path} needs {missing}, which does not exist: add it.");
        Some(Diagnostic::error("SNAPSHOT_INVALID", message, path))
    }

    /// Collections that stand under each other in a circle could not be created in any order.
    fn group_cycles(&self) -> Vec<Diagnostic> {
        let groups: BTreeMap<&str, &str> = self
            .desired
            .collections
            .iter()
            .filter_map(|collection| Some((collection.name.as_str(), collection.group()?)))
            .collect();
        let tied = groups.keys().filter(|name| !circle(&groups, **name).is_empty());
        tied.map(|name| {
            let message = format!(
                "The collection {name} stands under itself in the navigation: change meta.group \
                     of one in the circle."
            );
            Diagnostic::error("SNAPSHOT_INVALID", message, *name)
        })
        .collect()
    }
}

/// A table cannot become a folder, nor a folder a table.
fn changed_nature(before: &Collection, after: &Collection) -> Option<Diagnostic> {
    let nature = |folder| if folder { "a folder without a table" } else { "a table" };
    (before.is_folder() != after.is_folder()).then(|| {
        let message = format!(
            "The collection {} is {} on the target and {} in the files: rename one of them, or \
             delete the one on the target first.",
            before.name,
            nature(before.is_folder()),
            nature(after.is_folder()),
        );
        Diagnostic::error("SCHEMA_CHANGE_UNSUPPORTED", message, &before.name)
    })
}

/// A primary key cannot move to another field, nor change how it gets its values.
fn changed_key(before: &Field, after: &Field) -> Option<Diagnostic> {
    let role = |field: &Field| (field.is_primary_key(), field.is_auto_increment());
    let is_kept = role(before) == role(after)
        && !(column::is_counted_key(before) && before.kind != after.kind);
    (!is_kept).then(|| {
        let path = dotted(before.path());
        let message = format!(
            "The field {path} is {} on the target and {} in the files. Directus cannot change a \
             primary key: create the collection anew on the target, or change the files.",
            described(before),
            described(after),
        );
        Diagnostic::error("SCHEMA_CHANGE_UNSUPPORTED", message, path)
    })
}

fn described(field: &Field) -> String {
    let article = if field.is_auto_increment() { "an auto-increment" } else { "a" };
    let role = if field.is_primary_key() { "primary key" } else { "field" };
    format!("{article} {role} of type {}", field.kind)
}

fn dotted((collection, field): (&str, &str)) -> String {
    format!("{collection}.{field}")
}

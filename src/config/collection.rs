//! Which collections an entry may name, and under which export.

use super::suggest::did_you_mean;
use super::{Declared, Export};
use crate::error::Diagnostic;
use crate::model::{CollectionFacts, Facts};
use crate::system::{self, Sync, SystemCollection};

/// The collection that an entry names, or why it cannot be synced.
pub fn known_collection<'a>(
    declared: &Declared<'_>,
    facts: &'a Facts,
) -> Result<&'a CollectionFacts, Diagnostic> {
    let name = declared.collection;
    if system::is_system(name) != (declared.export == Export::Directus) {
        return Err(wrong_export(declared));
    }
    if let Some(problem) = system::of(name).and_then(|system| not_synced(declared, system)) {
        return Err(problem);
    }
    let supported = declared.export == Export::Custom || system::of(name).is_some();
    let found = facts.collections.get(name).filter(|_| supported);
    found.ok_or_else(|| unknown_collection(declared, facts))
}

fn wrong_export(declared: &Declared<'_>) -> Diagnostic {
    let (kind, other) = match declared.export {
        Export::Custom => ("a collection of Directus itself", Export::Directus),
        Export::Directus => ("not a collection of Directus itself", Export::Custom),
    };
    let message = format!("{} is {kind}. Move it to `{}`.", declared.collection, other.name());
    Diagnostic::error("CONFIG_INVALID", message, &declared.place)
}

fn not_synced(declared: &Declared<'_>, system: &SystemCollection) -> Option<Diagnostic> {
    let reason = match system.sync {
        Sync::On | Sync::Off => return None,
        Sync::Schema => "travels as part of the schema, not as rows",
        Sync::Never => "belongs to the instance and is never synced",
    };
    let message = format!("{} {reason}. Remove the entry.", system.name);
    Some(Diagnostic::error("CONFIG_INVALID", message, &declared.place))
}

fn unknown_collection(declared: &Declared<'_>, facts: &Facts) -> Diagnostic {
    let known = facts.collections.keys().map(String::as_str).filter(|name| match declared.export {
        Export::Custom => !system::is_system(name),
        Export::Directus => system::of(name).is_some_and(SystemCollection::travels),
    });
    let message = format!(
        "There is no collection \"{}\" on this instance that could be synced.{}",
        declared.collection,
        did_you_mean(declared.collection, known)
    );
    Diagnostic::error("CONFIG_UNKNOWN_COLLECTION", message, &declared.place)
}

//! Which fields of a collection travel, and why the others stay.

use std::collections::BTreeSet;

use crate::model::{COUNTS_UP, CollectionFacts, Facts, FieldFacts};
use crate::system::{CONTENT, FILES, PASSWORD, SETTINGS, SystemCollection, USERS, is_of_storage};

/// Flags of fields whose values nobody may see or use elsewhere.
const SECRET: &[&str] = &["hash", "conceal", "encrypt"];

/// Flags of fields that Directus fills with the user who writes.
const FILLED_WITH_USER: &[&str] = &["user-created", "user-updated"];

/// Why a field does not travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// It has no column.
    Alias,
    /// `excludeFields` names it.
    Excluded,
    /// Directus' own, and bound to the instance.
    Instance,
    /// It holds a secret.
    Secret,
    /// The database computes it from others, and refuses to be told.
    Computed,
    /// It refers to a user, and users are not synced.
    User,
    /// Directus' own reference to a file, such as the logo in the settings, and files are not synced.
    File,
    /// It is a primary key that the instance makes up and nothing refers to.
    LocalId,
}

impl Stays {
    /// The reason as the end of a sentence that begins with the field.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Alias => "is an alias without a column",
            Self::Excluded => "is excluded by `excludeFields`",
            Self::Instance => "belongs to the instance and never leaves it",
            Self::Secret => "holds a secret and never leaves the instance",
            Self::Computed => "is computed by the database",
            Self::User => "refers to a user, and users are not synced",
            Self::File => "refers to a file, and files are not synced",
            Self::LocalId => "is a key that every instance makes up for itself",
        }
    }
}

/// The fields of one collection, seen from its entry.
pub struct Fields<'a> {
    facts: &'a CollectionFacts,
    system: Option<&'static SystemCollection>,
    excluded: &'a [String],
    users: BTreeSet<&'a str>,
    files: BTreeSet<&'a str>,
    /// Whether the hashes of passwords travel.
    hashes: bool,
    /// Whether the primary key stays, since other fields identify a row.
    local_id: bool,
    /// Whether the contents of files go with their rows.
    contents: bool,
}

impl<'a> Fields<'a> {
    /// `key` names the fields that identify a row, and `synced` the collections of Directus that the
    /// config names, which tells whether references to users and files have something to refer to.
    pub fn new(
        (collection, facts): (&'a str, &'a CollectionFacts),
        instance: &'a Facts,
        system: Option<&'static SystemCollection>,
        excluded: &'a [String],
        key: &[String],
        synced: &BTreeSet<&str>,
    ) -> Self {
        let users = match synced.contains(USERS) {
            true => BTreeSet::new(),
            false => user_fields(collection, facts, instance),
        };
        let files = match system.is_none() || synced.contains(FILES) {
            true => BTreeSet::new(),
            false => referring(collection, FILES, instance).collect(),
        };
        let local_id =
            system.is_some_and(|system| system.local_id) && !key.contains(&facts.primary);
        Self { facts, system, excluded, users, files, local_id, contents: false, hashes: false }
    }

    /// The same where the contents of files go with their rows, or do not.
    pub fn with_contents(self, contents: bool) -> Self {
        Self { contents, ..self }
    }

    /// The same, where the hashes of users' passwords may travel.
    pub fn with_hashes(self, hashes: bool) -> Self {
        Self { hashes, ..self }
    }

    /// The names of the fields that travel, sorted.
    pub fn travelling(&self) -> Vec<String> {
        let names = self.facts.fields.keys();
        names.filter(|name| self.stays(name).is_none()).cloned().collect()
    }

    /// The names of the fields that stay, but may come from the environment, sorted: secrets, and what
    /// belongs to the instance in the settings.
    pub fn withheld(&self) -> Vec<String> {
        let own = |name: &str| {
            let settings = self.system.filter(|system| system.name == SETTINGS);
            settings.is_some_and(|system| system.never_export.contains(&name))
        };
        let names = self.facts.fields.iter().filter(|(name, field)| match self.stays(name) {
            Some(Stays::Instance) => own(name) || has_flag(field, SECRET),
            stays => stays == Some(Stays::Secret),
        });
        names.map(|(name, _)| name.clone()).collect()
    }

    /// The names of the fields that stay for this reason, sorted.
    pub fn staying(&self, reason: Stays) -> Vec<&str> {
        let names = self.facts.fields.keys().map(String::as_str);
        names.filter(|name| self.stays(name) == Some(reason)).collect()
    }

    /// Why the field `name` does not travel; `None` where it does. An unknown field has no column.
    pub fn stays(&self, name: &str) -> Option<Stays> {
        let field = match self.facts.fields.get(name) {
            Some(field) if has_column(field) => field,
            _ => return Some(Stays::Alias),
        };
        if self.excluded.iter().any(|excluded| excluded == name) {
            Some(Stays::Excluded)
        } else if self.hashes && name == PASSWORD {
            None
        } else if self.system.is_some_and(|system| system.keeps_home(name))
            || self.is_of_content(name)
        {
            Some(Stays::Instance)
        } else if has_flag(field, SECRET) {
            Some(Stays::Secret)
        } else if is_computed(field) {
            Some(Stays::Computed)
        } else if self.users.contains(name) {
            Some(Stays::User)
        } else if self.files.contains(name) {
            Some(Stays::File)
        } else {
            (self.local_id && name == self.facts.primary).then_some(Stays::LocalId)
        }
    }
}

impl Fields<'_> {
    /// Whether `name` tells of the content in the way in which it does not travel.
    fn is_of_content(&self, name: &str) -> bool {
        let holds_files = self.system.is_some_and(|system| system.name == FILES);
        holds_files && if self.contents { is_of_storage(name) } else { name == CONTENT }
    }
}

fn user_fields<'a>(
    collection: &str,
    facts: &'a CollectionFacts,
    instance: &'a Facts,
) -> BTreeSet<&'a str> {
    let related = referring(collection, USERS, instance);
    let filled = facts.fields.iter().filter(|(_, field)| has_flag(field, FILLED_WITH_USER));
    related.chain(filled.map(|(name, _)| name.as_str())).collect()
}

/// The fields of `collection` that refer to `related`.
fn referring<'a>(
    collection: &str,
    related: &str,
    instance: &'a Facts,
) -> impl Iterator<Item = &'a str> {
    let own = instance.relations.iter().filter(move |relation| relation.collection == collection);
    own.filter(move |relation| relation.related.as_deref() == Some(related))
        .map(|relation| relation.field.as_str())
}

fn has_column(field: &FieldFacts) -> bool {
    field.kind != "alias" && !has_flag(field, &["alias", "no-data"])
}

/// Keys that count up are made by the database too, but take a value that is given.
fn is_computed(field: &FieldFacts) -> bool {
    field.generated && field.default_value != COUNTS_UP
}

fn has_flag(field: &FieldFacts, flags: &[&str]) -> bool {
    field.special.iter().any(|special| flags.contains(&special.as_str()))
}

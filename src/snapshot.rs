//! The schema part of a project, as Directus' `/schema/snapshot` gives it.
//!
//! `{version, directus, vendor, collections[], fields[], systemFields[]?, relations[]}`. A snapshot
//! in memory is always canonical: sorted by name, without row ids (`meta.id`), without duplicates,
//! and without what Directus does not manage. Keys that this version does not know are kept.

mod files;
mod names;
mod overlay;
mod read;
mod write;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;

pub use files::{HEADER_PATH, join, split};
pub use names::{Mention, Name, circle};
pub use overlay::overlay;
pub(crate) use write::{collection, field, relation};

/// The highest snapshot version that is understood: 1 is a whole schema, 2 is one of Directus 12
/// that covers some collections only.
pub const NEWEST_VERSION: u64 = 2;

/// The version of a snapshot that covers only the collections it names.
const PARTIAL_VERSION: u64 = 2;

/// A JSON object. Keys are sorted, since `serde_json` keeps a `BTreeMap`.
pub type Object = Map<String, Value>;

/// A whole schema, or with `version` 2 the part of one that its collections make up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Snapshot {
    /// The format's version, see [`NEWEST_VERSION`].
    pub version: u64,
    /// The version of Directus that made it, such as `12.4.0`.
    pub directus: String,
    /// The database vendor as Directus names it: `sqlite`, `postgres` …
    pub vendor: Option<String>,
    /// Collections by name: tables, and folders of the navigation (which have no `schema`).
    pub collections: Vec<Collection>,
    /// Fields by collection and name, custom fields of system collections included.
    pub fields: Vec<Field>,
    /// Fields of system collections that have an index. `None` says nothing about indexes; it does
    /// not say that there are none.
    pub system_fields: Option<Vec<SystemField>>,
    /// Relations by collection and field.
    pub relations: Vec<Relation>,
    /// Keys of the snapshot that this version does not know.
    pub extra: Object,
}

/// A collection: a table with its settings, or a folder of the navigation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Name.
    pub name: String,
    /// The row of `directus_collections`.
    pub meta: Object,
    /// `{name}` of the table; `None` for a folder.
    pub schema: Option<Object>,
    /// Unknown keys.
    pub extra: Object,
}

/// A field: a column with its settings, or an alias without a column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Field {
    /// The collection it belongs to.
    pub collection: String,
    /// Name.
    pub name: String,
    /// Directus' type, such as `string` or `alias`.
    pub kind: String,
    /// The row of `directus_fields`.
    pub meta: Object,
    /// The column; `None` for an alias.
    pub schema: Option<Object>,
    /// Unknown keys.
    pub extra: Object,
}

/// A relation, held by the field that has the foreign key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Relation {
    /// The collection that holds the foreign key.
    pub collection: String,
    /// The field that holds the foreign key.
    pub field: String,
    /// The collection referred to; `None` for an m2a.
    pub related: Option<String>,
    /// The row of `directus_relations`.
    pub meta: Option<Object>,
    /// The foreign key; `None` where the database enforces none.
    pub schema: Option<Object>,
    /// Unknown keys.
    pub extra: Object,
}

/// A field of a system collection with its index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SystemField {
    /// The system collection.
    pub collection: String,
    /// Name.
    pub name: String,
    /// Whether it has an index.
    pub indexed: bool,
}

impl Snapshot {
    /// The collection of that name.
    pub fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.iter().find(|found| found.name == name)
    }

    /// The fields of one collection.
    pub fn fields_of<'a>(&'a self, collection: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.collection == collection)
    }

    /// The relations that one collection holds.
    pub fn relations_of<'a>(&'a self, collection: &'a str) -> impl Iterator<Item = &'a Relation> {
        self.relations.iter().filter(move |relation| relation.collection == collection)
    }

    /// Whether it covers only the collections it names and says nothing of others.
    pub fn is_partial(&self) -> bool {
        self.version == PARTIAL_VERSION
    }

    /// Brings everything into the one order that files and comparisons use.
    pub(crate) fn sort(&mut self) {
        self.collections.sort_by(|a, b| a.name.cmp(&b.name));
        self.fields.sort_by(|a, b| a.path().cmp(&b.path()));
        self.relations.sort_by(|a, b| a.path().cmp(&b.path()));
        if let Some(fields) = &mut self.system_fields {
            fields.sort_by(|a, b| a.path().cmp(&b.path()));
        }
    }
}

impl Collection {
    /// Whether it is a folder of the navigation, without a table.
    pub fn is_folder(&self) -> bool {
        self.schema.is_none()
    }

    /// The folder or collection that it stands under in the navigation.
    pub fn group(&self) -> Option<&str> {
        self.meta.get("group").and_then(Value::as_str)
    }
}

impl Field {
    /// Collection and name, which identify it.
    pub fn path(&self) -> (&str, &str) {
        (&self.collection, &self.name)
    }

    /// Whether it has no column.
    pub fn is_alias(&self) -> bool {
        self.kind == "alias"
    }

    /// Whether its column is the primary key.
    pub fn is_primary_key(&self) -> bool {
        self.column_flag("is_primary_key")
    }

    /// Whether the database counts its values up.
    pub fn is_auto_increment(&self) -> bool {
        self.column_flag("has_auto_increment")
    }

    fn column_flag(&self, key: &str) -> bool {
        self.schema.as_ref().and_then(|schema| schema.get(key)) == Some(&Value::Bool(true))
    }
}

impl Relation {
    /// Collection and field, which identify it.
    pub fn path(&self) -> (&str, &str) {
        (&self.collection, &self.field)
    }
}

impl SystemField {
    /// Collection and name, which identify it.
    pub fn path(&self) -> (&str, &str) {
        (&self.collection, &self.name)
    }
}

impl TryFrom<Value> for Snapshot {
    type Error = Error;

    /// Reads a snapshot as Directus gives it, and reports everything that is wrong with it.
    fn try_from(value: Value) -> Result<Self, Error> {
        read::whole(value)
    }
}

impl From<Snapshot> for Value {
    fn from(snapshot: Snapshot) -> Self {
        Self::Object(write::whole(snapshot))
    }
}

/// Whether a collection belongs to Directus itself.
pub fn is_system_collection(name: &str) -> bool {
    name.starts_with("directus_")
}

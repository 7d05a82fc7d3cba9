//! The shapes that modules share: facts of an instance, schema overview, rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A row as field name to value. Keys are sorted, since `serde_json` keeps a `BTreeMap`.
pub type Row = Map<String, Value>;

/// What the core is told about an instance before it evaluates a config or plans.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Directus' version, such as `12.4.0`.
    pub directus: String,
    /// The database vendor as Directus' snapshot names it: `sqlite`, `postgres`, `mysql` …
    pub vendor: String,
    /// Every collection that Directus' schema overview lists, system collections included.
    pub collections: BTreeMap<String, CollectionFacts>,
    /// Every relation, system relations included.
    pub relations: Vec<RelationFacts>,
    /// The bootstrap Administrator role and policy; `None` where the instance has none.
    #[serde(default)]
    pub admin: Option<AdminIds>,
    /// Whether the database can hold geometry; `None` where nobody has looked.
    #[serde(default)]
    pub geometry: Option<bool>,
    /// Limits of an instance whose licence has some.
    #[serde(default)]
    pub limits: Limits,
}

/// What an entry asks for beside its rows. Steps carry it, since whoever applies them sees no config.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Effects {
    /// Whether Directus' events tell of the rows once they are committed.
    #[serde(skip_serializing_if = "is_off")]
    pub emit_events: bool,
    /// Whether activity and revisions are written.
    #[serde(skip_serializing_if = "is_off")]
    pub track: bool,
    /// Whether the contents of files go with their rows.
    #[serde(skip_serializing_if = "is_off")]
    pub files: bool,
}

impl Effects {
    /// Whether nothing is asked for.
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

fn is_off(flag: &bool) -> bool {
    !*flag
}

/// One collection of the schema overview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectionFacts {
    /// The primary key's field name.
    pub primary: String,
    /// Whether the collection holds one row only.
    #[serde(default)]
    pub singleton: bool,
    /// Fields by name, alias fields included.
    pub fields: BTreeMap<String, FieldFacts>,
}

/// What Directus' overview gives as the default of a column that counts up. Such a column takes a value
/// that is given, as a computed one does not.
pub const COUNTS_UP: &str = "AUTO_INCREMENT";

/// One field of the schema overview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldFacts {
    /// Directus' field type: `string`, `json`, `timestamp`, `alias` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Directus' special flags: `m2o`, `cast-json`, `conceal`, `user-created` …
    #[serde(default)]
    pub special: Vec<String>,
    /// Whether the column takes null.
    #[serde(default)]
    pub nullable: bool,
    /// Whether the database makes the value up (auto-increment).
    #[serde(default)]
    pub generated: bool,
    /// Whether the column has a unique constraint.
    #[serde(default)]
    pub unique: bool,
    /// The column's default, as Directus' overview gives it.
    #[serde(default)]
    pub default_value: Value,
}

/// One relation: `collection.field` refers to `related`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelationFacts {
    /// The collection that holds the foreign key.
    pub collection: String,
    /// The field that holds the foreign key.
    pub field: String,
    /// The collection referred to; `None` for an m2a, whose `one_collection_field` names it per row.
    #[serde(default)]
    pub related: Option<String>,
    /// For an m2a: the field that names the collection of each row.
    #[serde(default)]
    pub collection_field: Option<String>,
    /// For an m2a: the collections that a row may name; `None` where nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// Whether the database enforces the relation by a foreign key.
    #[serde(default)]
    pub constraint: bool,
    /// The rule of the foreign key on delete, such as `SET NULL`.
    #[serde(default)]
    pub on_delete: Option<String>,
}

/// Ids of the bootstrap Administrator, which differ on every instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminIds {
    /// Id of the role.
    #[serde(default)]
    pub role: Option<String>,
    /// Id of the policy.
    #[serde(default)]
    pub policy: Option<String>,
}

/// Limits of the licence: `None` where there is none. `used` is what the instance counts now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Active collections.
    #[serde(default)]
    pub collections: Option<Limit>,
    /// Active flows.
    #[serde(default)]
    pub flows: Option<Limit>,
    /// Seats: active users with access to the app.
    #[serde(default)]
    pub seats: Option<Limit>,
    /// False where permissions with filters, validation, presets or a field list are not allowed.
    #[serde(default)]
    pub custom_permission_rules: Option<bool>,
}

/// One counted limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The highest number allowed.
    pub limit: u64,
    /// The number in use on the target.
    pub used: u64,
}

/// How far an import may go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Only adds what the target does not have.
    Create,
    /// Creates and updates, never deletes.
    #[default]
    Merge,
    /// Creates, updates, and deletes what the files removed since the base.
    Sync,
    /// Makes the target equal to the files, inside the configured filters.
    Mirror,
}

impl Mode {
    /// The mode of an entry, or of the schema, that asks for `own` in a run under this one. A run that
    /// was asked to delete nothing, or to change nothing, keeps to that.
    pub fn of_part(self, own: Option<Self>) -> Self {
        match (self, own) {
            (Self::Create, _) | (_, Some(Self::Create)) => Self::Create,
            (Self::Merge, _) => Self::Merge,
            (Self::Sync | Self::Mirror, own) => own.unwrap_or(self),
        }
    }
}

/// A named file of the folder: path relative to the folder with `/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileText {
    /// Path relative to the folder, such as `data/posts.json`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

//! Config evaluation: raw config and facts of the instance give entries and all diagnostics.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Diagnostic;
use crate::model::Mode;

/// What the JavaScript side read: the exports of each config file, functions replaced by
/// `{"$function": true}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawConfig {
    /// The config files in the order they were loaded.
    pub sources: Vec<RawSource>,
    /// The mode that the environment or a flag asks for.
    #[serde(default)]
    pub mode: Mode,
}

/// The exports of one config file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawSource {
    /// The file's name, relative to the folder, for diagnostics.
    pub file: String,
    /// `syncCustomCollections`, as exported: collection name to entry.
    #[serde(default)]
    pub custom: Option<Map<String, Value>>,
    /// `syncDirectusCollections`, as exported: collection name to entry.
    #[serde(default)]
    pub directus: Option<Map<String, Value>>,
}

/// The evaluated config.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// How far an import may go.
    pub mode: Mode,
    /// The entries, sorted by id. Fit for a run only if `diagnostics` has no error.
    pub entries: Vec<Entry>,
    /// Every problem found, errors and warnings, in the order of the config.
    pub diagnostics: Vec<Diagnostic>,
}

/// One collection of the config with its prefix: the unit that has files, filter and key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The stem of its files under `data/`: `<prefix_><collection>`, safe on every disk.
    pub id: String,
    /// The collection.
    pub collection: String,
    /// The prefix from the config, or empty.
    #[serde(default)]
    pub prefix: String,
    /// Where it stands in the config: `config.js: syncCustomCollections.posts`.
    pub place: String,
    /// The source's index in [`RawConfig::sources`].
    pub source: usize,
    /// The field names that are read, compared and written, sorted: physical columns without the
    /// excluded, never-export and masked ones. Holds the primary key only when it travels.
    pub fields: Vec<String>,
    /// The primary key's field.
    pub primary_key: String,
    /// The fields that identify a row across instances; empty for a singleton.
    pub key: Vec<String>,
    /// Whether `getKey` of the config gives the key instead (JavaScript calls it).
    #[serde(default)]
    pub key_function: bool,
    /// Whether several rows may share a key, as permissions do; they are reconciled as a multiset.
    #[serde(default)]
    pub multiset: bool,
    /// Whether the collection holds one row.
    #[serde(default)]
    pub singleton: bool,
    /// The fields whose values name a group file; empty for one file.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// What to read from the instance: the filter of the config and the collection's own, combined,
    /// in Directus' filter syntax, or null.
    #[serde(default)]
    pub filter: Value,
    /// `query.sort` of the config; empty sorts by key.
    #[serde(default)]
    pub sort: Vec<String>,
    /// `query.limit` of the config.
    #[serde(default)]
    pub limit: Option<u64>,
    /// Whether rows may be deleted under a mode that deletes.
    pub deletes: bool,
    /// Whether `onExport` is a function (JavaScript calls it).
    #[serde(default)]
    pub on_export: bool,
    /// Whether `onImport` is a function (JavaScript calls it).
    #[serde(default)]
    pub on_import: bool,
    /// `emitEvents` of the config.
    #[serde(default)]
    pub emit_events: bool,
    /// `watch` of the config: event scopes such as `roles` or `posts.items`.
    #[serde(default)]
    pub watch: Vec<String>,
}

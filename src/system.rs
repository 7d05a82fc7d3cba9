//! What we know of each `directus_*` collection, in one table.
//!
//! Facts of Directus 11 and 12. Fields that a version does not have are simply not met.

use serde::Serialize;

/// Id of the bootstrap Administrator role in the folder. Every instance makes its own, so the files
/// hold this one and every reference is mapped.
pub const ADMIN_ROLE: &str = "5c4ed05c-0000-4000-8000-000000000001";

/// Id of the bootstrap Administrator policy in the folder, as for [`ADMIN_ROLE`].
pub const ADMIN_POLICY: &str = "5c4ed05c-0000-4000-8000-000000000002";

/// Id of Directus' public policy, the same on every instance.
pub const PUBLIC_POLICY: &str = "abf8a154-5b1c-4a46-ac9c-7300570f4f17";

/// The collection whose rows are people; they belong to the instance.
pub const USERS: &str = "directus_users";

/// The field of a user that holds the hash of the password.
pub const PASSWORD: &str = "password";

/// The collection of files. They are large and often shared by all instances, so syncing them is a choice.
pub const FILES: &str = "directus_files";

/// Stands for the content of a file among the fields of [`FILES`]: its SHA-256 in hex. It is no column,
/// and no file of the folder holds it; the bytes stand below `data/files/`.
pub const CONTENT: &str = "$content";

/// Columns of [`FILES`] that say where its instance keeps the content, which is not to be told from there.
const OF_STORAGE: &[&str] = &["filename_disk", "filesize", "storage"];

/// The collection that holds what is set once for a project.
pub const SETTINGS: &str = "directus_settings";

/// The start of the settings columns that hold the lock and the applied hash of this extension.
const OWN_COLUMN_PREFIX: &str = "mv_";

/// Whether rows of a system collection travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sync {
    /// Yes, and the config that `install` writes turns it on.
    On,
    /// Only when the config names it.
    Off,
    /// As part of the schema, never as rows.
    Schema,
    /// Never: it is the instance's own history, sessions or machinery.
    Never,
}

/// One system collection.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemCollection {
    /// Its name, with `directus_`.
    pub name: &'static str,
    /// Whether its rows travel.
    pub sync: Sync,
    /// The fields that identify a row across instances; empty for the settings.
    pub key: &'static [&'static str],
    /// Whether several rows may share a key; they are reconciled as a multiset.
    pub multiset: bool,
    /// Whether it holds one row.
    pub singleton: bool,
    /// Whether the primary key is a number or random id of the instance, which nothing refers to.
    pub local_id: bool,
    /// Fields that stay on their instance: secrets, its identity, its users, its history.
    pub never_export: &'static [&'static str],
    /// References that no foreign key enforces: `(field, related collection)`.
    pub soft: &'static [(&'static str, &'static str)],
    /// Fields besides the primary key whose values are unique.
    pub unique: &'static [&'static str],
    /// What is synced of it, as a filter of Directus in JSON; rows outside belong to the instance.
    pub filter: Option<&'static str>,
    /// The event scopes that the config of `install` watches.
    pub watch: &'static [&'static str],
}

/// A collection with rows that are known by their primary key.
const BASE: SystemCollection = SystemCollection {
    name: "",
    sync: Sync::On,
    key: &["id"],
    multiset: false,
    singleton: false,
    local_id: false,
    never_export: &[],
    soft: &[],
    unique: &[],
    filter: None,
    watch: &[],
};

/// Rows of one user are that user's own.
const WITHOUT_USER: Option<&str> = Some(r#"{"user":{"_null":true}}"#);

/// Every system collection: first those that travel, in import order, then the others.
pub const TABLE: &[SystemCollection] = &[
    SystemCollection { name: "directus_folders", watch: &["folders"], ..BASE },
    SystemCollection { name: "directus_roles", watch: &["roles"], ..BASE },
    SystemCollection { name: "directus_policies", watch: &["policies"], ..BASE },
    SystemCollection {
        name: FILES,
        sync: Sync::Off,
        // Directus sets both dates itself when it writes a row, so they never agree for long.
        never_export: &[
            "uploaded_by",
            "modified_by",
            "created_on",
            "modified_on",
            "tus_id",
            "tus_data",
        ],
        watch: &["files"],
        ..BASE
    },
    SystemCollection {
        name: USERS,
        sync: Sync::Off,
        key: &["email"],
        never_export: &["password", "token", "tfa_secret", "auth_data", "last_access", "last_page"],
        unique: &["email", "external_identifier"],
        watch: &["users"],
        ..BASE
    },
    SystemCollection {
        name: "directus_access",
        key: &["policy", "role"],
        multiset: true,
        local_id: true,
        never_export: &["user"],
        filter: WITHOUT_USER,
        watch: &["access"],
        ..BASE
    },
    SystemCollection {
        name: "directus_permissions",
        key: &["policy", "collection", "action"],
        multiset: true,
        local_id: true,
        watch: &["permissions"],
        ..BASE
    },
    SystemCollection {
        name: SETTINGS,
        key: &[],
        singleton: true,
        local_id: true,
        never_export: &[
            "accepted_terms",
            "ai_anthropic_api_key",
            "ai_google_api_key",
            "ai_openai_api_key",
            "ai_openai_compatible_api_key",
            "ai_openai_compatible_headers",
            "license_key",
            "license_token",
            "org_name",
            "product_updates",
            "project_id",
            "project_owner",
            "project_status",
            "project_usage",
        ],
        watch: &["settings"],
        ..BASE
    },
    SystemCollection {
        name: "directus_flows",
        never_export: &["date_created", "user_created"],
        soft: &[("operation", "directus_operations")],
        unique: &["operation"],
        watch: &["flows"],
        ..BASE
    },
    SystemCollection {
        name: "directus_operations",
        never_export: &["date_created", "user_created"],
        unique: &["resolve", "reject"],
        watch: &["operations"],
        ..BASE
    },
    SystemCollection {
        name: "directus_dashboards",
        never_export: &["date_created", "user_created"],
        watch: &["dashboards"],
        ..BASE
    },
    SystemCollection {
        name: "directus_panels",
        never_export: &["date_created", "user_created"],
        watch: &["panels"],
        ..BASE
    },
    SystemCollection {
        name: "directus_presets",
        key: &["collection", "bookmark", "role"],
        multiset: true,
        local_id: true,
        never_export: &["user"],
        filter: WITHOUT_USER,
        watch: &["presets"],
        ..BASE
    },
    SystemCollection {
        name: "directus_translations",
        key: &["key", "language"],
        local_id: true,
        watch: &["translations"],
        ..BASE
    },
    schema("directus_collections"),
    schema("directus_fields"),
    schema("directus_relations"),
    never("directus_activity"),
    never("directus_comments"),
    never("directus_deployment_projects"),
    never("directus_deployment_runs"),
    never("directus_deployments"),
    never("directus_extensions"),
    never("directus_migrations"),
    never("directus_notifications"),
    never("directus_oauth_clients"),
    never("directus_oauth_codes"),
    never("directus_oauth_consents"),
    never("directus_oauth_tokens"),
    never("directus_revisions"),
    never("directus_sessions"),
    never("directus_shares"),
    never("directus_versions"),
];

/// What we know of the collection `name`.
pub fn of(name: &str) -> Option<&'static SystemCollection> {
    TABLE.iter().find(|collection| collection.name == name)
}

/// Whether `field` of [`FILES`] says where the content is kept rather than what it is.
pub fn is_of_storage(field: &str) -> bool {
    OF_STORAGE.contains(&field)
}

/// Whether `name` is reserved for Directus' own collections.
pub fn is_system(name: &str) -> bool {
    name.starts_with("directus_")
}

/// The collection's place in import order, from 0; collections that never travel come last.
pub fn import_rank(name: &str) -> Option<usize> {
    TABLE.iter().position(|collection| collection.name == name)
}

impl SystemCollection {
    /// Whether rows of it may be named in a config.
    pub fn travels(&self) -> bool {
        matches!(self.sync, Sync::On | Sync::Off)
    }

    /// Whether `field` stays on its instance.
    pub fn keeps_home(&self, field: &str) -> bool {
        let own_column = self.name == SETTINGS && field.starts_with(OWN_COLUMN_PREFIX);
        own_column || self.never_export.contains(&field)
    }
}

const fn schema(name: &'static str) -> SystemCollection {
    SystemCollection { name, sync: Sync::Schema, ..BASE }
}

const fn never(name: &'static str) -> SystemCollection {
    SystemCollection { name, sync: Sync::Never, ..BASE }
}

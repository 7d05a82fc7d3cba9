//! What every Directus brings: interfaces, displays, layouts, panels and operations. A test compares the
//! lists with what the supported versions of Directus hold.

use super::Kind;

/// The newest release that the lists are known to be complete for.
pub const KNOWN_RELEASE: (u64, u64) = (12, 4);

/// Whether Directus brings it. What only newer releases have counts for older ones, too: nobody gives
/// such an interface to a field of their own.
pub fn is_built_in(kind: Kind, id: &str) -> bool {
    list(kind).contains(&id)
}

fn list(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Interface => INTERFACES,
        Kind::Display => DISPLAYS,
        Kind::Layout => LAYOUTS,
        Kind::Panel => PANELS,
        Kind::Operation => OPERATIONS,
    }
}

/// How a field is edited.
const INTERFACES: &[&str] = &[
    "boolean",
    "collection-item-dropdown",
    "collection-item-multiple-dropdown",
    "datetime",
    "file",
    "file-image",
    "files",
    "group-accordion",
    "group-detail",
    "group-raw",
    "group-tabs",
    "header",
    "input",
    "input-autocomplete-api",
    "input-block-editor",
    "input-code",
    "input-hash",
    "input-multiline",
    "input-rich-text-html",
    "input-rich-text-md",
    "list",
    "list-m2a",
    "list-m2m",
    "list-o2m",
    "list-o2m-tree-view",
    "map",
    "presentation-divider",
    "presentation-links",
    "presentation-notice",
    "select-color",
    "select-dropdown",
    "select-dropdown-m2o",
    "select-icon",
    "select-multiple-checkbox",
    "select-multiple-checkbox-tree",
    "select-multiple-dropdown",
    "select-radio",
    "slider",
    "system-collection",
    "system-collections",
    "system-collections-translations",
    "system-display",
    "system-display-options",
    "system-display-template",
    "system-field",
    "system-field-tree",
    "system-fields",
    "system-filter",
    "system-folder",
    "system-inline-fields",
    "system-input-password",
    "system-input-translated-string",
    "system-interface",
    "system-interface-options",
    "system-language",
    "system-license-key",
    "system-manual-flow-select",
    "system-mcp-prompts-collection-validation",
    "system-mfa-setup",
    "system-modules",
    "system-owner",
    "system-permissions",
    "system-raw-editor",
    "system-scope",
    "system-theme",
    "system-theme-overrides",
    "system-token",
    "tags",
    "translations",
];

/// How a value is shown.
const DISPLAYS: &[&str] = &[
    "boolean",
    "collection",
    "color",
    "datetime",
    "file",
    "filesize",
    "formatted-json-value",
    "formatted-value",
    "hash",
    "icon",
    "image",
    "labels",
    "mime-type",
    "rating",
    "raw",
    "related-values",
    "translations",
    "user",
];

/// How rows are listed.
const LAYOUTS: &[&str] = &["calendar", "cards", "kanban", "map", "tabular"];

/// What stands on a dashboard.
const PANELS: &[&str] = &[
    "bar-chart",
    "label",
    "line-chart",
    "list",
    "meter",
    "metric",
    "metric-list",
    "pie-chart",
    "relational-variable",
    "time-series",
    "variable",
];

/// What a flow does.
const OPERATIONS: &[&str] = &[
    "condition",
    "exec",
    "item-create",
    "item-delete",
    "item-read",
    "item-update",
    "json-web-token",
    "log",
    "mail",
    "notification",
    "request",
    "sleep",
    "throw-error",
    "transform",
    "trigger",
];

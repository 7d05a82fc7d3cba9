//! What a plan needs of the target besides its schema: interfaces, displays, layouts, panels and
//! operations that are installed, and features of the database. Checked before anything is written.
//!
//! Only what the plan creates or changes is looked at, so that an old fault of the target is no obstacle.

mod built_in;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::built_in::{KNOWN_RELEASE, is_built_in};
use crate::error::Diagnostic;
use crate::limits::WrittenRow;
use crate::plan::Step;
use crate::rows;
use crate::snapshot::Object;

/// What an extension can bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// How a field is edited.
    Interface,
    /// How a value is shown.
    Display,
    /// How rows are listed.
    Layout,
    /// What stands on a dashboard.
    Panel,
    /// What a flow does.
    Operation,
}

/// One thing that an extension brings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// The id that fields and rows name it by.
    pub id: String,
}

/// A part that an extension of the target brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installed {
    /// The part.
    #[serde(flatten)]
    pub part: Part,
    /// The extension.
    pub extension: String,
    /// Whether the extension is switched on.
    pub enabled: bool,
}

/// Where each part is used, by the names of fields and rows.
pub type Uses = BTreeMap<Part, BTreeSet<String>>;

/// The settings of a field that name a part.
const SETTINGS: [(&str, Kind); 2] = [("interface", Kind::Interface), ("display", Kind::Display)];

/// The fields of rows that name a part.
const FIELDS: [(&str, &str, Kind); 3] = [
    ("directus_presets", "layout", Kind::Layout),
    ("directus_panels", "type", Kind::Panel),
    ("directus_operations", "type", Kind::Operation),
];

/// The parts that the plan would bring into use and that Directus does not have by itself.
pub fn uses(schema_steps: &[Step], written: &[WrittenRow<'_>]) -> Uses {
    let mut uses = Uses::new();
    let mut add = |kind: Kind, id: Option<&Value>, place: String| {
        let id = id.and_then(Value::as_str).filter(|id| !is_built_in(kind, id));
        if let Some(id) = id {
            uses.entry(Part { kind, id: id.to_owned() }).or_default().insert(place);
        }
    };
    for (path, meta, _) in schema_steps.iter().flat_map(fields) {
        for (key, kind) in SETTINGS {
            add(kind, meta.and_then(|meta| meta.get(key)), path.clone());
        }
    }
    for row in written {
        for (_, field, kind) in FIELDS.iter().filter(|(name, ..)| *name == row.collection) {
            let changes = row.before.is_none_or(|before| before.contains_key(*field));
            let id = changes.then(|| rows::value_of(&row.row, field));
            add(*kind, id, row.place.clone());
        }
    }
    uses
}

/// The fields that a step makes or changes: path, settings, type.
fn fields(step: &Step) -> Vec<(String, Option<&Object>, Option<&str>)> {
    match step {
        Step::CollectionCreate { collection, payload } => {
            let fields = payload.get("fields").and_then(Value::as_array).into_iter().flatten();
            let fields = fields.filter_map(Value::as_object);
            fields.map(|field| described(collection, text(field, "field"), field)).collect()
        }
        Step::FieldCreate { collection, field, payload } => {
            vec![described(collection, Some(field), payload)]
        }
        Step::FieldUpdate { collection, field, meta, column, .. } => {
            let kind = column.as_ref().and_then(|column| text(column, "type"));
            vec![(format!("{collection}.{field}"), Some(meta), kind)]
        }
        _ => Vec::new(),
    }
}

fn described<'a>(
    collection: &str,
    name: Option<&str>,
    field: &'a Object,
) -> (String, Option<&'a Object>, Option<&'a str>) {
    let path = format!("{collection}.{}", name.unwrap_or_default());
    (path, field.get("meta").and_then(Value::as_object), text(field, "type"))
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// Everything of `uses` that the target, of that version of Directus, cannot show or run.
pub fn missing(uses: &Uses, installed: &[Installed], directus: &str) -> Vec<Diagnostic> {
    let is_enabled = |part: &Part| installed.iter().any(|it| it.part == *part && it.enabled);
    let missing = uses.iter().filter(|(part, _)| !is_enabled(part));
    missing.map(|(part, places)| absent(part, places, installed, directus)).collect()
}

fn absent(
    part: &Part,
    places: &BTreeSet<String>,
    installed: &[Installed],
    directus: &str,
) -> Diagnostic {
    let disabled = installed.iter().find(|it| it.part == *part);
    let what = match disabled {
        Some(found) => format!("belongs to the extension {}, which is disabled", found.extension),
        None => "is not installed".to_owned(),
    };
    let advice = match disabled {
        Some(_) => "Enable it there",
        None => "Install the extension that brings it",
    };
    let listed = places.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let message = format!(
        "The {} {} {what} on the target, but it is used by {listed}. {advice}, or take it out of the files.",
        name(part.kind),
        part.id
    );
    let make = if is_newer(directus) && disabled.is_none() {
        Diagnostic::warning
    } else {
        Diagnostic::error
    };
    make("MISSING_EXTENSION", message, places.first().cloned().unwrap_or_default())
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Interface => "interface",
        Kind::Display => "display",
        Kind::Layout => "layout",
        Kind::Panel => "panel",
        Kind::Operation => "operation",
    }
}

/// Whether the release may bring parts that nobody knew of yet.
fn is_newer(directus: &str) -> bool {
    release(directus).is_some_and(|release| release > KNOWN_RELEASE)
}

/// Major and minor version.
fn release(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.split('.').map_while(|part| part.parse().ok());
    Some((parts.next()?, parts.next()?))
}

/// A problem if a database without support for geometry would have to hold some.
pub fn geometry(schema_steps: &[Step], supported: Option<bool>) -> Option<Diagnostic> {
    let fields = schema_steps.iter().flat_map(fields);
    let geometries =
        fields.filter(|(.., kind)| kind.is_some_and(|kind| kind.starts_with("geometry")));
    let paths: Vec<String> = geometries.map(|(path, ..)| path).collect();
    let first = paths.first().filter(|_| supported == Some(false))?;
    let message = format!(
        "The database of the target cannot hold geometry, which these fields need: {}. Install PostGIS and run \
         `CREATE EXTENSION postgis` in it, or take the fields out of the files.",
        paths.join(", ")
    );
    Some(Diagnostic::error("DATABASE_FEATURE_MISSING", message, first))
}

/// A warning if the folder comes from another major version of Directus than the target has.
pub fn other_major(folder: &str, target: &str) -> Option<Diagnostic> {
    let (of_folder, of_target) = (release(folder)?.0, release(target)?.0);
    (of_folder != of_target).then(|| {
        let message = format!(
            "The folder was exported by Directus {folder}, and the target is Directus {target}. Settings that the \
             target does not know are left out."
        );
        Diagnostic::warning("OTHER_MAJOR", message, "data/schema.json")
    })
}

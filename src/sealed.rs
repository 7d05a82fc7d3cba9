//! Sealed plans: what was planned, to be reviewed now and applied later.
//!
//! A sealed plan is a JSON file. It says everything that a person needs to judge the plan, and enough
//! to tell whether the same would be done still; it does not hold what is in the folder. So the plan is
//! made again before it is applied, and compared with the sealed one.
//!
//! `{formatVersion, source, target, scope, mode, steps, warnings, summary, digest, seal}`, where
//! `digest` is the one of the plan, and `seal` the SHA-256 of everything else in the file.

mod compact;
mod compare;
mod rows;
mod sentences;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::compact::CompactStep;
use crate::error::{Error, Result};
use crate::json;
use crate::manifest;
use crate::model::Mode;
use crate::plan::{Plan, Summary, Warning};

pub use compare::{Comparison, compare};

/// The version of the file's shape.
pub const FORMAT_VERSION: u64 = 1;

/// The member that holds the hash of all others.
const SEAL: &str = "seal";

/// What a plan was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seal {
    /// The root hash of the folder's manifest.
    pub source: String,
    /// The instance that it was made for.
    pub target: Target,
    /// The options of the run, to make the same plan again. The core only compares them.
    #[serde(default)]
    pub scope: Map<String, Value>,
}

/// An instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The version of Directus.
    pub directus: String,
    /// The database vendor.
    pub vendor: String,
    /// What tells it from other instances.
    pub id: String,
}

/// A sealed plan without its seal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sealed {
    /// [`FORMAT_VERSION`].
    pub format_version: u64,
    /// As in [`Seal`].
    pub source: String,
    /// As in [`Seal`].
    pub target: Target,
    /// As in [`Seal`].
    pub scope: Map<String, Value>,
    /// As in [`Plan`].
    pub mode: Mode,
    /// The steps of the plan, with names and hashes in place of rows.
    pub steps: Vec<CompactStep>,
    /// As in [`Plan`].
    pub warnings: Vec<Warning>,
    /// As in [`Plan`].
    pub summary: Summary,
    /// As in [`Plan`].
    pub digest: String,
}

impl Sealed {
    /// The plan with what it was made of.
    pub fn new(plan: Plan, seal: Seal) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            source: seal.source,
            target: seal.target,
            scope: seal.scope,
            mode: plan.mode,
            steps: plan.steps.into_iter().map(CompactStep::from).collect(),
            warnings: plan.warnings,
            summary: plan.summary,
            digest: plan.digest,
        }
    }

    /// The text of the file. The same plan gives the same bytes.
    pub fn text(&self) -> Result<String> {
        let written = serde_json::to_value(self);
        let mut value = written.map_err(|error| Error::new("INTERNAL", error.to_string()))?;
        let seal = seal_of(&value);
        if let Value::Object(members) = &mut value {
            members.insert(SEAL.into(), seal.into());
        }
        Ok(json::to_text(&value))
    }
}

/// Reads a sealed plan. Fails with `PLAN_INVALID` where it is none, was sealed by another version, or
/// was changed since.
pub fn open(text: &str) -> Result<Sealed> {
    let mut value = json::parse(text.as_bytes(), "The sealed plan").map_err(not_json)?;
    let members = value.as_object_mut().ok_or_else(|| invalid("it holds no JSON object"))?;
    let version = members.get("formatVersion").and_then(Value::as_u64);
    let seal = members.remove(SEAL);
    match version {
        Some(FORMAT_VERSION) => {}
        Some(other) => return Err(of_other_version(other)),
        None => return Err(invalid("it does not say its `formatVersion`")),
    }
    if seal != Some(Value::from(seal_of(&value))) {
        return Err(invalid("it was changed after it had been sealed"));
    }
    serde_json::from_value(value).map_err(|error| invalid(&format!("it lacks something: {error}")))
}

/// The hash of everything but the seal.
fn seal_of(members: &Value) -> String {
    manifest::sha256_hex(json::to_compact(members).as_bytes())
}

fn not_json(error: Error) -> Error {
    let place = error.path.unwrap_or_default();
    invalid(&format!("it is not valid JSON at {place}"))
}

fn of_other_version(version: u64) -> Error {
    invalid(&format!(
        "it has the format version {version}, and this release of Schema Sync reads {FORMAT_VERSION}"
    ))
}

fn invalid(reason: &str) -> Error {
    let message = format!(
        "The sealed plan cannot be used: {reason}. Nothing was changed; make it anew with \
         `directus schema-sync plan --out <file>` and have it reviewed."
    );
    Error::new("PLAN_INVALID", message)
}

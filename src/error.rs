//! The one error type of the core.

use serde::{Deserialize, Serialize};

/// How much a diagnostic weighs: an error stops the run before anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Stops the run.
    Error,
    /// Is shown, and the run goes on.
    Warning,
}

/// One thing that is wrong, where it is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Whether it stops the run.
    pub severity: Severity,
    /// A stable code of [`CODES`].
    pub code: String,
    /// A full sentence that names the thing and says what to do.
    pub message: String,
    /// The file, row or config path that it concerns, such as `data/posts.json:12:3`,
    /// `config.js: syncCustomCollections.posts.key` or `posts[id=4].author`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
}

/// A failure of the core: the first problem in front, and all problems that were found with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// A stable code of [`CODES`].
    pub code: String,
    /// A full sentence that names the thing and says what to do.
    pub message: String,
    /// As in [`Diagnostic::path`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// Every problem found in the same pass; empty when there is only this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
}

/// The result of a fallible function of the core.
pub type Result<T> = core::result::Result<T, Error>;

/// Every code that the core can return. The extension's table holds the same ones with their exit
/// codes; a test compares both.
pub const CODES: &[&str] = &[
    "INTERNAL",
    "JSON_INVALID",
    "CONFLICT_MARKER",
    "FORMAT_TOO_NEW",
    "MANIFEST_MISSING",
    "MANIFEST_INVALID",
    "MANIFEST_MISMATCH",
    "CONFIG_INVALID",
    "CONFIG_UNKNOWN_OPTION",
    "CONFIG_UNKNOWN_COLLECTION",
    "CONFIG_UNKNOWN_FIELD",
    "CONFIG_KEY_INVALID",
    "CONFIG_DUPLICATE_ENTRY",
    "REFERENCE_NOT_SYNCED",
    "DELETION_OFF",
    "GROUP_COUNT_MISMATCH",
    "GROUP_FILE_INVALID",
    "ROW_INVALID",
    "ROW_UNKNOWN_FIELD",
    "ENV_MISSING",
    "ENV_INVALID",
    "ENV_MISPLACED",
    "ENV_DRIFT",
    "KEY_MISSING",
    "KEY_DUPLICATE",
    "ROW_IN_TWO_ENTRIES",
    "REFERENCE_MISSING",
    "REFERENCE_NULLED",
    "ADMIN_AMBIGUOUS",
    "ADMIN_NOT_FOUND",
    "ADMIN_KEPT",
    "CYCLE_NOT_BREAKABLE",
    "UNIQUE_SWAP_NOT_NULLABLE",
    "UNIQUE_DUPLICATE",
    "SNAPSHOT_INVALID",
    "SCHEMA_CHANGE_UNSUPPORTED",
    "SCHEMA_UNTRANSLATABLE",
    "LICENSE_LIMIT",
    "DROP_COLLECTION",
    "DROP_FIELD",
    "FIELD_RENAMED",
    "NARROW_FIELD",
    "NULLS_IN_WAY",
    "REPEATS_IN_WAY",
    "DELETE_ROWS",
    "BASE_INVALID",
    "PLAN_INVALID",
    "TARGET_ONLY",
    "STILL_NEEDED",
    "DRIFT_OVERWRITTEN",
    "DRIFT_KEPT",
    "DRIFT_REFUSED",
    "CONFLICT_OVERWRITTEN",
    "CONFLICT_DELETED",
    "CONFLICT_KEPT",
    "CONFLICT_REFUSED",
    "PENDING_IMPORT",
    "EXPORT_CONFLICT",
    "VERIFY_FAILED",
    "MISSING_EXTENSION",
    "DATABASE_FEATURE_MISSING",
    "OTHER_MAJOR",
];

impl Diagnostic {
    /// A problem that stops the run.
    pub fn error(code: &str, message: impl Into<String>, path: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message, path)
    }

    /// A problem that is shown, while the run goes on.
    pub fn warning(code: &str, message: impl Into<String>, path: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message, path)
    }

    fn new(
        severity: Severity,
        code: &str,
        message: impl Into<String>,
        path: impl Into<String>,
    ) -> Self {
        debug_assert!(CODES.contains(&code), "{code} is missing in CODES");
        Self { severity, code: code.into(), message: message.into(), path: Some(path.into()) }
    }
}

impl Error {
    /// An error that concerns the file, row or config path `path`.
    pub fn at(code: &str, message: impl Into<String>, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::new(code, message) }
    }

    /// An error that concerns no single place.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        debug_assert!(CODES.contains(&code), "{code} is missing in CODES");
        Self { code: code.into(), message: message.into(), path: None, diagnostics: Vec::new() }
    }

    /// The errors among `diagnostics` as one error, or `Ok` when there are only warnings.
    pub fn check(diagnostics: &[Diagnostic]) -> Result<()> {
        let mut errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
        match errors.next() {
            None => Ok(()),
            Some(first) => Err(Self {
                code: first.code.clone(),
                message: first.message.clone(),
                path: first.path.clone(),
                diagnostics: diagnostics.to_vec(),
            }),
        }
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.path {
            Some(path) => write!(out, "{}: {} ({path})", self.code, self.message),
            None => write!(out, "{}: {}", self.code, self.message),
        }
    }
}

impl std::error::Error for Error {}

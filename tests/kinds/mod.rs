//! The types that a field may have, and one that nobody knows.

/// Their names.
pub const KINDS: &[&str] = &[
    "boolean",
    "integer",
    "bigInteger",
    "decimal",
    "float",
    "json",
    "csv",
    "date",
    "dateTime",
    "timestamp",
    "time",
    "uuid",
    "hash",
    "string",
    "text",
    "geometry",
    "unknown",
];

//! Whether a plan that was applied left behind what it says.
//!
//! A writer may succeed and still not store what it was given: a trigger changes a value, a hook of
//! another extension does, a column cuts it. So what the steps touched is read again and compared in
//! canonical form, by the types that the target has now.

mod rows;
mod schema;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use self::rows::ExpectedRows;
use crate::data_files;
use crate::error::{Diagnostic, Error, Result};
use crate::model::CollectionFacts;
use crate::plan::{Plan, Step};
use crate::snapshot::Snapshot;

/// How many mismatches are told before the rest is counted.
const NAMED: usize = 20;

/// Compares what the steps of a plan should have left behind with what is read again.
#[derive(Debug)]
pub struct Verification {
    schema_steps: Vec<Step>,
    rows: ExpectedRows,
    found: Vec<Diagnostic>,
}

/// A query for rows that the steps touched.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The collection.
    pub collection: String,
    /// The fields that were written, without the primary key.
    pub fields: Vec<String>,
    /// Directus' filter by primary key; null for a singleton, and where most rows were written.
    pub filter: Value,
}

impl Verification {
    /// Takes the plan that was applied, the collections as they are now, and for each step the primary
    /// keys that the target gave to the rows that it created, null for a row that brought its own.
    pub fn new(
        plan: &Plan,
        collections: BTreeMap<String, CollectionFacts>,
        created: &[Option<Vec<Value>>],
    ) -> Result<Self> {
        let mut rows = ExpectedRows::new(collections, &plan.summary);
        for (index, step) in plan.steps.iter().enumerate() {
            let keys = created.get(index).and_then(Option::as_deref).unwrap_or_default();
            rows.take(step, keys)?;
        }
        let schema_steps = plan.steps.iter().filter(|step| schema::is_schema_step(step));
        Ok(Self { schema_steps: schema_steps.cloned().collect(), rows, found: Vec::new() })
    }

    /// Whether the schema is to be read again.
    pub fn touches_schema(&self) -> bool {
        !self.schema_steps.is_empty()
    }

    /// Takes the schema as it is now.
    pub fn set_schema(&mut self, now: &Snapshot) {
        self.found.extend(schema::mismatches(&self.schema_steps, now));
    }

    /// The rows to read again.
    pub fn to_read(&self) -> Vec<Reading> {
        self.rows.to_read()
    }

    /// Takes a page of rows of a collection as they are now, a JSON array of objects.
    pub fn add_rows(&mut self, collection: &str, page: &[u8]) -> Result<()> {
        let page = core::str::from_utf8(page).ok();
        let found = page.and_then(|page| self.rows.compare(collection, page));
        self.found.extend(found.ok_or_else(data_files::not_understood)?);
        Ok(())
    }

    /// Fails with everything that is not as the steps say.
    pub fn finish(&mut self) -> Result<()> {
        let mut found = std::mem::take(&mut self.found);
        found.extend(self.rows.missing());
        match found.first().cloned() {
            None => Ok(()),
            Some(first) => Err(failed(first, found)),
        }
    }
}

fn failed(first: Diagnostic, mut found: Vec<Diagnostic>) -> Error {
    let more = match found.len() {
        1 => String::new(),
        count => format!(" {} more do not match.", count - 1),
    };
    let message = format!(
        "After the import the target is not as the plan says, so everything was rolled back. {}{more} \
         Remove the cause, or turn this check off by SCHEMA_SYNC_VERIFY=false.",
        first.message
    );
    found.truncate(NAMED);
    let diagnostics = if found.len() > 1 { found } else { Vec::new() };
    Error { code: "VERIFY_FAILED".into(), message, path: first.path, diagnostics }
}

fn mismatch(message: String, path: String) -> Diagnostic {
    Diagnostic::error("VERIFY_FAILED", message, path)
}

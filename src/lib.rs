//! The core of Schema Sync for Directus.
//!
//! Everything that decides lives here: canonical form, hashing, config evaluation, diffs, ordering
//! and planning. The core does no I/O; it takes bytes and facts and returns bytes and plans, so the
//! same input gives the same output on every machine. `wasm` is the whole JavaScript surface.

pub mod error;
pub mod json;
pub mod value;
pub mod manifest;
pub mod model;
pub mod merge;
pub mod base;
pub mod system;
pub mod config;
pub mod file_name;
pub mod snapshot;
pub mod schema_diff;
pub mod schema_merge;
pub mod rows;
pub mod record;
pub mod row_text;
mod room;
mod words;
pub mod identity;
pub mod groups;
pub mod data_files;
pub mod references;
pub mod naming;
pub mod order;
pub mod plan;
pub mod environment;
pub mod loss;
pub mod findings;
pub mod export_plan;
pub mod items;
pub mod renames;
pub mod limits;
pub mod requirements;
pub mod planner;
pub mod verify;
pub mod render;
pub mod sealed;
mod bridge;
pub mod wasm;

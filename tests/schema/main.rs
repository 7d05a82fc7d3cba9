//! Properties of schemas: of their files, their difference, and their merge.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod export;
mod merge;
mod properties;
mod renames;
mod states;
mod target;

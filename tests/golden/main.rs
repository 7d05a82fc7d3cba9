//! Golden cases: `tests/cases/<area>/<name>/input.json` through the core must give `expected.json`.
//!
//! Adding a case needs no code: write `input.json` and run with `UPDATE=1`, then read what it wrote.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod areas;
mod cases;

/// One test per area, so that a failure names where to look.
macro_rules! golden {
    ($($area:ident),* $(,)?) => {
        $(#[test] fn $area() { cases::run(stringify!($area), areas::$area::answer); })*

        #[test]
        fn every_folder_is_an_area() {
            assert_eq!(cases::areas(), [$(stringify!($area)),*]);
        }
    };
}

golden!(
    config,
    export,
    identity,
    items,
    json,
    losses,
    manifest,
    order,
    overlay,
    plan,
    renames,
    render,
    render_html,
    render_markdown,
    requirements,
    schema_diff,
    schema_merge,
    sealed,
    snapshot,
    value,
    verify
);

//! Properties of planning: whatever the states, a plan leads from one to the other, and every step on
//! the way would be accepted by a database.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod agreed;
mod database;
mod export;
mod permissions;
mod states;

use database::Database;
use proptest::prelude::*;
use schema_sync_core::error::Result;
use schema_sync_core::model::{Mode, Row};
use schema_sync_core::plan::{Plan, Step};
use schema_sync_core::planner::Planner;
use serde_json::Value;
use states::{State, facts, state};

/// Rows as the text of an array.
fn text(rows: &[Row]) -> String {
    Value::from_iter(rows.to_vec()).to_string()
}

/// The plan that leads from `current` to `desired`.
fn plan(desired: &State, current: &State, mode: Mode) -> Result<Plan> {
    let config = agreed::config(mode);
    assert!(config.diagnostics.is_empty(), "{:?}", config.diagnostics);
    let mut planner = Planner::new(config, facts());
    for (collection, rows) in desired {
        let path = format!("data/{collection}.json");
        planner.add_file(collection, &path, text(rows).as_bytes())?;
    }
    planner.finish_files()?;
    for (collection, rows) in current {
        for page in rows.chunks(2) {
            planner.add_current(collection, text(page).as_bytes(), None)?;
        }
    }
    planner.plan()
}

/// The plan, or `None` where a value would have to change hands through a column without null.
fn possible_plan(desired: &State, current: &State, mode: Mode) -> Option<Plan> {
    let mut expected = vec!["UNIQUE_SWAP_NOT_NULLABLE"];
    if mode == Mode::Merge {
        expected.push("UNIQUE_DUPLICATE");
    }
    match plan(desired, current, mode) {
        Ok(plan) => Some(plan),
        Err(error) if expected.contains(&error.code.as_str()) => None,
        Err(error) => panic!("{error}\n{:?}", error.diagnostics),
    }
}

fn backwards(state: &State) -> State {
    let reversed = |rows: &Vec<_>| rows.iter().rev().cloned().collect();
    state.iter().map(|(name, rows)| (name.clone(), reversed(rows))).collect()
}

fn is_delete(step: &Step) -> bool {
    matches!(step, Step::ItemsDelete { .. })
}

proptest! {
    #[test]
    fn a_mirror_plan_leads_to_the_desired_state(desired in state(), current in state()) {
        if let Some(plan) = possible_plan(&desired, &current, Mode::Mirror) {
            let mut database = Database::new(&current);
            database.apply(&plan.steps);
            prop_assert_eq!(database.content(), Database::new(&desired).content());
        }
    }

    #[test]
    fn a_merge_plan_deletes_nothing_and_keeps_what_others_wrote(
        desired in state(),
        current in state(),
    ) {
        if let Some(plan) = possible_plan(&desired, &current, Mode::Merge) {
            prop_assert!(!plan.steps.iter().any(is_delete));
            let mut database = Database::new(&current);
            database.apply(&plan.steps);
            let mut expected = Database::new(&current).content();
            for (collection, rows) in Database::new(&desired).content() {
                expected.entry(collection).or_default().extend(rows);
            }
            prop_assert_eq!(database.content(), expected);
        }
    }

    #[test]
    fn nothing_is_planned_where_nothing_differs(same in state()) {
        for mode in [Mode::Merge, Mode::Mirror] {
            prop_assert_eq!(plan(&same, &backwards(&same), mode).unwrap().steps, vec![]);
        }
    }

    #[test]
    fn a_plan_after_the_import_is_empty(desired in state(), current in state()) {
        if let Some(first) = possible_plan(&desired, &current, Mode::Mirror) {
            let mut database = Database::new(&current);
            database.apply(&first.steps);
            let second = plan(&desired, &database.state(), Mode::Mirror).unwrap();
            prop_assert_eq!(second.steps, vec![]);
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(desired in state(), current in state()) {
        let one = possible_plan(&desired, &current, Mode::Mirror);
        let other = possible_plan(&backwards(&desired), &backwards(&current), Mode::Mirror);
        prop_assert_eq!(one, other);
    }
}

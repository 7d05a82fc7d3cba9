//! Properties of imports that know what files and target last agreed on.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use schema_sync_core::config::{Config, RawConfig, resolve};
use schema_sync_core::error::Result;
use schema_sync_core::merge::OnDrift;
use schema_sync_core::model::{Mode, Row};
use schema_sync_core::plan::{Plan, Step};
use schema_sync_core::planner::Planner;
use serde_json::json;

use crate::database::Database;
use crate::states::{State, facts, state};
use crate::text;

/// Errors that random states lead to: what a plan refuses on purpose.
const REFUSED: [&str; 3] = ["UNIQUE_SWAP_NOT_NULLABLE", "UNIQUE_DUPLICATE", "REFERENCE_MISSING"];

/// The instance's secret, which keys the hashes of its base.
pub const SECRET: &[u8] = b"secret";

/// A plan, and the base as it is once the plan is applied.
pub struct Import {
    pub plan: Plan,
    pub base: Vec<u8>,
}

/// The three collections of the states, labels known by name.
pub fn config(mode: Mode) -> Config {
    let raw: RawConfig = serde_json::from_value(json!({
        "mode": mode,
        "sources": [{ "file": "config.js", "custom": {
            "labels": { "key": ["name"], "excludeFields": ["id"] }, "nodes": {}, "things": {},
        }}],
    }))
    .unwrap();
    resolve(&raw, &facts())
}

fn import(
    desired: &State,
    current: &State,
    base: Option<&[u8]>,
    how: (Mode, OnDrift),
) -> Result<Import> {
    let mut planner = Planner::new(config(how.0), facts());
    planner.set_base(SECRET, base)?;
    planner.set_drift(how.1, BTreeMap::new());
    for (collection, rows) in desired {
        planner.add_file(collection, &format!("data/{collection}.json"), text(rows).as_bytes())?;
    }
    planner.finish_files()?;
    for (collection, rows) in current {
        planner.add_current(collection, text(rows).as_bytes(), None)?;
    }
    let plan = planner.plan()?;
    Ok(Import { plan, base: planner.base()? })
}

/// The import, or `None` where it is refused.
pub fn possible(
    desired: &State,
    current: &State,
    base: Option<&[u8]>,
    how: (Mode, OnDrift),
) -> Option<Import> {
    match import(desired, current, base, how) {
        Ok(import) => Some(import),
        Err(error) if REFUSED.contains(&error.code.as_str()) => None,
        Err(error) => panic!("{error}\n{:?}", error.diagnostics),
    }
}

/// The base of a state that files and target agree on.
pub fn agreed(state: &State) -> Vec<u8> {
    import(state, state, None, (Mode::Sync, OnDrift::Overwrite)).unwrap().base
}

fn after(current: &State, plan: &Plan) -> State {
    let mut database = Database::new(current);
    database.apply(&plan.steps);
    database.state()
}

fn ids(state: &State) -> BTreeSet<(String, String)> {
    let rows = state.iter().flat_map(|(name, rows)| rows.iter().map(move |row| (name, row)));
    rows.map(|(name, row)| (name.clone(), key(name, row))).collect()
}

pub fn key(collection: &str, row: &Row) -> String {
    row[if collection == "labels" { "name" } else { "id" }].to_string()
}

fn is_refused(plan: &Plan) -> bool {
    plan.warnings.iter().any(|warning| warning.refused)
}

/// A kept row that refers to a row that goes loses the reference, so that it is not what it was.
fn clears_references(step: &Step) -> bool {
    matches!(step, Step::ItemsUpdate { reason: Some(reason), .. } if reason == "delete")
}

fn on_drift() -> impl Strategy<Value = OnDrift> {
    prop::sample::select(vec![OnDrift::Overwrite, OnDrift::Keep, OnDrift::Fail])
}

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(vec![Mode::Create, Mode::Merge, Mode::Sync, Mode::Mirror])
}

proptest! {
    #[test]
    fn what_was_never_agreed_on_stays(
        base in state(), desired in state(), current in state(), on_drift in on_drift(),
    ) {
        if let Some(import) = possible(&desired, &current, Some(&agreed(&base)), (Mode::Sync, on_drift)) {
            let (left, known) = (ids(&after(&current, &import.plan)), ids(&base));
            let lost: Vec<_> = ids(&current).into_iter().filter(|id| !left.contains(id)).collect();
            prop_assert!(lost.iter().all(|id| known.contains(id)), "{lost:?}");
        }
    }

    #[test]
    fn a_second_import_does_nothing(
        base in proptest::option::of(state()),
        desired in state(), current in state(), mode in mode(), on_drift in on_drift(),
    ) {
        let base = base.map(|base| agreed(&base));
        let first = possible(&desired, &current, base.as_deref(), (mode, on_drift));
        if let Some(first) = first.filter(|first| !is_refused(&first.plan)) {
            let target = after(&current, &first.plan);
            let second = possible(&desired, &target, Some(&first.base), (mode, on_drift));
            if let Some(second) = second {
                prop_assert_eq!(second.plan.steps, vec![]);
                let cleared = first.plan.steps.iter().any(clears_references);
                prop_assert!(cleared || second.base == first.base);
            }
        }
    }

    #[test]
    fn what_the_files_removed_goes_and_nothing_else(base in state(), desired in state()) {
        let how = (Mode::Sync, OnDrift::Overwrite);
        if let Some(import) = possible(&desired, &base, Some(&agreed(&base)), how) {
            let target = Database::new(&after(&base, &import.plan));
            prop_assert_eq!(target.content(), Database::new(&desired).content());
            prop_assert_eq!(import.base, agreed(&desired));
        }
    }

    #[test]
    fn merge_deletes_nothing_and_create_changes_nothing(
        base in state(), desired in state(), current in state(), on_drift in on_drift(),
    ) {
        for mode in [Mode::Merge, Mode::Create] {
            let Some(import) = possible(&desired, &current, Some(&agreed(&base)), (mode, on_drift))
            else { continue };
            for step in &import.plan.steps {
                prop_assert!(!crate::is_delete(step));
                let main_update = matches!(step, Step::ItemsUpdate { reason: None, .. });
                prop_assert!(mode != Mode::Create || !main_update);
            }
        }
    }

    #[test]
    fn what_changed_on_the_target_alone_is_kept_or_overwritten(base in state(), current in state()) {
        let known = agreed(&base);
        let (keep, overwrite) = ((Mode::Sync, OnDrift::Keep), (Mode::Sync, OnDrift::Overwrite));
        if let Some(kept) = possible(&base, &current, Some(&known), keep) {
            prop_assert_eq!(kept.plan.steps, vec![]);
            prop_assert_eq!(kept.base, known.clone());
        }
        if let Some(import) = possible(&base, &current, Some(&known), overwrite) {
            let target = after(&current, &import.plan);
            prop_assert!(ids(&base).is_subset(&ids(&target)));
            prop_assert_eq!(import.base, known);
        }
    }

    #[test]
    fn without_a_base_nothing_is_deleted_and_nothing_is_drift(desired in state(), current in state()) {
        for on_drift in [OnDrift::Overwrite, OnDrift::Keep, OnDrift::Fail] {
            let Some(import) = possible(&desired, &current, None, (Mode::Sync, on_drift)) else { continue };
            let merged = possible(&desired, &current, None, (Mode::Merge, on_drift)).unwrap();
            prop_assert_eq!(import.plan.steps, merged.plan.steps);
            let codes = import.plan.warnings.iter().map(|warning| warning.code.as_str());
            prop_assert!(codes.into_iter().all(|code| code == "TARGET_ONLY"));
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        base in state(), desired in state(), current in state(), on_drift in on_drift(),
    ) {
        let how = (Mode::Sync, on_drift);
        let known = agreed(&base);
        let one = possible(&desired, &current, Some(&known), how);
        let reversed = (crate::backwards(&desired), crate::backwards(&current));
        let other = possible(&reversed.0, &reversed.1, Some(&agreed(&crate::backwards(&base))), how);
        let content = |import: Import| (import.plan, import.base);
        prop_assert_eq!(one.map(content), other.map(content));
    }
}

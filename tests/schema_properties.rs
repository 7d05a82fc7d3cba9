//! Properties of snapshots and their changes, over schemas that nobody thought of.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use schema_sync_core::loss::Loss;
use schema_sync_core::model::Mode;
use schema_sync_core::plan::Step;
use schema_sync_core::schema_diff::{SchemaChange, changes, losses, steps};
use schema_sync_core::snapshot::{
    Collection, Field, Object, Relation, Snapshot, SystemField, join, split,
};
use serde_json::{Value, json};

const COLLECTIONS: [&str; 5] = ["authors", "Authors", "posts", "a/b", "pages"];
const FIELDS: [&str; 4] = ["title", "body", "parent", "notes"];

fn object(value: Value) -> Object {
    let Value::Object(object) = value else { panic!("not an object: {value}") };
    object
}

/// Every collection keeps one nature and one group, so that any two schemas can become each other.
fn collection(name: &'static str) -> impl Strategy<Value = Collection> {
    ("[a-c]{1,3}", any::<bool>()).prop_map(move |(icon, hidden)| Collection {
        name: name.into(),
        meta: object(json!({ "collection": name, "icon": icon, "hidden": hidden })),
        schema: Some(object(json!({ "name": name }))),
        extra: Object::new(),
    })
}

fn field(collection: &'static str, name: &'static str) -> impl Strategy<Value = Field> {
    let column = (proptest::option::of(1..200u64), any::<bool>(), any::<bool>());
    let options = proptest::option::of(proptest::collection::btree_map("[ab]", 0..3i64, 0..3));
    (any::<bool>(), column, options).prop_map(move |(alias, (length, nullable, indexed), options)| {
        let schema = json!({
            "max_length": length, "is_nullable": nullable, "is_indexed": indexed, "is_unique": false,
            "default_value": null, "is_primary_key": false, "has_auto_increment": false,
        });
        Field {
            collection: collection.into(),
            name: name.into(),
            kind: if alias { "alias" } else { "string" }.into(),
            meta: object(json!({ "field": name, "options": options })),
            schema: (!alias).then(|| object(schema)),
            extra: Object::new(),
        }
    })
}

fn relation(field: &Field, to: &Collection, constraint: bool, rule: &str) -> Relation {
    Relation {
        collection: field.collection.clone(),
        field: field.name.clone(),
        related: Some(to.name.clone()),
        meta: Some(object(json!({ "one_field": rule }))),
        schema: constraint.then(|| object(json!({ "on_delete": rule, "on_update": "NO ACTION" }))),
        extra: Object::new(),
    }
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let names = subsequence(COLLECTIONS.to_vec(), 1..=COLLECTIONS.len());
    let collections =
        names.prop_flat_map(|names| names.into_iter().map(collection).collect::<Vec<_>>());
    let fields = subsequence(pairs(), 0..=pairs().len())
        .prop_flat_map(|pairs| pairs.into_iter().map(|(c, f)| field(c, f)).collect::<Vec<_>>());
    let links = proptest::collection::vec((any::<Index>(), any::<bool>(), "CASCADE|SET NULL"), 20);
    let indexes = subsequence(vec!["email", "title", "location"], 0..=3);
    (collections, fields, links, indexes).prop_map(|(collections, fields, links, indexes)| {
        let has = |name: &str| collections.iter().any(|collection| collection.name == name);
        let fields: Vec<Field> =
            fields.into_iter().filter(|field| has(&field.collection)).collect();
        let columns = fields.iter().filter(|field| field.schema.is_some());
        let relations = columns.zip(links).filter(|(field, _)| field.name == "parent");
        let relations = relations.map(|(field, (to, constraint, rule))| {
            relation(field, to.get(&collections), constraint, &rule)
        });
        let relations = relations.collect();
        let index = |name: &str| SystemField {
            collection: "directus_users".into(),
            name: name.into(),
            indexed: true,
        };
        let system_fields = Some(indexes.into_iter().map(index).collect());
        let (version, directus) = (1, "12.4.0".into());
        let vendor = Some("sqlite".into());
        let extra = Object::new();
        let made = Snapshot {
            version,
            directus,
            vendor,
            collections,
            fields,
            system_fields,
            relations,
            extra,
        };
        reread(&made)
    })
}

fn pairs() -> Vec<(&'static str, &'static str)> {
    COLLECTIONS
        .iter()
        .flat_map(|collection| FIELDS.iter().map(|field| (*collection, *field)))
        .collect()
}

/// The snapshot in canonical order.
fn reread(snapshot: &Snapshot) -> Snapshot {
    Snapshot::try_from(Value::from(snapshot.clone())).unwrap()
}

/// A model of what applying the changes makes of a snapshot.
fn applied(current: &Snapshot, changes: &[SchemaChange]) -> Snapshot {
    let mut made = current.clone();
    for change in changes.iter().cloned() {
        match change {
            SchemaChange::CollectionCreate { after, fields } => {
                made.collections.push(after);
                made.fields.extend(fields);
            }
            SchemaChange::CollectionUpdate { before, after } => {
                *made.collections.iter_mut().find(|found| **found == before).unwrap() = after;
            }
            SchemaChange::CollectionDelete { before, .. } => {
                made.collections.retain(|found| *found != before);
                made.fields.retain(|found| found.collection != before.name);
                made.relations.retain(|found| found.collection != before.name);
            }
            SchemaChange::FieldCreate { after } => made.fields.push(after),
            SchemaChange::FieldUpdate { before, after }
            | SchemaChange::FieldReplace { before, after } => {
                *made.fields.iter_mut().find(|found| **found == before).unwrap() = after;
            }
            SchemaChange::FieldDelete { before } => made.fields.retain(|found| *found != before),
            SchemaChange::SystemFieldUpdate { collection, field, indexed } => {
                let fields = made.system_fields.get_or_insert_default();
                fields.retain(|found| found.path() != (&collection, &field));
                fields.extend(indexed.then_some(SystemField { collection, name: field, indexed }));
            }
            SchemaChange::RelationCreate { after } => made.relations.push(after),
            SchemaChange::RelationUpdate { before, after }
            | SchemaChange::RelationReplace { before, after } => {
                *made.relations.iter_mut().find(|found| **found == before).unwrap() = after;
            }
            SchemaChange::RelationDelete { before } => {
                made.relations.retain(|found| *found != before)
            }
        }
    }
    reread(&made)
}

fn deletes(step: &Step) -> bool {
    matches!(step, Step::CollectionDelete { .. } | Step::FieldDelete { .. })
}

proptest! {
    #[test]
    fn a_schema_survives_the_folder(snapshot in snapshot(), many in any::<bool>()) {
        prop_assert_eq!(join(&split(&snapshot, many)).unwrap(), snapshot);
    }

    #[test]
    fn no_two_files_have_one_name_on_a_disk_that_ignores_case(snapshot in snapshot()) {
        let mut paths: Vec<String> =
            split(&snapshot, true).iter().map(|file| file.path.to_lowercase()).collect();
        paths.sort();
        let files = paths.len();
        paths.dedup();
        prop_assert_eq!(paths.len(), files);
    }

    #[test]
    fn the_order_of_lists_does_not_matter(snapshot in snapshot()) {
        let mut value = Value::from(snapshot.clone());
        for list in ["collections", "fields", "relations", "systemFields"] {
            value[list].as_array_mut().unwrap().reverse();
        }
        prop_assert_eq!(Snapshot::try_from(value).unwrap(), snapshot);
    }

    #[test]
    fn equal_schemas_have_no_changes(snapshot in snapshot()) {
        prop_assert_eq!(changes(&snapshot, &snapshot, Mode::Mirror).unwrap(), []);
    }

    #[test]
    fn a_mirror_makes_the_target_equal(desired in snapshot(), current in snapshot()) {
        let changes = changes(&desired, &current, Mode::Mirror).unwrap();
        prop_assert_eq!(applied(&current, &changes), desired);
    }

    #[test]
    fn a_merge_keeps_everything_and_is_done_at_once(desired in snapshot(), current in snapshot()) {
        // A column that would become an alias is refused, which is another test.
        let Ok(made) = changes(&desired, &current, Mode::Merge) else { return Ok(()) };
        let merged = applied(&current, &made);
        for collection in &current.collections {
            prop_assert!(merged.collection(&collection.name).is_some());
        }
        for field in &current.fields {
            prop_assert!(merged.fields.iter().any(|found| found.path() == field.path()));
        }
        for relation in &current.relations {
            prop_assert!(merged.relations.iter().any(|found| found.path() == relation.path()));
        }
        prop_assert_eq!(changes(&desired, &merged, Mode::Merge).unwrap(), []);
    }

    #[test]
    fn what_goes_goes_last_unless_it_comes_back(desired in snapshot(), current in snapshot()) {
        let steps = steps(&changes(&desired, &current, Mode::Mirror).unwrap());
        let last_other = steps.iter().rposition(|step| {
            !deletes(step) && !matches!(step, Step::RelationDelete { .. })
        });
        for (at, step) in steps.iter().enumerate().filter(|(_, step)| deletes(step)) {
            let comes_back = match step {
                Step::FieldDelete { collection, field } => desired
                    .fields
                    .iter()
                    .any(|found| found.path() == (collection.as_str(), field.as_str())),
                _ => false,
            };
            prop_assert!(comes_back || last_other.is_none_or(|last| at > last));
        }
    }

    #[test]
    fn every_loss_is_asked_once_and_of_something_that_exists(desired in snapshot(), current in snapshot()) {
        let losses = losses(&changes(&desired, &current, Mode::Mirror).unwrap(), None);
        let ids: BTreeSet<String> = losses.iter().map(Loss::id).collect();
        prop_assert_eq!(ids.len(), losses.len());
        for question in losses.iter().map(Loss::question) {
            prop_assert!(current.collection(&question.collection).is_some());
            let has_column = |name: &String| {
                current.fields_of(&question.collection).any(|it| it.name == *name && !it.is_alias())
            };
            prop_assert!(question.field.iter().all(has_column), "{:?}", question);
        }
    }

    #[test]
    fn what_loses_nothing_needs_no_consent(desired in snapshot(), current in snapshot()) {
        for loss in losses(&changes(&desired, &current, Mode::Mirror).unwrap(), None) {
            prop_assert!(loss.obstacle(0).is_none());
            prop_assert!(loss.warning(Some(0)).is_none_or(|warning| !warning.destructive));
            prop_assert!(loss.obstacle(1).is_some() != loss.warning(Some(1)).is_some());
            prop_assert!(loss.warning(None).is_none_or(|warning| warning.destructive));
        }
    }
}

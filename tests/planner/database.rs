//! A database that refuses what a real one refuses: at every row, not at the end.

use std::collections::BTreeMap;

use schema_sync_core::model::{Facts, Row};
use schema_sync_core::plan::{RowChange, Step};
use serde_json::Value;

use crate::states::{State, facts};

/// Tables with foreign keys that are checked after every row.
pub struct Database {
    facts: Facts,
    tables: BTreeMap<String, BTreeMap<String, Row>>,
    next_id: u64,
}

impl Database {
    /// A database that holds `state`.
    pub fn new(state: &State) -> Self {
        let table =
            |rows: &Vec<Row>| rows.iter().map(|row| (text(&row["id"]), row.clone())).collect();
        let tables = state.iter().map(|(name, rows)| (name.clone(), table(rows))).collect();
        let database = Self { facts: facts(), tables, next_id: 100 };
        database.check("the state itself");
        database
    }

    /// Applies steps row by row.
    pub fn apply(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::ItemsCreate { collection, rows, .. } => {
                    rows.iter().for_each(|row| self.create(collection, &row.row()));
                }
                Step::ItemsUpdate { collection, changes, .. } => {
                    changes.iter().for_each(|change| self.update(collection, change));
                }
                Step::ItemsDelete { collection, keys, .. } => {
                    keys.iter().for_each(|key| self.delete(collection, key));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    /// Rows by collection and key across instances, without ids that the database made.
    pub fn content(&self) -> BTreeMap<String, BTreeMap<String, Row>> {
        let mut content = self.tables.clone();
        let labels = content.remove("labels").unwrap_or_default().into_values();
        let named = labels.map(|mut row| {
            row.remove("id");
            (text(&row["name"]), row)
        });
        content.insert("labels".to_owned(), named.collect());
        content
    }

    /// Rows by collection.
    pub fn state(&self) -> State {
        let rows = |table: &BTreeMap<String, Row>| table.values().cloned().collect();
        self.tables.iter().map(|(name, table)| (name.clone(), rows(table))).collect()
    }

    fn create(&mut self, collection: &str, row: &Row) {
        let mut row = row.clone();
        if !row.contains_key("id") {
            row.insert("id".to_owned(), self.next_id.into());
            self.next_id += 1;
        }
        let before = self.table(collection).insert(text(&row["id"]), row.clone());
        assert_eq!(before, None, "{collection} {row:?} exists");
        self.check(&format!("create {row:?}"));
    }

    fn update(&mut self, collection: &str, change: &RowChange) {
        let row = self.table(collection).get_mut(&text(&change.key)).unwrap();
        row.extend(change.set.clone());
        self.check(&format!("update {change:?}"));
    }

    fn delete(&mut self, collection: &str, key: &Value) {
        let row = self.table(collection).remove(&text(key));
        assert!(row.is_some(), "{collection} {key} does not exist");
        self.check(&format!("delete {collection} {key}"));
    }

    fn table(&mut self, collection: &str) -> &mut BTreeMap<String, Row> {
        self.tables.entry(collection.to_owned()).or_default()
    }

    fn check(&self, after: &str) {
        for relation in &self.facts.relations {
            let related = relation.related.as_deref().and_then(|name| self.tables.get(name));
            for row in self.tables.get(&relation.collection).into_iter().flatten() {
                let value = &row.1[&relation.field];
                let exists = related.is_some_and(|table| table.contains_key(&text(value)));
                assert!(value.is_null() || exists, "dangling {} after {after}", relation.field);
            }
        }
        for (name, table) in &self.tables {
            self.check_columns(name, table, after);
        }
    }

    fn check_columns(&self, name: &str, table: &BTreeMap<String, Row>, after: &str) {
        for (field, facts) in &self.facts.collections[name].fields {
            let mut values: Vec<String> = table.values().map(|row| text(&row[field])).collect();
            assert!(
                facts.nullable || !values.contains(&"null".into()),
                "null {field} after {after}"
            );
            values.retain(|value| value != "null");
            let count = values.len();
            values.sort();
            values.dedup();
            assert!(!facts.unique || values.len() == count, "{field} twice after {after}");
        }
    }
}

fn text(value: &Value) -> String {
    value.to_string()
}

//! An instance with ids of its own, that is exported and that plans are applied to.

use std::collections::BTreeMap;

use schema_sync_core::config::{Config, RawConfig, resolve};
use schema_sync_core::items::ItemExport;
use schema_sync_core::model::{Facts, Row};
use schema_sync_core::plan::{CREATED, Plan, RowChange, Step};
use schema_sync_core::planner::Planner;
use serde_json::{Value, json};

use crate::content::{Content, ids};

/// The texts of files by path.
pub type Files = BTreeMap<String, String>;

/// The only quote, whose id travels.
const QUOTE: &str = "00000000-0000-4000-8000-000000000001";

/// Tables of rows by the text of their ids.
pub struct Instance {
    facts: Facts,
    tables: BTreeMap<String, BTreeMap<String, Row>>,
    next_id: u64,
    created: BTreeMap<String, Value>,
}

fn config(facts: &Facts) -> Config {
    let by_key = |key: &[&str]| json!({ "key": key, "excludeFields": ["id"] });
    let raw: RawConfig = serde_json::from_value(json!({
        "mode": "mirror",
        "sources": [{ "file": "config.js", "custom": {
            "blocks": by_key(&["product", "sort"]),
            "categories": by_key(&["slug"]),
            "headings": by_key(&["number"]),
            "notes": {},
            "products": by_key(&["sku"]),
            "quotes": {},
            "translations": by_key(&["product", "language"]),
        }}],
    }))
    .unwrap();
    let config = resolve(&raw, facts);
    assert_eq!(config.diagnostics, vec![]);
    config
}

fn text(rows: &[Row]) -> Vec<u8> {
    Value::from_iter(rows.to_vec()).to_string().into_bytes()
}

impl Instance {
    /// An instance that holds `content` under ids that `seed` gives.
    pub fn new(content: &Content, seed: u64) -> Self {
        let facts = serde_json::from_str(include_str!("../cases/_facts/named.json")).unwrap();
        let (tables, created) = (BTreeMap::new(), BTreeMap::new());
        let mut instance = Self { facts, tables, next_id: 1000, created };
        instance.fill(content, seed);
        instance
    }

    fn fill(&mut self, content: &Content, seed: u64) {
        let categories = ids(content.categories.keys().cloned(), seed);
        for (slug, parent) in &content.categories {
            let parent = parent.as_ref().map(|parent| categories[parent]);
            self.put(
                "categories",
                json!({ "id": categories[slug], "slug": slug, "parent": parent }),
            );
        }
        let products = ids(content.products.keys().cloned(), seed ^ 1);
        for (sku, category) in &content.products {
            let category = category.as_ref().map(|category| categories[category]);
            self.put("products", json!({ "id": products[sku], "sku": sku, "category": category }));
        }
        let translations = ids(content.translations.keys().cloned(), seed ^ 2);
        for (key, title) in &content.translations {
            let (product, language) = (products[&key.0], &key.1);
            let id = translations[key];
            let row = json!({ "id": id, "product": product, "language": language, "title": title });
            self.put("translations", row);
        }
        let headings = ids(content.headings.keys().copied(), seed ^ 3);
        for (number, text) in &content.headings {
            let number_text = number.to_string();
            let row = json!({ "id": headings[number], "number": number_text, "text": text });
            self.put("headings", row);
        }
        self.put("quotes", json!({ "id": QUOTE, "text": "quote" }));
        let blocks = ids(content.blocks.keys().cloned(), seed ^ 4);
        for (key, heading) in &content.blocks {
            let (collection, item) = match heading {
                Some(heading) => ("headings", headings[heading].to_string()),
                None => ("quotes", QUOTE.to_owned()),
            };
            self.put(
                "blocks",
                json!({
                    "id": blocks[key], "product": products[&key.0], "sort": key.1,
                    "collection": collection, "item": item,
                }),
            );
        }
        for (note, translation) in &content.notes {
            let id = format!("00000000-0000-4000-9000-00000000000{note}");
            let translation = translation.as_ref().map(|key| translations[key]);
            self.put("notes", json!({ "id": id, "text": null, "translation": translation }));
        }
    }

    fn put(&mut self, collection: &str, row: Value) {
        let row = row.as_object().unwrap().clone();
        let table = self.tables.entry(collection.to_owned()).or_default();
        let before = table.insert(row["id"].to_string(), row);
        assert_eq!(before, None, "{collection} has the row already");
    }

    /// All rows of a collection.
    pub fn rows(&self, collection: &str) -> Vec<Row> {
        self.tables.get(collection).into_iter().flat_map(|table| table.values().cloned()).collect()
    }

    /// Shows a planner the rows, by key; `take` gets each page.
    fn show(&self, planner: &mut Planner, mut take: impl FnMut(&mut Planner, &str, &[u8])) {
        for reading in planner.keys_to_read() {
            planner.add_keys(&reading.collection, &text(&self.rows(&reading.collection))).unwrap();
        }
        for collection in self.facts.collections.keys() {
            if let Ok(page) = planner.by_key(collection, &text(&self.rows(collection))) {
                take(planner, collection, &page);
            }
        }
    }

    /// The files of an export.
    pub fn export(&self) -> Files {
        let config = config(&self.facts);
        let mut planner = Planner::for_export(config.clone(), self.facts.clone());
        let entry = |name: &str| config.entries.iter().find(|entry| entry.id == name).unwrap();
        let mut files = Files::new();
        self.show(&mut planner, |_, name, page| {
            let mut export = ItemExport::new(entry(name).clone(), &self.facts);
            export.add_rows(page, None).unwrap();
            files.extend(export.files().unwrap().into_iter().map(|file| (file.path, file.text)));
        });
        files
    }

    /// The plan of an import.
    pub fn plan(&self, files: &Files) -> Plan {
        let mut planner = Planner::new(config(&self.facts), self.facts.clone());
        for (path, text) in files {
            let entry = path.trim_start_matches("data/").trim_end_matches(".json");
            planner.add_file(entry, path, text.as_bytes()).unwrap();
        }
        planner.finish_files().unwrap();
        self.show(&mut planner, |planner, name, page| {
            planner.add_current(name, page, None).unwrap();
        });
        assert_eq!(planner.unknown_references(), BTreeMap::new());
        planner.plan().unwrap_or_else(|error| panic!("{error}\n{:?}", error.diagnostics))
    }

    /// Applies steps row by row, as the writers do.
    pub fn apply(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::ItemsCreate { collection, rows, names, .. } => {
                    for (index, row) in rows.iter().enumerate() {
                        let id = self.create(collection, &row.row());
                        let name = names.get(index);
                        name.into_iter()
                            .for_each(|name| drop(self.created.insert(name.clone(), id.clone())));
                    }
                }
                Step::ItemsUpdate { collection, changes, .. } => {
                    changes.iter().for_each(|change| self.update(collection, change));
                }
                Step::ItemsDelete { collection, keys, .. } => {
                    let table = self.tables.get_mut(collection).unwrap();
                    keys.iter().for_each(|key| drop(table.remove(&key.to_string()).unwrap()));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn create(&mut self, collection: &str, row: &Row) -> Value {
        let mut row = self.with_ids(collection, row);
        let id = row.entry("id").or_insert_with(|| self.next_id.into()).clone();
        self.next_id += 1;
        self.put(collection, Value::Object(row));
        id
    }

    fn update(&mut self, collection: &str, change: &RowChange) {
        let id = self.id_behind(&change.key);
        let set = self.with_ids(collection, &change.set);
        let row = self.tables.get_mut(collection).unwrap().get_mut(&id.to_string()).unwrap();
        assert!(
            change
                .before
                .iter()
                .all(|(field, value)| row.get(field).unwrap_or(&Value::Null) == value)
        );
        row.extend(set);
    }

    fn id_behind(&self, value: &Value) -> Value {
        match value.get(CREATED) {
            Some(name) => self.created[name.as_str().unwrap()].clone(),
            None => value.clone(),
        }
    }

    /// The values with ids of created rows, which every reference must have by now.
    fn with_ids(&self, collection: &str, values: &Row) -> Row {
        let is_text =
            |field: &str| self.facts.collections[collection].fields[field].kind == "string";
        let values = values.iter().map(|(field, value)| {
            let id = self.id_behind(value);
            let id = if is_text(field) && id.is_number() { id.to_string().into() } else { id };
            (field.clone(), id)
        });
        let row: Row = values.collect();
        for relation in self.facts.relations.iter().filter(|it| it.collection == collection) {
            let (Some(related), Some(id)) = (&relation.related, row.get(&relation.field)) else {
                continue;
            };
            let exists =
                self.tables.get(related).is_some_and(|table| table.contains_key(&id.to_string()));
            assert!(id.is_null() || exists, "{collection}.{} refers to nothing", relation.field);
        }
        row
    }
}

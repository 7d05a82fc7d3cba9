//! What an entry's rows have to do with the base: their contents as hashes, and what the base holds
//! of them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::base::{self, Hash, Hasher, Things};
use crate::config::Entry;
use crate::json;
use crate::merge::Agreed;
use crate::model::{CollectionFacts, Row};
use crate::renames::Renames;
use crate::rows;

/// The base of one entry, while a plan is made.
#[derive(Debug, Clone)]
pub struct Agreement {
    hasher: Hasher,
    /// What was agreed on; `None` where nothing was, or under another key or filter.
    before: Option<Things>,
    /// The fields of the base, as they are called in it and now.
    named: Vec<(String, String)>,
    /// The collection as it is on the target: the base's contents are of these types.
    target: CollectionFacts,
    scope: String,
    /// The fields that the files know, of which the next base is made.
    fields: Vec<String>,
}

impl Agreement {
    /// The agreement on the rows of `entry`, some of whose fields were `renamed` since, or are now.
    pub fn new(
        hasher: &Hasher,
        base: Option<&Things>,
        entry: &Entry,
        target: CollectionFacts,
        renamed: &Renames,
    ) -> Self {
        let scope = base::scope(entry);
        let scopes = [base::scope(&renamed.entry_before(entry)), scope.clone()];
        let before = base.filter(|base| scopes.contains(&base.scope)).cloned();
        let fields = before.iter().flat_map(|base| &base.fields);
        let now = |was: &String| renamed.new_name(&entry.collection, was).to_owned();
        let named = fields.map(|was| (was.clone(), now(was))).collect();
        Self { hasher: hasher.clone(), before, named, target, scope, fields: Vec::new() }
    }

    /// Takes the rows of the files, whose fields the next base is made of. The primary key is no
    /// content: it is the key, or differs between instances.
    pub fn set_files<'a>(&mut self, rows: impl Iterator<Item = &'a Row>, entry: &Entry) {
        let known: BTreeSet<&String> = rows.flat_map(Row::keys).collect();
        let known = if known.is_empty() { entry.fields.iter().collect() } else { known };
        let content = known.into_iter().filter(|field| **field != entry.primary_key);
        self.fields = content.cloned().collect();
    }

    /// Takes the fields of an entry whose rows are exported, of which the next base is made as far as
    /// the target has them.
    pub fn set_exported(&mut self, entry: &Entry) {
        let own = entry.fields.iter().filter(|field| **field != entry.primary_key);
        let own = own.filter(|field| self.target.fields.contains_key(*field));
        self.fields = own.cloned().collect();
    }

    /// Whether there is a base to compare with.
    pub fn has_base(&self) -> bool {
        self.before.is_some()
    }

    /// Whether the target has the collection.
    pub fn is_on_target(&self) -> bool {
        !self.target.fields.is_empty()
    }

    /// Whether the base was made of that field, too.
    pub fn covers(&self, field: &str) -> bool {
        self.named.iter().any(|(_, now)| now == field)
    }

    /// The fields that the base was made of, as far as the target has them.
    pub fn fields_before(&self) -> impl Iterator<Item = &String> {
        let fields = self.named.iter().map(|(_, now)| now);
        fields.filter(|field| self.target.fields.contains_key(*field))
    }

    /// What was agreed on of the row with that key, which no other row has.
    pub fn of(&self, key: &str) -> Agreed<Hash> {
        match &self.before {
            None => Agreed::Unknown,
            Some(things) => things.of(self.hasher.key(key)),
        }
    }

    /// Everything that was agreed on of rows that share that key; `None` without a base.
    pub fn all_of(&self, key: &str) -> Option<Vec<Hash>> {
        let pairs = self.before.as_ref()?.rows.of(self.hasher.key(key));
        Some(pairs.iter().map(|(_, content)| *content).collect())
    }

    /// The content of a row of the target over the base's fields, as Directus gives it.
    pub fn content_before(&self, row: &Row) -> Hash {
        self.content_over(self.named.iter().map(|(was, now)| (was, now)), row)
    }

    /// The content of a row of the target over the fields of the next base, as Directus gives it.
    pub fn content_now(&self, row: &Row) -> Hash {
        self.content_over(self.fields.iter().map(|field| (field, field)), row)
    }

    /// The content of a row over fields by the names that the hash is made of, and by those of the row.
    fn content_over<'a>(
        &self,
        fields: impl Iterator<Item = (&'a String, &'a String)>,
        row: &Row,
    ) -> Hash {
        let value = |field: &String| {
            let value = rows::value_of(row, field);
            let masked = rows::is_mask(value);
            rows::canonical(
                self.target.fields.get(field),
                if masked { &Value::Null } else { value },
            )
        };
        self.hash(fields.map(|(name, field)| (name, value(field))))
    }

    /// The content of a desired row over the base's fields; what it leaves open is as in `current`.
    pub fn desired_before(&self, desired: &Row, current: &Row) -> Hash {
        let fields = self.named.iter();
        self.hash(fields.map(|(was, now)| (was, laid_over(desired, current, now).clone())))
    }

    /// The content of a row over the fields of the next base: `desired` laid over `current`.
    pub fn content_after(&self, desired: &Row, current: &Row) -> Hash {
        let fields = self.fields.iter();
        self.hash(fields.map(|field| (field, laid_over(desired, current, field).clone())))
    }

    fn hash<'a>(&self, values: impl Iterator<Item = (&'a String, Value)>) -> Hash {
        let content = values.map(|(field, value)| (field.clone(), value)).collect();
        self.hasher.content(&json::to_compact(&Value::Object(content)))
    }

    /// The next base of the entry, of the keys and contents of its rows.
    pub fn next<'a>(&self, rows: impl Iterator<Item = (&'a str, Hash)>) -> Things {
        let rows = rows.map(|(key, content)| (self.hasher.key(key), content)).collect();
        Things { scope: self.scope.clone(), fields: self.fields.clone(), rows }
    }
}

fn laid_over<'a>(desired: &'a Row, current: &'a Row, field: &str) -> &'a Value {
    desired.get(field).unwrap_or_else(|| rows::value_of(current, field))
}

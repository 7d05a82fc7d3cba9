//! The target as it is once its fields are renamed.
//!
//! This is all that a rename changes: the column, the field's own settings, and the settings of
//! collections and relations that name the field. Whatever else mentions it, such as a template or a
//! permission, is content, and comes from the files.

use serde_json::Value;

use super::Renames;
use crate::model::Facts;
use crate::snapshot::{Collection, Field, Object, Relation, Snapshot};

/// Settings of a collection that name one of its fields.
const OF_COLLECTION: [&str; 2] = ["archive_field", "sort_field"];

/// Settings of a relation that name a field of the collection that holds it.
const OF_RELATION: [&str; 4] =
    ["many_field", "junction_field", "sort_field", "one_collection_field"];

impl Renames {
    /// A snapshot of the target under the new names.
    pub fn snapshot(&self, current: &Snapshot) -> Snapshot {
        let mut renamed = current.clone();
        if self.is_empty() {
            return renamed;
        }
        renamed.collections.iter_mut().for_each(|collection| self.collection(collection));
        renamed.fields.iter_mut().for_each(|field| self.field(field));
        renamed.relations.iter_mut().for_each(|relation| self.relation(relation));
        renamed.sort();
        renamed
    }

    /// Renames what the settings of a collection name.
    pub fn collection(&self, collection: &mut Collection) {
        for key in OF_COLLECTION {
            self.value(&collection.name, collection.meta.get_mut(key));
        }
    }

    /// Renames a field, in its own settings, too.
    pub fn field(&self, field: &mut Field) {
        field.name = self.new_name(&field.collection, &field.name).to_owned();
        self.value(&field.collection, field.meta.get_mut("field"));
        self.value(&field.collection, member(&mut field.schema, "name"));
    }

    /// Renames the field that holds a relation, and what its settings name.
    pub fn relation(&self, relation: &mut Relation) {
        let collection = relation.collection.clone();
        relation.field = self.new_name(&collection, &relation.field).to_owned();
        for key in OF_RELATION {
            self.value(&collection, member(&mut relation.meta, key));
        }
        self.value(&collection, member(&mut relation.schema, "column"));
    }

    /// Facts of the target under the new names.
    pub fn facts(&self, facts: &Facts) -> Facts {
        let mut renamed = facts.clone();
        for ((collection, field), to) in &self.new {
            let fields = renamed.collections.get_mut(collection).map(|facts| &mut facts.fields);
            let Some(fields) = fields else { continue };
            if let Some(facts) = fields.remove(field) {
                fields.insert(to.clone(), facts);
            }
        }
        for relation in renamed.relations.iter_mut().filter(|_| !self.is_empty()) {
            relation.field = self.new_name(&relation.collection, &relation.field).to_owned();
            let tells = relation.collection_field.take();
            relation.collection_field =
                tells.map(|field| self.new_name(&relation.collection, &field).to_owned());
        }
        renamed
    }

    /// Replaces a setting that names a field.
    fn value(&self, collection: &str, value: Option<&mut Value>) {
        if let Some(Value::String(field)) = value {
            *field = self.new_name(collection, field).to_owned();
        }
    }
}

fn member<'a>(object: &'a mut Option<Object>, key: &str) -> Option<&'a mut Value> {
    object.as_mut()?.get_mut(key)
}

//! Filters under the names that the target has.

use serde_json::{Map, Value};

use super::Renames;

impl Renames {
    /// A filter of Directus on `collection`, in whose place of each renamed field stands its old name.
    pub fn filter(&self, collection: &str, filter: &Value) -> Value {
        if self.is_empty() {
            return filter.clone();
        }
        match filter {
            Value::Object(conditions) => {
                let translated = conditions.iter().map(|(name, condition)| {
                    let (name, led_to) = self.name(collection, name);
                    (name, self.filter(led_to.unwrap_or(collection), condition))
                });
                Value::Object(translated.collect::<Map<_, _>>())
            }
            Value::Array(parts) => parts.iter().map(|part| self.filter(collection, part)).collect(),
            value => value.clone(),
        }
    }

    /// What a key of a filter is called on the target, and the collection that it leads to: `author`,
    /// `year(date)`, `item:posts`; or an operator such as `_and`.
    fn name<'a>(&'a self, collection: &str, key: &'a str) -> (String, Option<&'a str>) {
        if key.starts_with('_') {
            return (key.to_owned(), None);
        }
        if let Some((function, field)) = key.strip_suffix(')').and_then(|key| key.split_once('(')) {
            return (format!("{function}({})", self.old_name(collection, field)), None);
        }
        match key.split_once(':') {
            Some((field, to)) => (format!("{}:{to}", self.old_name(collection, field)), Some(to)),
            None => (self.old_name(collection, key).to_owned(), self.other_end(collection, key)),
        }
    }

    /// The collection that a field refers to, or whose rows refer to it.
    fn other_end(&self, collection: &str, field: &str) -> Option<&str> {
        self.relations.iter().find_map(|relation| {
            let one_field = relation.meta.as_ref().and_then(|meta| meta.get("one_field")?.as_str());
            let is_referred_to = relation.related.as_deref() == Some(collection);
            match () {
                () if relation.path() == (collection, field) => relation.related.as_deref(),
                () if is_referred_to && one_field == Some(field) => Some(&relation.collection),
                () => None,
            }
        })
    }
}

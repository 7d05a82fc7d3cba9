//! What the placeholders of a plan stand for, once it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Environment, stands_in};
use crate::model::{CollectionFacts, Row};
use crate::plan::{Plan, Step};

/// What the writers of a plan need to know of the environment. It outlives the planner.
#[derive(Debug, Clone, Default)]
pub struct Filling {
    environment: Rc<Environment>,
    /// By the ids of entries whose rows have placeholders: the collection as the schema steps leave it.
    entries: BTreeMap<String, CollectionFacts>,
}

impl Filling {
    /// Values of `environment` for rows of `entries`.
    pub fn new(environment: Rc<Environment>, entries: BTreeMap<String, CollectionFacts>) -> Self {
        Self { environment, entries }
    }

    /// The text of [`Plan::part`] with what its placeholders stand for, to be written and shown to
    /// nobody.
    pub fn part(&self, plan: &Plan, step: usize, from: usize, count: usize) -> String {
        let part = plan.part(step, from, count);
        let facts = plan.steps.get(step).and_then(Step::entry);
        match facts.and_then(|entry| self.entries.get(entry)) {
            None => part.text(),
            Some(facts) => part.text_filled(Some(&|row| self.fill(row, facts))),
        }
    }

    fn fill(&self, row: &mut Row, facts: &CollectionFacts) {
        for (name, value) in row.iter_mut().filter(|(_, value)| stands_in(value)) {
            // Whatever stood for nothing has stopped the planning.
            *value = self.environment.resolve(facts.fields.get(name), value, &mut BTreeSet::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;
    use crate::model::Mode;
    use crate::plan::Summary;

    fn filling() -> Filling {
        let facts = json!({
            "primary": "id",
            "fields": { "port": { "type": "integer" }, "options": { "type": "json" } },
        });
        let environment: Environment = from_value(json!({ "PORT": "25", "HOST": "mail" })).unwrap();
        let entries = [("mail".to_owned(), from_value(facts).unwrap())].into();
        Filling::new(environment.into(), entries)
    }

    fn plan(entry: &str) -> Plan {
        let port = json!({ "$env": "PORT" });
        let steps = json!([
            {
                "type": "items.create", "entry": entry, "collection": "mail", "labels": ["1", "2"],
                "rows": [{ "id": 1, "port": port }, { "id": 2, "options": [{ "$env": "HOST" }] }],
            },
            {
                "type": "items.update", "entry": entry, "collection": "mail",
                "changes": [{ "key": 3, "label": "3", "set": { "port": port }, "before": { "port": 1 } }],
            },
        ]);
        Plan::new(Mode::Merge, from_value(steps).unwrap(), Vec::new(), Summary::default())
    }

    fn part(plan: &Plan, step: usize) -> Value {
        serde_json::from_str(&filling().part(plan, step, 0, 10)).unwrap()
    }

    #[test]
    fn rows_get_values_of_their_types() {
        let created = part(&plan("mail"), 0);
        assert_eq!(
            created["rows"],
            json!([{ "id": 1, "port": 25 }, { "id": 2, "options": ["mail"] }])
        );
        assert_eq!(created["labels"], json!(["1", "2"]));
        assert_eq!(part(&plan("mail"), 1)["changes"][0]["set"], json!({ "port": 25 }));
    }

    #[test]
    fn rows_of_other_entries_stay_as_they_are() {
        let plan = plan("other");
        let as_they_are =
            |step| serde_json::from_str::<Value>(&plan.part(step, 0, 10).text()).unwrap();
        assert_eq!(part(&plan, 0), as_they_are(0));
        assert_eq!(part(&plan, 1), as_they_are(1));
    }
}

//! A plan in parts: its head, which is small, and slices of what its steps say of rows.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::{Plan, RowChange, Step, Summary, Warning};
use crate::environment;
use crate::json;
use crate::model::{Effects, Mode, Row};
use crate::row_text::RowText;

/// A plan with the number of rows in place of every list of them, which may be as large as the files.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Head<'a> {
    format_version: u32,
    mode: Mode,
    steps: Vec<HeadStep<'a>>,
    warnings: &'a [Warning],
    summary: &'a Summary,
    digest: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum HeadStep<'a> {
    Rows(RowsHead<'a>),
    Schema(&'a Step),
}

/// A step that concerns rows, without them.
#[derive(Debug, Serialize)]
struct RowsHead<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    entry: &'a str,
    collection: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Effects::are_none")]
    effects: &'a Effects,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<&'a BTreeSet<String>>,
    count: usize,
}

impl<'a> HeadStep<'a> {
    fn of(step: &'a Step) -> Self {
        let none = (None, None);
        let (kind, (entry, collection, effects), (reason, links), count) = match step {
            Step::ItemsCreate { entry, collection, rows, effects, links, .. } => {
                ("items.create", (entry, collection, effects), (None, Some(links)), rows.len())
            }
            Step::ItemsUpdate { entry, collection, reason, changes, effects, links } => {
                let more = (reason.as_deref(), Some(links));
                ("items.update", (entry, collection, effects), more, changes.len())
            }
            Step::ItemsDelete { entry, collection, keys, effects, .. } => {
                ("items.delete", (entry, collection, effects), none, keys.len())
            }
            other => return Self::Schema(other),
        };
        let links = links.filter(|links| !links.is_empty());
        Self::Rows(RowsHead { kind, entry, collection, reason, effects, links, count })
    }
}

/// What a step says of some of its rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part<'a> {
    /// New rows; `names` is empty where nobody refers to them by name.
    Created {
        /// The rows.
        rows: &'a [RowText],
        /// Their keys for people.
        labels: &'a [String],
        /// What other rows of the plan call them.
        names: &'a [String],
    },
    /// Changed rows.
    Changed(&'a [RowChange]),
    /// Rows that go.
    Deleted {
        /// Their primary keys.
        keys: &'a [Value],
        /// Their keys for people.
        labels: &'a [String],
    },
    /// Nothing, of a step that concerns no rows.
    Nothing,
}

impl Plan {
    /// The plan without its rows.
    pub fn head(&self) -> Head<'_> {
        Head {
            format_version: self.format_version,
            mode: self.mode,
            steps: self.steps.iter().map(HeadStep::of).collect(),
            warnings: &self.warnings,
            summary: &self.summary,
            digest: &self.digest,
        }
    }

    /// What a step says of `count` rows from the row `from` on; less where it has less.
    pub fn part(&self, step: usize, from: usize, count: usize) -> Part<'_> {
        match self.steps.get(step) {
            Some(Step::ItemsCreate { rows, labels, names, .. }) => Part::Created {
                rows: slice(rows, from, count),
                labels: slice(labels, from, count),
                names: slice(names, from, count),
            },
            Some(Step::ItemsUpdate { changes, .. }) => Part::Changed(slice(changes, from, count)),
            Some(Step::ItemsDelete { keys, labels, .. }) => {
                Part::Deleted { keys: slice(keys, from, count), labels: slice(labels, from, count) }
            }
            _ => Part::Nothing,
        }
    }
}

fn slice<T>(list: &[T], from: usize, count: usize) -> &[T] {
    let end = list.len().min(from.saturating_add(count));
    list.get(from..end).unwrap_or_default()
}

impl Part<'_> {
    /// The lists as one JSON object: `{"rows": […], "labels": […], "names"?: […]}`, `{"changes": […]}` or
    /// `{"keys": […], "labels": […]}`. Rows are copied as they are.
    pub fn text(self) -> String {
        self.text_filled(None)
    }

    /// The same, where `fill` may put something else into rows that have placeholders.
    pub fn text_filled(self, fill: Option<&dyn Fn(&mut Row)>) -> String {
        let lists = match self {
            Self::Created { rows, labels, names } => {
                let labels = [("labels", labels), ("names", names)].into_iter();
                let labels = labels.filter(|(name, list)| *name == "labels" || !list.is_empty());
                let labels = labels.map(|(name, list)| (name, json::to_compact(list)));
                [("rows", rows_text(rows, fill))].into_iter().chain(labels).collect()
            }
            Self::Changed(changes) => vec![("changes", changes_text(changes, fill))],
            Self::Deleted { keys, labels } => {
                vec![("keys", json::to_compact(keys)), ("labels", json::to_compact(labels))]
            }
            Self::Nothing => Vec::new(),
        };
        let members: Vec<String> =
            lists.into_iter().map(|(name, list)| format!("\"{name}\":{list}")).collect();
        format!("{{{}}}", members.join(","))
    }
}

fn rows_text(rows: &[RowText], fill: Option<&dyn Fn(&mut Row)>) -> String {
    let mut text = String::from("[");
    for row in rows.iter().map(RowText::text) {
        let filled = fill.filter(|_| environment::may_stand_in(&row)).map(|fill| {
            let mut fields = serde_json::from_str(&row).unwrap_or_default();
            fill(&mut fields);
            json::to_compact(&Value::Object(fields))
        });
        text.extend([filled.as_deref().unwrap_or(&row), ","]);
    }
    text.truncate(text.trim_end_matches(',').len());
    text + "]"
}

fn changes_text(changes: &[RowChange], fill: Option<&dyn Fn(&mut Row)>) -> String {
    let Some(fill) = fill else { return json::to_compact(changes) };
    let mut changes = changes.to_vec();
    changes.iter_mut().for_each(|change| fill(&mut change.set));
    json::to_compact(&changes)
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    fn plan() -> Plan {
        let steps = json!([
            { "type": "field.delete", "collection": "posts", "field": "title" },
            {
                "type": "items.create", "entry": "a-posts", "collection": "posts", "links": ["author"],
                "rows": [{ "id": 1, "author": { "$created": "x" } }, { "id": 2 }, { "id": 3 }],
                "labels": ["one", "two", "three"], "names": ["p 1", "p 2", "p 3"],
            },
            {
                "type": "items.update", "entry": "posts", "collection": "posts", "reason": "unique",
                "changes": [{ "key": 1, "label": "one", "set": { "text": "b" }, "before": { "text": "a" } }],
            },
            {
                "type": "items.delete", "entry": "posts", "collection": "posts",
                "keys": [4, 5], "labels": ["four", "five"], "effects": { "track": true },
            },
        ]);
        let steps: Vec<Step> = from_value(steps).unwrap();
        Plan::new(Mode::Mirror, steps, Vec::new(), Summary::default())
    }

    fn part(step: usize, from: usize, count: usize) -> Value {
        serde_json::from_str(&plan().part(step, from, count).text()).unwrap()
    }

    #[test]
    fn a_head_counts_rows_and_has_the_rest() {
        let head = to_value(plan().head()).unwrap();
        let steps = json!([
            { "type": "field.delete", "collection": "posts", "field": "title" },
            {
                "type": "items.create", "entry": "a-posts", "collection": "posts", "links": ["author"],
                "count": 3,
            },
            {
                "type": "items.update", "entry": "posts", "collection": "posts", "reason": "unique",
                "count": 1,
            },
            {
                "type": "items.delete", "entry": "posts", "collection": "posts",
                "effects": { "track": true }, "count": 2,
            },
        ]);
        assert_eq!(head["steps"], steps);
        let mut whole = to_value(plan()).unwrap();
        whole["steps"] = steps;
        assert_eq!(head, whole);
    }

    #[test]
    fn a_part_of_new_rows_has_labels_and_names() {
        let second = json!({ "rows": [{ "id": 2 }], "labels": ["two"], "names": ["p 2"] });
        assert_eq!(part(1, 1, 1), second);
        assert_eq!(part(1, 2, 500)["labels"], json!(["three"]));
        let all = part(1, 0, usize::MAX);
        assert_eq!(all["rows"], to_value(plan()).unwrap()["steps"][1]["rows"]);
    }

    #[test]
    fn a_part_of_other_rows_has_their_lists() {
        let changes = &to_value(plan()).unwrap()["steps"][2]["changes"];
        assert_eq!(part(2, 0, 10), json!({ "changes": changes }));
        assert_eq!(part(3, 1, 1), json!({ "keys": [5], "labels": ["five"] }));
        assert_eq!(part(0, 0, 10), json!({}));
    }

    #[test]
    fn behind_the_end_there_is_nothing() {
        assert_eq!(part(1, 3, 10), json!({ "rows": [], "labels": [] }));
        assert_eq!(part(1, 9, 10), json!({ "rows": [], "labels": [] }));
        assert_eq!(part(2, 1, 0), json!({ "changes": [] }));
        assert_eq!(part(9, 0, 10), json!({}));
    }
}

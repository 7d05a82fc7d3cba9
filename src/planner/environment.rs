//! What the rows of an entry take from the environment.
//!
//! An import compares what the placeholders stand for. An export leaves them in the folder, whatever the
//! instance holds there, so for it they stand for just that.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::data_files::Origin;
use crate::environment::{self, Environment, Filling, Unresolved};
use crate::error::{Diagnostic, Result};
use crate::identity::Identity;
use crate::model::Row;
use crate::plan::Warning;
use crate::record::{Slots, Tokens};
use crate::rows;

use super::Planner;
use super::changes::Wanted;
use super::entry::{Desired, EntryRows};

/// What one row takes from the environment.
#[derive(Debug, Default)]
pub struct Taken {
    /// By the place of a column: what its placeholders stand for, as JSON.
    pub tokens: BTreeMap<usize, String>,
    /// The fields with placeholders, as they stand in the files.
    shown: Row,
}

/// What stands in the way of an import, by what it is: the places where it does.
pub type Obstacles = BTreeMap<Unresolved, Vec<String>>;

impl Planner {
    /// Takes the variables that placeholders of the files stand for. To be called before files and rows;
    /// without it placeholders stand for nothing, and no plan can be written.
    pub fn set_environment(&mut self, environment: Environment) {
        self.environment = Some(Rc::new(environment));
        self.settle_entries();
    }

    /// The ids of entries whose files have placeholders.
    pub fn entries_with_placeholders(&self) -> Vec<&str> {
        let taking = self.entries.iter().filter(|(_, rows)| !rows.placeholders.is_empty());
        taking.map(|(id, _)| id.as_str()).collect()
    }

    /// What placeholders of the plan stand for. Of entries without any nothing is needed.
    pub fn filling(&self) -> Filling {
        let taking = self.entries.iter().filter(|(_, rows)| !rows.placeholders.is_empty());
        let facts = taking.filter_map(|(id, rows)| {
            let facts = self.schema.collections.get(&rows.entry.collection)?;
            Some((id.clone(), facts.clone()))
        });
        Filling::new(self.environment.clone().unwrap_or_default(), facts.collect())
    }

    /// By primary keys of the rows of an entry that have placeholders in the folder: how many rows of
    /// its files stand before each.
    pub fn placeholders(&mut self, entry: &str) -> Result<Vec<(Value, usize)>> {
        self.settle();
        let rows = self.entry(entry)?;
        let placed = rows.desired.iter().filter(|it| rows.has_placeholders && !it.shadowed);
        let found = placed.filter_map(|it| Some((it.found.as_ref()?.current.id.clone(), it.index)));
        Ok(found.collect())
    }

    /// Where the instance that is exported holds something else than the environment.
    pub fn environment_drift(&mut self) -> Vec<Warning> {
        self.settle();
        self.entries.values().flat_map(|rows| rows.drifted.clone()).collect()
    }
}

impl EntryRows {
    /// Lets fields take part that travel only as placeholders, where rows have such.
    pub(super) fn admit_withheld(&mut self) {
        self.has_placeholders = self.raw.may_hold_placeholders();
        if !self.has_placeholders || self.entry.withheld.is_empty() {
            return;
        }
        let is_taken = |row: &Row, field: &String| {
            row.get(field).is_some_and(|value| environment::name_of(value).is_some())
        };
        let rows: Vec<Row> = self.raw.parsed().collect();
        let withheld = self.entry.withheld.iter();
        let taken: Vec<String> =
            withheld.filter(|field| rows.iter().any(|row| is_taken(row, field))).cloned().collect();
        self.entry.fields.extend(taken);
        self.entry.fields.sort();
        self.entry.fields.dedup();
        if let (true, Some(agreement)) = (self.exports, &mut self.agreement) {
            agreement.set_exported(&self.entry);
        }
    }

    /// What a row of the files takes from the environment; what stands for nothing is an obstacle.
    pub(super) fn take(
        &self,
        slots: &Slots<'_>,
        identity: &Identity,
        origin: Origin,
        obstacles: &mut Obstacles,
    ) -> Taken {
        let mut taken = Taken::default();
        let mut problems = BTreeSet::new();
        for (place, (column, token)) in slots.by_column(&self.columns).enumerate() {
            let token = token.filter(|token| column.is_read && environment::may_stand_in(token));
            let value = token.map(crate::record::value).filter(environment::stands_in);
            let (Some(token), Some(value)) = (token, value) else { continue };
            let field = self.facts.fields.get(&column.name);
            if let Some(environment) = &self.environment {
                let resolved = environment.resolve(field, &value, &mut problems);
                taken.tokens.insert(place, rows::text(&resolved));
            }
            let mapped = column.admin.and_then(|admin| identity.map_token(admin, token));
            let shown = mapped.as_deref().map_or(value, crate::record::value);
            taken.shown.insert(column.name.clone(), rows::canonical(field, &shown));
        }
        for problem in problems {
            obstacles.entry(problem).or_default().push(self.place(origin));
        }
        taken
    }

    /// Keeps in mind what a row shows in place of what it takes. Its key cannot come from elsewhere.
    pub(super) fn show(&mut self, index: usize, taken: Taken, origin: Origin) -> Vec<Diagnostic> {
        if taken.shown.is_empty() {
            return Vec::new();
        }
        let entry = &self.entry;
        let names = entry.key.iter().chain(&entry.group_by).chain([&entry.primary_key]);
        let names: BTreeSet<&String> = names.collect();
        let misplaced = names.into_iter().filter(|name| taken.shown.contains_key(*name));
        let found = misplaced.map(|name| in_key(name, self.place(origin))).collect();
        self.placeholders.insert(index, taken.shown);
        found
    }

    /// Lets the placeholders of a row stand for what the target holds, and notes where that is something
    /// else than the environment says.
    pub(super) fn follow_target(&mut self, index: usize, row: Tokens<'_>) {
        let Some(desired) = self.desired.get(index) else { return };
        let Some(shown) = self.placeholders.get(&desired.index) else { return };
        let mut record = desired.record.clone();
        let mut drifted = Vec::new();
        for (name, pattern) in shown {
            let Some(place) = self.columns.place(name) else { continue };
            let Some(there) = row.get(place).map(crate::record::value) else { continue };
            drifted.extend(self.drift(name, pattern, &there).map(|name| (desired, name)));
            if let Some(followed) = environment::follow(pattern, &there) {
                record = record.with(&self.columns, place, &rows::text(&followed));
            }
        }
        let drifted: Vec<Warning> =
            drifted.into_iter().map(|(desired, at)| self.drift_warning(desired, &at)).collect();
        self.drifted.extend(drifted);
        if let Some(desired) = self.desired.get_mut(index) {
            desired.record = record;
        }
    }

    /// The variables, each with its field, that the target holds something else for.
    fn drift(
        &self,
        name: &str,
        pattern: &Value,
        there: &Value,
    ) -> impl Iterator<Item = (String, String)> + use<> {
        let field = self.facts.fields.get(name).filter(|_| environment::name_of(pattern).is_some());
        let mut drifted = BTreeSet::new();
        environment::lay_over(pattern, there, &mut |placeholder, value| {
            let mut problems = BTreeSet::new();
            let given = self
                .environment
                .as_ref()
                .map(|environment| environment.resolve(field, placeholder, &mut problems));
            let is_other = given.is_some_and(|given| rows::canonical(field, &given) != *value);
            if is_other && problems.is_empty() {
                drifted.extend(environment::name_of(placeholder).map(str::to_owned));
            }
            Value::Null
        });
        let name = name.to_owned();
        drifted.into_iter().map(move |variable| (name.clone(), variable))
    }

    fn drift_warning(&self, desired: &Desired, (field, variable): &(String, String)) -> Warning {
        let row = match self.entry.singleton {
            true => self.entry.id.clone(),
            false => format!("{}[{}]", self.entry.id, self.label(&desired.key)),
        };
        let message = format!(
            "{row}.{field} holds something else on the instance than {variable} in the environment. The \
             placeholder stays in the folder: import it to bring the environment's value, or change the \
             variable."
        );
        let path = format!("{row}.{field}");
        Warning { code: "ENV_DRIFT".into(), message, path, ..Warning::default() }
    }
}

impl<'a> Wanted<'a> {
    /// Fields of the row as plans may show them: with placeholders in place of what they stand for.
    pub fn shown(self, mut row: Row) -> Row {
        for (name, value) in self.placeholders() {
            if row.get(name).is_some_and(|value| !value.is_null()) {
                row.insert(name.clone(), value.clone());
            }
        }
        row
    }

    /// The texts of its placeholders by field.
    pub fn shown_texts(self) -> BTreeMap<&'a str, String> {
        self.placeholders().map(|(name, value)| (name.as_str(), rows::text(value))).collect()
    }

    /// Fields of the same row on the target as plans may show them.
    pub fn hidden(self, mut before: Row) -> Row {
        for (name, pattern) in self.placeholders() {
            if let Some(value) = before.get_mut(name).filter(|value| !value.is_null()) {
                *value = environment::hide(pattern, value, rows::MASK);
            }
        }
        before
    }

    /// A value of the row for people.
    pub fn plain(self, field: &str, value: &str) -> String {
        let mut placeholders = self.placeholders();
        let shown = placeholders.find(|(name, _)| *name == field);
        shown.map_or_else(|| value.to_owned(), |(_, placeholder)| rows::plain(placeholder))
    }

    fn placeholders(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.entry.placeholders.get(&self.row.index).into_iter().flatten()
    }
}

/// Everything that keeps an import from knowing its values, each variable once.
pub fn diagnostics(obstacles: &Obstacles) -> impl Iterator<Item = Diagnostic> {
    obstacles.iter().map(|(problem, places)| {
        let place = places.first().cloned().unwrap_or_default();
        let more = match places.len() {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        match problem {
            Unresolved::Missing(name) => {
                let message = format!(
                    "{name} is not set in the environment, and {place}{more} takes a value from it. Set \
                     the variable and import again."
                );
                Diagnostic::error("ENV_MISSING", message, place)
            }
            Unresolved::Unfit(name, what) => {
                let message = format!(
                    "{name} of the environment is no {what}, as the field in {place}{more} takes it. \
                     Correct the variable."
                );
                Diagnostic::error("ENV_INVALID", message, place)
            }
        }
    })
}

fn in_key(name: &str, place: String) -> Diagnostic {
    let message = format!(
        "{name} identifies the row or names its file, so it cannot come from the environment. Write its \
         value into the file, or choose another `key`."
    );
    Diagnostic::error("ENV_MISPLACED", message, place)
}

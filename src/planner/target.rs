//! What the target must have, and must allow, for a plan.

use crate::error::Diagnostic;
use crate::limits::{self, WrittenRow};
use crate::requirements::{self, Installed, Part};

use super::Planner;
use super::changes::Changes;
use crate::system;

impl Planner {
    /// Parts of extensions that the plan would bring into use.
    pub fn parts_to_find(&mut self) -> Vec<Part> {
        self.settle();
        let mut entries = self.entries.values();
        // Only rows of Directus' own collections name parts.
        let changes = match entries.any(|rows| system::is_system(&rows.entry.collection)) {
            true => Changes::of(&self.entries, &self.facts),
            false => Changes::default(),
        };
        let written = written(&changes);
        requirements::uses(&self.schema_steps, &written).into_keys().collect()
    }

    /// Takes those of the [`Self::parts_to_find`] that extensions of the target bring.
    pub fn set_installed(&mut self, installed: Vec<Installed>) {
        self.installed = Some(installed);
    }

    /// What the licence, the extensions or the database of the target do not allow.
    pub(super) fn beyond_target(&self, changes: &Changes<'_>) -> Vec<Diagnostic> {
        let (steps, written) = (&self.schema_steps, written(changes));
        let mut found = limits::check(&self.facts.limits, steps, self.current.as_ref(), &written);
        found.extend(requirements::geometry(steps, self.facts.geometry));
        if let Some(installed) = &self.installed {
            let uses = requirements::uses(steps, &written);
            found.extend(requirements::missing(&uses, installed, &self.facts.directus));
        }
        found
    }
}

/// The rows of Directus' own collections that are created or updated.
fn written<'a>(changes: &Changes<'a>) -> Vec<WrittenRow<'a>> {
    let created = changes.creates.iter().map(|row| (*row, None));
    let updated = changes.updates.iter().map(|(row, found)| (*row, Some(&found.before)));
    let written = created.chain(updated);
    let written = written.filter(|(wanted, _)| system::is_system(wanted.collection()));
    let written = written.map(|(wanted, before)| WrittenRow {
        collection: wanted.collection(),
        row: wanted.fields().row(),
        before,
        place: wanted.place(),
    });
    written.collect()
}

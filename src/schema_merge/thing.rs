//! What collections, fields, relations and indexes have in common.

use crate::renames::Renames;
use crate::schema_diff::{Properties, Terms};
use crate::snapshot::{Collection, Field, Relation, SystemField};

/// Collection and name; the name is empty for a collection.
pub(super) type Key<'a> = (&'a str, &'a str);

/// A part of a schema that is decided on.
pub(super) trait Thing: Properties + Clone + PartialEq {
    /// What identifies it among its kind.
    fn key(&self) -> Key<'_>;

    /// It laid over what the target has, and equal to that where nothing differs.
    fn laid_over(&self, now: &Self, terms: &Terms) -> Self;

    /// It with other names for the fields that it is about.
    fn renamed(&self, names: &Renames) -> Self;
}

impl Thing for Collection {
    fn key(&self) -> Key<'_> {
        (&self.name, "")
    }

    fn laid_over(&self, now: &Self, terms: &Terms) -> Self {
        terms.collection(self, now)
    }

    fn renamed(&self, names: &Renames) -> Self {
        let mut renamed = self.clone();
        names.collection(&mut renamed);
        renamed
    }
}

impl Thing for Field {
    fn key(&self) -> Key<'_> {
        self.path()
    }

    fn laid_over(&self, now: &Self, terms: &Terms) -> Self {
        terms.field(self, now)
    }

    fn renamed(&self, names: &Renames) -> Self {
        let mut renamed = self.clone();
        names.field(&mut renamed);
        renamed
    }
}

impl Thing for Relation {
    fn key(&self) -> Key<'_> {
        self.path()
    }

    fn laid_over(&self, now: &Self, terms: &Terms) -> Self {
        terms.relation(self, now)
    }

    fn renamed(&self, names: &Renames) -> Self {
        let mut renamed = self.clone();
        names.relation(&mut renamed);
        renamed
    }
}

impl Thing for SystemField {
    fn key(&self) -> Key<'_> {
        self.path()
    }

    fn laid_over(&self, _: &Self, _: &Terms) -> Self {
        self.clone()
    }

    fn renamed(&self, _: &Renames) -> Self {
        self.clone()
    }
}

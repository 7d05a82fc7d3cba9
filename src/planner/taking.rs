//! Rows of the target on their way into the planner.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use crate::json::scan::{self, Keys, Rows};
use crate::merge::Agreed;
use crate::record::{Columns, Record, Slots, Tokens, is_mask, write};
use crate::rows;

use super::entry::{Current, EntryRows, Found};

/// The key of the only row of a singleton.
const SINGLE: &str = "[]";

/// A page of rows of the target.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// A JSON array of objects.
    pub rows: &'a str,
    /// New names of fields that are renamed, by their old ones.
    pub names: &'a BTreeMap<String, String>,
    /// What `getKey` gave for them.
    pub keys: Option<&'a [Value]>,
    /// Whether they lie inside of the entry's filter.
    pub inside: bool,
}

impl EntryRows {
    /// The text of a row's key: the one that `getKey` gave, or the values of the key's fields.
    pub(super) fn key_of(&self, row: Tokens<'_>, given: Option<&Value>) -> Option<String> {
        if self.entry.key_function {
            let given = given.filter(|key| !key.is_null())?;
            return Some(rows::text(&Value::Array(vec![rows::canonical(None, given)])));
        }
        if self.entry.singleton {
            return Some(SINGLE.to_owned());
        }
        let row = row.of(&self.columns);
        let mut text = String::from("[");
        let mut known = false;
        for field in &self.entry.key {
            let token = row.token(field).unwrap_or("null");
            known |= token != "null";
            text.extend([token, ","]);
        }
        text.pop();
        text.push(']');
        known.then_some(text)
    }

    /// Takes a page of rows of the target, in the form that Directus gives them. `None` where it is no
    /// JSON array of objects.
    pub fn add_current(&mut self, page: Page<'_>) -> Option<()> {
        let mut taking = Taking {
            slots: Slots::of(&self.columns),
            are_shared: self.has_plain_keys() && self.columns.are_shared(),
            only_notes: self.only_notes(),
            entry: self,
            page,
            count: 0,
            text: String::new(),
            is_whole: true,
        };
        scan::rows(page.rows, Keys::Any, &mut taking)?;
        taking.is_whole.then_some(())
    }

    fn has_plain_keys(&self) -> bool {
        let entry = &self.entry;
        entry.keyed_by_primary_key() && !entry.singleton && !entry.key_function
    }

    /// Takes a row of a table whose key is the primary key, if the files have the very same one. Nothing
    /// is copied to find that out. Such rows are the most, by far.
    fn add_equal(&mut self, slots: &Slots<'_>, inside: bool) -> bool {
        let Some(key) = self.plain_key(slots) else { return false };
        let Some(index) = self.index.find(&self.desired, &key).first().map(|it| *it as usize)
        else {
            return false;
        };
        let Some(desired) = self.desired.get(index) else { return false };
        let row = desired.record.tokens();
        if !self.is_same(row, slots) {
            return false;
        }
        let current = self.current(row, slots, desired.key.clone(), inside, true);
        let current = Current { record: self.linking(row), ..current };
        self.set_found(index, Found { current, ..Found::default() });
        true
    }

    /// Whether only keys and contents are needed of the target's rows: those of an export into a folder
    /// that has no say.
    fn only_notes(&self) -> bool {
        self.exports && self.desired.is_empty() && !self.merges()
    }

    /// Takes such a row.
    fn note(&mut self, key: &str, slots: &Slots<'_>, inside: bool) {
        let agreement = self.agreement.as_ref().filter(|_| inside);
        let pair = agreement.map(|agreement| agreement.pair(key, agreement.content_now(slots)));
        self.noted.extend(pair);
    }

    /// Takes such a row of a table whose key is the primary key.
    fn note_plain(&mut self, slots: &Slots<'_>, inside: bool) -> bool {
        let key = self.plain_key(slots);
        key.iter().for_each(|key| self.note(key, slots, inside));
        key.is_some()
    }

    /// The text of a row's key that is its primary key.
    fn plain_key(&self, slots: &Slots<'_>) -> Option<String> {
        let place = self.columns.place(&self.entry.primary_key)?;
        let id = self.columns.get(place)?.form.token(slots.get(place)?);
        Some(["[", &id, "]"].concat())
    }

    /// Whether a row of the target has these tokens. Most texts need not be brought into canonical form
    /// for that: what is spelled like a canonical one is canonical.
    fn is_same(&self, row: Tokens<'_>, slots: &Slots<'_>) -> bool {
        let mut cursor = row.cursor();
        let mut columns = self.columns.iter().enumerate();
        columns.all(|(place, column)| {
            let token = slots.get(place).filter(|token| column.is_read && !is_mask(token));
            cursor.pass(token.unwrap_or_default())
                || token.is_some_and(|token| cursor.pass(&column.form.token(token)))
        }) && cursor.is_at_end()
    }

    /// Where the primary key is the key it cannot repeat, so that the row is matched at once.
    fn add_row(&mut self, row: Tokens<'_>, slots: &Slots<'_>, key: &str, inside: bool) {
        if !self.entry.keyed_by_primary_key() {
            let current = self.current(row, slots, Rc::from(key), inside, false);
            let current = Current { record: row.to_record(), ..current };
            self.held.entry(current.key.clone()).or_default().push(current);
            return;
        }
        let found = self.index.find(&self.desired, key).first().map(|index| *index as usize);
        let pair = found.and_then(|index| self.desired.get(index));
        let key = pair.map_or_else(|| Rc::from(key), |desired| desired.key.clone());
        let is_equal = pair.is_some_and(|desired| self.is_equal(desired, row));
        let current = self.current(row, slots, key, inside, is_equal);
        match found {
            Some(index) => self.pair(index, row, current),
            None => self.set_aside(Current { record: self.linking(row), ..current }),
        }
    }

    /// A row of the target with what the base says of it, without its fields. Of a row that is as
    /// desired, an import need not know that.
    fn current(
        &self,
        row: Tokens<'_>,
        slots: &Slots<'_>,
        key: Rc<str>,
        inside: bool,
        is_equal: bool,
    ) -> Current {
        let agreement = self.agreement.as_ref();
        let hashed = agreement.filter(|_| self.exports || !is_equal);
        Current {
            agreed: hashed.map_or(Agreed::Unknown, |agreement| agreement.of(&key)),
            was: hashed.map(|agreement| agreement.content_before(slots)),
            is: hashed.map(|agreement| match self.exports {
                true => agreement.content_now(slots),
                false => agreement.content_after(row, self.defaults()),
            }),
            id: row.of(&self.columns).value(&self.entry.primary_key),
            key,
            record: Record::default(),
            inside,
        }
    }
}

/// A page while it is read.
struct Taking<'e, 'p> {
    entry: &'e mut EntryRows,
    page: Page<'p>,
    slots: Slots<'p>,
    /// How many rows were read.
    count: usize,
    /// The last row's record.
    text: String,
    /// Whether there are only objects in it.
    is_whole: bool,
    /// Whether its rows may be taken by [`EntryRows::add_equal`].
    are_shared: bool,
    /// Whether only keys and contents are needed.
    only_notes: bool,
}

impl<'p> Rows<'p> for Taking<'_, 'p> {
    fn field(&mut self, name: Cow<'p, str>, value: &'p str) {
        let name = self.page.names.get(&*name).map_or(&*name, String::as_str);
        self.slots.put(&self.entry.columns, name, value);
    }

    fn item(&mut self, _: usize, text: &'p str) {
        self.is_whole &= text.starts_with('{');
        let Self { entry, page, slots, text, .. } = self;
        entry.seen += u64::from(page.inside);
        let is_added = self.are_shared
            && match self.only_notes {
                true => entry.note_plain(slots, page.inside),
                false => entry.add_equal(slots, page.inside),
            };
        if !is_added {
            let given = page.keys.and_then(|keys| keys.get(self.count));
            write(text, current_tokens(&entry.columns, slots));
            let key = entry.key_of(Tokens(text), given).unwrap_or_default();
            match self.only_notes {
                true => entry.note(&key, slots, page.inside),
                false => entry.add_row(Tokens(text), slots, &key, page.inside),
            }
        }
        self.slots.clear();
        self.count += 1;
    }
}

/// A row of the target in database form.
fn current_tokens<'s>(
    columns: &'s Columns,
    slots: &'s Slots<'_>,
) -> impl Iterator<Item = Option<Cow<'s, str>>> {
    slots.by_column(columns).map(|(column, token)| {
        let token = token.filter(|_| column.is_read)?;
        Some(column.form.token(token))
    })
}

//! What a change would lose or stumble over, as a question that only the target's rows can answer.

use serde::Serialize;
use serde_json::Number;

use crate::error::Diagnostic;
use crate::plan::Warning;

/// What is counted, and where. In JSON `{id, kind, collection, field?, …}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Names the question among those of one plan.
    pub id: String,
    /// What is counted.
    #[serde(flatten)]
    pub quantity: Quantity,
    /// The collection, as it is on the target.
    pub collection: String,
    /// The field, as it is on the target; `None` where rows are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// What is counted of a collection or of one of its columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Quantity {
    /// Rows of the collection.
    Rows,
    /// Values that are not null.
    Values,
    /// Texts of more characters than `limit`.
    Longer {
        /// The highest number of characters that fit.
        limit: u64,
    },
    /// Numbers below `min` or above `max`.
    Outside {
        /// The lowest number that fits.
        min: Number,
        /// The highest number that fits.
        max: Number,
    },
    /// Rows with null.
    Nulls,
    /// Different values, null aside, that occur more than once.
    Repeats,
}

/// A change that loses, or stumbles over, what it finds on the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// What is said of it.
    pub wording: &'static Wording,
    /// How the sentence begins: `Drops posts.subtitle`.
    pub change: String,
    /// What is counted.
    pub quantity: Quantity,
    /// The collection.
    pub collection: String,
    /// The field; `None` where the whole collection is concerned.
    pub field: Option<String>,
    /// What else can be done, as a sentence with a space in front, or empty.
    pub advice: String,
}

/// What is said of a change after how much of it was found.
#[derive(Debug, PartialEq)]
pub struct Wording {
    /// The code that the change is reported under.
    code: &'static str,
    /// What there is to say when nothing was found, or nobody has looked.
    otherwise: Otherwise,
    /// When there is one.
    one: &'static str,
    /// When there are `{}`.
    many: &'static str,
}

/// What is said of a change that found nothing.
#[derive(Debug, PartialEq)]
enum Otherwise {
    /// It loses what it finds.
    Loss {
        /// While nobody has counted.
        uncounted: &'static str,
        /// When there is nothing.
        none: &'static str,
    },
    /// It cannot be made while there is something, and is harmless else.
    Harmless,
}

/// A table that goes; rows are counted.
pub const DROPPED_COLLECTION: Wording = Wording {
    code: "DROP_COLLECTION",
    otherwise: Otherwise::Loss { uncounted: " with all its rows.", none: ", which has no rows." },
    one: " with its only row.",
    many: " with {} rows.",
};

/// A column that goes; values are counted.
pub const DROPPED_FIELD: Wording = Wording {
    code: "DROP_FIELD",
    otherwise: Otherwise::Loss {
        uncounted: " with all its values.",
        none: "; no row has a value in it.",
    },
    one: " with 1 value.",
    many: " with {} values.",
};

/// A column of another type; values are counted.
pub const CONVERTED: Wording = Wording {
    code: "NARROW_FIELD",
    otherwise: Otherwise::Loss {
        uncounted: "; values that do not fit are changed or refused.",
        none: "; no row has a value in it.",
    },
    one: "; 1 value has to be converted, and is changed or refused if it does not fit.",
    many: "; {} values have to be converted, and those that do not fit are changed or refused.",
};

/// A column with less room for text; longer texts are counted.
pub const SHORTENED: Wording = Wording {
    code: "NARROW_FIELD",
    otherwise: Otherwise::Loss {
        uncounted: "; values that are longer are cut or refused.",
        none: "; no value is longer.",
    },
    one: "; 1 value is longer, and is cut or refused.",
    many: "; {} values are longer, and are cut or refused.",
};

/// A column with a smaller range; numbers outside of it are counted.
pub const OUT_OF_RANGE: Wording = Wording {
    code: "NARROW_FIELD",
    otherwise: Otherwise::Loss {
        uncounted: "; values that are too large for it are refused.",
        none: "; no value is too large for it.",
    },
    one: "; 1 value is too large for it, and is refused.",
    many: "; {} values are too large for it, and are refused.",
};

/// A column that takes null no more; nulls are counted.
pub const NULLS: Wording = Wording {
    code: "NULLS_IN_WAY",
    otherwise: Otherwise::Harmless,
    one: ", but 1 row has no value in it. Give it one on the target, or let the field take null in \
          the files.",
    many: ", but {} rows have no value in it. Give them one on the target, or let the field take \
           null in the files.",
};

/// A new column that takes no null and has no default; rows are counted.
pub const UNFILLED: Wording = Wording {
    code: "NULLS_IN_WAY",
    otherwise: Otherwise::Harmless,
    one: ", but the collection has 1 row, which would have no value in it. Give the field a default \
          in the files, or let it take null.",
    many: ", but the collection has {} rows, which would have no value in it. Give the field a \
           default in the files, or let it take null.",
};

/// A column that becomes unique; repeated values are counted.
pub const REPEATS: Wording = Wording {
    code: "REPEATS_IN_WAY",
    otherwise: Otherwise::Harmless,
    one: ", but 1 value occurs more than once in it. Change it on the target, or let the field not \
          be unique in the files.",
    many: ", but {} values occur more than once in it. Change them on the target, or let the field \
           not be unique in the files.",
};

impl Loss {
    /// What the target is asked.
    pub fn question(&self) -> Question {
        let has_column = self.quantity != Quantity::Rows;
        Question {
            id: self.id(),
            quantity: self.quantity.clone(),
            collection: self.collection.clone(),
            field: self.field.clone().filter(|_| has_column),
        }
    }

    /// Names the question among those of one plan: a thing is reported once under each code.
    pub fn id(&self) -> String {
        format!("{}:{}", self.wording.code, self.path())
    }

    /// What a person should know, once `count` was found; destructive unless it is 0. `None` for
    /// what stands in the way rather than gets lost.
    pub fn warning(&self, count: Option<u64>) -> Option<Warning> {
        let Otherwise::Loss { uncounted, none } = self.wording.otherwise else { return None };
        let (ending, advice) = match count {
            None => (uncounted.to_owned(), self.advice.as_str()),
            Some(0) => (none.to_owned(), ""),
            Some(count) => (self.found(count), self.advice.as_str()),
        };
        Some(Warning {
            code: self.wording.code.to_owned(),
            message: format!("{}{ending}{advice}", self.change),
            path: self.path(),
            destructive: count != Some(0),
            ..Warning::default()
        })
    }

    /// Why the change cannot be made, if `count` shows that it cannot.
    pub fn obstacle(&self, count: u64) -> Option<Diagnostic> {
        let message = format!("{}{}", self.change, self.found(count));
        (self.wording.otherwise == Otherwise::Harmless && count > 0)
            .then(|| Diagnostic::error(self.wording.code, message, self.path()))
    }

    fn found(&self, count: u64) -> String {
        match count {
            1 => self.wording.one.to_owned(),
            count => self.wording.many.replace("{}", &count.to_string()),
        }
    }

    fn path(&self) -> String {
        match &self.field {
            Some(field) => format!("{}.{field}", self.collection),
            None => self.collection.clone(),
        }
    }
}

//! The option `env`: which places of a row an export writes as placeholders.

use super::entry::Check;
use super::fields::{Fields, Stays};

impl Check<'_> {
    /// Every place has to be one that travels, or that may come from the environment.
    pub(super) fn check_environment(&mut self, key: &[String], fields: &Fields<'_>) {
        let withheld = fields.withheld();
        for place in self.options.env.keys() {
            let (field, path) = place.split_once('/').unwrap_or((place, ""));
            if !self.exists("env", field) {
                continue;
            }
            let is_key = key.iter().chain(&self.options.group_by).any(|name| name == field);
            let is_withheld = withheld.iter().any(|name| name == field);
            let problem = match fields.stays(field) {
                _ if is_key => {
                    "identifies a row or names its file, which has to be the same everywhere"
                }
                Some(_) if is_withheld && path.is_empty() => continue,
                Some(_) if is_withheld => {
                    "never leaves the instance, so it can only be taken as a whole"
                }
                Some(stays) => Stays::reason(stays),
                None => continue,
            };
            let message =
                format!("`env` names \"{place}\", but {field} {problem}. Remove the line.");
            self.error("CONFIG_INVALID", "env", message);
        }
    }
}

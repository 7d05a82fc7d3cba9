//! What the three-way merge found, as warnings: one per code and place, which counts and names.

use std::collections::BTreeMap;

use crate::merge::{Action, Decision};
use crate::plan::Warning;

/// How many things a warning names before it only counts.
const NAMED: usize = 10;

/// The path of findings about the schema.
pub const SCHEMA: &str = "schema";

/// Findings by place, code and kind of thing.
#[derive(Debug, Default)]
pub struct Findings {
    found: BTreeMap<(String, &'static str, &'static str), Finding>,
}

#[derive(Debug)]
struct Finding {
    action: Action,
    names: Vec<String>,
}

impl Findings {
    /// Adds the thing `name`, if the decision on it is to be reported. `path` is the entry or
    /// [`SCHEMA`], `kind` what there is one of: `row`.
    pub fn add(&mut self, decision: Decision, path: &str, kind: &'static str, name: String) {
        let Some(code) = decision.code else { return };
        let new = || Finding { action: decision.action, names: Vec::new() };
        self.found.entry((path.to_owned(), code, kind)).or_insert_with(new).names.push(name);
    }

    /// The warnings, by place and code.
    pub fn warnings(self) -> Vec<Warning> {
        let found = self.found.into_iter();
        found.map(|((path, code, kind), finding)| finding.warning(path, code, kind)).collect()
    }
}

impl Finding {
    fn warning(mut self, path: String, code: &str, kind: &str) -> Warning {
        self.names.sort();
        let place = if path == SCHEMA { "the schema" } else { &path };
        let subject = self.subject(kind);
        let names = listed(&self.names);
        Warning {
            code: code.to_owned(),
            message: format!("{subject} of {place} {}: {names}.", meaning(code)),
            path,
            destructive: code == "CONFLICT_DELETED",
            refused: self.action == Action::Refuse,
        }
    }

    fn subject(&self, kind: &str) -> String {
        let plural = if self.names.len() == 1 { "" } else { "s" };
        format!("{} {kind}{plural}", self.names.len())
    }
}

/// What a code says of the things that follow.
fn meaning(code: &str) -> &'static str {
    match code {
        "DRIFT_OVERWRITTEN" => "changed on the target since the last sync; the files win",
        "DRIFT_KEPT" => "changed on the target since the last sync; the target stays as it is",
        "DRIFT_REFUSED" => {
            "changed on the target since the last sync, and `onDrift` refuses that: export \
             the target, change it back, or choose overwrite or keep"
        }
        "CONFLICT_OVERWRITTEN" => {
            "changed both in the files and on the target since the last sync; the files win"
        }
        "CONFLICT_DELETED" => {
            "changed on the target since the last sync, but removed from the files; the files win, so that it is deleted"
        }
        "CONFLICT_KEPT" => {
            "changed both in the files and on the target since the last sync; the target stays as it is"
        }
        "CONFLICT_REFUSED" => {
            "changed both in the files and on the target since the last sync, and `onDrift` refuses \
             that: export the target, change it back, or choose overwrite or keep"
        }
        "PENDING_IMPORT" => {
            "changed in the files and not imported yet; the export keeps what the files say"
        }
        "EXPORT_CONFLICT" => {
            "changed both in the files and on this instance since the last sync; `export --overwrite` \
             takes those of the instance, `import --on-drift overwrite` those of the files"
        }
        "STILL_NEEDED" => "needed by what stays on the target, so that it stays as it is there",
        _ => "only on the target and never part of a sync; the target stays as it is",
    }
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

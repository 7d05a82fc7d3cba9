//! What the three-way merge found, as warnings: one per code and place, which counts and names.

use std::collections::BTreeMap;

use crate::merge::{Action, Decision};
use crate::plan::Warning;

/// How many things a warning names before it only counts.
const NAMED: usize = 10;

/// Findings by place and code.
#[derive(Debug, Default)]
pub struct Findings {
    found: BTreeMap<(String, &'static str), Finding>,
}

#[derive(Debug)]
struct Finding {
    kind: &'static str,
    action: Action,
    names: Vec<String>,
}

impl Findings {
    /// Adds the thing `name`, if the decision on it is to be reported. `path` is the entry or the
    /// part of the schema, `kind` what there is one of: `row`.
    pub fn add(&mut self, decision: Decision, path: &str, kind: &'static str, name: String) {
        let Some(code) = decision.code else { return };
        let new = || Finding { kind, action: decision.action, names: Vec::new() };
        self.found.entry((path.to_owned(), code)).or_insert_with(new).names.push(name);
    }

    /// The warnings, by place and code.
    pub fn warnings(self) -> Vec<Warning> {
        self.found.into_iter().map(|((path, code), finding)| finding.warning(path, code)).collect()
    }
}

impl Finding {
    fn warning(mut self, path: String, code: &str) -> Warning {
        self.names.sort();
        Warning {
            code: code.to_owned(),
            message: format!(
                "{} of {path} {}: {}.",
                self.subject(),
                meaning(code),
                listed(&self.names)
            ),
            path,
            destructive: code == "CONFLICT_DELETED",
            refused: self.action == Action::Refuse,
        }
    }

    fn subject(&self) -> String {
        let plural = if self.names.len() == 1 { "" } else { "s" };
        format!("{} {}{plural}", self.names.len(), self.kind)
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
            "changed in the files and not imported yet; the export leaves them as they are"
        }
        "EXPORT_CONFLICT" => {
            "changed both in the files and on this instance since the last sync; `export --overwrite` \
             takes those of the instance, `import --on-drift overwrite` those of the files"
        }
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

//! What a plan is known by.

use crate::json;
use crate::manifest::Hashing;
use crate::model::Mode;

use super::Step;

/// SHA-256 (hex) over the canonical form of what will be done. New rows are added one by one, since
/// together they may be as large as the files.
pub fn of(mode: Mode, steps: &[Step]) -> String {
    let mut hash = Hashing::default();
    hash.add(&format!("{{\"mode\":{},\"steps\":", json::to_compact(&mode)));
    let mut separator = "[";
    for step in steps {
        hash.add(std::mem::replace(&mut separator, ","));
        add_step(&mut hash, step);
    }
    hash.add(if steps.is_empty() { "[]}" } else { "]}" });
    hash.hex()
}

fn add_step(hash: &mut Hashing, step: &Step) {
    let Step::ItemsCreate { entry, collection, rows, labels, effects, names, links } = step else {
        hash.add(&json::to_compact(&serde_json::json!(step)));
        return;
    };
    hash.add(&format!("{{\"collection\":{},", json::to_compact(collection)));
    if !effects.are_none() {
        hash.add(&format!("\"effects\":{},", json::to_compact(effects)));
    }
    hash.add(&format!("\"entry\":{},\"labels\":", json::to_compact(entry)));
    add_list(hash, labels, |hash, label| hash.add(&json::to_compact(label)));
    if !links.is_empty() {
        hash.add(&format!(",\"links\":{}", json::to_compact(links)));
    }
    if !names.is_empty() {
        hash.add(",\"names\":");
        add_list(hash, names, |hash, name| hash.add(&json::to_compact(name)));
    }
    hash.add(",\"rows\":");
    add_list(hash, rows, |hash, row| hash.add(&row.text()));
    hash.add(",\"type\":\"items.create\"}");
}

fn add_list<T>(hash: &mut Hashing, items: &[T], add: impl Fn(&mut Hashing, &T)) {
    let mut separator = "[";
    for item in items {
        hash.add(std::mem::replace(&mut separator, ","));
        add(hash, item);
    }
    hash.add(if items.is_empty() { "[]" } else { "]" });
}

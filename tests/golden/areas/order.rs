use std::collections::BTreeMap;

use schema_sync_core::order::{Node, Reference, ranks, sort};
use schema_sync_core::references;
use serde_json::{Value, json};

use super::{facts, member};

/// `{facts}` gives the collections in order. `{nodes: {name: {rank?, field: target | [target, "needed"]}}}`
/// gives the nodes in order and the references that wait.
pub fn answer(input: &Value) -> Value {
    if input.get("facts").is_some() {
        let facts = facts(input);
        let ranks = ranks(&facts, &references::of_all(&facts));
        let mut names: Vec<_> = ranks.iter().map(|(name, rank)| (rank, name)).collect();
        names.sort();
        return names.into_iter().map(|(_, name)| name.clone()).collect();
    }
    sorted(&member(input, "nodes"))
}

type Nodes = BTreeMap<String, BTreeMap<String, Value>>;

fn sorted(given: &Nodes) -> Value {
    let names: Vec<&String> = given.keys().collect();
    let place = |name: &Value| names.iter().position(|known| **known == *name).unwrap();
    let reference = |(field, target): (&String, &Value)| {
        let needed = target.is_array();
        let target = if needed { &target[0] } else { target };
        Reference { field: field.clone(), target: place(target), breakable: !needed }
    };
    let node = |fields: &BTreeMap<String, Value>| Node {
        rank: fields.get("rank").and_then(Value::as_u64).unwrap_or_default() as usize,
        references: fields.iter().filter(|(name, _)| *name != "rank").map(reference).collect(),
    };
    let nodes: Vec<Node> = given.values().map(node).collect();
    let named = |indexes: Vec<usize>| indexes.into_iter().map(|index| names[index].clone());
    match sort(&nodes) {
        Err(circle) => json!({ "circle": named(circle).collect::<Vec<_>>() }),
        Ok(order) => {
            let waits =
                order.deferred.iter().map(|(node, field)| format!("{}.{field}", names[*node]));
            json!({
                "waits": waits.collect::<Vec<_>>(),
                "order": named(order.sequence).collect::<Vec<_>>(),
            })
        }
    }
}

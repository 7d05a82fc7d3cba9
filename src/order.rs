//! Dependency order: collections over all relations, rows over their references, and the references
//! that have to wait because rows refer to each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Facts;
use crate::references::{ReferenceField, Target};
use crate::system;

/// A row to be ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// The rank of its collection. Among rows that are ready, lower ranks come first.
    pub rank: usize,
    /// What it refers to.
    pub references: Vec<Reference>,
}

/// A reference from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field that holds it.
    pub field: String,
    /// The index of the node referred to.
    pub target: usize,
    /// Whether the field takes null, so that the reference can be set later.
    pub breakable: bool,
}

/// Nodes in an order in which each follows everything that it refers to, but for what is deferred.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Indexes of the nodes.
    pub sequence: Vec<usize>,
    /// References that must be null at first: node and field.
    pub deferred: BTreeSet<(usize, String)>,
}

/// The rank of every collection: what others refer to comes first. Where collections refer to each
/// other, a reference that may be null counts less than one that may not; ties go by the table of
/// system collections, then by name.
pub fn ranks(
    facts: &Facts,
    references: &BTreeMap<String, Vec<ReferenceField>>,
) -> BTreeMap<String, usize> {
    let mut waiting: BTreeSet<(usize, &str)> =
        facts.collections.keys().map(|name| (system_place(name), name.as_str())).collect();
    let needs = needs(references);
    let mut ranks = BTreeMap::new();
    while let Some(next) = next_collection(&waiting, &needs) {
        waiting.remove(&next);
        ranks.insert(next.1.to_owned(), ranks.len());
    }
    ranks
}

fn system_place(name: &str) -> usize {
    system::import_rank(name).unwrap_or(system::TABLE.len())
}

/// By collection: the other collections it refers to, and whether null is allowed everywhere.
type Needs<'a> = BTreeMap<&'a str, BTreeMap<&'a str, bool>>;

fn needs<'a>(references: &'a BTreeMap<String, Vec<ReferenceField>>) -> Needs<'a> {
    let mut needs = Needs::new();
    for (collection, fields) in references {
        for reference in fields {
            let Target::Collection(related) = &reference.to else { continue };
            if related != collection {
                let of_collection = needs.entry(collection.as_str()).or_default();
                *of_collection.entry(related.as_str()).or_insert(true) &= reference.nullable;
            }
        }
    }
    needs
}

/// The first collection that waits for nothing, else the first that waits for nullable references
/// only, else the first.
fn next_collection<'a>(
    waiting: &BTreeSet<(usize, &'a str)>,
    needs: &Needs<'a>,
) -> Option<(usize, &'a str)> {
    let names: BTreeSet<&str> = waiting.iter().map(|(_, name)| *name).collect();
    let blocked = |name: &str, counts: fn(bool) -> bool| {
        needs.get(name).is_some_and(|related| {
            related.iter().any(|(name, nullable)| counts(*nullable) && names.contains(name))
        })
    };
    let free = waiting.iter().find(|(_, name)| !blocked(name, |_| true));
    let loose = || waiting.iter().find(|(_, name)| !blocked(name, |nullable| !nullable));
    free.or_else(loose).or_else(|| waiting.first()).copied()
}

/// Orders `nodes`, none of which may refer to itself. Fails with the indexes of a circle in which no reference may be null.
pub fn sort(nodes: &[Node]) -> core::result::Result<Order, Vec<usize>> {
    if nodes.iter().all(|node| node.references.is_empty()) {
        return Ok(by_rank(nodes));
    }
    let mut sorter = Sorter::new(nodes);
    loop {
        sorter.place_ready();
        match sorter.first_waiting() {
            None => return Ok(sorter.order),
            Some(start) => sorter.break_circle(start)?,
        }
    }
}

/// The order of nodes that refer to nothing.
fn by_rank(nodes: &[Node]) -> Order {
    let mut sequence: Vec<usize> = (0..nodes.len()).collect();
    sequence.sort_by_key(|index| nodes.get(*index).map(|node| node.rank));
    Order { sequence, ..Order::default() }
}

fn referrers(nodes: &[Node]) -> Vec<Vec<(usize, &str)>> {
    let mut referrers = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for reference in &node.references {
            if let Some(list) = referrers.get_mut(reference.target) {
                list.push((index, reference.field.as_str()));
            }
        }
    }
    referrers
}

struct Sorter<'a> {
    nodes: &'a [Node],
    /// By node: how many of its references still wait.
    open: Vec<usize>,
    /// By node: who refers to it, and by which field.
    referrers: Vec<Vec<(usize, &'a str)>>,
    /// Nodes that wait for nothing, by rank and index.
    ready: BTreeSet<(usize, usize)>,
    /// Nodes that wait.
    waiting: BTreeSet<usize>,
    order: Order,
}

impl<'a> Sorter<'a> {
    fn new(nodes: &'a [Node]) -> Self {
        let mut sorter = Self {
            nodes,
            open: nodes.iter().map(|node| node.references.len()).collect(),
            referrers: referrers(nodes),
            ready: BTreeSet::new(),
            waiting: (0..nodes.len()).collect(),
            order: Order::default(),
        };
        (0..nodes.len()).for_each(|index| sorter.release_if_free(index));
        sorter
    }

    fn release_if_free(&mut self, index: usize) {
        if self.open.get(index) == Some(&0) && self.waiting.remove(&index) {
            let rank = self.nodes.get(index).map_or(0, |node| node.rank);
            self.ready.insert((rank, index));
        }
    }

    /// One reference of `index` no longer waits.
    fn settle(&mut self, index: usize) {
        if let Some(open) = self.open.get_mut(index) {
            *open = open.saturating_sub(1);
        }
        self.release_if_free(index);
    }

    fn place_ready(&mut self) {
        while let Some((_, index)) = self.ready.pop_first() {
            self.order.sequence.push(index);
            let referrers = self.referrers.get_mut(index).map(std::mem::take).unwrap_or_default();
            for (referrer, field) in referrers {
                if !self.order.deferred.contains(&(referrer, field.to_owned())) {
                    self.settle(referrer);
                }
            }
        }
    }

    /// The waiting node of the lowest rank.
    fn first_waiting(&self) -> Option<usize> {
        let rank = |index: &usize| self.nodes.get(*index).map_or(0, |node| node.rank);
        self.waiting.iter().min_by_key(|index| (rank(index), **index)).copied()
    }

    /// References of `index` that still wait.
    fn unsettled(&self, index: usize) -> impl Iterator<Item = &'a Reference> {
        let references = self.nodes.get(index).map_or(&[][..], |node| &node.references);
        references.iter().filter(move |reference| {
            self.waiting.contains(&reference.target)
                && !self.order.deferred.contains(&(index, reference.field.clone()))
        })
    }

    /// Defers references so that the circle reached from `start` opens. Between collections the
    /// field waits in all rows, which keeps the rows of a collection together; within a collection
    /// only in one row.
    fn break_circle(&mut self, start: usize) -> core::result::Result<(), Vec<usize>> {
        let circle = self.circle(start);
        let Some((index, reference)) = self.weakest(&circle) else { return Err(circle) };
        let rank = |index: usize| self.nodes.get(index).map(|node| node.rank);
        if rank(index) == rank(reference.target) {
            self.defer(index, reference);
            return Ok(());
        }
        let same = |other: &usize| rank(*other) == rank(index);
        for other in self.waiting.iter().copied().filter(same).collect::<Vec<_>>() {
            let field = self.unsettled(other).find(|found| found.field == reference.field);
            if let Some(found) = field.filter(|found| rank(found.target) == rank(reference.target))
            {
                self.defer(other, found);
            }
        }
        Ok(())
    }

    fn defer(&mut self, index: usize, reference: &Reference) {
        self.order.deferred.insert((index, reference.field.clone()));
        self.settle(index);
    }

    /// Follows waiting references from `start` until a node repeats.
    fn circle(&self, start: usize) -> Vec<usize> {
        let mut path = vec![start];
        let mut index = start;
        while let Some(reference) = self.unsettled(index).next() {
            index = reference.target;
            if let Some(first) = path.iter().position(|seen| *seen == index) {
                return path.split_off(first);
            }
            path.push(index);
        }
        path
    }

    /// The reference of the circle to defer: one between collections if there is one, of the lowest
    /// rank, then of the lowest index.
    fn weakest(&self, circle: &[usize]) -> Option<(usize, &'a Reference)> {
        let next = circle.iter().cycle().skip(1);
        let links = circle.iter().zip(next).filter_map(|(from, to)| {
            let mut links = self.unsettled(*from).filter(|link| link.target == *to);
            let link = links.next()?;
            let all_breakable = link.breakable && links.all(|link| link.breakable);
            all_breakable.then_some((*from, link))
        });
        links.min_by_key(|(from, link)| {
            let rank = |index: usize| self.nodes.get(index).map_or(0, |node| node.rank);
            (rank(*from) == rank(link.target), rank(*from), *from)
        })
    }
}

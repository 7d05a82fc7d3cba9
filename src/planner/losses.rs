//! What the schema steps of a plan would lose, and how much of it there is on the target.

use std::collections::BTreeMap;

use crate::error::{Diagnostic, Error, Result};
use crate::loss::{Loss, Question};
use crate::plan::Warning;

/// The losses of the schema steps, with what was counted of them.
#[derive(Debug, Default)]
pub struct Losses {
    losses: Vec<Loss>,
    counts: BTreeMap<String, u64>,
}

impl Losses {
    /// Losses that nobody has counted yet.
    pub fn new(losses: Vec<Loss>) -> Self {
        Self { losses, counts: BTreeMap::new() }
    }

    /// What the target is to be asked.
    pub fn questions(&self) -> Vec<Question> {
        self.losses.iter().map(Loss::question).collect()
    }

    /// Takes answers by the id of the question.
    pub fn answer(&mut self, counts: BTreeMap<String, u64>) -> Result<()> {
        for (id, count) in counts {
            if !self.losses.iter().any(|loss| loss.id() == id) {
                return Err(Error::new("INTERNAL", format!("Nobody asked to count {id}.")));
            }
            self.counts.insert(id, count);
        }
        Ok(())
    }

    /// Everything that would be lost.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        self.losses.iter().filter_map(|loss| loss.warning(self.count(loss)))
    }

    /// Everything that was found in the way.
    pub fn obstacles(&self) -> impl Iterator<Item = Diagnostic> {
        self.losses.iter().filter_map(|loss| loss.obstacle(self.count(loss)?))
    }

    fn count(&self, loss: &Loss) -> Option<u64> {
        self.counts.get(&loss.id()).copied()
    }
}

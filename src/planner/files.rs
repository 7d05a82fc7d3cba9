//! Data files on their way into the planner.

use crate::data_files::Incoming;
use crate::error::{Error, Result};

use super::{Planner, as_diagnostic, no_entry};

impl Planner {
    /// Takes a data file of an entry as a whole.
    pub fn add_file(&mut self, entry: &str, path: &str, bytes: &[u8]) -> Result<()> {
        self.begin_file(entry, path)?;
        self.add_file_part(bytes)?;
        self.end_file()
    }

    /// Begins a data file of an entry, whose content comes by [`Self::add_file_part`] until
    /// [`Self::end_file`].
    pub fn begin_file(&mut self, entry: &str, path: &str) -> Result<()> {
        if !self.entries.contains_key(entry) {
            return Err(no_entry(entry));
        }
        self.incoming = Some((entry.to_owned(), Incoming::new(path)));
        Ok(())
    }

    /// Takes the next part of the file, which may end anywhere, even within a character.
    pub fn add_file_part(&mut self, bytes: &[u8]) -> Result<()> {
        let (_, file) = self.incoming.as_mut().ok_or_else(no_file)?;
        self.room.add(bytes.len());
        file.add(bytes);
        Ok(())
    }

    /// Ends the file. What is wrong with it is told with everything else that is.
    pub fn end_file(&mut self) -> Result<()> {
        let (entry, file) = self.incoming.take().ok_or_else(no_file)?;
        match file.end() {
            Ok(file) => self.files.push((entry, file)),
            Err(error) => self.problems.push(as_diagnostic(error)),
        }
        Ok(())
    }
}

fn no_file() -> Error {
    Error::new("INTERNAL", "The core was given a part of a file that was not begun.")
}

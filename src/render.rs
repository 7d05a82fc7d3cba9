//! A plan for people: as text in a terminal, as Markdown for a pull request, as a page of HTML.
//!
//! All formats show the same outline: warnings first, then the schema by collection, the rows by entry,
//! and the numbers. `+` comes, `~` changes, `-` goes. Whatever the data holds, it can neither break out
//! of its place nor hide what is there.

mod escape;
mod html;
mod labels;
mod markdown;
mod outline;
mod rows;
mod schema;
mod text;
mod value;

pub use html::html;
pub use markdown::markdown;
pub use text::text;
pub(crate) use value::contrast;

use crate::plan::Plan;

/// Writes a plan in one format; what it gives ends with a newline.
pub type Render = fn(&Plan) -> String;

/// The format of that name.
pub fn format(name: &str) -> Option<Render> {
    match name {
        "text" => Some(text),
        "markdown" => Some(markdown),
        "html" => Some(html),
        _ => None,
    }
}

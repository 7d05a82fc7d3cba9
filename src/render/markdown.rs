//! A plan as a comment of a pull request.

use super::escape::{html as escaped, markdown as plain, markdown_code as code, one_line};
use super::labels::{columns, demand, mode, numbered, summary, verdict};
use super::outline::{About, Change, Group, Outline};
use super::value::{Difference, WIDTH};
use crate::plan::{Plan, Warning};

/// How many characters are written at most. A comment on GitHub may have 65,536; the rest is for
/// whoever adds words of their own.
const LIMIT: usize = 60_000;

/// How many characters of them are kept for saying what is left out.
const RESERVE: usize = 200;

/// How many rows of an entry are shown.
const ROWS: usize = 100;

/// How many changes a group shows before it is folded.
const UNFOLDED: usize = 12;

/// What the plan does as GitHub's Markdown: no longer than a comment may be, ends with a newline.
pub fn markdown(plan: &Plan) -> String {
    let outline = Outline::new(plan, ROWS);
    let mut page = Page { text: overview(plan), omitted: 0 };
    if !outline.warnings.is_empty() {
        page.add(Section::of_warnings(&outline.warnings));
    }
    page.add_groups("Schema", "setting", &outline.schema);
    page.add_groups("Rows", "field", &outline.rows);
    page.finish()
}

fn overview(plan: &Plan) -> String {
    let summary = summary(plan);
    let columns = columns(&summary);
    let head: String = columns.iter().map(|column| format!(" {} |", column.name)).collect();
    let cell = |number| if number == 0 { " |".into() } else { format!(" {number} |") };
    let rows = summary.iter().map(|(name, counts)| {
        let cells: String = columns.iter().map(|column| cell((column.number)(counts))).collect();
        format!("| {} |{cells}\n", plain(name))
    });
    let table: String = rows.collect();
    let verdict = verdict(plan, &format!("`{}`", mode(plan.mode)));
    let line = "--:|".repeat(columns.len());
    format!("### Schema Sync\n\n{verdict}\n\n| |{head}\n|:--|{line}\n{table}")
}

/// The comment as far as it is written.
struct Page {
    text: String,
    /// How many warnings and changes did not fit and are not counted in their section.
    omitted: usize,
}

impl Page {
    fn add_groups(&mut self, heading: &str, column: &str, groups: &[Group]) {
        let mut heading = format!("\n#### {heading}\n");
        for group in groups {
            self.add(Section::of_group(std::mem::take(&mut heading), column, group));
        }
    }

    /// Writes as much of the section as fits, and how much more there is.
    fn add(&mut self, section: Section) {
        let frame = length(&section.head) + length(&section.foot) + RESERVE;
        let Some(mut left) = self.left().checked_sub(frame) else {
            self.omitted += section.lines.len().max(1) + section.more;
            return;
        };
        let all = section.lines.len() + section.more;
        let fitting = section.lines.into_iter().map_while(|line| {
            left = left.checked_sub(length(&line))?;
            Some(line)
        });
        let fitting: Vec<String> = fitting.collect();
        let more = all - fitting.len();
        self.text.extend([section.head, fitting.concat()]);
        if more > 0 {
            self.text.push_str(&format!("\n… and {more} more\n"));
        }
        self.text.push_str(&section.foot);
    }

    fn left(&self) -> usize {
        LIMIT.saturating_sub(length(&self.text))
    }

    fn finish(mut self) -> String {
        if self.omitted > 0 {
            let more = numbered(self.omitted as u64, "more change");
            self.text.push_str(&format!("\n… and {more} that would not fit here\n"));
        }
        self.text
    }
}

/// A part of the page that is shortened by its lines, which end with a newline each.
struct Section {
    head: String,
    lines: Vec<String>,
    /// How many more lines there would be.
    more: usize,
    foot: String,
}

impl Section {
    fn of_warnings(warnings: &[&Warning]) -> Self {
        let lines = warnings.iter().map(|it| warning(it)).collect();
        Self { head: "\n#### Warnings\n\n".into(), lines, more: 0, foot: String::new() }
    }

    fn of_group(heading: String, column: &str, group: &Group) -> Self {
        let own = group.own.iter().map(|it| cells("`~`", "", Some(it)));
        let lines: Vec<String> = own.chain(group.changes.iter().map(change)).collect();
        let title = title(group);
        if lines.is_empty() {
            let head = format!("{heading}\n<p>{title}</p>\n");
            return Self { head, lines, more: group.more, foot: String::new() };
        }
        let open = if lines.len() <= UNFOLDED { " open" } else { "" };
        let summary = format!("<details{open}><summary>{title}</summary>");
        let columns = format!("| | | {column} | before | after |\n|:--|:--|:--|:--|:--|\n");
        let head = format!("{heading}\n{summary}\n\n{columns}");
        Self { head, lines, more: group.more, foot: "\n</details>\n".into() }
    }
}

fn warning(warning: &Warning) -> String {
    let demand = demand(warning).map(|demand| format!(" ({demand})")).unwrap_or_default();
    let message = plain(&one_line(&warning.message));
    format!("- **{}**{demand}: {message}\n", plain(&warning.code))
}

/// The heading of a group as HTML, since neither `<summary>` nor `<p>` takes Markdown.
fn title(group: &Group) -> String {
    let name = escaped(&group.name);
    match group.sign {
        Some(sign) => format!("<code>{}</code> <code>{name}</code>", sign.symbol()),
        None => format!("<code>{name}</code>: {}", group.note),
    }
}

/// The lines of a change; only the first one says what it is.
fn change(change: &Change) -> String {
    let (sign, name) = (format!("`{}`", change.sign.symbol()), name(change));
    let mut differences = change.differences.iter();
    let first = cells(&sign, &name, differences.next());
    first + &differences.map(|it| cells("", "", Some(it))).collect::<String>()
}

fn name(Change { name, about, .. }: &Change) -> String {
    let name = code(name);
    match about {
        About::Nothing => name,
        About::Type(kind) => format!("{name} {}", plain(kind)),
        About::Relation(None) => format!("relation {name}"),
        About::Relation(Some(related)) => format!("relation {name} → {}", code(related)),
    }
}

fn cells(sign: &str, name: &str, difference: Option<&Difference>) -> String {
    let Some(difference) = difference else {
        return format!("| {sign} | {name} | | | |\n");
    };
    let (before, after) = difference.excerpts(WIDTH);
    let path = code(&difference.path);
    format!("| {sign} | {name} | {path} | {} | {} |\n", code(&before), code(&after))
}

fn length(text: &str) -> usize {
    text.chars().count()
}

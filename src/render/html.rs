//! A plan as one page of HTML, which needs neither network nor JavaScript.

mod value;

use serde_json::{Map, Value};

use super::escape::{html as escaped, printable};
use super::labels::{self, Column, demand, mode, summary};
use super::outline::{About, Change, Group, Outline, Sign};
use super::value::Difference;
use crate::plan::{Counts, Plan, Warning};

/// Everything of the page that does not depend on the plan, with `{{name}}` where a part goes.
const TEMPLATE: &str = include_str!("html/page.html");

/// How many rows of an entry are shown.
const ROWS: usize = 300;

/// How many changes a group shows before it is folded.
const UNFOLDED: usize = 40;

/// What the plan does as a page of HTML. Ends with a newline.
pub fn html(plan: &Plan) -> String {
    let outline = Outline::new(plan, ROWS);
    let warnings = outline.warnings.into_iter().map(warning).collect();
    let parts = [
        ("verdict", verdict(plan)),
        ("summary", overview(plan)),
        ("warnings", section("Warnings", warnings)),
        (
            "schema",
            section("Schema", outline.schema.iter().map(|it| group("Setting", it)).collect()),
        ),
        ("rows", section("Rows", outline.rows.iter().map(|it| group("Field", it)).collect())),
        ("digest", escaped(&plan.digest)),
    ];
    printable(&filled(TEMPLATE, &parts))
}

/// The template with its parts, each put in once: what a part holds is never taken for a name.
fn filled(template: &str, parts: &[(&str, String)]) -> String {
    let mut page = String::new();
    for piece in template.split("{{") {
        let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
        let part = parts.iter().find(|(known, _)| *known == name);
        page.extend([part.map_or("", |(_, text)| text), rest]);
    }
    page
}

fn verdict(plan: &Plan) -> String {
    labels::verdict(plan, &format!("<b>{}</b>", mode(plan.mode)))
}

fn overview(plan: &Plan) -> String {
    let summary = summary(plan);
    let columns = labels::columns(&summary);
    let head = columns.iter().map(|column| format!("<th scope=\"col\">{}</th>", column.name));
    let rows = summary.iter().map(|(name, counts)| {
        let cells: String = columns.iter().map(|column| count(column, counts)).collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escaped(name))
    });
    let (head, rows): (String, String) = (head.collect(), rows.collect());
    format!("<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{rows}</tbody>")
}

fn count(column: &Column, counts: &Counts) -> String {
    match (column.number)(counts) {
        0 => "<td class=\"none\">0</td>".into(),
        number => format!("<td class=\"{}\">{number}</td>", column.class),
    }
}

fn section(heading: &str, parts: Vec<String>) -> String {
    match parts.is_empty() {
        true => String::new(),
        false => format!("<section>\n<h2>{heading}</h2>\n{}</section>\n", parts.concat()),
    }
}

fn warning(warning: &Warning) -> String {
    let demand = demand(warning).map(|demand| format!(" <span class=\"demand\">{demand}</span>"));
    let class = match warning {
        Warning { refused: true, .. } => " demanding refused",
        Warning { destructive: true, .. } => " demanding",
        _ => "",
    };
    let demand = demand.unwrap_or_default();
    let (code, message) = (escaped(&warning.code), escaped(&warning.message));
    format!("<div class=\"warning{class}\"><code>{code}</code>{demand}<p>{message}</p></div>\n")
}

fn group(column: &str, group: &Group) -> String {
    let title = title(group);
    let own = group.own.iter().map(difference).collect::<String>();
    let changes = group.changes.iter().map(change).collect::<String>();
    let size = group.own.len() + group.changes.len();
    if size == 0 {
        return format!("<div class=\"group\"><div class=\"title\">{title}</div></div>\n");
    }
    let open = if size <= UNFOLDED { " open" } else { "" };
    let (head, more) = (columns(column, group), more(group.more));
    format!(
        "<details class=\"group\"{open}><summary class=\"title\">{title}</summary>\n<table>\n\
         {head}<tbody>\n{own}</tbody>\n{changes}</table>\n{more}</details>\n"
    )
}

fn title(group: &Group) -> String {
    let sign = group.sign.map(sign).unwrap_or_default();
    let note = match group.note.as_str() {
        "" => String::new(),
        note => format!(" <span class=\"note\">{note}</span>"),
    };
    format!("{sign}<code>{}</code>{note}", escaped(&group.name))
}

fn sign(sign: Sign) -> String {
    format!("<span class=\"sign {}\">{}</span> ", class(sign), sign.symbol())
}

fn class(sign: Sign) -> &'static str {
    match sign {
        Sign::Create => "create",
        Sign::Update => "update",
        Sign::Delete => "delete",
    }
}

/// The heads of the columns, where a group has something in them.
fn columns(column: &str, group: &Group) -> String {
    let has_differences = group.changes.iter().any(|change| !change.differences.is_empty());
    match has_differences || !group.own.is_empty() {
        true => format!("<thead><tr><th>{column}</th><th>Before</th><th>After</th></tr></thead>\n"),
        false => String::new(),
    }
}

fn more(count: usize) -> String {
    match count {
        0 => String::new(),
        count => format!("<p class=\"more\">… and {count} more</p>\n"),
    }
}

fn change(change: &Change) -> String {
    let (class, heading) = (class(change.sign), heading(change));
    let differences: String = change.differences.iter().map(difference).collect();
    format!(
        "<tbody class=\"{class}\">\n<tr><th colspan=\"3\">{heading}</th></tr>\n{differences}</tbody>\n"
    )
}

/// What changes; behind it is folded what a new thing consists of.
fn heading(change: &Change) -> String {
    let sign = sign(change.sign);
    let name = format!("{sign}<span class=\"what\">{}</span>", name(change));
    if change.content.is_empty() {
        return format!("<div class=\"thing\">{name}</div>");
    }
    let content = content(&change.content);
    format!("<details class=\"thing\"><summary>{name}</summary>\n<dl>\n{content}</dl></details>")
}

fn name(Change { name, about, .. }: &Change) -> String {
    let name = format!("<code>{}</code>", escaped(name));
    match about {
        About::Nothing => name,
        About::Type(kind) => format!("{name} <span class=\"note\">{}</span>", escaped(kind)),
        About::Relation(None) => format!("<span class=\"note\">relation</span> {name}"),
        About::Relation(Some(related)) => {
            let related = escaped(related);
            format!("<span class=\"note\">relation</span> {name} → <code>{related}</code>")
        }
    }
}

fn content(content: &Map<String, Value>) -> String {
    let parts = content.iter();
    parts
        .map(|(key, it)| format!("<dt>{}</dt><dd>{}</dd>\n", escaped(key), value::one(it)))
        .collect()
}

fn difference(difference: &Difference) -> String {
    let (before, after) = value::both(difference);
    let path = escaped(&difference.path);
    format!(
        "<tr><td>{path}</td><td class=\"before\">{before}</td><td class=\"after\">{after}</td></tr>\n"
    )
}

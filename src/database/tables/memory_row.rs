//! Reads rows of the memory table.

use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::MEMORY;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::table::ColumnType;
use crate::error::{Error, Result};
use crate::types::memory::{LazyJson, Memory};

/// Returns the columns of a SELECT for [`read`], each under its own name.
pub(crate) fn selected(dialect: Dialect, layout: &TableLayout) -> String {
    let columns = layout.columns(&MEMORY);
    let read =
        |name: &str| columns.iter().find(|column| column.name == name).map(|column| dialect.read(column));
    let id = match (read("external_id"), read("id").unwrap_or_default()) {
        // The name that callers gave it, unless another program inserted the row.
        (Some(external), id) => dialect.coalesce_text(&external, &id),
        (None, id) => id,
    };
    let others = columns
        .iter()
        .filter(|column| {
            !matches!(column.kind, ColumnType::Id | ColumnType::Created) && column.name != "external_id"
        })
        .map(|column| dialect.read(column));
    let selected = std::iter::once(id).chain(others).enumerate();
    selected.map(|(n, column)| format!("{column} AS c{n}")).collect::<Vec<_>>().join(", ")
}

/// Works like [`selected`], with the id of the row before the other columns.
pub(crate) fn selected_with_row(dialect: Dialect, layout: &TableLayout) -> String {
    format!("{} AS row_id, {}", dialect.text("id"), selected(dialect, layout))
}

/// Reads a row of [`selected`]. JSON columns are not parsed.
pub(crate) fn read<'a>(dialect: Dialect, mut row: impl Iterator<Item = Option<&'a str>>) -> Result<Memory> {
    let mut next = || row.next().flatten();
    let id = next().unwrap_or_default();
    Ok(Memory {
        id: id.to_owned(),
        content: next().unwrap_or_default().to_owned(),
        timestamp: next().and_then(|time| dialect.decode_time(time)).ok_or_else(|| {
            Error::DatabaseQueryFailed {
                action: "read a memory".into(),
                reason: format!("the timestamp of row {id} is not a date"),
                cause: None,
            }
        })?,
        kind: next().unwrap_or_default().into(),
        importance: next().and_then(|importance| importance.parse::<f64>().ok()).map(|n| n as i32),
        channel: next().map(Into::into),
        session_metadata: next()
            .filter(|json| json.trim_ascii_start().starts_with('{'))
            .and_then(LazyJson::from_text),
        role: next().map(Into::into),
        tool_call: json(next()),
        tool_result: json(next()),
        metadata: json(next()),
        goal_achieved: next().map(|goal| dialect.decode_bool(goal)),
    })
}

/// Reads a JSON column. Returns `None` for invalid JSON and for JSON `null`.
fn json(text: Option<&str>) -> Option<LazyJson> {
    text.filter(|text| text.trim_ascii() != "null").and_then(LazyJson::from_text)
}

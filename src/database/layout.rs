//! What the database has of our tables, and in what the ones that somebody else made differ.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::database::executor::Row;
use crate::database::result_set::ResultSet;
use crate::database::schema::{
    CALL_LOGS, Column, ColumnType, MEMORY, SESSION_KEYS, TABLES, TENANT, Table, VECTOR, VECTORS,
};

/// What an inspection found.
#[derive(Default)]
pub(crate) struct Found {
    columns: HashMap<String, HashSet<String>>,
    /// Per table, the signatures of its indexes: [`Dialect::index_signature`].
    indexes: HashMap<String, HashSet<String>>,
    /// Per table, the names of its indexes: those of tenants all sort by the same first.
    index_names: HashMap<String, HashSet<String>>,
    /// Per table, columns that hold UUIDs only.
    uuids: HashMap<String, HashSet<String>>,
    /// Per table, columns that hold 36 characters, as a UUID has.
    char36: HashMap<String, HashSet<String>>,
    /// Per table, columns of text of any length, where the database indexes only its beginning.
    texts: HashMap<String, HashSet<String>>,
    /// Indexes whose making was interrupted, or goes on.
    pub broken: HashSet<String>,
    /// Whether the schema that was asked for exists.
    pub has_schema: bool,
    /// What can be had of pgvector.
    pub pgvector: Pgvector,
}

/// What can be had of pgvector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pgvector {
    /// Nobody needs it.
    #[default]
    Unwanted,
    /// It is there.
    Usable,
    /// It is in a schema that the connection does not search.
    Hidden,
    /// It is on the server, but not in the database, and this role may not change that.
    Forbidden,
    /// It is on the server, but not in the database.
    Available,
    /// It is not there.
    Missing,
}

impl Pgvector {
    /// What to do to have it, where it would help.
    fn advice(self) -> Option<&'static str> {
        match self {
            Self::Unwanted | Self::Usable => None,
            Self::Hidden => {
                Some("pgvector is in a schema outside of the connection's search_path: add it there")
            }
            Self::Forbidden | Self::Available => Some(
                "pgvector is on the server, but this role may not install it: have a superuser run CREATE EXTENSION vector",
            ),
            Self::Missing => Some("PostgreSQL with pgvector does better"),
        }
    }
}

impl Found {
    /// The columns of a table, none if there is no such table.
    pub fn columns(&self, table: &str) -> Option<&HashSet<String>> {
        named(&self.columns, table)
    }

    /// Whether only the beginning of a column can be indexed.
    pub fn is_text(&self, table: &str, column: &str) -> bool {
        named(&self.texts, table).is_some_and(|columns| columns.contains(column))
    }

    /// Whether the table has an index of that name.
    pub fn has_index(&self, table: &str, name: &str) -> bool {
        named(&self.index_names, table).is_some_and(|names| names.contains(name))
    }

    /// Whether the table has an index of that signature.
    pub fn is_indexed(&self, table: &str, index: &str) -> bool {
        named(&self.indexes, table).is_some_and(|signatures| signatures.contains(&signature(index)))
    }
}

/// MySQL servers on Windows and macOS spell every table name in lower case.
fn named<'a>(found: &'a HashMap<String, HashSet<String>>, table: &str) -> Option<&'a HashSet<String>> {
    found.get(table).or_else(|| found.get(&table.to_lowercase()))
}

impl From<ResultSet> for Found {
    fn from(rows: ResultSet) -> Self {
        let mut found = Self::default();
        for row in rows.iter() {
            let mut row = row.flatten().map(str::to_owned);
            let (Some(kind), Some(table), Some(what)) = (row.next(), row.next(), row.next()) else {
                continue;
            };
            match kind.as_str() {
                "column" => {
                    found.columns.entry(table).or_default().insert(what);
                }
                "schema" => found.has_schema = true,
                "index_name" => {
                    found.index_names.entry(table).or_default().insert(what);
                }
                "broken" => {
                    found.broken.insert(what);
                }
                "uuid" => {
                    found.uuids.entry(table).or_default().insert(what);
                }
                "char36" => {
                    found.char36.entry(table).or_default().insert(what);
                }
                "text" => {
                    found.texts.entry(table).or_default().insert(what);
                }
                _ => {
                    found.indexes.entry(table).or_default().insert(signature(&what));
                }
            }
        }
        found
    }
}

/// What an index sorts by first, and which rows it has if not all.
fn signature(index: &str) -> String {
    let index = index.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (keys, condition) = index.split_once(" where ").unwrap_or((&index, ""));
    let first = keys.split(',').next().unwrap_or_default();
    normalize(&format!("{first}|{condition}"))
}

/// An expression without the quotes, parentheses and casts that databases add.
fn normalize(expression: &str) -> String {
    let expression = expression.replace("::text", "");
    expression.chars().filter(|c| !c.is_whitespace() && !"\"`[]()".contains(*c)).collect()
}

/// What `call_logs.conversation_id` can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ConversationColumn {
    /// Any id.
    #[default]
    Text,
    /// UUIDs only, as in the TypeScript SDK's schema.
    Uuid,
    /// 36 characters, which is how the specification's UUID is written in MySQL.
    Char36,
}

impl ConversationColumn {
    /// The id as the column holds it, if it can.
    pub fn hold(self, id: &str) -> Option<String> {
        match self {
            Self::Text => Some(id.to_owned()),
            Self::Uuid => Uuid::parse_str(id).ok().map(|uuid| uuid.to_string()),
            Self::Char36 => (id.chars().count() <= 36).then(|| id.to_owned()),
        }
    }

    fn warning(self) -> Option<String> {
        let (kind, kept) = match self {
            Self::Text => return None,
            Self::Uuid => ("is a UUID", "conversation ids that are none"),
            Self::Char36 => ("has 36 characters", "longer conversation ids"),
        };
        Some(format!(
            "The column call_logs.conversation_id {kind}: {kept} are kept in metadata.conversationId. \
             Change its type to TEXT (MySQL: VARCHAR(512)) to have them in the column."
        ))
    }
}

/// In what tables differ from those we make.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Tables without `external_id`, made by hand from the specification.
    without_external_id: HashSet<&'static str>,
    /// Tables in which rows are of nobody in particular, having no column to say otherwise.
    without_tenants: HashSet<&'static str>,
    /// The memory table is one of the TypeScript SDK: `external_id` names rows, several perhaps, whose
    /// `id` is random. Its index on `external_id`, which ours has not, tells.
    pub adopted: bool,
    /// The ids of memories are not of a type for UUIDs.
    pub text_ids: bool,
    /// What `call_logs.conversation_id` can hold.
    pub conversations: ConversationColumn,
    /// Indexes that are missing because the role may not create them.
    pub missing_indexes: Vec<String>,
    /// The memory table has MySQL's generated columns for what identifies a conversation.
    pub session_columns: bool,
    /// Vectors are in a column of pgvector's.
    pub pgvector: bool,
    /// What would be better than what there is for vectors.
    vector_advice: Option<&'static str>,
}

impl Layout {
    /// The layout of what was found; `name` gives a table's name.
    pub fn of(found: &Found, name: impl Fn(&Table) -> String) -> Self {
        let lacks = |table: &&&Table| {
            let columns = found.columns(&name(table));
            has_external_id(table) && columns.is_some_and(|columns| !columns.contains("external_id"))
        };
        let lacks_tenants = |table: &&&Table| {
            let columns = found.columns(&name(table));
            table.tenants && columns.is_some_and(|columns| !columns.contains(TENANT.name))
        };
        let is_conversation = |columns: &HashMap<_, _>| {
            named(columns, &name(&CALL_LOGS)).is_some_and(|columns| columns.contains("conversation_id"))
        };
        let conversations = if is_conversation(&found.uuids) {
            ConversationColumn::Uuid
        } else if is_conversation(&found.char36) {
            ConversationColumn::Char36
        } else {
            ConversationColumn::Text
        };
        Self {
            without_external_id: TABLES.iter().filter(lacks).map(|table| table.name).collect(),
            without_tenants: TABLES
                .iter()
                .chain([&&VECTORS])
                .filter(lacks_tenants)
                .map(|table| table.name)
                .collect(),
            adopted: found.is_indexed(&name(&MEMORY), "external_id"),
            text_ids: !named(&found.uuids, &name(&MEMORY)).is_some_and(|columns| columns.contains("id")),
            conversations,
            missing_indexes: Vec::new(),
            session_columns: found
                .columns(&name(&MEMORY))
                .is_some_and(|columns| SESSION_KEYS.iter().all(|field| columns.contains(field.column))),
            pgvector: found.pgvector == Pgvector::Usable
                && found.columns(&name(&VECTORS)).is_some_and(|columns| columns.contains(VECTOR.name)),
            vector_advice: found.pgvector.advice(),
        }
    }

    /// What works, but not as well as it could, and what to do about it.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.missing_indexes.is_empty() {
            warnings.push(format!(
                "This database role may not create what is missing, so searches may be slow. Have a role that may run: {}",
                self.missing_indexes.join("; ")
            ));
        }
        warnings.extend(self.conversations.warning());
        warnings.extend(self.vector_advice.map(|advice| {
            format!(
                "Vectors are kept in the table `vectors` as bytes, and compared in this process, which is fine for some thousands \
                 of memories a customer. {advice}."
            )
        }));
        warnings
    }

    /// The columns a table has. Only the last of ours, `external_id`, may be missing.
    pub fn columns(&self, table: &Table) -> &'static [Column] {
        let columns = table.columns;
        if self.without_external_id.contains(table.name) { &columns[..columns.len() - 1] } else { columns }
    }

    /// Whether rows of a table say whose they are.
    pub fn has_tenants(&self, table: &Table) -> bool {
        table.tenants && !self.without_tenants.contains(table.name)
    }

    /// A row of all our columns, cut to those there are.
    pub fn row(&self, table: &Table, mut row: Row) -> Row {
        row.truncate(self.columns(table).len());
        row
    }
}

/// Whether a missing column is no harm.
pub(crate) fn is_dispensable(column: &Column) -> bool {
    column.name == "external_id" && column.kind == ColumnType::Key
}

fn has_external_id(table: &Table) -> bool {
    table.columns.last().is_some_and(is_dispensable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_recognised_however_the_database_prints_them() {
        let ours = signature("(session_metadata->>'conversationId')");
        assert_eq!(signature("(session_metadata ->> 'conversationId'::text),\"timestamp\""), ours);
        assert_eq!(signature("(\"timestamp\""), signature("\"timestamp\""));
        let some =
            "(left(session_metadata->>'to', 512)) WHERE left(session_metadata->>'to', 512) IS NOT NULL";
        let printed = "\"left\"((session_metadata ->> 'to'::text), 512),\"timestamp\" \
                       WHERE (\"left\"((session_metadata ->> 'to'::text), 512) IS NOT NULL)";
        assert_eq!(signature(some), signature(printed));
        assert_ne!(signature("channel WHERE deleted IS NULL"), signature("channel"));
    }
}

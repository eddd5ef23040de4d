//! The layout of the existing tables, and its differences from those that we create.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::database::schema::tables::{CALL_LOGS, MEMORY, RECALL, TABLES, VECTOR, VECTORS};
use crate::database::sql::result_set::ResultSet;
use crate::database::sql::result_set::Row;
use crate::database::sql::table::{Column, ColumnType, SESSION_KEYS, TENANT, Table};

/// The result of an introspection.
#[derive(Default)]
pub(crate) struct IntrospectedSchema {
    columns: HashMap<String, HashSet<String>>,
    /// Signatures of the indexes by table: [`Dialect::index_signature`].
    indexes: HashMap<String, HashSet<String>>,
    /// Names of the indexes by table, because the signatures of all tenant indexes begin alike.
    index_names: HashMap<String, HashSet<String>>,
    /// UUID columns by table.
    uuids: HashMap<String, HashSet<String>>,
    /// Columns of 36 characters by table, the length of a UUID.
    char36: HashMap<String, HashSet<String>>,
    /// Columns of unlimited text by table, where the database indexes only a prefix.
    texts: HashMap<String, HashSet<String>>,
    /// Invalid indexes: their build was interrupted, or is still running.
    pub broken: HashSet<String>,
    /// `true` if the requested schema exists.
    pub has_schema: bool,
    /// Availability of pgvector.
    pub pgvector: Pgvector,
    /// `true` if the ledger records that the TypeScript SDK filled the tables.
    pub is_adopted: bool,
}

/// The availability of pgvector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pgvector {
    /// Vectors are not used.
    #[default]
    NotNeeded,
    /// It is installed and usable.
    Usable,
    /// It is in a schema outside of the connection's search path.
    NotInSearchPath,
    /// It is on the server, but not in the database, and this role may not install it.
    InstallDenied,
    /// It is on the server, but not in the database.
    Available,
    /// It is not on the server.
    Missing,
}

impl Pgvector {
    /// Returns advice to get pgvector, where it would help.
    fn advice(self) -> Option<&'static str> {
        match self {
            Self::NotNeeded | Self::Usable => None,
            Self::NotInSearchPath => {
                Some("pgvector is in a schema outside of the connection's search_path: add it there")
            }
            Self::InstallDenied | Self::Available => Some(
                "pgvector is on the server, but this role may not install it: have a superuser run CREATE EXTENSION vector",
            ),
            Self::Missing => Some("PostgreSQL with pgvector does better"),
        }
    }
}

impl IntrospectedSchema {
    /// Returns the columns of a table, `None` if the table does not exist.
    pub fn columns(&self, table: &str) -> Option<&HashSet<String>> {
        named(&self.columns, table)
    }

    /// Returns `true` if only a prefix of a column can be indexed.
    pub fn is_text(&self, table: &str, column: &str) -> bool {
        named(&self.texts, table).is_some_and(|columns| columns.contains(column))
    }

    /// Returns `true` if the table has an index of that name.
    pub fn has_index(&self, table: &str, name: &str) -> bool {
        named(&self.index_names, table).is_some_and(|names| names.contains(name))
    }

    /// Returns `true` if the table has an index of that signature.
    pub fn is_indexed(&self, table: &str, index: &str) -> bool {
        named(&self.indexes, table).is_some_and(|signatures| signatures.contains(&signature(index)))
    }
}

/// Looks a table up. MySQL servers on Windows and macOS store every table name in lower case.
fn named<'a>(found: &'a HashMap<String, HashSet<String>>, table: &str) -> Option<&'a HashSet<String>> {
    found.get(table).or_else(|| found.get(&table.to_lowercase()))
}

impl From<ResultSet> for IntrospectedSchema {
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

/// Returns the signature of an index: its first key and the condition of a partial one.
fn signature(index: &str) -> String {
    let index = index.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (keys, condition) = index.split_once(" where ").unwrap_or((&index, ""));
    let first = keys.split(',').next().unwrap_or_default();
    normalize(&format!("{first}|{condition}"))
}

/// Removes the quotes, parentheses and casts that databases add to an expression.
fn normalize(expression: &str) -> String {
    let expression = expression.replace("::text", "");
    expression.chars().filter(|c| !c.is_whitespace() && !"\"`[]()".contains(*c)).collect()
}

/// The type of `call_logs.conversation_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ConversationColumn {
    /// Text, for any id.
    #[default]
    Text,
    /// UUIDs only, as in the TypeScript SDK's schema.
    Uuid,
    /// 36 characters, which is the specification's UUID in MySQL.
    Char36,
}

impl ConversationColumn {
    /// Returns the id as the column stores it, `None` if it cannot.
    pub fn encode_id(self, id: &str) -> Option<String> {
        match self {
            Self::Text => Some(id.to_owned()),
            Self::Uuid => Uuid::parse_str(id).ok().map(|uuid| uuid.to_string()),
            Self::Char36 => (id.chars().count() <= 36).then(|| id.to_owned()),
        }
    }

    fn warning(self) -> Option<String> {
        let (kind, kept) = match self {
            Self::Text => return None,
            Self::Uuid => ("is a UUID", "conversation ids that are not UUIDs"),
            Self::Char36 => ("has 36 characters", "longer conversation ids"),
        };
        Some(format!(
            "The column call_logs.conversation_id {kind}: {kept} are kept in metadata.conversationId. \
             Change its type to TEXT (MySQL: VARCHAR(512)) to have them in the column."
        ))
    }
}

/// The differences of the existing tables from those that we create.
#[derive(Debug, Default)]
pub(crate) struct TableLayout {
    /// Tables without `external_id`, created by hand from the specification.
    without_external_id: HashSet<&'static str>,
    /// Tables without the tenant column, whose rows belong to no tenant.
    without_tenants: HashSet<&'static str>,
    /// The memory table is the TypeScript SDK's: several rows may share an `external_id`, and their
    /// `id` is random. It is recognised by its index on `external_id`, which ours lacks, and later
    /// by the ledger.
    pub is_legacy_sdk: bool,
    /// The ids of memories are not of a UUID type.
    pub text_ids: bool,
    /// Type of `call_logs.conversation_id`.
    pub conversations: ConversationColumn,
    /// Indexes that are missing because the role may not create them.
    pub missing_indexes: Vec<String>,
    /// The memory table has MySQL's generated columns for the fields that identify a conversation.
    pub session_columns: bool,
    /// The table of the lexical index is in place.
    pub recall: bool,
    /// Vectors are in a column of pgvector's type.
    pub pgvector: bool,
    /// Advice for a better storage of vectors.
    vector_advice: Option<&'static str>,
}

impl TableLayout {
    /// Returns the layout of the introspected tables; `name` returns the full name of a table.
    pub fn of(found: &IntrospectedSchema, name: impl Fn(&Table) -> String) -> Self {
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
                .chain([&&VECTORS, &&RECALL])
                .filter(lacks_tenants)
                .map(|table| table.name)
                .collect(),
            is_legacy_sdk: found.is_adopted || found.is_indexed(&name(&MEMORY), "external_id"),
            text_ids: !named(&found.uuids, &name(&MEMORY)).is_some_and(|columns| columns.contains("id")),
            conversations,
            missing_indexes: Vec::new(),
            session_columns: found
                .columns(&name(&MEMORY))
                .is_some_and(|columns| SESSION_KEYS.iter().all(|field| columns.contains(field.column))),
            recall: found
                .columns(&name(&RECALL))
                .is_some_and(|columns| RECALL.columns.iter().all(|column| columns.contains(column.name))),
            pgvector: found.pgvector == Pgvector::Usable
                && found.columns(&name(&VECTORS)).is_some_and(|columns| columns.contains(VECTOR.name)),
            vector_advice: found.pgvector.advice(),
        }
    }

    /// Returns warnings about a setup that works, but not as well as it could, with advice.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.missing_indexes.is_empty() {
            warnings.push(format!(
                "This database role may not create what is missing, so searches may be slow. Have a role with that permission run: {}",
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

    /// Returns the columns of a table. Only our last one, `external_id`, may be missing.
    pub fn columns(&self, table: &Table) -> &'static [Column] {
        let columns = table.columns;
        if self.without_external_id.contains(table.name) { &columns[..columns.len() - 1] } else { columns }
    }

    /// Returns `true` if the table has the tenant column.
    pub fn has_tenants(&self, table: &Table) -> bool {
        table.tenants && !self.without_tenants.contains(table.name)
    }

    /// Truncates a row of all our columns to the existing ones.
    pub fn row(&self, table: &Table, mut row: Row) -> Row {
        row.truncate(self.columns(table).len());
        row
    }
}

/// Returns `true` if a missing column does no harm.
pub(crate) fn is_optional_column(column: &Column) -> bool {
    column.name == "external_id" && column.kind == ColumnType::Key
}

fn has_external_id(table: &Table) -> bool {
    table.columns.last().is_some_and(is_optional_column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_indexes_in_every_database_format() {
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

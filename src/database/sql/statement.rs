//! SQL text under construction, with its parameters.

use serde::{Deserialize, Serialize};

use crate::database::sql::dialect::Dialect;
use crate::database::sql::result_set::ResultSet;
use crate::database::sql::table::ColumnType;

/// A value of a row to insert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// A text that SQL casts to the type of the column.
    Text(String),
    /// A value of a column of [`ColumnType::Bytes`].
    Bytes(Vec<u8>),
}

impl Value {
    /// Returns the size in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A parameter. All values but bytes are sent as text and cast in SQL, so that one statement works
/// with every driver.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Param {
    /// One value.
    Text(Option<String>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A column of values (PostgreSQL only).
    Texts(Vec<Option<String>>),
    /// A column of bytes (PostgreSQL only).
    ByteArrays(Vec<Option<Vec<u8>>>),
}

impl From<Option<Value>> for Param {
    fn from(value: Option<Value>) -> Self {
        match value {
            None => Self::Text(None),
            Some(Value::Text(text)) => Self::Text(Some(text)),
            Some(Value::Bytes(bytes)) => Self::Bytes(bytes),
        }
    }
}

/// A statement that is ready to run. Every result column is text, unless it reads bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub sql: String,
    pub params: Vec<Param>,
    /// `true` if result columns may be bytes.
    pub reads_bytes: bool,
}

impl Statement {
    /// Creates a statement without parameters.
    pub fn plain(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), params: Vec::new(), reads_bytes: false }
    }

    /// Returns the size of the text and the parameters, in bytes.
    pub fn size(&self) -> usize {
        let size = |param: &Param| match param {
            Param::Text(text) => text.as_ref().map_or(0, String::len),
            Param::Bytes(bytes) => bytes.len(),
            Param::Texts(texts) => texts.iter().flatten().map(String::len).sum(),
            Param::ByteArrays(arrays) => arrays.iter().flatten().map(Vec::len).sum(),
        };
        self.sql.len() + self.params.iter().map(size).sum::<usize>()
    }
}

/// Mode of execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A query that returns rows.
    Fetch,
    /// A statement that writes.
    Execute,
    /// Statements in one transaction.
    Transaction,
}

/// The result of statements.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct QueryResult {
    /// Rows.
    pub rows: ResultSet,
    /// Number of changed rows.
    pub affected: u64,
}

/// A builder that writes a statement from left to right.
pub(crate) struct StatementBuilder {
    dialect: Dialect,
    statement: Statement,
}

impl StatementBuilder {
    pub fn new(dialect: Dialect, sql: impl Into<String>) -> Self {
        Self { dialect, statement: Statement::plain(sql) }
    }

    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.statement.sql.push_str(sql);
        self
    }

    /// Adds a parameter and returns its placeholder.
    pub fn bind(&mut self, value: impl Into<Option<String>>) -> String {
        self.bind_param(Param::Text(value.into()))
    }

    pub fn bind_param(&mut self, param: impl Into<Param>) -> String {
        self.statement.params.push(param.into());
        self.dialect.placeholder(self.statement.params.len())
    }

    /// Adds `expression IN (…)`, with the values as text.
    pub fn push_one_of(&mut self, expression: &str, kind: ColumnType, values: &[String]) -> &mut Self {
        let operands = values.iter().map(|value| {
            let placeholder = self.bind(value.clone());
            self.dialect.cast_param(kind, &placeholder)
        });
        let list = operands.collect::<Vec<_>>().join(", ");
        self.push(&format!("{expression} IN ({list})"))
    }

    /// Adds bytes for a column of bytes and returns the operand.
    pub fn bind_bytes(&mut self, bytes: Vec<u8>) -> String {
        let placeholder = self.bind_param(Param::Bytes(bytes));
        self.dialect.cast_param(ColumnType::Bytes, &placeholder)
    }

    /// Adds `expression = value`, with the value as text.
    pub fn push_equal(&mut self, expression: &str, kind: ColumnType, value: impl Into<String>) -> &mut Self {
        let placeholder = self.bind(value.into());
        let operand = self.dialect.cast_param(kind, &placeholder);
        self.push(&format!("{expression} = {operand}"))
    }

    /// Adds `expression IN (…)` for integers of 64 bits. On PostgreSQL the text is the same for any
    /// number of them.
    pub fn push_one_of_numbers(&mut self, expression: &str, numbers: &[i64]) -> &mut Self {
        let numbers = numbers.iter().map(i64::to_string);
        if self.dialect == Dialect::Postgres {
            let array = self.bind_param(Param::Texts(numbers.map(Some).collect()));
            return self.push(&format!("{expression} = ANY (CAST(CAST({array} AS text[]) AS bigint[]))"));
        }
        self.push_one_of(expression, ColumnType::BigInteger, &numbers.collect::<Vec<_>>())
    }

    pub fn finish(self) -> Statement {
        self.statement
    }
}

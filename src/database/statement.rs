//! SQL text under construction, with its parameters.

use serde::{Deserialize, Serialize};

use crate::database::dialect::Dialect;
use crate::database::result_set::ResultSet;
use crate::database::schema::ColumnType;

/// A parameter. Everything travels as text and is cast in SQL, so that one statement runs through
/// every driver.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Param {
    /// One value.
    Text(Option<String>),
    /// A column of values (PostgreSQL only).
    Texts(Vec<Option<String>>),
}

/// A statement ready to run. Every result column is text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub sql: String,
    pub params: Vec<Param>,
}

impl Statement {
    /// A statement without parameters.
    pub fn plain(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), params: Vec::new() }
    }

    /// Bytes of text and parameters.
    pub fn size(&self) -> usize {
        let bytes = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let size = |param: &Param| match param {
            Param::Text(text) => bytes(text),
            Param::Texts(texts) => texts.iter().map(bytes).sum(),
        };
        self.sql.len() + self.params.iter().map(size).sum::<usize>()
    }
}

/// How statements are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One that returns rows.
    Fetch,
    /// One that writes.
    Execute,
    /// All of them or none.
    Transaction,
}

/// What came of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Reply {
    /// Rows, each column as text.
    pub rows: ResultSet,
    /// Rows that were changed.
    pub affected: u64,
}

/// Writes a statement from left to right.
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

    pub fn bind_param(&mut self, param: Param) -> String {
        self.statement.params.push(param);
        self.dialect.placeholder(self.statement.params.len())
    }

    /// `expression IN (…)`, of values that are given as text.
    pub fn push_one_of(&mut self, expression: &str, kind: ColumnType, values: &[String]) -> &mut Self {
        let operands = values.iter().map(|value| {
            let placeholder = self.bind(value.clone());
            self.dialect.operand(kind, &placeholder)
        });
        let list = operands.collect::<Vec<_>>().join(", ");
        self.push(&format!("{expression} IN ({list})"))
    }

    pub fn finish(self) -> Statement {
        self.statement
    }
}

//! The only place that names our tables in statements on their rows: whatever reads, changes or removes rows begins here, and
//! conditions are only ever added to what it begins with.

use crate::database::Database;
use crate::database::dialect::Dialect;
use crate::database::executor::Row;
use crate::database::schema::{Column, Table};
use crate::database::statement::{Statement, StatementBuilder};

/// What rows are called in a SELECT, where a bare name would mean what is selected.
pub(crate) const HELD: &str = "held";

/// The rows of a table that may be touched.
pub(crate) struct Scope {
    dialect: Dialect,
    /// The table's name, quoted.
    name: String,
}

/// A statement on rows of a scope.
pub(crate) struct Scoped {
    builder: StatementBuilder,
    glue: &'static str,
}

impl Database {
    /// The rows of a table that may be touched.
    pub(super) fn scope(&self, table: &Table) -> Scope {
        Scope { dialect: self.dialect(), name: self.place(table) }
    }

    /// A quoted table name, in its schema when one is given: for DDL and locks only.
    pub(super) fn place(&self, table: &Table) -> String {
        let name = self.dialect().quote(&self.table_name(table));
        match self.schema() {
            Some(schema) => format!("{}.{name}", self.dialect().quote(schema)),
            None => name,
        }
    }
}

impl Scope {
    /// Reads columns.
    pub fn select(&self, columns: &str) -> Scoped {
        self.read(StatementBuilder::new(self.dialect, format!("SELECT {columns}")))
    }

    /// Goes on with what was written before `FROM`.
    pub fn read(&self, mut selected: StatementBuilder) -> Scoped {
        selected.push(&format!(" FROM {} AS {HELD}", self.name));
        self.scoped(selected)
    }

    /// Removes rows.
    pub fn delete(&self) -> Scoped {
        self.scoped(StatementBuilder::new(self.dialect, format!("DELETE FROM {}", self.name)))
    }

    /// Changes rows; `set` writes the assignments.
    pub fn update(&self, set: impl FnOnce(&mut StatementBuilder)) -> Scoped {
        let mut builder = StatementBuilder::new(self.dialect, format!("UPDATE {} SET ", self.name));
        set(&mut builder);
        self.scoped(builder)
    }

    /// Changes rows by assignments without values.
    pub fn set(&self, assignments: &str) -> Scoped {
        self.update(|builder| {
            builder.push(assignments);
        })
    }

    /// Adds rows, each one text per column, and resolves conflicts on `id` by `assignments` (column, expression). Statements of one
    /// call belong into one transaction.
    pub fn insert(
        &self,
        columns: &[Column],
        rows: Vec<Row>,
        assignments: &[(&str, String)],
    ) -> Vec<Statement> {
        self.dialect.insert(&self.name, columns, rows, assignments)
    }

    /// Like [`Scope::insert`] into a table where `external_id` names rows: those it names are updated, whatever their `id`.
    pub fn insert_by_external_id(
        &self,
        columns: &[Column],
        rows: Vec<Row>,
        assigned: &[&str],
    ) -> Vec<Statement> {
        self.dialect.insert_by_external_id(&self.name, columns, rows, assigned)
    }

    fn scoped(&self, builder: StatementBuilder) -> Scoped {
        Scoped { builder, glue: " WHERE " }
    }
}

impl Scoped {
    /// Only rows for which that holds, too.
    pub fn and(mut self, condition: impl FnOnce(&mut StatementBuilder)) -> Self {
        self.builder.push(std::mem::replace(&mut self.glue, " AND ")).push("(");
        condition(&mut self.builder);
        self.builder.push(")");
        self
    }

    /// What follows the conditions: the order, the limit.
    pub fn then(mut self, tail: impl FnOnce(&mut StatementBuilder)) -> Self {
        tail(&mut self.builder);
        self
    }

    pub fn finish(self) -> Statement {
        self.builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// What writes a table's name into a statement, and who may: DDL has no rows, and the old SDK's table is not ours.
    const NAMING: [(&str, &[&str]); 8] = [
        (".place(", &["migrations.rs", "vectors.rs"]),
        (".table_name(", &["migrations.rs", "persons.rs", "vectors.rs"]),
        (".prefix()", &["mod.rs", "migrations.rs"]),
        ("FROM {", &["old_conversations.rs", "inspect.rs"]),
        ("JOIN {", &[]),
        ("UPDATE {", &["rows.rs"]),
        ("INSERT INTO {", &["rows.rs"]),
        ("DELETE FROM", &[]),
    ];

    #[test]
    fn nobody_else_names_tables() {
        let mut looked_at = 0;
        for folder in ["src/database", "src/database/dialect"] {
            for file in Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).read_dir().unwrap() {
                let path = file.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                if path.is_dir() || name == "scope.rs" {
                    continue;
                }
                looked_at += 1;
                let source = std::fs::read_to_string(&path).unwrap();
                for (sign, permitted) in NAMING {
                    let named = source.contains(sign) && !permitted.contains(&name);
                    assert!(!named, "{name} says {sign}: statements on rows begin in scope.rs");
                }
            }
        }
        assert!(looked_at > 25);
    }
}

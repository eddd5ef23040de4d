//! The only place that names our tables in statements on their rows: whatever reads, changes or removes rows begins here, and
//! conditions are only ever added to what it begins with.

use crate::database::Database;
use crate::database::dialect::Dialect;
use crate::database::executor::Row;
use crate::database::layout::Layout;
use crate::database::schema::{Column, TENANT, Table};
use crate::database::statement::{Statement, StatementBuilder};
use crate::database::tenant::Tenant;

/// What rows are called in a SELECT, where a bare name would mean what is selected.
pub(crate) const HELD: &str = "held";

/// The rows of a table that may be touched.
pub(crate) struct Scope<'a> {
    dialect: Dialect,
    /// The table's name, quoted.
    name: String,
    rows: Rows<'a>,
    way: Way,
}

/// By which index they are found.
enum Way {
    /// Whichever the database likes.
    Any,
    /// One that leads to few rows, of all tenants.
    Common,
    /// One in its order: the tenant if there is one, an expression of a certain value if there is one, and so on.
    Ordered(Option<(String, String)>),
}

/// Whose rows they are.
#[derive(Clone, Copy)]
enum Rows<'a> {
    /// A tenant's.
    Of(&'a Tenant),
    /// Nobody's in particular.
    OfNobody,
    /// All are nobody's: no column says otherwise.
    All,
}

/// A statement on rows of a scope.
pub(crate) struct Scoped {
    builder: StatementBuilder,
    glue: &'static str,
}

impl Database {
    /// The rows of a table that may be touched.
    pub(super) fn scope(&self, table: &Table, layout: &Layout) -> Scope<'_> {
        let rows = match self.tenant() {
            // Without the column, statements fail, which is better than to find everybody's rows.
            Some(tenant) if table.tenants => Rows::Of(tenant),
            _ if layout.has_tenants(table) => Rows::OfNobody,
            _ => Rows::All,
        };
        Scope { dialect: self.dialect(), name: self.place_of(table), rows, way: Way::Any }
    }

    /// A quoted table name, in its schema when one is given: for DDL and locks only.
    pub(super) fn place_of(&self, table: &Table) -> String {
        let name = self.dialect().quote(&self.table_name(table));
        match self.schema() {
            Some(schema) => format!("{}.{name}", self.dialect().quote(schema)),
            None => name,
        }
    }
}

impl Scope<'_> {
    /// The same rows, or those of them in which an expression has a value, to be read in an order that begins with
    /// [`Scope::tenant_order`] and the expression: only an index of tenants has it.
    pub fn in_order(self, first: Option<(String, String)>) -> Self {
        Self { way: Way::Ordered(first), ..self }
    }

    /// The same rows, to be found by another condition that few rows of all tenants satisfy.
    pub fn among_few(self) -> Self {
        Self { way: Way::Common, ..self }
    }

    /// What an order of a tenant's rows begins with, where it decides which index is taken.
    pub fn tenant_order(&self) -> Option<String> {
        let needed = self.dialect.orders_by_equals() && matches!(self.rows, Rows::Of(_));
        needed.then(|| format!("{HELD}.{}", self.dialect.quote(TENANT.name)))
    }

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
        let (columns, rows) = self.owned(columns, rows);
        self.dialect.insert(&self.name, &columns, rows, &self.guarded(assignments))
    }

    /// Like [`Scope::insert`] into a table where `external_id` names rows: those it names are updated, whatever their `id`.
    pub fn insert_by_external_id(
        &self,
        columns: &[Column],
        rows: Vec<Row>,
        assignments: &[(&str, String)],
    ) -> Vec<Statement> {
        let (columns, rows) = self.owned(columns, rows);
        let same = match self.rows {
            Rows::All => "TRUE".to_owned(),
            Rows::Of(_) | Rows::OfNobody => {
                self.dialect.same_tenant("stored.tenant_id", "incoming.tenant_id")
            }
        };
        self.dialect.insert_by_external_id(&self.name, &columns, rows, &self.guarded(assignments), &same)
    }

    /// Rows that say whose they are.
    fn owned(&self, columns: &[Column], mut rows: Vec<Row>) -> (Vec<Column>, Vec<Row>) {
        let mut columns = columns.to_vec();
        let tenant = match self.rows {
            Rows::All => return (columns, rows),
            Rows::OfNobody => None,
            Rows::Of(tenant) => Some(tenant.id()),
        };
        columns.push(TENANT.clone());
        for row in &mut rows {
            row.push(tenant.map(str::to_owned));
        }
        (columns, rows)
    }

    /// Assignments that fail on a row of another tenant.
    fn guarded<'b>(&self, assignments: &[(&'b str, String)]) -> Vec<(&'b str, String)> {
        let mut assignments = assignments.to_vec();
        if !assignments.is_empty() && !matches!(self.rows, Rows::All) {
            assignments.insert(0, (TENANT.name, self.dialect.guarded_tenant()));
        }
        assignments
    }

    fn scoped(&self, builder: StatementBuilder) -> Scoped {
        let rows = Scoped { builder, glue: " WHERE " };
        let tenant = match self.rows {
            Rows::All => return rows,
            Rows::OfNobody => {
                return rows.and(|builder| {
                    builder.push(&match self.way {
                        Way::Any => self.dialect.is_of_nobody(),
                        Way::Common | Way::Ordered(_) => self.dialect.is_of_nobody_in_order(),
                    });
                });
            }
            Rows::Of(tenant) => tenant.id().to_owned(),
        };
        rows.and(|builder| {
            let tenant = builder.bind(tenant);
            let condition = match &self.way {
                Way::Common => self.dialect.is_of_tenant_among_few(&tenant),
                Way::Ordered(first) if self.dialect.orders_by_equals() => {
                    let first =
                        first.as_ref().map(|(key, value)| (key.as_str(), builder.bind(value.clone())));
                    let first = first.as_ref().map(|(key, value)| (*key, value.as_str()));
                    self.dialect.is_in_part_of_tenant(&tenant, first)
                }
                Way::Any | Way::Ordered(_) => self.dialect.is_of_tenant(&tenant),
            };
            builder.push(&condition);
        })
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

    /// What writes a table's name into a statement, and who may: DDL has no rows, the old SDK's table is not ours, and "IS NOT DISTINCT
    /// FROM" names none.
    const NAMING: [(&str, &[&str]); 8] = [
        (".place_of(", &["migrations.rs", "vectors.rs"]),
        (".table_name(", &["migrations.rs", "persons.rs", "vectors.rs"]),
        (".prefix()", &["mod.rs", "migrations.rs"]),
        ("FROM {", &["old_conversations.rs", "tenants.rs"]),
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

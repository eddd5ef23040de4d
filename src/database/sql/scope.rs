//! The tenant scope: the only place that names our tables in statements on rows. Every read, update
//! and delete starts here, and conditions are only ever added to those of the scope.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::{Statement, StatementBuilder, Value};
use crate::database::sql::table::{Column, TENANT, Table};
use crate::database::sql::tenant::Tenant;

/// Alias of rows in a SELECT, where a bare name would mean the selected expression.
pub(crate) const ROW: &str = "held";

/// The rows of a table that the tenant may access.
pub(crate) struct Scope<'a> {
    dialect: Dialect,
    /// Name of the table, quoted.
    name: String,
    rows: TenantFilter<'a>,
    /// A column of the primary key.
    key: &'static str,
    hint: IndexHint,
}

/// The index that leads to the rows.
enum IndexHint {
    /// Any index: the planner's choice.
    Any,
    /// An index that leads to few rows, of all tenants.
    Selective,
    /// An index in order: the tenant if any, an expression with a fixed value if any, and so on.
    Ordered(Option<(String, String)>),
}

/// The tenant of the rows.
#[derive(Clone, Copy)]
enum TenantFilter<'a> {
    /// The rows of a tenant.
    Tenant(&'a Tenant),
    /// The rows without a tenant.
    NoTenant,
    /// All rows: the table has no tenant column.
    Unscoped,
}

/// A statement on rows of a scope.
pub(crate) struct ScopedQuery {
    builder: StatementBuilder,
    glue: &'static str,
}

impl<'a> Scope<'a> {
    /// Creates the scope of the table `name`, quoted and with its schema if any: the rows that the
    /// tenant may access. `has_tenants` tells that the existing table has the tenant column.
    pub fn new(
        dialect: Dialect,
        name: String,
        table: &Table,
        tenant: Option<&'a Tenant>,
        has_tenants: bool,
    ) -> Self {
        let rows = match tenant {
            // Without the column, statements fail, which is better than access to the rows of all
            // tenants.
            Some(tenant) if table.tenants => TenantFilter::Tenant(tenant),
            _ if has_tenants => TenantFilter::NoTenant,
            _ => TenantFilter::Unscoped,
        };
        Self { dialect, name, rows, key: table.key(), hint: IndexHint::Any }
    }
}

impl Scope<'_> {
    /// Selects an index in order: [`Scope::tenant_order`], then the expression of `first`, which
    /// the rows have at that value. Only an index of tenants has that order.
    pub fn in_order(self, first: Option<(String, String)>) -> Self {
        Self { hint: IndexHint::Ordered(first), ..self }
    }

    /// Selects an index of another condition, which few rows of all tenants satisfy.
    pub fn prefer_selective_index(self) -> Self {
        Self { hint: IndexHint::Selective, ..self }
    }

    /// Returns the first expression of an ORDER BY over a tenant's rows, where the choice of the
    /// index depends on it.
    pub fn tenant_order(&self) -> Option<String> {
        let needed = self.dialect.keeps_eq_in_order_by() && matches!(self.rows, TenantFilter::Tenant(_));
        needed.then(|| format!("{ROW}.{}", self.dialect.quote(TENANT.name)))
    }

    /// Starts a SELECT of columns.
    pub fn select(&self, columns: &str) -> ScopedQuery {
        self.read(StatementBuilder::new(self.dialect, format!("SELECT {columns}")))
    }

    /// Continues a SELECT after its columns, with `FROM`.
    pub fn read(&self, mut selected: StatementBuilder) -> ScopedQuery {
        selected.push(&format!(" FROM {} AS {ROW}", self.name));
        self.with_tenant_condition(selected)
    }

    /// Starts a DELETE.
    pub fn delete(&self) -> ScopedQuery {
        self.with_tenant_condition(StatementBuilder::new(self.dialect, format!("DELETE FROM {}", self.name)))
    }

    /// Starts an UPDATE; `set` writes the assignments.
    pub fn update(&self, set: impl FnOnce(&mut StatementBuilder)) -> ScopedQuery {
        let mut builder = StatementBuilder::new(self.dialect, format!("UPDATE {} SET ", self.name));
        set(&mut builder);
        self.with_tenant_condition(builder)
    }

    /// Starts an UPDATE with assignments that have no values.
    pub fn set(&self, assignments: &str) -> ScopedQuery {
        self.update(|builder| {
            builder.push(assignments);
        })
    }

    /// Returns the statements that insert rows, each with one value per column. Conflicts on `id`
    /// are resolved by `assignments` (column, expression). The statements of one call belong in one
    /// transaction.
    pub fn insert(
        &self,
        columns: &[Column],
        rows: Vec<Vec<Option<impl Into<Value>>>>,
        assignments: &[(&str, String)],
    ) -> Vec<Statement> {
        let (columns, rows) = self.with_tenant_column(columns, rows);
        self.dialect.insert(&self.name, &columns, rows, &self.with_tenant_guard(assignments))
    }

    /// Works like [`Scope::insert`], but also updates rows that have the same `external_id` under
    /// another `id`.
    pub fn insert_by_external_id(
        &self,
        columns: &[Column],
        rows: Vec<Vec<Option<impl Into<Value>>>>,
        assignments: &[(&str, String)],
    ) -> Vec<Statement> {
        let (columns, rows) = self.with_tenant_column(columns, rows);
        let same = match self.rows {
            TenantFilter::Unscoped => "TRUE".to_owned(),
            TenantFilter::Tenant(_) | TenantFilter::NoTenant => {
                self.dialect.same_tenant("stored.tenant_id", "incoming.tenant_id")
            }
        };
        self.dialect.insert_by_external_id(
            &self.name,
            &columns,
            rows,
            &self.with_tenant_guard(assignments),
            &same,
        )
    }

    /// Returns the statement that inserts one row if `condition` holds, which may read the rows of
    /// the scope and wait for those who write them.
    pub fn insert_if(
        &self,
        columns: &[Column],
        row: Vec<Option<impl Into<Value>>>,
        condition: impl FnOnce(&Self, StatementBuilder) -> StatementBuilder,
    ) -> Statement {
        let (columns, rows) = self.with_tenant_column(columns, vec![row]);
        let names: Vec<String> = columns.iter().map(|column| self.dialect.quote(column.name)).collect();
        let head = format!("INSERT INTO {} ({}) SELECT ", self.name, names.join(", "));
        let mut builder = StatementBuilder::new(self.dialect, head);
        for (n, (column, value)) in columns.iter().zip(rows.into_iter().flatten()).enumerate() {
            let placeholder = builder.bind_param(value);
            let value = self.dialect.cast_param(column.kind, &placeholder);
            builder.push(if n == 0 { "" } else { ", " }).push(&value);
        }
        builder.push(" FROM (");
        condition(self, builder).finish()
    }

    /// Adds the tenant column to rows.
    fn with_tenant_column(
        &self,
        columns: &[Column],
        rows: Vec<Vec<Option<impl Into<Value>>>>,
    ) -> (Vec<Column>, Vec<Vec<Option<Value>>>) {
        let mut columns = columns.to_vec();
        let tenant = match self.rows {
            TenantFilter::Unscoped => None,
            TenantFilter::NoTenant => Some(None),
            TenantFilter::Tenant(tenant) => Some(Some(tenant.id())),
        };
        columns.extend(tenant.map(|_| TENANT.clone()));
        let tenant = tenant.map(|id| id.map(|id| Value::Text(id.to_owned())));
        let with_tenant = |row: Vec<Option<_>>| {
            let values = row.into_iter().map(|value| value.map(Into::into));
            values.chain(tenant.clone()).collect()
        };
        let rows = rows.into_iter().map(with_tenant).collect();
        (columns, rows)
    }

    /// Adds an assignment that fails on a row of another tenant.
    fn with_tenant_guard<'b>(&self, assignments: &[(&'b str, String)]) -> Vec<(&'b str, String)> {
        let mut assignments = assignments.to_vec();
        if !assignments.is_empty() && !matches!(self.rows, TenantFilter::Unscoped) {
            assignments.insert(0, (TENANT.name, self.dialect.tenant_conflict_check(self.key)));
        }
        assignments
    }

    fn with_tenant_condition(&self, builder: StatementBuilder) -> ScopedQuery {
        let rows = ScopedQuery { builder, glue: " WHERE " };
        let tenant = match self.rows {
            TenantFilter::Unscoped => return rows,
            TenantFilter::NoTenant => {
                return rows.and(|builder| {
                    builder.push(&match self.hint {
                        IndexHint::Any => self.dialect.no_tenant(),
                        IndexHint::Selective | IndexHint::Ordered(_) => self.dialect.no_tenant_index_order(),
                    });
                });
            }
            TenantFilter::Tenant(tenant) => tenant.id().to_owned(),
        };
        rows.and(|builder| {
            let tenant = builder.bind(tenant);
            let condition = match &self.hint {
                IndexHint::Selective => self.dialect.tenant_eq_without_index(&tenant),
                IndexHint::Ordered(first) if self.dialect.keeps_eq_in_order_by() => {
                    let first =
                        first.as_ref().map(|(key, value)| (key.as_str(), builder.bind(value.clone())));
                    let first = first.as_ref().map(|(key, value)| (*key, value.as_str()));
                    self.dialect.tenant_range(&tenant, first)
                }
                IndexHint::Any | IndexHint::Ordered(_) => self.dialect.tenant_eq(&tenant),
            };
            builder.push(&condition);
        })
    }
}

impl ScopedQuery {
    /// Adds a condition.
    pub fn and(mut self, condition: impl FnOnce(&mut StatementBuilder)) -> Self {
        self.builder.push(std::mem::replace(&mut self.glue, " AND ")).push("(");
        condition(&mut self.builder);
        self.builder.push(")");
        self
    }

    /// Adds the text after the conditions: the order, the limit.
    pub fn then(mut self, tail: impl FnOnce(&mut StatementBuilder)) -> Self {
        tail(&mut self.builder);
        self
    }

    pub fn finish(self) -> Statement {
        self.builder.finish()
    }

    /// Returns the text so far, to continue it with another SELECT.
    pub fn into_builder(self) -> StatementBuilder {
        self.builder
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Code that writes a table's name into a statement, and the files that may contain it. DDL has
    /// no rows, the old SDK's table is not ours, and "IS NOT DISTINCT FROM" names no table.
    const NAMING: [(&str, &[&str]); 8] = [
        (".qualified_name(", &["handle.rs", "migrations.rs", "vectors.rs"]),
        (".table_name(", &["handle.rs", "migrations.rs", "personal_data.rs", "vectors.rs"]),
        (".prefix()", &["handle.rs", "migrations.rs"]),
        ("FROM {", &["legacy_conversations.rs", "tenants.rs"]),
        ("JOIN {", &[]),
        ("UPDATE {", &["rows.rs"]),
        ("INSERT INTO {", &["rows.rs"]),
        ("DELETE FROM", &[]),
    ];

    #[test]
    fn only_the_scope_names_tables() {
        let mut looked_at = 0;
        for folder in [
            "src/database",
            "src/database/connection",
            "src/database/connection/settings",
            "src/database/schema",
            "src/database/sql",
            "src/database/sql/dialect",
            "src/database/tables",
            "src/database/tables/recall",
        ] {
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

//! Conditions on tenants, and upserts that fail instead of updating another tenant's row.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::table::{CONVERSATION, Index, IndexKey, TENANT, Table};

impl Dialect {
    /// Returns the condition for the rows of a tenant. The comparison is case-sensitive, under any
    /// collation of the column.
    pub(crate) fn tenant_eq(self, placeholder: &str) -> String {
        let column = self.quote(TENANT.name);
        match self {
            Self::Postgres => format!("{column} = {placeholder}"),
            Self::MySql => {
                format!("{column} = CONVERT({placeholder} USING utf8mb4) COLLATE utf8mb4_bin")
            }
            Self::Sqlite => format!("{column} = {placeholder} COLLATE BINARY"),
        }
    }

    /// Returns [`Dialect::tenant_eq`] without an index, for queries in which another index leads
    /// to few rows of all tenants. Given both indexes, MariaDB would scan the tenant's rows in
    /// order of time.
    pub(crate) fn tenant_eq_without_index(self, placeholder: &str) -> String {
        match self {
            Self::MySql => {
                let column = self.unindexed(&self.quote(TENANT.name));
                format!("{column} = CONVERT({placeholder} USING utf8mb4) COLLATE utf8mb4_bin")
            }
            Self::Postgres | Self::Sqlite => self.tenant_eq(placeholder),
        }
    }

    /// Returns [`Dialect::tenant_eq`] as a range, see [`Dialect::equal`]. `next` is the next
    /// column of the index and its value. Both form one row comparison, because PostgreSQL would
    /// otherwise read all of the tenant's part of the index.
    pub(crate) fn tenant_range(self, placeholder: &str, next: Option<(&str, &str)>) -> String {
        let column = self.quote(TENANT.name);
        match next {
            Some((next, value)) => {
                format!("({column}, {next}) BETWEEN ({placeholder}, {value}) AND ({placeholder}, {value})")
            }
            None => self.equal(&column, placeholder, true),
        }
    }

    /// Returns the indexes of a table, with or without those for tenants. MySQL needs no index for
    /// a tenant's conversations, see [`Dialect::tenant_eq_without_index`].
    pub(crate) fn indexes(self, table: &Table, tenant: bool) -> impl Iterator<Item = &'static Index> {
        let of_tenants = if tenant { table.tenant_indexes } else { &[] };
        let is_used = move |index: &&Index| {
            self != Self::MySql || !index.keys.contains(&IndexKey::Session(CONVERSATION))
        };
        table.indexes.iter().chain(of_tenants.iter().filter(is_used))
    }

    /// Returns the condition for rows without a tenant.
    pub(crate) fn no_tenant(self) -> String {
        format!("{} IS NULL", self.quote(TENANT.name))
    }

    /// Returns [`Dialect::no_tenant`] for rows that another index has in order. Without
    /// statistics on the column, until the next ANALYZE, PostgreSQL assumes that it is hardly ever
    /// NULL. It would then read and sort all rows instead.
    pub(crate) fn no_tenant_index_order(self) -> String {
        match self {
            Self::Postgres => format!("CASE WHEN {} THEN TRUE ELSE FALSE END", self.no_tenant()),
            Self::MySql | Self::Sqlite => self.no_tenant(),
        }
    }

    /// Returns the condition that two rows have the same tenant, or both have none.
    pub(crate) fn same_tenant(self, a: &str, b: &str) -> String {
        match self {
            Self::Postgres => format!("{a} IS NOT DISTINCT FROM {b}"),
            Self::MySql => format!("{a} <=> {b}"),
            Self::Sqlite => format!("{a} IS {b}"),
        }
    }

    /// Returns the tenant of the stored row, inside an upsert, or fails if the inserted row has
    /// another one. `key` is a column that is never NULL. No other statement of this package fails
    /// that way, so the error mapping recognises it. A condition instead would silently write nothing.
    pub(crate) fn tenant_conflict_check(self, key: &str) -> String {
        let (stored, incoming) = (self.stored(TENANT.name), self.incoming(TENANT.name));
        let id = self.stored(key);
        let same = self.same_tenant(&stored, &incoming);
        // Each expression depends on the row, or it would fail before any row is read.
        let failure = match self {
            Self::Postgres => format!("CAST(1 / (0 * LENGTH(CAST({id} AS text))) AS text)"),
            Self::MySql => format!("18446744073709551615 + CHAR_LENGTH({id})"),
            Self::Sqlite => format!("abs(-9223372036854775807 - ({id} IS NOT NULL))"),
        };
        format!("CASE WHEN {same} THEN {stored} ELSE {failure} END")
    }
}

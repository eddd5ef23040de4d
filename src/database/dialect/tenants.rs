//! Whose rows are: conditions, and upserts that fail rather than touch another tenant's row.

use crate::database::dialect::Dialect;
use crate::database::schema::{CONVERSATION, Index, IndexKey, TENANT, Table};

impl Dialect {
    /// Holds for the rows of a tenant: compared to the last letter's case, whatever a column of others ignores.
    pub(crate) fn is_of_tenant(self, placeholder: &str) -> String {
        let column = self.quote(TENANT.name);
        match self {
            Self::Postgres => format!("{column} = {placeholder}"),
            Self::MySql => {
                format!("{column} = CONVERT({placeholder} USING utf8mb4) COLLATE utf8mb4_bin")
            }
            Self::Sqlite => format!("{column} = {placeholder} COLLATE BINARY"),
        }
    }

    /// [`Dialect::is_of_tenant`] without an index, where another one leads to few rows, whosever they are: given both, MariaDB would
    /// rather walk the tenant's in the order of time.
    pub(crate) fn is_of_tenant_among_few(self, placeholder: &str) -> String {
        match self {
            Self::MySql => {
                let column = self.unindexed(&self.quote(TENANT.name));
                format!("{column} = CONVERT({placeholder} USING utf8mb4) COLLATE utf8mb4_bin")
            }
            Self::Postgres | Self::Sqlite => self.is_of_tenant(placeholder),
        }
    }

    /// [`Dialect::is_of_tenant`] as a range, see [`Dialect::equal`]; with another column that an index has next and its value, as one
    /// of both, or PostgreSQL would read all of the tenant's part of the index.
    pub(crate) fn is_in_part_of_tenant(self, placeholder: &str, next: Option<(&str, &str)>) -> String {
        let column = self.quote(TENANT.name);
        match next {
            Some((next, value)) => {
                format!("({column}, {next}) BETWEEN ({placeholder}, {value}) AND ({placeholder}, {value})")
            }
            None => self.equal(&column, placeholder, true),
        }
    }

    /// The indexes of a table, for who works with a tenant or without. MySQL needs none for a tenant's conversations, see
    /// [`Dialect::is_of_tenant_among_few`].
    pub(crate) fn indexes(self, table: &Table, tenant: bool) -> impl Iterator<Item = &'static Index> {
        let of_tenants = if tenant { table.tenant_indexes } else { &[] };
        let is_used = move |index: &&Index| {
            self != Self::MySql || !index.keys.contains(&IndexKey::Session(CONVERSATION))
        };
        table.indexes.iter().chain(of_tenants.iter().filter(is_used))
    }

    /// Holds for the rows of nobody in particular.
    pub(crate) fn is_of_nobody(self) -> String {
        format!("{} IS NULL", self.quote(TENANT.name))
    }

    /// [`Dialect::is_of_nobody`] for rows that another index has in their order. Of a column without statistics, as it is until
    /// the next ANALYZE, PostgreSQL thinks that it is hardly ever NULL, and would read and sort all instead.
    pub(crate) fn is_of_nobody_in_order(self) -> String {
        match self {
            Self::Postgres => format!("CASE WHEN {} THEN TRUE ELSE FALSE END", self.is_of_nobody()),
            Self::MySql | Self::Sqlite => self.is_of_nobody(),
        }
    }

    /// Holds where two rows are of the same tenant, or both of nobody.
    pub(crate) fn same_tenant(self, a: &str, b: &str) -> String {
        match self {
            Self::Postgres => format!("{a} IS NOT DISTINCT FROM {b}"),
            Self::MySql => format!("{a} <=> {b}"),
            Self::Sqlite => format!("{a} IS {b}"),
        }
    }

    /// In an upsert: the tenant of the row that is there, which has to be that of the row to be inserted. If it is not, the
    /// statement fails in a way that no other of ours does, and `failure.rs` knows: a condition would write nothing without a word.
    pub(crate) fn guarded_tenant(self) -> String {
        let (stored, incoming) = (self.stored(TENANT.name), self.incoming(TENANT.name));
        let id = self.stored("id");
        let same = self.same_tenant(&stored, &incoming);
        // Each depends on the row, or it would fail before anybody looks at one.
        let failure = match self {
            Self::Postgres => format!("CAST(1 / (0 * LENGTH(CAST({id} AS text))) AS text)"),
            Self::MySql => format!("18446744073709551615 + CHAR_LENGTH({id})"),
            Self::Sqlite => format!("abs(-9223372036854775807 - ({id} IS NOT NULL))"),
        };
        format!("CASE WHEN {same} THEN {stored} ELSE {failure} END")
    }
}

//! How tables are called, who makes them, and whose rows are used.

use crate::config::DatabaseOptions;
use crate::database::tenant::Tenant;
use crate::error::{Error, Result};

/// Longest prefix: PostgreSQL cuts names after 63 bytes, and ours for indexes need 30.
const MAX_PREFIX: usize = 32;
/// PostgreSQL's limit for names.
const MAX_SCHEMA: usize = 63;

/// Names of tables, who makes them, and whose rows are used.
#[derive(Debug, Clone, Default)]
pub(super) struct TableOptions {
    pub schema: Option<String>,
    pub prefix: Option<String>,
    pub auto_migrate: Option<bool>,
    pub tenant: Option<Tenant>,
}

impl TableOptions {
    /// Refuses what the database could not take.
    pub fn read(options: &DatabaseOptions) -> Result<Self> {
        if let Some(prefix) = &options.table_prefix {
            check_prefix(prefix)?;
        }
        if let Some(schema) = &options.schema
            && !(is_identifier(schema) && !schema.is_empty() && schema.len() <= MAX_SCHEMA)
        {
            let reason =
                format!("must be an identifier of at most {MAX_SCHEMA} letters, digits and underscores");
            return Err(Error::config("schema", reason));
        }
        Ok(Self {
            schema: options.schema.clone(),
            prefix: options.table_prefix.clone(),
            auto_migrate: options.auto_migrate,
            tenant: options.tenant_id.as_deref().map(Tenant::new).transpose()?,
        })
    }

    /// What is not given here is taken from others.
    pub fn or(self, others: Self) -> Self {
        Self {
            schema: self.schema.or(others.schema),
            prefix: self.prefix.or(others.prefix),
            auto_migrate: self.auto_migrate.or(others.auto_migrate),
            tenant: self.tenant.or(others.tenant),
        }
    }
}

/// Letters, digits and underscores, the first no digit.
fn is_identifier(name: &str) -> bool {
    name.chars().next().is_none_or(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Refuses prefixes that are no identifiers, before any SQL is made of them.
fn check_prefix(prefix: &str) -> Result<()> {
    if is_identifier(prefix) && prefix.len() <= MAX_PREFIX {
        return Ok(());
    }
    let reason = format!(
        "must begin with a letter or underscore, hold only letters, digits and underscores, and have at most \
         {MAX_PREFIX} characters"
    );
    Err(Error::config("tablePrefix", reason))
}

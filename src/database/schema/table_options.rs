//! Options of the tables: names, migration and tenant.

use crate::config::DatabaseOptions;
use crate::database::sql::tenant::Tenant;
use crate::error::{Error, Result};

/// Maximum length of a prefix. PostgreSQL truncates names after 63 bytes, and our index names need
/// 30.
const MAX_PREFIX: usize = 32;
/// PostgreSQL's limit for names.
const MAX_SCHEMA: usize = 63;

/// Options of the tables: names, automatic migration and tenant.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableOptions {
    pub schema: Option<String>,
    pub prefix: Option<String>,
    pub auto_migrate: Option<bool>,
    pub tenant: Option<Tenant>,
    pub recall: Option<bool>,
}

impl TableOptions {
    /// Reads the options. Refuses names that the database would not accept.
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
            recall: options.recall,
        })
    }

    /// Takes missing options from `others`.
    pub fn or(self, others: Self) -> Self {
        Self {
            schema: self.schema.or(others.schema),
            prefix: self.prefix.or(others.prefix),
            auto_migrate: self.auto_migrate.or(others.auto_migrate),
            tenant: self.tenant.or(others.tenant),
            recall: self.recall.or(others.recall),
        }
    }
}

/// Returns `true` if a name has only letters, digits and underscores, and does not begin with a
/// digit.
fn is_identifier(name: &str) -> bool {
    name.chars().next().is_none_or(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Refuses prefixes that are not identifiers, before any SQL is built from them.
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

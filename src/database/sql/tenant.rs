//! The tenant whose rows a storage uses. Nothing else about tenants is known here: the developer
//! defines them.

use uuid::Uuid;

use crate::database::sql::row_id::ID_NAMESPACE;
use crate::error::{Error, Result};

/// Name of the option in errors.
const OPTION: &str = "tenantId";
/// Length of the column on every database.
const MAX_CHARACTERS: usize = 128;

/// A tenant's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tenant {
    id: String,
    /// Namespace of the UUIDs that stand for the tenant's ids.
    namespace: Uuid,
}

impl Tenant {
    /// Creates a tenant. Refuses ids that databases could confuse with another tenant's, or with
    /// none.
    pub fn new(id: &str) -> Result<Self> {
        if id.is_empty() || id.chars().count() > MAX_CHARACTERS {
            let reason = format!("must be a string of 1 to {MAX_CHARACTERS} characters");
            return Err(Error::config(OPTION, reason));
        }
        if id.contains('\0') {
            return Err(Error::config(OPTION, "holds U+0000, which databases cannot store"));
        }
        // MySQL ignores trailing spaces in comparisons.
        if id.trim() != id {
            return Err(Error::config(OPTION, "must not begin or end with white space"));
        }
        // Never change it: ids of existing rows depend on it.
        let namespace = Uuid::new_v5(&ID_NAMESPACE, format!("tenant:{id}").as_bytes());
        Ok(Self { id: id.to_owned(), namespace })
    }

    /// Returns the id as it is in the column.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the primary key for a caller's id.
    pub fn row_id(&self, id: &str) -> Uuid {
        Uuid::new_v5(&self.namespace, id.as_bytes())
    }
}

/// Creates the error of a storage and a receptionist's `database` with different tenants.
pub(crate) fn tenant_mismatch() -> Error {
    Error::config(
        "database.tenantId",
        "is not that of `agent.memory.longTermStorage`. Give both the same `tenantId`, when they are made",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_ids_that_databases_confuse() {
        for id in ["", " ", "a ", "\ta", "a\0b", &"x".repeat(129)] {
            assert_eq!(Tenant::new(id).unwrap_err().code(), "INVALID_CONFIG", "{id:?}");
        }
        assert!(Tenant::new(&"\u{1f3e2}".repeat(128)).is_ok());
    }

    #[test]
    fn ids_of_tenants_never_collide() {
        let [a, b] = ["a", "b"].map(|id| Tenant::new(id).unwrap());
        let uuid = "0192f5a0-0000-7000-8000-000000000000";
        for id in ["m1", uuid] {
            assert_ne!(a.row_id(id), b.row_id(id));
            assert_ne!(a.row_id(id), crate::database::sql::row_id::row_id_without_tenant(id));
        }
        assert_eq!(a.row_id("m1"), Tenant::new("a").unwrap().row_id("m1"));
    }
}

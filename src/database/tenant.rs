//! Whose rows a storage uses. Nothing else of a tenant is known here: who is one, the developer decides.

use uuid::Uuid;

use crate::database::ID_NAMESPACE;
use crate::error::{Error, Result};

/// The option, as errors name it.
const OPTION: &str = "tenantId";
/// What the column holds everywhere.
const MAX_CHARACTERS: usize = 128;

/// A tenant's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tenant {
    id: String,
    /// In which its ids become UUIDs.
    namespace: Uuid,
}

impl Tenant {
    /// Refuses what databases could take for another tenant, or none.
    pub fn new(id: &str) -> Result<Self> {
        if id.is_empty() || id.chars().count() > MAX_CHARACTERS {
            let reason = format!("must be a string of 1 to {MAX_CHARACTERS} characters");
            return Err(Error::config(OPTION, reason));
        }
        if id.contains('\0') {
            return Err(Error::config(OPTION, "holds U+0000, which databases cannot store"));
        }
        // MySQL compares without regard to spaces at the end.
        if id.trim() != id {
            return Err(Error::config(OPTION, "must not begin or end with white space"));
        }
        // Never changed: ids of existing rows depend on it.
        let namespace = Uuid::new_v5(&ID_NAMESPACE, format!("tenant:{id}").as_bytes());
        Ok(Self { id: id.to_owned(), namespace })
    }

    /// The id, as the column has it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key of the row that an id names.
    pub fn row_id(&self, id: &str) -> Uuid {
        Uuid::new_v5(&self.namespace, id.as_bytes())
    }
}

/// A storage and the receptionist's `database` say different things.
pub(super) fn differs() -> Error {
    Error::config(
        "database.tenantId",
        "is not that of `agent.memory.longTermStorage`. Give both the same `tenantId`, when they are made",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_databases_confuse_are_refused() {
        for id in ["", " ", "a ", "\ta", "a\0b", &"x".repeat(129)] {
            assert_eq!(Tenant::new(id).unwrap_err().code(), "INVALID_CONFIG", "{id:?}");
        }
        assert!(Tenant::new(&"\u{1f3e2}".repeat(128)).is_ok());
    }

    #[test]
    fn ids_of_tenants_never_meet() {
        let [a, b] = ["a", "b"].map(|id| Tenant::new(id).unwrap());
        let uuid = "0192f5a0-0000-7000-8000-000000000000";
        for id in ["m1", uuid] {
            assert_ne!(a.row_id(id), b.row_id(id));
            assert_ne!(a.row_id(id), super::super::row_id_of_nobody(id));
        }
        assert_eq!(a.row_id("m1"), Tenant::new("a").unwrap().row_id("m1"));
    }
}

//! Primary keys of callers' ids.

use uuid::Uuid;

/// Namespace of the UUIDs that stand for callers' ids. Never change it: ids of existing rows depend
/// on it.
pub(crate) const ID_NAMESPACE: Uuid = Uuid::from_u128(0x8f0c_3f6e_5d4b_4a57_9c1e_2b7a_6d90_e1c4);

/// Returns the primary key for an id without a tenant.
pub(crate) fn row_id_without_tenant(id: &str) -> Uuid {
    canonical(id).unwrap_or_else(|| Uuid::new_v5(&ID_NAMESPACE, id.as_bytes()))
}

/// Returns the id as a UUID if it is one in the canonical form of databases.
pub(crate) fn canonical(id: &str) -> Option<Uuid> {
    Uuid::parse_str(id).ok().filter(|uuid| uuid.as_hyphenated().to_string() == id)
}

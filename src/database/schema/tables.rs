//! The tables as data. `dialect` turns them into DDL, `migrations` into a database.

use crate::database::sql::table::{
    CONVERSATION, Column, ColumnType, IndexKey, SESSION_KEYS, TENANT, Table, index, optional, required,
};

/// The first key of tenant indexes.
const OF_TENANT: IndexKey = IndexKey::Column(TENANT.name);

pub(crate) static MEMORY: Table = Table {
    name: "memory",
    columns: &[
        required("id", ColumnType::Id),
        required("content", ColumnType::Text),
        required("timestamp", ColumnType::Time),
        required("type", ColumnType::Word),
        optional("importance", ColumnType::Integer),
        optional("channel", ColumnType::Word),
        optional("session_metadata", ColumnType::Json),
        optional("role", ColumnType::Word),
        optional("tool_call", ColumnType::Json),
        optional("tool_result", ColumnType::Json),
        optional("metadata", ColumnType::Json),
        optional("goal_achieved", ColumnType::Boolean),
        required("created_at", ColumnType::Created),
        optional("external_id", ColumnType::Key),
    ],
    indexes: &[
        index("idx_conversation_id", &[IndexKey::Session(CONVERSATION), IndexKey::Column("timestamp")]),
        index("idx_channel", &[IndexKey::Column("channel"), IndexKey::Column("timestamp")]),
        index("idx_type", &[IndexKey::Column("type"), IndexKey::Column("timestamp")]),
        index("idx_timestamp", &[IndexKey::Column("timestamp")]),
        index("idx_importance", &[IndexKey::Column("importance")]),
        index("idx_call_sid", &[IndexKey::Session(SESSION_KEYS[0]), IndexKey::Column("timestamp")]),
        index("idx_message_sid", &[IndexKey::Session(SESSION_KEYS[1]), IndexKey::Column("timestamp")]),
        index("idx_from", &[IndexKey::Session(SESSION_KEYS[2]), IndexKey::Column("timestamp")]),
        index("idx_to", &[IndexKey::Session(SESSION_KEYS[3]), IndexKey::Column("timestamp")]),
    ],
    tenants: true,
    tenant_indexes: &[
        index(
            "idx_tenant_conversation",
            &[OF_TENANT, IndexKey::Session(CONVERSATION), IndexKey::Column("timestamp")],
        ),
        index("idx_tenant_channel", &[OF_TENANT, IndexKey::Column("channel"), IndexKey::Column("timestamp")]),
        index("idx_tenant_type", &[OF_TENANT, IndexKey::Column("type"), IndexKey::Column("timestamp")]),
        index("idx_tenant_timestamp", &[OF_TENANT, IndexKey::Column("timestamp")]),
    ],
};

pub(crate) static LEADS: Table = Table {
    name: "leads",
    columns: &[
        required("id", ColumnType::Id),
        optional("name", ColumnType::Text),
        optional("email", ColumnType::Text),
        optional("phone", ColumnType::Key),
        optional("source", ColumnType::Text),
        optional("metadata", ColumnType::Json),
        required("created_at", ColumnType::Created),
        optional("external_id", ColumnType::Key),
    ],
    indexes: &[
        index("idx_email", &[IndexKey::Folded("email")]),
        index("idx_phone", &[IndexKey::Column("phone")]),
    ],
    tenants: true,
    tenant_indexes: &[],
};

pub(crate) static CALL_LOGS: Table = Table {
    name: "call_logs",
    columns: &[
        required("id", ColumnType::Id),
        optional("conversation_id", ColumnType::Key),
        optional("phone_number", ColumnType::Key),
        optional("duration", ColumnType::Integer),
        optional("outcome", ColumnType::Text),
        optional("summary", ColumnType::Text),
        optional("metadata", ColumnType::Json),
        required("created_at", ColumnType::Created),
        optional("external_id", ColumnType::Key),
    ],
    indexes: &[index("idx_conversation_id", &[IndexKey::Column("conversation_id")])],
    tenants: true,
    tenant_indexes: &[],
};

/// Incoming work of the channels: idempotency keys, opt-outs, the current conversation of each
/// customer.
pub(crate) static INBOX: Table = Table {
    name: "inbox",
    columns: &[
        required("id", ColumnType::Id),
        required("kind", ColumnType::Word),
        optional("customer", ColumnType::Key),
        required("state", ColumnType::Word),
        required("owner", ColumnType::Word),
        optional("answer", ColumnType::Text),
        required("touched_at", ColumnType::Time),
        required("created_at", ColumnType::Created),
    ],
    indexes: &[
        index("idx_customer", &[IndexKey::Column("customer"), IndexKey::Column("created_at")]),
        index("idx_kind", &[IndexKey::Column("kind"), IndexKey::Column("created_at")]),
    ],
    tenants: true,
    tenant_indexes: &[index(
        "idx_tenant_kind",
        &[OF_TENANT, IndexKey::Column("kind"), IndexKey::Column("created_at")],
    )],
};

/// The customers that the agent answers on SMS and by e-mail, as the TypeScript SDK created the
/// table.
pub(crate) static ALLOWLIST: Table = Table {
    name: "allowlist",
    columns: &[
        required("id", ColumnType::Id),
        required("identifier", ColumnType::Key),
        required("type", ColumnType::Word),
        required("added_at", ColumnType::Created),
        optional("added_by", ColumnType::Text),
    ],
    indexes: &[index("idx_identifier", &[IndexKey::Column("identifier"), IndexKey::Column("type")])],
    tenants: true,
    tenant_indexes: &[index("idx_tenant_type", &[OF_TENANT, IndexKey::Column("type")])],
};

/// Embeddings of memories; created when vectors are used. With pgvector, [`VECTOR`] holds them,
/// else `numbers`.
pub(crate) static VECTORS: Table = Table {
    name: "vectors",
    columns: &[
        required("id", ColumnType::Id),
        required("memory_id", ColumnType::Key),
        required("space", ColumnType::Key),
        required("dimensions", ColumnType::Integer),
        optional("conversation_id", ColumnType::Key),
        optional("channel", ColumnType::Word),
        optional("customer_id", ColumnType::Key),
        optional("customer_email", ColumnType::Key),
        optional("customer_phone", ColumnType::Key),
        required("shared", ColumnType::Boolean),
        optional("numbers", ColumnType::Bytes),
        required("created_at", ColumnType::Created),
    ],
    indexes: &[
        index("idx_memory_id", &[IndexKey::Column("memory_id")]),
        index("idx_conversation_id", &[IndexKey::Column("conversation_id")]),
        index("idx_customer_id", &[IndexKey::Column("customer_id")]),
        index("idx_customer_email", &[IndexKey::Column("customer_email")]),
        index("idx_customer_phone", &[IndexKey::Column("customer_phone")]),
        index("idx_shared", &[IndexKey::Column("shared")]),
    ],
    tenants: true,
    tenant_indexes: &[index("idx_tenant_shared", &[OF_TENANT, IndexKey::Column("shared")])],
};

/// The column of [`VECTORS`] that replaces `numbers` with pgvector.
pub(crate) const VECTOR: Column = optional("vector", ColumnType::Vector);

/// The lexical index: signatures of memories by the scopes in which they are found.
pub(crate) static RECALL: Table = Table {
    name: "recall",
    columns: &[
        required("scope", ColumnType::KeyPart),
        required("first", ColumnType::KeyPart),
        required("version", ColumnType::BigInteger),
        required("body", ColumnType::Bytes),
    ],
    indexes: &[],
    tenants: true,
    tenant_indexes: &[],
};

/// The ledger of migrations.
pub(crate) static MIGRATIONS: Table = Table {
    name: "migrations",
    columns: &[
        required("id", ColumnType::Id),
        required("version", ColumnType::Integer),
        required("name", ColumnType::Text),
        required("created_at", ColumnType::Created),
    ],
    indexes: &[],
    tenants: false,
    tenant_indexes: &[],
};

/// Every table, in order of creation.
pub(crate) static TABLES: [&Table; 6] = [&MEMORY, &LEADS, &CALL_LOGS, &INBOX, &ALLOWLIST, &MIGRATIONS];

/// Returns `true` if the package works without the table. Without the ledger, nothing is known of
/// earlier migrations. Without the lexical index, memories are retrieved by keywords. The inbox and
/// the allowlist serve the channels, which users with tables created by hand may not need.
pub(crate) fn is_optional(table: &Table) -> bool {
    [&MIGRATIONS, &INBOX, &ALLOWLIST, &RECALL].contains(&table)
}

/// Versions in the ledger. A version is never changed, only followed by the next.
pub(crate) const VERSIONS: &[(i32, &str)] = &[
    (1, "create memory, leads and call_logs"),
    (2, "create inbox"),
    (3, "create allowlist"),
    (4, "add tenant_id"),
    (5, "create recall"),
];

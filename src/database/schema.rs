//! The tables as data. `dialect` turns them into DDL, `migrations` into a database.

/// What a column holds, whatever the database calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// A UUID, the primary key.
    Id,
    /// An id or other key, at most 512 characters.
    Key,
    /// One word out of a vocabulary, at most 64 characters.
    Word,
    /// Whose a row is, at most 128 characters.
    Tenant,
    /// Text of any length.
    Text,
    /// A moment in UTC.
    Time,
    /// The moment a row was made, in UTC, with a default for inserts by others.
    Created,
    /// A 32-bit integer.
    Integer,
    /// True or false.
    Boolean,
    /// A JSON document.
    Json,
    /// A vector of pgvector's.
    Vector,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: &'static str,
    pub kind: ColumnType,
    pub required: bool,
}

/// What an index sorts by, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKey {
    Column(&'static str),
    /// A text inside `session_metadata`.
    Session(SessionField),
    /// A text column without its case.
    Folded(&'static str),
}

/// A field of `session_metadata` by which memories are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionField {
    /// Its key in the JSON.
    pub key: &'static str,
    /// MySQL's generated column.
    pub column: &'static str,
    /// Whether so few memories have it that the index leaves out the others, where it can.
    pub rare: bool,
}

pub(crate) const CONVERSATION: SessionField =
    SessionField { key: "conversationId", column: "conversation_id", rare: false };

/// What else identifies a conversation: a call, a message, an address at either end.
pub(crate) const SESSION_KEYS: [SessionField; 4] = [
    SessionField { key: "callSid", column: "call_sid", rare: true },
    SessionField { key: "messageSid", column: "message_sid", rare: true },
    SessionField { key: "from", column: "from_address", rare: true },
    SessionField { key: "to", column: "to_address", rare: true },
];

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Index {
    /// Name after the table's: `ai_receptionist_memory_idx_channel`.
    pub name: &'static str,
    pub keys: &'static [IndexKey],
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Name after the prefix.
    pub name: &'static str,
    /// Without [`TENANT`].
    pub columns: &'static [Column],
    pub indexes: &'static [Index],
    /// Whether its rows are a tenant's.
    pub tenants: bool,
    /// Made when the first tenant opens the database, of indexes that lead to rows of others too.
    pub tenant_indexes: &'static [Index],
}

/// Whose a row is; NULL is nobody's in particular.
pub(crate) const TENANT: Column = optional("tenant_id", ColumnType::Tenant);

impl Table {
    /// All columns.
    pub fn all_columns(&self) -> impl Iterator<Item = Column> {
        self.columns.iter().cloned().chain(self.tenants.then_some(TENANT))
    }
}

const fn optional(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: false }
}

const fn required(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: true }
}

/// What the indexes of tenants begin with.
const OF_TENANT: IndexKey = IndexKey::Column(TENANT.name);

const fn index(name: &'static str, keys: &'static [IndexKey]) -> Index {
    Index { name, keys }
}

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

/// What came in on the channels: claims, opt-outs, which conversation a customer is in.
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

/// Who is answered on SMS and by e-mail, as the TypeScript SDK made it.
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

/// What memories mean; made when vectors are used. Where pgvector is, [`VECTOR`] holds them, else `numbers` does.
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
        optional("numbers", ColumnType::Text),
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

/// The column of [`VECTORS`] that stands for `numbers` where pgvector is.
pub(crate) const VECTOR: Column = optional("vector", ColumnType::Vector);

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

/// Every table, in the order they are made.
pub(crate) static TABLES: [&Table; 6] = [&MEMORY, &LEADS, &CALL_LOGS, &INBOX, &ALLOWLIST, &MIGRATIONS];

/// Whether there is work to be done without a table: the ledger is a record, and the inbox and the allowlist serve the channels,
/// which who made the tables by hand may not use.
pub(crate) fn is_optional(table: &Table) -> bool {
    [&MIGRATIONS, &INBOX, &ALLOWLIST].contains(&table)
}

/// What the ledger records: a version is never changed, only followed by the next.
pub(crate) const VERSIONS: &[(i32, &str)] = &[
    (1, "create memory, leads and call_logs"),
    (2, "create inbox"),
    (3, "create allowlist"),
    (4, "add tenant_id"),
];

//! Types that describe tables, columns and indexes as data.

/// The type of a column, independent of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// A UUID, the primary key.
    Id,
    /// An id or other key, at most 512 characters.
    Key,
    /// A word out of a fixed set, at most 64 characters.
    Word,
    /// A tenant's id, at most 128 characters.
    Tenant,
    /// Text of any length.
    Text,
    /// A time in UTC.
    Time,
    /// The creation time of a row in UTC, with a default for inserts by other programs.
    Created,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInteger,
    /// A 64-bit integer that is part of the primary key.
    KeyPart,
    /// A boolean.
    Boolean,
    /// A JSON document.
    Json,
    /// Bytes.
    Bytes,
    /// A vector of pgvector.
    Vector,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: &'static str,
    pub kind: ColumnType,
    pub required: bool,
}

/// A key of an index, in order of sorting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKey {
    Column(&'static str),
    /// A text inside `session_metadata`.
    Session(SessionField),
    /// A text column in lower case.
    Folded(&'static str),
}

/// A field of `session_metadata` by which memories are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionField {
    /// Key in the JSON.
    pub key: &'static str,
    /// MySQL's generated column.
    pub column: &'static str,
    /// `true` if so few memories have the field that the index is partial, where the database
    /// supports it.
    pub rare: bool,
}

pub(crate) const CONVERSATION: SessionField =
    SessionField { key: "conversationId", column: "conversation_id", rare: false };

/// Other fields that identify a conversation: a call, a message, an address at either end.
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
    /// Columns other than [`TENANT`].
    pub columns: &'static [Column],
    pub indexes: &'static [Index],
    /// `true` if its rows belong to tenants.
    pub tenants: bool,
    /// Additional indexes, created when the first tenant opens the database. The others also lead
    /// to rows of other tenants.
    pub tenant_indexes: &'static [Index],
}

/// The tenant of a row, NULL without one.
pub(crate) const TENANT: Column = optional("tenant_id", ColumnType::Tenant);

impl Table {
    /// Returns the first column, which is the primary key or part of it.
    pub fn key(&self) -> &'static str {
        self.columns.first().map_or("id", |column| column.name)
    }

    /// Returns all columns.
    pub fn all_columns(&self) -> impl Iterator<Item = Column> {
        self.columns.iter().cloned().chain(self.tenants.then_some(TENANT))
    }
}

pub(crate) const fn optional(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: false }
}

pub(crate) const fn required(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: true }
}

pub(crate) const fn index(name: &'static str, keys: &'static [IndexKey]) -> Index {
    Index { name, keys }
}

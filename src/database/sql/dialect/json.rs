//! JSON inside columns.

use serde_json::{Map, Value};

use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::StatementBuilder;
use crate::database::sql::table::{CONVERSATION, SessionField};

/// Maximum number of characters of a text in an index.
pub(crate) const INDEXED_CHARS: usize = 512;

impl Dialect {
    /// Returns a field of `session_metadata` exactly as the index has it, and for the conversation
    /// as users' own SQL has it too. On MySQL it is the generated column. `row` is empty, or the
    /// table's alias and a period.
    pub(crate) fn session(self, row: &str, field: SessionField) -> String {
        let SessionField { key, column, rare } = field;
        match self {
            Self::MySql => format!("{row}{column}"),
            // An index entry cannot be longer than a page. Ids of conversations are short.
            Self::Postgres if rare => format!("left({row}session_metadata->>'{key}', {INDEXED_CHARS})"),
            _ => format!("{row}session_metadata->>'{key}'"),
        }
    }

    /// Adds the condition for the memories of a conversation.
    pub(crate) fn in_conversation(self, builder: &mut StatementBuilder, id: &str, of_tenant: bool) {
        let conversation = self.session("", CONVERSATION);
        let placeholder = builder.bind(id.to_owned());
        builder.push(&self.equal(&conversation, &placeholder, of_tenant));
        if self == Self::MySql {
            // Collations available on both servers ignore trailing spaces.
            let placeholder = builder.bind(id.to_owned());
            builder.push(&format!(" AND CHAR_LENGTH({conversation}) = CHAR_LENGTH({placeholder})"));
            if id == "null" {
                // JSON's null becomes this text, too.
                let field = format!("JSON_EXTRACT(session_metadata, '$.{}')", CONVERSATION.key);
                builder.push(&format!(" AND JSON_TYPE({field}) <> 'NULL'"));
            }
        }
    }

    /// Adds the condition that `session_metadata` has this value under this key.
    pub(crate) fn session_field(self, builder: &mut StatementBuilder, key: &str, value: &Value) {
        if self == Self::MySql {
            return session_field_mysql(builder, key, value);
        }
        let key = builder.bind(key.to_owned());
        let condition = match self {
            Self::Postgres => {
                let key = format!("CAST({key} AS text)");
                if value.is_null() {
                    format!("session_metadata->>{key} IS NULL")
                } else {
                    let value = builder.bind(value.to_string());
                    format!("session_metadata->{key} = CAST({value} AS jsonb)")
                }
            }
            _ => {
                let fields = format!("(SELECT 1 FROM json_each(session_metadata) WHERE key = {key}");
                match value {
                    Value::Null => format!("NOT EXISTS {fields} AND type <> 'null')"),
                    Value::Bool(flag) => format!("EXISTS {fields} AND type = '{flag}')"),
                    Value::Number(number) => {
                        let number = builder.bind(number.to_string());
                        format!(
                            "EXISTS {fields} AND type IN ('integer', 'real') AND atom = CAST({number} AS NUMERIC))"
                        )
                    }
                    text => {
                        let text = builder.bind(text.as_str().map(str::to_owned));
                        format!("EXISTS {fields} AND type = 'text' AND atom = {text})")
                    }
                }
            }
        };
        builder.push(&condition);
    }

    /// Merges two JSON objects. On equal keys `over` wins; its null values remove keys.
    pub(crate) fn merge_json(self, under: &str, over: &str) -> String {
        match self {
            Self::Postgres => {
                format!("jsonb_strip_nulls(COALESCE({under}, '{{}}') || COALESCE({over}, '{{}}'))")
            }
            Self::MySql => format!("JSON_MERGE_PATCH(COALESCE({under}, '{{}}'), COALESCE({over}, '{{}}'))"),
            Self::Sqlite => format!("json_patch(COALESCE({under}, '{{}}'), COALESCE({over}, '{{}}'))"),
        }
    }

    /// Returns a JSON object without these keys.
    pub(crate) fn without_keys(self, json: &str, keys: &[&'static str]) -> String {
        if keys.is_empty() {
            return json.to_owned();
        }
        let each = |form: fn(&str) -> String| keys.iter().map(|key| form(key)).collect::<String>();
        match self {
            Self::Postgres => format!("({json}{})", each(|key| format!(" - '{key}'"))),
            Self::MySql => format!("JSON_REMOVE({json}{})", each(|key| format!(", '$.{key}'"))),
            Self::Sqlite => format!("json_remove({json}{})", each(|key| format!(", '$.{key}'"))),
        }
    }

    /// Returns a JSON object with one key.
    pub(crate) fn json_object(self, key: &'static str, value: &str) -> String {
        match self {
            Self::Postgres => format!("jsonb_build_object('{key}', {value})"),
            Self::MySql | Self::Sqlite => format!("json_object('{key}', {value})"),
        }
    }

    /// Returns the text under a key of a JSON object.
    pub(crate) fn json_text(self, json: &str, key: &'static str) -> String {
        match self {
            Self::MySql => format!("JSON_VALUE({json}, '$.{key}')"),
            _ => format!("{json}->>'{key}'"),
        }
    }

    /// Returns the condition that two texts are equal, including trailing spaces.
    pub(crate) fn same_text(self, a: &str, b: &str) -> String {
        match self {
            Self::MySql => format!("CAST({a} AS BINARY) = CAST({b} AS BINARY)"),
            _ => format!("{a} = {b}"),
        }
    }
}

/// Compares without JSON paths, because MySQL and MariaDB quote keys in paths differently.
fn session_field_mysql(builder: &mut StatementBuilder, key: &str, value: &Value) {
    let object = |value: &Value| Value::Object(Map::from_iter([(key.to_owned(), value.clone())])).to_string();
    if value.is_null() {
        let name = builder.bind(Value::from(key).to_string());
        builder.push(&format!(
            "(session_metadata IS NULL OR NOT JSON_CONTAINS(JSON_KEYS(session_metadata), {name}) \
             OR JSON_CONTAINS(session_metadata, "
        ));
    } else {
        builder.push("(JSON_CONTAINS(session_metadata, ");
    }
    let wanted = builder.bind(object(value));
    // An array contains its elements, and only an array contains an array.
    let listed = builder
        .push(&format!("{wanted}) AND NOT JSON_CONTAINS(session_metadata, "))
        .bind(object(&Value::Array(vec![value.clone()])));
    builder.push(&format!("{listed}))"));
}

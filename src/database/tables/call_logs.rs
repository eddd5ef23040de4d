//! Call logs: the outcomes of conversations, one row each.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::database::Database;
use crate::database::schema::introspect::ConversationColumn;
use crate::database::schema::tables::CALL_LOGS;
use crate::database::sql::result_set::Row;
use crate::database::sql::table::ColumnType;
use crate::database::tables::leads::Precedence;
use crate::error::Result;

/// The outcome of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallLog {
    /// Key of the row; saving under it again updates the row.
    #[serde(rename = "id")]
    pub external_id: String,
    /// Id of the conversation.
    pub conversation_id: String,
    /// E.164 number of the customer.
    pub phone_number: Option<String>,
    /// Duration in seconds.
    pub duration: Option<i32>,
    /// Outcome: `appointment_booked`, `callback_requested`, …
    pub outcome: Option<String>,
    /// Summary of the conversation.
    pub summary: Option<String>,
    /// `nextSteps`, `channel`, `status`, `extracted`, `extractionError`.
    pub metadata: Map<String, Value>,
}

impl Database {
    /// Inserts or updates the log. Values that are missing now stay. If the table's
    /// `conversation_id` cannot store the conversation's id, `metadata` does.
    pub async fn save_call_log(&self, log: &CallLog, precedence: Precedence) -> Result<()> {
        self.upsert_call_log(log, precedence, &[]).await
    }

    /// Fills the blanks of the log as [`Self::save_call_log`] does, and replaces the values of these
    /// keys of `metadata` as a whole.
    pub async fn replace_in_call_log(&self, log: &CallLog, keys: &[&'static str]) -> Result<()> {
        self.upsert_call_log(log, Precedence::FillBlanks, keys).await
    }

    async fn upsert_call_log(
        &self,
        log: &CallLog,
        precedence: Precedence,
        replaced: &[&'static str],
    ) -> Result<()> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let mut columns = ready.layout().columns(&CALL_LOGS).to_vec();
        let mut metadata = log.metadata.clone();
        let conversations = ready.layout().conversations;
        let conversation_id = conversations.encode_id(&log.conversation_id);
        if conversation_id.is_none() {
            metadata.insert("conversationId".to_owned(), json!(log.conversation_id));
        }
        if conversations == ConversationColumn::Uuid {
            for column in columns.iter_mut().filter(|column| column.name == "conversation_id") {
                column.kind = ColumnType::Id;
            }
        }
        let row = vec![
            Some(self.row_id(&log.external_id).to_string()),
            conversation_id,
            log.phone_number.clone(),
            log.duration.map(|seconds| seconds.to_string()),
            log.outcome.clone(),
            log.summary.clone(),
            Some(Value::Object(metadata).to_string()),
            Some(dialect.encode_time(self.stamp())),
            Some(log.external_id.clone()),
        ];
        let ordered = |column: &str| {
            let (incoming, stored) = (dialect.incoming(column), dialect.stored(column));
            match precedence {
                Precedence::NewerWins => [incoming, stored],
                Precedence::FillBlanks => [stored, incoming],
            }
        };
        let preferred = |column: &str| format!("COALESCE({})", ordered(column).join(", "));
        let mut assignments: Vec<(&str, String)> =
            ["conversation_id", "phone_number", "duration", "outcome", "summary"]
                .map(|column| (column, preferred(column)))
                .into();
        let (incoming, stored) = (dialect.incoming("metadata"), dialect.stored("metadata"));
        let stored = dialect.without_keys(&stored, replaced);
        let metadata = match precedence {
            Precedence::NewerWins => dialect.merge_json(&stored, &incoming),
            Precedence::FillBlanks => dialect.merge_json(&incoming, &stored),
        };
        assignments.push(("metadata", metadata));
        let row = ready.layout().row(&CALL_LOGS, row);
        let statements = self.scope(&CALL_LOGS, ready.layout()).insert(&columns, vec![row], &assignments);
        ready.transaction("save a call log", statements).await
    }
}

/// Maps a row of the table's columns.
pub(crate) fn read_call_log(row: Row) -> CallLog {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    let id = next().unwrap_or_default();
    let (conversation, phone_number, duration) = (next(), next(), next());
    let (outcome, summary) = (next(), next());
    let metadata: Map<String, Value> =
        next().and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let _created_at = next();
    let kept = || metadata.get("conversationId")?.as_str().map(str::to_owned);
    CallLog {
        external_id: next().unwrap_or(id),
        conversation_id: conversation.or_else(kept).unwrap_or_default(),
        phone_number,
        duration: duration.and_then(|seconds| seconds.parse().ok()),
        outcome,
        summary,
        metadata,
    }
}

//! What is left of a call: how it ended, in `call_logs` and in memory; recordings and what was written down of them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::channels::claims::{Answer, Inbound, PATIENCE};
use crate::channels::voice::{VoiceChannel, conversation};
use crate::channels::webhook::{CallEvent, VoiceWebhook};
use crate::database::{CallLog, EntryKind, Precedence};
use crate::error::Result;
use crate::memory::{Memory, MemoryQuery, MemoryType};
use crate::message::{Channel, Role};
use crate::tools::calls::NAME as LOG_CALL_OUTCOME;

impl VoiceChannel {
    /// Logs how a call ended, once. What the model logged during the call stays.
    pub(super) async fn ended(self: &Arc<Self>, call: VoiceWebhook) -> Result<()> {
        let inbound = Inbound {
            key: format!("call-end:{}", call.call_sid),
            kind: EntryKind::Event,
            customer: self.party(&call).key().map(str::to_owned),
        };
        let channel = Arc::clone(self);
        let ended = self.claims.answer(inbound, PATIENCE, move |_| async move {
            channel.log_end(&call).await?;
            Ok(Answer { text: String::new(), refused: false })
        });
        ended.await.map(drop)
    }

    async fn log_end(&self, call: &VoiceWebhook) -> Result<()> {
        let mut log = CallLog {
            external_id: call.call_sid.clone(),
            conversation_id: call.call_sid.clone(),
            phone_number: self.party(call).phone().map(str::to_owned),
            duration: call.call_duration.and_then(|seconds| i32::try_from(seconds).ok()),
            outcome: Some(outcome(call).to_owned()),
            summary: None,
            metadata: Map::from_iter([
                ("channel".to_owned(), json!(Channel::Call)),
                ("status".to_owned(), json!(call.call_status)),
            ]),
        };
        // First what is known at once: a summary takes its time, and may never come.
        self.save(&log).await?;
        let summary = self.summary(call).await?;
        log.summary = Some(summary.clone());
        self.save(&log).await?;
        self.agent.memory().end_session(&call.call_sid, Some(&summary), known(call)).await
    }

    async fn save(&self, log: &CallLog) -> Result<()> {
        match &self.database {
            Some(database) => database.save_call_log(log, Precedence::FillBlanks).await,
            None => Ok(()),
        }
    }

    /// What happened: in the words of the tool, else of the model, else what can be counted.
    async fn summary(&self, call: &VoiceWebhook) -> Result<String> {
        let logged = MemoryQuery {
            conversation_id: Some(call.call_sid.clone()),
            kinds: vec![MemoryType::System],
            ..MemoryQuery::newest(20)
        };
        let logged = self.agent.memory().search(&logged).await?;
        let by_tool = logged.iter().find(|memory| memory.meta("toolName") == Some(&json!(LOG_CALL_OUTCOME)));
        if let Some(summary) = by_tool.and_then(|memory| memory.meta("summary")).and_then(Value::as_str) {
            return Ok(summary.to_owned());
        }
        match self.agent.summarize(&call.call_sid).await {
            Ok(Some(summary)) => return Ok(summary),
            Err(error) if !error.is_of_model() => return Err(error),
            _ => {}
        }
        let said = MemoryQuery {
            kinds: vec![MemoryType::Conversation],
            role: Some(Role::User),
            ..MemoryQuery::conversation(&call.call_sid)
        };
        Ok(counted(call, self.agent.memory().search(&said).await?.len()))
    }

    /// Keeps where a recording is, or what was written down of it.
    pub(super) async fn recorded(&self, call: VoiceWebhook) -> Result<()> {
        let (id, content, metadata) = match (&call.event, &call.recording) {
            (CallEvent::Transcription { sid, text }, _) => (
                format!("transcription-{sid}"),
                format!("Transcription of the call: {text}"),
                json!({ "transcriptionSid": sid }),
            ),
            (_, Some(recording)) => (
                format!("recording-{}", recording.sid),
                "The call was recorded.".to_owned(),
                json!({ "recordingSid": recording.sid, "recordingUrl": recording.url, "duration": recording.duration }),
            ),
            _ => return Ok(()),
        };
        let memory = Memory {
            id,
            role: Some(Role::System),
            importance: Some(5),
            channel: Some(Channel::Call),
            session_metadata: Some(conversation(&call)),
            metadata: Some(metadata),
            ..Memory::new(MemoryType::System, content)
        };
        self.agent.memory().store(memory).await
    }
}

/// What is known of a call when it has ended.
fn known(call: &VoiceWebhook) -> Map<String, Value> {
    let mut known = conversation(call);
    if let Some(status) = &call.call_status {
        known.insert("status".to_owned(), json!(status));
    }
    if let Some(seconds) = call.call_duration {
        known.insert("duration".to_owned(), json!(seconds));
    }
    known
}

/// How the call ended, where nobody said more.
fn outcome(call: &VoiceWebhook) -> &'static str {
    match call.call_status.as_deref() {
        _ if call.answered_by.as_deref().is_some_and(|by| by.starts_with("machine")) => "voicemail",
        Some("busy") => "busy",
        Some("no-answer") => "no_answer",
        Some("failed") => "failed",
        Some("canceled") => "canceled",
        _ => "completed",
    }
}

fn counted(call: &VoiceWebhook, said: usize) -> String {
    match (outcome(call), said) {
        ("busy", _) => "The line was busy.".to_owned(),
        ("no_answer", _) => "The call was not answered.".to_owned(),
        ("failed", 0) => "The call could not be put through.".to_owned(),
        ("canceled", 0) => "The call was given up before it was answered.".to_owned(),
        (_, 0) => "The call ended before the customer said anything.".to_owned(),
        (_, 1) => "The customer spoke once.".to_owned(),
        (_, times) => format!("The customer spoke {times} times."),
    }
}

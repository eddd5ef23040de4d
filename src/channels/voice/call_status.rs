//! The end of a call: outcome and summary in `call_logs` and memory, recordings and transcriptions.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::channels::voice::{VoiceChannel, conversation_fields};
use crate::database::{CallLog, EntryKind, Precedence};
use crate::error::Result;
use crate::inbox::idempotency::{FinalReply, InboundMessage, REPLY_TIMEOUT, Reply};
use crate::memory::RollingSummary;
use crate::providers::twilio::webhook::{CallEvent, VoiceWebhook};
use crate::tools::calls::NAME as LOG_CALL_OUTCOME;
use crate::types::memory::{Memory, MemoryQuery, MemoryType};
use crate::types::message::{Channel, Role};

impl VoiceChannel {
    /// Logs the end of a call, once. Keeps what the model logged during the call.
    pub(super) async fn log_call_end(self: &Arc<Self>, call: VoiceWebhook) -> Result<()> {
        let inbound = InboundMessage {
            key: format!("call-end:{}", call.call_sid),
            kind: EntryKind::Event,
            customer: self.party(&call).key(),
        };
        let (channel, ended) = (Arc::clone(self), call.clone());
        let logged = self.executor.execute(inbound, REPLY_TIMEOUT, move |_| async move {
            // The socket may be closed later, and has the last words.
            channel.lines.end(&ended.call_sid).await;
            channel.log_end(&ended).await?;
            let text = ended.call_duration.map(|seconds| seconds.to_string()).unwrap_or_default();
            Ok(FinalReply { text, rejected: false })
        });
        // Of several reports of the end, only one has the duration. The reply is the duration logged.
        let has_duration = matches!(logged.await?, Reply::Answered(duration) if !duration.is_empty());
        if call.call_duration.is_some() && !has_duration {
            self.save(&self.call_log(&call)).await?;
        }
        Ok(())
    }

    async fn log_end(&self, call: &VoiceWebhook) -> Result<()> {
        let mut log = self.call_log(call);
        // Save first what is known, because the summary takes time and may fail.
        self.save(&log).await?;
        let by_tool = self.logged_summary(call).await?;
        let is_by_tool = by_tool.is_some();
        let (summary, until) = match by_tool {
            Some(summary) => (summary, None),
            None => self.summary(call).await?,
        };
        log.summary = Some(summary.clone());
        self.save(&log).await?;
        let memory = self.agent.memory();
        memory.end_session(&call.call_sid, Some(&summary), until, final_metadata(call)).await?;
        if is_by_tool {
            self.consolidator.record_facts(call.call_sid.clone());
        }
        match &self.extractor {
            Some(extractor) => Box::pin(extractor.on_conversation_end(&call.call_sid)).await,
            None => Ok(()),
        }
    }

    /// Returns the log of a call, without a summary.
    fn call_log(&self, call: &VoiceWebhook) -> CallLog {
        CallLog {
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
        }
    }

    async fn save(&self, log: &CallLog) -> Result<()> {
        match &self.database {
            Some(database) => database.save_call_log(log, Precedence::FillBlanks).await,
            None => Ok(()),
        }
    }

    /// Returns the summary that the model logged during the call.
    async fn logged_summary(&self, call: &VoiceWebhook) -> Result<Option<String>> {
        let logged = MemoryQuery {
            conversation_id: Some(call.call_sid.clone()),
            kinds: vec![MemoryType::System],
            ..MemoryQuery::newest(20)
        };
        let logged = self.agent.memory().search(&logged).await?;
        let by_tool = logged.iter().find(|memory| memory.meta("toolName") == Some(&json!(LOG_CALL_OUTCOME)));
        let summary = by_tool.and_then(|memory| memory.meta("summary")).and_then(Value::as_str);
        Ok(summary.map(str::to_owned))
    }

    /// Returns the summary of a call: from the consolidation, otherwise from counts. Returns the id of
    /// the last message that it covers, too.
    async fn summary(&self, call: &VoiceWebhook) -> Result<(String, Option<String>)> {
        if let Some(consolidation) = self.consolidator.conversation_ended(&call.call_sid).await? {
            let RollingSummary { text, until } = consolidation.rolling;
            return Ok((text, Some(until)));
        }
        let said = MemoryQuery {
            kinds: vec![MemoryType::Conversation],
            role: Some(Role::User),
            ..MemoryQuery::conversation(&call.call_sid)
        };
        Ok((fallback_summary(call, self.agent.memory().search(&said).await?.len()), None))
    }

    /// Stores a recording's URL, or a transcription.
    pub(super) async fn store_recording(&self, call: VoiceWebhook) -> Result<()> {
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
            session_metadata: Some(conversation_fields(&call).into()),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::System, content)
        };
        self.agent.memory().store(memory).await
    }
}

/// Returns the session metadata of an ended call.
fn final_metadata(call: &VoiceWebhook) -> Map<String, Value> {
    let mut final_metadata = conversation_fields(call);
    if let Some(status) = &call.call_status {
        final_metadata.insert("status".to_owned(), json!(status));
    }
    if let Some(seconds) = call.call_duration {
        final_metadata.insert("duration".to_owned(), json!(seconds));
    }
    final_metadata
}

/// Returns the outcome of a call, as far as its status tells.
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

fn fallback_summary(call: &VoiceWebhook, said: usize) -> String {
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

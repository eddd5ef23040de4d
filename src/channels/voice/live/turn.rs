//! A turn of a live call, in a task of its own.

use std::sync::Arc;

use serde_json::{Map, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::agent::{Agent, ToolOptions, TurnOutcome, TurnRequest};
use crate::channels::voice::hangs_up;
use crate::channels::voice::relay::action::{Input, TurnEnd, TurnEvent};
use crate::error::{Error, Result};
use crate::llm::text_sink::{TextEvent, TextSource, text_channel};
use crate::task;
use crate::types::customer::Customer;
use crate::types::message::Channel;

/// A running turn.
pub(super) struct RunningTurn {
    events: TextSource,
    outcome: JoinHandle<Result<TurnOutcome>>,
    cancelled: CancellationToken,
    call_sid: String,
}

impl RunningTurn {
    /// Starts a turn, after `before` has ended.
    pub fn start(
        agent: &Arc<Agent>,
        call_sid: &str,
        customer: Customer,
        memory_id: String,
        input: Input,
        before: Option<JoinHandle<()>>,
    ) -> Self {
        let cancelled = CancellationToken::new();
        let (sink, events) = text_channel(cancelled.clone());
        let (sink, agent) = (sink.spoken(), Arc::clone(agent));
        let request = request(call_sid, customer, memory_id, input);
        let turn = async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            Box::pin(agent.turn_stream(request, &sink)).await
        };
        Self { events, outcome: task::spawn(turn), cancelled, call_sid: call_sid.to_owned() }
    }

    /// Aborts the turn. Tools that run are finished.
    pub fn abort(&self) {
        self.cancelled.cancel();
    }

    /// Returns the next event. The last one is the end.
    pub async fn next(&mut self) -> TurnEvent {
        match self.events.next_event().await {
            Some(TextEvent::Piece(piece)) => TurnEvent::Piece(piece),
            Some(TextEvent::ToolsRunning(is_running)) => TurnEvent::ToolsRunning(is_running),
            None => TurnEvent::Ended(self.end().await),
        }
    }

    async fn end(&mut self) -> TurnEnd {
        let lost = |_| Err(Error::Internal("a turn ended without an outcome".to_owned()));
        match (&mut self.outcome).await.unwrap_or_else(lost) {
            Ok(outcome) => TurnEnd::Answered { ends_call: hangs_up(&outcome) },
            Err(Error::StreamAborted) => TurnEnd::Aborted,
            Err(error) => {
                let (call_sid, code) = (&self.call_sid, error.code());
                if error.is_model_failure() {
                    error!(call_sid, code, %error, "A caller heard an apology: the model failed");
                } else {
                    error!(call_sid, code, %error, "A caller heard an apology: the conversation cannot be stored");
                }
                TurnEnd::Failed
            }
        }
    }
}

fn request(call_sid: &str, customer: Customer, memory_id: String, input: Input) -> TurnRequest {
    let mut metadata = Map::new();
    if let Some(language) = input.language {
        metadata.insert("language".to_owned(), json!(language));
    }
    if let Some(keys) = input.keys {
        metadata.insert("keys".to_owned(), json!(keys));
    }
    TurnRequest {
        channel: Channel::Call,
        conversation_id: call_sid.to_owned(),
        input: input.text,
        customer,
        metadata: Some(metadata),
        call_sid: Some(call_sid.to_owned()),
        message_sid: None,
        memory_id: Some(memory_id),
        instructions: None,
        tool_options: ToolOptions::default(),
    }
}

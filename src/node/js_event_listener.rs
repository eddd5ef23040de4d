//! Adapter for the developer's event callbacks (`onToolExecute`, …), called through
//! `ts/receptionist/events.ts`.

use async_trait::async_trait;
use serde::Serialize;
use serde_json::{Value, json};

use crate::agent::conversation_locks;
use crate::node::error::describe;
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};
use crate::types::event::{Event, EventKind, EventListener, ToolEvent};

/// An event listener that calls the developer's callbacks.
pub(super) struct JsEventListener {
    user: UserCode,
    kinds: Vec<EventKind>,
}

#[derive(Serialize)]
struct FailedToolEvent<'a> {
    #[serde(flatten)]
    event: &'a ToolEvent<'a>,
    error: Value,
}

impl JsEventListener {
    pub fn new(kinds: Vec<EventKind>, user: UserCode) -> Self {
        Self { user, kinds }
    }
}

#[async_trait]
impl EventListener for JsEventListener {
    fn subscribes_to(&self, kind: EventKind) -> bool {
        self.kinds.contains(&kind)
    }

    async fn on_event(&self, event: Event<'_>) {
        if !self.subscribes_to(event.kind()) {
            return;
        }
        let name = event.kind().option();
        let facts = match &event {
            Event::ToolExecute(event) => serde_json::to_value(event),
            Event::ToolError(event, error) => {
                serde_json::to_value(FailedToolEvent { event, error: describe(error) })
            }
            Event::ConversationStart(event) | Event::ConversationEnd(event) => serde_json::to_value(event),
            Event::Extract(event) => serde_json::to_value(event),
        };
        let facts = facts.unwrap_or_else(|_| json!({}));
        // The turn does not wait for the callback, so the callback may start another turn.
        let outcome =
            conversation_locks::detached(self.user.call::<Value>(name, &facts, DEFAULT_TIMEOUT)).await;
        // It fails only if the receptionist was disposed. The TypeScript layer reports errors of
        // the callback.
        drop(outcome);
    }
}

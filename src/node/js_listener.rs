//! The developer's event callbacks (`onToolExecute`, …), called by a function of the face (`ts/events.ts`).

use async_trait::async_trait;
use serde::Serialize;
use serde_json::{Value, json};

use crate::agent::turns;
use crate::events::{Event, EventKind, Listener, ToolEvent};
use crate::node::error::describe;
use crate::node::user_code::{DEFAULT_PATIENCE, UserCode};

/// Calls the developer's callbacks.
pub(super) struct JsListener {
    user: UserCode,
    kinds: Vec<EventKind>,
}

#[derive(Serialize)]
struct Failed<'a> {
    #[serde(flatten)]
    event: &'a ToolEvent<'a>,
    error: Value,
}

impl JsListener {
    pub fn new(kinds: Vec<EventKind>, user: UserCode) -> Self {
        Self { user, kinds }
    }
}

#[async_trait]
impl Listener for JsListener {
    fn listens_to(&self, kind: EventKind) -> bool {
        self.kinds.contains(&kind)
    }

    async fn hear(&self, event: Event<'_>) {
        if !self.listens_to(event.kind()) {
            return;
        }
        let name = event.kind().option();
        let facts = match &event {
            Event::ToolExecute(event) => serde_json::to_value(event),
            Event::ToolError(event, error) => serde_json::to_value(Failed { event, error: describe(error) }),
            Event::ConversationStart(event) | Event::ConversationEnd(event) => serde_json::to_value(event),
        };
        let facts = facts.unwrap_or_else(|_| json!({}));
        // The turn goes on without waiting for the callback, which may therefore start another one.
        let told = turns::outside(self.user.call::<Value>(name, &facts, DEFAULT_PATIENCE)).await;
        // It fails only when the receptionist was disposed; what the callback itself throws is told by the face.
        drop(told);
    }
}
